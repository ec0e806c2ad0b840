"""Cox's model with strata and covariates that may change with time: Efron's or Breslow's partial likelihood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....errors import ConvergenceError
from ..product_limit import Floats

STEP = 1e-11  # of the gain that Newton's next step promises
ITERATIONS = 60
FLAT = 1e-9  # share of information below which a covariate tells nothing


class Stratum(NamedTuple):
    """Patients of one stratum.

    Attributes
    ----------
    time, event
        Follow-up and whether it ended with the event, shape (n,), in the order of time.
    x
        Covariates, shape (n, p).
    by_time
        Time of an event -> factors of the covariates at it, shape (p,); 1 where it is None. A covariate times
        log t is one with the factor log t.
    entry
        When each came under observation, before its time, shape (n,); None where all did at the start.
    """

    time: Floats
    event: NDArray[np.bool_]
    x: Floats
    by_time: Callable[[Floats], Floats] | None = None
    entry: Floats | None = None


class Fit(NamedTuple):
    """The maximum: coefficients (p,), their covariance (p, p), log partial likelihood there and at 0."""

    beta: Floats
    cov: Floats
    loglik: float
    loglik_null: float


class _Events(NamedTuple):
    """The events of a stratum: who is at risk of each, as counts of distinct rows of covariates.

    Attributes
    ----------
    x
        Distinct rows of covariates of the stratum, (g, p).
    factor
        Factors of the covariates at each event, (e, p).
    at_risk
        Patients at risk of each event by row of covariates, less the share of the tied that has left, (e, g).
    own
        Covariates of who had the event, of tied ones their mean, (e, p).
    """

    x: Floats
    factor: Floats
    at_risk: Floats
    own: Floats


def fit(strata: Sequence[Stratum], ties: str = "efron") -> Fit:
    """Return the maximum of the partial likelihood.

    Parameters
    ----------
    strata
        Each with its own baseline hazard.
    ties
        "efron" or "breslow".

    Raises
    ------
    ConvergenceError
        When there is no maximum, since a combination of covariates orders all events, or it is not reached.
    """
    cells = [_events(s, ties) for s in strata if s.event.any()]
    p = strata[0].x.shape[1]
    beta, null = np.zeros(p), _derivatives(cells, np.zeros(p))
    value, score, information = null
    for _ in range(ITERATIONS):
        if not _informed(information):
            raise ConvergenceError("the partial likelihood has no maximum, or does not tell its covariates apart.")
        step = np.asarray(np.linalg.solve(information, score), dtype=np.float64)
        if float(score @ step) < STEP * max(1.0, abs(value)) * 1e-4:
            end = beta + step
            last = _derivatives(cells, end)[2]
            if not _informed(last, np.diag(null[2])):  # it rises for ever, ever less
                break
            cov = np.asarray(np.linalg.inv(last), dtype=np.float64)
            return Fit(end, cov, value, null[0])
        beta, (value, score, information) = _uphill(cells, beta, step, value)
    raise ConvergenceError("the partial likelihood has no maximum: a hazard ratio is 0 or infinite.")


class ScoreTest(NamedTuple):
    """Coefficient of the one covariate, score of its change with time there, and chi-square on 1 df."""

    beta: float
    score: float
    statistic: float


def score_test(stratum: Stratum, change: Callable[[Floats], Floats]) -> ScoreTest:
    """Return the test that the coefficient of the one covariate does not change with a function of time.

    Parameters
    ----------
    stratum
        Patients with one covariate.
    change
        Times of events (k,) -> values of the function there.
    """
    beta = fit([stratum]).beta[0]

    def by_time(at: Floats) -> Floats:
        return np.stack([np.ones(len(at)), change(at)], 1)

    both = stratum._replace(x=np.repeat(stratum.x, 2, axis=1), by_time=by_time)
    _, score, information = _derivatives([_events(both, "efron")], np.array([beta, 0.0]))
    left = information[1, 1] - information[0, 1] ** 2 / information[0, 0]
    return ScoreTest(float(beta), float(score[1]), float(score[1] ** 2 / left) if left > 0 else np.nan)


def _informed(information: Floats, against: Floats | None = None) -> bool:
    """Return whether every combination of covariates is told about, beside the information on each or `against`."""
    scale = np.sqrt(np.abs(np.diag(information) if against is None else against))
    if not (scale > 0).all() or not np.isfinite(information).all():
        return False
    return bool(np.linalg.eigvalsh(information / np.outer(scale, scale))[0] > FLAT)


def _uphill(
    cells: Sequence[_Events], beta: Floats, step: Floats, value: float
) -> tuple[Floats, tuple[float, Floats, Floats]]:
    """Return Newton's step, halved until the likelihood rises, and the derivatives there."""
    for halving in range(30):
        found = _derivatives(cells, beta + step / 2**halving)
        if found[0] >= value - 1e-12 * abs(value):
            return beta + step / 2**halving, found
    raise ConvergenceError("the partial likelihood does not rise along Newton's step.")


def _events(s: Stratum, ties: str) -> _Events:
    rows, place = np.unique(s.x, axis=0, return_inverse=True)
    place = place.reshape(-1)
    at = np.unique(s.time[s.event])
    group = np.arange(len(rows))[:, None] == place  # (g, n)
    before = np.searchsorted(s.time, at)
    total = np.concatenate([np.zeros((len(rows), 1)), group.cumsum(1)], 1)
    n_risk = (total[:, -1:] - total[:, before]).T  # (k, g)
    if s.entry is not None:  # less who enters at the time or later, and so is followed up beyond it
        late = np.argsort(s.entry, kind="stable")
        entered = np.concatenate([np.zeros((len(rows), 1)), group[:, late].cumsum(1)], 1)
        n_risk -= (entered[:, -1:] - entered[:, np.searchsorted(s.entry[late], at)]).T
    moment = np.searchsorted(at, s.time[s.event])
    died = np.zeros_like(n_risk)
    np.add.at(died, (moment, place[s.event]), 1.0)
    tied = died.sum(1).astype(int)
    row = np.repeat(np.arange(len(at)), tied)
    order = np.arange(len(row)) - np.repeat(tied.cumsum() - tied, tied)
    left = order / tied[row] if ties == "efron" else np.zeros(len(row))
    factor = np.ones((len(at), s.x.shape[1])) if s.by_time is None else s.by_time(at)
    own = (died @ rows) * factor / np.maximum(tied, 1)[:, None]
    return _Events(rows, factor[row], n_risk[row] - left[:, None] * died[row], own[row])


def _derivatives(cells: Sequence[_Events], beta: Floats) -> tuple[float, Floats, Floats]:
    p = len(beta)
    value, score, information = 0.0, np.zeros(p), np.zeros((p, p))
    for c in cells:
        predictor = (c.factor * beta) @ c.x.T  # (e, g)
        top = np.where(c.at_risk > 0, predictor, -np.inf).max(1)
        w = c.at_risk * np.exp(np.minimum(predictor - top[:, None], 0.0))
        total = w.sum(1)
        share = w / total[:, None]
        mean = (share @ c.x) * c.factor
        value += float((c.own @ beta - top - np.log(total)).sum())
        score += (c.own - mean).sum(0)
        second = np.einsum("eg,gi,gj->eij", share, c.x, c.x) * c.factor[:, :, None] * c.factor[:, None, :]
        information += second.sum(0) - mean.T @ mean
    return value, score, information
