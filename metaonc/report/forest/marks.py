"""The marks of a forest plot: axis, lines, squares, intervals and diamonds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

from ..slot import clip_of
from ..style import style
from ..typeset import family
from .axis import TickLabels, Ticks
from .content import TRIALS, ForestRows
from .layout import BELOW, ForestLayout

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, GREY = "#000000", "0.35"
HALF = 3.6  # pt: half of the height of a diamond
SQUARE = (1.4, 8.0)  # pt: side of the smallest square that is seen as one, and of the largest


def draw_axis(ax: Axes, content: ForestRows, layout: ForestLayout) -> None:
    """Draw the axis of the effect below the rows."""
    low, high, _ = layout.axis
    if content.scale == "log":
        ax.set_xscale("log")
    ax.set(xlim=(low, high), ylim=(layout.body, 0))
    width = layout.panel[1] - layout.panel[0]
    asked = layout.ticks is not None
    ax.xaxis.set_major_locator(
        FixedLocator(layout.labelled.tolist()) if asked else Ticks(content.scale, width, layout.size)
    )
    ax.xaxis.set_minor_locator(FixedLocator(sorted({*layout.axis[2].tolist()} - {*layout.labelled.tolist()}))
                               if asked else NullLocator())  # fmt: skip
    ax.xaxis.set_major_formatter(TickLabels(content.journal.point))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_visible(False)
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.patch.set_visible(False)
    ax.tick_params(labelsize=layout.size, labelfontfamily=family())
    if layout.label:
        label = "\n".join(layout.label)
        ax.set_xlabel(label, fontfamily=family(), fontsize=layout.size, labelpad=1.5, parse_math=False)


def draw_lines(ax: Axes, content: ForestRows, layout: ForestLayout) -> None:
    """Draw the line of no effect, and the dotted one of the overall estimate."""
    if content.null is not None:
        ax.axvline(content.null, color=INK, linewidth=0.6, zorder=1)
    if math.isfinite(content.reference):
        # the dotted line ends where the diamond stands, so that it crosses no text below; or goes on on the next page
        index, bottom = content.rows.index.tolist(), layout.body
        if content.whole in index:
            overall = index.index(content.whole)
            bottom = layout.tops[overall] + layout.heights[overall] / 2
        ax.vlines(content.reference, 0, bottom, colors=GREY, linestyles=(0, (1, 1.5)), linewidth=0.6, zorder=1)


def draw_marks(ax: Axes, content: ForestRows, layout: ForestLayout) -> None:
    """Draw the marks of all rows; and again when other limits are set, so that what leaves the axis has an arrow."""
    records = content.rows.to_dict("records")

    def draw(ax: Axes) -> None:
        with style():
            for artist in [a for a in (*ax.lines, *ax.patches) if a in drawn]:
                artist.remove()
            before = {*ax.lines, *ax.patches}
            for row, top, height in zip(records, layout.tops, layout.heights, strict=True):
                _draw_row(ax, row, top + height / 2, content)
            drawn.clear()
            drawn.update(a for a in (*ax.lines, *ax.patches) if a not in before)

    drawn: set[Any] = set()
    draw(ax)
    ax.callbacks.connect("xlim_changed", draw)


def _draw_row(ax: Axes, row: dict[Any, Any], y: float, content: ForestRows) -> None:
    """Draw the mark of a row at its height."""
    if row["kind"] in TRIALS:
        _draw_study(ax, row, y, content)
    elif row["kind"] == "pooled":
        _draw_diamond(ax, row, y, content.journal.diamond)
    elif row["kind"] == "common":
        _draw_diamond(ax, row, y, "white")
    elif row["kind"] == "prediction":
        _draw_interval(ax, row, y, color=content.journal.prediction, linewidth=2.2)


def _draw_study(ax: Axes, row: dict[Any, Any], y: float, content: ForestRows) -> None:
    if not math.isnan(row["model"]):
        model = {"low": row["model_low"], "high": row["model_high"]}
        _draw_interval(ax, model, y + BELOW, color=GREY, linewidth=0.5)
        if _is_on(ax, row["model"]):
            circle: dict[str, Any] = {"ms": 3.2, "color": GREY, "mfc": "white", "mew": 0.6, "zorder": 4}
            _add_line(ax, [row["model"]], y + BELOW, ls="", marker="o", **circle)
        y -= BELOW / 2
    if math.isnan(row["estimate"]):
        return
    _draw_interval(ax, row, y, color=INK, linewidth=0.8)
    if not _is_on(ax, row["estimate"]):
        return
    side = max(SQUARE[1] * math.sqrt(max(0.0, row["weight"]) / content.largest), SQUARE[0])
    face: dict[str, Any] = {"color": content.colour, "mew": 0, "zorder": 2}
    if row["kind"] == "filled":  # open, upon its line
        face = {"color": INK, "mfc": "white", "mew": 0.7, "zorder": 3.5}
    _add_line(ax, [row["estimate"]], y, ls="", marker="s", ms=side, **face)


def _is_on(ax: Axes, value: float) -> bool:
    """Return whether a value lies on the axis."""
    first, last = ax.get_xlim()
    return bool(first <= value <= last)


def _draw_interval(
    ax: Axes, row: dict[Any, Any], y: float, tip: Mapping[str, Any] = MappingProxyType({}), **look: Any
) -> None:
    """Draw an interval as a line, with an arrow at an end that leaves the axis or was not reached.

    The line lies upon the square, so that it is seen where it is shorter. `tip` is how the arrow looks, where that is
    not as the line.
    """
    first, last = ax.get_xlim()
    low = first if math.isnan(row["low"]) else row["low"]
    high = last if math.isnan(row["high"]) else row["high"]
    if low <= last and high >= first:
        _add_line(ax, [max(low, first), min(high, last)], y, solid_capstyle="butt", zorder=3, **look)
    beyond = ((first, "<", math.isnan(row["low"]) or low < first), (last, ">", math.isnan(row["high"]) or high > last))
    for at, marker, out in beyond:
        if out:
            arrow = {"ms": 4, "color": look["color"], "mew": 0, **tip}
            _add_line(ax, [at], y, ls="", marker=marker, zorder=2, **arrow)


def _add_line(ax: Axes, x: list[float], y: float, **look: Any) -> None:
    """Draw a line or a marker at a height; as ``plot`` does, which takes twice the time."""
    ax.add_line(Line2D(x, [y] * len(x), clip_on=False, clip_path=clip_of(ax), **look))


def _draw_diamond(ax: Axes, row: dict[Any, Any], y: float, colour: str) -> None:
    """Draw a diamond, cut off where it leaves the axis; one that lies beyond it is an arrow as large as it."""
    corners = _diamond(ax, row)
    if corners:
        shape = [(x, y + height) for x, height in corners]
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": INK, "linewidth": 0.5, "zorder": 4, "clip_on": False}
        ax.add_patch(Polygon(shape, closed=True, **look))
        _draw_interval(ax, row, y, color=INK, linewidth=0.5)  # under the diamond, for the arrows at clipped ends
        return
    _draw_interval(ax, row, y, tip={"ms": 2.2 * HALF, "mfc": colour, "mec": INK, "mew": 0.5}, color=INK, linewidth=0.5)


def _diamond(ax: Axes, row: dict[Any, Any]) -> list[tuple[float, float]]:
    """Return the corners of the part of a diamond that is on the axis, as (value, height); none where none of it is."""
    first, last = ax.get_xlim()
    log = ax.get_xscale() == "log"
    left, middle, right = row["low"], row["estimate"], row["high"]
    left, right = (first if math.isnan(left) else left), (last if math.isnan(right) else right)
    if math.isnan(middle) or right < first or left > last:
        return []

    def height(x: float) -> float:
        near, far = (math.log(x / middle), math.log((left if x < middle else right) / middle)) if log else (
            x - middle, (left if x < middle else right) - middle)  # fmt: skip
        return HALF * (1 - near / far) if far else HALF

    upper = sorted({max(left, first), min(max(middle, first), last), min(right, last)})
    heights = [(x, height(x)) for x in upper]
    lower = [(x, h) for x, h in reversed(heights) if h > 0]
    return [*((x, -h) for x, h in heights), *lower]
