"""Where the parts of a Kaplan-Meier figure go: key, curves, table and notes, one below the other, in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...base.check import Floats
from ...errors import OptionError
from ..slot import EDGE
from ..style import MM
from ..typeset import LINE, text_width, wrap
from .options import SIZE
from .time_ticks import LEAST, tick_times

SMALL = 6.5 / SIZE  # type of the notes, of that of the key
NAME = 8.0 / SIZE  # and of the names of the axes
# In type of SIZE points, and in proportion with others:
SAMPLE = 16.0  # pt: length of the piece of line before a group's name
GAP = 6.0  # pt between parts and between columns
X_AXIS, Y_AXIS = 30.0, 34.0  # pt for ticks, their labels and the name of the axis
MOST_TICKS = 9
NAMED = 14.0  # type sizes, that a name of a group may be sure of beside columns that could stand elsewhere
LETTERS = 4.0  # type sizes, that it needs to be read
DIRECT = 0.22  # of the width, at most, for names at the ends of curves


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Sizes in points, and texts broken into lines, for a slot of a given width.

    Attributes
    ----------
    size
        Of the type, in points.
    small
        Of that of the notes.
    left, right, top, bottom
        Distances of the axes from the edges of the slot.
    ticks
        Times of the ticks and of the table's columns.
    most
        How many ticks have room.
    columns
        Where the columns of the key begin.
    names, heads
        Lines of each group's name in the key and in the table; a table of one group has no head.
    ends
        Lines of each group's name at the end of its curve; empty without direct labels.
    rows
        Rows of the table of each group.
    title, remark, lines, notes
        Lines above the key (the former bold), below it, and below the table.
    """

    size: float
    small: float
    left: float
    right: float
    top: float
    bottom: float
    ticks: Floats
    most: int
    columns: list[float]
    names: list[list[str]]
    heads: list[list[str]]
    ends: list[list[str]]
    rows: Sequence[str]
    title: list[str]
    remark: list[str]
    lines: list[str]
    notes: list[str]

    @property
    def row(self) -> float:
        """Height of a line."""
        return self.size * LINE

    @property
    def scale(self) -> float:
        """What lengths in points of type of `SIZE` are multiplied by."""
        return self.size / SIZE


def plan(
    width: float,
    key: pd.DataFrame,
    *,
    size: float,
    least: float,
    span: tuple[float, float],
    ticks: Floats | None,
    unit: str | None,
    largest: int,
    rows: Sequence[str],
    direct: bool,
    title: str,
    remark: str,
    lines: Sequence[str],
    note: str,
) -> Layout:
    """Lay out a figure.

    Parameters
    ----------
    width
        Of the slot that holds all, in points.
    key
        What `km_key` returned.
    size, least
        Of the type, and of the smallest that is printed, in points.
    span, unit
        Ends of the time axis, and its unit.
    ticks
        Those that were asked for; chosen here when None.
    largest
        The largest number in the table.
    rows
        Rows of the table; none without a table.
    direct
        Whether groups are named at the ends of their curves.
    title, remark, lines, note
        Texts above the key, below it, and below the table; "" for none.

    Raises
    ------
    OptionError
        When the columns of the key, or the ticks that were asked for, do not fit.
    """
    scale, small = size / SIZE, max(SMALL * size, least)
    gap = GAP * scale
    number = text_width(str(largest), size) if rows else 0.0
    label = max(text_width(row, size) for row in rows) + gap + number / 2 if rows else 0.0
    shown = [f"{span[1]:.0f}" if span[1] >= 10 else "0.00"] if ticks is None else [f"{tick:g}" for tick in ticks]
    widest = max(number, *(text_width(text, size) for text in shown))
    ends = [wrap(name, DIRECT * width, size) for name in key.iloc[:, 0]] if direct else []
    named = max((text_width(line, size) for part in ends for line in part), default=0.0)
    left, right = max(Y_AXIS * scale, label), max(widest / 2 + 3, named + gap if direct else 0.0)
    columns = _columns(width, key, size)
    names = [wrap(name, columns[1] - columns[0] - gap, size) for name in key.iloc[:, 0]]
    heads = [wrap(name, width - columns[0], size, "bold") if len(key) > 1 else [] for name in key.iloc[:, 0]]
    title_lines = wrap(title, width, size, "bold") if title else []
    remarks, notes = (wrap(text, width, of) if text else [] for text, of in ((remark, size), (note, small)))
    below_key = [piece for line in lines for piece in wrap(line, width, size)]
    above = len(title_lines) + len(remarks) + 1 + sum(map(len, names)) + len(below_key)
    below = sum(len(head) + len(rows) for head in heads) * size * LINE + len(heads) * gap / 2 if rows else 0.0
    most = max(LEAST, min(MOST_TICKS, 1 + int((width - left - right) / (widest + gap))))
    if ticks is not None:
        _check_room(ticks, span, width - left - right, widest)
    return Layout(
        size=size,
        small=small,
        left=left,
        right=right,
        top=above * size * LINE + gap,
        bottom=X_AXIS * scale + below + len(notes) * small * LINE,
        ticks=tick_times(span[1], unit, most, span[0]) if ticks is None else ticks,
        most=most,
        columns=columns,
        names=names,
        heads=heads,
        ends=ends,
        rows=rows,
        title=title_lines,
        remark=remarks,
        lines=below_key,
        notes=notes,
    )


def _check_room(ticks: Floats, span: tuple[float, float], width: float, widest: float) -> None:
    apart = np.diff(ticks) / (span[1] - span[0]) * width
    if (apart < widest + 2).any():
        i = int(np.argmin(apart))
        raise OptionError(
            f"ticks: {ticks[i]:g} and {ticks[i + 1]:g} are too close for their numbers: ask for fewer, or make the "
            "figure wider."
        )


def has_room(width: float, key: pd.DataFrame, size: float) -> bool:
    """Return whether a key of more columns leaves its names the width that they have with fewer, or enough of it."""
    widths, room = _widths(width, key, size)
    return room >= max(min(widths[0], NAMED * size), LETTERS * size)


def _widths(width: float, key: pd.DataFrame, size: float) -> tuple[list[float], float]:
    """Return the widths of the columns of the key, and what the others leave to the first."""
    widths = [max(text_width(text, size) for text in (str(column), *key[column])) + 1 for column in key.columns]
    gap = GAP * size / SIZE
    return widths, width - SAMPLE * size / SIZE - gap - sum(w + 2 * gap for w in widths[1:])


def _columns(width: float, key: pd.DataFrame, size: float) -> list[float]:
    """Return where the key's columns begin: the names' is as wide as they are, or what the others leave."""
    widths, room = _widths(width, key, size)
    gap = GAP * size / SIZE
    first = SAMPLE * size / SIZE + gap
    if (len(widths) > 3 or size > SIZE) and room < LETTERS * size:
        need, have = ((w + 2 * EDGE) / 72 / MM for w in (width - room + LETTERS * size, width))
        raise OptionError(
            f"{have:.0f} mm are too narrow for the columns of the key: make it {np.ceil(need):.0f} mm, or ask for "
            "fewer landmarks or smaller type."
        )
    names = max(min(widths[0], room), LETTERS * size)
    starts = np.cumsum([first, names + 2 * gap, *(w + 2 * gap for w in widths[1:-1])])
    return [float(x) for x in starts]
