"""ADTTE: patients as haven writes them, curves as survfit draws them."""

from __future__ import annotations

import base64
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError

PINNED = load("readers")["adtte"]
TABLE = pd.read_csv(io.StringIO(PINNED["csv"]))
IBM = 1e-14  # relative: floats of the transport format have 56 bits of mantissa in a base of 16


@pytest.fixture
def xpt(tmp_path):
    path = tmp_path / "adtte.xpt"
    path.write_bytes(base64.b64decode(PINNED["xpt"]))
    return path


def one(**columns):
    """Return a table of two patients, with columns replaced."""
    table = {"USUBJID": ["1", "2"], "PARAM": ["Overall Survival (Days)"] * 2, "PARAMCD": ["OS"] * 2, "AVAL": [5, 8],
             "CNSR": [0, 1], "TRTP": ["A", "B"]} | columns  # fmt: skip
    return {name: values for name, values in table.items() if values is not None}


@pytest.mark.parametrize("parameter", ["OS", "OS200"])
def test_curves_of_a_transport_file_are_those_of_survfit(xpt, parameter):
    patients = mo.read_adtte(xpt, parameter=parameter)
    reading = patients.attrs["reading"]
    assert (reading["unit"], reading["unit_said_by"]) == ({"OS": "months", "OS200": "days"}[parameter], "PARAM")
    got = mo.survival.kaplan_meier(patients, by="arm", unit=reading["unit"]).medians
    want = PINNED[parameter]
    assert got["group"].tolist() == want["group"]
    assert patients.groupby("arm")["event"].agg(["size", "sum"]).T.values.tolist() == [want["n"], want["events"]]
    for column in ("median", "ci_low", "ci_high"):
        np.testing.assert_allclose(got[column], want[column], rtol=1e-12)


def test_numbers_of_a_transport_file_are_those_written(xpt):
    got = mo.read_adtte(xpt, parameter="OS")
    want = TABLE[TABLE["PARAMCD"] == "OS"].reset_index(drop=True)
    np.testing.assert_allclose(got["time"], want["AVAL"], rtol=IBM)
    assert got["event"].tolist() == (want["CNSR"] == 0).astype(int).tolist()
    assert sorted(set(want["CNSR"])) == [0, 2]  # a censoring of any kind is no event
    assert got["patient"].tolist() == want["USUBJID"].tolist()
    assert list(got) == ["patient", "study", "parameter", "time", "event", "arm", "PARAM", "ITTFL", "AGE"]


def test_a_csv_file_and_frames_say_the_same(xpt, tmp_path):
    path = tmp_path / "adtte.csv"
    path.write_text("\ufeff" + PINNED["csv"], encoding="utf-8")
    want = mo.read_adtte(xpt, parameter="OS")
    for source in (path, TABLE, TABLE.rename(columns=str.lower), pa.Table.from_pandas(TABLE)):
        got = mo.read_adtte(source, parameter="OS", where={"ITTFL": "Y"})
        np.testing.assert_allclose(got["time"], want["time"], rtol=IBM)
        assert got[["patient", "event", "arm"]].equals(want[["patient", "event", "arm"]])


@pytest.mark.parametrize(
    ("columns", "options", "unit", "by"),
    [
        ({"AVALU": ["DAYS"] * 2}, {}, "days", "AVALU"),
        ({"AVALU": ["Months"] * 2, "PARAM": ["OS"] * 2}, {}, "months", "AVALU"),
        ({"PARAM": ["OS [wks]"] * 2}, {}, "weeks", "PARAM"),
        ({"PARAM": ["Overall Survival"] * 2}, {"unit": "years"}, "years", "unit"),
    ],
)
def test_the_unit_is_said(columns, options, unit, by):
    reading = mo.read_adtte(one(**columns), **options).attrs["reading"]
    assert (reading["unit"], reading["unit_said_by"]) == (unit, by)


def test_a_unit_that_nothing_says_is_asked_for():
    with pytest.warns(DataWarning, match="nothing says what unit AVAL has; give unit"):
        got = mo.read_adtte(one(PARAM=None))
    assert got.attrs["reading"]["unit"] is None


def test_the_arm_is_the_planned_one():
    assert mo.read_adtte(one(TRT01P=["x", "y"]))["arm"].tolist() == ["A", "B"]
    assert mo.read_adtte(one(TRTP=None, TRT01P=["x", "y"]))["arm"].tolist() == ["x", "y"]
    got = mo.read_adtte(one(TRTA=["u", "v"]), arm="TRTA")
    assert got["arm"].tolist() == ["u", "v"]
    assert got["TRTP"].tolist() == ["A", "B"]
    assert "arm" not in mo.read_adtte(one(TRTP=None))


@pytest.mark.parametrize(
    ("columns", "options", "error", "says"),
    [
        ({"AVAL": None}, {}, ColumnError, "AVAL='AVAL' is not a column of the table"),
        ({"AVAL": [5, None]}, {}, DataError, "patient '2' (row 1): AVAL is blank."),
        ({"AVAL": [5, "8,5"]}, {}, DataError, "patient '2' (row 1): AVAL='8,5' is not a number"),
        ({"AVAL": [5, -8]}, {}, DataError, "patient '2' (row 1): AVAL=-8 is below 0."),
        ({"CNSR": [0, -1]}, {}, DataError, "CNSR=-1 is neither 0 (event) nor 1, 2, ... (censored)."),
        ({"CNSR": [0, 0.5]}, {}, DataError, "CNSR=0.5 is neither"),
        ({"USUBJID": ["1", "1"]}, {}, DataError, "stands in an earlier row too: choose one record a patient"),
        ({"PARAMCD": ["OS", "PFS"]}, {}, OptionError, "give parameter, one of 'OS' (1 rows), 'PFS' (1 rows)"),
        ({}, {"parameter": "DFS"}, OptionError, "parameter='DFS' is not in the table; choose from 'OS' (2 rows)"),
        ({"PARAMCD": None}, {"parameter": "OS"}, ColumnError, "needs the column PARAMCD"),
        ({}, {"where": {"ITTFL": "Y"}}, ColumnError, "'ITTFL' is not a column"),
        ({"ITTFL": ["N", "N"]}, {"where": {"ITTFL": "Y"}}, DataError, "has ITTFL='Y'; there are 'N' (2 rows)"),
        ({"AVALU": ["MONTHS"] * 2}, {}, DataError, "PARAM='Overall Survival (Days)' says days, but AVALU says months"),
        (
            {"AVALU": ["DAYS", "MONTHS"], "PARAM": None},
            {},
            DataError,
            "AVALU='MONTHS' says months, but AVALU says days",
        ),
        ({}, {"unit": "months"}, DataError, "says days, but unit says months"),
        ({}, {"unit": "fortnights"}, OptionError, "unit='fortnights' is not an option"),
    ],
)
def test_what_cannot_be_is_refused(columns, options, error, says):
    with pytest.raises(error) as caught:
        mo.read_adtte(one(**columns), **options)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xpt", b"HEADER RECORD*******LIBV8   HEADER", "of version 8: write it in version 5"),
        ("a.xpt", b"nonsense", "is no SAS transport file that can be read"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"AVAL,CNSR\n", "has a header and no rows"),
        ("a.csv", b"AVAL,CNSR\n1,0,5\n", "has 3 values for 2 columns"),
        ("a.csv", "AVAL,CNSR,TRTP\n1,0,größer\n".encode("cp1252"), "give encoding='cp1252'"),
        ("a.sas7bdat", b"x", r"write it as a transport file"),
    ],
)
def test_files_that_are_none_say_what_to_do(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=says):
        mo.read_adtte(tmp_path / name)


def test_several_data_sets_in_a_file_are_refused(tmp_path, xpt):
    path = tmp_path / "two.xpt"
    path.write_bytes(xpt.read_bytes() + xpt.read_bytes()[240:])
    with pytest.raises(DataError, match="holds 2 data sets"):
        mo.read_adtte(path)


def test_a_cut_transport_file_is_refused(tmp_path, xpt):
    for size in (80, 500, 1500):
        (tmp_path / "cut.xpt").write_bytes(xpt.read_bytes()[:size])
        with pytest.raises(DataError):
            mo.read_adtte(tmp_path / "cut.xpt", parameter="OS")


def test_labels_of_arms_and_patients():
    table = one(USUBJID=["a-1", "a-2"], TRTP=["drug x", "drug\u00a0x"])
    with pytest.warns(DataWarning, match="column 'TRTP': .* is taken as 'drug x'"):
        got = mo.read_adtte(table)
    assert got["arm"].tolist() == ["drug x", "drug x"]
    assert len(got.attrs["reading"]["joined"]) == 1
    with pytest.raises(
        DataError, match=r"USUBJID='a\u20111' stands in an earlier row too, as 'a-1': choose one record"
    ):
        mo.read_adtte(one(USUBJID=["a-1", "a\u20111"]))
    with pytest.raises(DataError, match=r"'A' .* and 'a' .* differ only by case"):
        mo.read_adtte(one(TRTP=["A", "a"]))
    assert len(mo.read_adtte(one(ITTFL=["Y ", "N"]), where={"ITTFL": "Y"}, parameter="OS ")) == 1
