"""How wide the columns of a printed table are, and in which type: no word is broken, no column lost."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ...base.html import spans
from ..style import MM
from ..typeset import text_width

PORTRAIT, LANDSCAPE = 170.0, 257.0  # mm: A4 between margins of 20 mm
SMALL = 8.0  # pt, of tables and programs
SIZES = (SMALL, 7.5, 7.0, 6.5)  # pt; what is smaller nobody reads
MARGIN = 2.5  # pt, at each side of a cell
PAD = 2 * MARGIN + 1.5  # and the rule between two columns
WIDEST = 150.0  # pt: longer texts run over several lines
MOST_LINES = 8  # of a row on a page in portrait
POINT = 1 / 72 / MM  # mm

Lines = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """Columns of a table that stand beside each other.

    Attributes
    ----------
    columns
        Their numbers; the first of the table, which names its rows, stands in every part.
    widths
        Of each, in mm.
    size
        Of the type, in points.
    """

    columns: tuple[int, ...]
    widths: tuple[float, ...]
    size: float


def parts(lines: Lines, bold: Collection[int], width: float) -> list[Part]:
    """Return the parts of a table on paper of a width in mm; one, where all its words fit beside each other.

    Parameters
    ----------
    lines
        Texts; the first line is the head.
    bold
        Numbers of the lines in bold type.
    width
        In mm.
    """
    words, wholes = _measured(lines, bold)
    room = width / POINT
    return [_part(columns, words, wholes, room) for columns in _beside(words, room)]


def is_wide(lines: Lines, bold: Collection[int]) -> bool:
    """Return whether a table asks for landscape: its words do not fit beside each other, or its rows are tall."""
    words, _ = _measured(lines, bold)
    if _need(range(len(words)), words, SMALL) > PORTRAIT / POINT:
        return True
    (part,) = parts(lines, bold, PORTRAIT)
    tall = max((_lines(row, part) for row in lines if not spans(row)), default=1)
    return tall > MOST_LINES


def _measured(lines: Lines, bold: Collection[int]) -> tuple[list[float], list[float]]:
    """Return the widest word and the widest text of each column, in points."""
    rows = [(row, "bold" if i in bold else "normal") for i, row in enumerate(lines) if not spans(row)]
    columns = [[(row[j], weight) for row, weight in rows] for j in range(len(lines[0]))]
    words = [max((text_width(w, SMALL, how) for text, how in c for w in text.split()), default=0.0) for c in columns]
    wholes = [max((text_width(text, SMALL, how) for text, how in c), default=0.0) for c in columns]
    return words, wholes


def _need(columns: Sequence[int], words: Sequence[float], size: float) -> float:
    return sum(words[j] * size / SMALL + PAD for j in columns)


def _beside(words: Sequence[float], room: float) -> list[tuple[int, ...]]:
    """Return the columns of each part."""
    found: list[tuple[int, ...]] = []
    part: tuple[int, ...] = (0,)
    for j in range(1, len(words)):
        if len(part) > 1 and _need((*part, j), words, SIZES[-1]) > room:
            found.append(part)
            part = (0,)
        part = (*part, j)
    return [*found, part]


def _part(columns: tuple[int, ...], words: Sequence[float], wholes: Sequence[float], room: float) -> Part:
    size = next((s for s in SIZES if _need(columns, words, s) <= room), SIZES[-1])
    scale = size / SMALL
    least = [words[j] * scale + PAD for j in columns]
    more = [max(min(wholes[j] * scale, WIDEST) + PAD - w, 0.0) for j, w in zip(columns, least, strict=True)]
    left = max(room - sum(least), 0.0)
    share = min(left / max(sum(more), 1e-9), 1.0)
    wide = [w + share * m for w, m in zip(least, more, strict=True)]
    longer = [max(wholes[j] * scale + PAD - w, 0.0) for j, w in zip(columns, wide, strict=True)]
    left = min(max(room - sum(wide), 0.0), sum(longer))  # what is left goes to the longest texts
    wide = [w + left * m / max(sum(longer), 1e-9) for w, m in zip(wide, longer, strict=True)]
    squeezed = min(room / sum(wide), 1.0)  # a single word wider than the paper
    return Part(columns, tuple(w * squeezed * POINT for w in wide), size)


def _lines(row: Sequence[str], part: Part) -> int:
    """Return how many lines a row takes, roughly."""
    widths = ((text_width(row[j], part.size), w / POINT - PAD) for j, w in zip(part.columns, part.widths, strict=True))
    return max(math.ceil(text / max(room, 1.0)) for text, room in widths)
