from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

import metaonc as mo
from metaonc.errors import ColumnError, DataError, DataWarning

COUNTS = "trial,outcome,n,events,kras\nOPUS,orr,57,25,mutant\nOPUS,orr,52,9,wild-type\n"


def read(tmp_path: Path, content: str | bytes):
    path = tmp_path / "trials.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return mo.read_trials(path)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_small_table_is_read(tmp_path, mark, ending):
    got = read(tmp_path, mark + COUNTS.replace("\n", ending).encode())
    assert got.to_dict("list") == {
        "trial": ["OPUS", "OPUS"],
        "outcome": ["orr", "orr"],
        "n": [57.0, 52.0],
        "events": [25.0, 9.0],
        "kras": ["mutant", "wild-type"],
    }


def test_each_kind_of_figures_will_do(tmp_path):
    content = (
        "trial,outcome,n,events,hr,hr_low,hr_high,estimate,ci_low,ci_high,unit,age\n"
        "A,orr,10,3,,,,,,,,61\nB,pfs,,,0.5,0.3,0.8,,,,,62\nC,os,,,,,,12.5,9,,months,63\nD,orr,,,,,,44,31,58,percent,64\n"
    )
    got = read(tmp_path, content)
    assert got["hr"].tolist()[1] == 0.5
    assert np.isnan(got["ci_high"][2])
    assert got["age"].tolist() == [61, 62, 63, 64]


def test_names_are_text_and_none_is_a_name(tmp_path):
    got = read(tmp_path, "trial,outcome,n,events\n0042,orr,10,3\nNA,orr,10,4\n")
    assert got["trial"].tolist() == ["0042", "NA"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("trial,outcome,n,events\n", "no rows"),
        (COUNTS.encode("utf-16"), "UTF-8"),
        (COUNTS.replace("OPUS", "Größe").encode("latin-1"), "UTF-8"),
        ("trial,outcome,estimate,unit\nA,pfs,12,9,months\n", r"row 0 .* 5 values for 4 columns .*decimal point"),
        ('trial,outcome,estimate,unit\nA,pfs,"12,925",months\n', r"trial 'A' \(row 0\): estimate='12,925' .*12\.925"),
        ("trial,outcome,n,events\nA,orr,10\n", "3 values for 4 columns"),
        ("trial;outcome;hr;n\nA;os;0,7;9\nB;os;0,7;0,9;9\n", r"\(B;os;0,7;0,9;9\): quote .* holds a semicolon\.$"),
        ("trial,outcome,n,events,n\nA,orr,10,3,4\n", "'n' stands in the header"),
    ],
)
def test_a_file_that_is_none_says_how_to_mend_it(tmp_path, content, says):
    with pytest.raises(DataError, match=says):
        read(tmp_path, content)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"no file .*absent\.csv"):
        mo.read_trials(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("trial,outcome,n,responders", {"responders": "events"}),
        ("trial,outcome,n,events_or_responders", {"events_or_responders": "events"}),
        ("study,outcome,n,events", {"study": "trial"}),
        ("trial,endpoint,n,events", {"endpoint": "outcome"}),
        ("trial,outcome,total,events", {"total": "n"}),
        ("trial,outcome,N,events", {"N": "n"}),
        ("Trial,outcome,n,events", {"Trial": "trial"}),
    ],
)
def test_what_people_call_a_column_is_recognised_and_told(tmp_path, header, told):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        got = read(tmp_path, f"{header}\nA,orr,10,3\n")
    assert got[["trial", "outcome", "n", "events"]].values.tolist() == [["A", "orr", 10, 3]]
    how = mo.read_as(got).set_index("column")
    assert {old: how["read_as"][old] for old in told} == told
    assert set(how["how"][list(told)]) == {"recognised"}


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_separator_is_read_off_the_lines(tmp_path, mark):
    with pytest.warns(DataWarning, match="read with cells separated by"):
        got = read(tmp_path, COUNTS.replace(",", mark))
    assert got.equals(read(tmp_path, COUNTS))


def test_columns_without_a_name_are_kept(tmp_path):
    got = read(tmp_path, "trial,outcome,n,events,\nA,orr,10,3,x\n")
    assert got["column 5"].tolist() == ["x"]
    got = read(tmp_path, ",trial,outcome,n,events\n1,A,orr,10,3\n")  # as R and pandas write the names of rows
    assert got[["trial", "n", "events"]].values.tolist() == [["A", 10, 3]]


def test_figures_come_with_what_they_need(tmp_path):
    with pytest.raises(ColumnError, match="column 'unit' is missing"):
        read(tmp_path, "trial,outcome,n,events,estimate\nA,orr,10,3,30\n")
    with pytest.raises(ColumnError, match="column 'time_months' is missing"):
        read(tmp_path, "trial,outcome,n,events\nA,pfs_rate,10,3\n")


def test_a_table_without_figures_says_what_is_wanted(tmp_path):
    with pytest.raises(ColumnError, match=r"n, events \| hr, hr_low, hr_high \| estimate, unit"):
        read(tmp_path, "trial,outcome,n\nA,orr,10\n")
    with pytest.warns(DataWarning, match="line 3, column 1: 'B' has no figures"):
        assert len(read(tmp_path, "trial,outcome,n,events\nA,orr,10,3\nB,orr,10,\n")) == 1
    with pytest.raises(DataError, match=r"'B' \(row 1\): the row holds no figures: fill in n and events"):
        read(tmp_path, "trial,outcome,n,events\nA,orr,10,3\nB,orr,,3\n")
    table = "trial,outcome,hr,hr_low,hr_high,p_value\nA,os,0.6,0.4,0.9,0.01\nB,os,0.8,,,"
    with pytest.raises(DataError, match="that is reported in other ways, read the file by pandas and name its columns"):
        read(tmp_path, f"{table}\n")
    assert read(tmp_path, f"{table}0.2\n")["p_value"].tolist() == [0.01, 0.2]


def test_a_name_of_a_file_is_no_table_that_was_read(tmp_path):
    read(tmp_path, COUNTS)
    with pytest.raises(DataError, match=r"not the name of a file: read_as\(read_trials\('.*trials.csv'\)\)"):
        mo.read_as(str(tmp_path / "trials.csv"))
    with pytest.raises(DataError, match=r"Read a file first, as by pandas.read_csv, or by mo.read_trials"):
        mo.effect_sizes(tmp_path / "trials.csv", measure="PLO", events="events", n="n")
    with pytest.raises(DataError, match="says nothing of its source"):
        mo.read_as({"trial": ["A"], "n": [3]})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "utf-8"])
def test_an_encoding_is_taken_as_given(tmp_path, encoding):
    path = tmp_path / "trials.csv"
    path.write_bytes(COUNTS.replace("OPUS", "Größe").encode(encoding))
    assert mo.read_trials(path, encoding=encoding)["trial"].tolist() == ["Größe", "Größe"]


@pytest.mark.parametrize(
    ("encoding", "given", "says"),
    [
        ("utf-8", "cp1252", "is UTF-8 text, not cp1252: leave encoding= out"),
        ("utf-16", None, "give encoding='utf-16'"),
        ("utf-16-le", None, "holds zero bytes"),
        ("cp1252", None, "give encoding='cp1252'"),
        ("cp1252", "utf-16", "is not utf-16 text"),
    ],
)
def test_a_wrong_encoding_is_told(tmp_path, encoding, given, says):
    path = tmp_path / "trials.csv"
    path.write_bytes(COUNTS.replace("OPUS", "Groß").encode(encoding))
    with pytest.raises(DataError) as caught:
        mo.read_trials(path, encoding=given)
    assert says in str(caught.value)


def test_a_median_that_was_not_reached_is_a_figure():
    table = {"trial": ["A", "B"], "outcome": ["os", "os"], "estimate": [None, 12.9], "ci_low": [9.1, 10.9],
             "ci_high": [None, 20.2], "unit": ["months"] * 2, "not_reached": ["estimate ci_high", None]}  # fmt: skip
    assert mo.read_trials(table)["ci_low"].tolist() == [9.1, 10.9]
    with pytest.raises(DataError, match=r"there is an interval \(9.1, nan\) but estimate is blank"):
        mo.read_trials(table | {"not_reached": [None, None]})


def test_columns_of_text_that_no_row_fills_are_left_out_and_levels_are_asked_for():
    table = {"trial": ["A"], "outcome": ["pfs"], "hr": [0.5], "hr_low": [0.3], "hr_high": [0.8], "comparator": [None]}
    assert "comparator" not in mo.read_trials(table)
    with pytest.raises(DataError, match="hr_level is blank"):
        mo.read_trials(table | {"hr_level": [None]})
