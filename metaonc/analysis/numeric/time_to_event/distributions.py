"""Distributions of survival times, as log hazard and log survival of their parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy import special

Array = Any  # arrays of floats, shape (n,)
Curve = Callable[[Array, Array, Array], Array]  # (log t, location (n,), others (q, n)) -> (n,)


class Distribution(NamedTuple):
    """A distribution of survival times.

    Attributes
    ----------
    code, label
        As flexsurv of R calls it, and as readers know it.
    parameters
        Names, in the order of flexsurv; those that are above 0 are analysed as logarithms.
    location
        Which of them covariates act on.
    log_density, log_survival
        (log t, location, others) -> log f(t) and log S(t); parameters on the scale of analysis, others rows of those
        that are not the location.
    start
        (rate of events, median time) -> parameters to start from.
    proportional
        Whether a covariate on the location makes hazards proportional.
    """

    code: str
    label: str
    parameters: tuple[str, ...]
    location: int
    log_density: Curve
    log_survival: Curve
    start: Callable[[float, float], tuple[float, ...]]
    proportional: bool = False


def _weibull_ph(x: Array, scale: Array, others: Array) -> Array:
    return scale + np.exp(others[0]) * x  # log cumulative hazard


def _weibull_survival(x: Array, scale: Array, others: Array) -> Array:
    return -np.exp(_weibull_ph(x, scale, others))


def _weibull_density(x: Array, scale: Array, others: Array) -> Array:
    h = _weibull_ph(x, scale, others)
    return h + others[0] - x - np.exp(h)


def _aft(x: Array, scale: Array, others: Array) -> Array:
    return -np.exp(others[0]) * scale


def _exp_survival(x: Array, rate: Array, others: Array) -> Array:
    return -np.exp(rate + x)


def _gompertz_cumulative(x: Array, rate: Array, others: Array) -> Array:
    a, t = others[0], np.exp(x)
    return np.exp(rate) * t * special.exprel(a * t)


def _gompertz_density(x: Array, rate: Array, others: Array) -> Array:
    return rate + others[0] * np.exp(x) - _gompertz_cumulative(x, rate, others)


def _gamma_survival(x: Array, rate: Array, others: Array) -> Array:
    return _log(special.gammaincc(np.exp(others[0]), np.exp(rate + x)))


def _gamma_density(x: Array, rate: Array, others: Array) -> Array:
    shape = np.exp(others[0])
    return shape * rate + (shape - 1) * x - np.exp(rate + x) - special.gammaln(shape)


def _normal(x: Array, mean: Array, others: Array) -> Array:
    return (x - mean) / np.exp(others[0])


def _lnorm_density(x: Array, mean: Array, others: Array) -> Array:
    return -(_normal(x, mean, others) ** 2) / 2 - others[0] - x - np.log(2 * np.pi) / 2


def _lnorm_survival(x: Array, mean: Array, others: Array) -> Array:
    return special.log_ndtr(-_normal(x, mean, others))


def _logistic(x: Array, scale: Array, others: Array) -> Array:
    return np.exp(others[0]) * (x - scale)


def _llogis_survival(x: Array, scale: Array, others: Array) -> Array:
    return -np.logaddexp(0.0, _logistic(x, scale, others))


def _llogis_density(x: Array, scale: Array, others: Array) -> Array:
    u = _logistic(x, scale, others)
    return others[0] + u - x - 2 * np.logaddexp(0.0, u)


def _gengamma_survival(x: Array, mean: Array, others: Array) -> Array:
    q = others[1]
    w, shape = _normal(x, mean, others), 1 / np.where(np.abs(q) < NORMAL, 1.0, q) ** 2
    u = shape * np.exp(np.clip(np.where(np.abs(q) < NORMAL, 0.0, q) * w, -700, 700))
    found = np.where(q > 0, special.gammaincc(shape, u), special.gammainc(shape, u))
    return np.where(np.abs(q) < NORMAL, special.log_ndtr(-w), _log(found))


def _gengamma_density(x: Array, mean: Array, others: Array) -> Array:
    q = others[1]
    w, own = _normal(x, mean, others), np.where(np.abs(q) < NORMAL, 1.0, q)
    shape = 1 / own**2
    u = np.clip(own * w, -700, 700)
    found = np.log(np.abs(own)) + shape * np.log(shape) + shape * (u - np.exp(u)) - special.gammaln(shape)
    return np.where(np.abs(q) < NORMAL, -(w**2) / 2 - np.log(2 * np.pi) / 2, found) - others[0] - x


def _log(x: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(x)


NORMAL = 1e-4  # of Q: nearer to 0 the generalised gamma is the log-normal to rounding

# as R's flexsurv has them
DISTRIBUTIONS = {
    d.code: d
    for d in (
        Distribution("exp", "exponential", ("rate",), 0, lambda x, r, o: r - np.exp(r + x), _exp_survival,
                     lambda rate, median: (np.log(rate),), True),
        Distribution("weibull", "Weibull", ("shape", "scale"), 1,
                     lambda x, s, o: _weibull_density(x, _aft(x, s, o), o),
                     lambda x, s, o: _weibull_survival(x, _aft(x, s, o), o),
                     lambda rate, median: (0.0, -np.log(rate)), True),
        Distribution("weibullPH", "Weibull", ("shape", "scale"), 1, _weibull_density, _weibull_survival,
                     lambda rate, median: (0.0, np.log(rate)), True),
        Distribution("gompertz", "Gompertz", ("shape", "rate"), 1, _gompertz_density,
                     lambda x, r, o: -_gompertz_cumulative(x, r, o), lambda rate, median: (0.001, np.log(rate)), True),
        Distribution("gamma", "gamma", ("shape", "rate"), 1, _gamma_density, _gamma_survival,
                     lambda rate, median: (0.0, np.log(rate))),
        Distribution("lnorm", "log-normal", ("meanlog", "sdlog"), 0, _lnorm_density, _lnorm_survival,
                     lambda rate, median: (np.log(median), 0.0)),
        Distribution("llogis", "log-logistic", ("shape", "scale"), 1, _llogis_density, _llogis_survival,
                     lambda rate, median: (0.3, np.log(median))),
        Distribution("gengamma", "generalised gamma", ("mu", "sigma", "Q"), 0, _gengamma_density, _gengamma_survival,
                     lambda rate, median: (np.log(median), 0.0, 0.5)),
    )
}  # fmt: skip
