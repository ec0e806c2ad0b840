"""Where the parts of a forest plot go: columns of text, the panel, rows of one or more lines; in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...base.check import Floats
from ..typeset import LINE, wrap
from .axis import axis_range, labelled
from .content import TRIALS, ForestRows
from .key import Lines, key_lines, key_of, key_of_lights
from .room import END, GAP, after, find_room, footnote_lines, small
from .style import ForestStyle

AXIS = 25.0  # pt for ticks, their labels and the axis label, in type up to LARGE
LARGE = 8.0
BELOW = 4.0  # pt added to the row of a trial for the mark of what a model says of it
ASIDE = 3.0  # pt from the line of no effect to the labels of direction
LARGER = 1.0  # pt, that a title is larger than the rows


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
    ticks
        Those that the user asked for; None where they follow the limits.
    labelled
        Those of the axis that have room for their labels.
    title
        Lines above the header.
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
        Height of the header and of all rows; where the key ends, which stands below the axis and its labels.
    key
        Lines of the key of marks.
    footnotes
        Lines below the key.
    """

    size: float
    small: float
    columns: dict[str, tuple[float, float]]
    after: dict[str, float]
    panel: tuple[float, float]
    axis: tuple[float, float, Floats]
    ticks: tuple[float, ...] | None
    labelled: Floats
    title: list[str]
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
    key: Lines
    footnotes: list[str]

    @property
    def height(self) -> float:
        """The height of the whole."""
        return self.below + len(self.footnotes) * self.small * LINE


def plan(content: ForestRows, width: float, style: ForestStyle) -> ForestLayout:
    """Lay out a forest plot in `width` points.

    Raises
    ------
    OptionError
        When the width leaves no room for the panel.
    """
    room = find_room(content, width, style.font_size)
    return _assemble(content, width, room.label, room.columns, room.size, style)


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
    content: ForestRows, width: float, label: float, sizes: dict[str, float], size: float, style: ForestStyle
) -> ForestLayout:
    columns, (start, stop) = _places(content, width, label, sizes)
    axis = axis_range(content, stop - start, size, style)
    null = start + _share(content, axis) * (stop - start)
    headers = {c: wrap(content.headers[c], right - left, size, "bold") for c, (left, right) in columns.items()}
    minor = small(content, size)
    under = start - GAP  # a line of heterogeneity may run on under the empty cells beside it
    lines = [_lines(row, label, under, size, minor) for row in content.rows.to_dict("records")]
    heights = [_height(kind, len(text), size, content) for kind, text in zip(content.rows["kind"], lines, strict=True)]
    journal = content.journal
    above = wrap(content.axis, stop - start, size, "bold") if journal.effect_label == "above" else []
    directions = _directions(content, style.favours, null, width, size)
    title = wrap(style.title, width, size + LARGER, "bold") if style.title else []
    titled = title_height(len(title), size)
    band, top = max(map(len, directions)) * minor * LINE, journal.directions == "top"
    named = titled + max(map(len, [*headers.values(), above])) * size * LINE + 3
    head = named + (band + 1 if top and band else 0.0)
    below = [] if above else wrap(content.axis, 2 * min((start + stop) / 2, width - (start + stop) / 2), size)
    axis_end = head + sum(heights) + 2 + _axis(size) + (len(below) - 1) * size * LINE
    marks = (key_of(content, axis), *key_of_lights(content))
    key = [line for some in marks for line in key_lines(some, width, minor)]
    return ForestLayout(
        size=size,
        small=minor,
        columns=columns,
        after={c: after(content, c, size) for c in sizes if content.align[c] == "point"},
        panel=(start, stop),
        axis=axis,
        ticks=style.ticks,
        labelled=labelled(axis, content.null, content.scale == "log", stop - start, size),
        title=title,
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
        below=axis_end + (0.0 if top else band) + key_height(key, minor),
        key=key,
        footnotes=footnote_lines([one for one in content.notes if one.column in ("", *columns)], width, minor),
    )


def _axis(size: float) -> float:
    """Return the height of ticks, their labels and one line of the axis label."""
    return AXIS + 2 * LINE * max(0.0, size - LARGE)


def key_height(key: Lines, size: float) -> float:
    """Return the height of a key, with the room above it."""
    return len(key) * size * LINE + 3 if key else 0.0


def title_height(lines: int, size: float) -> float:
    """Return the height of a title of so many lines, with the room below it."""
    return lines * (size + LARGER) * LINE + 4 if lines else 0.0


def _share(content: ForestRows, axis: tuple[float, float, Floats]) -> float:
    """Return how far along the axis the line of no effect stands, 0 without one."""
    low, high, _ = axis
    if content.null is None:
        return 0.0
    if content.scale == "log":
        return float(np.log(content.null / low) / np.log(high / low))
    return (content.null - low) / (high - low)


def _directions(
    content: ForestRows, favours: tuple[str, str] | None, at: float, width: float, size: float
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
    weight = "normal" if row["kind"] in (*TRIALS, "prediction") else "bold"
    return wrap(row["label"], wide if row["kind"] == "group" else label, size, weight)


def _height(kind: str, lines: int, size: float, content: ForestRows) -> float:
    if kind == "space":
        return content.journal.blank * size * LINE
    apart = 2.0 if lines == 1 or kind == "text" else 5.0  # names of several lines stand apart from each other
    apart += BELOW if kind in TRIALS and content.rows["model"].notna().any() else 0.0
    return lines * (small(content, size) if kind == "text" else size) * LINE + apart
