"""How true effects are spread over trials: standardised distributions, one record each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from ...numeric.wls import Floats

T_DF = 5.0  # of the t distribution, whose variance then is 5/3


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """A distribution of effects over trials, of mean 0 and variance 1.

    Attributes
    ----------
    code, label
        Name in calls, and in a methods section.
    draw
        (random generator, shape) -> draws.
    cdf
        Value -> probability of a smaller one.
    """

    code: str
    label: str
    draw: Callable[[np.random.Generator, tuple[int, ...]], Floats]
    cdf: Callable[[Floats], Floats]


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return rng.standard_normal(shape)


def _normal_cdf(x: Floats) -> Floats:
    return np.asarray(special.ndtr(x))


def _t(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return np.asarray(rng.standard_t(T_DF, shape) / np.sqrt(T_DF / (T_DF - 2)))


def _t_cdf(x: Floats) -> Floats:
    return np.asarray(special.stdtr(T_DF, x * np.sqrt(T_DF / (T_DF - 2))))


def _skew(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return rng.standard_exponential(shape) - 1


def _skew_cdf(x: Floats) -> Floats:
    return np.asarray(-np.expm1(-np.maximum(x + 1, 0.0)))


HETEROGENEITY = {
    h.code: h
    for h in (
        Heterogeneity("normal", "normal", _normal, _normal_cdf),
        Heterogeneity("t", "t with 5 degrees of freedom", _t, _t_cdf),
        Heterogeneity("skew", "exponential, a long tail to the right", _skew, _skew_cdf),
    )
}
"""Distributions of the true effects in simulated trials, by their code in ``distribution=``."""
