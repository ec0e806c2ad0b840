"""Cells and names of columns as tables of papers have them: fractions, dates, rows of units, intervals beside."""

import pytest

import metaonc as mo

pytestmark = pytest.mark.filterwarnings("ignore::metaonc.DataWarning")


def test_a_fraction_with_a_bare_percentage_is_read_where_the_name_has_the_sign():
    cells = {"Study": ["A", "B"], "ORR, n/N (%)": ["46/124 (37.1)", "25/57 (44%)"]}
    rows = mo.read_trials(cells)
    assert rows[["events", "n", "estimate"]].to_numpy().tolist() == [[46, 124, 37.1], [25, 57, 44]]
    with pytest.raises(mo.DataError, match=r"39\.1 % is not 100 \* events / n for 46/124"):
        mo.read_trials(cells | {"ORR, n/N (%)": ["46/124 (39.1)", "25/57 (44%)"]})
    with pytest.raises(mo.DataError, match="cannot be read as one figure"):  # of what, nothing says
        mo.read_trials({"Study": ["A"], "ORR events": ["46/124 (37.1)"]})


def dated(*dates):
    return {"Study": ["A", "B"], "ORR events": [46, 25], "N": [124, 57], "Data cut-off": list(dates)}


def test_a_date_that_can_be_one_only_is_read_and_noted():
    rows = mo.read_trials(dated("08-Jan-2020", "15.10.2021"))
    assert rows["data_cut"].tolist() == ["2020-01-08", "2021-10-15"]
    assert "data_cut: '08-Jan-2020' read as 2020-01-08" in rows["read_as"][0]


@pytest.mark.parametrize("date", ["03/04/2020", "12-Jan-20", "soon"])
def test_another_date_is_refused_with_the_way_to_leave_the_column_unread(date):
    table = dated("2020-01-08", date)
    with pytest.raises(mo.DataError, match=r"no ISO date.*give columns=\{'Data cut-off': None\}"):
        mo.read_trials(table)
    assert len(mo.read_trials(table, columns={"Data cut-off": None})) == 2


def test_a_row_of_units_is_told_how_it_is_left_out():
    table = {"Study": ["", "A", "B"], "N": ["patients", "124", "57"], "ORR events": ["n", "46", "25"]}
    with pytest.raises(mo.DataError, match=r"If the row has units or notes, give skip=\[0\]"):
        mo.read_trials(table)
    assert mo.read_trials(table, skip=[0])["n"].tolist() == [124, 57]


MEDIANS = {"mPFS exp (mo)": [8.2, 9.4], "mPFS ctrl (mo)": [6.1, 6.0]}


def test_an_interval_right_of_a_ratio_is_its_own():
    rows = mo.read_trials(
        {"Study": ["A", "B"], "HR PFS": [0.72, 0.65], "95% CI": ["0.55-0.94", "0.47-0.90"], **MEDIANS}
    )
    assert rows[["hr", "hr_low", "hr_high"]].to_numpy().tolist() == [[0.72, 0.55, 0.94], [0.65, 0.47, 0.9]]
    assert rows["estimate"].tolist() == [8.2, 9.4]


def test_an_interval_beside_other_columns_is_asked_for():
    table = {"Study": ["A", "B"], "HR PFS": [0.72, 0.65], "p": [0.016, 0.009], **MEDIANS, "95% CI": ["1-2", "2-3"]}
    with pytest.warns(mo.DataWarning, match="not read: '95% CI', limits of hr or estimate"):
        rows = mo.read_trials(table)
    assert "hr_low" not in rows


def test_author_and_year_name_the_trial():
    rows = mo.read_trials({"First author, year": ["A 2010", "B 2011"], "ORR events": [4, 5], "N": [10, 20]})
    assert rows["trial"].tolist() == ["A 2010", "B 2011"]
