"""Fractional polynomials of the log hazard: Poisson models of events and person-time in cells, fitted in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ....errors import ConvergenceError
from ..product_limit import Floats, Sample

POWERS = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0)
ITERATIONS = 100
STEP = 1e-11
LITTLE = 0.1  # events that each cell has besides, where the search starts
FLAT = 1e-13  # share of the information below which coefficients are not told apart
NO_MAXIMUM = "a Poisson model of the hazard has no maximum, or it is not reached."


class Cells(NamedTuple):
    """Cells of k trials by intervals and arms, cells without person-time among them.

    Attributes
    ----------
    time
        Middle of the interval, (c,).
    events, exposure
        Events and person-time, (k, 2, c), control first; both 0 where nobody is followed.
    """

    time: Floats
    events: Floats
    exposure: Floats

    def of(self, trial: int) -> Cells:
        """Return those of one trial."""
        return Cells(self.time, self.events[trial : trial + 1], self.exposure[trial : trial + 1])


def cells(trials: Sequence[tuple[Sample, Sample]], width: float) -> Cells:
    """Return the cells of trials, each treatment and control, in intervals of a width, in one pass over patients."""
    arms = [s for treatment, control in trials for s in (control, treatment)]
    time, event = (np.concatenate([getattr(s, name) for s in arms]) for name in ("time", "event"))
    arm = np.repeat(np.arange(len(arms)), [len(s.time) for s in arms])
    place = np.maximum(np.ceil(time / width - 1e-9).astype(int) - 1, 0)  # in which interval follow-up ends
    c = int(place.max()) + 1
    cell = arm * c + place

    def counted(rows: NDArray[np.intp], weights: Floats | None = None) -> Floats:
        return np.bincount(rows, weights, minlength=len(arms) * c).astype(float).reshape(-1, 2, c)

    ended = counted(cell)
    beyond = ended.sum(-1, keepdims=True) - ended.cumsum(-1)
    exposure = counted(cell, time - place * width) + width * beyond
    middle = width * (np.arange(c, dtype=np.float64) + 0.5)
    return Cells(middle, counted(cell[event]), exposure)


class Fits(NamedTuple):
    """Of each trial and power: coefficients (k, m, 4) of 1, arm, f(t), arm f(t); covariance; AIC (k, m)."""

    beta: Floats
    cov: Floats
    aic: Floats


def transformed(t: Floats, power: float) -> Floats:
    """Return t to a power; log t for 0."""
    return np.asarray(np.log(t) if power == 0 else t**power, dtype=np.float64)


def fit(trials: Cells, powers: tuple[float, ...] = POWERS) -> Fits:
    """Return Poisson models of all trials with all powers, by Newton's method in one batch.

    Arms share no coefficient: each is a model of two, of which those of the trial are made.

    Raises
    ------
    ConvergenceError
        When a model has no maximum, as where one arm has no event.
    """
    t, events, exposure = trials
    if (events.sum(-1) == 0).any():
        raise ConvergenceError(NO_MAXIMUM)
    there = exposure > 0
    f = np.stack([transformed(t, p) for p in powers]) * there[:, :, None]  # (k, 2, m, c)
    scale = np.sqrt((f * f).sum(-1) / there.sum(-1)[..., None])
    arms = _Arms(f / scale[..., None], exposure[:, :, None], events.sum(-1)[..., None],
                 (f * events[:, :, None]).sum(-1) / scale)  # fmt: skip
    beta = _start(arms, events, exposure)
    mu, value = arms.expected(beta)
    for _ in range(ITERATIONS):
        weighted = mu * arms.f
        h00, h01, h11 = mu.sum(-1), weighted.sum(-1), np.vecdot(weighted, arms.f)
        det = h00 * h11 - h01 * h01
        if not (det > FLAT * (h00 + h11) ** 2).all():
            break
        g0, g1 = arms.died - h00, arms.died_f - h01
        step = np.stack([h11 * g0 - h01 * g1, h00 * g1 - h01 * g0]) / det
        if (step[0] * g0 + step[1] * g1 < STEP).all():
            beta = beta + step
            known = np.where(there & (events > 0), events * np.log(np.where(there, exposure, 1.0)), 0.0)
            constant = (known - special.gammaln(events + 1)).sum((1, 2))
            return _fits(beta, arms, scale, constant[:, None])
        beta, mu, value = _uphill(arms, beta, step, value)
    raise ConvergenceError(NO_MAXIMUM)


def _start(arms: _Arms, events: Floats, exposure: Floats) -> Floats:
    """Return coefficients of 1 and f(t) by least squares of the logged rates; else the rate of the arm."""
    there = exposure > 0
    counted = np.where(there, events + LITTLE, 0.0)
    rate = np.divide(counted, exposure, out=np.ones_like(counted), where=there)
    weight, y = counted[:, :, None], np.log(rate)[:, :, None]
    wf = weight * arms.f
    a, b, c = weight.sum(-1), wf.sum(-1), np.vecdot(wf, arms.f)
    u, v = np.vecdot(weight, y), np.vecdot(wf, y)
    det = a * c - b * b
    flat = det <= FLAT * (a + c) ** 2
    det = np.where(flat, 1.0, det)
    constant = np.log(events.sum(-1) / exposure.sum(-1))[..., None]
    return np.stack([np.where(flat, constant, (c * u - b * v) / det), np.where(flat, 0.0, (a * v - b * u) / det)])


class _Arms(NamedTuple):
    """Models of arms: f(t) and person-time of cells, events, and sum of f over events; (k, 2, m, c) or (k, 2, m)."""

    f: Floats
    exposure: Floats
    died: Floats
    died_f: Floats

    def expected(self, beta: Floats) -> tuple[Floats, Floats]:
        """Return expected events of each cell, and log likelihoods less what does not depend on coefficients."""
        mu = self.exposure * np.exp(np.minimum(beta[0][..., None] + beta[1][..., None] * self.f, 700.0))
        return mu, self.died * beta[0] + self.died_f * beta[1] - mu.sum(-1)


def _uphill(arms: _Arms, beta: Floats, step: Floats, value: Floats) -> tuple[Floats, Floats, Floats]:
    """Return each model's step, halved until its likelihood rises."""
    size = np.ones(value.shape)
    for _ in range(40):
        at = beta + size * step
        mu, found = arms.expected(at)
        low = found < value - 1e-10 * np.abs(value)
        if not low.any():
            return at, mu, found
        size = np.where(low, size / 2, size)
    raise ConvergenceError("a Poisson model of the hazard does not climb.")


def _fits(beta: Floats, arms: _Arms, scale: Floats, constant: Floats) -> Fits:
    """Return coefficients of control, and of treatment less control, in the columns 1, arm, f(t), arm f(t)."""
    mu, value = arms.expected(beta)
    weighted = mu * arms.f
    h00, h01, h11 = mu.sum(-1), weighted.sum(-1), np.vecdot(weighted, arms.f)
    det = h00 * h11 - h01 * h01
    own = np.empty((*scale.shape, 2, 2))  # covariance of an arm's coefficients
    own[..., 0, 0], own[..., 1, 1], own[..., 0, 1] = h11 / det, h00 / det / scale**2, -h01 / det / scale
    own[..., 1, 0] = own[..., 0, 1]
    b = np.stack([beta[0], beta[1] / scale], -1)  # (k, 2, m, 2)
    control, treatment = own[:, 0], own[:, 1]
    whole, cov = np.empty((*b[:, 0].shape[:2], 4)), np.empty((*b[:, 0].shape[:2], 4, 4))
    first, second = slice(0, 4, 2), slice(1, 4, 2)
    whole[..., first], whole[..., second] = b[:, 0], b[:, 1] - b[:, 0]
    cov[..., first, first], cov[..., second, second] = control, control + treatment
    cov[..., first, second] = cov[..., second, first] = -control
    return Fits(whole, cov, 8 - 2 * (value.sum(1) + constant))
