"""Forest plots of pools without each trial in turn, and of ever more trials."""

import numpy as np
import pandas as pd
import pytest
from combinations import combined
from figure_checks import assert_readable
from forest_cases import assert_panel_is_free, markers, texts

import metaonc as mo
from metaonc.errors import DataError, OptionError
from metaonc.report.forest.figure import forest
from metaonc.report.forest.rows import forest_rows

RATIOS = pd.DataFrame({"trial": [f"T{i}" for i in range(1, 7)], "yi": [-0.7, -0.1, -0.4, 0.2, -0.5, -0.3],
                       "vi": [0.04, 0.05, 0.03, 0.09, 0.06, 0.04]})  # fmt: skip
RATES = pd.DataFrame({"trial": list("ABCD"), "x": [5, 9, 2, 12], "n": [20, 30, 15, 40]})
TABLES = {
    "HR left out": lambda: mo.sensitivity.leave_one_out(mo.pool(RATIOS, study="trial", measure="HR")),
    "HR one by one": lambda: mo.sensitivity.cumulative(mo.pool(RATIOS, study="trial", measure="HR")),
    "rates left out": lambda: mo.sensitivity.leave_one_out(rates()),
    "rates one by one": lambda: mo.sensitivity.cumulative(rates()),
}


def rates():
    return mo.pool(mo.effect_sizes(RATES, measure="PLO", events="x", n="n", study="trial"), study="trial")


@combined("name, journal, width", TABLES, mo.plot.JOURNALS, [120, 176])
def test_readable_in_every_layout(name, journal, width):
    ax = forest(TABLES[name](), journal=journal, width=width)
    assert_readable(ax.figure)
    assert_panel_is_free(ax)


def test_each_line_is_the_pool_without_its_trial():
    rows = forest_rows(TABLES["HR left out"]()).rows
    assert list(rows["label"]) == [*RATIOS["trial"], f"All trials (k = {len(RATIOS)})"]
    for i, line in rows.iterrows():
        r = mo.pool(RATIOS.drop(index=i) if i in RATIOS.index else RATIOS, study="trial", measure="HR")
        assert np.exp([r.estimate, r.ci_low, r.ci_high]) == pytest.approx(line[["estimate", "low", "high"]].tolist())
        assert line["i2"] == f"{r.i2:.0f}"


def test_rates_are_drawn_in_percent():
    rows = forest_rows(TABLES["rates one by one"]()).rows
    r = rates()
    whole = [100 / (1 + np.exp(-x)) for x in (r.estimate, r.ci_low, r.ci_high)]
    assert rows[["estimate", "low", "high"]].iloc[-1].tolist() == pytest.approx(whole)


def test_squares_are_alike_and_the_pool_of_all_trials_stands_last_and_is_marked():
    whole = mo.pool(RATIOS, study="trial", measure="HR")
    one_by_one, left_out = (forest_rows(TABLES[name]()) for name in ("HR one by one", "HR left out"))
    for content in (one_by_one, left_out):
        assert content.whole == len(RATIOS)
        assert content.rows["kind"].iloc[-1] == "pooled"
        assert content.reference == content.rows["estimate"].iloc[-1] == pytest.approx(np.exp(whole.estimate))
    assert one_by_one.rows["effect"].iloc[-1] == one_by_one.rows["effect"].iloc[-2]
    sizes = {round(float(m.get_markersize()), 6) for m in markers(forest(left_out), "s")}
    assert len(sizes) == 1


def test_lines_without_each_trial_are_sorted_and_those_of_ever_more_are_not():
    rows = forest_rows(TABLES["HR left out"](), sort="-effect").rows
    assert rows["estimate"].iloc[:-1].is_monotonic_decreasing
    assert rows["kind"].iloc[-1] == "pooled"
    with pytest.raises(OptionError, match="sort= has no use for a table of cumulative"):
        forest_rows(TABLES["HR one by one"](), sort="effect")


def test_each_subgroup_has_the_pool_of_all_its_trials_last():
    rows = RATIOS.assign(line=["first", "second"] * 3)
    whole = mo.pool_subgroups(rows, by="line", study="trial", measure="HR")
    shown = forest_rows(mo.sensitivity.leave_one_out(whole)).rows
    pools = [*whole.groups.values(), whole.overall]
    found = shown.loc[shown["kind"] == "pooled", ["estimate", "low", "high"]].to_numpy()
    assert found == pytest.approx(np.exp([[p.estimate, p.ci_low, p.ci_high] for p in pools]))


def test_headers_and_the_line_below_say_what_is_pooled():
    left_out = texts(forest(TABLES["HR left out"]()))
    assert "Without" in left_out
    assert any(t.startswith("Each line pools all trials but the one it names: random effects (REML)") for t in left_out)
    assert "Up\xa0to" in texts(forest(TABLES["HR one by one"]()))


def test_tables_take_the_same_rows():
    shown = mo.table(TABLES["HR one by one"](), journal="Lancet")
    assert shown.headers[0] == "Up\xa0to"
    assert len(shown.rows) == 7
    assert "·" in shown.rows[0][1]


@pytest.mark.parametrize(
    ("make", "options", "error", "message"),
    [
        (lambda: RATIOS, {}, DataError, "as of .*sensitivity.leave_one_out.*; this is of type DataFrame"),
        (TABLES["HR left out"], {"common": True}, OptionError, "common= has no use for a table of leave_one_out"),
        (TABLES["HR left out"], {"study_interval": "wilson"}, OptionError, "every line is a pool"),
    ],
)
def test_bad_input(make, options, error, message):
    with pytest.raises(error, match=message):
        forest_rows(make(), **options)
