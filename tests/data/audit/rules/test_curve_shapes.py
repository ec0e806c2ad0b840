"""The rules about published curves: silent on true ones, and each asked with an error put into one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.data.audit import RULES
from metaonc.data.audit.rules import curve_shapes

TRUE = mo.load("curves").curves
NAMES = {rule.name for rule in curve_shapes.RULES}
FILES = {"": TRUE.table, "_points": TRUE.points, "_at_risk": TRUE.at_risk, "_censor_marks": TRUE.censor_marks}


def rows(curves, curve_id="ncctg-lung-men"):
    """Return the rules that find something on one curve."""
    found = mo.audit(curves)
    place = curves.table["curve_id"].tolist().index(curve_id)
    return found[found["row"] == place].set_index("rule")


def points(change, curve_id="ncctg-lung-men"):
    """Return the curves with a function of (time, survival) applied to one."""
    table = TRUE.points.copy()
    here = table["curve_id"] == curve_id
    t, s = change(table.loc[here, "time"].to_numpy(), table.loc[here, "survival"].to_numpy())
    table.loc[here, ["time", "survival"]] = np.column_stack([t, s])
    return replace(TRUE, points=table)


def printed(**figures):
    table = TRUE.table.copy()
    for column, value in figures.items():
        table.loc[table["curve_id"] == "ncctg-lung-men", column] = value
    return replace(TRUE, table=table)


def at_risk(numbers):
    table = TRUE.at_risk.copy()
    table.loc[table["curve_id"] == "ncctg-lung-men", "n_risk"] = numbers
    return replace(TRUE, at_risk=table)


def bump(t, s):
    s = s.copy()
    s[40] = s[30]
    return t, s


BROKEN = {
    "curve_outside": (points(lambda t, s: (t, 100 * s)), "divide percentages by 100", "survival at time 0 is 100"),
    "curve_rises": (points(bump), "Look at the figure", "survival rises by 0.029 up to time 3.5"),
    "at_risk_rises": (at_risk([138, 86, 95, 17, 7, 2]), "a digit may be lost", "then 95 at time 12"),
    "at_risk_above_n": (printed(n=139), "Look up which", "138 are at risk at time 0, of n=139"),
    "at_risk_above_curve": (at_risk([138, 86, 60, 17, 7, 2]), "of the other arm", "60 are at risk at time 12, more"),
    "drops_above_events": (printed(events=90), "another data cut", "the curve drops 99 times, with 90 events"),
    "marks_above_censored": (printed(events=120), "marks of a second curve", "25 censoring marks, but only 18"),
    "curve_median": (printed(median=9.8), "of another subgroup", "printed as 9.8 months; on the curve it is 8.87"),
}


def test_true_curves_have_no_findings():
    assert mo.audit(TRUE).empty


def test_each_rule_is_tested():
    assert set(BROKEN) == NAMES <= set(RULES)


@pytest.mark.parametrize("rule", BROKEN)
def test_an_error_is_found_by_its_rule(rule):
    curves, fix, message = BROKEN[rule]
    found = rows(curves)
    assert rule in found.index
    assert fix in found.loc[rule, "fix"]
    assert message in found.loc[rule, "message"]
    assert len(mo.audit(curves)) == len(found)  # nothing on the other curves


def test_a_curve_of_events_is_told():
    found = rows(points(lambda t, s: (t, 1 - s)))
    assert "subtract it from 1" in found.loc["curve_rises", "fix"]
    assert "is not reached" not in found.loc["curve_rises", "message"]


def test_a_median_that_the_curve_does_not_reach():
    table = TRUE.table.copy()
    table.loc[table["curve_id"] == "gbsg2-pre-hormone", "median"] = 60.0
    found = rows(replace(TRUE, table=table), "gbsg2-pre-hormone")
    assert "on the curve it is not reached" in found.loc["curve_median", "message"]


def test_noise_of_clicks_is_no_finding():
    rng = np.random.default_rng(5)
    noisy = points(lambda t, s: (t, s + rng.normal(0, 0.003, len(s))))
    table = noisy.table.copy()
    table.loc[table["curve_id"] == "ncctg-lung-men", "points"] = "clicks"
    assert rows(replace(noisy, table=table)).empty


def test_the_tables_of_two_arms_mixed_up_are_seen():
    table = TRUE.at_risk.copy()
    swap = {"gbsg2-post-hormone": "gbsg2-pre-hormone", "gbsg2-pre-hormone": "gbsg2-post-hormone"}
    table["curve_id"] = table["curve_id"].replace(swap)
    got = mo.audit(replace(TRUE, at_risk=table).where(subgroup_variable="menopausal status"))
    assert set(got["rule"]) <= NAMES  # 187 and 59 patients with the marks and curves of each other
    assert "marks_above_censored" in set(got["rule"])


def test_published_points_that_contradict_each_other():
    defactinib = mo.load("defactinib").curves
    wrong = defactinib.points.copy()
    wrong.loc[wrong["row_id"] == "gerber-all-pfs12w", "survival"] = 0.58  # at 2.76 months, after a median of 1.5
    found = mo.audit(replace(defactinib, points=wrong)).set_index("rule")
    assert "a median and rates of one curve" in found.loc["curve_rises", "fix"]
    assert found.loc["curve_rises", "severity"] == "warning"


def test_the_command_checks_a_file_of_curves_and_the_curves_of_a_collection(tmp_path, capsys):
    home = tmp_path / "mine.csv"
    tables = {part: table.copy() for part, table in FILES.items()}
    tables[""] = tables[""].drop(columns=["arm_id", "figure_file", "figure_label", "source_id", "digitize_options",
                                          "kind", "verification"])  # fmt: skip
    tables[""].loc[0, "median"] = 11.2
    tables["_points"] = tables["_points"][["curve_id", "time", "survival"]]
    for part, table in tables.items():
        table.to_csv(home.with_name(f"mine{part}.csv"), index=False)
    assert main(["check", str(home)]) == 0
    out = capsys.readouterr().out
    assert f"{home}: curve 'ncctg-lung-men': warning" in out
    assert "0 errors, 1 warning, 0 notes. 13 rows" in out
    assert main(["check", "curves"]) == 0
    assert "0 errors, 0 warnings, 0 notes" in capsys.readouterr().out
    pd.testing.assert_frame_equal(
        mo.read_curves(home).ipd()[["curve_id", "time", "event"]], TRUE.ipd()[["curve_id", "time", "event"]]
    )
