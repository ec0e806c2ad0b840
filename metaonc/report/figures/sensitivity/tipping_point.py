"""Tipping points: the trial that would overturn a conclusion, by its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ....analysis.sensitivity.overturning.tipping_result import TippingPointResult
from ....base.digits import plain
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, PALETTE, style
from ...ticks import Scale, around, effect_name, effect_scale
from ..key import Key
from ..panel import BLUE, GREY, INK, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checked()
def tipping_point(
    result: TippingPointResult, *, ax: Axes | None = None, width: float | str = COLUMN, effect: str | None = None,
    unit: str = "",
) -> Axes:  # fmt: skip
    """Draw what one further trial would have to find to overturn the conclusion of a pool, by its size.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Trials in the shaded area overturn it; points are the trials that are pooled, where their sizes are known.

    Parameters
    ----------
    result : TippingPointResult
        What ``sensitivity.tipping_point`` returned.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    effect, unit : str, optional
        Name of the effect, and unit of times.

    Returns
    -------
    Axes
        The panel; its y axis is on the scale of analysis, with labels on the natural scale, its x axis in log10 of the
        sizes.

    Raises
    ------
    DataError
        When `result` is of another kind, or no trial overturns the conclusion.
    OptionError
        When the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"yi": [-0.5, -0.3, -0.4, -0.2], "vi": [0.04, 0.03, 0.05, 0.04]}
    >>> r = mo.sensitivity.tipping_point(mo.pool(t, measure="HR", method="DL", ci="wald"))
    >>> mo.plot.tipping_point(r).get_xlabel()
    'Size of the further trial, events'
    """
    if not isinstance(result, TippingPointResult):
        raise DataError(f"a result of sensitivity.tipping_point is wanted, not {type(result).__name__}.")
    t = result.table[result.table["effect"].notna()]
    if t.empty:
        raise DataError("no trial of these sizes overturns the conclusion: there is nothing to draw.")
    r, yi = result.whole, result.whole.studies.yi
    x, y = np.log10(t["size"].to_numpy()), t["effect"].to_numpy()
    sizes = np.log10(result.typical)
    low, high = around(np.concatenate([y, yi, [result.benchmark, r.estimate]]))
    across = Scale(label=f"Size of the further trial, {result.size_name}", low=min(x.min(), sizes.min()) - 0.03,
                   high=max(x.max(), sizes.max()) + 0.03, natural=lambda v: 10.0**v, kind="log")  # fmt: skip
    up = effect_scale(r, low, high, label=effect_name(r, effect, unit))
    edge = low if (y < r.estimate).all() else high
    dot: dict[str, Any] = {"linestyle": "", "marker": "o", "markersize": 4.0, "markerfacecolor": BLUE,
                           "markeredgecolor": "white", "markeredgewidth": 0.4}  # fmt: skip
    key = [
        Key(text="overturns it", kind="patch", look={"facecolor": PALETTE[1], "alpha": 0.25, "linewidth": 0}),
        Key(text="pooled effect", look={"color": INK, "linewidth": 0.8}),
        Key(text=f"{'benchmark' if r.record.null is None else 'no effect'}", look={"color": GREY, "linewidth": 0.8,
                                                                     "linestyle": (0, (4, 2))}),
        Key(text="trials pooled", look=dot),
    ]  # fmt: skip
    with style():
        panel = open_panel(ax, across, up, width=width, key=key, notes=[_note(result)])
        panel.ax.fill_between(x, y, edge, facecolor=PALETTE[1], alpha=0.25, linewidth=0, zorder=1)
        panel.ax.plot(x, y, color=PALETTE[1], linewidth=1.6, zorder=3)
        panel.ax.axhline(r.estimate, zorder=2, **key[1].look)
        panel.ax.axhline(result.benchmark, zorder=2, **key[2].look)
        panel.ax.plot(sizes, yi, zorder=4, clip_on=False, **dot)
    return panel.ax


def _note(result: TippingPointResult) -> str:
    null = plain(float(result.natural(result.benchmark)))
    what = "includes" if result.significant else "excludes"
    return f"With a trial on the curve or beyond it the interval of the pool {what} {null}."
