"""Funnel plots: effects against their standard errors, about the pool and about no effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.numeric.distributions import critical
from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.results.pooled import PooledResult
from ...analysis.sensitivity.diagnostics import common_estimate, has_effect, pooled_studies
from ...base.check import Floats, confidence_level, one_of
from ...base.digits import in_percent, number
from ...base.messages.arguments import known_arguments
from ...errors import OptionError
from ..style import COLUMN, style
from ..ticks import Scale, around, effect_name, effect_scale
from .key import Key
from .panel import INK, open_panel, point_looks
from .point_labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CENTRES = {"pooled": "pooled effect", "common": "common effect (inverse variance)"}
SHADES = ("0.62", "0.74", "0.86", "0.93")  # beyond each contour, from the middle outwards
DOT = 4.2  # pt


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FunnelData:
    """What a funnel plot shows, on the scale of analysis.

    Attributes
    ----------
    points
        One row a trial: study, estimate, se, group (empty without subgroups), distance from the centre in standard
        errors.
    centre
        Where the funnel stands.
    limits
        Edges of the funnel: se, low, high.
    contours
        Edges of significance, one row a p-value of a trial's own test and standard error: p, se, low, high.
    left_out
        Trials without an effect of their own.
    """

    points: pd.DataFrame
    centre: float
    limits: pd.DataFrame
    contours: pd.DataFrame
    left_out: list[str]


@known_arguments
def funnel_data(
    result: PooledResult | SubgroupResult,
    *,
    centre: str = "pooled",
    contours: Sequence[float] = (),
    level: float = 0.95,
) -> FunnelData:
    """Return what a funnel plot of a result shows; parameters and errors as those of ``funnel``.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> list(mo.plot.funnel_data(r).points)
    ['study', 'estimate', 'se', 'group', 'distance']
    """
    overall = result.overall if isinstance(result, SubgroupResult) else result
    studies = pooled_studies(overall)
    one_of("centre", centre, CENTRES)
    confidence_level(level)
    there = has_effect(studies)
    middle = common_estimate(overall) if centre == "common" else overall.estimate
    se = np.sqrt(studies.vi[there])
    groups = np.full(len(there), "", dtype=object)
    if isinstance(result, SubgroupResult):
        groups = studies.data[result.by].astype(str).to_numpy(dtype=object)
    points = pd.DataFrame({
        "study": np.array(studies.labels, dtype=object)[there], "estimate": studies.yi[there], "se": se,
        "group": groups[there], "distance": np.abs(studies.yi[there] - middle) / se,
    })  # fmt: skip
    ends = np.array([0.0, 1.06 * float(se.max())])
    tests = _tests(overall, contours)
    null = overall.record.null or 0.0
    return FunnelData(
        points=points,
        centre=middle,
        limits=_edges(1 - level, ends, middle)[["se", "low", "high"]],
        contours=pd.concat([_edges(p, ends, null) for p in tests]) if tests else _edges(1.0, ends, null)[:0],
        left_out=[label for label, here in zip(studies.labels, there, strict=True) if not here],
    )


def _tests(overall: PooledResult, contours: Sequence[float]) -> list[float]:
    """Return the p-values of the contours, from the middle outwards."""
    if contours and overall.record.null is None:
        raise OptionError(f"contours= show tests of no effect, which a {overall.record.natural} has not.")
    bad = [p for p in contours if not 0 < p < 1]
    if bad:
        raise OptionError(f"contours={bad[0]!r} is no p-value: give numbers between 0 and 1, such as 0.05.")
    if len(contours) > len(SHADES):
        raise OptionError(f"{len(contours)} contours cannot be told apart in grey: give {len(SHADES)} or fewer.")
    return sorted(set(contours), reverse=True)


def _edges(p: float, se: Floats, centre: float) -> pd.DataFrame:
    half = float(critical(1 - p)) * se
    return pd.DataFrame({"p": p, "se": se, "low": centre - half, "high": centre + half})


@known_arguments
def funnel(
    result: PooledResult | SubgroupResult,
    *,
    ax: Axes | None = None,
    width: float = COLUMN,
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
    result
        What a pooling function or ``pool_subgroups`` returned; subgroups have colours and markers of their own.
    ax
        Axes to draw into; a figure is made when None.
    width
        Width of the figure made, in mm.
    effect, unit
        Name of the effect, and unit of times.
    centre : {"pooled", "common"}
        Where the funnel stands: the pooled effect, or the inverse-variance mean.
    contours
        p-values, such as ``(0.10, 0.05, 0.01)``; none by default.
    level
        Share of trials within the dashed lines, were there neither bias nor heterogeneity.
    labels
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
    overall = result.overall if isinstance(result, SubgroupResult) else result
    x = np.concatenate([data.points["estimate"], data.limits["low"], data.limits["high"]])
    across = effect_scale(overall, *around(x), label=effect_name(overall, effect, unit))
    down = Scale(label="Standard error", low=0.0, high=float(data.limits["se"].max()))
    looks = point_looks(list(data.points["group"]), DOT)
    groups = [Key(text=group, look=look) for group, look in looks.items() if group]
    lines = [
        Key(text=CENTRES[centre], look={"color": INK, "linewidth": 0.8}),
        Key(text=f"{in_percent(level)}% limits", look={"color": INK, "linewidth": 0.8, "linestyle": (0, (4, 2))}),
    ]
    shades = _shades(data)
    areas = [Key(text=f"p < {p:g}", kind="patch", look={"facecolor": shade, "linewidth": 0}) for p, shade in shades]
    with style():
        panel = open_panel(ax, across, down, width=width, key=[*groups, *lines, *areas], notes=_notes(data), down=True)
        _draw_contours(panel.ax, data, shades)
        panel.ax.plot([data.centre] * 2, data.limits["se"], zorder=2, **lines[0].look)
        for side in ("low", "high"):
            panel.ax.plot(data.limits[side], data.limits["se"], zorder=2, **lines[1].look)
        for group, look in looks.items():
            rows = data.points[data.points["group"] == group]
            panel.ax.plot(rows["estimate"], rows["se"], zorder=4, **look)
        p = data.points
        panel.name(
            p["estimate"], p["se"], DOT, list(p["study"]), labels, p["distance"].to_numpy(), float(critical(level))
        )
    return panel.ax


def _shades(data: FunnelData) -> list[tuple[float, str]]:
    """Return each contour's p-value with the grey of the area beyond it; the last is the lightest."""
    tests = list(dict.fromkeys(data.contours["p"]))
    return list(zip(tests, SHADES[len(SHADES) - len(tests) :], strict=True))


def _draw_contours(ax: Any, data: FunnelData, shades: list[tuple[float, str]]) -> None:
    """Shade from each contour outwards; the next one is painted over it."""
    first, last = ax.get_xlim()
    for p, shade in shades:
        rows = data.contours[data.contours["p"] == p]
        for edge, end in ((rows["low"], min(first, rows["low"].min())), (rows["high"], max(last, rows["high"].max()))):
            ax.fill_betweenx(rows["se"], edge, end, facecolor=shade, linewidth=0, zorder=0.5)


def _notes(data: FunnelData) -> list[str]:
    few = len(data.points)
    notes = []
    if few < 10:
        notes.append(
            f"{number(few, 0)} trial{'s' * (few != 1)}: asymmetry of fewer than ten cannot be told from chance."
        )
    if data.left_out:
        notes.append(f"Not shown, without an effect of their own: {', '.join(data.left_out)}.")
    return notes
