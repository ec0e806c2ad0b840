"""Forest plots: each trial, each subgroup's pool and the whole, with the numbers beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from inspect import signature
from typing import TYPE_CHECKING, Any

from ...base.messages.warning import warn
from ...data.risk_of_bias.assessment import RiskOfBias
from ...errors import FigureWarning, OptionError
from ..checks import checked, width_or_none
from ..slot import EDGE, Slot
from ..style import MM, new_axes, style
from .axis import tick_label
from .content import ForestRows
from .layout import ForestLayout, plan
from .marks import draw_axis, draw_lines, draw_marks
from .pages import pages
from .rows import forest_rows
from .style import PLAIN, ForestStyle, forest_style
from .texts import write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE_HEIGHT = 240.0  # mm that a page has for a figure


@checked(width=width_or_none)
def forest(
    result: Any,
    *,
    ax: Axes | None = None,
    journal: str | None = None,
    width: float | str | None = None,
    title: str = "",
    font_size: float | None = None,
    xlim: Sequence[float] | None = None,
    ticks: Sequence[float] | None = None,
    favours: tuple[str, str] | None = None,
    effect: str | None = None,
    unit: str = "",
    digits: int | None = None,
    sort: str | None = None,
    subgroup_label: str | None = None,
    prediction: bool | None = None,
    study_interval: str = "exact",
    common: bool = False,
    shrinkage: bool = False,
    left: Sequence[str] | None = None,
    right: Sequence[str] | None = None,
    risk_of_bias: RiskOfBias | None = None,
) -> Axes:
    """Draw a forest plot.

    Squares are trials, their area the weight; diamonds are pooled effects, a bar is the prediction interval. Rates are
    drawn from 0 to 100 %, or from an end as far as they reach where that is no more than 75 %; ratios and times on a
    log axis. An interval that leaves the axis ends in an arrow.

    Parameters
    ----------
    result : result
        What ``pool`` or another pooling function, ``pool_subgroups``, ``interaction`` or ``regress`` returned; or its
        ``forest_rows``, for which all options are settled that those have.
    ax : matplotlib Axes, optional
        Axes to draw into: the panel and its columns of text are fitted into the place they have. A figure is made
        when None.
    journal : str, optional
        Layout, one of ``plot.JOURNALS``: ``default``, ``RevMan5``, ``JAMA``, ``BMJ``, ``Lancet``, ``NEJM``, ``JCO``,
        ``Elsevier`` or ``BMC``; the records say how well each is known. Type is no smaller than the journal prints.
    width : float or str, optional
        Width of the figure made: in mm, or ``column`` or ``page`` for one column or the page of the journal; as its
        record says when None. Where it does not suffice, weights and then counts are left out, but for those named in
        `left` and `right`.
    title : str, optional
        What stands above, as it is written.
    font_size : float, optional
        Of the rows, in points; what has room when None. Not below what the journal prints.
    xlim : sequence of float, optional
        Ends of the axis on the natural scale (percent of proportions), the line of no effect between them; as the
        intervals want them when None.
    ticks : sequence of float, optional
        Where the axis has its ticks, on the natural scale; round numbers when None.
    favours : (str, str), optional
        Words at the two sides of the line of no effect.
    effect, unit : str, optional
        What the effect is called, and the unit of times, as ``forest_rows`` takes these and the following.
    digits : int, optional
        Decimals.
    sort : str, optional
        The order of the trials, such as ``"-weight"``, from the largest down.
    subgroup_label : str, optional
        What stands before the levels of subgroups.
    prediction : bool, optional
        Whether a prediction interval is drawn.
    study_interval : str, default "exact"
        Intervals of single trials.
    common, shrinkage : bool, default False
        What else is drawn: the common effect, and trials shrunken towards a Bayesian pool.
    left, right : sequence of str, optional
        The columns of text.
    risk_of_bias : RiskOfBias, optional
        Judgements of the risk of bias beside the trials.

    Returns
    -------
    Axes
        The panel; its x axis is on the natural scale.

    Raises
    ------
    DataError
        When `result` has no rows for a forest plot.
    ColumnError
        When a column of `left`, `right` or `sort` does not exist, has no content or is asked for twice.
    OptionError
        When the place is too small, an option has no use for this result, or its value does not fit what is drawn.

    Warns
    -----
    FigureWarning
        When the figure made is higher than a page, or ticks that are asked for have no room for their labels.

    Examples
    --------
    >>> import metaonc as mo
    >>> trials = {"trial": ["A", "B", "C"], "yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}
    >>> r = mo.pool(trials, study="trial", measure="HR")
    >>> ax = mo.plot.forest(r, journal="JCO", width="column", xlim=(0.2, 5), sort="-weight", effect="HR, death")
    >>> tuple(map(float, ax.get_xlim()))
    (0.2, 5.0)
    """
    asked = {
        "journal": journal,
        "effect": effect,
        "unit": unit,
        "digits": digits,
        "sort": sort,
        "subgroup_label": subgroup_label,
        "prediction": prediction,
        "study_interval": study_interval,
        "common": common,
        "shrinkage": shrinkage,
        "left": left,
        "right": right,
        "risk_of_bias": risk_of_bias,
    }
    content = _content(result, asked)
    look = forest_style(content, favours=favours, xlim=xlim, ticks=ticks, title=title, font_size=font_size)
    made = drawn(content, width=width, look=look, ax=ax)
    figure = made.get_figure(root=True)
    if ax is None and figure is not None and (high := figure.get_figheight() / MM) > PAGE_HEIGHT:
        said = f"this forest plot is {high:.0f} mm high, more than a page has: plot.forest_pages breaks it into pages."
        warn(said, FigureWarning)
    return made


@checked(width=width_or_none, more=[name for name in signature(forest_rows).parameters if name != "result"])
def forest_pages(
    result: Any,
    *,
    height: float = PAGE_HEIGHT,
    width: float | str | None = None,
    title: str = "",
    font_size: float | None = None,
    xlim: Sequence[float] | None = None,
    ticks: Sequence[float] | None = None,
    favours: tuple[str, str] | None = None,
    **options: Any,
) -> list[Axes]:
    """Draw a forest plot of many trials over several pages, each with the header, the axis and the same scale.

    A pool stays with its last trial and its heterogeneity, the heading of a subgroup with its first trial; it is
    repeated where the subgroup goes on. Footnotes stand on the last page.

    Parameters
    ----------
    result : result
        What ``forest`` takes.
    height : float, default 240
        Largest height of a page, in mm.
    width : float or str, optional
        As in ``forest``.
    title : str, optional
        As in ``forest``; it stands on each page.
    font_size : float, optional
        As in ``forest``.
    xlim, ticks : sequence of float, optional
        As in ``forest``.
    favours : (str, str), optional
        As in ``forest``.
    **options
        Of ``forest_rows``: ``journal``, ``effect``, ``unit``, ``digits``, ``sort``, ``subgroup_label``,
        ``prediction``, ``study_interval``, ``common``, ``shrinkage``, ``left``, ``right`` and ``risk_of_bias``.

    Returns
    -------
    list of Axes
        The panels, each of a figure of its own.

    Raises
    ------
    DataError, ColumnError, OptionError
        As ``forest``; and when `height` has no room for the rows that stay together.

    Examples
    --------
    >>> import metaonc as mo
    >>> trials = {"yi": [-0.01 * i for i in range(60)], "vi": [0.04] * 60}
    >>> panels = mo.plot.forest_pages(mo.pool(trials, measure="HR"), height=150, title="Sixty trials", sort="effect")
    >>> len(panels)
    3
    """
    content = _content(result, options)
    look = forest_style(content, favours=favours, xlim=xlim, ticks=ticks, title=title, font_size=font_size)
    mm = content.journal.mm(width)
    with style():
        layout = plan(content, mm * MM * 72 - 2 * EDGE, look)
        _warn_of_ticks(layout)
        parts = pages(content, layout, height * MM * 72 - 2 * EDGE)
        return [_draw(_own_axes(mm, part.height), rows, part) for rows, part in parts]


def drawn(
    content: ForestRows, *, width: float | str | None = None, look: ForestStyle = PLAIN, ax: Axes | None = None
) -> Axes:
    """Draw these rows, however high that is; parameters as in ``forest``."""
    mm = content.journal.mm(width)
    with style():
        layout = plan(content, mm * MM * 72 - 2 * EDGE if ax is None else Slot(ax).width, look)
        _warn_of_ticks(layout)
        return _draw(ax or _own_axes(mm, layout.height), content, layout)


def _draw(ax: Axes, content: ForestRows, layout: ForestLayout) -> Axes:
    slot = Slot(ax)
    _check_place(slot, layout.height)
    slot.shrink(layout.panel[0], layout.head, layout.panel[1], layout.head + layout.body)
    draw_axis(ax, content, layout)
    draw_lines(ax, content, layout)
    draw_marks(ax, content, layout)
    write(slot, content, layout)
    return ax


def _warn_of_ticks(layout: ForestLayout) -> None:
    bare = [x for x in layout.axis[2].tolist() if x not in layout.labelled]
    if layout.ticks is not None and bare:
        warn(f"ticks: no room for the labels of {', '.join(map(tick_label, bare))}: these ticks stand without. Give "
             "fewer, smaller type or a larger width.", FigureWarning)  # fmt: skip


def _content(result: Any, asked: dict[str, Any]) -> ForestRows:
    if not isinstance(result, ForestRows):
        return forest_rows(result, **asked)
    usual = {name: one.default for name, one in signature(forest_rows).parameters.items()}
    given = next((name for name, value in asked.items() if value != usual.get(name)), None)
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
