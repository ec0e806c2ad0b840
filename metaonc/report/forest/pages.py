"""A forest plot broken into pages."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from ...errors import OptionError
from ..slot import EDGE
from ..style import MM
from ..typeset import LINE, wrap
from .content import TRIALS, ForestRows, framed, row
from .layout import ForestLayout
from .room import GAP

AFTER = ("common", "prediction", "text", "space")  # kinds of rows that stay with what they follow
Part = tuple[ForestRows, ForestLayout]


def pages(content: ForestRows, layout: ForestLayout, height: float) -> list[Part]:
    """Return what stands on each page, `height` points high at most, and where.

    Raises
    ------
    OptionError
        When the rows that stay together need a higher page.
    """
    ranges = _ranges(content, layout, height)
    return [_part(content, layout, first, last, n, len(ranges)) for n, (first, last) in enumerate(ranges, start=1)]


def _units(content: ForestRows) -> list[tuple[int, int]]:
    """Return the rows that stay together, as half-open ranges of their places."""
    kinds = content.rows["kind"].tolist()
    starts = [0]
    for i, (before, kind) in enumerate(pairwise(kinds), start=1):
        stays = kind in AFTER or before == "group" or (kind == "pooled" and before in TRIALS)
        starts += [] if stays else [i]
    return list(zip(starts, [*starts[1:], len(kinds)], strict=True))


def _ranges(content: ForestRows, layout: ForestLayout, height: float) -> list[tuple[int, int]]:
    """Return the half-open ranges of rows that stand on each page, filled from the first."""
    if layout.height <= height:
        return [(0, len(content.rows))]
    step = layout.small * LINE
    groups = content.rows["label"][content.rows["kind"] == "group"]
    heading = max((_heading_height(_heading(label, layout), layout) for label in groups), default=0.0)
    frame = layout.below - layout.body + heading + step  # all but rows and footnotes; a line names the page
    notes = len(layout.footnotes) * step
    units = _units(content)
    sizes = [sum(layout.heights[first:last]) + 2 for first, last in units]
    need = max(max(sizes), sizes[-1] + notes) + frame
    if need > height:
        have, least = ((h + 2 * EDGE) / 72 / MM for h in (height, need))
        raise OptionError(
            f"pages {have:.0f} mm high are too low for this forest plot: make them {math.ceil(least)} mm."
        )
    starts, used = [0], 0.0
    for i, (unit, size) in enumerate(zip(units, sizes, strict=True)):
        last = notes if i == len(units) - 1 else 0.0
        if used and used + size + last + frame > height:
            starts.append(unit[0])
            used = 0.0
        used += size
    return list(zip(starts, [*starts[1:], len(content.rows)], strict=True))


def _heading(label: str, layout: ForestLayout) -> list[str]:
    return wrap(f"{label} (continued)", layout.panel[0] - GAP, layout.size, "bold")


def _heading_height(lines: list[str], layout: ForestLayout) -> float:
    return len(lines) * layout.size * LINE + 5


def _part(content: ForestRows, layout: ForestLayout, first: int, last: int, page: int, of: int) -> Part:
    rows, lines, heights = content.rows.iloc[first:last], layout.lines[first:last], layout.heights[first:last]
    group = _continued(content, first)
    if group is not None:
        more = _heading(group, layout)
        top = framed([row("group", " ".join(more))], (*content.left, *content.right)).set_axis([-1])
        rows = pd.concat([top, rows])
        lines, heights = [more, *lines], [_heading_height(more, layout), *heights]
    notes = layout.footnotes if page == of else []
    notes = [*notes, *([f"Page {page} of {of}."] if of > 1 else [])]
    body = sum(heights) + 2
    shift = body - layout.body
    below_rows = layout.directions > layout.head
    part = replace(
        layout,
        lines=lines,
        heights=heights,
        tops=list(np.cumsum([0.0, *heights[:-1]])),
        body=body,
        below=layout.below + shift,
        directions=layout.directions + (shift if below_rows else 0.0),
        footnotes=notes,
    )
    return replace(content, rows=rows), part


def _continued(content: ForestRows, first: int) -> str | None:
    """Return the heading of the subgroup that a page begins within, None where it begins with a heading or the pool."""
    start = content.rows.iloc[first]
    groups = content.rows["label"].iloc[:first][content.rows["kind"].iloc[:first] == "group"]
    if first == 0 or start["kind"] == "group" or content.rows.index[first] == content.whole or groups.empty:
        return None
    return str(groups.iloc[-1])
