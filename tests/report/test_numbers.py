import math

import pytest

from metaonc.report.journals import journal_of
from metaonc.report.numbers import decimals, number, p_value, ratio, significant


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [(1.005, 1, "1.0"), (-0.25, 2, "−0.25"), (-0.001, 2, "0.00"), (12.5, 0, "12"), (math.inf, 1, "∞"),
     (-math.inf, 1, "−∞")],
)  # fmt: skip
def test_numbers_have_fixed_decimals_and_a_true_minus(x, digits, text):
    assert number(x, digits) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [(0, "<0.01"), (0.0049, "<0.01"), (0.005, "0.01"), (0.48, "0.48"), (9.994, "9.99"), (9.996, "10.0"),
     (99.94, "99.9"), (99.96, "100"), (1000, "1000"), (9999, "9999"), (1e5, ">9999"), (math.inf, ">9999")],
)  # fmt: skip
def test_ratios_are_never_zero_and_lose_decimals_as_they_grow(x, text):
    assert ratio(x) == text


@pytest.mark.parametrize(
    ("error", "places"), [(0.3, 2), (0.05, 2), (0.0101, 2), (0.004, 3), (4e-5, 5), (3.0, 2), (30.0, 1), (4e3, 0)]
)
def test_decimals_follow_the_standard_error(error, places):
    assert decimals(error) == places


def test_intervals_say_what_was_not_reached():
    interval = journal_of(None).interval
    assert interval(0.48, 0.36, 0.64, ratio) == "0.48 (0.36 to 0.64)"
    assert interval(12.5, 9.0, math.nan, ratio) == "12.5 (9.00 to NR)"


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.43, "p = 0.43"), (0.1, "p = 0.10"), (0.0123, "p = 0.012"), (0.001, "p = 0.001"), (0.00099, "p < 0.001"),
     (0, "p < 0.001"), (1, "p = 1.00"), (math.nan, "p not available")],
)  # fmt: skip
def test_p_values(p, text):
    assert p_value(p) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [(0, "0"), (0.0772, "0.0772"), (32.13, "32.1"), (504.4, "504"), (12345, "12345"), (0.000123, "0.000123"),
     (1e-9, "1.00e−09"), (math.nan, "not estimable")],
)  # fmt: skip
def test_significant_digits(x, text):
    assert significant(x) == text
