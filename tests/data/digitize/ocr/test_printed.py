"""Hazard ratios and medians among the words of a figure, and of which curve they are."""

import pytest

from metaonc.data.digitize.ocr.medians import printed_medians
from metaonc.data.digitize.ocr.numbers import printed_numbers
from metaonc.data.digitize.ocr.printed import printed_ratios
from metaonc.data.digitize.primitives import Word

LABELS, COLOURS = ("Drug", "Drug plus X", "Placebo"), ("#1f77b4", "#2ca02c", "#d62728")


def words(*lines, colour="#000000"):
    """Return words of 10 units a letter; a line is its text, or its text with gaps as runs of spaces."""
    out = []
    for row, line in enumerate(lines):
        at = 0
        for part in line.split(" "):
            if part:
                box = (10.0 * at, 20.0 * row, 10.0 * (at + len(part)), 20.0 * row + 12.0)
                out.append(Word(part, box, 0, 12.0, colour, row))
            at += len(part) + 1
    return out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HR 0.71 (95% CI 0.55-0.92)", (0.71, 0.55, 0.92, 0.95)),
        ("Hazard ratio for death, 0.73 (98.5% CI, 0.57 to 0.93)", (0.73, 0.57, 0.93, 0.985)),
        ("HR (95% CI): 0.71 (0.55-0.92)", (0.71, 0.55, 0.92, 0.95)),
        ("HR 0·80; 0·68–0·94", (0.8, 0.68, 0.94, None)),
        ("HR 0.71 (P = 0.03)", (0.71, None, None, None)),
    ],
)
def test_a_ratio_is_read_with_its_interval(text, found):
    (one,) = printed_ratios(words(text))
    assert (one.hr, one.ci_low, one.ci_high, one.level) == found


@pytest.mark.parametrize("text", ["HR p = 0.03", "THROUGH 0.71", "HR"])
def test_what_is_no_ratio_is_none(text):
    assert printed_ratios(words(text)) == ()


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Placebo: median OS 7.5 months (95% CI 6.1-9.0)"], [(2, "7.5")]),
        (["Median 12 mo Drug"], [(0, "12")]),
        (["Median PFS Drug plus X: not reached"], [(1, None)]),  # the longer of two names that stand there
        (["Median 12.3 vs 7.5 months"], [(None, "12.3"), (None, "7.5")]),
        (["mOS 12·3"], [(None, "12.3")]),
        (["Drug median 12.0", "Drug median 13.0"], [(None, "12.0"), (None, "13.0")]),  # neither is known to be its own
        (["Median follow-up 30 months"], []),
        (["Median (95% CI)"], []),
        (["Survival 12 mos"], []),
        (["Placebo: MS 13 mos; 1-yr 52%"], [(2, "13")]),
    ],
)
def test_medians_of_sentences_are_given_to_the_curves_that_they_name(lines, found):
    assert [(one.curve, one.median) for one in printed_medians(words(*lines), LABELS, COLOURS)] == found


def test_a_median_in_the_colour_of_a_curve_is_its_own():
    (one,) = printed_medians(words("Median 7.5", colour="#d62829"), LABELS, COLOURS)
    assert (one.curve, one.median) == (2, "7.5")
    (other,) = printed_medians(words("Median 7.5", colour="#777777"), LABELS, COLOURS)
    assert other.curve is None


def test_a_column_of_medians_is_read_by_the_names_of_its_rows():
    table = words(
        "             Events  Median (95% CI)  Rate",
        "Drug         112     12.3 (10-15)     40",
        "Drug plus X  90      NE (14-NE)       61",
        "1.0 Placebo  130     7 (6-9)          20",
        "Others       3       5 (1-9)          20",
    )
    found = printed_medians(table, LABELS, COLOURS)
    assert [(one.curve, one.median) for one in found] == [(0, "12.3"), (1, None), (2, "7")]


def test_words_of_another_panel_are_not_this_ones():
    both = words("HR 0.71 (95% CI 0.55-0.92)", *[""] * 20, "HR 0.50 (95% CI 0.40-0.62)")
    found = printed_numbers(both, LABELS, COLOURS, (0.0, 0.0, 300.0, 200.0))
    assert [one.hr for one in found.ratios] == [0.71]
    assert found.lines()[0].startswith("  Printed: hazard ratio 0.71, interval 0.55 to 0.92")
