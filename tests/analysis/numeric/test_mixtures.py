"""Quantiles of mixtures of normal distributions."""

import numpy as np
import pytest
from scipy import special

from metaonc.analysis.numeric import mixtures
from metaonc.analysis.numeric.quadrature import chi_square_rule

P = np.array([1e-9, 0.025, 0.3, 0.5, 0.9, 0.975, 0.9999])


def test_of_one_component_they_are_those_of_a_normal_variable():
    x = mixtures.quantile(P, np.ones(1), np.array([0.4]), np.array([0.7]))
    np.testing.assert_allclose(x, 0.4 + 0.7 * special.ndtri(P), rtol=1e-13)


@pytest.mark.parametrize("seed", range(40))
def test_components_that_lie_apart(seed):
    """The distribution function then has stairs, on which steps by its slope go to and fro."""
    rng = np.random.default_rng(seed)
    mass = rng.dirichlet(np.ones(20))
    mean, sd = rng.normal(0, 3, (3, 20)), np.exp(rng.normal(-2, 2, (3, 20)))
    x = mixtures.quantile(P, mass, mean, sd)
    below = (special.ndtr((x[..., None] - mean[:, None]) / sd[:, None]) * mass).sum(-1)
    np.testing.assert_allclose(below, np.broadcast_to(P, below.shape), rtol=1e-10)


@pytest.mark.parametrize("df", [3, 8, 40])
def test_a_scale_mixture_is_students_t(df):
    """Over the points of a chi-square variable a normal distribution becomes t."""
    scale, share = chi_square_rule(df, 0.3)
    p = np.array([0.025, 0.2, 0.975])
    x = mixtures.quantile(p, share, np.zeros(len(scale)), scale**-0.5)
    np.testing.assert_allclose(x, special.stdtrit(df, p), rtol=1e-7)
