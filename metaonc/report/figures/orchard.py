"""Orchard plots: each subgroup's trials as fruits, its pooled effect, confidence and prediction interval on one row."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.results.pooled import PooledResult
from ...base.digits import in_percent
from ...base.messages.arguments import known_arguments
from ...errors import DataError
from ..checks import checked
from ..forest.columns import all_patients
from ..forest.notes import NO_PREDICTION
from ..kinds import model_of
from ..style import COLUMN, PALETTE, style
from ..texts.cautions import cautions
from ..ticks import around, effect_name, effect_scale, levels
from .curves.looks import null
from .key import Key, trial_key
from .panel import GREY, INK, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST, SMALLEST = 11.0, 2.5  # pt, diameters of fruits
ROW = 15.0  # mm a row
SPREAD = 0.30  # of a row, that fruits scatter to each side
NO_EFFECT = null("no effect").look
GOLDEN = 0.618033988749895  # steps of it fill an interval evenly: the same places on every run


@known_arguments
def orchard_data(result: PooledResult | SubgroupResult) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what an orchard plot shows, on the scale of analysis.

    Parameters
    ----------
    result : PooledResult or SubgroupResult
        What a pooling function or ``pool_subgroups`` returned.

    Returns
    -------
    fruits : pandas.DataFrame
        One row a trial: group, study, estimate, size (patients where they are known, otherwise the precision).
    trunks : pandas.DataFrame
        One row a group: group, k, estimate, ci_low, ci_high, prediction_low, prediction_high (NaN without, and of equal
        effects, where it is not estimable).

    Raises
    ------
    DataError
        When `result` is none of these.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> points, pools = mo.plot.orchard_data(r)
    >>> points["study"].tolist(), pools["k"].tolist()
    (['1', '2', '3'], [3])
    """
    if not isinstance(result, (PooledResult, SubgroupResult)):
        raise DataError(f"a pooled result is wanted, not {type(result).__name__}.")
    fruits, trunks = [], []
    for name, part in _rows(result).items():
        n = part.studies.counts("n")
        size = 1 / np.sqrt(part.studies.vi) if n is None else n
        columns = {"study": list(part.studies.labels), "estimate": part.studies.yi, "size": size}
        fruits.append(pd.DataFrame({"group": name, **columns}))
        fields = {field: getattr(part, field) for field in ("k", "estimate", "ci_low", "ci_high")}
        for field in ("prediction_low", "prediction_high"):
            fields[field] = getattr(part, field) if part.predicts else math.nan
        trunks.append({"group": name, **fields})
    return pd.concat(fruits, ignore_index=True), pd.DataFrame(trunks)


def _rows(result: PooledResult | SubgroupResult) -> Mapping[str, PooledResult]:
    """Return the pools that are drawn, by their names."""
    return result.groups if isinstance(result, SubgroupResult) else {"All trials": result}


def _lacking(result: PooledResult | SubgroupResult) -> list[str]:
    """Return which prediction intervals are not there since effects are equal."""
    if isinstance(result, PooledResult):
        return [f"{NO_PREDICTION}."] if result.lacks_width else []
    names = [name for name, part in result.groups.items() if part.lacks_width]
    return [f"{NO_PREDICTION}: {', '.join(names)}."] if names else []


def _size(part: PooledResult) -> str:
    """Return the number of trials, or rows, and of patients as far as they are known."""
    n = all_patients(part.studies, part.trials)
    return f"k = {part.k}" if n is None else f"k = {part.k}, n = {n}"


@checked()
def orchard(
    result: PooledResult | SubgroupResult,
    *,
    ax: Axes | None = None,
    width: float | str = COLUMN,
    effect: str | None = None,
    unit: str = "",
) -> Axes:
    """Draw an orchard plot, such as of response rates of single-arm trials.

    Parameters
    ----------
    result : PooledResult or SubgroupResult
        What a pooling function or ``pool_subgroups`` returned.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    effect, unit : str, optional
        Name of the effect, and unit of times.

    Returns
    -------
    Axes
        The panel; its x axis is on the scale of analysis, with labels on the natural scale. Trials whose own effect is
        not finite, such as logits of 0 of n, stand at the edge.

    Raises
    ------
    DataError
        When `result` is none of pooling.
    OptionError
        When the place is too small.

    References
    ----------
    Nakagawa et al. 2021 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.plot.orchard(r).get_xlabel()
    'Hazard ratio'
    """
    fruits, trunks = orchard_data(result)
    overall = result.overall if isinstance(result, SubgroupResult) else result
    ends = trunks[["ci_low", "ci_high", "prediction_low", "prediction_high"]].to_numpy().ravel()
    across = effect_scale(
        overall, *around(np.concatenate([fruits["estimate"], ends])), label=effect_name(overall, effect, unit)
    )
    names = [f"{name}\n({_size(part)})" for name, part in _rows(result).items()]
    known = overall.studies.counts("n") is not None
    percent = f"{in_percent(overall.level)}%"
    key = [
        Key(text="pooled effect", look={"linestyle": "", "marker": "D", "markersize": 4.5, "color": INK}),
        Key(text=f"{percent} confidence interval", look={"color": INK, "linewidth": 2.6}),
        Key(text=f"{percent} prediction interval", look={"color": INK, "linewidth": 0.9}),
    ]
    drawn = key if trunks["prediction_low"].notna().any() else key[:2]
    undrawn = (result.overall_name,) if isinstance(result, SubgroupResult) else ()
    notes = [*filter(None, [model_of(result)]), *_lacking(result), *cautions(result, undrawn=undrawn, brief=True)]
    fruit: dict[str, Any] = {"mfc": PALETTE[0] if len(names) == 1 else GREY, "mec": "white", "mew": 0.5, "alpha": 0.6}
    drawn = [trial_key("patients" if known else "precision", fruit), *drawn]
    null = math.nan if overall.record.null is None else overall.record.null
    crossed = across.low < null < across.high
    if crossed:
        drawn.append(Key(text="no effect", look=NO_EFFECT))
    with style():
        panel = open_panel(
            ax, across, levels(names), width=width, key=drawn, notes=notes, tall=ROW * len(names), down=True
        )
        if crossed:
            panel.ax.axvline(null, zorder=1, **NO_EFFECT)
        for i, trunk in enumerate(trunks.to_dict("records")):
            rows = fruits[fruits["group"] == trunk["group"]]
            look: dict[str, Any] = {
                "mfc": PALETTE[i % len(PALETTE)],
                "mec": "white",
                "mew": 0.5,
                "alpha": 0.6,
                "zorder": 2,
            }
            for j, fruit in enumerate(rows.to_dict("records")):
                y = i + SPREAD * (2 * ((j + 1) * GOLDEN % 1) - 1)
                x = min(max(fruit["estimate"], across.low), across.high)
                side = max(LARGEST * np.sqrt(fruit["size"] / fruits["size"].max()), SMALLEST)
                panel.ax.plot(x, y, "o", ms=side, clip_on=False, **look)
            for line, which in zip(key[:0:-1], ("prediction", "ci"), strict=True):
                limits = [trunk[f"{which}_low"], trunk[f"{which}_high"]]
                panel.ax.plot(limits, [i, i], zorder=4, solid_capstyle="butt", **line.look)
            panel.ax.plot(trunk["estimate"], i, zorder=5, **key[0].look, mec="white", mew=0.5)
    return panel.ax
