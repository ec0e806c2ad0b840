"""Events and patients at risk between points of a survival curve, and the ratio of two arms. Arrays in and out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..._check import Floats

NO_EVENTS = 1e-6  # stands for zero events in an interval of one arm, which then has next to no weight


class Arm(NamedTuple):
    """One entry an interval, shape (k,).

    Attributes
    ----------
    events
        Events in the interval.
    at_risk
        Patients at risk of them: those at its start less those that censoring takes, on average, before they count.
    """

    events: Floats
    at_risk: Floats


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


def from_follow_up(time: Floats, survival: Floats, n: float, follow_up: tuple[float, float]) -> Arm:
    r"""Return events and patients at risk, censoring uniform from the least to the longest follow-up (Parmar 1998).

    Of :math:`R_s` at risk at the start of an interval, the share f reaches the end of follow-up in it, on average
    halfway:

    .. math::

        C = R_s f / 2, \qquad R = R_s - C, \qquad D = R \, \frac{S_s - S_e}{S_s}, \qquad R_e = R_s - 2 C - D

    Those at risk at the start of the next interval are without all that f takes, 2 C. The other reading found in
    use takes off C alone and so keeps half of the censored at risk for ever.

    Parameters
    ----------
    time, survival
        Ends of the intervals, shape (k + 1,).
    n
        Patients at time 0.
    follow_up
        Shortest and longest follow-up; the longest is not before the last time.
    """
    shortest, longest = follow_up
    begins = np.maximum(time[:-1], shortest)
    share = np.maximum(time[1:] - begins, 0) / (longest - begins)
    start, end = survival[:-1], survival[1:]
    risk = np.divide(start - end, start, out=np.zeros_like(start), where=start > 0)
    events, at_risk = np.zeros((2, len(share)))
    for i in range(len(share)):
        half = n * share[i] / 2
        at_risk[i] = n - half
        events[i] = at_risk[i] * risk[i]
        n = max(n - 2 * half - events[i], 0.0)
    return Arm(events, at_risk)


def log_ratios(treatment: Arm, control: Arm) -> Ratios:
    r"""Return the log ratio of risks, :math:`\log\{(D_1/R_1)/(D_0/R_0)\}`, in each interval and its variance.

    .. math::

        v = \frac{1}{D_1} - \frac{1}{R_1} + \frac{1}{D_0} - \frac{1}{R_0}
    """
    used = np.minimum(treatment.at_risk, control.at_risk) > NO_EVENTS
    y, v = np.full((2, len(used)), np.nan)
    y[used], v[used] = 0.0, 0.0
    for sign, arm in ((1, treatment), (-1, control)):
        events, at_risk = np.maximum(arm.events[used], NO_EVENTS), arm.at_risk[used]
        y[used] += sign * np.log(events / at_risk)
        v[used] += 1 / events - 1 / at_risk
    return Ratios(y, v, used)


def pooled(ratios: Ratios) -> tuple[float, float]:
    """Return the mean of the log ratios, weighted by 1/v, and its variance; all v are above 0."""
    y, w = ratios.y[ratios.used], 1 / ratios.v[ratios.used]
    return float(y @ w / w.sum()), float(1 / w.sum())
