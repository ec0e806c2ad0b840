"""Boundaries of repeated two-sided tests by error spending: the distribution of a Brownian motion stopped at them."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from .wls import Floats

NODES = np.polynomial.legendre.leggauss(12)
PANELS = 400  # of a look, at most
FAR = 9.0  # standard deviations, beyond which nothing is
HIGHEST = 38.0  # z: the largest boundary that floating point tells from infinity
LEAST = 1e-15  # error that can be spent at a look; less is none


def boundaries(fractions: Floats, spent: Floats) -> Floats:
    r"""Return the boundaries of z at looks at a trial or a growing pool, outside of which a two-sided test rejects.

    The recursion of Armitage, McPherson and Rowe: where f is the density of the score :math:`s = z\sqrt{t}` of a test
    not stopped so far, that at the next look is

    .. math:: f_i(s) = \int_{-c_{i-1}\sqrt{t_{i-1}}}^{c_{i-1}\sqrt{t_{i-1}}} f_{i-1}(u)\,
              \frac{\phi((s - u)/\sqrt{t_i - t_{i-1}})}{\sqrt{t_i - t_{i-1}}}\,du

    and c is found so that the probability beyond it is the error that is spent at the look.

    Parameters
    ----------
    fractions
        Information at each look as a share of that required, rising, above 0, (m,).
    spent
        Two-sided error spent up to each look, not falling, (m,).

    Returns
    -------
    ndarray
        The boundary of \|z\| at each look, (m,); infinity where no error is spent.
    """
    found = np.full(len(fractions), np.inf)
    nodes, mass = np.zeros(1), np.ones(1)  # all at 0 before the first look
    before = 0.0
    errors = np.diff(spent, prepend=0.0)
    for i, (t, error) in enumerate(zip(fractions, errors, strict=True)):
        step = float(np.sqrt(t - before))
        if error > LEAST:
            found[i] = _boundary(nodes, mass, step, float(np.sqrt(t)), float(error))
        edge = min(found[i], FAR) * np.sqrt(t)
        following = float(np.sqrt(fractions[i + 1] - t)) if i + 1 < len(fractions) else step
        new, weights = _grid(float(edge), min(step, following))
        density = np.exp(-0.5 * ((new[:, None] - nodes) / step) ** 2) @ mass / (step * np.sqrt(2 * np.pi))
        nodes, mass, before = new, weights * density, t
    return found


def _boundary(nodes: Floats, mass: Floats, step: float, root: float, error: float) -> float:
    """Return the boundary beyond which a test that goes on lies with this probability."""

    def excess(c: float) -> float:
        edge = c * root
        return float(mass @ (ndtr((nodes - edge) / step) + ndtr((-edge - nodes) / step))) - error

    if excess(0.0) <= 0:  # more error than there is probability left
        return 0.0
    return float(brentq(excess, 0.0, HIGHEST, xtol=1e-12, rtol=1e-12))


def _grid(edge: float, scale: float) -> tuple[Floats, Floats]:
    """Return the nodes and weights of Gauss and Legendre between -edge and edge, fine enough for this scale."""
    panels = int(np.clip(np.ceil(2 * edge / scale), 8, PANELS))
    ends = np.linspace(-edge, edge, panels + 1)
    half = edge / panels
    nodes = (ends[:-1, None] + half * (1 + NODES[0])).ravel()
    return nodes, np.tile(half * NODES[1], panels)


def obrien_fleming(t: Floats, alpha: float) -> Floats:
    """Return the two-sided error spent up to information t (0 to 1), late as O'Brien and Fleming's test spends it.

    Half of it is spent at either side, each by 2 - 2 Phi(z(1 - alpha/4) / sqrt(t)).
    """
    spent: Floats = 4 * ndtr(ndtri(alpha / 4) / np.sqrt(t))
    return spent


def pocock(t: Floats, alpha: float) -> Floats:
    """Return the two-sided error spent up to information t (0 to 1), evenly as Pocock's test: alpha ln(1 + (e-1) t)."""
    spent: Floats = alpha * np.log1p(np.expm1(1.0) * np.asarray(t, dtype=float))
    return spent
