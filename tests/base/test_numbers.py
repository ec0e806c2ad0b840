"""What is a number; that all verbs agree on it is in properties/test_every_verb.py."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.base.numbers import NotANumber, count_of, number, number_of, numbers, sequence
from metaonc.errors import DataError


@pytest.mark.parametrize(
    ("value", "is_"),
    [("12", 12), (" -0.5 ", -0.5), (".5", 0.5), ("1e-3", 0.001), (Decimal("0.1"), 0.1), (Fraction(1, 4), 0.25),
     (np.int8(3), 3), (np.float32(0.5), 0.5), (7, 7), (float("inf"), math.inf)],
)  # fmt: skip
def test_numbers_of_any_type(value, is_):
    assert number_of(value) == is_


@pytest.mark.parametrize("value", [None, "", " ", "\u00a0", np.nan, pd.NA, pd.NaT, np.ma.masked, Decimal("NaN")])
def test_what_is_missing(value):
    assert math.isnan(number_of(value))


def test_truth_values_are_numbers_of_events_only():
    assert number_of(True, truths=True) == 1
    assert number_of(np.False_, truths=True) == 0
    with pytest.raises(NotANumber, match="truth value"):
        number_of(True)


@pytest.mark.parametrize(("text", "is_"), [("12", 12), ("12,5", 12.5), ("-0,3", -0.3)])
def test_a_decimal_comma(text, is_):
    assert number_of(text, decimal=",") == is_


def test_signs_of_two_meanings_are_refused_with_both():
    with pytest.raises(NotANumber, match="a point may stand between thousands"):
        number_of("1.234", decimal=",")
    with pytest.raises(NotANumber, match=r"write it with a point, 1\.234, or as 1234"):
        number_of("1,234")
    with pytest.raises(NotANumber, match=r"write it with a point, 42\.3$"):
        number_of("42,3")
    for text in ("1.234", "1,234", "1e3"):
        with pytest.raises(NotANumber, match="without a sign between thousands"):
            number_of(text, whole=True)
    assert number_of("25.0", whole=True) == 25
    assert number_of("2.5", whole=True) == 2.5  # not whole, as its caller says


def test_the_first_that_is_none_is_named_and_the_others_counted():
    with pytest.raises(DataError, match=r"^trial 'B' \(row 1\): x='a' is not a number: .* \(1 more row like it.\)$"):
        numbers([1.0, "a", "b"], "x", ["A", "B", "C"])


def test_an_array_is_copied_and_its_mask_kept():
    given = np.array([1.0, 2.0])
    assert numbers(given, "x", ["A", "B"]) is not given
    assert np.isnan(numbers(np.ma.array(given, mask=[0, 1]), "x", ["A", "B"])).tolist() == [False, True]
    assert np.isnan(numbers(np.ma.array([1, 2], mask=[1, 0]), "x", ["A", "B"])).tolist() == [True, False]


def test_sequences_are_finite_numbers_in_one_dimension():
    assert sequence((1, "2", Decimal(3)), "t").tolist() == [1, 2, 3]
    assert sequence(pd.array([1, 2], dtype="Int64"), "t").tolist() == [1, 2]
    for wrong, says in (
        ("12", "0 dimensions"),
        (3, "0 dimensions"),
        ([[1], [2]], "2 dimensions"),
        ([[1], 2], "2 dim"),
        ([1, None], r"t\[1\]=nan is not a finite"),
        (np.ma.array([1.0, 2], mask=[1, 0]), r"t\[0\]"),
    ):
        with pytest.raises(DataError, match=says):  # fmt: skip
            sequence(wrong, "t")


def test_numbers_given_alone():
    assert (number("0.5", "hr"), count_of(12.0, "n")) == (0.5, 12)
    for value in (True, "many", np.inf, None):
        with pytest.raises(DataError, match=r"hr=.* is not a"):
            number(value, "hr")
    for value in (2.5, -1, "1.234", True):
        with pytest.raises(DataError, match=r"n=.* is not a number"):
            count_of(value, "n")


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("\u22120.5", "its minus is a typographic sign: write it with a hyphen, -0.5"),
        ("\u20130.5", "its minus is a typographic sign: write it with a hyphen, -0.5"),
        ("NR", "leave it empty where it was not reached or reported; survival.pool_medians takes medians not rea"),
    ],
)
def test_signs_of_print_are_refused_with_what_they_are(text, fix):
    with pytest.raises(mo.DataError, match=f"yi='{text}' is not a number: {fix}"):
        mo.pool({"yi": [text, "0.2"], "vi": [0.1, 0.1]})
