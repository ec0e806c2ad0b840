"""Forest plots: each trial, each subgroup's pool and the whole, with the numbers beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...base.messages.arguments import known_arguments
from ...errors import OptionError
from ..slot import EDGE, Slot
from ..style import MM, new_axes, style
from .content import ForestRows
from .layout import ForestLayout, plan
from .marks import draw_axis, draw_lines, draw_row
from .pages import pages
from .rows import forest_rows
from .texts import write

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@known_arguments
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
        Layout, one of ``plot.JOURNALS``: ``default``, ``RevMan5``, ``JAMA``, ``BMJ``, ``Lancet``, ``NEJM``, ``JCO``,
        ``Elsevier`` or ``BMC``; the records say how well each is known.
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

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> ax = mo.plot.forest(r, effect="HR for death", favours=("Favours treatment", "Favours control"))
    >>> mo.save(ax, "forest.pdf").name
    'forest.pdf'
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


@known_arguments
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

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> len(mo.plot.forest_pages(r, height=240))
    1
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
    draw_axis(ax, content, layout)
    draw_lines(ax, content, layout)
    for i, row in enumerate(content.rows.to_dict("records")):
        draw_row(ax, row, layout.tops[i] + layout.heights[i] / 2, content)
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
