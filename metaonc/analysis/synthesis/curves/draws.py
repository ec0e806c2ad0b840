"""Median and restricted mean of curves, and what they may be: of one curve or of many drawn ones. Arrays in and out."""

from __future__ import annotations

import numpy as np

from ....base.check import Floats
from .conditional import survival_of


def drawn(beta: Floats, cov: Floats, draws: int, seed: int) -> Floats:
    """Return curves (draws, t) of normal transformed conditional survival."""
    values, vectors = np.linalg.eigh(cov)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return survival_of(beta + np.random.default_rng(seed).standard_normal((draws, len(beta))) @ root.T)


def medians(time: Floats, survival: Floats) -> Floats:
    """Return where curves (..., t) cross one half, by straight lines from 1 at time 0; infinite where they do not."""
    k = (survival > 0.5).sum(-1)  # curves fall
    reached = k < survival.shape[-1]
    at = np.minimum(k, survival.shape[-1] - 1)
    low = np.take_along_axis(survival, at[..., None], -1)[..., 0]
    high = np.where(at > 0, np.take_along_axis(survival, np.maximum(at - 1, 0)[..., None], -1)[..., 0], 1.0)
    start = np.append(0.0, time)[at]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = time[at] - (time[at] - start) * (0.5 - low) / (high - low)
    return np.where(reached, found, np.inf)


def restricted_means(time: Floats, survival: Floats) -> Floats:
    """Return the area below curves (..., t) to the last time, by straight lines from 1 at time 0."""
    width = np.diff(time, prepend=0.0)
    weight = (width + np.append(width[1:], 0.0)) / 2
    out: Floats = survival @ weight + width[0] / 2
    return out


def central(values: Floats, level: float) -> tuple[float, float]:
    """Return the quantiles that leave half of the rest on either side; values that are infinite are the largest."""
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
    return low, high
