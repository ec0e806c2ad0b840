"""Each pair (gamma0, gamma1) with what the model estimates under it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from ...methods.tau2 import TAU2_METHODS
from ...numeric import wls
from ...numeric.asymmetry.copas import LOG_2PI, Trials, maximise
from ...numeric.asymmetry.copas_branches import gaps
from ...numeric.asymmetry.line import design
from ...numeric.distributions import chi2_p, critical
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ..selection.published import Published
from .result import BOUND

# of rho, along which the likelihood is gone through: the denser, the nearer to the bound
RHOS = np.concatenate([np.linspace(0.0, 0.9, 10), 1 - np.geomspace(0.08, 1 - BOUND, 24)])
NEIGHBOURS = 6
SEEN = 0.05  # standard errors of the pool without selection: means of two maxima nearer than that are one in print


def fitted(p: Published, pairs: Floats, level: float) -> pd.DataFrame:
    """Return the effect under each pair, (m, 2), with what the pair means for publication.

    Returns
    -------
    pandas.DataFrame
        gamma0, gamma1, publication (of the least precise trial), estimate, se, ci_low, ci_high (NaN where rho is at its
        bound), tau2, rho (above 0: larger effects are favoured), unpublished, p_residual, loglik.
    """
    s = np.sqrt(p.v)
    u = pairs[:, :1] + pairs[:, 1:] / s
    both = p.alternative == "two-sided"
    mean, tau2 = p.start
    start, rhos = np.array([mean, tau2 + 0.1 * p.scale[1]]), np.unique([*RHOS, *-RHOS]) if both else RHOS
    found = maximise(Trials.of(p.y, s, u), start, rhos, *_bounds(p), _near(pairs))
    mu, between, rho = found.theta.T
    chance = ndtr(u)
    se = np.where(np.abs(rho) < BOUND, found.se, np.nan)  # on a ridge at the bound there is no curvature to trust
    return _table(p, level, pairs, chance[:, s.argmax()], mu, se, between, rho,
                  ((1 - chance) / chance).sum(-1), found.loglik)  # fmt: skip


def jumps(p: Published, curve: pd.DataFrame) -> Any:
    """Return whether each row of a curve is of another maximum than the row before, (m,)."""
    pairs = curve[["gamma0", "gamma1"]].to_numpy(dtype=float)
    theta = curve[["estimate", "tau2", "rho"]].to_numpy(dtype=float) * [p.sign, 1.0, p.sign]
    apart = gaps(p.y, np.sqrt(p.v), pairs, theta, *_bounds(p))
    return np.append(False, apart > SEEN * p.without.se)


def _bounds(p: Published) -> tuple[Floats, Floats, Floats]:
    """Return the least and greatest mu, tau² and rho, and their sizes."""
    least = -BOUND if p.alternative == "two-sided" else 0.0
    lower, upper = np.array([-np.inf, p.tau2[0], least]), np.array([np.inf, p.tau2[1], BOUND])
    return lower, upper, np.append(p.scale, 1.0)


def _near(pairs: Floats) -> Any:
    """Return the nearest pairs to each, (m, n)."""
    at = pairs / np.maximum(np.ptp(pairs, axis=0), 1e-12)
    apart = ((at[:, None] - at) ** 2).sum(-1)
    np.fill_diagonal(apart, np.inf)
    n = min(NEIGHBOURS, len(pairs) - 1)
    return np.argpartition(apart, n - 1, axis=1)[:, :n]


def unselected(p: Published, level: float) -> pd.DataFrame:
    """Return the row of no selection."""
    w = p.without
    one = np.ones(1)
    return _table(p, level, np.full((1, 2), np.nan), one, p.sign * w.estimate * one, w.se * one, w.tau2 * one,
                  np.nan * one, 0 * one, p.loglik * one)  # fmt: skip


def _table(p: Published, level: float, pairs: Floats, publication: Any, mu: Any, se: Any, tau2: Any, rho: Any,
           unpublished: Any, loglik: Any) -> pd.DataFrame:  # fmt: skip
    """Return rows of pairs, effects turned back to the scale of analysis."""
    half, estimate = float(critical(level)) * se, p.sign * mu
    residual = chi2_p(np.maximum(2 * (_line(p) - loglik), 0.0), 1)
    return pd.DataFrame({
        "gamma0": pairs[:, 0], "gamma1": pairs[:, 1], "publication": publication, "estimate": estimate, "se": se,
        "ci_low": estimate - half, "ci_high": estimate + half, "tau2": tau2, "rho": p.sign * rho,
        "unpublished": unpublished, "p_residual": residual, "loglik": loglik,
    })  # fmt: skip


def _line(p: Published) -> float:
    """Return the log likelihood of a line through the funnel, effects by standard errors, without selection."""
    x = np.linalg.qr(design(np.sqrt(p.v)))[0]
    low, high = p.tau2
    tau2 = low if low == high else float(TAU2_METHODS["ML"].estimate(p.y, p.v, x))
    fit = wls.fit(weights(p.v, tau2), p.y, x)
    return float(0.5 * (np.log(fit.w) - LOG_2PI - fit.w * fit.r**2).sum())
