"""Kaplan-Meier figures: curves with their bands, a key with the medians, and the table of who was followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis.survival.cox.result import LogHazardRatio
from ...analysis.survival.curve.result import KaplanMeier
from ...base.check import Floats, one_of
from ...base.messages.arguments import known_arguments
from ...errors import DataError, OptionError
from ..journals import Journal, journal_of
from ..slot import EDGE
from ..style import LINESTYLES, MM, PALETTE, new_axes, style
from ..typeset import family
from .data import KmData, Points, check_points, fades_at, km_data, km_key, km_note, km_ratio, risen
from .layout import GAP, ROW, SIZE, SMALL, SMALL_ROW, X_AXIS, KmSlot, Layout, apart, plan
from .risk_table import ROWS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREY = "0.35"
PALE = 0.35  # opacity of a curve that few patients carry
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
HEIGHT = (45.0, 80.0)  # mm: least and greatest height of the curves' axes in a figure of our own
Looks = dict[str, dict[str, Any]]


@known_arguments
def km(
    result: KaplanMeier,
    *,
    ax: Axes | None = None,
    journal: str | None = None,
    width: float | None = None,
    until: float | None = None,
    percent: bool = False,
    direction: str = "down",
    table: bool | Sequence[str] = True,
    censor_marks: bool = True,
    direct_labels: bool = False,
    landmarks: Sequence[float] = (),
    rmst: float | None = None,
    hazard_ratio: LogHazardRatio | None = None,
    fade_below: int | None = None,
    reconstructed: bool = False,
    points: Points | None = None,
) -> Axes:
    """Draw Kaplan-Meier curves.

    Above the curves stands the key, with events and medians; below them, aligned with the ticks, how many are at risk,
    censored and had the event (Morris and others 2019, BMJ Open 9:e030215). Curves end with the last patient followed.

    Parameters
    ----------
    result
        What ``mo.survival.kaplan_meier`` returned; its `unit` names the axis and chooses the ticks.
    ax
        Axes to draw into; key, table and labels are fitted into the place they have. A figure is made when None.
    journal
        How numbers are printed, one of ``plot.JOURNALS``; it has no say in the layout.
    width
        Width of the figure made, in mm; the journal's when None.
    until
        Last time shown; what is cut off is said below the figure.
    percent
        Label survival from 0 to 100 % instead of 0 to 1.
    direction : {"down", "up"}
        Survival, or the probability of the event, 1 - S, which rises.
    table
        Whether to print the table; or which rows of it, of "At risk", "Censored" and "Events".
    censor_marks
        Whether to mark where patients were censored.
    direct_labels
        Whether to name each group at the end of its curve as well.
    landmarks
        Times at which survival is printed in the key, with its interval.
    rmst
        Time to which restricted mean survival times are printed in the key.
    hazard_ratio
        What ``mo.survival.hazard_ratio`` returned, to be printed below the key.
    fade_below
        Draw a curve pale from where fewer patients than this are at risk.
    reconstructed
        The patients were reconstructed from a published figure: the figure says so, and no censoring is marked, since
        none was observed.
    points
        Label of a group -> (times, survival): points read from the published figure, drawn over the curves.

    Returns
    -------
    Axes
        The axes of the curves; ``ax.set_ylabel("Overall survival")`` names the endpoint.

    Raises
    ------
    DataError
        When `result` is no Kaplan-Meier estimate, `points` are no times and probabilities, or `rmst` lies beyond the
        follow-up of a group.
    OptionError
        When `points` name a group that is not there, `until` is not after 0, an option or the journal does not exist,
        or the place is too small.
    """
    prints = journal_of(journal)
    width = prints.width if width is None else width
    last = _right_end(result, until)
    rows = _rows(table)
    up = one_of("direction", direction, ("down", "up")) == "up"
    overlay = check_points(points, result)
    marks = censor_marks and not reconstructed
    with style():
        layout = plan(
            width * MM * 72 - 2 * EDGE if ax is None else KmSlot(ax).width,
            km_key(result, landmarks, rmst, prints),
            last=last,
            unit=result.unit,
            largest=int(result.medians["n"].max()),
            rows=rows,
            direct=direct_labels,
            title=f"Reconstructed from published curve{'s' * (len(result.curves) > 1)}" if reconstructed else "",
            ratio=km_ratio(hazard_ratio, prints),
            note=prints.decimal(
                km_note(result, marks=marks, overlay=bool(overlay), rows=rows, until=until, fade_below=fade_below)
            ),
        )
        ax = ax or _own_axes(width, layout)
        slot = KmSlot(ax)
        slot.inset(layout)
        data = km_data(result, layout.ticks, landmarks=landmarks, rmst=rmst, rows=rows, journal=prints)
        data = risen(data) if up else data
        looks = {group: _look(i) for i, group in enumerate(result.curves)}
        _draw_axes(ax, layout.ticks, last, prints, unit=result.unit, percent=percent, up=up)
        _draw_medians(ax, result.medians["median"].to_numpy(dtype=float))
        _draw_curves(ax, data, looks, fades_at(result, fade_below))
        if marks:
            _draw_marks(ax, data, looks)
        for group, (time, survival) in overlay.items():
            y = 1 - survival if up else survival
            ax.plot(time, y, "o", ms=2.2, mfc="none", mew=0.5, color=looks[group]["color"], label=f"_{group}")
        _draw_key(slot, layout, data, looks)
        _draw_below(slot, layout, data, looks)
        if direct_labels:
            _draw_ends(ax, slot, layout, data, looks, last)
    return ax


def _right_end(result: KaplanMeier, until: float | None) -> float:
    if not isinstance(result, KaplanMeier):
        raise DataError(f"a result of survival.kaplan_meier is wanted, not {type(result).__name__}.")
    if until is not None and not until > 0:
        raise OptionError(f"until={until!r} is not a time after 0.")
    # a little room after the last patient, whose mark would else be cut
    return until or 1.02 * max(float(curve.time[-1]) for curve in result.curves.values()) or 1.0


def _rows(table: bool | Sequence[str]) -> Sequence[str]:
    if isinstance(table, str):
        raise OptionError(f"table={table!r}: give True, False or a list of rows, such as [{table!r}].")
    return (tuple(ROWS) if table else ()) if isinstance(table, bool) else table


def _own_axes(width: float, layout: Layout) -> Axes:
    across = width - (layout.left + layout.right) / 72 / MM
    height = min(max(0.62 * across, HEIGHT[0]), HEIGHT[1]) + (layout.top + layout.bottom + 2 * EDGE) / 72 / MM
    ax = new_axes(width, height)
    ax.set_position((0.0, 0.0, 1.0, 1.0))
    return ax


def _look(i: int) -> dict[str, Any]:
    return {"color": PALETTE[i % len(PALETTE)], "linestyle": LINESTYLES[i % len(LINESTYLES)]}


def _draw_axes(
    ax: Axes, ticks: Floats, last: float, prints: Journal, *, unit: str | None, percent: bool, up: bool
) -> None:
    ax.set(xlim=(0, last), ylim=(0, 1.03))
    ax.spines["left"].set_bounds(0, 1)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_xticks(ticks, [prints.decimal(f"{tick:g}") for tick in ticks])
    ax.set_yticks(QUARTERS, [prints.decimal(f"{100 * q if percent else q:g}") for q in QUARTERS])
    ax.tick_params(labelsize=SIZE, labelfontfamily=family())
    ax.set_xlabel(f"Time ({unit})" if unit else "Time", fontfamily=family(), fontsize=8, labelpad=2)
    what = "Event" if up else "Survival"
    ax.set_ylabel(f"{what} (%)" if percent else f"{what} probability", fontfamily=family(), fontsize=8, labelpad=3)


def _draw_medians(ax: Axes, medians: Floats) -> None:
    reached = medians[~np.isnan(medians)]
    if len(reached):
        ax.hlines(0.5, 0, reached.max(), colors="0.6", linestyles=":", linewidth=0.6, zorder=1)
        ax.vlines(reached, 0, 0.5, colors="0.6", linestyles=":", linewidth=0.6, zorder=1)


def _draw_curves(ax: Axes, data: KmData, looks: Looks, fades: Mapping[str, float]) -> None:
    for group, steps in data.curves.groupby("group", sort=False):
        time, survival, low, high = (steps[c].to_numpy() for c in ("time", "survival", "low", "high"))
        # Corners by hand: fill_between(step="post") leaves out the piece before a limit that does not exist (S = 0).
        x, bottom, top = np.repeat(time, 2)[1:], np.repeat(low, 2)[:-1], np.repeat(high, 2)[:-1]
        ax.fill_between(x, bottom, top, color=looks[str(group)]["color"], alpha=0.15, linewidth=0, zorder=2)
        # markevery, though there are no markers: without it matplotlib rebuilds long lines when it draws them, and
        # simplifies them then, whatever style they were made in.
        look = looks[str(group)] | {"drawstyle": "steps-post", "markevery": 1, "zorder": 3}
        whole = time <= fades[str(group)]
        (line,) = ax.plot(time[whole], survival[whole], label=str(group), **look)
        line.get_path()  # made now, in the house style, which does not simplify
        if not whole.all():
            pale = time >= time[whole][-1]
            ax.plot(time[pale], survival[pale], label=f"_{group} pale", alpha=PALE, **look)


def _draw_marks(ax: Axes, data: KmData, looks: Looks) -> None:
    for group, at in data.censored.groupby("group", sort=False):
        look = {"color": looks[str(group)]["color"], "marker": "|", "markersize": 4, "markeredgewidth": 0.6}
        ax.plot(at["time"], at["survival"], linestyle="none", label=f"_{group} censored", zorder=3, **look)


def _draw_key(slot: KmSlot, layout: Layout, data: KmData, looks: Looks) -> None:
    y = 0.0
    for line in layout.title:
        slot.text(0, y := y + ROW, line, size=SIZE, style="italic")
    y += ROW
    for x, header in zip(layout.columns, data.key.columns, strict=True):
        if header:
            slot.text(x, y, header, size=SIZE, color=GREY)
    for (group, *texts), lines in zip(data.key.drop(columns="").itertuples(name=None), layout.names, strict=True):
        slot.sample(y + ROW, **looks[group])
        for x, text in zip(layout.columns[1:], texts, strict=True):
            slot.text(x, y + ROW, text, size=SIZE)
        for line in lines:
            slot.text(layout.columns[0], y := y + ROW, line, size=SIZE)
    for line in layout.ratio:
        slot.text(0, y := y + ROW, line, size=SIZE)


def _draw_ends(ax: Axes, slot: KmSlot, layout: Layout, data: KmData, looks: Looks, last: float) -> None:
    """Name the groups right of the axes at the heights where their curves end, moved apart where they are close."""
    inside = data.curves[data.curves["time"] <= last]
    ends = inside.groupby("group", sort=False)["survival"].last()
    low, high = ax.get_ylim()
    top, bottom = layout.top, slot.height - layout.bottom
    wanted = [top + (high - ends[group]) / (high - low) * (bottom - top) for group in looks]
    heights = [len(lines) * ROW for lines in layout.ends]
    for (group, look), lines, y in zip(looks.items(), layout.ends, apart(wanted, heights, top, bottom), strict=True):
        for i, line in enumerate(lines):
            base = y - heights[list(looks).index(group)] / 2 + (i + 0.75) * ROW
            slot.text(slot.width - layout.right + GAP, base, line, size=SIZE, color=look["color"])


def _draw_below(slot: KmSlot, layout: Layout, data: KmData, looks: Looks) -> None:
    y = slot.height - layout.bottom + X_AXIS
    for group, lines in zip(looks, layout.heads, strict=True) if layout.rows else ():
        if lines:
            slot.sample(y + SIZE, **looks[group])
        for line in lines:
            slot.text(layout.columns[0], y + SIZE, line, size=SIZE, weight="bold")
            y += ROW
        for name, counts in data.table.loc[group].iterrows():
            slot.text(0, y + SIZE, str(name), size=SIZE)
            for time, number in counts.items():
                slot.number(float(str(time)), y + SIZE, str(number))
            y += ROW
        y += GAP / 2
    for line in layout.notes:
        slot.text(0, y + SMALL, line, size=SMALL, color=GREY)
        y += SMALL_ROW
