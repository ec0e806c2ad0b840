"""Where the parts of a Kaplan-Meier figure go: key, curves, table and notes, one below the other, in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.transforms import blended_transform_factory

from ...base.check import Floats
from ...errors import OptionError
from ..slot import EDGE, Slot
from ..style import MM
from ..typeset import LINE, family, text_width, wrap

SIZE, SMALL = 7.0, 6.5  # pt: key and table; notes
ROW, SMALL_ROW = SIZE * LINE, SMALL * LINE
SAMPLE = 16.0  # pt: length of the piece of line before a group's name
GAP = 6.0  # pt between parts and between columns
X_AXIS, Y_AXIS = 30.0, 34.0  # pt for ticks, their labels and the name of the axis
SMALLEST = (110.0, 95.0)  # pt: axes narrower or lower than this cannot be read
MOST_TICKS = 9
DIRECT = 0.22  # of the width, at most, for names at the ends of curves

# Steps that a clinician reads follow-up in; beyond the last it is doubled.
STEPS = {
    "days": (1, 7, 14, 30, 90, 180, 365, 730),
    "weeks": (1, 2, 4, 8, 13, 26, 52, 104),
    "months": (1, 2, 3, 6, 12, 24, 36, 60),
    "years": (1, 2, 5, 10),
}


def tick_times(last: float, unit: str | None, most: int) -> Floats:
    """Return at most `most` (two or more) ticks from 0 up to `last`, at the smallest usual step that fits."""
    usual = [float(step) for step in STEPS.get(unit or "", ())]
    if not usual or last < 2 * usual[0]:
        usual = [10.0 ** np.floor(np.log10(last / most)) * factor for factor in (1, 2, 5, 10, 20, 50)]
    steps = chain(usual, (usual[-1] * 2**k for k in count(1)))
    return next(ticks for step in steps if len(ticks := _multiples(step, last)) <= max(most, 2))


def _multiples(step: float, last: float) -> Floats:
    times: Floats = np.arange(int(last / step * (1 + 1e-9)) + 1, dtype=np.float64) * step
    return times.round(12)  # 3 * 0.2 is 0.6: a patient who dies at 0.6 is at risk there


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Sizes in points, and texts broken into lines, for a slot of a given width.

    Attributes
    ----------
    left, right, top, bottom
        Distances of the axes from the edges of the slot.
    ticks
        Times of the ticks and of the table's columns.
    columns
        Where the columns of the key begin.
    names, heads
        Lines of each group's name in the key and in the table; a table of one group has no head.
    ends
        Lines of each group's name at the end of its curve; empty without direct labels.
    rows
        Rows of the table of each group.
    title, ratio, notes
        Lines above the key, below it, and below the table.
    """

    left: float
    right: float
    top: float
    bottom: float
    ticks: Floats
    columns: list[float]
    names: list[list[str]]
    heads: list[list[str]]
    ends: list[list[str]]
    rows: Sequence[str]
    title: list[str]
    ratio: list[str]
    notes: list[str]


def plan(
    width: float,
    key: pd.DataFrame,
    *,
    last: float,
    unit: str | None,
    largest: int,
    rows: Sequence[str],
    direct: bool,
    title: str,
    ratio: str,
    note: str,
) -> Layout:
    """Lay out a figure.

    Parameters
    ----------
    width
        Of the slot that holds all, in points.
    key
        What `km_key` returned.
    last, unit
        Right end of the time axis, and its unit.
    largest
        The largest number in the table.
    rows
        Rows of the table; none without a table.
    direct
        Whether groups are named at the ends of their curves.
    title, ratio, note
        Texts above the key, below it, and below the table; "" for none.

    Raises
    ------
    OptionError
        When the columns of the key do not fit.
    """
    number = text_width(str(largest), SIZE) if rows else 0.0
    label = max(text_width(row, SIZE) for row in rows) + GAP + number / 2 if rows else 0.0
    widest = max(number, text_width(f"{last:.0f}" if last >= 10 else "0.00", SIZE))
    ends = [wrap(name, DIRECT * width, SIZE) for name in key.iloc[:, 0]] if direct else []
    named = max((text_width(line, SIZE) for lines in ends for line in lines), default=0.0)
    left, right = max(Y_AXIS, label), max(widest / 2 + 3, named + GAP if direct else 0.0)
    columns = _columns(width, key)
    names = [wrap(name, columns[1] - columns[0] - GAP, SIZE) for name in key.iloc[:, 0]]
    heads = [wrap(name, width - columns[0], SIZE, "bold") if len(key) > 1 else [] for name in key.iloc[:, 0]]
    texts = ((title, SIZE), (ratio, SIZE), (note, SMALL))
    title_lines, ratio_lines, notes = (wrap(text, width, size) if text else [] for text, size in texts)
    below = sum(len(head) + len(rows) for head in heads) * ROW + len(heads) * GAP / 2 if rows else 0.0
    return Layout(
        left=left,
        right=right,
        top=(len(title_lines) + 1 + sum(map(len, names)) + len(ratio_lines)) * ROW + GAP,
        bottom=X_AXIS + below + len(notes) * SMALL_ROW,
        ticks=tick_times(last, unit, min(MOST_TICKS, 1 + int((width - left - right) / (widest + GAP)))),
        columns=columns,
        names=names,
        heads=heads,
        ends=ends,
        rows=rows,
        title=title_lines,
        ratio=ratio_lines,
        notes=notes,
    )


def _columns(width: float, key: pd.DataFrame) -> list[float]:
    """Return where the key's columns begin: the names' is as wide as they are, or what the others leave."""
    widths = [max(text_width(text, SIZE) for text in (str(column), *key[column])) + 1 for column in key.columns]
    first = SAMPLE + GAP
    room = width - first - sum(w + 2 * GAP for w in widths[1:])
    if len(widths) > 3 and room < 4 * SIZE:
        need, have = ((w + 2 * EDGE) / 72 / MM for w in (width - room + 4 * SIZE, width))
        raise OptionError(
            f"{have:.0f} mm are too narrow for the columns of the key: make it {np.ceil(need):.0f} mm, or ask for "
            "fewer landmarks."
        )
    names = max(min(widths[0], room), 4 * SIZE)
    starts = np.cumsum([first, names + 2 * GAP, *(w + 2 * GAP for w in widths[1:-1])])
    return [float(x) for x in starts]


def apart(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Return the middles of texts of these heights, between `top` and `bottom`, near where wanted, none upon another.

    Raises
    ------
    OptionError
        When there is no room for all.
    """
    if sum(heights) > bottom - top:
        raise OptionError("the names are too long to stand at the ends of the curves: shorten them, or leave "
                          "direct_labels out.")  # fmt: skip
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    middle, edge = list(wanted), top
    for i in order:
        middle[i] = max(middle[i], edge + heights[i] / 2)
        edge = middle[i] + heights[i] / 2
    edge = bottom
    for i in reversed(order):
        middle[i] = min(middle[i], edge - heights[i] / 2)
        edge = middle[i] - heights[i] / 2
    return middle


class KmSlot(Slot):
    """The place of a Kaplan-Meier figure: its axes, and the texts around them."""

    def inset(self, layout: Layout) -> None:
        """Shrink the axes so that all else of the layout fits around them."""
        around = np.array([layout.left + layout.right, layout.top + layout.bottom])
        size = np.array([self.width, self.height])
        if np.any(size - around < np.array(SMALLEST) - 0.01):
            have, need = ((v + 2 * EDGE) / 72 / MM for v in (size, around + SMALLEST))
            raise OptionError(
                f"axes of {have[0]:.0f} x {have[1]:.0f} mm are too small for the curves, their key and their table: "
                f"make them {np.ceil(need[0]):.0f} x {np.ceil(need[1]):.0f} mm or larger, or set table=False."
            )
        self.shrink(layout.left, layout.top, self.width - layout.right, self.height - layout.bottom)

    def number(self, time: float, y: float, text: str) -> None:
        """Write a text centred at a time of the axis, its base line at `y`."""
        # x in the axis' own units: the numbers stay below their ticks, whatever becomes of the axis
        across = blended_transform_factory(self.ax.transData, self.host.transSubfigure)
        look: dict[str, Any] = {"fontsize": SIZE, "fontfamily": family(), "ha": "center", "clip_on": False}
        self.ax.text(time, self.place(0, y)[1], text, transform=across, **look)

    def sample(self, y: float, **look: Any) -> None:
        """Draw the piece of line that stands before a name whose base line is at `y`."""
        (x0, height), (x1, _) = self.place(0, y - 0.35 * SIZE), self.place(SAMPLE, y)
        line = Line2D([x0, x1], [height] * 2, transform=self.host.transSubfigure, clip_on=False, label="_key", **look)
        self.ax.add_artist(line)
