"""Bubble plots: the effect against one moderator, with the line and the band of a meta-regression."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.methods.tau2 import is_common
from ...analysis.numeric.distributions import critical
from ...analysis.pooling.moderators.coefficients import CoefficientsResult
from ...analysis.results.cautions import FLAT, SO_FLAT
from ...analysis.sensitivity.diagnostics import moderator, regression_points
from ...base.caution import Caution
from ...base.digits import in_percent
from ...base.messages.arguments import known_arguments
from ...errors import DataError, OptionError
from ..checks import checked, truth
from ..forest.notes import NO_PREDICTION
from ..kinds import kind_of
from ..style import COLUMN, style
from ..texts.cautions import cautions
from ..texts.printer import capital
from ..ticks import Scale, around, effect_name
from .curves.looks import draw_null, null
from .key import Key, trial_key
from .panel import BLUE, INK, open_panel
from .point_labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST = 13.0  # pt, diameter of the trial of greatest weight
SMALLEST = 2.0
POINTS = 201  # of the line


@known_arguments
def bubble_line(result: CoefficientsResult, low: float, high: float) -> pd.DataFrame:
    """Return the fitted line between two values of the one moderator.

    Parameters
    ----------
    result : RegressionResult or MultilevelRegressionResult
        What ``regress`` or ``regress_multilevel`` returned for one moderator that is a number.
    low, high : float
        Values of the moderator at the ends of the line.

    Returns
    -------
    pandas.DataFrame
        The moderator, and the columns of ``result.predict`` on the scale of analysis.

    Raises
    ------
    DataError
        When the result is none of these, or does not have one moderator.

    Examples
    --------
    >>> import metaonc as mo
    >>> table = {"trial": list("ABCDE"), "yi": [0.1, 0.3, 0.2, 0.5, 0.6], "vi": [0.02] * 5, "dose": [1, 2, 2, 4, 5]}
    >>> r = mo.regress(table, "~ dose", study="trial", method="DL", ci="wald")
    >>> list(mo.plot.bubble_line(r, 1, 5))[:2]
    ['dose', 'estimate']
    """
    name = moderator(result)
    grid = pd.DataFrame({name: np.linspace(low, high, POINTS)})
    return pd.concat([grid, result.predict(grid)], axis=1)


@checked(prediction=truth)
def bubble(
    result: CoefficientsResult,
    *,
    ax: Axes | None = None,
    width: float | str = COLUMN,
    effect: str | None = None,
    unit: str = "",
    moderator_label: str | None = None,
    prediction: bool = False,
    labels: Labels = "outlying",
) -> Axes:
    """Draw a bubble plot of a meta-regression on one number: areas are weights, the band is the confidence interval.

    Parameters
    ----------
    result : RegressionResult or MultilevelRegressionResult
        What ``regress`` or ``regress_multilevel`` returned, with one numeric moderator.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    effect, unit : str, optional
        Name of the effect, and unit of times.
    moderator_label : str, optional
        What the x axis is called; the column's name when None.
    prediction : bool, default False
        Whether to draw the interval for a new trial as well; where there is none, the note below says so.
    labels : str or list of str, default "outlying"
        ``outlying`` (trials far from the line), ``all``, ``none`` or names of trials.

    Returns
    -------
    Axes
        The panel; its y axis is on the scale of analysis, with labels on the natural scale.

    Raises
    ------
    DataError
        When `result` is no regression on one moderator, or the moderator is no number.
    OptionError
        When the measure has no back-transform, a label does not exist, or the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> table = {"trial": list("ABCDE"), "yi": [0.1, 0.3, 0.2, 0.5, 0.6], "vi": [0.02] * 5, "dose": [1, 2, 2, 4, 5]}
    >>> r = mo.regress(table, "~ dose", study="trial", method="DL", ci="wald")
    >>> mo.plot.bubble(r, moderator_label="Dose, mg").get_xlabel()
    'Dose, mg'
    """
    name = moderator(result)
    data = regression_points(result)
    if not pd.api.types.is_numeric_dtype(data["moderator"]):
        raise DataError(f"a bubble plot needs a number; {name!r} has levels: use pool_subgroups and forest.")
    if result.record.inverse_needs:
        raise OptionError(f"measure {result.measure!r} has no back-transform along a line; use PLO, of rates IRLN.")
    low, high = around(data["moderator"])
    ends = (data["moderator"].min(), data["moderator"].max()) if result.design.ends_with_the_rows else (low, high)
    line = bubble_line(result, *ends)
    lacking = _no_prediction(result, line) if prediction else ""
    prediction = prediction and not lacking
    edges = ["ci_low", "ci_high"] + ["prediction_low", "prediction_high"] * prediction
    axis = around(np.concatenate([data["estimate"], line[edges].to_numpy().ravel()]), margin=0.1)
    up = Scale(label=effect_name(result, effect, unit), low=axis[0], high=axis[1], natural=result.record.inverse,
               kind=result.record.scale)  # fmt: skip
    whole = bool((data["moderator"] % 1 == 0).all())  # years, lines of treatment
    across = Scale(label=moderator_label or name, low=low, high=high, kind="whole" if whole else "linear")
    percent = f"{in_percent(result.level)}%"
    key = [
        Key(text="regression line", look={"color": INK, "linewidth": 1.0}),
        Key(text=f"{percent} confidence band", kind="patch", look={"facecolor": "0.88", "linewidth": 0}),
    ]
    dashed = Key(text=f"{percent} prediction interval", look={"color": INK, "linewidth": 0.7, "linestyle": (0, (4, 2))})
    key += [dashed] * prediction
    zero = math.nan if result.record.null is None else result.record.null
    dotted = null("no effect")
    crossed = axis[0] < zero < axis[1]
    key += [dotted] * crossed
    look: dict[str, Any] = {"mfc": BLUE, "mec": "white", "mew": 0.6, "alpha": 0.85, "zorder": 4}
    sizes = np.maximum(LARGEST * np.sqrt(data["weight"] / data["weight"].max()), SMALLEST)
    notes = [*filter(None, [lacking]), *_flat(result, prediction), *_cautions(result, name, moderator_label)]
    with style():
        panel = open_panel(ax, across, up, width=width, key=[trial_key("weight", look), *key], notes=notes)
        panel.ax.fill_between(line[name], line["ci_low"], line["ci_high"], zorder=0.5, **key[1].look)
        panel.ax.plot(line[name], line["estimate"], zorder=2, **key[0].look)
        for edge in edges[2:]:
            panel.ax.plot(line[name], line[edge], zorder=2, **dashed.look)
        if crossed:
            draw_null(panel.ax, dotted, zero)
        for x, y, size in sorted(zip(data["moderator"], data["estimate"], sizes, strict=True), key=lambda p: -p[2]):
            panel.ax.plot(x, y, "o", ms=size, **look)
        far = np.abs(data["residual"].to_numpy())
        panel.name(data["moderator"], data["estimate"], sizes, list(data["study"]), labels, far,
                   float(critical(result.level)))  # fmt: skip
    return panel.ax


def _cautions(result: CoefficientsResult, name: str, label: str | None) -> list[str]:
    """Return the cautions in short; the intercept, which is not drawn, has no numbers, the moderator its label."""
    said = cautions(result, beside_said=("intercept",), short=True)
    named = kind_of(result).named
    shown = name if named is None else named(result, name)
    return said if label is None else [text.replace(f"of {shown}:", f"of {label}:") for text in said]


def _no_prediction(result: CoefficientsResult, line: pd.DataFrame) -> str:
    """Return why there is no interval for a new trial; nothing where there is one."""
    if is_common(result.method):
        return "No prediction interval: the model has no variance between trials."
    return "" if (line["prediction_low"] < line["prediction_high"]).all() else f"{NO_PREDICTION}."


def _flat(result: CoefficientsResult, prediction: bool) -> list[str]:
    """Return the caution of an interval for a new trial where the model found no variance between trials."""
    return [f"{capital(str(Caution(text=FLAT, more=SO_FLAT)))}."] if prediction and result.spread == 0 else []
