"""Where the boxes of a flow diagram stand, in points from its upper left corner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from ....errors import OptionError
from ...slot import EDGE
from ...style import MM
from ...typeset import LINE, text_width, wrap
from ..key import SIZE
from .boxes import BOXES, COLUMNS, HEADINGS, PHASES
from .reading import Given

PAD = 4.0  # pt between a box and its text
GAP, BETWEEN = 13.0, 12.0  # pt between columns and between rows: room for arrows
BAR = SIZE * LINE + 4.0  # pt: width of the bars that name the phases
NARROWEST = 62.0  # pt: a box narrower than this cannot be read
PART = 6.0  # pt: sets parts of a count off
Line = tuple[float, str]  # indentation in pt, text


@dataclass(frozen=True, slots=True)
class Rect:
    """A box: left, top, right and bottom, and its lines of text."""

    left: float
    top: float
    right: float
    bottom: float
    lines: tuple[Line, ...]

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(slots=True)
class Layout:
    """All boxes of a diagram: those of counts, headings and phases by name, where columns stand, and its height."""

    boxes: dict[str, Rect] = field(default_factory=dict)
    headings: dict[str, Rect] = field(default_factory=dict)
    phases: dict[str, Rect] = field(default_factory=dict)
    columns: dict[str, tuple[float, float]] = field(default_factory=dict)
    height: float = 0.0


def lay_out(table: pd.DataFrame, given: Given, width: float, *, update: bool) -> Layout:
    """Return where the boxes of a table of `prisma_data` stand in a place `width` points wide.

    Raises
    ------
    OptionError
        When it is too narrow for the columns that there are.
    """
    out = Layout(columns=_columns(set(table["box"]), width))
    lines = {name: _lines(table[table["box"] == name], name, out.columns) for name in dict.fromkeys(table["box"])}
    top = _place_headings(out, given, update)
    for row in sorted({BOXES[name].row for name in lines}):
        here = [name for name in lines if BOXES[name].row == row]
        heights = {name: len(lines[name]) * SIZE * LINE + 2 * PAD for name in here}
        high = max(heights.values())
        phase = next(key for key, (_, rows) in PHASES.items() if row in rows)
        if phase not in out.phases:  # its name must fit beside the row, whatever follows
            high = max(high, text_width(_phase(given, phase), SIZE) + 2 * PAD)
        for name in here:
            left, right = out.columns[BOXES[name].column]
            start = top + (high - heights[name]) / 2
            out.boxes[name] = Rect(left, start, right, start + heights[name], tuple(lines[name]))
        first = out.phases.get(phase)
        out.phases[phase] = Rect(0.0, first.top if first else top, BAR, top + high, ((0.0, _phase(given, phase)),))
        top += high + BETWEEN
    out.height = top - BETWEEN
    return out


def _columns(boxes: set[str], width: float) -> dict[str, tuple[float, float]]:
    used = [column for column in COLUMNS if column in {BOXES[name].column for name in boxes}]
    wide = (width - BAR - GAP * len(used)) / len(used)
    if wide < NARROWEST:
        need = math.ceil((BAR + (GAP + NARROWEST) * len(used) + 2 * EDGE) / 72 / MM)
        have = (width + 2 * EDGE) / 72 / MM
        raise OptionError(
            f"{have:.0f} mm are too narrow for the {len(used)} columns of this figure: make it {need} mm wide or more."
        )
    starts = [BAR + GAP + i * (wide + GAP) for i in range(len(used))]
    return {column: (start, start + wide) for column, start in zip(used, starts, strict=True)}


def _place_headings(out: Layout, given: Given, update: bool) -> float:
    """Place the headings, and return where the first row begins."""
    for key, (columns, words, alone) in HEADINGS.items():
        if there := [out.columns[column] for column in columns if column in out.columns]:
            left, right = there[0][0], there[-1][1]
            text = given.words.get(key) or (words if update or not alone else alone)
            out.headings[key] = Rect(left, 0.0, right, 0.0, tuple(_broken(0.0, text, right - left, "bold")))
    if not out.headings:
        return 0.0
    high = max(len(rect.lines) for rect in out.headings.values()) * SIZE * LINE + 2 * PAD
    out.headings = {key: replace(rect, bottom=high) for key, rect in out.headings.items()}
    return high + BETWEEN


def _phase(given: Given, key: str) -> str:
    return given.words.get(key) or PHASES[key][0]


def _lines(rows: pd.DataFrame, name: str, columns: dict[str, tuple[float, float]]) -> list[Line]:
    left, right = columns[BOXES[name].column]
    texts = _texts(rows, BOXES[name].title)
    return [line for indent, text in texts for line in _broken(indent, text, right - left)]


def _broken(indent: float, text: str, width: float, weight: str = "normal") -> list[Line]:
    return [(indent, line) for line in wrap(text, width - indent - 2 * PAD, SIZE, weight)]


def _texts(rows: pd.DataFrame, title: str) -> Sequence[Line]:
    out = [(0.0, title)] if title else []
    for words, part, n in zip(rows["text"], rows["part"], rows["n"], strict=True):
        out.append((PART if part else 0.0, f"{part or words} (n\u00a0=\u00a0{n:,})"))
    return out
