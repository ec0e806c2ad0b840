"""Interaction figures: the difference between subgroups within each trial, and beside it the one across trials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.interaction.two_levels_result import InteractionResult
from ...base.digits import in_percent
from ...base.messages.arguments import known_arguments
from ...errors import DataError
from ..checks import checked
from ..numbers import p_value
from ..style import PAGE, PALETTE, style
from ..texts.cautions import cautions
from ..ticks import around, effect_scale, levels
from .key import Key
from .panel import BLUE, GREY, INK, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 5.5  # mm a row
LARGEST, SMALLEST = 8.0, 2.0  # pt: side of a square
LIMITS = ["estimate", "ci_low", "ci_high"]


@known_arguments
def interaction_data(result: InteractionResult) -> pd.DataFrame:
    """Return what an interaction figure shows, on the scale of analysis.

    Parameters
    ----------
    result : InteractionResult
        What ``mo.interaction`` returned for a contrast of two levels.

    Returns
    -------
    pandas.DataFrame
        Columns kind (trial, within, across), label, estimate, ci_low, ci_high, weight (percent, of trials), p_value (of
        the pools).

    Raises
    ------
    DataError
        When `result` is none of these.

    Examples
    --------
    >>> import metaonc as mo
    >>> table = {"trial": list("AABB"), "kras": ["m", "w"] * 2, "yi": [-0.4, 0.1, -0.5, 0.2], "vi": [0.04, 0.05] * 2}
    >>> r = mo.interaction(table, study="trial", by="kras", contrast=("m", "w"), measure="HR", method="CE")
    >>> list(mo.plot.interaction_data(r))
    ['kind', 'label', 'estimate', 'ci_low', 'ci_high', 'weight', 'p_value']
    """
    if not isinstance(result, InteractionResult):
        raise DataError(f"a result of interaction for a contrast of two levels is wanted, not {type(result).__name__}.")
    trials = result.study_table().rename(columns={"study": "label"}).assign(kind="trial", p_value=np.nan)
    low, high = result.across_interval
    pools = pd.DataFrame(
        [
            ("within", "Within trials", result.estimate, result.ci_low, result.ci_high, 100.0, result.p_value),
            ("across", "Across trials", result.across_estimate, low, high, np.nan, result.across_p),
        ],
        columns=["kind", "label", *LIMITS, "weight", "p_value"],
    )
    return pd.concat([trials[pools.columns], pools], ignore_index=True)


@checked()
def interaction(
    result: InteractionResult, *, ax: Axes | None = None, width: float | str = PAGE, effect: str | None = None
) -> Axes:
    """Draw the difference between two subgroups: of each trial, pooled within trials, and across trials.

    The pool within trials compares patients of the same trials and answers whether the subgroup modifies the effect.
    The one across trials, the difference of the two subgroup pools, mixes in how trials differ (aggregation bias).

    Parameters
    ----------
    result : InteractionResult
        What ``mo.interaction`` returned for a contrast of two levels.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 176
        Width of the figure made: in mm, ``column`` or ``page``.
    effect : str, optional
        Name of the difference, such as ``Ratio of hazard ratios, PFS``; the measure's own name when None.

    Returns
    -------
    Axes
        The panel; its x axis is on the scale of analysis, with labels on the natural scale.

    Raises
    ------
    DataError
        When `result` is none of these.
    OptionError
        When the place is too small.

    References
    ----------
    Fisher et al. 2017, doi:10.1136/bmj.j573.

    Examples
    --------
    >>> import metaonc as mo
    >>> table = {"trial": list("AABB"), "kras": ["m", "w"] * 2, "yi": [-0.4, 0.1, -0.5, 0.2], "vi": [0.04, 0.05] * 2}
    >>> r = mo.interaction(table, study="trial", by="kras", contrast=("m", "w"), measure="HR", method="CE")
    >>> mo.plot.interaction(r).get_xlabel()
    'Ratio of hazard ratios, kras: m v w'
    """
    data = interaction_data(result)
    name = effect or result.record.natural.capitalize()
    first, second = result.contrast
    label = f"{name}, {result.reports.by}: {first} v {second}"
    null = result.record.null or 0.0
    across = effect_scale(result, *around(np.append(data[LIMITS].to_numpy().ravel(), null)), label=label)
    names = [
        row["label"] if row["kind"] == "trial" else f"{row['label']}, {p_value(row['p_value'])}"
        for row in data.to_dict("records")
    ]
    key = [
        Key(
            text="trial", look={"color": INK, "linewidth": 0.8, "marker": "s", "markerfacecolor": BLUE, "markersize": 4}
        ),
        Key(text="pooled within trials", look=_pooled(BLUE)),
        Key(text="across trials (aggregation bias)", look=_pooled(PALETTE[1])),
    ]
    percent = f"{in_percent(result.level)}%"
    reporting = f"{result.k} of {len(set(result.reports.labels))} trials report both subgroups."
    notes = [f"{percent} confidence intervals. Area of squares: weight. {reporting}", *cautions(result, short=True)]
    with style():
        panel = open_panel(
            ax, across, levels(names), width=width, key=key, notes=notes, tall=ROW * len(names), down=True
        )
        panel.ax.axvline(null, color=GREY, linewidth=0.6, zorder=1)
        heaviest = data.loc[data["kind"] == "trial", "weight"].max()
        for y, row in enumerate(data.to_dict("records")):
            _draw(panel.ax, row, y, heaviest)
    return panel.ax


def _pooled(colour: str) -> dict[str, Any]:
    return {"color": colour, "linewidth": 2.2, "marker": "D", "markersize": 5.5, "markeredgecolor": INK,
            "markeredgewidth": 0.4}  # fmt: skip


def _draw(ax: Axes, row: dict[Any, Any], y: float, heaviest: float) -> None:
    ends, look = [row["ci_low"], row["ci_high"]], _pooled(BLUE if row["kind"] == "within" else PALETTE[1])
    if row["kind"] == "trial":
        side = max(LARGEST * np.sqrt(row["weight"] / heaviest), SMALLEST)
        ax.plot(ends, [y, y], color=INK, linewidth=0.8, zorder=3)
        ax.plot(row["estimate"], y, "s", ms=side, mfc=BLUE, mew=0, zorder=2)
        return
    ax.plot(ends, [y, y], color=look["color"], linewidth=look["linewidth"], solid_capstyle="butt", zorder=3)
    point = {name: value for name, value in look.items() if name != "linewidth"}
    ax.plot(row["estimate"], y, linestyle="", zorder=4, **point)
