"""Kaplan-Meier figures: curves with their bands, a key with the medians, and the table of who was followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...analysis.survival.cox.result import LogHazardRatio
from ...analysis.survival.curve.result import KaplanMeier
from ...analysis.survival.pairwise import pairwise_hazard_ratios
from ...base.check import one_of
from ...errors import DataError
from ..checks import checked, width_or_none
from ..journals import journal_of
from ..slot import EDGE
from ..style import MM, new_axes, style
from .compared import comparison_lines, quantiles_said, ratio_column
from .curves import draw_axes, draw_curves, draw_marks, draw_quantiles
from .data import Points, fades_at, km_data, km_key, km_note, risen
from .layout import Layout, has_room, plan
from .options import (
    FEW,
    Named,
    are_dense,
    asked_ticks,
    check_points,
    lines_at,
    looks_of,
    names_of,
    of_groups,
    table_rows,
    type_size,
    window,
)
from .slot import KmSlot
from .texts import draw_below, draw_ends, draw_key, draw_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = (45.0, 80.0)  # mm: least and greatest height of the curves' axes in a figure of our own


@checked(width=width_or_none, labels=of_groups, colours=of_groups)
def km(
    result: KaplanMeier,
    *,
    ax: Axes | None = None,
    journal: str | None = None,
    width: float | str | None = None,
    until: float | None = None,
    percent: bool = False,
    direction: str = "down",
    table: bool | Sequence[str] = True,
    censor_marks: bool | None = None,
    direct_labels: bool = False,
    landmarks: Sequence[float] = (),
    rmst: float | None = None,
    hazard_ratio: LogHazardRatio | None = None,
    fade_below: int | None = None,
    reconstructed: bool = False,
    points: Points | None = None,
    labels: Named = None,
    colours: Named = None,
    title: str = "",
    xlim: tuple[float, float] | None = None,
    ticks: float | Sequence[float] | None = None,
    font_size: float | None = None,
    bands: bool | None = None,
    quantile_lines: bool | Sequence[float] = True,
    log_rank: bool | None = None,
    reference: str | None = None,
) -> Axes:
    """Draw Kaplan-Meier curves.

    Above the curves stands the key, with events and medians; below them, aligned with the ticks, how many are at risk,
    censored and had the event (Morris and others 2019, BMJ Open 9:e030215). Curves end with the last patient followed.

    Parameters
    ----------
    result : KaplanMeier
        What ``mo.survival.kaplan_meier`` returned; its `unit` names the axis and chooses the ticks.
    ax : matplotlib Axes, optional
        Axes to draw into; key, table and labels are fitted into the place they have. A figure is made when None.
    journal : str, optional
        How numbers are printed, one of ``plot.JOURNALS``, with its width, its smallest type and its colour of trials.
    width : float or str, optional
        Width of the figure made: in mm, ``column`` or ``page``; the journal's when None.
    until : float, optional
        Last time shown; what is cut off is said below the figure.
    percent : bool, default False
        Label survival from 0 to 100 % instead of 0 to 1.
    direction : {"down", "up"}
        Survival, or the probability of the event, 1 - S, which rises.
    table : bool or sequence of str, default True
        Whether to print the table; or which rows of it, of "At risk", "Censored" and "Events".
    censor_marks : bool, optional
        Whether to mark where patients were censored; when None, unless that are so many that marks run together.
    direct_labels : bool, default False
        Whether to name each group at the end of its curve as well.
    landmarks : sequence of float, optional
        Times at which survival is printed in the key, with its interval.
    rmst : float, optional
        Time to which restricted mean survival times are printed in the key.
    hazard_ratio : LogHazardRatio, optional
        What ``mo.survival.hazard_ratio`` returned, to be printed below the key.
    fade_below : int, optional
        Draw a curve pale from where fewer patients than this are at risk.
    reconstructed : bool, default False
        The patients were reconstructed from a published figure: the figure says so, and no censoring is marked, since
        none was observed.
    points : mapping of str to (array, array), optional
        Label of a group -> (times, survival): points read from the published figure, drawn over the curves.
    labels, colours : mapping of str to str, or list of str, optional
        What groups are called and coloured: one for each in their order, or group -> label or colour of some.
    title : str, optional
        A line above the figure.
    xlim : (float, float), optional
        First and last time shown, from 0 on; instead of `until`.
    ticks : float or sequence of float, optional
        Times of the ticks and of the table's columns, or the step between them; chosen by the unit when None.
    font_size : float, optional
        Type of the key and the table, in points, with all else in proportion; 7, or the smallest of the journal, when
        None.
    bands : bool, optional
        Whether to draw the pointwise confidence intervals; when None, of three groups or fewer.
    quantile_lines : bool or sequence of float, default True
        Whether dotted lines mark the medians and the quantiles that ``kaplan_meier`` was asked for; or shares of
        patients, such as ``(0.25, 0.5)``, at whose times they do. Quantiles that were asked for stand below the key.
    log_rank : bool, optional
        Whether to print the log-rank test of all groups; when None, with more than two.
    reference : str, optional
        Group with which each other is compared: their hazard ratios, by Cox's model of the patients of the two, are
        printed in the key, or below it where that has no room for them, not adjusted for their number.

    Returns
    -------
    Axes
        The axes of the curves; ``ax.set_ylabel("Overall survival")`` names the endpoint. When their limits are changed,
        ticks and table follow.

    Raises
    ------
    DataError
        When `result` is no Kaplan-Meier estimate, `points` are no times and probabilities, `rmst` lies beyond the
        follow-up of a group, or no patient had the event and hazard ratios are asked for.
    OptionError
        When an option or the journal does not exist, names a group that is not there, is no time, colour or size that
        can be drawn, says the same as another, or has no room.

    Examples
    --------
    >>> import metaonc as mo
    >>> arms = {"time": [3, 5, 7, 2, 4, 6, 1, 2, 3], "event": [1, 0, 1, 1, 1, 1, 1, 1, 1], "arm": list("aaabbbccc")}
    >>> result = mo.survival.kaplan_meier(arms, by="arm", unit="months")
    >>> ax = mo.plot.km(result, labels={"a": "Doublet"}, reference="c", ticks=2, title="Overall survival")
    >>> [float(tick) for tick in ax.get_xticks()]
    [0.0, 2.0, 4.0, 6.0]
    """
    if not isinstance(result, KaplanMeier):
        raise DataError(f"a result of survival.kaplan_meier is wanted, not {type(result).__name__}.")
    prints = journal_of(journal)
    mm = prints.mm(width)
    span = window(result, until, xlim)
    rows = table_rows(table)
    up = one_of("direction", direction, ("down", "up")) == "up"
    overlay = check_points(points, result)
    dense = censor_marks is None and not reconstructed and are_dense(result)
    marks = censor_marks is not False and not reconstructed and not dense
    bands = len(result.curves) <= FEW if bands is None else bands
    names, looks = names_of(labels, result), looks_of(colours, result, prints)
    size = type_size(font_size, prints)
    place = mm * MM * 72 - 2 * EDGE if ax is None else KmSlot(ax).width
    key = km_key(result, landmarks, rmst, prints, names=names)
    ratios = None
    if reference is not None and len(names) > 1:
        ratios = pairwise_hazard_ratios(result, reference=reference).table
        wider = key.assign(**ratio_column(result, ratios, prints))
        if hazard_ratio is None and has_room(place, wider, size):
            key, ratios = wider, None
    lines = comparison_lines(
        result, names, hazard_ratio=hazard_ratio, test=log_rank, reference=reference, journal=prints, ratios=ratios
    )
    note = km_note(
        result, bands=bands, marks=marks, dense=dense, overlay=bool(overlay), rows=rows, span=span,
        fade_below=fade_below, compared=0 if reference is None else len(names) - 1,
    )  # fmt: skip
    marked = lines_at(quantile_lines, result)
    with style():
        layout = plan(
            place,
            key,
            size=size,
            least=prints.smallest_type,
            span=span,
            ticks=asked_ticks(ticks, span),
            unit=result.unit,
            largest=int(result.medians["n"].max()),
            rows=rows,
            direct=direct_labels,
            title=title.strip(),
            remark=f"Reconstructed from published curve{'s' * (len(result.curves) > 1)}" if reconstructed else "",
            lines=[*quantiles_said(result, names, prints), *lines],
            note=prints.decimal(note),
        )
        ax = ax or _own_axes(mm, layout)
        slot = KmSlot(ax)
        slot.inset(layout)
        data = replace(km_data(result, layout.ticks, rows=rows, journal=prints, names=names), key=key)
        data = risen(data) if up else data
        draw_axes(ax, layout, span, prints, unit=result.unit, percent=percent, up=up)
        draw_quantiles(ax, result, marked, up=up)
        draw_curves(ax, data, looks, names, fades_at(result, fade_below), bands=bands)
        if marks:
            draw_marks(ax, data, looks)
        for group, (time, survival) in overlay.items():
            y = 1 - survival if up else survival
            ax.plot(time, y, "o", ms=2.2, mfc="none", mew=0.5, color=looks[group]["color"], label=f"_{group}")
        draw_key(slot, layout, data, looks)
        draw_below(slot, layout, looks)
        draw_table(slot, layout, result, data.table, prints)
        if direct_labels:
            draw_ends(ax, slot, layout, data, looks, span)
    return ax


def _own_axes(width: float, layout: Layout) -> Axes:
    across = width - (layout.left + layout.right) / 72 / MM
    height = min(max(0.62 * across, HEIGHT[0]), HEIGHT[1]) + (layout.top + layout.bottom + 2 * EDGE) / 72 / MM
    ax = new_axes(width, height)
    ax.set_position((0.0, 0.0, 1.0, 1.0))
    return ax
