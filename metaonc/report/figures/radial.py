"""Radial (Galbraith) plots: each trial's z against its precision, the effect as a slope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis.numeric.distributions import critical
from ...analysis.results.pooled import PooledResult
from ...analysis.sensitivity.diagnostics import radial as radial_data
from ...analysis.sensitivity.diagnostics import standardised
from ...base.digits import in_percent
from ..checks import checked
from ..style import COLUMN, style
from ..ticks import Scale, around, effect_name
from .curves.looks import null
from .key import Key
from .panel import BLUE, INK, open_panel
from .point_labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOT = 4.2  # pt


@checked()
def radial(
    result: PooledResult,
    *,
    ax: Axes | None = None,
    width: float | str = COLUMN,
    effect: str | None = None,
    unit: str = "",
    labels: Labels = "outlying",
) -> Axes:
    """Draw a radial plot: precise trials at the right, the slope from the origin to a trial is its effect.

    Parameters
    ----------
    result : PooledResult
        What a pooling function returned, with a tau².
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    effect, unit : str, optional
        Name of the effect, and unit of times.
    labels : str or list of str, default "outlying"
        ``outlying`` (trials outside the band), ``all``, ``none`` or names of trials.

    Returns
    -------
    Axes
        The panel; the band holds 95 % of trials of one distribution of effects (at the result's level).

    Raises
    ------
    DataError
        When `result` is none of pooling, or has no tau².
    OptionError
        When a label does not exist, or the place is too small.

    References
    ----------
    Galbraith 1988 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.plot.radial(r).get_xlabel()
    '1 / standard error'
    """
    data = radial_data(result)
    half = float(critical(result.level))
    end = 1.08 * float(data["precision"].max())
    line = np.array([0.0, end])
    z = np.concatenate([data["z"], result.estimate * line + half, result.estimate * line - half, [0.0]])
    x_label = "1 / √(v + τ²), precision of a trial" if result.tau2 > 0 else "1 / standard error"
    record = result.record
    across = Scale(label=x_label, low=0.0, high=end)
    up = Scale(label=f"{record.label}, effect × precision"[:1].upper() + f"{record.label}, effect × precision"[1:],
               low=around(z)[0], high=around(z)[1])  # fmt: skip
    name = effect_name(result, effect or f"pooled {record.natural}", unit)
    trial: dict[str, Any] = {"linestyle": "", "marker": "o", "ms": DOT, "mfc": BLUE, "mec": "white", "mew": 0.4}
    key = [
        Key(text=name, look={"color": INK, "linewidth": 0.8}),
        Key(text=f"{in_percent(result.level)}% band", kind="patch", look={"facecolor": "0.9", "linewidth": 0}),
        null("no effect"),
    ]
    key = key if record.null == 0 else key[:2]
    with style():
        panel = open_panel(ax, across, up, width=width, key=[Key(text="trial", look=trial), *key])
        slope = result.estimate * line
        panel.ax.fill_between(line, slope - half, slope + half, zorder=0.5, **key[1].look)
        panel.ax.plot(line, slope, zorder=2, **key[0].look)
        if len(key) == 3:
            panel.ax.plot(line, [0, 0], zorder=1, **key[2].look)
        panel.ax.plot(data["precision"], data["z"], zorder=4, **trial)
        far = np.abs(standardised(result))
        panel.name(data["precision"], data["z"], DOT, list(data["study"]), labels, far, half)
    return panel.ax
