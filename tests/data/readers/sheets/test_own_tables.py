"""Tables as people keep them: what is recognised, what is asked for, and what is never taken for a figure."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError


def read(table, **options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        got = mo.read_trials(table, **options)
    return got, " ".join(str(w.message) for w in caught)


def rows(table, *columns):
    return table[list(columns)].astype(object).where(table[list(columns)].notna(), None).to_numpy().tolist()


def written(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_wide_table_gives_a_row_an_outcome():
    table = {
        "Trial": ["LOTUS", "FERN"],
        "OS_HR": [0.8, 0.9],
        "OS_HR_LB": [0.6, 0.7],
        "OS_HR_UB": [1.1, 1.2],
        "PFS HR (95% CI)": ["0.59; 95% CI, 0.42-0.82", "0.7 (0.5-0.98)"],
        "NCT.Number": ["x", "y"],
    }
    got, said = read(pd.DataFrame(table))
    assert rows(got, "trial", "outcome", "hr", "hr_low", "hr_high") == [
        ["LOTUS", "os", 0.8, 0.6, 1.1],
        ["LOTUS", "pfs", 0.59, 0.42, 0.82],
        ["FERN", "os", 0.9, 0.7, 1.2],
        ["FERN", "pfs", 0.7, 0.5, 0.98],
    ]
    assert got["NCT.Number"].tolist() == ["x", "x", "y", "y"]  # dots in the user's own names mean nothing
    assert "'OS_HR_LB' as os.hr_low" in said


def test_counts_of_two_arms_side_by_side():
    table = {
        "acronym": ["A", "B"], "id": [1, 2], "new_arm_event": [3, 4], "new_arm_total": [30, 40],
        "control_arm_event": [5, 6], "control_arm_total": [31, 41],
    }  # fmt: skip
    got, _ = read(pd.DataFrame(table))
    columns = ("trial", "events", "n", "events_comparator", "n_comparator")
    assert rows(got, *columns) == [["A", 3, 30, 5, 31], ["B", 4, 40, 6, 41]]
    table = {"study": ["A"], "Events 1": [3], "Total 1": [30], "Events 2": [5], "Total 2": [31]}
    in_r = {"study": "slab", "Events 1": "ai", "Total 1": "n1i", "Events 2": "ci", "Total 2": "n2i"}
    es = mo.read_escalc(table, columns=in_r)
    with pytest.warns(DataWarning, match=r"recognised: .*'Events 2' as events_c"):
        alone = mo.read_escalc(table)
    assert alone.equals(es)


@pytest.mark.parametrize(
    ("names", "reader"),
    [
        (("study", "xt", "nt", "xc", "nc"), mo.read_escalc),
        (("author", "e1", "n1", "e2", "n2"), mo.read_escalc),
        (("study", "ai", "n1i", "ci", "n2i"), mo.read_trials),
    ],
)
def test_names_that_are_known_together(names, reader):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        got = reader(pd.DataFrame([["A", 3, 30, 5, 31]], columns=names))
    figures = (
        ["events_t", "n_t", "events_c", "n_c"]
        if reader is mo.read_escalc
        else [*("events", "n", "events_comparator", "n_comparator")]
    )
    assert rows(got, *figures) == [[3, 30, 5, 31]]


def test_the_trial_is_a_column_without_blanks():
    table = {"Trial Name": ["X", None], "Author (Year)": ["Ito 2001", "Ude 2003"], "Deaths": [1, 2], "N": [9, 8]}
    assert read(pd.DataFrame(table))[0]["trial"].tolist() == ["Ito 2001", "Ude 2003"]


def test_limits_of_what_is_not_read_are_not_read():
    table = {"Study": ["A"], "Deaths": [1], "N": [9], "effect": [-0.4], "ci_low": [-1.7], "ci_high": [0.9]}
    got, said = read(pd.DataFrame(table))
    assert rows(got, "events", "n", "ci_low (not read)") == [[1, 9, -1.7]]
    assert "not read: 'effect', no column says of which measure it is" in said


def test_an_effect_goes_by_the_measure_beside_it():
    table = {
        "Study": ["A", "B", "C"], "Outcome": ["DFS", "pCR", "DFS"], "Measure": ["HR", "OR", "HR"],
        "Effect": [0.5, 4.3, None], "Low": [0.3, 1.1, None], "High": [0.8, 23.0, None],
    }  # fmt: skip
    got, said = read(pd.DataFrame(table))
    assert rows(got, "trial", "outcome", "hr", "hr_high", "odds_ratio", "or_high") == [
        ["A", "dfs", 0.5, 0.8, None, None],
        ["B", "pcr", None, None, 4.3, 23.0],
    ]
    assert "'C' has no figures" in said
    with pytest.raises(ColumnError, match="no column says of which measure it is"):
        read(pd.DataFrame(table).drop(columns="Measure"))


def test_outcomes_of_the_users_own():
    table = {"Study": ["A", "B", "C"], "Deaths": [3, 4, 2], "N": [20, 30, 25]}
    got, _ = read(table, columns={"Study": "trial", "Deaths": "death.events", "N": "death.n"})
    assert rows(got, "outcome", "events", "n") == [["death", 3, 20], ["death", 4, 30], ["death", 2, 25]]
    with pytest.raises(OptionError, match=r"'a\.b' is no name of an outcome"):
        read(table, columns={"Deaths": "a.b.events"})


def test_constants_are_of_all_rows():
    table = {"trial": ["A", "B"], "median": [12.1, 14.0], "low": [9.0, 10.0]}
    columns = {"median": "estimate", "low": "ci_low"}
    got, _ = read(table, columns=columns, constants={"outcome": "os", "unit": "months"})
    assert rows(got, "outcome", "estimate", "unit") == [["os", 12.1, "months"], ["os", 14.0, "months"]]
    with pytest.raises(OptionError, match="constants: 'trial' is the column 'trial' already"):
        read(table, constants={"trial": "C"})


def test_several_columns_name_the_trial():
    table = {"Author": ["Ito", "Ito"], "Year": [2018, 2017], "lnHR": [-0.3, 0.1], "se": [0.1, 0.2]}
    got, _ = read(table, columns={"Author": "trial", "Year": "trial"}, constants={"outcome": "efs"})
    assert rows(got, "trial", "log_hr", "log_hr_se") == [["Ito 2018", -0.3, 0.1], ["Ito 2017", 0.1, 0.2]]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"TE": [-0.3], "seTE": [0.1]}, r"logarithm of which ratio\? if of hazards, say columns=\{'TE': 'log_hr', 's"),
        ({"RR": [45, 60], "lower": [30, 44], "upper": [55, 70]}, r"'RR' \(its figures are no ratios: percentages\?"),
        ({"OS_INV_HR": [0.5], "OS_CNT_HR": [0.6]}, "two assessors of os: say which to read"),
        ({"N (ITT)": [40, 50], "N (Analyzed)": [39, 50], "Deaths": [3, 4]}, "each could be n"),
    ],
)
def test_what_may_be_two_things_is_asked(table, says):
    k = len(next(iter(table.values())))
    with pytest.raises((ColumnError, DataError), match=says):
        read(pd.DataFrame({"Study": list("ABC")[:k], **table}))


def test_a_number_of_a_whole_trial_is_none_of_its_arms():
    table = {"Study": ["A", "A", "B", "B", "C"], "N": [100, None, 90, None, 50], "Deaths": [3, 4, 5, 6, 7]}
    got, said = read(pd.DataFrame(table))
    assert rows(got, "trial", "events", "n") == [["C", 7, 50]]
    assert "n=100, of all rows of 'A' together" in said
    with pytest.warns(DataWarning, match="of all rows of 'A'"):
        es = mo.read_escalc(pd.DataFrame(table), columns={"Study": "slab", "N": "ni", "Deaths": "xi"})
    assert es["n"].isna().tolist() == [True, True, True, True, False]
    same = {"Study": list("AABBCC"), "Total": [100, 100, 90, 90, 80, 80], "Deaths": [3, 4, 5, 6, 7, 8]}
    with pytest.raises(ColumnError, match="'Total' has the same number in all rows of each trial"):
        read(pd.DataFrame(same))
    got, _ = read(pd.DataFrame(same), columns={"Total": "death.n", "Deaths": "death.events"})
    assert got["n"].tolist() == [100, 100, 90, 90, 80, 80]  # as its user says


def test_sums_notes_titles_and_sentinels_are_told(tmp_path):
    text = "Table 2\n\nStudy,Outcome,HR,L95,U95\nA,OS,0.5,0.3,0.9\nB,OS,0.7,0.5,0.98\nTotal,OS,0.6,0.4,0.8\nx: note\n"
    got, said = read(written(tmp_path, text))
    assert rows(got, "trial", "outcome", "hr_low") == [["A", "os", 0.3], ["B", "os", 0.5]]
    assert "'Total' sums up trials" in said
    assert "above the header, 'Table 2'" in said
    assert "a note under the table, 'x: note'" in said
    table = {"trial": ["A", "B"], "outcome": ["orr"] * 2, "events": ["3", "4"], "n": [20, 30], "p_value": ["-99", "."]}
    got, said = read(table)
    assert got["p_value"].isna().all()
    assert "p_value: -99 read as blank; p_value" not in said
    assert got["read_as"].tolist() == ["p_value: -99 read as blank", "p_value: '.' read as blank"]


def test_counts_worked_out_from_rates():
    got, said = read({"trial": ["A", "B"], "outcome": ["orr", "orr"], "events": [0.28 * 50, 14.03], "n": [50, 60]})
    assert got["events"].tolist() == [14, 14]
    assert "events: 14.03 read as 14, the whole number that it is close to" in said
    with pytest.raises(DataError, match=r"events=14\.2 is not a whole number"):
        read({"trial": ["A"], "outcome": ["orr"], "events": [14.2], "n": [50]})
    with pytest.warns(DataWarning, match=r"events=14\.03 read as 14\."):
        es = mo.effect_sizes({"x": [14.03, 0.28 * 50], "n": [60, 60]}, measure="PLO", events="x", n="n")
    assert es["yi"][0] == es["yi"][1]


@pytest.mark.parametrize(
    ("cell", "column", "want"),
    [
        ("22/110 (20.0%; 95% CI 13.0-28.7)", "events", {"events": 22, "n": 110, "estimate": 20, "ci_high": 28.7}),
        ("20.0% (22/110)", "events", {"events": 22, "n": 110, "estimate": 20}),
        ("0.59; 95% CI, 0.42-0.82", "hr", {"hr": 0.59, "hr_low": 0.42, "hr_high": 0.82, "hr_level": 0.95}),
    ],
)
def test_composite_cells(cell, column, want):
    got, _ = read({"trial": ["A"], "outcome": ["x"], column: [cell]})
    assert {name: got[name][0] for name in want} == want


def test_a_level_in_one_cell_leaves_the_others_at_95():
    table = {
        "trial": ["A", "B"],
        "outcome": ["os", "os"],
        "hr": [0.5, 0.7],
        "hr_low": ["0.35 (90%CI)", 0.5],
        "hr_high": [0.8, 0.9],
    }
    got, said = read(table)
    assert rows(got, "hr_low", "hr_level") == [[0.35, 0.9], [0.5, 0.95]]
    assert "'0.35 (90%CI)' read as hr_low 0.35, hr_level 0.9" in said


def test_a_percentage_of_a_comparator_must_be_that_of_its_counts():
    table = {"trial": ["A"], "outcome": ["x"], "events": [9], "n": [100], "events_comparator": ["8.9% (10/112)"]}
    got, _ = read(table)
    assert rows(got, "events_comparator", "n_comparator", "estimate" if "estimate" in got else "n") == [[10, 112, 100]]
    with pytest.raises(DataError, match=r"is not 10/112 = 8.93 %: correct one of them"):
        read(table | {"events_comparator": ["9.8% (10/112)"]})


def test_dashes_are_blank_where_the_column_writes_its_zeros():
    table = {"trial": ["A", "B", "C"], "outcome": ["x"] * 3, "events": ["0", "-", "3"], "n": [10, 11, 12]}
    got, said = read(table)
    assert got["trial"].tolist() == ["A", "C"]
    assert "'-', no events" in said
    with pytest.raises(DataError, match="is a dash: write 0 where there were none"):
        read(table | {"events": ["1", "-", "3"]})


@pytest.mark.parametrize(
    "text",
    [
        "study  xi  ni\nAda B  3  20\nCyd    4  30\n",
        '"study" "xi" "ni"\n"1" "Ada B" 3 20\n"2" "Cyd" 4 30\n',
        "study    xi ni\nAda B     3 20\nCyd       4 30\n",
        "study, xi,  ni\nAda B,   3, 20\nCyd,     4, 30\n",
        "study;xi;ni\nAda B;3;20\nCyd;4;30\n",
    ],
)
def test_cells_are_divided_as_the_lines_show(tmp_path, text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        got = mo.read_escalc(written(tmp_path, text, "t.txt"))
    assert rows(got, "study", "events", "n") == [["Ada B", 3, 20], ["Cyd", 4, 30]]


def test_a_decimal_comma_is_read_off_the_numbers(tmp_path):
    got, said = read(
        written(tmp_path, "\ufeffStudie;HR;untere;obere\nA;0,5;0,3;0,9\nB;0,7;0,5;1\nGesamt;0,6;0,5;0,7\n")
    )
    assert rows(got, "trial", "hr", "hr_low", "hr_high") == [["A", 0.5, 0.3, 0.9], ["B", 0.7, 0.5, 1.0]]
    assert "read with cells separated by semicolons and numbers with a decimal comma" in said
    with pytest.raises(DataError, match=r"numbers with a comma \(0,5\) and with a point \(0\.3\): say which"):
        read(written(tmp_path, "trial;hr;hr_low;hr_high\nA;0,5;0.3;0,9\n"))


def test_names_that_stand_twice():
    table = pd.DataFrame([["A", 1, 3, 20, 2]], columns=["trial", "Type", "events", "n", "Type"])
    with pytest.raises((ColumnError, DataError), match="Type"):
        mo.read_trials(table[["trial", "Type"]].assign(hr=1), columns={"Type": "n"})


def test_limits_printed_as_open_are_empty_in_effect_sizes():
    table = {
        "m": [9.6, 51.8],
        "l": [7.9, 35.7],
        "u": [12.7, 72.6],
        "c": [11, 42.9],
        "cl": [8.5, 29.9],
        "cu": [12, "NR"],
    }
    columns = {"median_t": "m", "ci_low_t": "l", "ci_high_t": "u", "median_c": "c", "ci_low_c": "cl", "ci_high_c": "cu"}
    got = mo.effect_sizes(table, measure="MEDR", **columns)
    blank = mo.effect_sizes(table | {"cu": [12, np.nan]}, measure="MEDR", **columns)
    assert got["yi"].tolist() == blank["yi"].tolist()


def test_counts_over_patients_are_given_whole():
    table = {"trial": ["A", "B"], "responders": ["10/40", "12/50"]}
    with pytest.raises(mo.DataError, match=r"Cells such as 10/40 are both, .*: call their column orr.events\."):
        mo.read_trials(table, columns={"responders": "orr.n"})
    with pytest.raises(mo.DataError, match=r"the column events, which takes it whole \(as in orr.events\)"):
        mo.read_trials(table, columns={"responders": "orr.estimate"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        assert mo.read_trials(table, columns={"responders": "orr.events"})["n"].tolist() == [40.0, 50.0]
