"""Pooled survival curves over those of the trials, with what a new trial may show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....analysis.synthesis.curves.result import PooledCurves
from ....base.digits import in_percent
from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, PALETTE, style
from ...ticks import APART, Chosen, Scale, ScaleLocator
from ...typeset import LINE, text_width
from ..key import SIZE, Key
from ..panel import GREY, INK, Panel, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COUNTS = {"k": "Trials", "n_risk": "At risk"}


@known_arguments
def pooled_curves_data(result: PooledCurves) -> pd.DataFrame:
    """Return what ``plot.pooled_curves`` draws: pooled curves, those of the trials, and the numbers below.

    Parameters
    ----------
    result
        What ``survival.pool_curves`` returned.

    Returns
    -------
    DataFrame
        One row a point of a line, from time 0 on: type (``pooled`` or ``trial``), group, trial, time, survival; of
        pooled curves also ci_low, ci_high, prediction_low, prediction_high, and k and n_risk, trials and patients at
        risk in the interval that begins at the time.

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

    Below stand the trials and their patients at risk in the intervals that begin at the times of the ticks: those of
    the pool, as many as have room.

    Parameters
    ----------
    result
        What ``survival.pool_curves`` returned.
    ax
        Axes to draw into; a figure is made when None.
    width
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
    beside = max(text_width(text, SIZE) + _half(own, 0.0) for text, own in zip(texts, counts, strict=True)) + 6
    with style():
        panel = open_panel(
            ax, across, Scale(label="Survival", low=0.0, high=1.0), width=width, key=_key(result, colours),
            notes=[str(c.text[:1].upper() + c.text[1:]) + "." for c in result.cautions],
            below=len(rows) * SIZE * LINE + 2, beside=beside,
        )  # fmt: skip
        for group in groups:
            own, colour = pooled[pooled["group"] == group], colours[group]
            for _, line in data[(data["type"] == "trial") & (data["group"] == group)].groupby("trial"):
                look = {"color": "0.72"} if len(groups) == 1 else {"color": colour, "alpha": 0.3}
                panel.ax.plot(line["time"], line["survival"], linewidth=0.5, zorder=1, **look)
            panel.ax.fill_between(own["time"], own["ci_low"], own["ci_high"], color=colour, alpha=0.18, linewidth=0,
                                  zorder=2)  # fmt: skip
            for name in LIMITS[2:]:
                panel.ax.plot(own["time"], own[name], color=colour, linewidth=0.7, linestyle=(0, (3, 2)), zorder=3)
            panel.ax.plot(own["time"], own["survival"], color=colour, linewidth=1.4, zorder=4)
        _numbers(panel, counts, texts, across)
    return panel.ax


def _key(result: PooledCurves, colours: dict[str, str]) -> list[Key]:
    level, one = in_percent(result.level), len(colours) == 1
    key = [Key(text="pooled" if one else group, look={"color": colour, "linewidth": 1.4})
           for group, colour in colours.items()]  # fmt: skip
    ink = next(iter(colours.values())) if one else GREY
    band = {"facecolor": ink, "alpha": 0.18, "linewidth": 0}
    key += [Key(text="trials", look={"color": "0.72", "linewidth": 0.5}),
            Key(text=f"{level}% confidence", kind="patch", look=band)]  # fmt: skip
    if result.prediction()["prediction_low"].notna().any():
        dashed = {"color": ink, "linewidth": 0.7, "linestyle": (0, (3, 2))}
        key.append(Key(text=f"{level}% prediction, new trial", look=dashed))
    return key


def _half(own: pd.Series, time: float) -> float:
    """Return half the width of a number below, in points; 0 where there is none at this time."""
    return text_width(f"{own[time]:.0f}", SIZE) / 2 if time in own.index else 0.0


def _numbers(panel: Panel, counts: list[pd.Series], texts: list[str], across: Chosen) -> None:
    """Write trials and patients at risk below the axis, and its ticks, at as many times as have room in all rows."""
    left, _, right, _ = panel.edges
    top, free, shown = panel.foot - len(counts) * SIZE * LINE - 2, 0.0, []
    for time in across.at:
        half = max(text_width(across.text(time), SIZE) / 2, *(_half(own, time) for own in counts))
        x = left + time / across.high * (right - left)
        if x - half >= free:
            shown.append((time, x))
            free = x + half + APART
    scale = replace(across, at=tuple(time for time, _ in shown))
    panel.ax.xaxis.set_major_locator(ScaleLocator(scale, right - left, SIZE, upright=False))
    for i, (own, text) in enumerate(zip(counts, texts, strict=True)):
        y = top + (i + 0.8) * SIZE * LINE
        panel.slot.text(0, y, text, size=SIZE, color=INK)
        for time, x in shown:
            if time in own.index:
                number = f"{own[time]:.0f}"
                panel.slot.text(x - text_width(number, SIZE) / 2, y, number, size=SIZE, color=INK)
