"""How effects were pooled, in the words of a methods section (PRISMA 2020, item 13d)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import singledispatch

from ...analysis.methods.intervals import CI_METHODS, PREDICTION_METHODS
from ...analysis.methods.tau2 import TAU2_METHODS
from ...analysis.pooling.bayes.pool import BayesResult
from ...analysis.pooling.common_effect.result import CommonEffectResult
from ...analysis.pooling.counts.result import CountResult
from ...analysis.pooling.inverse_variance.result import MetaResult
from ...analysis.pooling.multilevel.result import MultilevelResult
from ...analysis.results.pooled import PooledResult
from ...errors import DataError
from ..forest.notes import INTERVALS, OWN_INTERVALS
from .preparation import corrected, dependent, measured, obtained
from .printer import Printer, listed, several
from .references import REFERENCES

COMMON = {"MH": "the Mantel-Haenszel method", "PETO": "Peto's method"}


def methods(r: PooledResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a pool."""
    return [measured(r.record), prepared(r, printer), dependence(r), synthesis(r, cited, printer)]


def prepared(r: PooledResult, printer: Printer) -> str:
    """Return where the effects are from, and what was changed; of pools of counts only what was changed."""
    counts = isinstance(r, (CountResult, CommonEffectResult))
    s = r.studies
    parts = ["" if counts else obtained(r.record, s.data, s.labels, printer), corrected(r.provenance)]
    return " ".join(filter(None, parts))


def dependence(r: PooledResult) -> str:
    """Say that rows of one trial were taken as independent, where they were."""
    return "" if isinstance(r, MultilevelResult) else dependent(r.k, r.trials)


def synthesis(r: PooledResult, cited: list[str], printer: Printer, what: str = "Effects were") -> str:
    """Return the paragraph on model, intervals and heterogeneity; `what` is pooled."""
    if is_single(r):
        kind = OWN_INTERVALS[str(r.study_table(transform=True)["interval"].iloc[0])]
        own = f"Its confidence interval ({printer.percent(r.level)}): {kind}."
        return f"One trial was available; nothing was pooled. {own}"
    return " ".join(
        [printer.journal.decimal(model(r, what, cited)), *_intervals(r, cited, printer), *_heterogeneity(r, printer)]
    )


def is_single(r: PooledResult) -> bool:
    """Return whether a result shows one trial as it is; a Bayesian one adds its priors."""
    return r.k == 1 and not isinstance(r, BayesResult)


def is_common(r: PooledResult) -> bool:
    """Return whether a pool takes the effect as common to all trials."""
    return isinstance(r, CommonEffectResult) or r.method == "CE"


@singledispatch
def model(r: PooledResult, what: str, cited: list[str]) -> str:
    """Return the sentence on the model; `what` is pooled, with its verb."""
    raise DataError(f"there is no text for the model of a {type(r).__name__}.")


@model.register
def _(r: MetaResult, what: str, cited: list[str]) -> str:
    if r.provenance.settings.get("tau2") is not None:
        return f"{what} pooled by inverse variance with random effects, the variance between trials (τ²) being given."
    if r.method == "CE":
        return f"{what} pooled by inverse variance with a common effect."
    if r.method == "GENQ":
        return f"{what} pooled with weights of our own; τ² was estimated by the generalised Q statistic."
    record = TAU2_METHODS[r.method]
    cited.append(record.reference)
    return (f"{what} pooled by inverse variance with random effects; the variance between trials (τ²) was estimated by "
            f"{record.label}.")  # fmt: skip


@model.register
def _(r: CommonEffectResult, what: str, cited: list[str]) -> str:
    cited.append(REFERENCES[r.method])
    return f"{what} pooled by {COMMON[r.method]}, which takes the effect as common to all trials."


@model.register
def _(r: CountResult, what: str, cited: list[str]) -> str:
    if r.method == "GLMM":
        cited.append(REFERENCES["GLMM"])
    name, _, how = (r.title[:1].lower() + r.title[1:]).partition(", ")
    more = f" ({how})" if how else ""
    return f"Counts were pooled by a {name}{more}, fitted by maximum likelihood, without continuity correction."


@model.register
def _(r: BayesResult, what: str, cited: list[str]) -> str:
    cited.append(REFERENCES["Bayes"])
    effect = "a flat prior" if r.mu_prior is None else f"the prior {r.mu_prior}"
    priors = f"the prior {r.tau_prior} of the standard deviation between trials (τ) and {effect} of the effect"
    return f"{what} pooled by a Bayesian random-effects model, with {priors}, integrated by quadrature."


@model.register
def _(r: MultilevelResult, what: str, cited: list[str]) -> str:
    cited.append(REFERENCES["multilevel"])
    nested = listed(f"{name} ({several(count, 'unit')})" for name, count in zip(r.components, r.units, strict=True))
    how = "restricted maximum likelihood" if r.method == "REML" else "maximum likelihood"
    text = f"{what} pooled by a multilevel model with random effects of {nested}, fitted by {how}."
    if r.cluster is None:
        return text
    cited.append(REFERENCES["robust"])
    return f"{text} Standard error and test are robust to dependence within {r.clusters} clusters of {r.cluster}."


def _intervals(r: PooledResult, cited: list[str], printer: Printer) -> Iterable[str]:
    percent = printer.percent(r.level)
    if isinstance(r, BayesResult):
        yield f"Pooled effects are posterior medians with central {percent} credible intervals."
    else:
        yield interval_method(r.ci, percent, cited)
    if not math.isnan(r.prediction_low):
        yield f"Prediction intervals ({percent}) are for the effect in a new trial ({_prediction(r)})."


def interval_method(ci: str, percent: str, cited: list[str], of: str = "") -> str:
    """Return the sentence on confidence intervals; `of` follows their name."""
    reference = CI_METHODS[ci].reference if ci in CI_METHODS else ""
    cited += [reference] if reference else []
    return f"Confidence intervals{of} ({percent}) are {INTERVALS[ci]} intervals."


def _prediction(r: PooledResult) -> str:
    if isinstance(r, BayesResult):
        return "posterior predictive"
    if r.prediction in PREDICTION_METHODS:
        return PREDICTION_METHODS[r.prediction].label.replace("k - ", "k − ")
    if r.prediction is not None and r.prediction in INTERVALS:
        return f"degrees of freedom as the {INTERVALS[r.prediction]} interval"  # of a robust result
    return str(r.prediction)


def _heterogeneity(r: PooledResult, printer: Printer) -> Iterable[str]:
    if isinstance(r, (MetaResult, CommonEffectResult)) and r.q_df:
        yield "Heterogeneity was described by " + ("" if is_common(r) else "τ², ") + f"I² and {printer.cochran}."
    elif isinstance(r, MultilevelResult):
        shares = "the variance of each level (σ²), its share of the total (I²)"
        yield f"Heterogeneity was described by {shares} and {printer.cochran}."
    elif isinstance(r, CountResult):
        yield f"Heterogeneity was described by {r.spread[0]} and a likelihood-ratio test of {r.equal}."
