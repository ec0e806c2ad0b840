"""Hazard ratios that enter an analysis by other numbers than their limits: each by what it reports."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

import metaonc as mo
from metaonc.errors import MetaoncWarning, OptionError
from metaonc.workflow.analysis_files import write

NAN = np.nan
TRIALS = {
    "trial": ["Ash", "Birch", "Cedar", "Dogwood", "Elm"],
    "outcome": "pfs",
    "hr": [0.62, 0.58, 0.76, NAN, 0.8],
    "hr_low": [0.45, NAN, NAN, NAN, NAN],
    "hr_high": [0.85, NAN, NAN, NAN, NAN],
    "hr_level": [0.95, NAN, NAN, NAN, NAN],
    "p_value": [0.003, 0.012, NAN, NAN, 0.04],
    "p_sided": [2, NAN, NAN, NAN, 1],
    "events": [78, 44, 70, 55, 90],
    "events_comparator": [86, 49, 72, 58, 95],
    "estimate": [NAN, NAN, NAN, 8.5, NAN],
    "estimate_comparator": [NAN, NAN, NAN, 6.0, NAN],
    "unit": [None, None, None, "months", None],
}
ALL = ["ci", "p", "events", "medians"]


@pytest.fixture(scope="module")
def found():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)
        return mo.analyse(pd.DataFrame(TRIALS), outcome="pfs", routes=ALL)


def test_each_trial_enters_by_the_formula_of_its_route(found):
    studies = found.result.studies
    yi = [np.log(0.62), np.log(0.58), np.log(0.76), np.log(6.0 / 8.5), np.log(0.8)]
    se = [
        np.log(0.85 / 0.45) / (2 * ndtri(0.975)),
        np.log(0.58) / ndtri(0.012 / 2),
        np.sqrt(1 / 70 + 1 / 72),
        np.sqrt(1 / 55 + 1 / 58),
        np.log(0.8) / ndtri(0.04),  # of one side
    ]
    np.testing.assert_allclose(studies.yi, yi, rtol=1e-12)
    np.testing.assert_allclose(np.sqrt(studies.vi), se, rtol=1e-12)


def test_routes_stand_in_rows_table_and_caution(found):
    begins = ["hr and 95 % interval", "hr and p", "hr and events of each arm", "medians and events, constant hazards",
              "hr and p"]  # fmt: skip
    assert [route.split("; ")[0] for route in found.rows["route"]] == begins
    assert found.table["route"].tolist() == [*begins, ""]
    assert "1 of 5 trials entered with a hazard ratio computed as of constant hazards" in str(found)


def test_a_row_left_out_names_the_route_that_takes_it():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)
        found = mo.analyse(pd.DataFrame(TRIALS), outcome="pfs")
    reasons = dict(zip(found.selection.left_out["trial"], found.selection.left_out["reason"], strict=True))
    assert reasons["Birch"] == "does not report hr_low, hr_high; routes=['ci', 'p'] takes it by its p-value"
    assert "routes=['ci', 'events'] takes it by the events of each arm" in reasons["Cedar"]
    assert "routes=['ci', 'medians'] takes it by the median of each arm" in reasons["Dogwood"]
    assert "route" not in found.rows


def test_medians_with_limits_keep_the_level_of_their_own():
    rows = pd.DataFrame({
        "trial": ["Ash", "Birch"], "outcome": "pfs", "hr": [0.62, NAN], "hr_low": [0.45, NAN], "hr_high": [0.85, NAN],
        "hr_level": [0.95, NAN], "estimate": [8.0, 8.5], "ci_low": [6.5, 7.0], "ci_high": [NAN, 10.0],
        "ci_level": [0.9, 0.9], "estimate_comparator": [5.2, 6.0], "ci_low_comparator": [4.2, 5.0],
        "ci_high_comparator": [6.4, NAN], "unit": "months",
    })  # fmt: skip
    found = mo.analyse(rows, outcome="pfs", routes=["ci", "medians"])
    z = ndtri(0.95)
    vi = (np.log(10 / 7) / (2 * z)) ** 2 + (np.log(6 / 5) / z) ** 2
    np.testing.assert_allclose(found.result.studies.yi[1], np.log(6 / 8.5), rtol=1e-12)
    np.testing.assert_allclose(found.result.studies.vi[1], vi, rtol=1e-12)
    assert found.rows["route"].iloc[0] == "hr and 95 % interval"  # 90 % limits of medians do not check 95 %


def test_without_ci_limits_are_not_taken(found):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)
        by_p = mo.analyse(pd.DataFrame(TRIALS), outcome="pfs", routes=["p"])
    assert list(by_p.selection.used["trial"]) == ["Ash", "Birch", "Elm"]
    assert set(by_p.table["route"]) == {"hr and p", ""}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"source": "lgsoc", "outcome": "orr", "routes": ["p"]}, r"routes=\['p'\] has no use: proportions are pooled"),
        ({"source": "egfr_crc", "outcome": "pfs", "routes": "p"}, r"give a list, as in routes=\['ci', 'p'\]"),
        ({"source": "egfr_crc", "outcome": "pfs", "routes": ["pv"]}, "routes='pv' is not an option"),
    ],
)
def test_what_cannot_be_asked_for(given, says):
    with pytest.raises(OptionError, match=says):
        mo.analyse(**given)


@pytest.fixture(scope="module")
def dated():
    return pd.DataFrame(TRIALS).assign(published=["2018", "2019", "2020", "2021", "2022"])


def test_a_comparison_takes_the_routes_of_analyse(dated, found):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)
        r = mo.compare(dated.head(3), dated, outcome="pfs", routes=ALL)
        before = mo.analyse(dated.head(3), outcome="pfs", routes=ALL).result
        by_limits = mo.compare(dated.head(3), dated, outcome="pfs", routes=["ci", "p"])
    assert (r.before.k, r.after.k) == (3, 5)
    assert r.after.estimate == found.result.estimate
    assert r["moved"].sum() == pytest.approx(found.result.estimate - before.estimate, abs=1e-12)
    assert (by_limits.before.k, by_limits.after.k) == (2, 3)
    with pytest.raises(OptionError, match="routes= is of a pool"):
        mo.compare(dated, dated, routes=["ci"])
    with pytest.raises(OptionError, match="routes='x'"):
        mo.compare(dated, dated, outcome="pfs", routes=["x"])


def test_a_pool_over_cuts_takes_the_routes_of_analyse(dated, found):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)
        r = mo.over_cuts(dated, outcome="pfs", routes=ALL)
        fewer = mo.over_cuts(dated, outcome="pfs", routes=["ci", "p"])
    assert r["k"].tolist() == [1, 2, 3, 4, 5]
    assert r["estimate"].iloc[-1] == found.result.estimate
    assert r["estimate"].iloc[0] == pytest.approx(np.log(0.62), rel=1e-12)
    assert "computed as of constant hazards" in str(r)
    assert fewer["k"].tolist() == [1, 2, 3]
    assert r.provenance.settings["routes"] == ALL
    with pytest.raises(OptionError, match="routes='x'"):
        mo.over_cuts(dated, outcome="pfs", routes=["x"])


def test_a_ratio_that_points_away_from_the_medians_of_its_row_is_a_caution(tmp_path):
    """As the reader lays out `1.61 (1.25-2.08)` beside medians of 20 and 9 months."""
    path = tmp_path / "hr.csv"
    path.write_text(
        "trial,outcome,hr,hr_low,hr_high,estimate,estimate_comparator,unit\n"
        "Ash,pfs,1.61,1.25,2.08,20,9,months\nBirch,pfs,0.70,0.50,0.98,12,8,months\nElm,pfs,0.65,0.45,0.94,11,8,months\n",
        "utf-8",
    )
    want = "hazard ratios that point away from the medians of their arms, and may be inverted, are those of Ash"
    for routes in (["ci"], ["ci", "medians"]):
        found = mo.analyse(path, outcome="pfs", routes=routes)
        assert want in [caution.text for caution in found.result.cautions]
        assert want in str(found)


def test_what_reading_left_out_is_counted(tmp_path):
    path = tmp_path / "hr.csv"
    path.write_text(
        "trial,HR PFS (95% CI),other\nAsh,0.70 (0.50-0.98),\nBirch,0.65 (0.45-0.94),\nCedar,,x\nElm,0.8 (0.6-1.1),\n",
        "utf-8",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)
        found = mo.analyse(path, outcome="pfs")
    assert "Left out: 1 row\n  when the table was read: line 4, column 1: 'Cedar' has no figures" in found.text()


def test_lines_without_data_are_no_rows_left_out(tmp_path):
    path = tmp_path / "hr.csv"
    path.write_text(
        "Table S4,,\ntrial,HR PFS (95% CI),other\n,ratio,text\nAsh,0.70 (0.50-0.98),\nBirch,0.65 (0.45-0.94),\n"
        "Cedar,NR,x\nElm,0.8 (0.6-1.1),\nFir,0.9 (0.6-1.3),\nof the latest cut,,\n",
        "utf-8",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)
        found = mo.analyse(path, outcome="pfs", skip=(3, 8))
    assert "Left out: 2 rows; 3 lines of the sheet hold no data\n" in found.text()
    write(found, tmp_path / "out", "pfs", ())
    left = pd.read_csv(tmp_path / "out" / "pfs_left_out.csv")["reason"]
    assert len(left) == 5
    assert left.str.contains("'Cedar' has no figures").sum() == 1
