"""Pooled survival curves over those of the trials, with what a new trial may show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....analysis.synthesis.curves.result import PooledCurves
from ....base.digits import in_percent
from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, PALETTE, style
from ...texts.cautions import cautions
from ...ticks import Chosen, Scale
from ..curves.looks import band, draw_band, draw_line, line
from ..curves.numbers_below import NumbersBelow
from ..key import Key
from ..panel import GREY, INK, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COUNTS = {"k": "Trials", "n_risk": "At risk"}


@known_arguments
def pooled_curves_data(result: PooledCurves) -> pd.DataFrame:
    """Return what ``plot.pooled_curves`` draws: pooled curves, those of the trials, and the numbers below.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    result : PooledCurves
        What ``survival.pool_curves`` returned.

    Returns
    -------
    DataFrame
        One row a point of a line, from time 0 on: type (``pooled`` or ``trial``), group, trial, time, survival; of
        pooled curves also ci_low, ci_high, prediction_low, prediction_high, and k and n_risk, trials and patients at
        risk in the interval that begins at the time.

    Raises
    ------
    DataError
        When `result` is of another kind.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"study": list("AABB"), "time": [6, 12, 6, 12], "s": [0.8, 0.5, 0.7, 0.4], "n": [50, 40, 80, 55]}
    >>> r = mo.survival.pool_curves(d, survival="s", n_risk="n")
    >>> mo.plot.pooled_curves_data(r).query("type == 'pooled'")["n_risk"].tolist()
    [130.0, 95.0, nan]
    """
    if not isinstance(result, PooledCurves):
        raise DataError(f"a result of survival.pool_curves is wanted, not {type(result).__name__}.")
    parts = []
    for group, rows in result.tidy().groupby("term", sort=False):
        own = rows.rename(columns={"estimate": "survival"})
        start: dict[str, Any] = {"time": 0.0, **dict.fromkeys(("survival", *LIMITS), 1.0)}
        whole = pd.concat([pd.DataFrame([start]), own[["time", "survival", *LIMITS]]], ignore_index=True)
        if own["prediction_low"].isna().all():
            whole[list(LIMITS[2:])] = np.nan
        following = {name: [*own[name], np.nan] for name in COUNTS}
        parts.append(whole.assign(type="pooled", group=group, trial="", **following))
    for (trial, of), rows in result.data.groupby(["study", "group"], sort=False):
        line = pd.DataFrame({"time": [0.0, *rows["time"]], "survival": [1.0, *rows["survival"]]})
        parts.append(line.assign(type="trial", group=str(of), trial=str(trial)))
    names = ["type", "group", "trial", "time", "survival", *LIMITS, *COUNTS]
    return pd.concat(parts, ignore_index=True)[names]


LIMITS = ("ci_low", "ci_high", "prediction_low", "prediction_high")


@checked()
def pooled_curves(result: PooledCurves, *, ax: Axes | None = None, width: float | str = COLUMN) -> Axes:
    """Draw pooled survival curves over those of the trials, with confidence and prediction bands.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Below stand the trials and their patients at risk in the intervals that begin at the times of the ticks: those of
    the pool, as many as have room.

    Parameters
    ----------
    result : PooledCurves
        What ``survival.pool_curves`` returned.
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
    >>> d = {"study": list("AABB"), "time": [6, 12, 6, 12], "s": [0.8, 0.5, 0.7, 0.4], "n": [50, 40, 80, 55]}
    >>> r = mo.survival.pool_curves(d, survival="s", n_risk="n", unit="months")
    >>> mo.plot.pooled_curves(r).get_xlabel()
    'Time, months'
    """
    data = pooled_curves_data(result)
    groups = list(result.curves)
    colours = dict(zip(groups, [INK] if len(groups) == 1 else PALETTE, strict=False))
    last = float(data["time"].max())
    pooled = data[data["type"] == "pooled"]
    times = tuple(sorted(set(pooled["time"])))
    across = Chosen(label=f"Time, {result.unit}" if result.unit else "Time", low=0.0, high=last, at=times)
    rows = [(group, name) for group in groups for name in COUNTS]
    texts = [COUNTS[name] if len(groups) == 1 else f"{group}: {COUNTS[name].lower()}" for group, name in rows]
    counts = [pooled[pooled["group"] == group].set_index("time")[name].dropna() for group, name in rows]
    below = NumbersBelow(texts, counts)
    with style():
        panel = open_panel(
            ax, across, Scale(label="Survival", low=0.0, high=1.0), width=width, key=_key(result, colours),
            notes=cautions(result, short=True),
            below=below.height, beside=below.beside,
        )  # fmt: skip
        for group in groups:
            own, colour = pooled[pooled["group"] == group], colours[group]
            for _, each in data[(data["type"] == "trial") & (data["group"] == group)].groupby("trial"):
                look = {"color": "0.72"} if len(groups) == 1 else {"color": colour, "alpha": 0.3}
                panel.ax.plot(each["time"], each["survival"], linewidth=0.5, zorder=1, **look)
            draw_band(panel.ax, own["time"], own["ci_low"], own["ci_high"], band("", colour), zorder=2)
            for name in LIMITS[2:]:
                panel.ax.plot(own["time"], own[name], color=colour, linewidth=0.7, linestyle=(0, (3, 2)), zorder=3)
            draw_line(panel.ax, own["time"], own["survival"], line("", colour), zorder=4)
        below.draw(panel, across)
    return panel.ax


def _key(result: PooledCurves, colours: dict[str, str]) -> list[Key]:
    level, one = in_percent(result.level), len(colours) == 1
    key = [line("pooled" if one else group, colour) for group, colour in colours.items()]
    ink = next(iter(colours.values())) if one else GREY
    key += [Key(text="trials", look={"color": "0.72", "linewidth": 0.5}), band(f"{level}% confidence", ink)]
    if result.prediction()["prediction_low"].notna().any():
        dashed = {"color": ink, "linewidth": 0.7, "linestyle": (0, (3, 2))}
        key.append(Key(text=f"{level}% prediction, new trial", look=dashed))
    return key
