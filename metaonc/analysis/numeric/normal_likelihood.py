r"""The normal-normal likelihood of tau² with the coefficients profiled out, and its exact maximiser.

.. math:: 2\ell(\tau^2) = -\sum \log(v_i + \tau^2) - y^T P y \quad [- \log|X^T W X|]

the bracketed term for the restricted likelihood (REML). Where sampling variances differ by orders of magnitude it can
have several maxima, so its slope is first scanned over all magnitudes of tau² and the highest maximum is then
refined by Newton's method inside its bracket, to the last digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...errors import ConvergenceError
from . import wls
from .wls import Floats

GRID = 16  # points of the scan, from a tenth of the smallest variance to an upper bound of tau²
STEPS = 200  # bisection alone needs about 60; Newton 4 to 6
TOLERANCE, SMALL = 1e-13, 1e-8  # of the last step of bisection and of Newton's method, relative to tau²
SCRATCH = 15_000  # numbers in a temporary array: memory stays bounded, and small blocks are several times faster
EVEN = np.linspace(0, 1, GRID - 1)


def weights(v: Any, tau2: Any) -> Any:
    """Return 1 / (v + tau²) for tau² of shape (...)."""
    return 1 / (v + np.asarray(tau2)[..., None])


def log_likelihood(tau2: Any, y: Floats, v: Floats, x: Floats | None, restricted: bool) -> Any:
    """Return the log likelihood at tau², with all its constants (for REML those of Harville 1974, as R's metafor)."""
    there = np.isfinite(v)
    f = wls.fit(weights(v, tau2), y, x)
    k, p = there.sum(-1), wls.columns(x)
    spread = np.log(np.where(there, v + np.asarray(tau2)[..., None], 1.0)).sum(-1)
    if not restricted:
        return -0.5 * (k * np.log(2 * np.pi) + spread + wls.q(f))
    gram = np.log(k) if x is None else np.linalg.slogdet(wls.cross(x, there * 1.0))[1]
    return -0.5 * ((k - p) * np.log(2 * np.pi) - gram + spread + wls.log_det(f) + wls.q(f))


def _slope(tau2: Any, y: Floats, v: Floats, x: Floats | None, restricted: bool) -> Any:
    """Return twice the derivative of the log likelihood by tau²."""
    w = weights(v, tau2)
    f = wls.fit(w, y, x)
    return wls.ypp(f) - (wls.trace(f) if restricted else w.sum(-1))


def _slope_and_bend(tau2: Any, y: Floats, v: Floats, x: Floats | None, restricted: bool) -> tuple[Any, Any]:
    """Return twice the derivative of the log likelihood by tau², and the derivative of that."""
    w = weights(v, tau2)
    f = wls.fit(w, y, x)
    if restricted:
        one, two = wls.traces(f)
        return wls.ypp(f) - one, two - 2 * wls.yppp(f)
    return wls.ypp(f) - w.sum(-1), np.vecdot(w, w) - 2 * wls.yppp(f)


def maximise(y: Floats, v: Floats, x: Floats | None, restricted: bool) -> Any:
    """Return the tau² >= 0 at which the (restricted) likelihood is highest.

    Parameters
    ----------
    y, v
        Effects and sampling variances, (..., k), of one shape.
    x
        Design, (k, p) for all analyses or (..., k, p) one each; None is the intercept alone.
    restricted
        REML if true, ML if not.
    """
    k = y.shape[-1]
    flat_y, flat_v = y.reshape(-1, k), v.reshape(-1, k)
    flat_x = x if x is None or x.ndim == 2 else x.reshape(-1, *x.shape[-2:])
    scan, refine = max(SCRATCH // (GRID * k), 1), max(SCRATCH // k, 1)
    low, high = (np.empty(len(flat_y)) for _ in range(2))
    for rows in _blocks(len(flat_y), scan):
        low[rows], high[rows] = _bracket(flat_y[rows], flat_v[rows], _rows(flat_x, rows), restricted)
    tau2 = np.zeros(len(flat_y))
    inside = np.flatnonzero(high > 0)
    for some in _blocks(len(inside), refine):
        i = inside[some]
        tau2[i] = _refine(low[i], high[i], flat_y[i], flat_v[i], _rows(flat_x, i), restricted)
    return tau2.reshape(y.shape[:-1])


def _blocks(n: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, n, size))


def _rows(x: Any, rows: Any) -> Any:
    return x if x is None or x.ndim == 2 else x[rows]


def _bracket(y: Floats, v: Floats, x: Floats | None, restricted: bool) -> tuple[Any, Any]:
    """Return the two points of the scan between which the highest maximum lies; 0 and 0 where it is at tau² = 0."""
    grid = _grid(y, v, wls.columns(x))
    wide = x if x is None or x.ndim == 2 else x[:, None]
    slope = _slope(grid, y[:, None], v[:, None], wide, restricted)
    falls = (slope[:, :-1] > 0) & (slope[:, 1:] <= 0)
    peak = falls.argmax(-1)
    at_zero = slope[:, 0] <= 0
    several = falls.sum(-1) + at_zero > 1
    if several.any():
        s = np.flatnonzero(several)
        height = _heights(grid[s], falls[s], y[s], v[s], _rows(x, s), restricted)
        peak[s] = height.argmax(-1)
        at_zero[s] &= log_likelihood(np.zeros(len(s)), y[s], v[s], _rows(x, s), restricted) >= height.max(-1)
    each = np.arange(len(y))
    return np.where(at_zero, 0.0, grid[each, peak]), np.where(at_zero, 0.0, grid[each, peak + 1])


def _heights(grid: Any, falls: Any, y: Floats, v: Floats, x: Floats | None, restricted: bool) -> Any:
    """Return the log likelihood at the top of each bracket that holds a maximum, -inf elsewhere."""
    # refined, as maxima may differ by less than the points around them do
    i, left = np.nonzero(falls)
    top = _refine(grid[i, left], grid[i, left + 1], y[i], v[i], _rows(x, i), restricted)
    height = np.full(falls.shape, -np.inf)
    height[i, left] = log_likelihood(top, y[i], v[i], _rows(x, i), restricted)
    return height


def _grid(y: Floats, v: Floats, p: int) -> Any:
    """Return 0 and points spread evenly in log(tau²), up to where the slope is surely negative."""
    there = np.isfinite(v)
    one = there * 1.0
    k = one.sum(-1)
    rest = y - (np.vecdot(one, y) / k)[:, None]
    ss = np.vecdot(one * rest, rest)
    free = np.maximum(k - p, 1)
    largest = v.max(-1) if there.all() else np.where(there, v, 0.0).max(-1)
    # slope <= SS/(t+vmin)^2 - (k-p)/(t+vmax) < 0 once (k-p) t^2 > SS (t+vmax); the same bound serves ML
    top = 1.01 * np.maximum(2 * ss / free, np.sqrt(2 * ss * largest / free)) + np.finfo(float).tiny
    bottom = np.minimum(0.1 * v.min(-1), top / 2)
    grid = np.zeros((len(y), GRID))
    grid[:, 1:] = bottom[:, None] * (top / bottom)[:, None] ** EVEN
    return grid


def _refine(low: Any, high: Any, y: Floats, v: Floats, x: Floats | None, restricted: bool) -> Any:
    """Return the root of the slope in [low, high], by Newton's steps where they stay inside and bisection where not."""
    t = np.where(low > 0, np.sqrt(low * high), 0.5 * high)
    root, todo = t.copy(), np.arange(len(t))
    for _ in range(STEPS):
        slope, bend = _slope_and_bend(t, y, v, x, restricted)
        low, high = np.where(slope > 0, t, low), np.where(slope > 0, high, t)
        step = t - slope / np.where(bend < 0, bend, -np.inf)
        newton = (bend < 0) & (step > low) & (step < high)
        new = np.where(newton, step, 0.5 * (low + high))
        # Newton's error is squared at each step: after one this small it is below the last digit
        going = np.abs(new - t) > np.where(newton, SMALL, TOLERANCE) * new
        root[todo] = t = new
        if not going.all():
            if not going.any():
                return root
            low, high, t, todo = low[going], high[going], t[going], todo[going]
            y, v, x = y[going], v[going], _rows(x, going)
    raise ConvergenceError(f"tau² did not settle within {STEPS} steps; the last was {float(t[0]):g}.")
