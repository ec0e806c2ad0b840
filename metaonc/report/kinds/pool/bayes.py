"""Bayesian pools, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ....analysis.pooling.bayes.pool import BayesResult
from ....analysis.results.pooled import PooledResult
from ....base.check import Floats
from ....base.digits import in_percent, percentage, significant
from ...journals import Journal
from ...texts.printer import Printer
from .. import PoolWords
from .family import pool_kind

REFERENCE = "Roever 2020, doi:10.18637/jss.v093.i06"


def _model(r: BayesResult, what: str, cited: list[str]) -> str:
    cited.append(REFERENCE)
    scale = "" if r.record.label == r.record.natural else f" on the scale of the {r.record.label}"
    effect = "a flat prior of the effect" if r.mu_prior is None else f"the prior {r.mu_prior} of the effect{scale}"
    priors = f"the prior {r.tau_prior} of the standard deviation between trials (τ) and {effect}"
    return f"{what} pooled by a Bayesian random-effects model, with {priors}, integrated by quadrature."


def _intervals(r: BayesResult, percent: str, cited: list[str]) -> str:
    return f"Pooled effects are posterior medians with central {percent} credible intervals."


def _described(r: BayesResult, printer: Printer) -> str:
    return ""  # the sentence on the model names τ with its prior


def _differ(r: BayesResult, printer: Printer) -> Iterable[str]:
    limits = printer.interval((r.tau.median, r.tau.low, r.tau.high), significant, r.level, kind="CrI")
    yield f"τ was {limits}"


def _line(r: BayesResult, journal: Journal) -> str:
    median, low, high = significant.of(r.tau.median, r.tau.low, r.tau.high)
    return f"τ = {median} ({low} to {high})"


def _note(r: BayesResult, pools: Sequence[PooledResult], shared: bool) -> str:
    scale = f" ({r.record.label})" if r.mu_prior is not None and r.record.label != r.record.natural else ""
    priors = f"prior of τ {r.tau_prior}, of the effect {r.mu_prior or 'flat'}{scale}"
    limits = f"{in_percent(r.level)}% credible{' and prediction' * (r.prediction is not None)} interval"
    rest = (
        ""
        if r.mu_prior is None
        else f" The prior of the effect has {percentage(100 - np.nansum(r.weights))}% of the weight."
    )
    return f"Bayesian random effects; {priors}; posterior median, {limits}.{rest}"


def _shrunken(r: BayesResult) -> Floats:
    return np.asarray(r.shrinkage[["median", "low", "high"]], dtype=float)


WORDS = PoolWords(
    model=_model,
    heterogeneity_method=_described,
    heterogeneity_found=_differ,
    heterogeneity_line=_line,
    model_note=_note,
    intervals=_intervals,
    shrunken=_shrunken,
)
KIND = pool_kind("pool_bayes", WORDS)
