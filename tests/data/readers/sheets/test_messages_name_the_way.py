"""What cannot be read is refused with what is there: a bound, a date, the kind of ratio, all cells of a column."""

import datetime

import pytest

import metaonc as mo

pytestmark = pytest.mark.filterwarnings("ignore::metaonc.DataWarning")


def read(table, **how):
    return mo.read_trials({"Trial": ["A", "B", "C"][: len(next(iter(table.values())))], **table}, **how)


def refused(table, **how):
    with pytest.raises(mo.errors.MetaoncError) as problem:
        read(table, **how)
    return str(problem.value)


def test_a_hazard_ratio_of_a_direction_is_advised_as_one_and_its_direction_told():
    said = refused({"OS HR (control vs treatment)": ["1.3 (1.1-1.6)", "1.2 (0.9-1.5)"]})
    assert "'os.hr'" in said
    assert "orr.estimate" not in said
    assert "of the control arm to the other; ratios are read as of treatment to control" in said
    other = refused({"OS HR (treatment vs control)": ["0.7 (0.6-0.9)", "0.8 (0.7-1.1)"]})
    assert "'os.hr'" in other
    assert "of the control arm" not in other


def test_a_hazard_ratio_with_a_p_value_is_read():
    rows = read({"OS HR": [0.7, 0.8], "p": [0.01, 0.2]})
    assert rows[["hr", "p_value"]].to_numpy().tolist() == [[0.7, 0.01], [0.8, 0.2]]
    assert "no column holds its limits" in refused({"OS HR": [0.7, 0.8]})


def test_a_p_value_that_is_a_bound_is_named():
    said = refused({"OS HR": [0.7, 0.8], "p": ["<0.001", 0.2]})
    assert "Of a bound no standard error follows: p_value: '<0.001' read as a bound" in said


@pytest.mark.parametrize("value", ["05-Dec", datetime.datetime(2024, 12, 5), datetime.date(2024, 12, 5)])
def test_a_date_among_responses_is_called_one(value):
    assert "is a date: spreadsheets make one of a fraction" in refused({"ORR": [value, "3/12"]})


def test_percentages_with_their_interval_and_the_level_in_one_name_are_read():
    rows = read({"ORR % (95% CI)": ["30 (20-41)", "25"], "N": [80, 60]})
    assert rows["estimate"].tolist() == [30, 25]
    assert rows["unit"].tolist() == ["percent", "percent"]
    assert rows["ci_low"].iloc[0] == 20


def test_all_cells_of_a_column_that_cannot_be_read_are_named():
    how = {"columns": {"Responders": "orr.events", "N": "orr.n"}}
    said = refused({"Responders": ["x", 3, "y"], "N": [40, 20, 30]}, **how)
    assert "events='x' cannot be read" in said
    assert "Of the same column cannot be read either: 'y' (row 2)." in said
    assert "either" not in refused({"Responders": ["x", 3, 4], "N": [40, 20, 30]}, **how)
    many = mo.read_trials
    with pytest.raises(mo.DataError, match=r"\(row 4\) and 2 more"):
        many({"Trial": list("ABCDEFG"), "Responders": list("tuvwxyz"), "N": [20] * 7}, **how)
