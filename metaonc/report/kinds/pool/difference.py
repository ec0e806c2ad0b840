"""The absolute difference beside a ratio: risk differences of the trials and of their pool."""

from __future__ import annotations

import numpy as np

from ....analysis.effects.compute import effect_sizes
from ....analysis.effects.roles import TWO_ARMS
from ....analysis.effects.study_intervals import STUDY_INTERVALS
from ....analysis.pooling.common_effect.mantel_haenszel import pool_mantel_haenszel
from ....analysis.pooling.inverse_variance.pool import pool
from ....analysis.results.pooled import PooledResult
from ....analysis.results.studies import Studies
from ....base.check import Floats
from ....base.digits import fixed, in_percent
from ...forest.columns import Column
from ...forest.content import ForestSpec


def difference(r: PooledResult, spec: ForestSpec) -> Column | None:
    """Return the risk differences in percentage points, None where counts are not known or rows share patients.

    They are pooled as the ratios are, by inverse variances and the same estimator; ratios of another model go with
    Mantel and Haenszel's risk difference, also of trials that the ratio leaves out.
    """
    known = _counts(r.studies)
    if r.studies.covariance is not None or r.record.scale != "log" or r.record.roles != TWO_ARMS or known is None:
        return None
    return Column(
        header=f"Absolute difference, percentage points ({spec.journal.decimal(in_percent(r.level))}%\u00a0CI)",
        cells=differences(known, r.level, spec),
        total=_text(_pooled(r, known), spec) if r.k > 1 else "",
    )


def left_out_differences(r: PooledResult, spec: ForestSpec) -> list[str]:
    """Return the risk differences of trials that the ratio leaves out, empty where a count is missing."""
    return differences(_counts(r.studies.shown_beside()) or {}, r.level, spec)


def differences(counts: dict[str, Floats], level: float, spec: ForestSpec) -> list[str]:
    """Return risk differences with their intervals as texts."""
    return ["" if np.isnan(values[0]) else _text(values, spec) for values in zip(*newcombe(counts, level), strict=True)]


def _text(values: tuple[float, float, float], spec: ForestSpec) -> str:
    estimate, low, high = (100 * x for x in values)
    return spec.journal.decimal(spec.journal.interval(estimate, low, high, fixed(1)))


def _counts(studies: Studies) -> dict[str, Floats] | None:
    """Return the counts of both arms, None where one is not known."""
    counts = {role: studies.counts(role) for role in TWO_ARMS}
    known = {role: x for role, x in counts.items() if x is not None}
    return known if len(known) == len(counts) else None


def newcombe(counts: dict[str, Floats], level: float) -> tuple[Floats, Floats, Floats]:
    r"""Return the risk differences of trials and their limits, from Wilson's limits of both arms.

    .. math:: d - \sqrt{(p_t - l_t)^2 + (u_c - p_c)^2}, \quad d + \sqrt{(u_t - p_t)^2 + (p_c - l_c)^2}

    They exist where an arm has no events, or only events. Newcombe 1998, Statistics in Medicine 17:873, method 10.
    """
    limits = STUDY_INTERVALS["wilson"].limits
    (low_t, high_t), (low_c, high_c) = (limits(counts[f"events_{a}"], counts[f"n_{a}"], level) for a in "tc")
    p_t, p_c = (counts[f"events_{a}"] / counts[f"n_{a}"] for a in "tc")
    d = p_t - p_c
    return d, d - np.hypot(p_t - low_t, high_c - p_c), d + np.hypot(high_t - p_t, p_c - low_c)


def _pooled(r: PooledResult, counts: dict[str, Floats]) -> tuple[float, float, float]:
    whole: PooledResult
    if _by_variance(r):
        table = {"trial": list(r.studies.labels), **counts}
        effects = effect_sizes(
            table, measure="RD", study="trial", events_t="events_t", n_t="n_t", events_c="events_c", n_c="n_c"
        )
        whole = pool(effects, study="trial", method=r.method, ci=r.ci, level=r.level)
    else:
        # a trial without any event says nothing of a ratio, and is left out of it, but has a difference of 0
        out = _counts(r.studies.shown_beside()) or {}
        every = {role: np.append(x, out.get(role, [])) for role, x in counts.items()}
        there = np.isfinite(np.array(list(every.values()))).all(axis=0)
        table = {role: x[there] for role, x in every.items()}
        whole = pool_mantel_haenszel(
            table, measure="RD", level=r.level, events_t="events_t", n_t="n_t", events_c="events_c", n_c="n_c"
        )
    return whole.estimate, whole.ci_low, whole.ci_high


def _by_variance(r: PooledResult) -> bool:
    return r.model_facts.inverse_variance and r.provenance.settings.get("tau2") is None


def difference_note(r: PooledResult) -> str:
    """Return the footnote that says how differences are pooled."""
    how = f"pooled as the ratios are ({r.method})" if _by_variance(r) else "pooled by Mantel and Haenszel's method"
    return f"Absolute difference: risk in treatment minus risk in control, {how}; intervals of single trials: Newcombe."
