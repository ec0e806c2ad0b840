r"""Weighted least squares in batches: the quantities from which every estimator here is made.

Arrays are ``(..., k)``: any number of analyses of k studies each. A study of infinite variance has weight 0 and so is
not there; that is how subsets, leave-one-out and bootstrap samples are written. With :math:`W = diag(w)` and

.. math:: P = W - W X (X^T W X)^{-1} X^T W

the estimators of tau² need :math:`y^T P y`, :math:`y^T P P y`, :math:`y^T P P P y`, tr P and tr PP only, and with
:math:`r = y - X b` each of them is a sum over studies: O(k), never a k by k matrix.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Fit(NamedTuple):
    """A weighted least-squares fit.

    Attributes
    ----------
    w
        Weights, (..., k).
    x
        Design, (..., k, p); None is the intercept alone.
    beta, cov
        Coefficients (..., p) and (X'WX)^-1 (..., p, p); of the intercept alone (...) and (...).
    r
        Residuals, (..., k).
    """

    w: Any
    x: Any
    beta: Any
    cov: Any
    r: Any


def fit(w: Floats, y: Floats, x: Floats | None = None) -> Fit:
    """Fit y on x with weights w."""
    if x is None:
        total = w.sum(-1)
        beta = (w * y).sum(-1) / total
        return Fit(w, None, beta, 1 / total, y - beta[..., None])
    cov = np.linalg.inv(cross(x, w))
    beta = (cov @ project(x, w * y)[..., None])[..., 0]
    return Fit(w, x, beta, cov, y - (x @ beta[..., None])[..., 0])


def cross(x: Any, w: Any) -> Any:
    """Return X' diag(w) X."""
    return np.swapaxes(x, -1, -2) @ (w[..., None] * x)


def project(x: Any, u: Any) -> Any:
    """Return X' u."""
    return (np.swapaxes(x, -1, -2) @ u[..., None])[..., 0]


def q(f: Fit) -> Any:
    """Return y'Py, the weighted sum of squared residuals."""
    return (f.w * f.r * f.r).sum(-1)


def ypp(f: Fit) -> Any:
    """Return y'PPy: minus the derivative of y'Py by tau²."""
    u = f.w * f.r
    return (u * u).sum(-1)


def yppp(f: Fit) -> Any:
    """Return y'PPPy: minus half the derivative of y'PPy by tau²."""
    u = f.w * f.r
    wu = f.w * u
    if f.x is None:
        side = wu.sum(-1)
        return (wu * u).sum(-1) - side * side * f.cov
    side = project(f.x, wu)
    return (wu * u).sum(-1) - (side * (f.cov @ side[..., None])[..., 0]).sum(-1)


def trace(f: Fit, d: Any = 1.0) -> Any:
    """Return tr(P D) for a diagonal D."""
    w = f.w
    if f.x is None:
        return (w * d).sum(-1) - (w * w * d).sum(-1) * f.cov
    return (w * d).sum(-1) - _tr(f.cov, cross(f.x, w * w * d))


def trace2(f: Fit, d: Any = 1.0) -> Any:
    """Return tr(P D P D) for a diagonal D; with D = I it is tr(PP)."""
    w = f.w
    wd = w * d
    if f.x is None:
        a = (w * wd).sum(-1) * f.cov
        return (wd * wd).sum(-1) - 2 * (wd * wd * w).sum(-1) * f.cov + a * a
    ma = f.cov @ cross(f.x, w * wd)
    return (wd * wd).sum(-1) - 2 * _tr(f.cov, cross(f.x, wd * wd * w)) + _tr(ma, ma)


def log_det(f: Fit) -> Any:
    """Return log det(X'WX)."""
    return -np.log(f.cov) if f.x is None else -np.linalg.slogdet(f.cov)[1]


def columns(x: Floats | None) -> int:
    """Return the number of coefficients."""
    return 1 if x is None else x.shape[-1]


def _tr(a: Any, b: Any) -> Any:
    return (a * np.swapaxes(b, -1, -2)).sum((-1, -2))
