"""The likelihoods of selection against scipy's adaptive quadrature, and their derivatives against differences."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaln, erf, ndtr, ndtri

import metaonc as mo
from metaonc.analysis.bias.selection.fit import model_of
from metaonc.analysis.bias.selection.intervals import conditional
from metaonc.analysis.bias.selection.published import published
from metaonc.analysis.bias.selection.weight_functions import WEIGHT_FUNCTIONS

Y, V = np.array([0.5, 0.31, -0.1, 0.62, 1.9, 0.05]), np.array([0.04, 0.09, 0.02, 0.16, 0.01, 0.2])
MU, TAU2 = 0.21, 0.07
WEIGHTS = {
    "stepfun": lambda p, q, d, c: np.where(p <= 0.025, 1.0, np.where(p <= 0.5, d[0], d[1])),
    "beta": lambda p, q, d, c: p ** (d[0] - 1) * q ** (d[1] - 1),
    "halfnorm": lambda p, q, d, c: np.exp(-d[0] * c * p**2),
    "negexp": lambda p, q, d, c: np.exp(-d[0] * c * p),
    "logistic": lambda p, q, d, c: 2 * np.exp(-d[0] * c * p) / (1 + np.exp(-d[0] * c * p)),
    "power": lambda p, q, d, c: q ** (d[0] * c),
    "negexppow": lambda p, q, d, c: np.exp(-d[0] * c * p ** (1 / d[1])),
}
CASES = [
    ("stepfun", [0.025, 0.5], [0.6, 0.2], False, "greater", 0.0),
    ("stepfun", [0.025, 0.5], [0.6, 0.2], False, "two-sided", 0.0),
    ("beta", [], [0.97, 1.3], False, "greater", 0.0),
    ("beta", [], [1.4, 0.95], False, "greater", 1e-3),
    ("beta", [], [1.2, 0.7], False, "two-sided", 0.0),
    ("beta", [], [1.2, 0.7], False, "two-sided", 1e-5),
    ("halfnorm", [], [3.0], False, "greater", 0.0),
    ("halfnorm", [0.1], [3.0], True, "less", 0.0),
    ("negexp", [], [40.0], True, "greater", 0.0),
    ("negexp", [0.1], [2.0], False, "two-sided", 0.0),
    ("logistic", [0.025], [5.0], True, "greater", 0.0),
    ("power", [], [0.4], False, "two-sided", 0.0),
    ("power", [], [2.4], False, "two-sided", 1e-5),
    ("power", [], [6.0], True, "greater", 0.0),
    ("negexppow", [], [2.0, 3.0], True, "greater", 0.0),
    ("negexppow", [], [30.0, 0.1], False, "greater", 0.0),
    ("negexppow", [], [5.0, 0.02], False, "two-sided", 0.0),
]


def model(code, at, precise, side, p_min):
    p = published(mo.pool({"yi": Y, "vi": V}), side, 0.95, "x")
    imprecision = (np.sqrt(V / V.max()))[:, None] if precise else 1.0
    return p, model_of(p, WEIGHT_FUNCTIONS[code], np.array(at), None, imprecision, p_min).likelihood


def log_density(x, sd):
    return -0.5 * ((x - MU) / sd) ** 2 - np.log(sd * np.sqrt(2 * np.pi))


def by_quadrature(p, code, at, delta, precise, side, p_min):
    total, c = 0.0, np.sqrt(V / V.max()) if precise else np.ones(len(V))
    two = side == "two-sided"
    for y, v, imprecision in zip(p.y, p.v, c, strict=True):
        se, sd = np.sqrt(v), np.sqrt(v + TAU2)

        def weight(x, se=se, imprecision=imprecision):
            p = 2 * ndtr(-abs(x) / se) if two else ndtr(-x / se)
            q = erf(abs(x) / se / np.sqrt(2)) if two else ndtr(x / se)
            p, q = (min(max(tail, p_min), 1 - p_min) for tail in (p, q))
            if code != "stepfun" and at and p <= at[0]:
                return 1.0
            return float(WEIGHTS[code](p, q, delta, imprecision))

        cuts = [-ndtri(q / (1 + two)) * se for q in (*at, p_min, 1 - p_min) if 0 < q < 1]
        ends = sorted({MU - 12 * sd, MU + 12 * sd, 0.0, *cuts, *(-x for x in cuts if two)})

        def published_density(x, w=weight, sd=sd):
            return w(x) * np.exp(log_density(x, sd))

        parts = [quad(published_density, a, b, epsabs=1e-13, epsrel=1e-11, limit=200)[0] for a, b in pairwise(ends)]
        total += np.log(weight(y)) + log_density(y, sd) - np.log(sum(parts))
    return total


@pytest.mark.parametrize(("code", "at", "delta", "precise", "side", "p_min"), CASES)
def test_the_integral_and_its_derivatives(code, at, delta, precise, side, p_min):
    p, likelihood = model(code, at, precise, side, p_min)
    theta = np.array([MU, TAU2, *delta])
    t = likelihood(theta)
    assert t.value == pytest.approx(by_quadrature(p, code, at, delta, precise, side, p_min), abs=1e-8)
    assert_derivatives(likelihood, theta)


@pytest.mark.parametrize("side", ["greater", "two-sided"])
@pytest.mark.parametrize("delta", [(1.0, 1.0), (0.3, 0.06), (0.5, 0.1), (1.5, 0.2), (30.0, 3.0), (2.0, 5.0)])
def test_without_an_effect_p_is_uniform_and_the_integral_of_the_beta_weight_the_beta_function(side, delta):
    p, likelihood = model("beta", [], False, side, 0.0)
    z, two = p.y / np.sqrt(p.v), side == "two-sided"
    tail, rest = (2 * ndtr(-abs(z)), erf(abs(z) / np.sqrt(2))) if two else (ndtr(-z), ndtr(z))
    a, b = delta
    want = -0.5 * (np.log(2 * np.pi * p.v) + z * z) + (a - 1) * np.log(tail) + (b - 1) * np.log(rest) - betaln(a, b)
    assert likelihood(np.array([0.0, 0.0, *delta])).value == pytest.approx(want.sum(), rel=1e-13)


def assert_derivatives(likelihood, theta):
    t, steps = likelihood(theta), 1e-5 * np.maximum(np.abs(theta), 0.1)
    ups, downs = ([likelihood(theta + sign * np.diag(steps)[i]) for i in range(len(theta))] for sign in (1, -1))
    g = [(up.value - down.value) / (2 * s) for up, down, s in zip(ups, downs, steps, strict=True)]
    h = [(up.g - down.g) / (2 * s) for up, down, s in zip(ups, downs, steps, strict=True)]
    np.testing.assert_allclose(t.g, g, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(t.h, h, rtol=1e-5, atol=1e-5)


def test_given_its_side_of_significance():
    cuts = 1.96 * np.sqrt(V)
    group = (cuts > Y).astype(int)
    likelihood = conditional(Y, V, cuts[:, None], group)
    sd = np.sqrt(V + TAU2)
    below = ndtr((cuts - MU) / sd)
    want = (log_density(Y, sd) - np.log(np.where(group == 0, 1 - below, below))).sum()
    assert likelihood(np.array([MU, TAU2])).value == pytest.approx(want, abs=1e-12)
    assert_derivatives(likelihood, np.array([MU, TAU2]))


def test_nowhere_is_where_the_integral_is_infinite():
    _, likelihood = model("beta", [], False, "greater", 0.0)
    assert likelihood(np.array([0.2, 0.07, 0.05, 1.0])).value == -np.inf
