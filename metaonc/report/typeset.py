"""Sizes of texts before they are drawn, so that a layout can make room for them."""

from __future__ import annotations

import re
from contextlib import ExitStack, suppress
from functools import cache
from itertools import pairwise

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags

from .glyphs import fallbacks, unwarned, wanting
from .style import RC, add_fonts, drawing

LINE = 1.35  # distance of two lines of text, in type sizes
HINTING = 1.1  # at 100 dots an inch letters are fitted to the dots, and up to a tenth wider than on paper
UNIT = 100.0  # points: the size that texts are measured in, whatever their own
FALLBACK = "DejaVu Sans"  # comes with matplotlib and has the signs that others lack

# Letters and signs that are set one after the other: no marks upon them, no joiners, no script of another direction.
_IN_PAIRS = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u04ff\u2000-\u200a\u2010-\u2027\u202f-\u205e\u2070-\u22ff]*"
)


def family(text: str = "") -> list[str]:
    """Return the families to draw a text with: those of the house style, and others that have what these lack.

    Named outright, so that a figure keeps the widths it was laid out with when it is saved outside the house style.
    """
    house = list(_house())
    if text.isascii() or not (lacking := wanting(text, house)):
        return house
    more, left = fallbacks(lacking)
    drawing().lacking |= left
    return house + more


@cache
def _house() -> tuple[str, ...]:
    """Return the first family of the house style that is installed, and the fallback."""
    add_fonts()
    for name in RC["font.sans-serif"]:
        try:
            findfont(FontProperties(family=name), fallback_to_default=False)
        except ValueError:
            continue
        return name, "sans-serif", FALLBACK  # the generic family is for readers of an SVG who lack the first
    return (FALLBACK,)


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width in points that one line of text may take, on screen or on paper."""
    text = re.sub(r"[\t\r\n]", " ", text)  # as it is drawn
    return _width(text, weight, None if text.isascii() else tuple(family(text))) * size * HINTING


@cache
def _width(text: str, weight: str, families: tuple[str, ...] | None) -> float:
    """Return the width of a text in type of one point: that of its pairs, less the letters that two of them share.

    So each pair is measured once, with its kerning, and not each line that a paragraph may be broken into.
    """
    if len(text) <= 2 or not _IN_PAIRS.fullmatch(text):
        return _measured(text, weight, families)
    pairs = sum(_measured(a + b, weight, families) for a, b in pairwise(text))
    return pairs - sum(_measured(letter, weight, families) for letter in text[1:-1])


@cache
def _measured(text: str, weight: str, families: tuple[str, ...] | None) -> float:
    font = get_font(_files(families or _house(), weight))
    font.set_size(UNIT, 72)  # it is that of all drawings
    with ExitStack() as stack:
        if families and wanting(text, families):
            stack.enter_context(unwarned())
        font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width, _ = font.get_width_height()
    return float(width) / 64 / UNIT


@cache
def _files(families: tuple[str, ...], weight: str) -> list[str]:
    """Return the files of fonts in their order: found once, which takes longer than to measure a text."""
    files: list[str] = []
    for name in families:
        with suppress(ValueError):  # not installed
            files.append(findfont(FontProperties(family=name, weight=weight), fallback_to_default=False))
    return files


def wrap(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Break a text into lines at most `width` points wide.

    Lines break between words, but not beside a sign such as "=" between two of them,
    within a wider word after a slash or a hyphen, and else wherever they must.
    """
    lines, used = [""], 0.0
    space = text_width(" ", size, weight)
    for word in re.split(r"(?<![=<>≤≥±])[ \t\r\n]+(?![=<>≤≥±])", text):  # a no-break space breaks no line
        # words are measured one by one, since many lines hold the same ones
        wide, gap = text_width(word, size, weight), space if lines[-1] else 0.0
        if used + gap + wide <= width:
            lines[-1], used = f"{lines[-1]} {word}".strip(), used + gap + wide
            continue
        lines += _pieces(word, width, size, weight)
        used = text_width(lines[-1], size, weight)
    return [line for line in lines if line] or [""]


def _pieces(word: str, width: float, size: float, weight: str) -> list[str]:
    pieces = [""]
    for part in re.findall(r"[^/-]*[/-]?", word):
        for chunk in [part] if text_width(part, size, weight) <= width else part:
            if pieces[-1] and text_width(pieces[-1] + chunk, size, weight) > width:
                pieces.append("")
            pieces[-1] += chunk
    return pieces
