"""The pooled effect by the strength of selection: along the curve of Copas and Shi's model, or over its grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ....analysis.bias.copas_model.result import CopasResult
from ....base.check import one_of
from ....base.digits import in_percent
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, PALETTE, style
from ...ticks import Scale, around, effect_name, effect_scale
from ..key import Key
from ..panel import BLUE, GREY, INK, SMALL, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = ("curve", "grid")
LEVELS = 8  # lines of equal effect
LEFT_OVER = BAND = "0.88"


@checked()
def copas(
    result: CopasResult, *, show: str = "curve", ax: Axes | None = None, width: float | str = COLUMN,
    effect: str | None = None, unit: str = "",
) -> Axes:  # fmt: skip
    """Draw how the pooled effect changes with the strength of selection.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Along the curve: the effect with its interval by the probability with which the least precise trial is published.
    Open circles are strengths that leave more asymmetry of the funnel than chance makes; the line is broken where the
    curve jumps from one peak of the likelihood to another. Over the grid: lines of equal effect, grey where such
    asymmetry is left.

    Parameters
    ----------
    result : CopasResult
        What ``bias.copas`` returned.
    show : {"curve", "grid"}
        Which of the two.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    effect, unit : str, optional
        Name of the effect, and unit of times.

    Returns
    -------
    Axes
        The panel; effects are on the scale of analysis, with labels on the natural scale.

    Raises
    ------
    DataError
        When `result` is of another kind.
    OptionError
        An option that does not exist; a place that is too small.

    References
    ----------
    Copas and Shi 2000, doi:10.1093/biostatistics/1.3.247 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}
    >>> mo.plot.copas(mo.bias.copas(mo.pool(d, measure="HR"))).get_ylabel()
    'Hazard ratio'
    """
    if not isinstance(result, CopasResult):
        raise DataError(f"a result of bias.copas is wanted, not {type(result).__name__}.")
    draw = _curve if one_of("show", show, SHOWN) == "curve" else _grid
    with style():
        return draw(result, ax, width, effect_name(result.without, effect, unit))


def _curve(result: CopasResult, ax: Axes | None, width: float | str, name: str) -> Axes:
    data, null = result.curve, result.record.null
    axis = around(np.append(data[["ci_low", "ci_high"]].to_numpy().ravel(), [] if null is None else null))
    across = Scale(label="Least precise trial published with probability", low=0.0, high=1.02)
    up = effect_scale(result.without, *axis, label=name)
    left = data["p_residual"].to_numpy() < result.alpha
    dot: dict[str, Any] = {"linestyle": "", "marker": "o", "markersize": 4.2, "markeredgecolor": INK}
    looks = {
        "asymmetry left": {**dot, "markerfacecolor": "white"},
        "asymmetry as by chance": {**dot, "markerfacecolor": INK},
    }
    band = Key(text=f"{in_percent(result.level)}% confidence interval", kind="patch",
               look={"facecolor": BAND, "linewidth": 0})  # fmt: skip
    there = [(text, look) for (text, look), which in zip(looks.items(), (left, ~left), strict=True) if which.any()]
    notes = [f"Most precise trial: {result.provenance.settings['most_precise']:g}. At 1: no selection."]
    if data["se"].isna().any():
        notes.append("No interval where the correlation of effect and publication is at its bound.")
    if data["jump"].any():
        notes.append("The line is broken where the curve jumps from one peak of the likelihood to another.")
    key = [*(Key(text=text, look=look) for text, look in there), band]
    panel = open_panel(ax, across, up, width=width, key=key, notes=notes)
    at = data["publication"]
    for _, part in data.groupby(data["jump"].cumsum()):
        panel.ax.fill_between(part["publication"], part["ci_low"], part["ci_high"], zorder=0.5, **band.look)
        panel.ax.plot(part["publication"], part["estimate"], color=INK, linewidth=1.0, zorder=2)
    panel.ax.vlines(at, data["ci_low"], data["ci_high"], color=BAND, linewidth=2.0, zorder=0.5)  # one alone has no area
    for look, which in zip(looks.values(), (left, ~left), strict=True):
        panel.ax.plot(at[which], data["estimate"][which], zorder=3, clip_on=False, **look)
    if null is not None:
        panel.ax.axhline(null, color=GREY, linewidth=0.6, linestyle=(0, (1, 1.5)), zorder=1)
    return panel.ax


def _grid(result: CopasResult, ax: Axes | None, width: float | str, name: str) -> Axes:
    data, n = result.grid, result.provenance.settings["points"]
    x, y, estimate, p = (data[c].to_numpy().reshape(n, n) for c in ("gamma0", "gamma1", "estimate", "p_residual"))
    across = Scale(label="γ₀: publication whatever the precision", low=float(x.min()), high=float(x.max()))
    up = Scale(label="γ₁: publication by precision", low=float(y.min()), high=float(y.max()))
    values = effect_scale(result.without, float(estimate.min()), float(estimate.max()), label=name)
    left = p < result.alpha
    shade = Key(text="asymmetry left", kind="patch", look={"facecolor": LEFT_OVER, "linewidth": 0})
    lines = Key(text=f"{name[:1].lower()}{name[1:]}", look={"color": BLUE, "linewidth": 0.9})
    path = Key(text="the curve", look={"color": PALETTE[1], "linewidth": 0.9, "linestyle": (0, (4, 2))})
    panel = open_panel(ax, across, up, width=width, key=[lines, path, *([shade] if left.any() else [])],
                       notes=["Selection is weakest at the top right."])  # fmt: skip
    if left.any():
        panel.ax.contourf(x, y, p, levels=[-1.0, result.alpha], colors=[LEFT_OVER], zorder=0.5)
    if np.ptp(estimate) > 1e-9:
        levels = np.linspace(estimate.min(), estimate.max(), LEVELS + 2)[1:-1]
        drawn = panel.ax.contour(
            x, y, estimate, levels=levels, colors=[BLUE], linewidths=0.9, linestyles="solid", zorder=2
        )
        panel.ax.clabel(drawn, fontsize=SMALL, fmt=lambda v: f"{float(values.natural(v)):.2f}")  # type: ignore[misc]
    panel.ax.plot(result.curve["gamma0"], result.curve["gamma1"], zorder=3, **path.look)
    return panel.ax
