"""Tables under R's names: as R writes them they are read, and their effects are those of metafor."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.errors import ColumnError, DataError, OptionError

PINNED = load("readers")
R_DIGITS = 1e-13  # R writes 15 digits of yi and vi
TWO = ("events_t", "n_t", "events_c", "n_c")
CASES = {
    "OR": TWO,
    "IRR": ("events_t", "time_t", "events_c", "time_c"),
    "MD": ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c"),
    "PLO": ("events", "n"),
}


def written(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("measure", CASES)
def test_effects_of_a_table_are_those_of_metafor(tmp_path, measure):
    case = PINNED["escalc"][measure]
    got = mo.read_escalc(written(tmp_path, case["csv"]))
    es = mo.effect_sizes(got, measure=measure, **{role: role for role in CASES[measure]})
    np.testing.assert_allclose(es["yi"], case["yi"], rtol=R_DIGITS)
    np.testing.assert_allclose(es["vi"], case["vi"], rtol=R_DIGITS)


def test_a_table_of_escalc_is_pooled_as_rma_does(tmp_path):
    case = PINNED["escalc"]["OR"]
    got = mo.read_escalc(written(tmp_path, case["with_effects"]), columns={"author": "slab"})
    assert got["study"][1] == "Ferguson & Simes"
    assert got["row_name"].tolist() == list(range(1, 14))
    pooled = mo.pool(got, study="study", measure="OR")
    assert pooled.estimate == pytest.approx(PINNED["pooled"]["estimate"], rel=1e-5)  # where rma stops, by default
    assert pooled.tau2 == pytest.approx(PINNED["pooled"]["tau2"], rel=1e-5)


def test_write_csv2_is_read_with_its_marks(tmp_path):
    case = PINNED["escalc"]["OR"]
    path = written(tmp_path, case["csv2"])
    got = mo.read_escalc(path, sep=";", decimal=",")
    np.testing.assert_allclose(got["yi"], case["yi"], rtol=R_DIGITS)
    assert got["year"].tolist()[0] == 1948
    with pytest.raises(DataError, match="separated by semicolons: give sep=';', with decimal=','"):
        mo.read_escalc(path)
    with pytest.raises(
        DataError, match=r"yi='-0,938694140870392' is not a number: give decimal=',' \(line 2, column 9\)"
    ):
        mo.read_escalc(path, sep=";")


@pytest.mark.parametrize("count", ["1.234", "1,234", "1e3", "1_0"])
def test_a_count_of_two_meanings_is_refused_with_its_cell(tmp_path, count):
    path = written(tmp_path, f"slab;ai;n1i;ci;n2i\nA;5;{count};6;100\n")
    with pytest.raises(
        DataError, match=r"n1i='.*' is not a number \(line 2, column 3\): write a count in plain digits"
    ):
        mo.read_escalc(path, sep=";", decimal=",")


def test_points_beside_decimal_commas_are_no_decimals(tmp_path):
    path = written(tmp_path, "slab;yi;vi;code\nA;0,5;0,1;1.234\nB;5;0,2;2.345\n")
    got = mo.read_escalc(path, sep=";", decimal=",")
    assert got["yi"].tolist() == [0.5, 5]
    assert got["code"].tolist() == ["1.234", "2.345"]
    with pytest.raises(DataError, match=r"yi='1.234' is not a number .* a point may stand between thousands"):
        mo.read_escalc(written(tmp_path, "slab;yi;vi\nA;1.234;0,1\n"), sep=";", decimal=",")


def test_what_is_worked_out_is_said(tmp_path):
    got = mo.read_escalc(written(tmp_path, PINNED["escalc"]["sei"]["csv"]))
    np.testing.assert_allclose(got["vi"], PINNED["escalc"]["sei"]["vi"], rtol=R_DIGITS)
    assert got.attrs["reading"]["derived"] == ["vi = sei squared"]
    assert got.attrs["reading"]["columns"] == {"yi": "yi", "sei": "se", "ci.lb": "ci_low", "ci.ub": "ci_high"}
    got = mo.read_escalc({"ai": [4], "bi": [119], "ci": [11], "di": [128]})
    assert got.attrs["reading"]["derived"] == ["n_t = ai + bi", "n_c = ci + di"]
    assert list(got) == ["events_t", "events_c", "n_t", "n_c"]


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_names_of_meta(kind):
    table = kind(
        {
            "studlab": ["A", "B"],
            "event.e": [4, 6],
            "n.e": [123, 306],
            "event.c": [11, 29],
            "n.c": [139, 303],
            "dose": [1, 2],
        }
    )
    got = mo.read_escalc(table)
    assert list(got) == ["study", *TWO, "dose"]
    got = mo.read_escalc(kind({"studlab": ["A"], "TE": [-0.3], "seTE": [0.2], "lower": [-0.7], "upper": [0.1]}))
    assert got.iloc[0].tolist() == ["A", -0.3, 0.2, -0.7, 0.1, pytest.approx(0.04)]


def test_missing_values_and_names_are_kept(tmp_path):
    got = mo.read_escalc(written(tmp_path, 'slab,yi,vi,code\n"007",NA,NA,007\nB,0.1,0.2,NA\n'))
    assert got["study"].tolist() == ["007", "B"]
    assert np.isnan(got["yi"][0])
    assert got["code"].tolist() == ["007", None]


def test_mi_is_a_mean_without_xi():
    assert "events" in mo.read_escalc({"xi": [3], "mi": [7]})
    assert list(mo.read_escalc({"mi": [3.1], "sdi": [1.0], "ni": [20]})) == ["mi", "sdi", "n"]


@pytest.mark.parametrize(
    ("table", "error", "says"),
    [
        ({"a": [1], "b": [2]}, ColumnError, "no column bears a name of metafor or meta: the table has ['a', 'b']"),
        ({"studlab": ["A"]}, ColumnError, "no column bears a name"),
        ({"slab": ["A"], "study": ["B"], "yi": [1], "vi": [1]}, ColumnError, "would both be 'study': drop one of them"),
        ({"yi": [0.1], "vi": [0.5], "sei": [0.5]}, DataError, "vi = sei squared"),
        (
            {"ai": [4], "bi": [119], "n1i": [100], "ci": [1], "di": [2]},
            DataError,
            "n_t = ai + bi is 123, but the table",
        ),
        ({"TE": [-0.3], "seTE": [0.2], "lower": [0.5], "upper": [1.1]}, DataError, "is one of them a ratio"),
        ({"yi": ["x"], "vi": [1]}, DataError, "yi='x' is not a number (row 0, column 'yi')"),
        ({"yi": [True], "vi": [1]}, DataError, "yi=True is not a number"),
        ({"xi": [21], "ni": [20]}, DataError, "trial '0' (row 0): xi=21 exceeds ni=20: correct one of them"),
        ({"xi": [2.5], "ni": [20]}, DataError, "xi=2.5 is not a count"),
        ({"xi": [-2], "ni": [20]}, DataError, "xi=-2 is not a count"),
        ({"xi": ["1e1"], "ni": [20]}, DataError, "xi='1e1' is not a number"),
    ],
)
def test_what_cannot_be_is_refused(table, error, says):
    with pytest.raises(error) as caught:
        mo.read_escalc(table)
    assert says in str(caught.value)


def test_columns_are_named_as_in_rs_call():
    table = {"tpos": [4], "tneg": [119], "cpos": [11], "cneg": [128]}
    columns = {"tpos": "ai", "tneg": "bi", "cpos": "ci", "cneg": "di"}
    got = mo.read_escalc(table, columns=columns)
    assert got[list(TWO)].iloc[0].tolist() == [4, 123, 11, 139]
    with pytest.raises(OptionError, match="'a1i' is not an option"):
        mo.read_escalc(table, columns={"tpos": "a1i"})
    with pytest.raises(ColumnError, match="'tops' is not a column"):
        mo.read_escalc(table, columns={"tops": "ai"})


def test_a_square_beyond_all_numbers_is_refused():
    with pytest.raises(
        DataError, match=r"trial 'B' \(row 1\): vi = sei squared is larger than a number .* sei=1e\+200"
    ):
        mo.read_escalc({"slab": ["A", "B"], "yi": [0.1, 0.2], "sei": [0.1, 1e200]})
