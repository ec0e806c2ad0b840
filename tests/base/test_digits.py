"""Numbers as readers see them; the texts are worked out by hand from the house style and the rule on digits."""

import math

import pytest

from metaonc.base.digits import (
    decimals,
    finer,
    fixed,
    in_column,
    in_percent,
    number,
    p_said,
    percentage,
    plain,
    rate,
    ratio,
    significant,
    statistic,
    statistic_said,
    whole_percent,
    with_digits,
)


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [(1.005, 1, "1.0"), (-0.25, 2, "−0.25"), (-0.001, 2, "0.00"), (12.5, 0, "12"), (math.inf, 1, "∞"),
     (-math.inf, 1, "−∞"), (math.nan, 1, "not estimable")],
)  # fmt: skip
def test_numbers_have_fixed_decimals_and_a_true_minus(x, digits, text):
    assert number(x, digits) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [(0, "0.00"), (0.0049, "0.0049"), (0.005, "0.0050"), (0.0996, "0.10"),
     (0.48, "0.48"), (9.994, "9.99"), (9.996, "10.0"),
     (99.94, "99.9"), (99.96, "100"), (1000, "1000"), (12500, "12500"), (3e8, "3.00e+08"), (2.2e-11, "2.2e−11"),
     (math.inf, "∞")],
)  # fmt: skip
def test_ratios_lose_decimals_as_they_grow_and_are_never_hidden_behind_a_bound(x, text):
    assert ratio(x) == text


@pytest.mark.parametrize(
    ("error", "places"),
    [(0.3, 2), (0.05, 2), (0.0101, 2), (0.004, 3), (4e-5, 5), (3.0, 2), (30.0, 1), (4e3, 0), (0.0, 2), (math.nan, 2)],
)
def test_decimals_follow_the_standard_error(error, places):
    assert decimals(error) == places


@pytest.mark.parametrize(
    ("form", "values", "texts"),
    [
        # ordinary numbers keep the style
        (percentage, (45.23, 38.11, 52.5), ("45.2", "38.1", "52.5")),
        (ratio, (0.684, 0.521, 0.898), ("0.68", "0.52", "0.90")),
        (ratio, (12.34, 0.52, 292.8), ("12.3", "0.52", "293")),
        # near an end
        (percentage, (0.0217, 0.0104, 0.0453), ("0.02", "0.01", "0.05")),
        (percentage, (99.96, 99.93, 99.98), ("99.96", "99.93", "99.98")),
        (percentage, (0.004, 0.0011, 0.014), ("0.004", "0.001", "0.014")),
        (whole_percent, (99.7, 98.1, 100.0), ("99.7", "98.1", "100.0")),
        (ratio, (0.0031, 0.0007, 0.0137), ("0.0031", "0.0007", "0.0137")),
        (rate, (0.352, 0.071, 1.024), ("0.35", "0.07", "1.02")),
        (ratio, (0.02, 0.004, 14.7), ("0.020", "0.004", "14.7")),
        # at an end
        (percentage, (0.0, 0.0, 13.2), ("0.0", "0.0", "13.2")),
        (percentage, (100.0, 86.8, 100.0), ("100.0", "86.8", "100.0")),
        # beyond what three more digits tell
        (percentage, (2.0, 4e-9, 31.0), ("2.0", "4.0e−09", "31.0")),
        (percentage, (99.9999987, 97.1, 100.0), ("99.999999", "97.1", "100.0")),
        (ratio, (1.1, 3e-14, 4e13), ("1.10", "3.0e−14", "4.00e+13")),
        # different numbers differ in print, equal ones do not
        (percentage, (31.24, 31.21, 31.27), ("31.24", "31.21", "31.27")),
        (ratio, (1.0012, 0.9991, 1.0033), ("1.001", "0.999", "1.003")),
        (ratio, (15230.4, 15229.9, 15230.9), ("15230.4", "15229.9", "15230.9")),
        (fixed(1), (-0.04, -0.06, -0.02), ("−0.04", "−0.06", "−0.02")),
        (fixed(2), (0.5, 0.5, 0.5), ("0.50", "0.50", "0.50")),
        (fixed(2), (0.5, 0.5 + 1e-7, 0.5), ("0.50", "0.50", "0.50")),  # no digit within reach tells them apart
        # missing limits
        (ratio, (0.004, math.nan, 0.3), ("0.004", "not estimable", "0.300")),
    ],
)
def test_numbers_of_an_interval_are_neither_erased_nor_made_equal(form, values, texts):
    assert form.of(*values) == texts


@pytest.mark.parametrize(
    ("x", "text"),
    [(0, "0"), (0.0772, "0.0772"), (32.13, "32.1"), (504.4, "504"), (12345, "12345"), (0.000123, "0.000123"),
     (1e-9, "1.00e−09"), (math.nan, "not estimable"), (9.996, "10.0"), (-0.5, "−0.500")],
)  # fmt: skip
def test_significant_digits(x, text):
    assert significant(x) == text


@pytest.mark.parametrize("x", [3.14159, -0.25, 0.001, 1e-4, 9.9e-5, 123.456, 9999.4, 0.5, 2.0, 50.0, 0.12345])
def test_ordinary_numbers_of_summaries_have_four_significant_digits(x):
    assert plain(x) == f"{x:.4g}"
    assert finer(x) == f"{x:.5g}"


@pytest.mark.parametrize(
    ("x", "text"),
    [(-0.0, "0"), (12345.6, "12346"), (250000.0, "250000"), (3.21e9, "3.21e+09"), (99.998, "99.998"),
     (0.99996, "0.99996"), (1.0, "1"), (100.0, "100"), (1.00002, "1.00002"), (math.nan, "not estimable")],
)  # fmt: skip
def test_summaries_neither_round_to_the_end_nor_hide_thousands(x, text):
    assert plain(x) == text


def test_limits_in_summaries_differ_where_a_digit_more_tells_them_apart():
    assert plain.of(5000.4, 4999.6, 5001.2) == ("5000.4", "4999.6", "5001.2")
    assert plain.of(0.5, 0.49998, 0.50003) == ("0.5", "0.49998", "0.50003")


@pytest.mark.parametrize(
    ("level", "text"), [(0.95, "95"), (0.975, "97.5"), (0.999, "99.9"), (0.57, "57"), (0.99995, "99.995")]
)
def test_levels_are_printed_as_given(level, text):
    assert in_percent(level) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.4321, "p 0.432"), (0.00123, "p 0.00123"), (2.5e-7, "p 2.5e-07"), (0.0, "p < 0.001"), (1.0, "p 1"),
     (0.99996, "p 0.99996"), (math.nan, "p not available")],
)  # fmt: skip
def test_p_is_never_0(p, text):
    assert p_said(p) == text


def test_a_test_is_said_with_its_degrees_of_freedom():
    assert statistic_said("Q", 1633.4, 7, 0.0) == "Q 1633 (7 df), p < 0.001"
    assert p_said(0.03, " =") == "p = 0.03"


@pytest.mark.parametrize(
    ("x", "text"), [(8e-32, "0"), (-2.5e-30, "0"), (1e-11, "1.00e−11"), (0.0123, "0.0123"), (12.34, "12.3")]
)
def test_statistics_that_rounding_left_are_0(x, text):
    assert statistic(x) == text


def test_what_rounding_left_has_no_digits():
    assert statistic_said("Q", 8e-32, 3, 1.0) == "Q 0 (3 df), p 1"
    assert decimals(4.5e-17) == 2


@pytest.mark.parametrize(
    ("form", "intervals", "texts"),
    [
        (percentage, [(1.27, 0.03, 6.9), (25.1, 12.0, 40.2), (30.0, 20.0, 41.0)], ["1.27", "25.10", "30.00"]),
        (percentage, [(25.1, 12.0, 40.2), (30.0, 20.0, 41.0)], ["25.1", "30.0"]),
        (ratio, [(12.34, 3.1, 49.0), (0.82, 0.6, 1.1), (154.2, 99.0, 240.0)], ["12.34", "0.82", "154"]),
        # one that needs two more is printed by itself among many that need none
        (ratio, [(0.8, 0.7, 0.9), (1.1, 0.9, 1.3), (0.9, 0.8, 1.0), (0.0021, 0.001, 0.0046)],
         ["0.80", "1.10", "0.90", "0.0021"]),
    ],
)  # fmt: skip
def test_numbers_in_one_column_have_the_same_decimals(form, intervals, texts):
    column = in_column(form, intervals)
    assert [column.of(*interval)[0] for interval in intervals] == texts


def test_digits_that_are_asked_for_hold_unless_they_erase():
    assert with_digits(ratio, 1).of(0.0652, 0.0321, 0.132) == ("0.07", "0.03", "0.13")
    assert with_digits(ratio, 1).of(0.81, 0.62, 1.04) == ("0.8", "0.6", "1.0")
    assert with_digits(ratio, None) is ratio
