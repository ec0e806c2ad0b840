import math

import pytest

from metaonc.base.digits import fixed, p_said, ratio
from metaonc.report.journals import JOURNALS, journal_of
from metaonc.report.numbers import cell, p_value


def test_intervals_say_what_was_not_reached():
    interval = journal_of(None).interval
    assert interval(0.48, 0.36, 0.64, ratio) == "0.48 (0.36 to 0.64)"
    assert interval(12.5, 9.0, math.nan, ratio) == "12.5 (9.00 to NR)"


def test_limits_share_the_digits_that_their_estimate_needs():
    interval = journal_of(None).interval
    assert interval(0.0042, 0.0014, 0.0126, ratio) == "0.0042 (0.0014 to 0.0126)"
    assert interval(-0.03, -0.05, -0.01, fixed(1)) == "−0.03 (−0.05 to −0.01)"


@pytest.mark.parametrize("name", JOURNALS)
def test_no_journal_rounds_heterogeneity_away(name):
    journal = JOURNALS[name]
    assert float(journal.tau2(0.0004)) > 0
    assert 0 < float(journal.i2(0.03)) < 1
    assert 99 < float(journal.i2(99.98)) < 100


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.43, "p = 0.43"), (0.1, "p = 0.10"), (0.0123, "p = 0.012"), (0.001, "p = 0.001"), (0.00099, "p < 0.001"),
     (0, "p < 0.001"), (1, "p = 1.00"), (math.nan, "p not available")],
)  # fmt: skip
def test_p_values(p, text):
    assert p_value(p) == text


@pytest.mark.parametrize("name", JOURNALS)
@pytest.mark.parametrize("p", [0.045, 0.0496, 0.0499, 0.04996, 0.049999, 0.050001, 0.0504, 0.052, 0.0549])
def test_no_journal_prints_a_p_value_as_5_percent_or_across_it(name, p):
    shown = float(JOURNALS[name].p(p).replace(" ", "").partition("=")[2])
    assert (shown < 0.05) == (p < 0.05)
    assert shown != 0.05
    said = float(p_said(p).removeprefix("p "))
    assert said != 0.05
    assert (said < 0.05) == (p < 0.05)


@pytest.mark.parametrize(
    ("journal", "p", "text"),
    [("JAMA", 0.052, "P = .052"), ("JAMA", 0.0496, "P = .0496"), ("JAMA", 0.06, "P = .06"), ("JAMA", 0.05, "P = .05"),
     ("BMJ", 0.052, "P = 0.052"), ("BMJ", 0.046, "P = 0.046"), ("JCO", 0.0504, "P = .0504"),
     ("default", 0.0504, "p = 0.0504"), ("default", 0.0521, "p = 0.052"), ("Lancet", 0.04996, "p = 0.04996")],
)  # fmt: skip
def test_a_p_value_near_5_percent_has_the_digits_that_it_needs(journal, p, text):
    assert JOURNALS[journal].p(p) == text


@pytest.mark.parametrize(
    ("x", "text"), [(3, "3"), (12500.0, "12500"), (12345.6, "12346"), (-0.25, "−0.25"), (99.998, "99.998"), (None, "")]
)
def test_cells_of_data(x, text):
    assert cell(x) == text
