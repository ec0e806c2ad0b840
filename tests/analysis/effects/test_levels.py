"""The level of reported intervals that the table itself says, by a column named after the limits."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

import metaonc as mo

HR = {"measure": "HR", "hr": "hr", "ci_low": "hr_low", "ci_high": "hr_high", "study": "trial"}
LEVELS = [0.985, 0.95, 0.9, 0.99]


@pytest.fixture
def printed() -> pd.DataFrame:
    return pd.DataFrame(
        {"trial": list("ABCD"), "hr": [0.62, 0.7, 0.8, 0.75], "hr_low": [0.48, 0.55, 0.66, 0.52],
         "hr_high": [0.8, 0.9, 0.97, 1.08], "hr_level": LEVELS}
    )  # fmt: skip


def variances(table: pd.DataFrame, levels: object) -> np.ndarray:
    width = np.log(table["hr_high"]) - np.log(table["hr_low"])
    return np.asarray((width / (2 * ndtri(0.5 + np.asarray(levels) / 2))) ** 2)


def test_a_level_column_named_after_the_limits_is_used(printed):
    es = mo.effect_sizes(printed, **HR)
    np.testing.assert_allclose(es["vi"], variances(printed, LEVELS), rtol=1e-12)
    assert es["route"].tolist()[0] == "hr and 98.5 % interval"
    assert "level='hr_level'" in es["inputs"][0]
    pd.testing.assert_frame_equal(es, mo.effect_sizes(printed, level="hr_level", **HR))
    assert "with their 98.5% interval" in str(mo.methods_text(mo.pool(es)))


def test_cells_that_state_their_level_are_read_and_pooled_by_it(tmp_path, printed):
    said = (f"{hr} ({100 * level:g}% CI {low}-{high})" for _, hr, low, high, level in printed.itertuples(index=False))
    lines = [f"{trial},pfs,x,y,{cell}" for trial, cell in zip("ABCD", said, strict=True)]
    (tmp_path / "lv.csv").write_text("\n".join(["trial,outcome,arm,comparator,HR (CI)", *lines]))
    with pytest.warns(mo.DataWarning, match="not plain"):
        rows = mo.read_trials(tmp_path / "lv.csv")
    es = mo.effect_sizes(rows, **HR)
    np.testing.assert_allclose(es["vi"], variances(printed, LEVELS), rtol=1e-12)
    whole = mo.analyse(rows, outcome="pfs").result
    np.testing.assert_allclose(mo.pool(es).estimate, whole.estimate, rtol=1e-12)


@pytest.mark.parametrize("level", [0.95, "other"])
def test_a_level_that_the_table_contradicts_is_refused(printed, level):
    with pytest.raises(mo.DataError, match=r"trial 'A' \(row 0\): hr_level=0\.985 is the level of hr_low.*2 more rows"):
        mo.effect_sizes(printed.assign(other=0.95), level=level, **HR)


def test_a_level_that_the_table_says_too_is_no_contradiction(printed):
    same = printed.assign(hr_level=0.9)
    pd.testing.assert_series_equal(mo.effect_sizes(same, level=0.9, **HR)["vi"], mo.effect_sizes(same, **HR)["vi"])


def test_rows_of_which_nobody_says_the_level_are_of_95_percent(printed):
    some = printed.assign(hr_level=[0.9, None, None, 0.9])
    es = mo.effect_sizes(some, **HR)
    np.testing.assert_allclose(es["vi"], variances(printed, [0.9, 0.95, 0.95, 0.9]), rtol=1e-12)
    medians = some.rename(columns={"hr": "m"})
    es = mo.effect_sizes(medians, measure="MEDLN", median="m", ci_low="hr_low", ci_high="hr_high", study="trial")
    shown = mo.pool(es).study_table(
        transform=True
    )  # of the rows at 95 % the intervals are those reported, of the others Wald's
    assert shown["interval"].tolist() == ["wald", "reported", "reported", "wald"]


def test_levels_in_percent_are_refused_by_the_name_of_their_column(printed):
    with pytest.raises(mo.DataError, match=r"hr_level=98\.5 is not between 0 and 1: write 0\.95 for 95 %"):
        mo.effect_sizes(printed.assign(hr_level=100 * printed["hr_level"]), **HR)


def test_a_column_level_is_of_the_limits_where_its_numbers_can_be_no_other(printed):
    bare = printed.rename(columns={"hr_low": "low", "hr_high": "high", "hr_level": "level"})
    columns = HR | {"ci_low": "low", "ci_high": "high"}
    np.testing.assert_allclose(mo.effect_sizes(bare, **columns)["vi"], variances(printed, LEVELS), rtol=1e-12)
    for other in (["mutant", "wild-type"] * 2, [1, 2, 3, 4]):
        es = mo.effect_sizes(bare.assign(level=other), **columns)
        np.testing.assert_allclose(es["vi"], variances(printed, 0.95), rtol=1e-12)


def test_one_limit_of_one_side_is_that_of_two_sides_at_2c_minus_1():
    table = {"trial": ["A", "B"], "m": [10.0, 12.0], "ci_low": [8.0, 9.0], "ci_high": [None, 15.0],
             "ci_level": [0.95, 0.95], "ci_sides": [1, 2]}  # fmt: skip
    es = mo.effect_sizes(table, measure="MEDLN", median="m", ci_low="ci_low", ci_high="ci_high", study="trial")
    one = (np.log(10 / 8) / ndtri(0.95)) ** 2
    np.testing.assert_allclose(np.asarray(es["vi"])[0], one, rtol=1e-12)


def test_two_intervals_of_one_row_must_be_of_one_level():
    table = {"trial": ["A"], "x": [10.0], "x_low": [8.0], "x_high": [13.0], "x_level": [0.9], "y": [7.0],
             "y_low": [5.0], "y_high": [9.0], "y_level": [0.95]}  # fmt: skip
    columns = {"median_t": "x", "ci_low_t": "x_low", "ci_high_t": "x_high", "median_c": "y", "ci_low_c": "y_low",
               "ci_high_c": "y_high"}  # fmt: skip
    with pytest.raises(mo.DataError, match=r"x_level=0\.9 and y_level=0\.95: intervals of one row"):
        mo.effect_sizes(table, measure="MEDR", study="trial", **columns)


P = {"hr": [0.7012, 0.6034], "one-sided p": [0.01234, 0.002123]}
ROUTE = {"measure": "HR", "hr": "hr"}


def test_a_column_that_says_it_is_one_sided_wants_the_sides():
    for name in ("one-sided p", "P (1-sided)", "p_one_tailed", "single-sided p"):
        table = {**P, name: P["one-sided p"]}
        with pytest.raises(mo.OptionError, match=r"is of one side.*say p_sides=1, or p_sides=2"):
            mo.effect_sizes(table, p=name, **ROUTE)
    one = mo.effect_sizes(P, p="one-sided p", p_sides=1, **ROUTE)["vi"]
    np.testing.assert_allclose(one, (np.log(P["hr"]) / ndtri(P["one-sided p"])) ** 2, rtol=1e-12)


def test_sides_are_those_of_the_column_beside_p_value():
    table = pd.DataFrame(P).rename(columns={"one-sided p": "p_value"}).assign(p_sided=[1, None])
    es = mo.effect_sizes(table, p="p_value", **ROUTE)
    z = ndtri([0.01234, 0.002123 / 2])
    np.testing.assert_allclose(es["vi"], (np.log(P["hr"]) / z) ** 2, rtol=1e-12)


def test_a_column_level_of_other_numbers_is_no_level_of_limits():
    table = {"trial": ["A", "B"], "hr": [0.7, 0.8], "low": [0.5, 0.6], "high": [0.98, 1.07], "level": [0.6, 0.9]}
    es = mo.effect_sizes(table, measure="HR", study="trial", hr="hr", ci_low="low", ci_high="high")
    assert list(es["route"]) == ["hr and 95 % interval"] * 2
