"""Where the parts of a forest plot go: columns of text, the panel, rows of one or more lines; in points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from ..errors import OptionError
from .forest_rows import ForestRows
from .slot import EDGE
from .style import MM
from .typeset import LINE, text_width, wrap

SIZES = (7.0, 6.0)  # pt: the larger where the width allows it; below 6 pt journals do not print
GAP = 5.0  # pt between columns
# pt: width of the panel and of the labels as they should be, and the least with which anything is shown
ROOM = ((80.0, 66.0), (46.0, 46.0))
WIDEST_LABEL = 0.42  # of the width, where labels are wrapped
SHARE = 0.38  # of the width, that the panel keeps when lines of heterogeneity ask for a wider label column
AXIS = 25.0  # pt for ticks, their labels and the axis label
FAVOURS = 9.0  # pt for the labels of direction
LEFT, RIGHT = ("counts", "counts_c"), ("effect", "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestLayout:
    """Sizes in points, and texts broken into lines.

    Attributes
    ----------
    size, small
        Type of rows; of heterogeneity and footnotes, in points.
    right
        Text column -> its right edge, to which its texts are aligned; headers too.
    panel
        Left and right edge of the panel.
    headers
        Text column -> lines of its header.
    lines
        Lines of each row's label.
    tops, heights
        Upper edge below the header, and height, of each row.
    head, body
        Height of the header and of all rows.
    footnotes
        Lines below the axis.
    favours
        Whether there are labels of direction below the axis.
    """

    size: float
    right: dict[str, float]
    panel: tuple[float, float]
    headers: dict[str, list[str]]
    lines: list[list[str]]
    tops: list[float]
    heights: list[float]
    head: float
    body: float
    footnotes: list[str]

    favours: bool

    @property
    def small(self) -> float:
        """Type of heterogeneity and footnotes."""
        return small(self.size)

    @property
    def below(self) -> float:
        """Where the axis and its labels end."""
        return self.head + self.body + AXIS + FAVOURS * self.favours

    @property
    def height(self) -> float:
        """The height of the whole."""
        return self.below + len(self.footnotes) * self.small * LINE


def plan(content: ForestRows, width: float, favours: bool) -> ForestLayout:
    """Lay out a forest plot in `width` points, with room for labels of direction when `favours`.

    Where the width does not suffice the label column gives way first, then the column of weights, which the squares
    show as well.

    Raises
    ------
    OptionError
        When the width leaves no room for the panel.
    """
    for (panel, least), size, columns in product(ROOM, SIZES, ([*LEFT, *RIGHT], [*LEFT, "effect"])):
        sizes = {c: _column_width(content, c, size) for c in columns if c in content.headers}
        rest = width - sum(sizes.values()) - GAP * (len(sizes) + 1)
        label = _label_width(content, width, rest, size, panel, least)
        if rest - label >= panel:
            return _assemble(content, width, label, sizes, size, favours)
    need = np.ceil((width + ROOM[-1][0] - (rest - label) + 2 * EDGE) / 72 / MM)
    have = (width + 2 * EDGE) / 72 / MM
    raise OptionError(f"{have:.0f} mm are too narrow for this forest plot: make it {need:.0f} mm or wider.")


def small(size: float) -> float:
    """Return the type of what is less important, not below 6 points."""
    return max(size - 0.5, SIZES[-1])


def _label_width(content: ForestRows, width: float, rest: float, size: float, panel: float, least: float) -> float:
    """Return the width of the label column, of the `rest` that it shares with the panel."""
    texts = content.rows["kind"] == "text"
    wanted = max(text_width(t, size, "bold") for t in content.rows["label"][~texts]) + 2
    statistics = max((text_width(t, small(size)) for t in content.rows["label"][texts]), default=0.0) + 2
    label = min(wanted, max(WIDEST_LABEL * width, least), max(rest - panel, least))
    return max(label, min(statistics, rest - SHARE * width))


def _column_width(content: ForestRows, column: str, size: float) -> float:
    body = max((text_width(t, size, "bold") for t in content.rows[column]), default=0.0)
    words = max(text_width(w, size, "bold") for w in content.headers[column].split(" "))
    return max(body, words) + 1


def _assemble(
    content: ForestRows, width: float, label: float, sizes: dict[str, float], size: float, favours: bool
) -> ForestLayout:
    right, x = {"label": label}, label
    for column in (c for c in LEFT if c in sizes):
        right[column] = x = x + GAP + sizes[column]
    start, x = x + GAP, width
    for column in (c for c in reversed(RIGHT) if c in sizes):
        right[column], x = x, x - sizes[column] - GAP
    stop = x
    headers = {c: wrap(content.headers[c], sizes.get(c, label), size, "bold") for c in right}
    under_counts = start - GAP  # a line of heterogeneity may run on under the empty cells beside it
    lines = [_lines(row, label, under_counts, size) for row in content.rows.to_dict("records")]
    heights = [_height(kind, len(text), size) for kind, text in zip(content.rows["kind"], lines, strict=True)]
    tops = list(np.cumsum([0.0, *heights[:-1]]))
    notes = [line for note in content.footnotes for line in wrap(note, width, small(size))]
    return ForestLayout(
        size=size,
        right=right,
        panel=(start, stop),
        headers=headers,
        lines=lines,
        tops=tops,
        heights=heights,
        head=max(map(len, headers.values())) * size * LINE + 3,
        body=sum(heights) + 2,
        footnotes=notes,
        favours=favours,
    )


def _lines(row: dict[Any, Any], label: float, wide: float, size: float) -> list[str]:
    if row["kind"] == "text":
        return wrap(row["label"], wide, small(size))
    weight = "normal" if row["kind"] in ("study", "prediction") else "bold"
    return wrap(row["label"], wide if row["kind"] == "group" else label, size, weight)


def _height(kind: str, lines: int, size: float) -> float:
    if kind == "space":
        return 0.5 * size * LINE
    return lines * (small(size) if kind == "text" else size) * LINE + 2
