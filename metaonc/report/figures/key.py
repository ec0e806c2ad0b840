"""The key of a figure of one panel: samples with their names, in even rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ..slot import Slot
from ..typeset import LINE, text_width, wrap

SIZE = 7.0  # pt: key, ticks and names
SAMPLE, GAP = 14.0, 9.0  # pt: length of a sample in the key, and between two entries
PAD = 3.0  # pt between a sample and its name
Row = list[tuple[float, str, "Key | None"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An entry of the key.

    Attributes
    ----------
    text
        What the sample stands for.
    kind
        ``line`` (with a marker where the look says so) or ``patch``.
    look
        How matplotlib draws it.
    """

    text: str
    kind: str = "line"
    look: dict[str, Any] = field(default_factory=dict)


def trial_key(area: str, look: Mapping[str, Any]) -> Key:
    """Return the entry of trials whose points are drawn by this look, their area telling something."""
    dot = {"linestyle": "", "marker": "o", "ms": 5.0, **look}
    return Key(text=f"trial (area: {area})", look={name: x for name, x in dot.items() if name != "zorder"})


def key_rows(key: Sequence[Key], width: float) -> list[Row]:
    """Return the rows of the key: in each, where an entry stands, its line of text, and its sample (first line).

    No entry is left alone below others: rows are as even as may be, and else there is one entry a row.
    """
    texts = [wrap(entry.text, width - SAMPLE - PAD, SIZE) for entry in key]
    if all(len(lines) == 1 for lines in texts):
        wide = [SAMPLE + PAD + text_width(lines[0], SIZE) for lines in texts]
        for count in range(1, len(key) + 1):
            parts = [[int(i) for i in part] for part in np.array_split(np.arange(len(key)), count)]
            if len(parts[-1]) == 1 < len(parts[0]):
                continue
            columns = [max(wide[part[j]] for part in parts if j < len(part)) for j in range(len(parts[0]))]
            if sum(columns) + GAP * (len(columns) - 1) <= width:
                starts = np.cumsum([0.0, *(column + GAP for column in columns)])
                return [[(float(x), texts[i][0], key[i]) for i, x in zip(part, starts, strict=False)] for part in parts]
    pieces = [
        (line, None if i else entry) for entry, lines in zip(key, texts, strict=True) for i, line in enumerate(lines)
    ]
    return [[(0.0, line, entry)] for line, entry in pieces]


def draw_key(slot: Slot, rows: list[Row]) -> None:
    """Draw the key above a panel."""
    for i, row in enumerate(rows):
        y = (i + 1) * SIZE * LINE
        for x, text, entry in row:
            slot.text(x + SAMPLE + PAD, y - 0.3 * SIZE, text, size=SIZE)
            if entry is not None:
                _sample(slot, entry, x, y - 0.62 * SIZE)


def _sample(slot: Slot, entry: Key, x: float, y: float) -> None:
    """Draw the sample of an entry of a key: its left end at `x`, its middle at height `y`, in points of the slot."""
    look = {"transform": slot.host.transSubfigure, "clip_on": False, "label": "_key", **entry.look}
    if entry.kind == "patch":
        (x0, y0), (x1, y1) = slot.place(x, y + 0.42 * SIZE), slot.place(x + SAMPLE, y - 0.42 * SIZE)
        slot.ax.add_artist(Rectangle((x0, y0), x1 - x0, y1 - y0, **look))
        return
    ends = [slot.place(x, y), slot.place(x + SAMPLE / 2, y), slot.place(x + SAMPLE, y)]
    slot.ax.add_artist(Line2D([p[0] for p in ends], [p[1] for p in ends], markevery=[1], **look))
