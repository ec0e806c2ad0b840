"""results_text: what came out, in the words of a manuscript."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from .._result import Result, Text
from ..analysis.pooling.bayes import BayesResult
from ..analysis.pooling.common_effect import CommonEffectResult
from ..analysis.pooling.count_results import CountResult
from ..analysis.pooling.meta_result import MetaResult
from ..analysis.pooling.multilevel_result import MultilevelResult
from ..analysis.pooling.results import PooledResult
from ..analysis.pooling.subgroup_result import SubgroupResult
from ..analysis.survival import KaplanMeier
from .forest_pools import form_of, scaled
from .methods_text import is_common, pool_of
from .numbers import interval, p_value, significant
from .survival_texts import survival_results


def results_text(result: Result) -> Text:
    """Return the sentences of a results section: pooled effects, heterogeneity, prediction, subgroups and their test.

    Numbers are those of the figures, rounded in the same way (PRISMA 2020, item 20).

    Parameters
    ----------
    result
        What a pooling function, ``pool_subgroups``, ``interaction`` (of two levels) or ``kaplan_meier`` returned.

    Raises
    ------
    DataError
        When `result` is none of these.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> print(str(mo.results_text(r)).split(";")[0])
    The pooled hazard ratio of 3 trials was 0.73 (95% CI 0.59 to 0.91), p = 0.006
    """
    if isinstance(result, KaplanMeier):
        return Text("\n\n".join(survival_results(result)))
    if isinstance(result, SubgroupResult):
        lines = [f"{result.by} {level}: {_found(part)}" for level, part in result.groups.items()]
        whole = [f"All trials together: {_found(result.overall)}"] if result.overall.trials > 1 else []
        return Text("\n\n".join([*lines, *whole, *_test_between(result)]))
    return Text(_found(pool_of(result)))


def _found(r: PooledResult) -> str:
    """Return the sentence on one pool."""
    form = form_of(r)
    percent = f"{100 * r.level:g}%"
    unit = "%" if r.record.scale == "percent" else ""
    kind = "CrI" if isinstance(r, BayesResult) else "CI"
    estimate, low, high = _shown(r)
    effect = interval(estimate, low, high, form).replace(" (", f"{unit} ({percent} {kind} ", 1)
    trials = f"{r.trials} trial{'s' * (r.trials != 1)}" + (f" ({r.k} rows)" if r.trials < r.k else "")
    start = f"The pooled {r.record.natural} of {trials}" if r.k > 1 else f"The {r.record.natural} of the one trial"
    tested = r.record.null is not None and not math.isnan(r.p_value)
    parts = [f"{start} was {effect}" + (f", {p_value(r.p_value)}" if tested else ""), *_differ(r)]
    if not math.isnan(r.prediction_low):
        ends = (form(scaled(r, x)) for x in (r.prediction_low, r.prediction_high))
        parts.append(
            f"in a new trial it is expected between {' and '.join(ends)}{unit} ({percent} prediction interval)"
        )
    return "; ".join(parts) + "."


def _shown(r: PooledResult) -> tuple[float, float, float]:
    """Return the estimate and its limits as figures show them; of one trial its own, as it was reported."""
    if r.k == 1:
        factor = 100 if r.record.scale == "percent" else 1
        own = r.study_table(transform=True).iloc[0]
        return tuple(factor * float(own[name]) for name in ("estimate", "ci_low", "ci_high"))  # type: ignore[return-value]
    return scaled(r, r.estimate), scaled(r, r.ci_low), scaled(r, r.ci_high)


def _differ(r: PooledResult) -> Iterable[str]:
    if isinstance(r, BayesResult):
        limits = f"{significant(r.tau.low)} to {significant(r.tau.high)}"
        yield f"τ was {significant(r.tau.median)} ({100 * r.level:g}% CrI {limits})"
    elif isinstance(r, (MetaResult, CommonEffectResult)) and r.q_df:
        tau2 = "" if is_common(r) else f"τ² = {significant(r.tau2)}, "
        yield f"{tau2}I² = {r.i2:.0f}%, Q = {significant(r.q)} (df {r.q_df}, {p_value(r.q_p)})"
    elif isinstance(r, CountResult) and r.k > 1:
        symbol, value = r.spread
        yield f"{symbol} = {significant(value)}, likelihood-ratio test of {r.equal}: {p_value(r.q_lrt_p)}"
    elif isinstance(r, MultilevelResult):
        parts = (f"{significant(v)} between {name}" for name, v in zip(r.components, np.asarray(r.sigma2), strict=True))
        yield f"the variance was {', '.join(parts)}"


def _test_between(result: SubgroupResult) -> Iterable[str]:
    if len(result.groups) < 2:
        return
    if math.isnan(result.q_between):
        yield "No test between the subgroups was made."
        return
    other = ""
    if not math.isnan(result.f_between):
        free = f"{result.q_between_df} and {result.f_between_df:.4g}"
        other = f"; F = {significant(result.f_between)} (df {free}, {p_value(result.f_between_p)})"
    test = f"χ² = {significant(result.q_between)} (df {result.q_between_df}, {p_value(result.q_between_p)})"
    yield f"Test between the subgroups: {test}{other}."
