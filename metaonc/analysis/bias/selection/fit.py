"""A weight function for trials: its likelihood, fitted, with standard errors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from ....base.check import refuse
from ....base.messages.advice import option
from ....base.words import counted
from ....errors import DataError
from ...numeric.wls import Floats
from .intervals import in_intervals
from .likelihood import Likelihood
from .maximise import maximise
from .options import given_weights
from .published import Published, favoured
from .smooth import ROUGH, Smooth, smooth
from .weight_functions import WeightFunction

DEFINITE = 1e-10  # of the largest curvature: less is none
ROUNDING = 1e-11  # of the log likelihood


class Model(NamedTuple):
    """A weight function for these trials.

    Attributes
    ----------
    likelihood
        Of mean, tau² and the parameters.
    record
        The weight function.
    names
        Of all weights: of intervals also of the first, which is 1 and no parameter.
    counts
        Trials in each interval; None of a smooth weight.
    given
        Weights that are given, NaN where one is estimated.
    rough
        The likelihood less exact and faster, of a smooth weight.
    """

    likelihood: Likelihood
    record: WeightFunction
    names: tuple[str, ...]
    counts: tuple[int, ...] | None
    given: Floats
    rough: Likelihood | None = None

    @property
    def parameters(self) -> Floats:
        """What is given of the parameters."""
        return self.given[self.counts is not None :]

    def filled(self, values: Any, first: float = 1.0) -> Floats:
        """Return a value a weight, from one a parameter."""
        return np.asarray(values if self.counts is None else [first, *values], dtype=float)


class Fit(NamedTuple):
    """Mean, tau² and parameters, their covariances, and which are at a bound.

    With the log likelihood, the likelihood ratio against no selection, and whether the likelihood rises as tau² grows.
    """

    theta: list[float]
    cov: Floats
    held: list[bool]
    loglik: float
    lr: float
    endless: bool

    @property
    def errors(self) -> Floats:
        """Standard errors."""
        return np.sqrt(np.diag(self.cov))


def model_of(p: Published, record: WeightFunction, at: Floats, delta: Any, imprecision: Any, p_min: float) -> Model:
    """Return the model of a weight function with these steps, given weights and options."""
    if record.log_weight is not None:
        d = len(record.null)
        names = ("δ",) if d == 1 else tuple(f"δ{i + 1}" for i in range(d))
        weight = Smooth(record, p.alternative == "two-sided", imprecision, float(at[0]) if at.size else 0.0, p_min)
        _refuse_certain(weight, p)
        given = given_weights(delta, record, names)
        return Model(smooth(p.y, p.v, weight), record, names, None, given, smooth(p.y, p.v, weight, ROUGH))
    names, cuts, weight_of, group = _by_effect(p) if record.code == "trunc" else _by_steps(p, at)
    given = given_weights(delta, record, names)
    counts = tuple(np.bincount(group, minlength=len(names)).tolist())
    _refuse_empty(names, counts, given)
    return Model(in_intervals(p.y, p.v, cuts, weight_of, group), record, names, counts, given)


def _by_effect(p: Published) -> tuple[tuple[str, ...], Floats, Any, Any]:
    if p.alternative == "two-sided":
        raise DataError(
            f"weights by the side of the effect favour one side: {option('alternative', 'greater')} or "
            f"{option('alternative', 'less')}."
        )
    record = p.without.record
    other = "less" if p.alternative == "greater" else "greater"
    names = (favoured(record, p.alternative), favoured(record, other))
    return names, np.zeros((len(p.y), 1)), np.array([0, 1]), (p.y <= 0).astype(int)


def _by_steps(p: Published, at: Floats) -> tuple[tuple[str, ...], Floats, Any, Any]:
    ends = [0.0, *at, 1.0]
    names = tuple(f"{low:g} < p ≤ {high:g}" for low, high in pairwise(ends))
    two = p.alternative == "two-sided"
    z, weight_of = -ndtri(at / (1 + two)), np.arange(len(names))
    observed = p.y / np.sqrt(p.v)
    observed = np.where(two, np.abs(observed), observed)
    group = (((1 + two) * ndtr(-observed))[:, None] > at).sum(-1)
    if two:
        z, weight_of = np.concatenate([z, -z[::-1]]), np.concatenate([weight_of, weight_of[-2::-1]])
    return names, np.sqrt(p.v)[:, None] * z, weight_of, group


def _refuse_empty(names: tuple[str, ...], counts: tuple[int, ...], given: Floats) -> None:
    """Refuse a first interval without trials where others are relative to it, and trials where the weight is 0."""
    if np.isnan(given).any() and not counts[0]:
        raise DataError(
            f"no trial has {names[0]}, to which the other weights are relative: take a larger first step, or fix all "
            f"weights by {option('delta')}."
        )
    for name, count, weight in zip(names, counts, given, strict=True):
        if count and weight == 0:
            raise DataError(f"the weight of {name} is given as 0, and {count} trials are there: give a weight above 0.")


def _refuse_certain(weight: Smooth, p: Published) -> None:
    """Refuse p = 1, of which a weight of 1 - p is 0 or infinite."""
    if not weight.function.of_log_q:
        return
    z = p.y / np.sqrt(p.v)
    certain = ~np.isfinite(weight.given(z).log_q)
    refuse(certain, p.without.studies.labels, lambda i: "its p-value is 1, of which this function has no weight; "
           f"take {option('p_min', 1e-5)}, or another function.")  # fmt: skip


def fit(p: Published, model: Model) -> Fit:
    """Return the maximum of the likelihood, and standard errors by its curvature.

    Raises
    ------
    DataError
        When there are no more trials than parameters.
    ConvergenceError
        When no maximum is found.
    """
    d, given = len(model.parameters), model.parameters
    lower, upper = (
        np.array([free, tau2, *np.where(np.isnan(given), np.resize(bounds, d), given)])
        for free, tau2, bounds in zip((-np.inf, np.inf), p.tau2, (model.record.lower, model.record.upper), strict=True)
    )
    movable = lower < upper
    if movable.sum() >= len(p.y):
        known, wanted = counted(len(p.y), "trial"), counted(int(movable.sum()), "parameter")
        raise DataError(f"{known} cannot tell {wanted}: {_fewer(model, movable)}")
    scale = np.concatenate([p.scale, np.ones(d)])
    peak, endless = maximise(model.likelihood, _starts(p, model), lower, upper, scale, _way_out(model), model.rough)
    at_bound = movable & ~peak.free
    held = at_bound & (np.arange(d + 2) == 1)  # tau² of 0, as in a pool
    cov = _covariance(peak.terms.h, movable & ~held, scale)
    if cov is None:
        cov = _covariance(peak.terms.h, movable & ~at_bound, scale)
    if cov is None:
        cov = np.full((d + 2, d + 2), np.nan)
    value = peak.terms.value
    lr = 2 * (value - p.loglik)
    lr = lr if lr > ROUNDING * (1 + abs(value)) else 0.0
    return Fit(peak.theta.tolist(), cov, at_bound.tolist(), value, lr, endless)


def at_bound(found: Fit, model: Model) -> tuple[str, ...]:
    """Return what is at a bound; weights of intervals by their number."""
    weights = model.names
    if model.counts is not None:
        weights = tuple(f"the weight of interval {i}" for i in range(2, len(weights) + 1))
    return tuple(name for name, there in zip(("μ", "τ²", *weights), found.held, strict=True) if there)


def _fewer(model: Model, movable: Any) -> str:
    """Return how fewer parameters are estimated."""
    ways = []
    if movable[2:].any():
        ways.append(f"fix weights by {option('delta')}")
    if movable[2:].sum() > 1 and model.record.code == "stepfun":
        ways.append(f"take fewer {option('steps')}")
    if movable[1]:
        ways.append(f"pool with a common effect ({option('method', 'CE')})")
    return f"{', or '.join(ways)}." if ways else "one is no model of how trials were selected."


def _way_out(model: Model) -> str:
    """Return what to do when the likelihood has no maximum."""
    first = "Take" if model.record.bounded else f"Keep the weight finite by {option('p_min', 1e-5)}, or take"
    return (f"{first} another function, give weights by {option('delta')}, or pool with a common effect "
            f"({option('method', 'CE')}).")  # fmt: skip


def _starts(p: Published, model: Model) -> Iterator[Floats]:
    """Yield where to start: with and without selection, near the pool without it and half way to no effect."""
    mu, tau2 = p.start
    for weights, (mean, between) in product(model.record.starts, [(mu, tau2), (mu / 2, tau2 + p.scale[1])]):
        yield np.array([mean, between, *np.resize(weights, len(model.parameters))])


def _covariance(h: Floats, which: Any, scale: Floats) -> Floats | None:
    """Return covariances of these parameters, NaN of others; None where the likelihood does not curve down by all."""
    square = np.ix_(which, which)
    curvature = -(h * scale[:, None] * scale)[square]
    if which.any():
        values = np.linalg.eigvalsh(curvature)
        if values.min() <= DEFINITE * values.max():
            return None
    cov = np.full((len(scale), len(scale)), np.nan)
    cov[square] = np.linalg.inv(curvature)
    return cov * scale[:, None] * scale
