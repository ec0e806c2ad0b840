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
        within = np.clip(sample.time[:, None] - edges[:-1], 0.0, width).sum(0)
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

    Raises
    ------
    ConvergenceError
        When a model has no maximum, as where one arm has no event.
    """
    most = max(len(c.time) for c in trials)
    pad = [np.pad(np.array(c), ((0, 0), (0, most - len(c.time))), constant_values=1.0) for c in trials]
    there = np.array([np.arange(most) < len(c.time) for c in trials], dtype=float)
    t, arm, events, exposure = (np.stack([p[i] for p in pad]) for i in range(4))
    events = events * there
    x = np.stack([_design(t, arm, p) for p in powers], 1)  # (k, m, c, 4)
    weight, y, offset = there[:, None], events[:, None], np.log(exposure)[:, None]
    scale = np.sqrt((x**2 * weight[..., None]).sum(2) / weight.sum(2)[..., None])  # columns of one size
    z = x / scale[:, :, None]
    turned = np.ascontiguousarray(z.swapaxes(-1, -2))
    beta = np.zeros((*z.shape[:2], 4))
    beta[..., 0] = np.log(events.sum(1) / (exposure * there).sum(1))[:, None]
    value = _value(z, beta, weight, y, offset)
    for _ in range(ITERATIONS):
        mu, h = _information(z, beta, weight, offset)
        g = (turned @ (y - mu)[..., None])[..., 0]
        if not np.isfinite(h).all() or (np.linalg.eigvalsh(h)[..., 0] < FLAT * np.trace(h, axis1=-2, axis2=-1)).any():
            break
        step = np.linalg.solve(h, g[..., None])[..., 0]
        if ((g * step).sum(-1) < STEP).all():
            beta = beta + step
            cov = np.linalg.inv(_information(z, beta, weight, offset)[1])
            ll = _value(z, beta, weight, y, offset) - special.gammaln(events + 1).sum(1)[:, None]
            return Fits(beta / scale, cov / (scale[..., :, None] * scale[..., None, :]), 8 - 2 * ll)
        beta, value = _uphill(z, beta, step, value, weight, y, offset)
    raise ConvergenceError("a Poisson model of the hazard has no maximum, or it is not reached.")


def _information(z: Floats, beta: Floats, weight: Floats, offset: Floats) -> tuple[Floats, Floats]:
    """Return expected events of each cell, 0 of what fills up, and the information of each model."""
    mu = weight * np.exp((z @ beta[..., None])[..., 0] + offset)
    return mu, (z * mu[..., None]).swapaxes(-1, -2) @ z


def _design(t: Floats, arm: Floats, power: float) -> Floats:
    f = transformed(t, power)
    return np.stack([np.ones_like(t), arm, f, arm * f], -1)


def _value(z: Floats, beta: Floats, weight: Floats, y: Floats, offset: Floats) -> Floats:
    eta = (z @ beta[..., None])[..., 0] + offset
    value: Floats = (y * eta - weight * np.exp(np.minimum(eta, 700.0))).sum(2)
    return value


def _uphill(
    z: Floats, beta: Floats, step: Floats, value: Floats, weight: Floats, y: Floats, offset: Floats
) -> tuple[Floats, Floats]:
    """Return each model's step, halved until its likelihood rises."""
    size = np.ones(beta.shape[:2])
    for _ in range(40):
        at = beta + size[..., None] * step
        found = _value(z, at, weight, y, offset)
        low = found < value - 1e-10 * np.abs(value)
        if not low.any():
            return at, found
        size = np.where(low, size / 2, size)
    raise ConvergenceError("a Poisson model of the hazard does not climb.")
