"""Two arms over the times of their events: Cox's partial likelihood and the log-rank test. Arrays in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from ....base.check import Floats
from ....errors import ConvergenceError
from ...numeric.product_limit import Sample

STEP = 1e-10  # Newton's error is of the order of the square of its last step
LONGEST = 2.0  # a step of log HR beyond this leaves the region where the likelihood is nearly quadratic
ITERATIONS = 200


class EventTimes(NamedTuple):
    """One entry for each distinct time of an event, as floats, shape (k,).

    Attributes
    ----------
    events_t, events_c
        Events of treatment and control at the time.
    n_risk_t, n_risk_c
        Patients at risk at the time: followed up to it or longer, and entered before it.
    """

    events_t: Floats
    events_c: Floats
    n_risk_t: Floats
    n_risk_c: Floats


class Terms(NamedTuple):
    """The partial likelihood: that of a binomial number of events with an offset for each.

    Attributes
    ----------
    events_t
        Events of treatment among those that happened with both arms at risk.
    offset
        Log of the ratio of patients at risk, treatment over control, at each such event, shape (m,).
    """

    events_t: float
    offset: Floats


class LogRank(NamedTuple):
    """Observed minus expected events of treatment, and their variance."""

    o_minus_e: float
    v: float


def event_times(treatment: Sample, control: Sample) -> EventTimes:
    """Count events and patients at risk of each arm at the distinct times of events."""
    at = np.unique(np.concatenate([arm.time[arm.event] for arm in (treatment, control)]))
    events_t, n_risk_t = _counts(treatment, at)
    events_c, n_risk_c = _counts(control, at)
    return EventTimes(events_t, events_c, n_risk_t, n_risk_c)


def _counts(arm: Sample, at: Floats) -> tuple[Floats, Floats]:
    died = arm.time[arm.event]
    events = np.searchsorted(died, at, side="right") - np.searchsorted(died, at)
    return events.astype(float), arm.n_risk(at).astype(float)


def _efron(place: Floats, tied: Floats) -> Floats:
    return place / tied


def _breslow(place: Floats, tied: Floats) -> Floats:
    return np.zeros_like(place)


# Share of the tied events that has left the risk set when the event at this place among them (0, 1, ...) happens.
TIES: dict[str, Callable[[Floats, Floats], Floats]] = {"efron": _efron, "breslow": _breslow}


def partial_likelihood(table: EventTimes, ties: str) -> Terms:
    r"""Return the terms of the partial likelihood of one covariate that is 1 for treatment and 0 for control.

    Each event contributes :math:`e^{\beta x} / (a e^\beta + b)`, with a and b the patients of treatment and control at
    risk of it; events with one arm at risk contribute a constant, and are left out.

    Parameters
    ----------
    table
        Events and patients at risk.
    ties
        A key of `TIES`.
    """
    tied = (table.events_t + table.events_c).astype(int)
    row = np.repeat(np.arange(len(tied)), tied)
    place = np.arange(len(row)) - np.repeat(tied.cumsum() - tied, tied)
    left = TIES[ties](place.astype(float), tied[row].astype(float))
    both = (table.n_risk_t > 0) & (table.n_risk_c > 0)
    a = (table.n_risk_t[row] - left * table.events_t[row])[both[row]]
    b = (table.n_risk_c[row] - left * table.events_c[row])[both[row]]
    return Terms(float(table.events_t[both].sum()), np.log(a) - np.log(b))


def has_maximum(terms: Terms) -> bool:
    """Return whether the likelihood has its maximum at a finite log HR: not if all events that tell are of one arm."""
    return 0 < terms.events_t < len(terms.offset)


def maximise(terms: Terms) -> tuple[float, float]:
    r"""Return the log hazard ratio and its standard error, the inverse root of the observed information.

    Newton's steps on the score :math:`d - \sum_i \operatorname{expit}(\beta + o_i)`, which falls in :math:`\beta`; a
    step out of the interval known to hold its root is replaced by the middle of that interval.

    Raises
    ------
    ConvergenceError
        When `ITERATIONS` steps do not reach the root.
    """
    beta, low, high = 0.0, -np.inf, np.inf
    for _ in range(ITERATIONS):
        score, information = _derivatives(terms, beta)
        low, high = (beta, high) if score > 0 else (low, beta)
        step = min(max(score / information, -LONGEST), LONGEST)
        beta = beta + step if low <= beta + step <= high else (low + high) / 2
        if abs(step) < STEP:
            return beta, float(1 / np.sqrt(_derivatives(terms, beta)[1]))
    raise ConvergenceError(f"the partial likelihood has not reached its maximum in {ITERATIONS} steps.")


def _derivatives(terms: Terms, beta: float) -> tuple[float, float]:
    p = expit(terms.offset + beta)
    return terms.events_t - float(p.sum()), float((p * expit(-terms.offset - beta)).sum())


def log_rank(table: EventTimes) -> LogRank:
    r"""Return the log-rank test's O - E of treatment and its hypergeometric variance.

    .. math::

        E = \sum_j d_j \frac{n_{1j}}{n_j}, \qquad
        V = \sum_j d_j \frac{n_{1j} n_{0j}}{n_j^2} \, \frac{n_j - d_j}{n_j - 1}
    """
    d, n = table.events_t + table.events_c, table.n_risk_t + table.n_risk_c
    share = table.n_risk_t / n
    spread = np.divide(n - d, n - 1, out=np.zeros_like(n), where=n > 1)
    return LogRank(float((table.events_t - d * share).sum()), float((d * share * (1 - share) * spread).sum()))
