"""Moderators that are texts: labels, or numbers that were meant as such."""

import re
import warnings

import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.pooling.moderators.columns import read_moderators
from metaonc.errors import DataError

SHARES = ["33,5 %", "44%", None, "50 %"]


def test_percentages_that_are_texts_are_refused_with_what_makes_numbers_of_them():
    df = pd.DataFrame({"yi": [0.1, 0.2, 0.3, 0.5], "vi": [0.1] * 4, "share": SHARES})
    with pytest.raises(DataError, match=r"row 0: share='33,5 %' is a text") as told:
        mo.regress(df, "~ share")
    advised = re.search(r"as by (pd\.to_numeric\(.*'coerce'\))", str(told.value))
    numbers = eval(advised[1], {"pd": pd, "df": df})
    assert numbers.tolist()[:2] == [33.5, 44.0]
    assert numbers.isna().tolist() == [False, False, True, False]


def test_labels_beside_a_sign_of_percent_stay_labels():
    table = pd.DataFrame({"pdl1": ["<1%", "1-49 %", ">=50%"]})
    assert read_moderators(table, ["pdl1"], range(3)).frame["pdl1"].tolist() == table["pdl1"].tolist()


MEASURED = {"yi": [0.1, 0.3, 0.2, 0.5, 0.4, 0.6], "vi": [0.02] * 6}


@pytest.mark.parametrize(
    ("ages", "named"),
    [
        (["60", "62", "61,5", "58", "70", "66"], r"row 2: age='61,5' is a text among texts that are mostly numbers"),
        (["60", "62", "n/a", "58", "70", "60"], r"row 2: age='n/a' is a text"),
        (["60", "62", "61", "58", "60", "62"], r"row 0: age='60' is a text"),
        (["1.5", "2.5", "2.5", "1.5", "3.5", "3.5"], None),  # doses, each in two rows
        (["1", "2", "1", "2", "1", "2"], None),
        (["1", "2", "3", "1", "2", "3"], None),
        (["G12C", "12", "G12D", "G12C", "12", "G12D"], None),
    ],
)
def test_measurements_that_are_texts_are_refused_and_codes_are_not(ages, named):
    table = pd.DataFrame({**MEASURED, "age": ages})
    if named is None:
        assert len(mo.regress(table, "~ age").coefficients) == len(set(ages))
        return
    with pytest.raises(mo.DataError, match=named) as problem:
        mo.regress(table, "~ age")
    assert "as by pd.to_numeric(df['age'].str.replace(',', '.'), errors='coerce')" in str(problem.value)
    numbers = pd.to_numeric(table["age"].str.replace(",", "."), errors="coerce")  # as it says
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)  # of the row without a number
        assert mo.regress(table.assign(age=numbers), "~ age").coefficients.index.tolist() == ["intercept", "age"]


def test_levels_that_are_said_to_be_levels_are_taken():
    table = pd.DataFrame({**MEASURED, "dose": pd.Series(["1", "2", "3", "4", "1", "2"]).astype("category")})
    assert len(mo.regress(table, "~ dose").coefficients) == 4


def test_too_many_coefficients_name_the_factor_that_takes_them():
    table = pd.DataFrame({**MEASURED, "name": list("abcdef")})
    with pytest.raises(mo.DataError, match=r"6 rows cannot determine 6 coefficients .* 5 of them are levels of name: "):
        mo.regress(table, "~ name")
