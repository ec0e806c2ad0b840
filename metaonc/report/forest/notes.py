"""What a forest plot says in words: how much trials differ, the model, the intervals, the test between subgroups."""

from __future__ import annotations

import math

from ...analysis.effects.study_intervals import STUDY_INTERVALS
from ...analysis.methods.interval_labels import IntervalLabels
from ...analysis.methods.intervals import PREDICTION_METHODS
from ...analysis.pooling.bayes.pool import BayesResult
from ...analysis.pooling.common_effect.result import CommonEffectResult
from ...analysis.pooling.counts.result import CountResult
from ...analysis.pooling.inverse_variance.result import MetaResult
from ...analysis.pooling.multilevel.result import MultilevelResult
from ...analysis.pooling.regression.result import RegressionResult
from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.results.pooled import PooledResult
from ..journals import Journal
from ..numbers import significant
from .content import Note, Wish, note

INTERVALS = IntervalLabels()
COMMON = {"CE": "inverse variance", "MH": "Mantel-Haenszel", "PETO": "Peto"}
OWN_INTERVALS = {code: record.label for code, record in STUDY_INTERVALS.items()}
OWN_INTERVALS |= {"reported": "as reported", "wald": "Wald (from the variance)"}


def heterogeneity(r: PooledResult, journal: Journal) -> str:
    """Return how much the trials of a pool differ, in one line."""
    unknown = isinstance(r, (MetaResult, CommonEffectResult)) and not r.q_df
    return "Heterogeneity not estimable" if unknown else _tied(journal.before + _differ(r, journal))


def _differ(r: PooledResult, journal: Journal) -> str:
    if isinstance(r, BayesResult):
        return f"τ = {significant(r.tau.median)} ({significant(r.tau.low)} to {significant(r.tau.high)})"
    if isinstance(r, MultilevelResult):
        parts = zip(r.components, r.sigma2, strict=True)
        return "; ".join(f"σ² of {level} = {significant(value)}" for level, value in parts)
    symbol, value = r.spread if isinstance(r, CountResult) else ("τ²", r.tau2)
    differ = f"{symbol} not estimable" if math.isnan(value) else f"{symbol} = {journal.tau2(value)}"
    if isinstance(r, (MetaResult, CommonEffectResult)):
        return inconsistency(differ, r, journal, r.method in COMMON)
    return f"{differ}; {r.equal}: {journal.p(r.q_lrt_p)}" if isinstance(r, CountResult) else differ


def inconsistency(
    differ: str, r: MetaResult | CommonEffectResult | RegressionResult, journal: Journal, common: bool = False
) -> str:
    """Return variance between trials as it is worded, I² and Q, as far and in the order that the journal has them."""
    parts = {
        "tau2": differ,
        "i2": f"I² = {r.i2:.{journal.i2_digits}f}%",
        "q": journal.q.format(q=significant(r.q), df=r.q_df, p=journal.p(r.q_p)),
    }
    return "; ".join(parts[name] for name in journal.differ if not (common and name == "tau2"))


def overall_test(r: PooledResult, journal: Journal) -> str | None:
    """Return the line of the test of no effect; None where there is no such test or the journal does not have it."""
    if not journal.overall_test or r.record.null is None or math.isnan(r.p_value):
        return None
    name, df = ("z", "") if math.isinf(r.df) else ("t", f" (df {r.df:.4g})")
    return _tied(f"Test for overall effect: {name} = {significant(r.statistic)}{df}, {journal.p(r.p_value)}")


def footnotes(result: PooledResult | SubgroupResult, r: PooledResult, wish: Wish) -> list[Note]:
    """Return the lines below the figure or the table; `r` is the pool of all trials.

    They name the test between subgroups, the model with its intervals, and the intervals of single trials.
    """
    groups = result.groups if isinstance(result, SubgroupResult) else {}
    lines: list[Note] = []
    if isinstance(result, SubgroupResult) and len(groups) > 1:
        lines.append(note(_tied(f"{between_words(result, wish.journal)}.")))
    pools = [p for p in groups.values() if p.k > 1] + ([r] if r.trials > 1 else [])
    if pools:
        lines.append(note(_model(r, pools, shared=isinstance(result, SubgroupResult) and result.common_tau2)))
    if wish.common:
        wald = f"Wald {100 * r.level:g}% confidence interval."
        lines.append(
            Note(f"Open diamonds: common effect (inverse variance); {wald}", f"Common effect: inverse variance; {wald}")
        )
    if wish.shrinkage:
        shrunken = f"Open circles: trials shrunken towards the pool; median, {100 * r.level:g}% credible interval."
        lines.append(Note(shrunken, ""))
    area = r.size if isinstance(r, CountResult) else "weight"
    own = f"Intervals of single trials: {own_intervals(r, wish)}"
    return [*lines, Note(f"{own}; square area: {area}." if r.k > 1 else f"{own}.", f"{own}.")]


def own_intervals(r: PooledResult, wish: Wish) -> str:
    """Return what the intervals of single trials are."""
    kinds = r.study_table(transform=True, interval=wish.study_interval)["interval"].unique()
    return ", ".join(OWN_INTERVALS[kind] for kind in kinds)


def between_words(result: SubgroupResult, journal: Journal) -> str:
    """Return what the test between subgroups says, or why there is none."""
    if isinstance(result.overall, BayesResult):
        return "No test between subgroups: posteriors have no standard errors"
    if math.isnan(result.q_between):
        return "Test between subgroups: not available where all patients of a subgroup respond, or none"
    test = journal.q.format(q=significant(result.q_between), df=result.q_between_df, p=journal.p(result.q_between_p))
    return f"Test between subgroups: {test}"


def chi_square(journal: Journal, value: float, df: int, p: float) -> str:
    """Return a Wald test as the journal prints Cochran's Q; it is no Q, and is not called so."""
    return journal.q.format(q=significant(value), df=df, p=journal.p(p)).replace("Q = ", "χ² = ")


def moderator_test(r: RegressionResult, journal: Journal) -> str:
    """Return the test of all moderators of a regression: chi-square, or F where intervals are of t."""
    if r.ci == "wald":
        return chi_square(journal, r.q_model, r.q_model_df, r.q_model_p)
    return f"F = {significant(r.q_model)} (df {r.q_model_df} and {r.q_df}), {journal.p(r.q_model_p)}"


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
    for sign in (" = ", " < ", " > ", " (df ", " not ", "equal rates: ", "equal effects: "):
        text = text.replace(sign, sign.replace(" ", "\u00a0"))
    return text
