"""Royston and Parmar's splines: a transform of survival as a natural cubic spline of log time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..product_limit import Floats

Triple = tuple[Floats, Floats, Floats]
Curves = Callable[[Floats], Triple]


class Link(NamedTuple):
    """A scale: its name; log survival of the linear predictor and log(-dS/d eta), each with two derivatives."""

    label: str
    survival: Curves
    slope: Curves


def _hazard(e: Floats) -> Triple:
    h = np.exp(e)
    return -h, -h, -h


def _hazard_slope(e: Floats) -> Triple:
    h = np.exp(e)
    return e - h, 1 - h, -h


def _odds(e: Floats) -> Triple:
    p = special.expit(e)
    return -np.logaddexp(0.0, e), -p, -p * (1 - p)


def _odds_slope(e: Floats) -> Triple:
    p = special.expit(e)
    return e - 2 * np.logaddexp(0.0, e), 1 - 2 * p, -2 * p * (1 - p)


def _normal(e: Floats) -> Triple:
    value = special.log_ndtr(-e)
    mills = np.exp(-(e**2) / 2 - np.log(2 * np.pi) / 2 - value)
    return value, -mills, -mills * (mills - e)


def _normal_slope(e: Floats) -> Triple:
    return -(e**2) / 2 - np.log(2 * np.pi) / 2, -e, -np.ones_like(e)


# As flexsurv's `scale`: log cumulative hazard, log cumulative odds, and minus the normal quantile of survival.
LINKS = {
    "hazard": Link("log cumulative hazard", _hazard, _hazard_slope),
    "odds": Link("log cumulative odds", _odds, _odds_slope),
    "normal": Link("normal quantile of survival", _normal, _normal_slope),
}


def knots_of(log_times: Floats, inner: int) -> Floats:
    """Return the knots: the smallest and the largest log time of an event, and quantiles between."""
    return np.quantile(log_times, np.linspace(0, 1, inner + 2))


def basis(x: Floats, knots: Floats) -> tuple[Floats, Floats]:
    """Return the spline's columns at log times (n,), and their derivatives, (n, inner knots + 2) each."""
    low, high, inner = knots[0], knots[-1], knots[1:-1]
    share = (high - inner) / (high - low)

    def terms(power: int) -> Floats:
        def cut(at: Floats | float) -> Floats:
            return np.asarray(np.maximum(x[:, None] - at, 0.0) ** power, dtype=np.float64)

        found: Floats = cut(inner) - share * cut(low) - (1 - share) * cut(high)
        return found

    ones, zeros = np.ones((len(x), 1)), np.zeros((len(x), 1))
    return np.hstack([ones, x[:, None], terms(3)]), np.hstack([zeros, ones, 3 * terms(2)])


class Design(NamedTuple):
    """Columns of the linear predictor and their derivatives by log time, (n, p) each; how many are the spline's."""

    x: Floats
    dx: Floats
    own: int


def design(log_times: Floats, knots: Floats, arm: Floats, changing: bool) -> Design:
    """Return the design of a spline, an arm, and, where `changing`, the arm times log time."""
    x, dx = basis(log_times, knots)
    columns, slopes = [arm[:, None]], [np.zeros((len(arm), 1))]
    if changing:
        columns.append((arm * log_times)[:, None])
        slopes.append(arm[:, None])
    return Design(np.hstack([x, *columns]), np.hstack([dx, *slopes]), x.shape[1])


class Likelihood(NamedTuple):
    """The likelihood of a spline model: its value, and its gradient and Hessian."""

    value: Callable[[Floats], float]
    derivatives: Callable[[Floats], tuple[Floats, Floats]]


def likelihood(d: Design, log_times: Floats, event: NDArray[np.bool_], link: Link) -> Likelihood:
    """Return the log likelihood of coefficients; -inf where survival would rise at the time of an event."""

    def value(beta: Floats) -> float:
        eta, slope = d.x @ beta, d.dx[event] @ beta
        if (slope <= 0).any():
            return -np.inf
        with np.errstate(over="ignore", invalid="ignore"):
            found = float((link.slope(eta[event])[0] + np.log(slope) - log_times[event]).sum()
                          + link.survival(eta[~event])[0].sum())  # fmt: skip
        return found if np.isfinite(found) else -np.inf

    def derivatives(beta: Floats) -> tuple[Floats, Floats]:
        eta, slope = d.x @ beta, d.dx[event] @ beta
        with np.errstate(over="ignore", invalid="ignore"):
            (_, first, second), (_, alive, curved) = link.slope(eta[event]), link.survival(eta[~event])
        own, other, steep = d.x[event], d.x[~event], d.dx[event] / slope[:, None]
        g = first @ own + alive @ other + steep.sum(0)
        h = (own * second[:, None]).T @ own + (other * curved[:, None]).T @ other - steep.T @ steep
        return g, h

    return Likelihood(value, derivatives)
