"""What a forest plot says in words: how much trials differ, the model, the intervals, the test between subgroups."""

from __future__ import annotations

import math

from ..analysis.effects.study_intervals import STUDY_INTERVALS
from ..analysis.pooling.bayes import BayesResult
from ..analysis.pooling.common_effect import CommonEffectResult
from ..analysis.pooling.count_results import CountResult
from ..analysis.pooling.intervals import PREDICTION_METHODS
from ..analysis.pooling.meta_result import MetaResult
from ..analysis.pooling.multilevel_result import MultilevelResult
from ..analysis.pooling.results import PooledResult
from ..analysis.pooling.subgroup_result import SubgroupResult
from .numbers import p_value, significant

INTERVALS = {
    "wald": "Wald",
    "t": "t",
    "HKSJ": "Hartung-Knapp",
    "HKSJ-adhoc": "Hartung-Knapp (ad hoc)",
    "KR": "Kenward-Roger",
    "HC": "Henmi-Copas",
    "profile": "profile likelihood",
    "CR1": "cluster-robust (CR1)",
    "CR2": "cluster-robust (CR2, Satterthwaite)",
    "exact": "exact",
}
COMMON = {"CE": "inverse variance", "MH": "Mantel-Haenszel", "PETO": "Peto"}
OWN_INTERVALS = {code: record.label for code, record in STUDY_INTERVALS.items()}
OWN_INTERVALS |= {"reported": "as reported", "wald": "Wald (from the variance)"}


def heterogeneity(r: PooledResult) -> str:
    """Return how much the trials of a pool differ, in one line."""
    if isinstance(r, BayesResult):
        return _tied(f"τ = {significant(r.tau.median)} ({significant(r.tau.low)} to {significant(r.tau.high)})")
    if isinstance(r, MultilevelResult):
        parts = zip(r.components, r.sigma2, strict=True)
        return _tied("; ".join(f"σ² of {level} = {significant(value)}" for level, value in parts))
    symbol, value = r.spread if isinstance(r, CountResult) else ("τ²", r.tau2)
    differ = f"{symbol} not estimable" if math.isnan(value) else f"{symbol} = {significant(value)}"
    if isinstance(r, (MetaResult, CommonEffectResult)):
        if not r.q_df:
            return "Heterogeneity not estimable"
        q = f"I² = {r.i2:.0f}%; Q = {significant(r.q)} (df {r.q_df}), {p_value(r.q_p)}"
        return _tied(q if r.method in COMMON else f"{differ}; {q}")
    return _tied(f"{differ}; {r.equal}: {p_value(r.q_lrt_p)}" if isinstance(r, CountResult) else differ)


def footnotes(result: PooledResult | SubgroupResult, r: PooledResult, study_interval: str = "exact") -> list[str]:
    """Return the lines below the figure; `r` is the pool of all trials, `study_interval` that of its proportions.

    They name the test between subgroups, the model with its intervals, and the intervals of single trials.
    """
    groups = result.groups if isinstance(result, SubgroupResult) else {}
    lines = [_between(result)] if isinstance(result, SubgroupResult) and len(groups) > 1 else []
    pools = [p for p in groups.values() if p.k > 1] + ([r] if r.trials > 1 else [])
    if pools:
        lines.append(_model(r, pools, shared=isinstance(result, SubgroupResult) and result.common_tau2))
    kinds = r.study_table(transform=True, interval=study_interval)["interval"].unique()
    own = ", ".join(OWN_INTERVALS[kind] for kind in kinds)
    area = r.size if isinstance(r, CountResult) else "weight"
    lines.append(f"Intervals of single trials: {own}" + (f"; square area: {area}." if r.k > 1 else "."))
    return lines


def _between(result: SubgroupResult) -> str:
    if isinstance(result.overall, BayesResult):
        return "No test between subgroups: posteriors have no standard errors."
    if math.isnan(result.q_between):
        return "Test between subgroups: not available where all patients of a subgroup respond, or none."
    test = f"Q = {significant(result.q_between)} (df {result.q_between_df}), {p_value(result.q_between_p)}"
    return f"Test between subgroups: {_tied(test)}."


def _model(r: PooledResult, pools: list[PooledResult], shared: bool) -> str:
    percent = f"{100 * r.level:g}%"
    if isinstance(r, BayesResult):
        priors = f"prior of τ {r.tau_prior}, of the effect {r.mu_prior or 'flat'}"
        return f"Bayesian random effects; {priors}; posterior median, {percent} credible and prediction interval."
    kinds = [INTERVALS[kind] for kind in dict.fromkeys(p.ci for p in reversed(pools))]
    interval = kinds[0] + "".join(f" (where all respond or none: {kind})" for kind in kinds[1:])
    parts = [_name(r), *["one τ² for all subgroups"] * shared, f"{interval} {percent} confidence interval"]
    if r.prediction and not math.isnan(r.prediction_low):
        # a robust result has no rule of its own: t with the degrees of freedom of its interval
        kind = PREDICTION_METHODS[r.prediction].label if r.prediction in PREDICTION_METHODS else INTERVALS[r.prediction]
        kind = kind.replace("k - ", "k\u00a0−\u00a0")
        parts.append(f"{percent} prediction interval: {kind}")
    return "; ".join(parts) + "."


def _name(r: PooledResult) -> str:
    if isinstance(r, CountResult):
        return f"{r.title} (maximum likelihood); {r.equal}: likelihood-ratio test"
    if r.provenance.settings.get("tau2") is not None:
        return "Random effects (τ² given)"
    return f"Common effect ({COMMON[r.method]})" if r.method in COMMON else f"Random effects ({r.method})"


def _tied(text: str) -> str:
    """Keep each equation on one line."""
    for sign in (" = ", " < ", " (df ", " not ", "equal rates: ", "equal effects: "):
        text = text.replace(sign, sign.replace(" ", "\u00a0"))
    return text
