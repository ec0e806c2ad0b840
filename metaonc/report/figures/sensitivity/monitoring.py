"""Monitoring of a cumulative meta-analysis: z by information, between the boundaries for repeated tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....analysis.methods.spending import SPENDING
from ....analysis.numeric.distributions import critical
from ....analysis.numeric.group_sequential import boundaries
from ....analysis.sensitivity.monitoring.result import MonitoringResult
from ....base.digits import in_percent, percentage, plain
from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, PALETTE, style
from ...texts.cautions import cautions
from ...ticks import Scale
from ..key import Key
from ..panel import BLUE, GREY, INK, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HIGHEST = 8.0  # z: a boundary beyond is drawn as far as here


@known_arguments
def monitoring_data(result: MonitoringResult) -> pd.DataFrame:
    """Return what a figure of monitoring shows.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    result : MonitoringResult
        What ``sensitivity.monitor`` returned.

    Returns
    -------
    pandas.DataFrame
        One row a look, and one of the required information, where it lies ahead: study (empty there), percent (of the
        required information), z, boundary (its upper half; NaN where there is none), crossed.

    Raises
    ------
    DataError
        When `result` is of another kind.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"yi": [-0.4, -0.2, -0.3], "vi": [0.04, 0.03, 0.05]}
    >>> r = mo.sensitivity.cumulative(mo.pool(t, measure="HR", method="DL", ci="wald"))
    >>> len(mo.plot.monitoring_data(mo.sensitivity.monitor(r, minimal=0.7, heterogeneity="none")))
    4
    """
    if not isinstance(result, MonitoringResult):
        raise DataError(f"a result of sensitivity.monitor is wanted, not {type(result).__name__}.")
    t = result.table
    looks = pd.DataFrame({"study": t["study"].astype(str), "percent": 100 * t["fraction"], "z": t["z"],
                          "boundary": t["boundary"], "crossed": t["crossed"].astype(bool)})  # fmt: skip
    if result.fraction >= 1:
        return looks
    t_all = np.append(t["fraction"].to_numpy(dtype=float), 1.0)
    last = boundaries(t_all, SPENDING[result.spending].spent(t_all, result.alpha))[-1]
    ahead = pd.DataFrame({"study": [""], "percent": [100.0], "z": [np.nan], "boundary": [last], "crossed": [False]})
    return pd.concat([looks, ahead], ignore_index=True)


@checked()
def monitoring(result: MonitoringResult, *, ax: Axes | None = None, width: float | str = COLUMN) -> Axes:
    """Draw z of a cumulative meta-analysis by its information, between the boundaries for repeated tests.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    result : MonitoringResult
        What ``sensitivity.monitor`` returned.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.

    Returns
    -------
    Axes
        The panel: x is the information in percent of that required. Where the pool has less, the boundary at the
        required information is that of one further look.

    Raises
    ------
    DataError
        When `result` is of another kind.
    OptionError
        When the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"yi": [-0.4, -0.2, -0.3], "vi": [0.04, 0.03, 0.05]}
    >>> r = mo.sensitivity.cumulative(mo.pool(t, measure="HR", method="DL", ci="wald"))
    >>> mo.plot.monitoring(mo.sensitivity.monitor(r, minimal=0.7, heterogeneity="none")).get_xlabel()
    'Information, % of that required'
    """
    data = monitoring_data(result)
    looks = data[data["study"] != ""]
    bounded = data[np.isfinite(data["boundary"])]
    plain_z = float(critical(1 - result.alpha))
    top = max(plain_z, float(looks["z"].abs().max()), min(float(bounded["boundary"].max()), HIGHEST)) * 1.08
    across = Scale(
        label="Information, % of that required", low=0.0, high=max(100.0, float(data["percent"].max())) * 1.03
    )
    up = Scale(label="z", low=-top, high=top)
    key = [
        Key(text="cumulative z", look={"color": BLUE, "linewidth": 1.2, "marker": "o", "markersize": 3.5}),
        Key(text=f"{SPENDING[result.spending].label} boundary", look={"color": PALETTE[1], "linewidth": 1.4,
                                                                    "marker": "_", "markersize": 5.0}),
        Key(text=f"one test, {plain(result.alpha)}", look={"color": GREY, "linewidth": 0.8, "linestyle": (0, (4, 2))}),
        Key(text="required information", look={"color": INK, "linewidth": 0.8, "linestyle": (0, (1, 1.5))}),
    ]  # fmt: skip
    with style():
        panel = open_panel(ax, across, up, width=width, key=key, notes=[_note(result), *cautions(result, short=True)])
        panel.ax.axhline(0, color=INK, linewidth=0.5, zorder=1)
        for sign in (1, -1):
            panel.ax.axhline(sign * plain_z, zorder=1, **key[2].look)
            panel.ax.plot(bounded["percent"], np.clip(sign * bounded["boundary"], -top, top), zorder=2, **key[1].look)
        panel.ax.axvline(100.0, zorder=1, **key[3].look)
        panel.ax.plot(looks["percent"], looks["z"], zorder=3, **key[0].look)
    return panel.ax


def _note(r: MonitoringResult) -> str:
    of = f", D² {percentage(100 * r.diversity)}%" if r.diversity else ""
    first = f"first crossed with {r.first}" if r.first else "never crossed"
    return (
        f"Required for a {r.whole.record.natural} of {plain(r.minimal)}, power {in_percent(r.power)}%{of}; "
        f"boundary {first}."
    )
