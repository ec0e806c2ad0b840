"""Where the parts of a forest plot go: columns of text, the panel, rows of one or more lines; in points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from .._check import Floats
from ..errors import OptionError
from .forest_axis import axis_range
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
ASIDE = 3.0  # pt from the line of no effect to the labels of direction
Words = tuple[str, str]
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
    axis
        Limits of the axis, and its ticks.
    null
        Where the line of no effect stands.
    favours
        Lines of the labels of direction below the axis, left and right of the line of no effect.
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
    """

    size: float
    right: dict[str, float]
    panel: tuple[float, float]
    axis: tuple[float, float, Floats]
    null: float
    favours: tuple[list[str], list[str]]
    headers: dict[str, list[str]]
    lines: list[list[str]]
    tops: list[float]
    heights: list[float]
    head: float
    body: float
    footnotes: list[str]

    @property
    def small(self) -> float:
        """Type of heterogeneity and footnotes."""
        return small(self.size)

    @property
    def below(self) -> float:
        """Where the axis and its labels end."""
        return self.directions + max(map(len, self.favours)) * self.small * LINE

    @property
    def directions(self) -> float:
        """Where the labels of direction begin."""
        return self.head + self.body + AXIS

    @property
    def height(self) -> float:
        """The height of the whole."""
        return self.below + len(self.footnotes) * self.small * LINE


def plan(content: ForestRows, width: float, favours: Words | None) -> ForestLayout:
    """Lay out a forest plot in `width` points, with labels of direction when `favours`.

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
        counts = sum(sizes[c] + GAP for c in LEFT if c in sizes)
        label = _label_width(content, width, rest, counts, size, panel, least)
        if rest - label >= panel:
            return _assemble(content, width, label, sizes, size, favours)
    need = np.ceil((width + ROOM[-1][0] - (rest - label) + 2 * EDGE) / 72 / MM)
    have = (width + 2 * EDGE) / 72 / MM
    raise OptionError(f"{have:.0f} mm are too narrow for this forest plot: make it {need:.0f} mm or wider.")


def small(size: float) -> float:
    """Return the type of what is less important, not below 6 points."""
    return max(size - 0.5, SIZES[-1])


def _label_width(
    content: ForestRows, width: float, rest: float, counts: float, size: float, panel: float, least: float
) -> float:
    """Return the width of the label column, of the `rest` that it shares with the panel.

    Lines of heterogeneity run on under the columns of `counts`.
    """
    texts = content.rows["kind"] == "text"
    wanted = max(text_width(t, size, "bold") for t in content.rows["label"][~texts]) + 2
    statistics = max((text_width(t, small(size)) for t in content.rows["label"][texts]), default=0.0) + 2
    label = min(wanted, max(WIDEST_LABEL * width, least), max(rest - panel, least))
    return max(label, min(statistics - counts, rest - SHARE * width))


def _column_width(content: ForestRows, column: str, size: float) -> float:
    body = max((text_width(t, size, "bold") for t in content.rows[column]), default=0.0)
    words = max(text_width(w, size, "bold") for w in content.headers[column].split(" "))
    return max(body, words) + 1


def _assemble(
    content: ForestRows, width: float, label: float, sizes: dict[str, float], size: float, favours: Words | None
) -> ForestLayout:
    right, x = {"label": label}, label
    for column in (c for c in LEFT if c in sizes):
        right[column] = x = x + GAP + sizes[column]
    start, x = x + GAP, width
    for column in (c for c in reversed(RIGHT) if c in sizes):
        right[column], x = x, x - sizes[column] - GAP
    stop = x
    axis = axis_range(content, stop - start, size)
    null = start + _share(content, axis) * (stop - start)
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
        axis=axis,
        null=null,
        favours=_directions(favours, null, width, size),
        headers=headers,
        lines=lines,
        tops=tops,
        heights=heights,
        head=max(map(len, headers.values())) * size * LINE + 3,
        body=sum(heights) + 2,
        footnotes=notes,
    )


def _share(content: ForestRows, axis: tuple[float, float, Floats]) -> float:
    """Return how far along the axis the line of no effect stands, 0 without one."""
    low, high, _ = axis
    if content.null is None:
        return 0.0
    if content.scale == "log":
        return float(np.log(content.null / low) / np.log(high / low))
    return (content.null - low) / (high - low)


def _directions(favours: Words | None, at: float, width: float, size: float) -> tuple[list[str], list[str]]:
    """Return the labels of direction in lines that fit left and right of the line of no effect."""
    if favours is None:
        return [], []
    return wrap(f"← {favours[0]}", at - ASIDE, small(size)), wrap(f"{favours[1]} →", width - at - ASIDE, small(size))


def _lines(row: dict[Any, Any], label: float, wide: float, size: float) -> list[str]:
    if row["kind"] == "text":
        return wrap(row["label"], wide, small(size))
    weight = "normal" if row["kind"] in ("study", "prediction") else "bold"
    return wrap(row["label"], wide if row["kind"] == "group" else label, size, weight)


def _height(kind: str, lines: int, size: float) -> float:
    if kind == "space":
        return 0.5 * size * LINE
    apart = 2 if lines == 1 or kind == "text" else 5  # names of several lines stand apart from each other
    return lines * (small(size) if kind == "text" else size) * LINE + apart
