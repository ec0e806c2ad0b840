"""Kenward and Roger's covariance and degrees of freedom, here and as a function of R."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..numeric import wls

R_FUNCTION = """\
# KR is not in metafor: its formulas
kenward_roger <- function(res) {
  X <- unname(res$X)
  w <- 1 / (res$vi + res$tau2)
  plain <- solve(crossprod(X, w * X))
  M <- diag(w, length(w)) - (w * X) %*% plain %*% t(w * X)
  information <- sum(M * M) / 2
  P <- crossprod(X, w^2 * X)
  V <- plain + 2 / information * plain %*% (crossprod(X, w^3 * X) - P %*% plain %*% P) %*% plain
  df <- 2 * information * (diag(V) / diag(V %*% P %*% V))^2
  half <- qt(1 - res$level / 2, df) * sqrt(diag(V))
  list(beta = res$beta, vb = V, se = sqrt(diag(V)), ddf = df, ci.lb = c(res$beta) - half, ci.ub = c(res$beta) + half)
}"""


def adjust(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    r"""Return the covariance inflated for the estimation of tau² by REML, and Satterthwaite's degrees of freedom.

    .. math:: \Phi_A = \Phi + \frac{2}{I}\Phi(Q - P\Phi P)\Phi, \quad P = X^T W^2 X, \; Q = X^T W^3 X,
              \; I = tr(PP)/2

    of one coefficient c: df = 2 I (c'\Phi_A c)^2 / (c'\Phi_A P \Phi_A c)^2. As Partlett and Riley (2017) do, and R's
    meta after them, the adjusted covariance stands here, where Kenward and Roger (1997) have the plain one.
    """
    information = wls.trace2_of(f) / 2
    w2 = f.w * f.w
    if f.x is None:
        p = w2.sum(-1)
        apart = f.w - (p * f.cov)[..., None]
        with np.errstate(divide="ignore", invalid="ignore"):  # in a batch one trial alone has no information
            cov = f.cov + 2 / information * f.cov**2 * np.vecdot(f.w, apart * apart)
            return cov, 2 * information / (cov * p) ** 2
    p = wls.cross(f.x, w2)
    apart = f.w[..., None] * f.x - f.x @ (f.cov @ p)  # their squares, weighted, are Q - P Phi P without cancellation
    cov = f.cov + (2 / information)[..., None, None] * (f.cov @ wls.cross(apart, f.w) @ f.cov)
    spread = np.diagonal(cov @ p @ cov, axis1=-2, axis2=-1)
    return cov, 2 * information[..., None] * (np.diagonal(cov, axis1=-2, axis2=-1) / spread) ** 2
