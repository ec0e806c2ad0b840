"""The prediction interval of Nagashima, Noma and Furukawa, integrated instead of drawn."""

import numpy as np
import pytest
from scipy import special

import metaonc as mo
from metaonc.analysis.numeric import q_distribution

# Ten trials of blood pressure, the hypothetical example of Riley et al. (2011, BMJ 342:d549).
Y = np.array([0.00, 0.10, -0.40, -0.80, -0.63, 0.22, -0.34, -0.51, 0.03, -0.81])
SE = np.array([0.42347717, 0.21939179, 0.02551067, 0.19898325, 0.30102594, 0.30102594, 0.07142988, 0.10204269,
               0.12245123, 0.30102594])  # fmt: skip
MONTE_CARLO = 0.006  # three standard errors of a quantile of 25,000 draws, by which the references were made
EVEN = 1e-5  # what 2000 even quantiles of t lack in its tails


def test_published_example():
    """The vignette of R's pimeta 1.1.3: -0.8807 to 0.2240, of 25,000 bootstrap samples."""
    r = mo.pool({"yi": Y, "vi": SE**2}, prediction="NNF")
    np.testing.assert_allclose([r.prediction_low, r.prediction_high], [-0.8807, 0.2240], atol=MONTE_CARLO)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_drawn_as_in_the_paper(level):
    rng = np.random.default_rng(1)
    size, v = 40_000, SE**2
    q = q_distribution.generalised_q(Y, 1 / v)
    grid = np.concatenate([[0], np.geomspace(1e-6, 50, 500)])
    h = np.array([1 - q_distribution.q_cdf(q, 1 / v, v + t) for t in grid])
    tau2 = np.interp(rng.uniform(size=size), h, grid)
    w = 1 / (v + tau2[:, None])
    mu = (w * Y).sum(1) / w.sum(1)
    se = np.sqrt((w * (Y - mu[:, None]) ** 2).sum(1) / 9 / w.sum(1))
    new = mu + np.sqrt(tau2) * rng.normal(size=size) - rng.standard_t(9, size) * se
    r = mo.pool({"yi": Y, "vi": v}, prediction="NNF", level=level)
    want = np.quantile(new, [(1 - level) / 2, (1 + level) / 2])
    np.testing.assert_allclose([r.prediction_low, r.prediction_high], want, atol=2 * MONTE_CARLO)


def test_scale():
    one = mo.pool({"yi": Y, "vi": SE**2}, prediction="NNF")
    ten = mo.pool({"yi": 10 * Y + 3, "vi": 100 * SE**2}, prediction="NNF")
    np.testing.assert_allclose(ten.prediction_low, 10 * one.prediction_low + 3, rtol=1e-6)


def test_two_trials():
    r = mo.pool({"yi": [0.0, 0.4], "vi": [0.05, 0.08]}, prediction="NNF")
    assert r.prediction_low < r.estimate < r.prediction_high


@pytest.mark.parametrize("y", [[0.0, 0.4], [0.0, 1.5], [0.1, 3.0]])
def test_two_trials_by_the_chi_square_that_q_then_is(y):
    """Q is (1 + 2 tau²/(v1 + v2)) chi-square on 1 df; a grid of tau² and one of t stand for all draws."""
    v = np.array([0.05, 0.08])
    r = mo.pool({"yi": y, "vi": v}, prediction="NNF", level=0.8)
    q = np.ptp(y) ** 2 / v.sum()
    edges = np.concatenate([[0.0], np.geomspace(1e-9, 1e13, 4001)])
    h = special.chdtrc(1, q * v.sum() / (v.sum() + 2 * edges))
    tau2 = np.concatenate([[0.0], np.sqrt(edges[1:-1] * edges[2:]), edges[-1:]])
    share = np.concatenate([h[:1], np.diff(h)[1:], [1 - h[-1] + h[1] - h[0]]])
    w = 1 / (v + tau2[:, None])
    mean = (w * y).sum(1) / w.sum(1)
    se = np.sqrt((w * (np.array(y) - mean[:, None]) ** 2).sum(1) / w.sum(1))
    angle = (np.arange(4000) + 0.5) / 4000 * np.pi - np.pi / 2  # t with one df is the tangent of an even angle
    for limit, p in ((r.prediction_low, 0.1), (r.prediction_high, 0.9)):
        inside = sum(special.ndtr((limit - mean[1:] - se[1:] * np.tan(a)) / np.sqrt(tau2[1:])) for a in angle) / 4000
        at_zero = special.stdtr(1, (limit - mean[0]) / se[0])
        assert share[0] * at_zero + share[1:] @ inside == pytest.approx(p, abs=2e-5)


@pytest.mark.parametrize(("y", "v"), [
    ([0.1, -0.4, 0.3, 0.7], [0.05, 0.002, 0.08, 0.11]),
    ([-0.3, -0.1, -0.6, -0.2, 0.05, -0.9, -0.4], [1e-5, 0.1, 0.2, 0.15, 0.3, 0.11, 0.25]),
])  # fmt: skip
def test_integrated_on_a_dense_grid(y, v):
    """H by the exact distribution of Q on 2000 points of tau², t by 2000 even quantiles: probability at the limits."""
    y, v = np.array(y), np.array(v)
    df = len(y) - 1
    r = mo.pool({"yi": y, "vi": v}, prediction="NNF")
    q = q_distribution.generalised_q(y, 1 / v)
    edges = np.concatenate([[0.0], np.geomspace(1e-8, 1e5, 2001)])
    h = 1 - q_distribution.q_cdf(q, 1 / v, v + edges[:, None])
    share = np.concatenate([h[:1], np.diff(h)])
    tau2 = np.concatenate([[0.0], 0.5 * edges[1:2], np.sqrt(edges[1:-1] * edges[2:])])
    w = 1 / (v + tau2[:, None])
    mean = (w * y).sum(1) / w.sum(1)
    se = np.sqrt((w * (y - mean[:, None]) ** 2).sum(1) / df / w.sum(1))
    t = special.stdtrit(df, (np.arange(2000) + 0.5) / 2000)
    for limit, p in ((r.prediction_low, 0.025), (r.prediction_high, 0.975)):
        at_zero = special.stdtr(df, (limit - mean[0]) / se[0])
        u = (limit - mean[1:, None] - se[1:, None] * t) / np.sqrt(tau2[1:, None])
        assert share[0] * at_zero + share[1:] @ special.ndtr(u).mean(1) == pytest.approx(p, abs=EVEN)
