"""Weight functions: how likely trials are published by their p-values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....analysis.bias.selection.result import SelectionResult
from ....base.digits import in_percent
from ....errors import DataError
from ...checks import checked
from ...style import COLUMN, style
from ...ticks import Scale
from ..curves.looks import draw_band, draw_line, draw_null, null
from ..key import Key
from ..panel import INK, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 1001
FARTHEST = 3.0  # the axis ends at so many of the greatest weight, or 1: limits may lie beyond


@checked()
def selection(result: SelectionResult, *, ax: Axes | None = None, width: float | str = COLUMN) -> Axes:
    """Draw the weight function of a selection model: how likely a trial is published by its p-value.

    The band holds the limits at each p-value; without standard errors there is none. Strokes below are the trials.

    Parameters
    ----------
    result : SelectionResult
        What ``bias.selection_model`` returned.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.

    Returns
    -------
    Axes
        The panel.

    Raises
    ------
    DataError
        When `result` is of another kind.
    OptionError
        When the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}
    >>> r = mo.bias.selection_model(mo.pool(d, measure="HR"), delta=[1, 0.5])
    >>> mo.plot.selection(r).get_ylabel()
    'Relative weight'
    """
    if not isinstance(result, SelectionResult):
        raise DataError(f"a result of bias.selection_model is wanted, not {type(result).__name__}.")
    p = np.unique(np.concatenate([np.linspace(0.0005, 0.9995, POINTS), result.steps, np.nextafter(result.steps, 1)]))
    weight, (low, high) = result.weight(p), result.weight_limits(p)
    top = FARTHEST * max(1.0, float(weight.max()))
    known = np.isfinite(high)
    reach = max(float(weight.max()), 1.0, float(high[known].max()) if known.any() else 0.0)
    across = Scale(label="p-value", low=0.0, high=1.0)
    up = Scale(label="Relative weight", low=0.0, high=1.06 * min(reach, top))
    key = [Key(text=result.weight_function.label, look={"color": INK, "linewidth": 1.0})]
    band = Key(text=f"{in_percent(result.level)}% confidence interval", kind="patch",
               look={"facecolor": "0.88", "linewidth": 0})  # fmt: skip
    with style():
        panel = open_panel(
            ax, across, up, width=width, key=key + [band] * bool(known.any()), notes=_notes(result, reach > top)
        )
        if known.any():
            draw_band(panel.ax, p, low, high, band)
        draw_null(panel.ax, null("no selection"), 1.0)
        draw_line(panel.ax, p, weight, key[0])
        panel.ax.vlines(result.p_values, 0, 0.04 * up.high, color=INK, linewidth=0.6, zorder=4)
    return panel.ax


def _notes(result: SelectionResult, beyond: bool) -> list[str]:
    side = "two-sided" if result.alternative == "two-sided" else f"small for {result.favoured}"
    notes = [f"p-values are {side}. Strokes: the trials. Dotted: no selection."]
    if result.provenance.settings["precision"]:
        notes.append("Weights of the least precise trial; those of others are nearer to 1.")
    return notes + ["Limits reach beyond the axis."] * beyond
