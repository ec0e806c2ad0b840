"""Sheets that are not read: what they are told, and that the lines they are told do it."""

import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import ColumnError

WIDE = pd.DataFrame({
    "Study": ["Ash", "Birch"], "Year": [2014, 2015], "Responders KRAS mut": [3, 1], "N KRAS mut": [41, 22],
    "Responders KRAS wt": [18, 9], "N KRAS wt": [62, 31],
})  # fmt: skip


def test_columns_that_repeat_for_subgroups_are_told_how_rows_are_made():
    with pytest.raises(ColumnError, match=r"Columns repeat for subgroups \('KRAS mut', 'KRAS wt'\)") as problem:
        mo.read_trials(WIDE)
    code = str(problem.value).partition("as by ")[2].partition(", and ask")[0]
    rows = mo.read_trials(eval(code, {"df": WIDE, "pd": pd}))
    assert rows[["trial", "subgroup", "events", "n"]].values.tolist() == [
        ["Ash", "KRAS mut", 3, 41], ["Birch", "KRAS mut", 1, 22], ["Ash", "KRAS wt", 18, 62],
        ["Birch", "KRAS wt", 9, 31],
    ]  # fmt: skip


def test_other_sheets_are_told_no_such_thing():
    with pytest.raises(ColumnError, match="To say what a column is, give") as problem:
        mo.read_trials({"Study": ["Ash"], "Age": [61]})
    assert "repeat" not in str(problem.value)


@pytest.mark.filterwarnings("ignore:.*not plain")
def test_medians_whose_cells_say_the_unit_are_read():
    rows = mo.read_trials(
        {"Trial": ["A", "B"], "N": [57, 61], "Median PFS": ["8.2 months (6.1-10.4)", "28 weeks (22-35)"]}
    )
    assert rows[["outcome", "estimate", "ci_low", "ci_high", "unit"]].values.tolist() == [
        ["pfs", 8.2, 6.1, 10.4, "months"], ["pfs", 28, 22, 35, "weeks"],
    ]  # fmt: skip


def test_the_advice_names_the_outcome_of_the_column():
    with pytest.raises(ColumnError, match=r"columns=\{'Median PFS': 'pfs.estimate'\}"):
        mo.read_trials({"Trial": ["A", "B"], "Median PFS": [8.2, 7.0]})


ARMS = {"Events arm A": [0, 1], "N arm A": [45, 120], "Events arm B": [3, 0], "N arm B": [47, 118]}


def test_two_arms_are_no_subgroups_and_the_lines_that_name_the_control_read_them():
    table = {"Trial": ["S1", "S2"], **ARMS}
    with pytest.raises(
        ColumnError, match=r"two arms \('arm A', 'arm B'\), and none says which is the control"
    ) as problem:
        mo.read_trials(table)
    said = str(problem.value)
    assert "subgroup" not in said
    ways = [eval(way.partition(" if ")[0]) for way in said.split("columns=")[1:]]
    assert len(ways) == 2
    got = [mo.read_trials(table, columns=way)[["events", "n", "events_comparator", "n_comparator"]] for way in ways]
    assert got[0].to_numpy().tolist() == [[0, 45, 3, 47], [1, 120, 0, 118]]
    assert got[1].to_numpy().tolist() == [[3, 47, 0, 45], [0, 118, 1, 120]]


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
def test_arms_with_letters_that_say_which_is_the_control_are_read():
    names = ["Events arm A (treatment)", "N arm A (treatment)", "Events arm B (control)", "N arm B (control)"]
    rows = mo.read_trials({"Trial": ["S1", "S2"], **dict(zip(names, ARMS.values(), strict=True))})
    assert rows[["events", "n", "events_comparator", "n_comparator"]].to_numpy().tolist() == [
        [0, 45, 3, 47],
        [1, 120, 0, 118],
    ]
