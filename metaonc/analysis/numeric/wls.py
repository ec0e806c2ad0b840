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
    gram
        X'WX, (..., p, p); of the intercept alone the sum of the weights, (...).
    """

    w: Any
    x: Any
    beta: Any
    cov: Any
    r: Any
    gram: Any


def fit(w: Floats, y: Floats, x: Floats | None = None) -> Fit:
    """Fit y on x with weights w."""
    if x is None:
        total = w.sum(-1)
        beta = np.vecdot(w, y) / total
        return Fit(w, None, beta, 1 / total, y - beta[..., None], total)
    gram = cross(x, w)
    by_hand = _BY_HAND.get(x.shape[-1]) if is_shared(x, w) else None
    cov = np.linalg.inv(gram) if by_hand is None else by_hand(gram)
    beta = (cov @ project(x, w * y)[..., None])[..., 0]
    if is_shared(x, w):
        return Fit(w, x, beta, cov, y - beta @ np.swapaxes(x[..., 0, :, :], -1, -2), gram)
    return Fit(w, x, beta, cov, y - (x @ beta[..., None])[..., 0], gram)


def is_shared(x: Any, w: Any) -> bool:
    """Return whether many weights of an analysis, (..., n, k), have one design, (..., 1, k, p)."""
    return bool(x.ndim == w.ndim + 1 and x.ndim > 3 and x.shape[-3] == 1)


def _inverse2(a: Any) -> Any:
    """Return the inverses of symmetric matrices of two rows: in a tenth of the time of general ones."""
    out = np.empty_like(a)
    out[..., 0, 0], out[..., 1, 1] = a[..., 1, 1], a[..., 0, 0]
    out[..., 0, 1] = out[..., 1, 0] = -a[..., 0, 1]
    return out / (a[..., 0, 0] * a[..., 1, 1] - a[..., 0, 1] ** 2)[..., None, None]


def _inverse3(a: Any) -> Any:
    """Return the inverses of positive definite matrices of three rows, by elimination as Cholesky's: L D L'."""
    out = np.empty_like(a)
    one, two, three = a[..., 0, 0], a[..., 0, 1], a[..., 0, 2]
    down, last = two / one, three / one
    second, rest = a[..., 1, 1] - down * two, a[..., 1, 2] - last * two
    beside = rest / second
    third = 1 / (a[..., 2, 2] - last * three - beside * rest)
    corner = down * beside - last
    out[..., 2, 2], out[..., 1, 1] = third, 1 / second + beside * beside * third
    out[..., 0, 0] = 1 / one + down * down / second + corner * corner * third
    out[..., 1, 2] = out[..., 2, 1] = -beside * third
    out[..., 0, 2] = out[..., 2, 0] = corner * third
    out[..., 0, 1] = out[..., 1, 0] = -down / second - beside * corner * third
    return out


_BY_HAND = {2: _inverse2, 3: _inverse3}  # many small matrices


def cross(x: Any, w: Any) -> Any:
    """Return X' diag(w) X."""
    if is_shared(x, w):  # one product of matrices instead of n small ones
        own = x[..., 0, :, :]
        pairs = (own[..., :, None] * own[..., None, :]).reshape(*own.shape[:-1], -1)
        return (w @ pairs).reshape(*w.shape[:-1], x.shape[-1], x.shape[-1])
    return np.swapaxes(x, -1, -2) @ (w[..., None] * x)


def project(x: Any, u: Any) -> Any:
    """Return X' u."""
    if is_shared(x, u):
        return u @ x[..., 0, :, :]
    return (np.swapaxes(x, -1, -2) @ u[..., None])[..., 0]


def q(f: Fit) -> Any:
    """Return y'Py, the weighted sum of squared residuals."""
    return np.vecdot(f.w * f.r, f.r)


EPSILON = float(np.finfo(float).eps)
ROUNDING = 1e-13  # of a standard error: effects that are equal as reported differ by less, by rounding of their scale


def scatter(f: Fit) -> Any:
    """Return y'Py, and 0 where residuals are no more than rounding: of what is fitted, or beside their errors.

    Then standard errors that are scaled by it are 0, and nothing is tested by them.
    """
    total = q(f)
    size = np.abs(f.beta) if f.x is None else np.abs((f.x @ f.beta[..., None])[..., 0]).max(-1)
    k = f.w.shape[-1]
    rounding = np.maximum(k * f.w.max(-1) * (8 * EPSILON * size) ** 2, k * ROUNDING**2)
    return np.where(total <= rounding, 0.0, total)


def ypp(f: Fit) -> Any:
    """Return y'PPy: minus the derivative of y'Py by tau²."""
    u = f.w * f.r
    return np.vecdot(u, u)


def yppp(f: Fit) -> Any:
    """Return y'PPPy: minus half the derivative of y'PPy by tau²."""
    u = f.w * f.r
    wu = f.w * u
    if f.x is None:
        side = wu.sum(-1)
        return np.vecdot(wu, u) - side * side * f.cov
    side = project(f.x, wu)
    return np.vecdot(wu, u) - (side * (f.cov @ side[..., None])[..., 0]).sum(-1)


def trace(f: Fit, d: Any = None) -> Any:
    """Return tr(P D) for a diagonal D, by default the identity."""
    wd = f.w if d is None else f.w * d
    if f.x is None:
        return (f.gram if d is None else wd.sum(-1)) - np.vecdot(f.w, wd) * f.cov
    return wd.sum(-1) - _tr(f.cov, cross(f.x, f.w * wd))


def trace2(f: Fit) -> Any:
    """Return tr(PP), by differences: fast, and exact to the digits that the weights have in common."""
    return traces(f)[1]


def traces(f: Fit) -> tuple[Any, Any]:
    """Return tr(P), as `trace` has it, and tr(PP), as `trace2` has it: both in the time of one."""
    square = f.w * f.w
    total = square.sum(-1)
    if f.x is None:
        a = total * f.cov
        return f.gram - a, total - 2 * np.vecdot(square, f.w) * f.cov + a * a
    own = cross(f.x, square)
    ma = f.cov @ own
    return f.w.sum(-1) - _tr(f.cov, own), total - 2 * _tr(f.cov, cross(f.x, square * f.w)) + _tr(ma, ma)


def trace2_of(f: Fit, d: Any = 1.0) -> Any:
    r"""Return tr(P D P D) of a diagonal D, by default the identity, as a sum of what is not below 0.

    .. math:: tr(PDPD) = \sum_i P_{ii}^2 d_i^2 + \sum_{i \ne j} P_{ij}^2 d_i d_j

    so that it has all its digits also where one weight is far above the others.
    """
    w, wd = f.w, f.w * d
    if f.x is None:
        own, square = wd * _rest(w), w * wd
        return (np.vecdot(own, own) + np.vecdot(square, _rest(square))) * f.cov**2
    basis = np.linalg.qr(np.sqrt(w)[..., None] * f.x)[0]
    pairs = np.einsum("...ki,...kj->...ijk", basis, basis)
    leverage = np.vecdot(basis, basis)
    rest = np.einsum("...ki,...ijk,...kj->...k", basis, _others(pairs), basis)  # leverage * (1 - leverage)
    own = wd * np.divide(rest, leverage, out=1 - leverage, where=leverage > 0.5)
    across = _others(wd[..., None, None, :] * pairs)
    return (own * own).sum(-1) + (wd * np.einsum("...ki,...ijk,...kj->...k", basis, across, basis)).sum(-1)


def _rest(u: Any) -> Any:
    """Return `_others` of what is not below 0: by differences where none is above the half, which keeps its digits."""
    total = u.sum(-1)
    return total[..., None] - u if (2 * u.max(-1) <= total).all() else _others(u)


def _others(u: Any) -> Any:
    """Return for each entry of the last axis the sum of all others, without taking it off the sum of all."""
    rest = np.zeros(u.shape)
    np.add.accumulate(u[..., :-1], axis=-1, out=rest[..., 1:])
    rest[..., :-1] += np.add.accumulate(u[..., :0:-1], axis=-1)[..., ::-1]
    return rest


def log_det(f: Fit) -> Any:
    """Return log det(X'WX)."""
    return np.log(f.gram) if f.x is None else np.linalg.slogdet(f.gram)[1]


def columns(x: Floats | None) -> int:
    """Return the number of coefficients."""
    return 1 if x is None else x.shape[-1]


def _tr(a: Any, b: Any) -> Any:
    return (a * np.swapaxes(b, -1, -2)).sum((-1, -2))
