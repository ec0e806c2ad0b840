"""Where the parts of a Kaplan-Meier figure go: key, curves, table and notes, one below the other, in points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.transforms import blended_transform_factory

from .._check import Floats
from ..errors import OptionError
from .risk_table import ROWS
from .slot import EDGE, Slot
from .style import MM
from .typeset import LINE, family, text_width, wrap

SIZE, SMALL = 7.0, 6.5  # pt: key and table; notes
ROW, SMALL_ROW = SIZE * LINE, SMALL * LINE
SAMPLE = 16.0  # pt: length of the piece of line before a group's name
GAP = 6.0  # pt between parts and between columns
X_AXIS, Y_AXIS = 30.0, 34.0  # pt for ticks, their labels and the name of the axis
SMALLEST = (110.0, 95.0)  # pt: axes narrower or lower than this cannot be read
MOST_TICKS = 9

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
    title, notes
        Lines above the key and below the table.
    """

    left: float
    right: float
    top: float
    bottom: float
    ticks: Floats
    columns: list[float]
    names: list[list[str]]
    heads: list[list[str]]
    title: list[str]
    notes: list[str]


def plan(
    width: float, key: pd.DataFrame, *, last: float, unit: str | None, largest: int, table: bool, title: str, note: str
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
    table
        Whether there is a table.
    title, note
        Texts above the key and below the table; "" for none.
    """
    number = text_width(str(largest), SIZE) if table else 0.0
    label = max(text_width(row, SIZE) for row in ROWS) + GAP + number / 2 if table else 0.0
    widest = max(number, text_width(f"{last:.0f}" if last >= 10 else "0.00", SIZE))
    left, right = max(Y_AXIS, label), widest / 2 + 3
    columns = _columns(width, key)
    names = [wrap(name, columns[1] - columns[0] - GAP, SIZE) for name in key.iloc[:, 0]]
    heads = [wrap(name, width - columns[0], SIZE, "bold") if len(key) > 1 else [] for name in key.iloc[:, 0]]
    title_lines, notes = (wrap(text, width, size) if text else [] for text, size in ((title, SIZE), (note, SMALL)))
    rows = sum(len(head) + len(ROWS) for head in heads) * ROW + len(heads) * GAP / 2 if table else 0.0
    return Layout(
        left=left,
        right=right,
        top=(len(title_lines) + 1 + sum(map(len, names))) * ROW + GAP,
        bottom=X_AXIS + rows + len(notes) * SMALL_ROW,
        ticks=tick_times(last, unit, min(MOST_TICKS, 1 + int((width - left - right) / (widest + GAP)))),
        columns=columns,
        names=names,
        heads=heads,
        title=title_lines,
        notes=notes,
    )


def _columns(width: float, key: pd.DataFrame) -> list[float]:
    """Return where the key's columns begin: the names' is as wide as they are, or what the others leave."""
    widths = [max(text_width(text, SIZE) for text in (str(column), *key[column])) + 1 for column in key.columns]
    first = SAMPLE + GAP
    names = max(min(widths[0], width - first - sum(w + 2 * GAP for w in widths[1:])), 4 * SIZE)
    second = first + names + 2 * GAP
    return [first, second, second + widths[1] + 2 * GAP]


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
