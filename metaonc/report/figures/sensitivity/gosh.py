"""GOSH plots: pools of subsets of the trials, effect against heterogeneity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ....analysis.sensitivity.all_subsets.result import GoshResult
from ....base.check import one_of
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, PALETTE, style
from ...ticks import Scale, around, effect_name, effect_scale
from ..key import Key
from ..panel import BLUE, INK, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DRAWN = 3000  # subsets at most: more cover each other
DOT = 1.4, 4.0  # pt: of many subsets and of few
FEW, MANY = 50, 1000  # subsets: dots shrink between


@checked()
def gosh(
    result: GoshResult, *, trial: str | None = None, ax: Axes | None = None, width: float | str = COLUMN,
    effect: str | None = None, unit: str = "",
) -> Axes:  # fmt: skip
    """Draw a GOSH plot: the pooled effect of each subset of the trials against its I².

    Subsets with one trial and without it have colours of their own. Of many subsets a random part is drawn, and a note
    says so.

    Parameters
    ----------
    result : GoshResult
        What ``sensitivity.gosh`` returned.
    trial : str, optional
        The trial that tells colours apart; when not given, the one with and without which estimates differ most.
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
    DataError
        When `result` is of another kind.
    OptionError
        When the trial does not exist, or the place is too small.

    References
    ----------
    Olkin, Dahabreh and Trikalinos 2012, doi:10.1002/jrsm.1053.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": list("ABCDE"), "yi": [-0.5, -0.3, -0.4, -0.2, 1.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06]}
    >>> r = mo.sensitivity.gosh(mo.pool(t, study="trial", measure="HR", ci="wald"))
    >>> mo.plot.gosh(r).get_ylabel()
    'I² (%)'
    """
    if not isinstance(result, GoshResult):
        raise DataError(f"a result of sensitivity.gosh is wanted, not {type(result).__name__}.")
    names = [str(name) for name in result.drivers["study"]]
    place = names.index(result.driver if trial is None else one_of("trial", trial, names))
    several = np.flatnonzero(result["k"] > 1)
    # at random, as every n-th subset of all would have some trials always or never
    rows = np.sort(np.random.default_rng(0).permutation(several)[:DRAWN])
    x, y = result["estimate"].to_numpy()[rows], result["i2"].to_numpy()[rows]
    with_it = result.having(place)[rows]
    colours = np.where(with_it, PALETTE[1], BLUE)
    dot: dict[str, Any] = {"linestyle": "", "marker": "o", "markersize": 3.5, "markeredgewidth": 0}
    key = [
        Key(text=f"with {names[place]}", look={**dot, "markerfacecolor": PALETTE[1]}),
        Key(text="without", look={**dot, "markerfacecolor": BLUE}),
        Key(text="all trials", look={"color": INK, "linewidth": 0.8}),
    ]
    notes = [_note(result, len(rows), len(several))]
    across = effect_scale(result.whole, *around(np.append(x, result.whole.estimate)),
                          label=effect_name(result.whole, effect, unit))  # fmt: skip
    up = Scale(label="I² (%)", low=0.0, high=100.0 if y.max() > 80 else max(1.15 * float(y.max()), 5.0))
    order = np.random.default_rng(1).permutation(len(rows))  # neither colour lies on top
    with style():
        panel = open_panel(ax, across, up, width=width, key=key, notes=notes)
        panel.ax.axvline(result.whole.estimate, zorder=2, **key[2].look)
        look: dict[str, Any] = {"s": _diameter(len(rows)) ** 2, "linewidths": 0, "zorder": 3, "clip_on": False}
        panel.ax.scatter(x[order], y[order], c=colours[order], **look)
    return panel.ax


def _diameter(subsets: int) -> float:
    """Return the diameter of a dot in points: few are large, many do not cover each other."""
    return float(np.interp(np.log(subsets), np.log([FEW, MANY]), DOT[::-1]))


def _note(result: GoshResult, drawn: int, several: int) -> str:
    what = f"all {several}" if result.exact else f"{several} random"
    part = "" if drawn == several else f"{drawn} of "
    return f"Pools of {part}{what} subsets of two trials or more."
