"""Forest plots: each trial, each subgroup's pool and the whole, with the numbers beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Polygon
from matplotlib.ticker import FixedLocator, NullLocator

from ..errors import OptionError
from .forest_axis import tick_label
from .forest_content import ForestRows
from .forest_layout import BELOW, ForestLayout, plan
from .forest_pages import pages
from .forest_rows import forest_rows
from .forest_texts import write
from .journals import BLUE
from .slot import EDGE, Slot
from .style import MM, new_axes, style
from .typeset import family

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, GREY = "#000000", "0.35"
SQUARE = (1.4, 8.0)  # pt: side of the smallest square that is seen as one, and of the largest


def forest(
    result: Any,
    *,
    ax: Axes | None = None,
    journal: str | None = None,
    width: float | None = None,
    effect: str | None = None,
    unit: str = "",
    favours: tuple[str, str] | None = None,
    study_interval: str = "exact",
    common: bool = False,
    shrinkage: bool = False,
    left: Sequence[str] | None = None,
    right: Sequence[str] | None = None,
) -> Axes:
    """Draw a forest plot.

    Squares are trials, their area the weight; diamonds are pooled effects, a bar is the prediction interval. Rates are
    drawn from 0 to 100 %, ratios and times on a log axis, where an interval that leaves it ends in an arrow.

    Parameters
    ----------
    result
        What ``pool`` or another pooling function, ``pool_subgroups``, ``interaction`` or ``regress`` returned; or its
        ``forest_rows``, for which all options are settled that those have.
    ax
        Axes to draw into: the panel and its columns of text are fitted into the place they have. A figure is made
        when None.
    journal
        Layout: ``default``, ``RevMan5``, ``JAMA``, ``BMJ``, ``Lancet``, ``NEJM`` or ``JCO``; the records are in
        ``plot.JOURNALS`` and say how well each is known.
    width
        Width of the figure made, in mm; the journal's when None.
    effect
        Name of the effect, such as ``ORR`` or ``Median PFS``; the measure's own name when None.
    unit
        Unit of times, such as ``months``.
    favours
        Words at the two sides of the line of no effect.
    study_interval
        Interval of single trials, of proportions whose counts are known: ``exact``, ``wilson``, ``agresti-coull`` or
        ``jeffreys``.
    common
        Whether the common effect of all trials stands beside that of random effects, as an open diamond.
    shrinkage
        Whether the effects of a Bayesian pool's trials, shrunken towards the pool, stand below their own, as open
        circles.
    left, right
        Columns of text at the sides of the panel, see ``forest_rows``; the journal's when None.

    Returns
    -------
    Axes
        The panel; its x axis is on the natural scale.

    Raises
    ------
    DataError
        When `result` has no rows for a forest plot.
    ColumnError
        When a column of `left` or `right` does not exist, has no content or is asked for twice.
    OptionError
        When the place is too small, `favours` is given for an effect that has no line of no effect, or
        the journal or `study_interval` does not exist or has no use here.
    """
    asked = {
        "journal": journal,
        "effect": effect,
        "unit": unit,
        "study_interval": study_interval,
        "common": common,
        "shrinkage": shrinkage,
        "left": left,
        "right": right,
    }
    content = _content(result, asked)
    _check_favours(favours, content)
    width = content.journal.width if width is None else width
    with style():
        layout = plan(content, width * MM * 72 - 2 * EDGE if ax is None else Slot(ax).width, favours)
        return _draw(ax or _own_axes(width, layout.height), content, layout)


def forest_pages(
    result: Any, *, height: float = 240.0, width: float | None = None, favours: tuple[str, str] | None = None
) -> list[Axes]:
    """Draw a forest plot of many trials over several pages, each with the header, the axis and the same scale.

    A pool stays with its last trial and its heterogeneity, the heading of a subgroup with its first trial; it is
    repeated where the subgroup goes on. Footnotes stand on the last page.

    Parameters
    ----------
    result
        What ``forest`` takes; to choose journal and columns, give what ``forest_rows`` made of it.
    height
        Largest height of a page, in mm.
    width, favours
        As in ``forest``.

    Returns
    -------
    list of Axes
        The panels, each of a figure of its own.

    Raises
    ------
    DataError, OptionError
        As ``forest``; and when `height` has no room for the rows that stay together.
    """
    content = _content(result, {})
    _check_favours(favours, content)
    width = content.journal.width if width is None else width
    with style():
        layout = plan(content, width * MM * 72 - 2 * EDGE, favours)
        parts = pages(content, layout, height * MM * 72 - 2 * EDGE)
        return [_draw(_own_axes(width, part.height), rows, part) for rows, part in parts]


def _draw(ax: Axes, content: ForestRows, layout: ForestLayout) -> Axes:
    slot = Slot(ax)
    _check_place(slot, layout.height)
    slot.shrink(layout.panel[0], layout.head, layout.panel[1], layout.head + layout.body)
    _draw_axis(ax, content, layout)
    _draw_lines(ax, content, layout)
    for i, row in enumerate(content.rows.to_dict("records")):
        _draw_row(ax, row, layout.tops[i] + layout.heights[i] / 2, content)
    write(slot, content, layout)
    return ax


def _check_favours(favours: tuple[str, str] | None, content: ForestRows) -> None:
    if favours is not None and content.null is None:
        raise OptionError("favours= needs an effect with a line of no effect, such as a ratio.")


def _content(result: Any, asked: dict[str, Any]) -> ForestRows:
    if not isinstance(result, ForestRows):
        return forest_rows(result, **asked)
    given = next((name for name, value in asked.items() if value not in (None, "", "exact", False)), None)
    if given is not None:
        raise OptionError(f"{given}= is settled in these rows: give it to forest_rows.")
    return result


def _own_axes(width: float, height: float) -> Axes:
    ax = new_axes(width, (height + 2 * EDGE) / 72 / MM)
    ax.set_position((0.0, 0.0, 1.0, 1.0))
    return ax


def _check_place(slot: Slot, height: float) -> None:
    shared = (slot.ax.get_shared_x_axes(), slot.ax.get_shared_y_axes())
    if any(len(together.get_siblings(slot.ax)) > 1 for together in shared):
        raise OptionError("these axes share their scale with others, which a forest plot would change: do not share.")
    if slot.height < height - 0.01:
        have, need = ((h + 2 * EDGE) / 72 / MM for h in (slot.height, height))
        raise OptionError(f"axes {have:.0f} mm high are too low for this forest plot: make them {math.ceil(need)} mm.")


def _draw_axis(ax: Axes, content: ForestRows, layout: ForestLayout) -> None:
    low, high, ticks = layout.axis
    if content.scale == "log":
        ax.set_xscale("log")
    ax.set(xlim=(low, high), ylim=(layout.body, 0))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_locator(FixedLocator(list(ticks)))
    ax.set_xticks(ticks, [content.journal.decimal(tick_label(t)) for t in ticks])
    ax.yaxis.set_visible(False)
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.patch.set_visible(False)
    ax.tick_params(labelsize=layout.size, labelfontfamily=family())
    if layout.label:
        label = "\n".join(layout.label)
        ax.set_xlabel(label, fontfamily=family(), fontsize=layout.size, labelpad=1.5, parse_math=False)


def _draw_lines(ax: Axes, content: ForestRows, layout: ForestLayout) -> None:
    if content.null is not None:
        ax.axvline(content.null, color=INK, linewidth=0.6, zorder=1)
    if math.isfinite(content.reference):
        # the dotted line ends where the diamond stands, so that it crosses no text below; or goes on on the next page
        index, bottom = content.rows.index.tolist(), layout.body
        if content.whole in index:
            overall = index.index(content.whole)
            bottom = layout.tops[overall] + layout.heights[overall] / 2
        ax.vlines(content.reference, 0, bottom, colors=GREY, linestyles=(0, (1, 1.5)), linewidth=0.6, zorder=1)


def _draw_row(ax: Axes, row: dict[Any, Any], y: float, content: ForestRows) -> None:
    if row["kind"] == "study":
        _draw_study(ax, row, y, content)
    elif row["kind"] == "pooled":
        _draw_diamond(ax, row, y, content.journal.diamond)
    elif row["kind"] == "common":
        _draw_diamond(ax, row, y, "white")
    elif row["kind"] == "prediction":
        _draw_interval(ax, row, y, color=BLUE, linewidth=2.2)


def _draw_study(ax: Axes, row: dict[Any, Any], y: float, content: ForestRows) -> None:
    if not math.isnan(row["model"]):
        model = {"low": row["model_low"], "high": row["model_high"]}
        _draw_interval(ax, model, y + BELOW, color=GREY, linewidth=0.5)
        ax.plot(row["model"], y + BELOW, "o", ms=3.2, mfc="white", mec=GREY, mew=0.6, zorder=4, clip_on=False)
        y -= BELOW / 2
    if math.isnan(row["estimate"]):
        return
    _draw_interval(ax, row, y, color=INK, linewidth=0.8)
    side = max(SQUARE[1] * math.sqrt(row["weight"] / content.largest), SQUARE[0])
    ax.plot(row["estimate"], y, "s", ms=side, mfc=content.colour, mec=content.colour, mew=0, zorder=2, clip_on=False)


def _draw_interval(ax: Axes, row: dict[Any, Any], y: float, **look: Any) -> None:
    """Draw an interval as a line, with an arrow at an end that leaves the axis or was not reached.

    The line lies upon the square, so that it is seen where it is shorter.
    """
    first, last = ax.get_xlim()
    low = first if math.isnan(row["low"]) else row["low"]
    high = last if math.isnan(row["high"]) else row["high"]
    ax.plot([max(low, first), min(high, last)], [y, y], solid_capstyle="butt", zorder=3, clip_on=False, **look)
    beyond = ((first, "<", math.isnan(row["low"]) or low < first), (last, ">", math.isnan(row["high"]) or high > last))
    for at, marker, out in beyond:
        if out:
            ax.plot(at, y, marker, ms=4, mfc=look["color"], mec=look["color"], mew=0, zorder=2, clip_on=False)


def _draw_diamond(ax: Axes, row: dict[Any, Any], y: float, colour: str) -> None:
    first, last = ax.get_xlim()
    left, middle, right = (min(max(row[c], first), last) for c in ("low", "estimate", "high"))
    half = 3.6
    corners = [(left, y), (middle, y - half), (right, y), (middle, y + half)]
    ax.add_patch(Polygon(corners, closed=True, facecolor=colour, edgecolor=INK, linewidth=0.5, zorder=4, clip_on=False))
    _draw_interval(ax, row, y, color=INK, linewidth=0.5)  # under the diamond, for the arrows at clipped ends
