"""Figures as papers print them: what each says, and what says nothing for certain."""

from __future__ import annotations

import pytest

from metaonc.data.readers.sheets.published import read_figure

ALL = (
    *("single", "open", "interval", "fraction", "fraction (percent)", "count (percent)", "percent (fraction)"),
    *("limits", "limits in brackets", "bound", "p"),
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12.9", {"value": 12.9}),
        (" 31 % ", {"value": 31}),
        ("\u22120.25", {"value": -0.25}),
        ("0\u00b778", {"value": 0.78}),
        (".85", {"value": 0.85}),
        ("44\u2020", {"value": 44}),
        ("44 *", {"value": 44}),
        ("*44", {"value": 44}),
        ("12.9a", {"value": 12.9}),
        ("12.9 months", {"value": 12.9}),
        ("12.9mo", {"value": 12.9}),
        ("31% (23\u201341)", {"value": 31, "low": 23, "high": 41}),
        ("31 (23-41)%", None),
        ("31% (23%-41%)", {"value": 31, "low": 23, "high": 41}),
        ("31 (23, 41)", {"value": 31, "low": 23, "high": 41}),
        ("31 (23 to 41)", {"value": 31, "low": 23, "high": 41}),
        ("0.59 [0.41; 0.85]", {"value": 0.59, "low": 0.41, "high": 0.85}),
        ("0.59 (95% CI, 0.41\u20130.85)", {"value": 0.59, "low": 0.41, "high": 0.85, "level": 0.95}),
        ("0.59 (90 % CI: 0.41 - 0.85)", {"value": 0.59, "low": 0.41, "high": 0.85, "level": 0.9}),
        ("0.59 (0.41,0.85)", {"value": 0.59, "low": 0.41, "high": 0.85}),
        ("12.9\u00a0(10.9\u201320.2)\u2021", {"value": 12.9, "low": 10.9, "high": 20.2}),
        ("8.1 (5.2-NR)", {"value": 8.1, "low": 5.2}),
        ("NE (9.1-NE)", {"low": 9.1}),
        ("25/57", {"events": 25, "n": 57}),
        ("25 of 57", {"events": 25, "n": 57}),
        ("25/57 (44%)", {"events": 25, "n": 57, "value": 44}),
        ("44% (25/57)", {"events": 25, "n": 57, "value": 44}),
        ("25 (44%)", {"events": 25, "value": 44}),
        ("23\u201341", {"low": 23, "high": 41}),
        ("<0.001", {}),
        ("p = 0.03", {"value": 0.03}),
    ],
)
def test_what_a_figure_says(text, numbers):
    got = read_figure(text, ALL)
    assert (None if got is None else dict(got.numbers)) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "5*10", "12\u20209", "1.2 \u00b7 10\u207b\u2075", "1\u00b710\u00b3", "10\u207b\u2075", "12.9+",
        "12.9 \u00b1 0.4", "31 (23-41",
        "31 [23-41)", "23,41", "1,234", "31% (23 months-41)", "3-5-7", "31-ish", "0.59 (0.41-0.85), p=0.004", "12.9d",
        "1e", "--", "(31)", "25/57/3",
    ],
)  # fmt: skip
def test_what_may_mean_two_things_is_not_read(text):
    assert read_figure(text, ALL) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0,87", {"value": 0.87}),
        ("0,87 (0,78\u20130,97)", {"value": 0.87, "low": 0.78, "high": 0.97}),
        ("0,87 (0,78; 0,97)", {"value": 0.87, "low": 0.78, "high": 0.97}),
        ("0,87 (0,78, 0,97)", {"value": 0.87, "low": 0.78, "high": 0.97}),
        ("0,87 (0,78,0,97)", None),
    ],
)
def test_decimal_commas_are_read_when_they_are_announced(text, numbers):
    got = read_figure(text, ALL, ",")
    assert (None if got is None else dict(got.numbers)) == numbers
    assert read_figure(text, ALL) is None
