"""Drapery plots: p-value functions of the trials and of the pooled effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.results.pooled import PooledResult
from ...analysis.sensitivity.diagnostics import has_effect, p_value_function, pooled_studies
from ..checks import checked
from ..style import COLUMN, style
from ..texts.cautions import cautions
from ..ticks import Scale, around, effect_name, effect_scale
from .curves.looks import null
from .key import Key
from .panel import BLUE, GREY, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 601
FEW = 12  # trials, of more the lines are paler
MIN_ALPHA = 0.3


@checked()
def drapery(
    result: PooledResult,
    *,
    ax: Axes | None = None,
    width: float | str = COLUMN,
    effect: str | None = None,
    unit: str = "",
) -> Axes:
    """Draw a drapery plot: for every value of the effect, the p-value with which the data speak against it.

    All confidence intervals at once: that of level 95 % is where a curve lies above 0.05.

    Parameters
    ----------
    result : PooledResult
        What a pooling function returned, with an interval by a normal or a t quantile.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    effect, unit : str, optional
        Name of the effect, and unit of times.

    Returns
    -------
    Axes
        The panel; its x axis is on the scale of analysis, with labels on the natural scale.

    Raises
    ------
    DataError, OptionError
        A result without such an interval; a place that is too small.

    References
    ----------
    Rücker and Schwarzer 2021 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.plot.drapery(r).get_xlabel()
    'Hazard ratio'
    """
    studies = pooled_studies(result)
    there = has_effect(studies)
    se = np.sqrt(studies.vi[there])
    reach = np.concatenate([studies.yi[there] - 2 * se, studies.yi[there] + 2 * se])
    across = effect_scale(result, *around(reach, margin=0.02), label=effect_name(result, effect, unit))
    data = p_value_function(result, np.linspace(across.low, across.high, POINTS))
    up = Scale(label="p-value", low=0.0, high=1.02)
    pale = max(MIN_ALPHA, min(1.0, FEW / len(se)))
    key = [
        Key(text="pooled effect", look={"color": BLUE, "linewidth": 1.8}),
        Key(text="trials", look={"color": GREY, "linewidth": 0.6, "alpha": pale}),
        null("p = 0.05"),
    ]
    with style():
        panel = open_panel(ax, across, up, width=width, key=key, notes=cautions(result, predicted=(), short=True))
        panel.ax.axhline(0.05, zorder=1, **key[2].look)
        for row, curve in data.groupby("row", sort=True):
            look, order = (key[0].look, 3) if row == -1 else (key[1].look, 2)
            panel.ax.plot(curve["x"], curve["p"], zorder=order, **look)
    return panel.ax
