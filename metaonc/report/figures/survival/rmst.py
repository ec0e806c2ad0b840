"""Differences of restricted mean survival times over the horizon."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....analysis.survival.two_arms.rmst import RmstResult
from ....analysis.synthesis.rmst.result import PooledRmstResult
from ....base.digits import in_percent
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, PALETTE, style
from ...texts.cautions import cautions
from ...ticks import Scale, around
from ..curves.looks import band, draw_band, draw_line, draw_null, line, null
from ..key import Key
from ..panel import MARKERS, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHIFT = 0.02  # of the axis, between models at one horizon


def rmst_data(result: RmstResult | PooledRmstResult) -> pd.DataFrame:
    """Return what ``rmst`` draws: differences of restricted means with their limits, by horizon.

    Parameters
    ----------
    result : RmstResult or PooledRmstResult
        What ``survival.rmst`` returned (then at horizons up to where both arms are followed), or
        ``survival.pool_rmst``.

    Returns
    -------
    DataFrame
        Columns horizon, model (empty of one trial), estimate, ci_low, ci_high, k (trials, 1 of one).

    Raises
    ------
    DataError
        When `result` is of another kind.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> data = mo.plot.rmst_data(mo.survival.rmst(patients, control="b", horizons=6))
    >>> data[["horizon", "estimate"]].iloc[-1].tolist()
    [6.0, 0.75]
    """
    columns = ["horizon", "model", "estimate", "ci_low", "ci_high", "k"]
    if isinstance(result, PooledRmstResult):
        return result.pooled[columns]
    if not isinstance(result, RmstResult):
        raise DataError(f"a result of survival.rmst or survival.pool_rmst is wanted, not {type(result).__name__}.")
    curve = result.over_horizons().rename(columns={"time": "horizon"})
    return curve.assign(model="", k=1)[columns]


@checked()
def rmst(result: RmstResult | PooledRmstResult, *, ax: Axes | None = None, width: float | str = COLUMN) -> Axes:
    """Draw the difference of restricted mean survival times over the horizon, with confidence limits.

    Of one trial it is a curve with its pointwise band; of several the pooled differences at each horizon, by each
    model, with the number of trials that reach it.

    Parameters
    ----------
    result : RmstResult or PooledRmstResult
        What ``survival.rmst`` or ``survival.pool_rmst`` returned.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.

    Returns
    -------
    Axes
        The panel.

    Raises
    ------
    DataError
        When `result` is of another kind.
    OptionError
        When the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> mo.plot.rmst(mo.survival.rmst(patients, control="b", horizons=6, unit="months")).get_xlabel()
    'Restricted to, months'
    """
    data = rmst_data(result)
    unit = f", {result.unit}" if result.unit else ""
    low, high = around(np.append(data[["ci_low", "ci_high"]].to_numpy().ravel(), 0.0), margin=0.06)
    up = Scale(label=f"Difference of restricted means{unit}", low=low, high=high)
    end = float(data["horizon"].max())
    across = Scale(
        label=f"Restricted to{unit}", low=0.0, high=end * (1.05 if isinstance(result, PooledRmstResult) else 1)
    )
    none = null("no difference")
    draw = _pooled if isinstance(result, PooledRmstResult) else _curve
    keys, drawing = draw(data, f"{in_percent(result.level)}%", across.high)
    notes = [f"{result.treatment} less {result.control}.", *_reached(result), *cautions(result, short=True)]
    with style():
        panel = open_panel(ax, across, up, width=width, key=[*keys, none], notes=notes)
        draw_null(panel.ax, none)
        drawing(panel.ax)
    return panel.ax


Drawing = Callable[["Axes"], None]


def _curve(data: pd.DataFrame, percent: str, end: float) -> tuple[list[Key], Drawing]:
    own, limits = line("difference"), band(f"{percent} confidence band, pointwise")

    def draw(ax: Axes) -> None:
        draw_band(ax, data["horizon"], data["ci_low"], data["ci_high"], limits)
        draw_line(ax, data["horizon"], data["estimate"], own)

    return [own, limits], draw


def _pooled(data: pd.DataFrame, percent: str, end: float) -> tuple[list[Key], Drawing]:
    models = list(dict.fromkeys(data["model"]))
    looks: list[dict[str, Any]] = [
        {"color": PALETTE[i], "marker": MARKERS[i], "markersize": 4.2, "linestyle": ""} for i in range(len(models))
    ]

    def draw(ax: Axes) -> None:
        for i, (model, look) in enumerate(zip(models, looks, strict=True)):
            own = data[data["model"] == model]
            x = own["horizon"] + (i - (len(models) - 1) / 2) * SHIFT * end
            ax.vlines(x, own["ci_low"], own["ci_high"], color=look["color"], linewidth=1.0, zorder=2)
            ax.plot(x, own["estimate"], zorder=3, **look)

    return [Key(text=f"{m} ({percent} CI)", look=look) for m, look in zip(models, looks, strict=True)], draw


def _reached(result: RmstResult | PooledRmstResult) -> list[str]:
    if isinstance(result, RmstResult):
        return []
    pairs = ", ".join(f"{k} to {h:g}" for h, k in zip(result.horizons, result.k_at, strict=True))
    return [f"Trials followed: {pairs}."]
