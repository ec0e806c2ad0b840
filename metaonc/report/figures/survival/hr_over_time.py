"""Hazard ratios over time, pooled over trials."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....analysis.synthesis.time_varying.result import TimeVaryingResult
from ....base.check import Floats
from ....base.digits import in_percent
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, style
from ...texts.cautions import cautions
from ...texts.multivariate import together
from ...ticks import Scale, around
from ..curves.looks import DASHES, band, draw_band, draw_line, draw_null, line, null
from ..key import Key
from ..panel import INK, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 120
Flags = NDArray[np.bool_]


def hr_over_time_data(result: TimeVaryingResult) -> pd.DataFrame:
    """Return what ``hr_over_time`` draws: the ratio with its limits at times between the first and the last event.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    result : TimeVaryingResult
        What ``survival.pool_time_varying`` or ``survival.pool_flexible`` returned.

    Returns
    -------
    DataFrame
        Columns time, log_ratio, ci_low, ci_high, prediction_low, prediction_high (logarithms), trials: as in
        ``hr_at``.

    Raises
    ------
    DataError
        When `result` is of another kind, or of the Weibull model, whose ratio depends on the control arm's shape.

    Examples
    --------
    >>> import metaonc as mo
    >>> import numpy as np
    >>> t = np.random.default_rng(1).weibull(1.2, 240) * 10
    >>> d = {"trial": np.repeat(["A", "B"], 120), "arm": [0, 1] * 120, "time": np.minimum(t, 15), "event": t < 15}
    >>> r = mo.survival.pool_time_varying(d, control=0, method="CE")
    >>> mo.plot.hr_over_time_data(r)["trials"].tolist()[0]
    2
    """
    if not isinstance(result, TimeVaryingResult):
        raise DataError(
            f"a result of survival.pool_time_varying or survival.pool_flexible is wanted, not {type(result).__name__}."
        )
    if not result.ratio:
        raise DataError(
            "the ratio over time of a Weibull model depends on the shape of the control arm: there is no one curve. "
            "Take the fractional polynomial or the Royston-Parmar model of pool_flexible."
        )
    first = max(result.first, result.until / 200)
    times = np.linspace(first, result.until, POINTS)
    if result.cuts:
        told = [name in result.pool.outcomes for name in result.names]
        inside = np.searchsorted(np.array(result.cuts), times)
        times = np.unique(np.concatenate([times[np.array(told)[inside]], _edges(result, first)]))
    at = result.hr_at(times)
    limits = ["ci_low", "ci_high", "prediction_low", "prediction_high"]
    logs = {name: np.log(at[name]) for name in limits}
    return pd.DataFrame({"time": at["time"], "log_ratio": at["log_hr"], **logs, "trials": at["trials"]})


def _edges(result: TimeVaryingResult, first: float) -> Floats:
    """Return both sides of each cut that lies between intervals that are pooled."""
    told = [name in result.pool.outcomes for name in result.names]
    inner = [first < cut < result.until and all(told[i : i + 2]) for i, cut in enumerate(result.cuts)]
    cuts = np.array(result.cuts)[inner]
    return np.concatenate([cuts, cuts * (1 + 1e-9)])


@checked()
def hr_over_time(
    result: TimeVaryingResult, *, ax: Axes | None = None, width: float | str = COLUMN, prediction: bool = False
) -> Axes:
    """Draw a pooled hazard ratio over time with its confidence band.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    The line is dashed where fewer than two trials are followed so far; nothing is drawn beyond the last event, nor
    beyond the follow-up of all trials.

    Parameters
    ----------
    result : TimeVaryingResult
        What ``survival.pool_time_varying`` or ``survival.pool_flexible`` returned; of the Royston-Parmar model the
        ratio is one of cumulative hazards.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    prediction : bool, default False
        Whether to draw the interval for a new trial as well.

    Returns
    -------
    Axes
        The panel; its y axis is logarithmic, in units of the log ratio with labels of the ratio.

    Raises
    ------
    DataError
        When `result` is of another kind, or of the Weibull model.
    OptionError
        When the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> import numpy as np
    >>> t = np.random.default_rng(1).weibull(1.2, 240) * 10
    >>> d = {"trial": np.repeat(["A", "B"], 120), "arm": [0, 1] * 120, "time": np.minimum(t, 15), "event": t < 15}
    >>> r = mo.survival.pool_time_varying(d, control=0, method="CE", unit="months")
    >>> mo.plot.hr_over_time(r).get_xlabel()
    'Time, months'
    """
    data = hr_over_time_data(result)
    edges = ["ci_low", "ci_high"] + ["prediction_low", "prediction_high"] * prediction
    low, high = around(np.append(data[edges].to_numpy().ravel(), 0.0), margin=0.05)
    name = result.ratio[:1].upper() + result.ratio[1:]
    up = Scale(label=name, low=low, high=high, natural=np.exp, kind="log")
    across = Scale(label=f"Time, {result.unit}" if result.unit else "Time", low=0.0, high=float(data["time"].max()))
    percent = f"{in_percent(result.level)}%"
    few = data["trials"].to_numpy() < 2
    pooled = line(f"pooled {result.ratio}", solid_capstyle="butt")
    dashed = line("fewer than two trials followed so far", solid_capstyle="butt", linestyle=DASHES)
    limits = band(f"{percent} confidence band")
    new = Key(text=f"{percent} prediction interval", look={"color": INK, "linewidth": 0.7, "linestyle": (0, (4, 2))})
    none = null("no effect")
    key = [pooled, *[dashed] * bool(few.any()), limits, *[new] * prediction, none]
    with style():
        panel = open_panel(ax, across, up, width=width, key=key, notes=_notes(result))
        draw_null(panel.ax, none)
        for part in _runs(data, result):
            own = data.iloc[part]
            draw_band(panel.ax, own["time"], own["ci_low"], own["ci_high"], limits)
            for edge in edges[2:]:
                draw_line(panel.ax, own["time"], own[edge], new, zorder=2)
            draw_line(panel.ax, own["time"], own["log_ratio"].where(own["trials"] >= 2), pooled)
            few_so_far = _beside(own["trials"].to_numpy() < 2)
            draw_line(panel.ax, own["time"], own["log_ratio"].where(few_so_far), dashed)
    return panel.ax


def _beside(few: Flags) -> Flags:
    """Return flags with the point before the first one set, so that lines meet."""
    found: Flags = few | np.append(few[1:], False)
    return found


def _runs(data: pd.DataFrame, result: TimeVaryingResult) -> list[slice]:
    """Return the parts that are drawn without a break: of intervals one each."""
    if not result.cuts:
        return [slice(0, len(data))]
    inside = np.searchsorted(np.array(result.cuts), data["time"].to_numpy())
    ends = np.flatnonzero(np.diff(inside)) + 1
    bounds = [0, *ends.tolist(), len(data)]
    return [slice(a, b) for a, b in pairwise(bounds)]


def _notes(result: TimeVaryingResult) -> list[str]:
    what = (
        f"{result.treatment} to {result.control}. Log {result.ratio} {result.shape}; {result.k} trials pooled: "
        f"{together(result.pool.method)}."
    )
    return [what, *cautions(result, short=True)]
