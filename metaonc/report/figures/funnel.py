"""Funnel plots: effects against their standard errors, about the pool and about no effect."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis.bias.adjusted.result import PetPeeseResult
from ...analysis.bias.adjusted.trim_fill_result import TrimFillResult
from ...analysis.bias.asymmetry.rank_result import RankTestResult
from ...analysis.bias.asymmetry.rank_test import RANK_TESTS
from ...analysis.bias.asymmetry.regression_result import RegressionTestResult
from ...analysis.numeric.distributions import critical
from ...base.digits import in_percent, number, p_said
from ..checks import checked
from ..style import COLUMN, style
from ..ticks import Scale, around, effect_name, effect_scale
from .funnel_data import CENTRES, SHADES, FunnelData, Shown, funnel_data, pool_of
from .key import Key
from .panel import INK, open_panel, point_looks
from .point_labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOT = 4.2  # pt
FILLED: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": DOT,
    "markerfacecolor": "white",
    "markeredgecolor": INK,
    "markeredgewidth": 0.8,
}
LINE: dict[str, Any] = {"color": INK, "linewidth": 1.1, "linestyle": (0, (1, 1))}


@checked()
def funnel(
    result: Shown,
    *,
    ax: Axes | None = None,
    width: float | str = COLUMN,
    effect: str | None = None,
    unit: str = "",
    centre: str = "pooled",
    contours: Sequence[float] = (),
    level: float = 0.95,
    labels: Labels = "outlying",
) -> Axes:
    """Draw a funnel plot: each trial's effect against its standard error, precise trials at the top.

    Without small-study effects and heterogeneity, trials scatter evenly within the dashed lines. With `contours` the
    areas are shaded in which a trial's own test of no effect has a p-value below each of these.

    Parameters
    ----------
    result : result
        What a pooling function or ``pool_subgroups`` returned; subgroups have colours and markers of their own. Of
        ``bias.trim_fill`` trials that were filled in are open circles, and the funnel stands at the adjusted effect;
        of ``bias.egger``, ``bias.pet_peese`` and ``bias.limit_meta_analysis`` their line is drawn; of tests of
        asymmetry the p-value stands below.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    effect, unit : str, optional
        Name of the effect, and unit of times.
    centre : {"pooled", "common"}
        Where the funnel stands: the pooled effect, or the inverse-variance mean.
    contours : sequence of float, optional
        P-values, such as ``(0.10, 0.05, 0.01)``; none by default.
    level : float, default 0.95
        Share of trials within the dashed lines, were there neither bias nor heterogeneity.
    labels : str or list of str, default "outlying"
        ``outlying`` (trials outside the lines), ``all``, ``none`` or names of trials.

    Returns
    -------
    Axes
        The panel; its x axis is on the scale of analysis, with labels on the natural scale.

    Raises
    ------
    DataError
        When `result` is none of pooling, or no trial has an effect of its own.
    OptionError
        When an option or a label does not exist, or the place is too small.

    References
    ----------
    Light and Pillemer 1984; Sterne and Egger 2001; contours: Peters et al. 2008 (none of them read).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.plot.funnel(r).get_xlabel()
    'Hazard ratio'
    """
    data = funnel_data(result, centre=centre, contours=contours, level=level)
    overall = pool_of(result)
    x = np.concatenate([data.points["estimate"], data.limits["low"], data.limits["high"], data.filled["estimate"],
                        data.line["estimate"]])  # fmt: skip
    across = effect_scale(overall, *around(x), label=effect_name(overall, effect, unit))
    down = Scale(label="Standard error", low=0.0, high=float(data.limits["se"].max()))
    looks = point_looks(list(data.points["group"]), DOT)
    groups = [Key(text=group or "trial", look=look) for group, look in looks.items()]
    lines = [
        Key(text=_centre_name(result, centre), look={"color": INK, "linewidth": 0.8}),
        Key(text=f"{in_percent(level)}% limits", look={"color": INK, "linewidth": 0.8, "linestyle": (0, (4, 2))}),
    ]
    found = [Key(text=text, look=look) for text, look, there in (
        ("filled in", FILLED, len(data.filled)), (_line_name(result), LINE, len(data.line))) if there]  # fmt: skip
    shades = _shades(data)
    areas = [Key(text=text, kind="patch", look={"facecolor": shade, "linewidth": 0}) for text, shade in
             zip(_between([p for p, _ in shades]), [shade for _, shade in shades], strict=True)]  # fmt: skip
    with style():
        panel = open_panel(
            ax, across, down, width=width, key=[*groups, *lines, *found, *areas], notes=_notes(data, result), down=True
        )
        _draw_contours(panel.ax, data, shades)
        panel.ax.plot([data.centre] * 2, data.limits["se"], zorder=2, **lines[0].look)
        for side in ("low", "high"):
            panel.ax.plot(data.limits[side], data.limits["se"], zorder=2, **lines[1].look)
        panel.ax.plot(data.line["estimate"], data.line["se"], zorder=3, **LINE)
        panel.ax.plot(data.filled["estimate"], data.filled["se"], zorder=4, **FILLED)
        for group, look in looks.items():
            rows = data.points[data.points["group"] == group]
            panel.ax.plot(rows["estimate"], rows["se"], zorder=4, **look)
        p = data.points
        panel.name(
            p["estimate"], p["se"], DOT, list(p["study"]), labels, p["distance"].to_numpy(), float(critical(level))
        )
    return panel.ax


def _centre_name(result: Shown, centre: str) -> str:
    """Return what the funnel stands at."""
    return "adjusted effect" if isinstance(result, TrimFillResult) and centre == "pooled" else CENTRES[centre]


def _line_name(result: Shown) -> str:
    """Return what the line is of."""
    if isinstance(result, RegressionTestResult):
        return result.record.label
    return result.method if isinstance(result, PetPeeseResult) else "limit meta-analysis"


def _tested(result: Shown) -> list[str]:
    """Return the name of the test that is shown with its p-value; of none, nothing."""
    if isinstance(result, RegressionTestResult):
        return [result.record.label]
    return [RANK_TESTS[result.test].label] if isinstance(result, RankTestResult) else []


def _shades(data: FunnelData) -> list[tuple[float, str]]:
    """Return each contour's p-value with the grey of the area beyond it; the last is the lightest."""
    tests = list(dict.fromkeys(data.contours["p"]))
    return list(zip(tests, SHADES[len(SHADES) - len(tests) :], strict=True))


def _between(tests: Sequence[float]) -> list[str]:
    """Return which p-values trials in each area have, from the innermost area to the outermost."""
    inner = [f"{low:g} ≤ p < {high:g}" for high, low in pairwise(tests)]
    return [*inner, *(f"p < {p:g}" for p in tests[-1:])]


def _draw_contours(ax: Any, data: FunnelData, shades: list[tuple[float, str]]) -> None:
    """Shade from each contour outwards; the next one is painted over it."""
    first, last = ax.get_xlim()
    for p, shade in shades:
        rows = data.contours[data.contours["p"] == p]
        for edge, end in ((rows["low"], min(first, rows["low"].min())), (rows["high"], max(last, rows["high"].max()))):
            ax.fill_betweenx(rows["se"], edge, end, facecolor=shade, linewidth=0, zorder=0.5)


def _notes(data: FunnelData, result: Shown) -> list[str]:
    few = len(data.points)
    notes = [f"{name}: {p_said(result.p_value)}." for name in _tested(result)]  # type: ignore[union-attr]
    if few < 10:
        notes.append(
            f"{number(few, 0)} trial{'s' * (few != 1)}: asymmetry of fewer than ten cannot be told from chance."
        )
    if data.left_out:
        notes.append(f"Not shown, without an effect of their own: {', '.join(data.left_out)}.")
    return notes
