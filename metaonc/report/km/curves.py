"""What is drawn within the axes of a Kaplan-Meier figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import NullLocator

from ...analysis.survival.curve.result import KaplanMeier
from ..journals import Journal
from ..typeset import family
from .data import KmData
from .layout import NAME, Layout
from .options import Looks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PALE = 0.35  # opacity of a curve that few patients carry
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def draw_axes(
    ax: Axes, layout: Layout, span: tuple[float, float], prints: Journal, *, unit: str | None, percent: bool, up: bool
) -> None:
    """Draw the axes; the ticks of time belong to the table."""
    ax.set(xlim=span, ylim=(0, 1.03))
    ax.spines["left"].set_bounds(0, 1)
    ax.spines[["top", "right"]].set_visible(False)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_yticks(QUARTERS, [prints.decimal(f"{100 * q if percent else q:g}") for q in QUARTERS])
    ax.tick_params(labelsize=layout.size, labelfontfamily=family())
    size = NAME * layout.size
    ax.set_xlabel(f"Time ({unit})" if unit else "Time", fontfamily=family(), fontsize=size, labelpad=2)
    what = "Event" if up else "Survival"
    name = f"{what} (%)" if percent else f"{what} probability"
    ax.set_ylabel(name, fontfamily=family(), fontsize=size, labelpad=3)


def draw_quantiles(ax: Axes, result: KaplanMeier, marked: Sequence[float], *, up: bool) -> None:
    """Draw dotted lines to the times by which these shares of each group had the event."""
    for q in marked:
        # the key has the medians that R prints, which begin a flat piece that runs to the end
        times = (result.medians["median"] if q == 0.5 else result.quantiles(q)["quantile"]).to_numpy(dtype=float)
        reached, height = times[~np.isnan(times)], q if up else 1 - q
        if len(reached):
            ax.hlines(height, ax.get_xlim()[0], reached.max(), colors="0.6", linestyles=":", linewidth=0.6, zorder=1)
            ax.vlines(reached, 0, height, colors="0.6", linestyles=":", linewidth=0.6, zorder=1)


def draw_curves(
    ax: Axes, data: KmData, looks: Looks, names: Mapping[str, str], fades: Mapping[str, float], *, bands: bool
) -> None:
    """Draw each curve, with its band."""
    for group, steps in data.curves.groupby("group", sort=False):
        time, survival, low, high = (steps[c].to_numpy() for c in ("time", "survival", "low", "high"))
        if bands:
            # Corners by hand: fill_between(step="post") leaves out the piece before a limit that is not there (S = 0).
            x, bottom, top = np.repeat(time, 2)[1:], np.repeat(low, 2)[:-1], np.repeat(high, 2)[:-1]
            ax.fill_between(x, bottom, top, facecolor=looks[str(group)]["color"], alpha=0.15, linewidth=0, zorder=2)
        # markevery, though there are no markers: without it matplotlib rebuilds long lines when it draws them, and
        # simplifies them then, whatever style they were made in.
        look = looks[str(group)] | {"drawstyle": "steps-post", "markevery": 1, "zorder": 3}
        whole = time <= fades[str(group)]
        (line,) = ax.plot(time[whole], survival[whole], label=names[str(group)], **look)
        line.get_path()  # made now, in the house style, which does not simplify
        if not whole.all():
            pale = time >= time[whole][-1]
            ax.plot(time[pale], survival[pale], label=f"_{group} pale", alpha=PALE, **look)


def draw_marks(ax: Axes, data: KmData, looks: Looks) -> None:
    """Mark where patients were censored."""
    for group, at in data.censored.groupby("group", sort=False):
        look = {"color": looks[str(group)]["color"], "marker": "|", "markersize": 4, "markeredgewidth": 0.6}
        ax.plot(at["time"], at["survival"], linestyle="none", label=f"_{group} censored", zorder=3, **look)
