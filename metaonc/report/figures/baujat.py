"""Baujat plots: which trials make the heterogeneity, and which move the pooled effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.pooling.inverse_variance.result import MetaResult
from ...analysis.sensitivity.diagnostics import baujat as baujat_data
from ..checks import checked
from ..style import COLUMN, style
from ..ticks import Scale
from .panel import BLUE, open_panel
from .point_labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOT = 4.2  # pt
ROUNDING = 1e-12  # of a contribution: less is none


@checked()
def baujat(
    result: MetaResult, *, ax: Axes | None = None, width: float | str = COLUMN, labels: Labels = "outlying"
) -> Axes:
    """Draw a Baujat plot: contribution of each trial to heterogeneity against its influence on the pooled effect.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    labels : str or list of str, default "outlying"
        ``outlying`` (trials that stand out in either direction), ``all``, ``none`` or names of trials.

    Returns
    -------
    Axes
        The panel, both axes from 0. Trials without an effect of their own, as an infinite logit is none, are named
        below it.

    Raises
    ------
    DataError, OptionError
        As ``sensitivity.leave_one_out``; a label that does not exist; a place that is too small.

    References
    ----------
    Baujat et al. 2002 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.plot.baujat(r).get_xlabel()
    'Contribution to Q'
    """
    data = baujat_data(result)
    x, y = data["contribution"].to_numpy(), data["influence"].to_numpy()
    of = "Q" if result.tau2 == 0 else "Q with weights 1/(v + τ²)"
    most = (float(values[np.isfinite(values)].max(initial=0.0)) for values in (x, y))
    right, top = (m if m > ROUNDING else 1.0 for m in most)  # effects may be all alike
    across = Scale(label=f"Contribution to {of}", low=0.0, high=1.08 * right)
    up = Scale(label="Squared standardised influence on the pooled effect", low=0.0, high=1.08 * top)
    hidden = [name for name, there in zip(data["study"], np.isfinite(x) & np.isfinite(y), strict=True) if not there]
    notes = [f"Not shown, without an effect of their own: {', '.join(map(str, hidden))}."] if hidden else []
    with style():
        panel = open_panel(ax, across, up, width=width, notes=notes)
        panel.ax.plot(x, y, "o", ms=DOT, mfc=BLUE, mec="white", mew=0.4, zorder=4, clip_on=False)
        far = np.hypot(x / right, y / top)  # in shares of the panel
        panel.name(x, y, DOT, list(data["study"]), labels, far, 0.5)
    return panel.ax
