"""Where the parts of a forest plot go: columns of text, the panel, rows of one or more lines; in points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from ...base.check import Floats
from ...errors import OptionError
from ..slot import EDGE
from ..style import MM
from ..typeset import LINE, text_width, wrap
from .axis import axis_range
from .content import ForestRows

SIZES = (7.0, 6.0)  # pt: the larger where the width allows it, neither below what the journal prints
GAP = 5.0  # pt between columns
# pt: width of the panel and of the labels as they should be, and the least with which anything is shown
ROOM = ((80.0, 66.0), (46.0, 46.0))
WIDEST_LABEL = 0.42  # of the width, where labels are wrapped
SHARE = 0.38  # of the width, that the panel keeps when lines of heterogeneity ask for a wider label column
AXIS = 25.0  # pt for ticks, their labels and the axis label
BELOW = 4.0  # pt added to the row of a trial for the mark of what a model says of it
END = 10.0  # pt right of a panel at the edge of the figure, for half of its last tick label
ASIDE = 3.0  # pt from the line of no effect to the labels of direction
LIGHT = 1.7  # of the type size, that a sign in its circle takes
LESS = ("share", "share_common")  # columns that are left out first, as the squares show the weights as well
Words = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestLayout:
    """Sizes in points, and texts broken into lines.

    Attributes
    ----------
    size, small
        Type of rows; of heterogeneity and footnotes, in points.
    columns
        Text column -> its left and right edge.
    after
        Text column -> room that its widest fraction takes, where numbers stand at their decimal points.
    panel
        Left and right edge of the panel.
    axis
        Limits of the axis, and its ticks.
    null
        Where the line of no effect stands.
    favours
        Lines of the labels of direction, left and right of the line of no effect.
    above, label
        Lines of the name of the effect above the panel, or below the axis.
    directions
        Where the labels of direction begin.
    headers
        Text column -> lines of its header.
    lines
        Lines of each row's label.
    tops, heights
        Upper edge below the header, and height, of each row.
    head, body, below
        Height of the header and of all rows; where the axis and its labels end.
    footnotes
        Lines below the axis.
    """

    size: float
    small: float
    columns: dict[str, tuple[float, float]]
    after: dict[str, float]
    panel: tuple[float, float]
    axis: tuple[float, float, Floats]
    null: float
    favours: tuple[list[str], list[str]]
    above: list[str]
    label: list[str]
    directions: float
    headers: dict[str, list[str]]
    lines: list[list[str]]
    tops: list[float]
    heights: list[float]
    head: float
    body: float
    below: float
    footnotes: list[str]

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
    every = (*content.left, *content.right)
    for (panel, least), size, columns in product(ROOM, sizes_of(content), (every, [c for c in every if c not in LESS])):
        sizes = {c: _column_width(content, c, size) for c in columns}
        rest = width - sum(sizes.values()) - GAP * len(sizes) - _end(content, sizes)
        before = sum(sizes[c] + GAP for c in content.left if c in sizes)
        label = _label_width(content, width, rest, before, size, panel, least)
        if rest - label >= panel:
            return _assemble(content, width, label, sizes, size, favours)
    need = np.ceil((width + ROOM[-1][0] - (rest - label) + 2 * EDGE) / 72 / MM)
    have = (width + 2 * EDGE) / 72 / MM
    raise OptionError(f"{have:.0f} mm are too narrow for this forest plot: make it {need:.0f} mm or wider.")


def sizes_of(content: ForestRows) -> tuple[float, ...]:
    """Return the sizes of type that may be tried, the largest first."""
    return tuple(dict.fromkeys(max(size, content.journal.smallest_type) for size in SIZES))


def small(content: ForestRows, size: float) -> float:
    """Return the type of what is less important, not below the smallest that the journal prints."""
    return max(size - 0.5, content.journal.smallest_type)


def _label_width(
    content: ForestRows, width: float, rest: float, before: float, size: float, panel: float, least: float
) -> float:
    """Return the width of the label column, of the `rest` that it shares with the panel.

    Lines of heterogeneity run on under the columns left of the panel, `before` wide.
    """
    texts = content.rows["kind"] == "text"
    header = content.headers["label"].split(" ")
    wanted = max(text_width(t, size, "bold") for t in (*content.rows["label"][~texts], *header)) + 2
    statistics = max((text_width(t, small(content, size)) for t in content.rows["label"][texts]), default=0.0) + 2
    label = min(wanted, max(WIDEST_LABEL * width, least), max(rest - panel, least))
    return max(label, min(statistics - before, rest - SHARE * width))


def _column_width(content: ForestRows, column: str, size: float) -> float:
    words = max(text_width(w, size, "bold") for w in content.headers[column].split(" "))
    if content.align[column] == "light":
        return max(words, LIGHT * size) + 1
    texts = [t for t in content.rows[column] if t]
    if content.align[column] == "point":
        before = max((text_width(t, size, "bold") - fraction(t, size, content) for t in texts), default=0.0)
        return max(before + _after(content, column, size), words) + 1
    return max(max((text_width(t, size, "bold") for t in texts), default=0.0), words) + 1


def fraction(text: str, size: float, content: ForestRows) -> float:
    """Return the width of a number's decimal point and what follows it."""
    _, point, digits = text.partition(content.journal.point)
    return text_width(point + digits, size, "bold") if point else 0.0


def _after(content: ForestRows, column: str, size: float) -> float:
    return max((fraction(t, size, content) for t in content.rows[column]), default=0.0)


def _end(content: ForestRows, sizes: dict[str, float]) -> float:
    """Return the room right of the panel: to the next column, or for half a tick label."""
    return GAP if any(c in sizes for c in content.right) else END


def _places(
    content: ForestRows, width: float, label: float, sizes: dict[str, float]
) -> tuple[dict[str, tuple[float, float]], tuple[float, float]]:
    """Return the edges of the columns, and those of the panel between them."""
    columns, x = {"label": (0.0, label)}, label
    for column in (c for c in content.left if c in sizes):
        columns[column] = (x + GAP, x + GAP + sizes[column])
        x = columns[column][1]
    start, x = x + GAP, width
    for column in (c for c in reversed(content.right) if c in sizes):
        columns[column] = (x - sizes[column], x)
        x -= sizes[column] + GAP
    return columns, (start, x if x < width else width - END)


def _assemble(
    content: ForestRows, width: float, label: float, sizes: dict[str, float], size: float, favours: Words | None
) -> ForestLayout:
    columns, (start, stop) = _places(content, width, label, sizes)
    axis = axis_range(content, stop - start, size)
    null = start + _share(content, axis) * (stop - start)
    headers = {c: wrap(content.headers[c], right - left, size, "bold") for c, (left, right) in columns.items()}
    minor = small(content, size)
    under = start - GAP  # a line of heterogeneity may run on under the empty cells beside it
    lines = [_lines(row, label, under, size, minor) for row in content.rows.to_dict("records")]
    heights = [_height(kind, len(text), size, content) for kind, text in zip(content.rows["kind"], lines, strict=True)]
    journal = content.journal
    above = wrap(content.axis, stop - start, size, "bold") if journal.effect_label == "above" else []
    directions = _directions(content, favours, null, width, size)
    band, top = max(map(len, directions)) * minor * LINE, journal.directions == "top"
    named = max(map(len, [*headers.values(), above])) * size * LINE + 3
    head = named + (band + 1 if top and band else 0.0)
    below = [] if above else wrap(content.axis, 2 * min((start + stop) / 2, width - (start + stop) / 2), size)
    axis_end = head + sum(heights) + 2 + AXIS + (len(below) - 1) * size * LINE
    return ForestLayout(
        size=size,
        small=minor,
        columns=columns,
        after={c: _after(content, c, size) for c in sizes if content.align[c] == "point"},
        panel=(start, stop),
        axis=axis,
        null=null,
        favours=directions,
        above=above,
        label=below,
        directions=named if top else axis_end,
        headers=headers,
        lines=lines,
        tops=list(np.cumsum([0.0, *heights[:-1]])),
        heights=heights,
        head=head,
        body=sum(heights) + 2,
        below=axis_end + (0.0 if top else band),
        footnotes=[line for note in content.footnotes for line in wrap(note, width, minor)],
    )


def _share(content: ForestRows, axis: tuple[float, float, Floats]) -> float:
    """Return how far along the axis the line of no effect stands, 0 without one."""
    low, high, _ = axis
    if content.null is None:
        return 0.0
    if content.scale == "log":
        return float(np.log(content.null / low) / np.log(high / low))
    return (content.null - low) / (high - low)


def _directions(
    content: ForestRows, favours: Words | None, at: float, width: float, size: float
) -> tuple[list[str], list[str]]:
    """Return the labels of direction in lines that fit left and right of the line of no effect."""
    if favours is None:
        return [], []
    weight = "bold" if content.journal.bold_directions else "normal"
    left, right = f"← {favours[0]}", f"{favours[1]} →"
    minor = small(content, size)
    return wrap(left, at - ASIDE, minor, weight), wrap(right, width - at - ASIDE, minor, weight)


def _lines(row: dict[Any, Any], label: float, wide: float, size: float, minor: float) -> list[str]:
    if row["kind"] == "text":
        return wrap(row["label"], wide, minor)
    weight = "normal" if row["kind"] in ("study", "prediction") else "bold"
    return wrap(row["label"], wide if row["kind"] == "group" else label, size, weight)


def _height(kind: str, lines: int, size: float, content: ForestRows) -> float:
    if kind == "space":
        return content.journal.blank * size * LINE
    apart = 2.0 if lines == 1 or kind == "text" else 5.0  # names of several lines stand apart from each other
    apart += BELOW if kind == "study" and content.rows["model"].notna().any() else 0.0
    return lines * (small(content, size) if kind == "text" else size) * LINE + apart
