"""Widths of texts before they are drawn: put together of pairs of letters, they are those that matplotlib measures."""

from itertools import pairwise

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from metaonc.report.style import style
from metaonc.report.typeset import HINTING, family, text_width, wrap

TEXTS = [
    "",
    "A",
    "AV",
    " To LT. VA, “Ty” ",
    "office affine flour ffi fj",
    "Heterogeneity: τ² = 0.031, I² = 54 %, Q = 12.3 (p = 0.015) – random effects",
    "0·71 [0·58; 0·87], −0.35 to 1.20 ≥ 3",
    "Zürich Étude Исследование Μελέτη",
    "carboplatin/paclitaxel/bevacizumab, 5 mg/m²",
    "e\u0301tude of a co\u00adop\u200derative",
    "دراسة القاهرة",
]


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("size", [6.0, 8.5])
@pytest.mark.parametrize("text", TEXTS)
def test_a_width_is_that_of_the_whole_text(text, size, weight):
    with style():
        font = FontProperties(family=family(text), size=size, weight=weight)
        whole, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
        assert text_width(text, size, weight) == pytest.approx(whole * HINTING, rel=1e-9)


def test_lines_are_as_long_as_their_width_allows():
    text = " ".join(TEXTS[4:8] * 3)
    words = text.split()
    lines = wrap(text, 120, 7)
    assert " ".join(lines).split() == words
    for line, after in pairwise(lines):
        assert text_width(line, 7) <= 120 < text_width(f"{line} {after.split()[0]}", 7)


@pytest.mark.parametrize("sign", ["=", "<", "≥", "±"])
def test_no_line_breaks_between_a_sign_and_its_number(sign):
    text = f"the interval is narrower (95% CI 1.01 to 1.05), p {sign} 0.001; of another"
    for width in range(60, 200, 7):
        lines = wrap(text, width, 6.5)
        assert " ".join(lines) == text
        assert sum(f"p {sign} 0.001;" in line for line in lines) == 1


def test_a_tab_is_as_wide_as_the_blank_that_it_is_drawn_as():
    assert text_width("a\tb", 7) == text_width("a b", 7)
    assert wrap("a\tb", 100, 7) == ["a b"]
