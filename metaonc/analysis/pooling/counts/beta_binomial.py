"""pool_beta_binomial: single-arm responses whose rates vary between trials as a beta distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ....base.check import confidence_level, one_of
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance
from ...effects.roles import ONE_ARM
from ...numeric.distributions import chi2_p, critical, two_sided_p
from ...results import repeats
from .beta_binomial_likelihood import BetaBinomial, Maximum
from .one_arm import ONE_ARMED, PooledCounts
from .read_counts import CountTable, part_of, read, shares
from .result import BetaBinomialResult as BetaBinomialResult

INTERVALS = ("wald", "profile")


@known_arguments
def pool_beta_binomial(
    table: Any, *, events: str, n: str, study: str | None = None, ci: str = "wald", level: float = 0.95
) -> BetaBinomialResult:
    r"""Pool single-arm responses by the beta-binomial model, fitted by maximum likelihood.

    .. math:: x_i \sim Bin(n_i, \pi_i), \quad \pi_i \sim Beta(a, b), \quad p = \frac{a}{a + b},
        \quad \rho = \frac{1}{a + b + 1}

    It estimates the mean rate over trials p, where ``pool_glmm`` estimates that of the median trial; rho is the
    correlation of two patients of one trial, 0 where trials have one rate.

    Parameters
    ----------
    table : dataframe
        One row an arm.
    events, n : str
        Columns of responders and patients. 0 of n and n of n need no correction.
    study : str, optional
        Column that names the trial.
    ci : {"wald", "profile"}
        Normal interval of logit(p) from the Hessian, or profile likelihood.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    BetaBinomialResult
        Estimate and interval on the logit scale. Of one trial, and where all patients respond or none, that of the
        summed counts with the exact interval; a note says so.

    Raises
    ------
    OptionError, ColumnError
        An option or a column that does not exist.
    DataError
        Events above n, counts that are none, no complete row, rows of one trial that share patients: names trial, row
        and value.
    ConvergenceError
        When rho tends to 1: each trial has responders only, or none.

    Warns
    -----
    DataWarning
        Rows left out, with missing numbers.

    References
    ----------
    Young-Xu and Chan 2008, doi:10.1186/1471-2288-8-58 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_beta_binomial({"x": [0, 4, 9], "n": [12, 20, 31]}, events="x", n="n")
    >>> round(float(r.natural(r.estimate)), 3), round(r.rho, 3)
    (0.187, 0.043)
    """
    one_of("ci", ci, INTERVALS)
    confidence_level(level)
    return pooled(read(table, "PLO", ONE_ARM, {"events": events, "n": n}, study), ci, level)


def refit(r: BetaBinomialResult, rows: NDArray[np.bool_]) -> BetaBinomialResult:
    """Return the pool of some of its rows by the same interval."""
    return pooled(part_of(r.studies, rows, r.measure), r.ci, r.level)


def pooled(data: CountTable, ci: str, level: float) -> BetaBinomialResult:
    """Return the pool of complete rows."""
    x, size = (data.counts[role] for role in ONE_ARM)
    summed = ONE_ARMED["PLO"].summed(data.counts, level)
    if summed is not None:
        return _complete(data, Maximum(summed.mu, 0.0, summed.se, summed.loglik), "exact", level, summed)
    model = BetaBinomial(x, size)
    fit = model.maximise()
    low, high = model.profile_limits(fit, level) if ci == "profile" else _wald(fit, level)
    return _complete(data, fit, ci, level, PooledCounts(fit.logit, fit.se, low, high, fit.loglik))


def _wald(fit: Maximum, level: float) -> tuple[float, float]:
    half = float(critical(level)) * fit.se
    return fit.logit - half, fit.logit + half


def _complete(data: CountTable, fit: Maximum, ci: str, level: float, limits: PooledCounts) -> BetaBinomialResult:
    k = len(data.studies.yi)
    certain, alone = bool(np.isinf(fit.logit)), ci == "exact"
    p, total = float(special.expit(fit.logit)), 1 / fit.rho - 1 if fit.rho > 0 else np.inf
    lrt = 0.0 if alone else BetaBinomial(*(data.counts[role] for role in ONE_ARM)).equal_rates()
    settings = {"measure": "PLO", "ci": ci, "level": level}
    provenance = Provenance(
        verb="pool_beta_binomial",
        settings=settings,
        rows_in=k + len(data.dropped),
        rows_used=k,
        dropped=data.dropped,
        notes=_notes(k, data.counts["n"].max(), alone) + data.studies.notes,
        cautions=repeats.cautions(data.studies),
    )
    statistic = fit.logit / fit.se
    return BetaBinomialResult(
        estimate=fit.logit, se=fit.se, ci_low=limits.low, ci_high=limits.high, statistic=statistic, df=np.inf,
        p_value=np.nan if certain else float(two_sided_p(statistic)), tau2=np.nan, prediction_low=np.nan,
        prediction_high=np.nan, k=k, level=level, measure="PLO", method="beta-binomial", ci=ci, prediction=None,
        weights=shares(data.counts, ONE_ARM), studies=data.studies, provenance=provenance, marginal=p, q_lrt=lrt,
        q_lrt_p=float(chi2_p(lrt, k - 1)), q_df=k - 1, loglik=fit.loglik, rho=np.nan if alone else fit.rho,
        a=p * total, b=(1 - p) * total,
    )  # fmt: skip


def _notes(k: int, max_n: float, alone: bool) -> tuple[str, ...]:
    if alone and k == 1:
        return ("one trial: its own rate with the exact interval; how rates vary between trials cannot be estimated.",)
    if max_n == 1 and not alone:
        return ("trials of one patient cannot show ρ: the result is that of the summed counts.",)
    return ()
