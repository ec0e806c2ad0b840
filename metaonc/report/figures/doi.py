"""Doi plots: trials by their rank among effects, in which asymmetry shows as limbs of different length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis.bias.asymmetry.doi import MAJOR, MINOR, NO_TEST, doi_data
from ...analysis.pooling.inverse_variance.result import MetaResult
from ...base.digits import number
from ..checks import checked
from ..style import COLUMN, style
from ..ticks import Scale, around, effect_name, effect_scale
from .key import Key
from .panel import BLUE, GREY, INK, open_panel
from .point_labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOT = 4.2  # pt


@checked()
def doi(
    result: MetaResult, *, ax: Axes | None = None, width: float | str = COLUMN, effect: str | None = None,
    unit: str = "", labels: Labels = "none",
) -> Axes:  # fmt: skip
    """Draw a Doi plot: each trial's effect against the size of the z-score of its rank, and the LFK index.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned, of three trials or more.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    effect, unit : str, optional
        Name of the effect, and unit of times.
    labels : str or list of str, default "none"
        ``outlying`` (trials at the ends, of a z-score beyond 1.96), ``all``, ``none`` or names of trials.

    Returns
    -------
    Axes
        The panel; its x axis is on the scale of analysis, with labels on the natural scale.

    Raises
    ------
    DataError
        When `result` is of another kind, of fewer trials, or all effects are the same.
    OptionError
        When a label does not exist, or the place is too small.

    References
    ----------
    Furuya-Kanamori, Barendregt and Doi 2018, doi:10.1097/XEB.0000000000000141 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1, 0.2], "vi": [0.04, 0.03, 0.05, 0.1]}, measure="HR")
    >>> mo.plot.doi(r).get_ylabel()
    '|z| of the rank'
    """
    data = doi_data(result)
    x, z = data.points["estimate"].to_numpy(), np.abs(data.points["z"].to_numpy())
    across = effect_scale(result, *around(np.append(x, result.estimate)), label=effect_name(result, effect, unit))
    down = Scale(label="|z| of the rank", low=0.0, high=1.06 * float(z.max()))
    dot: dict[str, Any] = {"linestyle": "", "marker": "o", "markersize": DOT, "markerfacecolor": BLUE,
                           "markeredgecolor": "white", "markeredgewidth": 0.4}  # fmt: skip
    key = [Key(text="trials", look=dot), Key(text="pooled effect", look={"color": INK, "linewidth": 0.8})]
    found = f"LFK index {number(data.index, 2)}: {data.asymmetry} asymmetry"
    notes = [
        f"{found} by its authors' bounds {MINOR:g} and {MAJOR:g}.",
        f"{NO_TEST[:1].upper()}{NO_TEST[1:]}.",
    ]
    with style():
        panel = open_panel(ax, across, down, width=width, key=key, notes=notes, down=True)
        panel.ax.axvline(result.estimate, zorder=1, **key[1].look)
        panel.ax.plot(x, z, color=GREY, linewidth=0.9, zorder=2)
        panel.ax.plot(x, z, zorder=4, clip_on=False, **dot)
        panel.name(x, z, DOT, list(map(str, data.points["study"])), labels, z, 1.96)
    return panel.ax
