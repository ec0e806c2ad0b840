"""Fractional polynomials of the log hazard: Poisson models of events and person-time in cells, fitted in one batch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from ....errors import ConvergenceError
from ..product_limit import Floats, Sample

POWERS = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0)
ITERATIONS = 100
STEP = 1e-11
FLAT = 1e-13  # share of the information below which coefficients are not told apart
NO_MAXIMUM = "a Poisson model of the hazard has no maximum, or it is not reached."


class Cells(NamedTuple):
    """Cells of intervals and arms: middle of the interval, arm (1 treatment), events and person-time; shape (c,)."""

    time: Floats
    arm: Floats
    events: Floats
    exposure: Floats


def cells(treatment: Sample, control: Sample, width: float) -> Cells:
    """Return the cells of two arms in intervals of a width, those without person-time left out."""
    parts = []
    for arm, sample in ((1.0, treatment), (0.0, control)):
        n = max(int(np.ceil(sample.time[-1] / width - 1e-9)), 1)
        edges = width * np.arange(n + 1)
        over = sample.time.searchsorted(edges, side="right")  # whose follow-up is over by then
        before = np.append(0.0, sample.time.cumsum())[over] + (len(sample.time) - over) * edges  # person-time
        within = np.where(over[:-1] < len(sample.time), np.diff(before), 0.0)
        died = np.clip(np.ceil(sample.time[sample.event] / width - 1e-9).astype(int) - 1, 0, n - 1)
        events = np.bincount(died, minlength=n).astype(float)
        kept = within > 0
        parts.append((edges[:-1][kept] + width / 2, np.full(kept.sum(), arm), events[kept], within[kept]))
    return Cells(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


class Fits(NamedTuple):
    """Of each trial and power: coefficients (k, m, 4) of 1, arm, f(t), arm f(t); covariance; AIC (k, m)."""

    beta: Floats
    cov: Floats
    aic: Floats


def transformed(t: Floats, power: float) -> Floats:
    """Return t to a power; log t for 0."""
    return np.asarray(np.log(t) if power == 0 else t**power, dtype=np.float64)


def fit(trials: list[Cells], powers: tuple[float, ...] = POWERS) -> Fits:
    """Return Poisson models of all trials with all powers, by Newton's method in one batch.

    Arms share no coefficient: each is a model of two, of which those of the trial are made.

    Raises
    ------
    ConvergenceError
        When a model has no maximum, as where one arm has no event.
    """
    t, events, exposure = _by_arm(trials)
    if (events.sum(-1) == 0).any():
        raise ConvergenceError(NO_MAXIMUM)
    there = exposure > 0
    f = np.stack([transformed(t, p) for p in powers], 2) * there[:, :, None]  # (k, 2, m, c)
    scale = np.sqrt((f * f).sum(-1) / there.sum(-1)[..., None])
    arms = _Arms(f / scale[..., None], exposure[:, :, None], events.sum(-1)[..., None],
                 (f * events[:, :, None]).sum(-1) / scale)  # fmt: skip
    beta = np.zeros((2, *scale.shape))
    beta[0] = np.log(events.sum(-1) / exposure.sum(-1))[..., None]
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


def _by_arm(trials: list[Cells]) -> tuple[Floats, Floats, Floats]:
    """Return times, events and person-time of the cells of control and treatment, (k, 2, c), filled up with none."""
    arms = [[c.arm == x for x in (0.0, 1.0)] for c in trials]
    most = max(int(here.sum()) for pair in arms for here in pair)
    out = np.zeros((3, len(trials), 2, most))
    out[0] = 1.0
    for i, (c, pair) in enumerate(zip(trials, arms, strict=True)):
        for j, here in enumerate(pair):
            n = int(here.sum())
            out[0, i, j, :n], out[1, i, j, :n], out[2, i, j, :n] = c.time[here], c.events[here], c.exposure[here]
    return out[0], out[1], out[2]


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
