"""L'Abbe plots: the response of treated arms against that of their controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.results.pooled import PooledResult
from ...analysis.sensitivity.diagnostics import expected_response, pooled_studies
from ...base.messages.arguments import known_arguments
from ...errors import DataError
from ..checks import checked
from ..style import COLUMN, style
from ..ticks import Scale
from .key import Key, trial_key
from .panel import BLUE, GREY, INK, open_panel
from .point_labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST, SMALLEST = 12.0, 2.0  # pt, diameters
POINTS = 401


@known_arguments
def labbe_data(result: PooledResult) -> pd.DataFrame:
    """Return the response of both arms of each trial.

    Parameters
    ----------
    result : PooledResult
        A pool of two arms whose counts are known.

    Returns
    -------
    pandas.DataFrame
        One row a trial: study, treated, control (events/n, or events/time), weight in percent.

    Raises
    ------
    DataError
        When the result is none of pooling, or the counts of its arms are not known.

    Examples
    --------
    >>> import metaonc as mo
    >>> arms = {"trial": ["A", "B", "C"], "x": [4, 6, 9], "n": [30, 40, 50], "y": [8, 9, 15], "m": [30, 41, 52]}
    >>> r = mo.pool_mantel_haenszel(arms, measure="RR", events_t="x", n_t="n", events_c="y", n_c="m", study="trial")
    >>> list(mo.plot.labbe_data(r))
    ['study', 'treated', 'control', 'weight']
    """
    studies = pooled_studies(result)
    size = "time" if result.measure.startswith("IR") else "n"
    counts = {role: studies.counts(role) for role in ("events_t", f"{size}_t", "events_c", f"{size}_c")}
    missing = [role for role, values in counts.items() if values is None]
    if missing:
        raise DataError(f"the counts of both arms are wanted, but {', '.join(missing)} are not known: "
                        "make the table with effect_sizes.")  # fmt: skip
    events_t, size_t, events_c, size_c = (np.asarray(values) for values in counts.values())
    return pd.DataFrame({
        "study": list(studies.labels), "treated": events_t / size_t, "control": events_c / size_c,
        "weight": result.weights,
    })  # fmt: skip


@checked()
def labbe(
    result: PooledResult,
    *,
    ax: Axes | None = None,
    width: float | str = COLUMN,
    response: str = "Response",
    labels: Labels = "outlying",
) -> Axes:
    """Draw a L'Abbe plot: each trial by the response of its two arms, with the line of the pooled effect.

    Parameters
    ----------
    result : PooledResult
        A pool of two arms (RR, OR, RD, AS, PETO, IRR, IRD, IRSD) whose counts are known.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    response : str, default "Response"
        What is counted, such as ``Objective response``.
    labels : str or list of str, default "outlying"
        ``outlying``, ``all``, ``none`` or names of trials.

    Returns
    -------
    Axes
        The panel, a square from 0 in percent, or in events per unit of person-time.

    Raises
    ------
    DataError, OptionError
        A result without two arms or without counts; a label that does not exist; too small a place.

    References
    ----------
    L'Abbe, Detsky and O'Rourke 1987 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> arms = {"trial": ["A", "B", "C"], "x": [4, 6, 9], "n": [30, 40, 50], "y": [8, 9, 15], "m": [30, 41, 52]}
    >>> r = mo.pool_mantel_haenszel(arms, measure="RR", events_t="x", n_t="n", events_c="y", n_c="m", study="trial")
    >>> mo.plot.labbe(r).get_xlabel()
    'Response, control, %'
    """
    data = labbe_data(result)
    rate = result.measure.startswith("IR")
    factor, unit = (1.0, "events per unit of time") if rate else (100.0, "%")
    x, y = factor * data["control"].to_numpy(), factor * data["treated"].to_numpy()
    end = min(1.08 * float(max(x.max(), y.max())), np.inf if rate else 100.0)
    grid = np.linspace(0, end / factor, POINTS)
    pooled = factor * expected_response(result, grid, result.estimate)
    axes = [Scale(label=f"{response}, {arm}, {unit}", low=0.0, high=end) for arm in ("control", "treated")]
    look: dict[str, Any] = {"mfc": BLUE, "mec": "white", "mew": 0.6, "alpha": 0.85, "zorder": 4, "clip_on": False}
    key = [
        Key(text="pooled effect", look={"color": INK, "linewidth": 0.9}),
        Key(text="no effect", look={"color": GREY, "linewidth": 0.7, "linestyle": (0, (1, 1.5))}),
    ]
    sizes = np.maximum(LARGEST * np.sqrt(data["weight"] / data["weight"].max()), SMALLEST).to_numpy()
    expected = factor * expected_response(result, x / factor, result.estimate)
    with style():
        panel = open_panel(ax, *axes, width=width, key=[trial_key("weight", look), *key], square=True, aspect=1)
        panel.ax.plot([0, end], [0, end], zorder=1, **key[1].look)
        inside = (pooled >= 0) & (pooled <= end)
        panel.ax.plot(factor * grid[inside], pooled[inside], zorder=2, **key[0].look)
        for i in np.argsort(-sizes):  # small ones upon large ones
            panel.ax.plot(x[i], y[i], "o", ms=sizes[i], **look)
        panel.name(x, y, sizes, list(data["study"]), labels, np.abs(y - expected) / end, 0.1)
    return panel.ax
