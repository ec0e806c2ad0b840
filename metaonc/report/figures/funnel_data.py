"""What a funnel plot shows, as data: trials, the funnel, contours, and what tests and adjustments make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...analysis.bias.adjusted.result import LimitResult, PetPeeseResult
from ...analysis.bias.adjusted.trim_fill_result import TrimFillResult
from ...analysis.bias.asymmetry.rank_result import RankTestResult
from ...analysis.bias.asymmetry.regression_result import RegressionTestResult
from ...analysis.numeric.distributions import critical
from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.results.pooled import PooledResult
from ...analysis.sensitivity.diagnostics import common_estimate, has_effect, pooled_studies
from ...base.check import Floats, confidence_level, one_of
from ...errors import OptionError
from ..checks import checked

CENTRES = {"pooled": "pooled effect", "common": "common effect (inverse variance)"}
SHADES = ("0.62", "0.74", "0.86", "0.93")  # beyond each contour, from the middle outwards
Found = TrimFillResult | RegressionTestResult | RankTestResult | PetPeeseResult | LimitResult
Shown = PooledResult | SubgroupResult | Found


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
    filled
        Trials that trim and fill filled in: study, estimate, se.
    line
        Effects on the line of a test or of an adjustment, where there is one: se, estimate.
    left_out
        Trials without an effect of their own.
    """

    points: pd.DataFrame
    centre: float
    limits: pd.DataFrame
    contours: pd.DataFrame
    filled: pd.DataFrame
    line: pd.DataFrame
    left_out: list[str]


@checked()
def funnel_data(
    result: Shown,
    *,
    centre: str = "pooled",
    contours: Sequence[float] = (),
    level: float = 0.95,
) -> FunnelData:
    """Return what a funnel plot of a result shows.

    Parameters
    ----------
    result : result
        As of ``funnel``.
    centre : {"pooled", "common"}
        Where the funnel stands: the pooled effect, or the inverse-variance mean.
    contours : sequence of float, optional
        P-values, such as ``(0.10, 0.05, 0.01)``.
    level : float, default 0.95
        Share of trials within the lines, were there neither bias nor heterogeneity.

    Returns
    -------
    FunnelData
        Points, lines and contours on the scale of analysis.

    Raises
    ------
    DataError
        When `result` is none of pooling, or no trial has an effect of its own.
    OptionError
        When an option does not exist.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> list(mo.plot.funnel_data(r).points)
    ['study', 'estimate', 'se', 'group', 'distance']
    """
    overall = pool_of(result)
    studies = pooled_studies(overall)
    one_of("centre", centre, CENTRES)
    confidence_level(level)
    there = has_effect(studies)
    about = result.adjusted if isinstance(result, TrimFillResult) else overall
    middle = common_estimate(about) if centre == "common" else about.estimate
    se = np.sqrt(studies.vi[there])
    groups = np.full(len(there), "", dtype=object)
    if isinstance(result, SubgroupResult):
        groups = studies.data[result.by].astype(str).to_numpy(dtype=object)
    points = pd.DataFrame({
        "study": np.array(studies.labels, dtype=object)[there], "estimate": studies.yi[there], "se": se,
        "group": groups[there], "distance": np.abs(studies.yi[there] - middle) / se,
    })  # fmt: skip
    ends = np.array([0.0, 1.06 * float(se.max())])
    filled = result.filled if isinstance(result, TrimFillResult) else pd.DataFrame({"study": [], "yi": [], "vi": []})
    tests = _tests(overall, contours)
    null = overall.record.null or 0.0
    return FunnelData(
        points=points,
        centre=middle,
        limits=_edges(1 - level, ends, middle)[["se", "low", "high"]],
        contours=pd.concat([_edges(p, ends, null) for p in tests]) if tests else _edges(1.0, ends, null)[:0],
        filled=pd.DataFrame(
            {"study": filled["study"], "estimate": filled["yi"], "se": np.sqrt(filled["vi"].astype(float))}
        ),
        line=_line(result, np.linspace(0.0, ends[1], 60)),
        left_out=[label for label, here in zip(studies.labels, there, strict=True) if not here],
    )


def pool_of(result: Shown) -> PooledResult:
    """Return the pool whose trials are shown; what is no result at all is left to who asks for its trials."""
    if isinstance(result, SubgroupResult):
        return result.overall
    return result.result if isinstance(result, Found) else result


def _line(result: Shown, se: Floats) -> pd.DataFrame:
    """Return the line through the funnel that a test or an adjustment rests on; empty where there is none."""
    drawn = isinstance(result, (PetPeeseResult, LimitResult)) or (
        isinstance(result, RegressionTestResult) and result.in_funnel
    )
    if not drawn:
        return pd.DataFrame({"se": se[:0], "estimate": se[:0]})
    return pd.DataFrame({"se": se, "estimate": result.effects_at(se)})  # type: ignore[union-attr]


def _tests(overall: PooledResult, contours: Sequence[float]) -> list[float]:
    """Return the p-values of the contours, from the middle outwards."""
    if contours and overall.record.null is None:
        raise OptionError(f"contours= show tests of no effect, which a {overall.record.natural} has not.")
    bad = [p for p in contours if not 0 < p < 1]
    if bad:
        raise OptionError(f"contours={bad[0]:g} is no p-value: give numbers between 0 and 1, such as 0.05.")
    if len(contours) > len(SHADES):
        raise OptionError(f"{len(contours)} contours cannot be told apart in grey: give {len(SHADES)} or fewer.")
    return sorted(set(contours), reverse=True)


def _edges(p: float, se: Floats, centre: float) -> pd.DataFrame:
    half = float(critical(1 - p)) * se
    return pd.DataFrame({"p": p, "se": se, "low": centre - half, "high": centre + half})
