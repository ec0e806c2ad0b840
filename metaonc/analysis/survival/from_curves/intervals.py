"""Events and patients at risk between points of a survival curve, and the ratio of two arms. Arrays in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....base.check import Floats

NO_EVENTS = 1e-6  # stands for zero events in an interval of one arm, which then has next to no weight


class Arm(NamedTuple):
    """One entry an interval, shape (k,).

    Attributes
    ----------
    events
        Events in the interval.
    n_risk
        Patients at risk of them: those at its start less those that censoring takes, on average, before they count.
    """

    events: Floats
    n_risk: Floats


class Ratios(NamedTuple):
    """One entry an interval, shape (k,).

    Attributes
    ----------
    y, v
        Log risk ratio of treatment to control and its variance; NaN where not used.
    used
        Whether both arms have patients at risk, beyond what rounding leaves of none.
    """

    y: Floats
    v: Floats
    used: NDArray[np.bool_]


def from_numbers_at_risk(survival: Floats, at_risk: Floats) -> Arm:
    r"""Return events and patients at risk where the number at risk is known at both ends (Williamson 2002).

    .. math::

        D = \frac{(N_s + N_e)(S_s - S_e)}{S_s + S_e}, \qquad R = \frac{(N_s + N_e) S_s}{S_s + S_e}

    Parameters
    ----------
    survival, at_risk
        At the ends of the intervals, shape (k + 1,).
    """
    start, end = survival[:-1], survival[1:]
    both = start + end
    each = np.divide(at_risk[:-1] + at_risk[1:], both, out=np.zeros_like(both), where=both > 0)
    return Arm(each * (start - end), each * start)


def censored(survival: Floats, at_risk: Floats) -> Floats:
    r"""Return the patients censored in each interval, :math:`2 (N_s S_e - N_e S_s) / (S_s + S_e)`."""
    start, end = survival[:-1], survival[1:]
    both, gone = start + end, 2 * (at_risk[:-1] * end - at_risk[1:] * start)
    return np.divide(gone, both, out=np.zeros_like(both), where=both > 0)


def _uniform_share(time: Floats, shortest: float, longest: float) -> Floats:
    begins = np.maximum(time[:-1], shortest)
    share: Floats = np.maximum(time[1:] - begins, 0) / (longest - begins)
    return share


def _tierney_share(time: Floats, shortest: float, longest: float) -> Floats:
    begins = time[:-1]
    return np.where(begins >= shortest, (time[1:] - begins) / (longest - begins), 0.0)


class Censoring(NamedTuple):
    """How censoring follows from the shortest and longest follow-up.

    Attributes
    ----------
    share
        (times, shortest, longest) -> the share of those at risk at each interval's start that it censors, shape (k,).
    leave
        Which part of them is gone at the start of the next interval.
    """

    share: Callable[[Floats, float, float], Floats]
    leave: float


CENSORING = {"uniform": Censoring(_uniform_share, 1.0), "tierney": Censoring(_tierney_share, 0.5)}


def from_follow_up(
    time: Floats, survival: Floats, n: float, follow_up: tuple[float, float], censoring: Censoring
) -> Arm:
    r"""Return events and patients at risk, censoring spread evenly from the least to the longest follow-up.

    Of :math:`R_s` at risk at the start of an interval, the share f reaches the end of follow-up in it, on average
    halfway, and the part l of them is not at risk at the start of the next:

    .. math::

        R = R_s - R_s f / 2, \qquad D = R \, \frac{S_s - S_e}{S_s}, \qquad R_e = R_s - l f R_s - D

    Parameters
    ----------
    time, survival
        Ends of the intervals, shape (k + 1,).
    n
        Patients at time 0.
    follow_up
        Shortest and longest follow-up; the longest is not before the last time.
    censoring
        A record of ``CENSORING``.
    """
    share = censoring.share(time, *follow_up)
    start, end = survival[:-1], survival[1:]
    risk = np.divide(start - end, start, out=np.zeros_like(start), where=start > 0)
    events, n_risk = np.zeros((2, len(share)))
    for i in range(len(share)):
        reach_end = n * share[i]
        n_risk[i] = n - reach_end / 2
        events[i] = n_risk[i] * risk[i]
        n = max(n - censoring.leave * reach_end - events[i], 0.0)
    return Arm(events, n_risk)


def log_ratios(treatment: Arm, control: Arm) -> Ratios:
    r"""Return the log ratio of risks, :math:`\log\{(D_1/R_1)/(D_0/R_0)\}`, in each interval and its variance.

    .. math::

        v = \frac{1}{D_1} - \frac{1}{R_1} + \frac{1}{D_0} - \frac{1}{R_0}
    """
    used = np.minimum(treatment.n_risk, control.n_risk) > NO_EVENTS
    y, v = np.full((2, len(used)), np.nan)
    y[used], v[used] = 0.0, 0.0
    for sign, arm in ((1, treatment), (-1, control)):
        events, n_risk = np.maximum(arm.events[used], NO_EVENTS), arm.n_risk[used]
        y[used] += sign * np.log(events / n_risk)
        v[used] += 1 / events - 1 / n_risk
    return Ratios(y, v, used)


def by_ratio(treatment: Arm, control: Arm) -> tuple[float, Floats]:
    """Return the mean of the log ratios, weighted by 1/v, and the weights, 0 where not used; all v are above 0."""
    ratios = log_ratios(treatment, control)
    w = np.divide(1.0, ratios.v, out=np.zeros_like(ratios.v), where=ratios.used)
    return float(np.nansum(ratios.y * w) / w.sum()), w


def by_log_rank(treatment: Arm, control: Arm) -> tuple[float, Floats]:
    r"""Return :math:`\sum (D_1 - E) / \sum V` and the V of the intervals (Tierney 2007, equations 26 and 13).

    .. math::

        E = \frac{(D_1 + D_0) R_1}{R_1 + R_0}, \qquad V = \frac{(D_1 + D_0) R_1 R_0}{(R_1 + R_0)^2}
    """
    both = treatment.n_risk + control.n_risk
    share = np.divide(treatment.n_risk, both, out=np.zeros_like(both), where=both > 0)
    events = treatment.events + control.events
    v = events * share * (1 - share)
    return float((treatment.events - events * share)[v > 0].sum() / v.sum()), v


# name -> (treatment, control) -> log hazard ratio, and the weight of each interval, of which the sum is 1 / variance
POOLING = {"ratio": by_ratio, "log-rank": by_log_rank}
