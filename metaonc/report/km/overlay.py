"""What was read off a published figure, and the patients reconstructed from it, one over the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...base.check import Floats
from ...base.messages.arguments import known_arguments
from ...errors import DataError
from ..style import LINESTYLES, PAGE, PALETTE, new_axes, style
from ..typeset import family
from .disagreements import disagreements, draw_said, said_height

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...analysis.survival.published import PublishedCheck
    from ...data.curves.reconstruction import Reconstruction
    from ...data.digitize.curve import DigitizedCurve
    from ...data.digitize.result import Digitized

_HEIGHT = 120.0  # mm
_LEAST = 1e-3  # half the height of the residuals' axis, at least: what is below is too small to matter
_UPPER, _LOWER = (0.1, 0.36, 0.87, 0.6), (0.1, 0.1, 0.87, 0.17)  # left, bottom, width, height of the axes


@known_arguments
def overlay(
    digitized: Digitized, reconstructions: Mapping[str, Reconstruction], *, check: PublishedCheck | None = None
) -> Axes:
    """Draw digitised points over the curves of the reconstructed patients, and below what lies between them.

    Parameters
    ----------
    digitized : Digitized
        What ``mo.curves.digitize`` returned.
    reconstructions : mapping of str to Reconstruction
        Label of a curve -> what ``mo.curves.reconstruct_ipd`` made of it.
    check : PublishedCheck, optional
        What ``mo.survival.check_published`` returned, as ``.check`` of ``mo.reconstruct_figure``: printed numbers that
        do not agree with the patients are said below.

    Returns
    -------
    Axes
        The axes of the curves; those of the residuals (reconstructed minus digitised survival) are the figure's other.

    Raises
    ------
    DataError
        When a label is not that of a curve of the figure, or there is none.

    Examples
    --------
    >>> import metaonc as mo
    >>> P = mo.curves.AxisPoint  # pixels to the right and down, and what the axes show there
    >>> axes = [P(100, 500, x=0), P(700, 500, x=60), P(100, 500, y=0), P(100, 100, y=1)]
    >>> figure = mo.curves.from_pixels({"drug": [(100, 100), (220, 180), (400, 300)]}, axes)
    >>> found = mo.curves.reconstruct_ipd([0, 12, 30], [1, 0.8, 0.5], points="clicks", n=40, events=20)
    >>> mo.plot.overlay(figure, {"drug": found}).get_ylabel()
    'Survival'
    """
    curves = {curve.label: curve for curve in digitized.curves}
    if not reconstructions or (unknown := sorted(set(reconstructions) - set(curves))):
        wrong = f"{unknown[0]!r} is no curve of the figure" if reconstructions else "no curve was reconstructed"
        raise DataError(f"{wrong}; its curves are {', '.join(map(repr, curves))}.")
    with style():
        said = disagreements(check)
        below = said_height(said)
        ax = new_axes(PAGE, _HEIGHT + below)
        ax.set_position(_raised(_UPPER, below))
        lower = ax.figure.add_axes(_raised(_LOWER, below), sharex=ax)
        last = max(float(curve.time[-1]) for curve in curves.values())
        for i, (label, result) in enumerate(reconstructions.items()):
            look: dict[str, Any] = {"color": PALETTE[i % len(PALETTE)], "linestyle": LINESTYLES[i % len(LINESTYLES)]}
            _draw_arm(ax, curves[label], result, look)
            edges, residual = residuals(curves[label], result)
            lower.stairs(residual, edges, baseline=None, label=label, **look)
        _dress(ax, lower, last)
        draw_said(ax, said, _HEIGHT + below)
    return ax


def _raised(place: tuple[float, float, float, float], below: float) -> tuple[float, float, float, float]:
    """Return a place in the figure with some mm more below it."""
    whole = _HEIGHT + below
    return place[0], (place[1] * _HEIGHT + below) / whole, place[2], place[3] * _HEIGHT / whole


def residuals(curve: DigitizedCurve, result: Reconstruction) -> tuple[Floats, Floats]:
    """Return edges in time, and reconstructed minus digitised survival between them."""
    table = result.life_table
    t, s = table["time"].to_numpy(dtype=float), table["survival"].to_numpy(dtype=float)
    end = float(curve.time[-1])
    edges = np.unique(np.concatenate([[0.0, end], curve.time, t[t < end]]))
    middle = (edges[1:] + edges[:-1]) / 2
    read = curve.survival[np.maximum(np.searchsorted(curve.time, middle, side="right") - 1, 0)]
    return edges, np.append(1.0, s)[np.searchsorted(t, middle, side="right")] - read


def _draw_arm(ax: Axes, curve: DigitizedCurve, result: Reconstruction, look: dict[str, Any]) -> None:
    table = result.life_table
    t, s = np.append(0.0, table["time"]), np.append(1.0, table["survival"])
    found = f"{len(result.ipd)} patients, {result.quality.events_found} events"
    ax.plot(t, s, drawstyle="steps-post", markevery=1, label=f"{curve.label}, reconstructed: {found}", zorder=2, **look)
    ax.plot(
        curve.time,
        curve.survival,
        linestyle="none",
        marker="o",
        markersize=2.2,
        markerfacecolor="none",
        markeredgewidth=0.5,
        color=look["color"],
        label=f"{curve.label}, digitised {curve.points}",
        zorder=3,
    )


def _dress(ax: Axes, lower: Axes, last: float) -> None:
    ax.set(xlim=(0, 1.02 * last), ylim=(0, 1.03))
    ax.tick_params(labelbottom=False)
    ax.legend(loc="best", frameon=False, fontsize=7, prop={"family": family(), "size": 7})
    largest = max(float(np.abs(patch.get_data().values).max()) for patch in lower.patches)  # type: ignore[attr-defined]
    half = 1.15 * max(largest, _LEAST)
    lower.set_ylim(-half, half)
    lower.axhline(0.0, color="0.6", linewidth=0.5, zorder=0)
    ax.set_ylabel("Survival", fontfamily=family())
    lower.set_ylabel("Reconstructed\nminus digitised", fontfamily=family())
    lower.set_xlabel("Time", fontfamily=family())
    for axes in (ax, lower):
        axes.tick_params(labelfontfamily=family())
