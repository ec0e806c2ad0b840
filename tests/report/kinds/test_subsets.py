"""Forest plots of pools without each trial in turn, and of ever more trials."""

import numpy as np
import pandas as pd
import pytest
from forest_cases import assert_panel_is_free, assert_readable, markers, texts

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


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("journal", mo.plot.JOURNALS)
@pytest.mark.parametrize("width", [120, 176])
def test_readable_in_every_layout(name, journal, width):
    ax = forest(TABLES[name](), journal=journal, width=width)
    assert_readable(ax.figure)
    assert_panel_is_free(ax)


def test_each_line_is_the_pool_without_its_trial():
    rows = forest_rows(TABLES["HR left out"]()).rows
    assert list(rows["label"]) == list(RATIOS["trial"])
    for i, line in rows.iterrows():
        r = mo.pool(RATIOS.drop(index=i), study="trial", measure="HR")
        assert np.exp([r.estimate, r.ci_low, r.ci_high]) == pytest.approx(line[["estimate", "low", "high"]].tolist())
        assert line["i2"] == f"{r.i2:.0f}"


def test_rates_are_drawn_in_percent():
    rows = forest_rows(TABLES["rates one by one"]()).rows
    r = rates()
    whole = [100 / (1 + np.exp(-x)) for x in (r.estimate, r.ci_low, r.ci_high)]
    assert rows[["estimate", "low", "high"]].iloc[-1].tolist() == pytest.approx(whole)


def test_squares_are_alike_and_the_whole_is_marked_of_a_cumulative_table_alone():
    one_by_one, left_out = (forest_rows(TABLES[name]()) for name in ("HR one by one", "HR left out"))
    assert one_by_one.whole == 5
    assert one_by_one.reference == one_by_one.rows["estimate"].iloc[-1]
    assert left_out.whole is None
    assert np.isnan(left_out.reference)
    sizes = {round(float(m.get_markersize()), 6) for m in markers(forest(left_out), "s")}
    assert len(sizes) == 1


def test_headers_and_the_line_below_say_what_is_pooled():
    left_out = texts(forest(TABLES["HR left out"]()))
    assert "Without" in left_out
    assert any(t.startswith("Each line pools all trials but the one it names: random effects (REML)") for t in left_out)
    assert "Up\xa0to" in texts(forest(TABLES["HR one by one"]()))


def test_tables_take_the_same_rows():
    shown = mo.table(TABLES["HR one by one"](), journal="Lancet")
    assert shown.headers[0] == "Up\xa0to"
    assert len(shown.rows) == 6
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
