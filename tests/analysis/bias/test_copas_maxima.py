"""Maxima of Copas and Shi's likelihood: no lower than those of a fine grid, where tau² or rho is at a bound too."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned
from scipy.special import log_ndtr

import metaonc as mo
from metaonc.analysis.numeric.asymmetry.copas import Climb, Trials, likelihood

BCG = pinned.load("small_study_effects")["sets"]["bcg"]
BOUND = 0.9999
ROUNDING = 1e-9
RHOS = np.unique(np.r_[np.linspace(0, 0.98, 50), 1 - np.geomspace(0.02, 1 - BOUND, 15)])


def made(seed, k):
    """Return made-up trials, the smaller the more effective."""
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.005, 0.3, k).round(4)
    return rng.normal(-0.3 - 0.6 * np.sqrt(v), np.sqrt(v)).round(4), v


SETS = {"bcg": (np.array(BCG["yi"]), np.array(BCG["vi"])), "8": made(1, 8), "14": made(2, 14), "19": made(3, 19)}


def highest(y, s, u, means, taus):
    """Return the highest likelihood at each rho over a grid of means and tau², (rhos,): as Copas and Shi write it."""
    ratio = np.exp(-0.5 * u**2 - log_ndtr(u)) / np.sqrt(2 * np.pi)
    rho = RHOS[:, None]
    variance = s**2 / (1 - ratio * (u + ratio) * rho**2)
    total = np.asarray(taus)[:, None, None] + variance  # (taus, rhos, k)
    share = rho * np.sqrt(variance) / total
    spread = np.sqrt(1 - share * rho * np.sqrt(variance))
    e = y - np.asarray(means)[:, None, None, None]
    z = (u + share * e) / spread
    value = log_ndtr(z) - log_ndtr(u) - 0.5 * (np.log(2 * np.pi * total) + e * e / total)
    return value.sum(-1).max((0, 1))


@pytest.mark.parametrize("name", SETS)
def test_no_pair_is_lower_than_a_grid(name):
    """But for ends at the bound of rho, above which a maximum is preferred; these the result tells by rho."""
    y, v = SETS[name]
    s = np.sqrt(v)
    r = mo.bias.copas(mo.pool({"yi": y, "vi": v}, measure="HR", ci="wald"), points=5)
    assert r.alternative == "less"
    rows = pd.concat([r.curve.iloc[1:], r.grid])
    assert len(rows) > 30
    inside = 0
    for row in rows.itertuples():
        means = np.r_[-row.estimate, np.linspace(-0.6, 2.0, 27)]
        taus = np.unique(np.r_[row.tau2, 0, np.geomspace(1e-3, 1.5, 12)])
        grid = highest(-y, s, row.gamma0 + row.gamma1 / s, means, taus)
        assert row.loglik >= grid[0] - ROUNDING  # without correlation it is the pool
        if abs(row.rho) >= BOUND or grid[-1] <= row.loglik:
            inside += 1
            assert row.loglik >= grid.max() - ROUNDING
    assert inside > 0.7 * len(rows)


@pytest.mark.parametrize("name", SETS)
def test_the_slope_is_none_in_what_is_free(name):
    y, v = SETS[name]
    s = np.sqrt(v)
    r = mo.bias.copas(mo.pool({"yi": y, "vi": v}, measure="HR", ci="wald"), points=9)
    rows = pd.concat([r.curve.iloc[1:], r.grid])
    u = rows[["gamma0"]].to_numpy(float) + rows[["gamma1"]].to_numpy(float) / s
    theta = np.column_stack([-rows["estimate"], rows["tau2"], -rows["rho"]]).astype(float)
    g = likelihood(theta, Trials.of(-y, s, u)).g
    at_zero, at_bound = theta[:, 1] == 0, theta[:, 2] >= BOUND
    none = theta[:, 2] == 0
    free = np.column_stack([np.ones(len(g), bool), ~at_zero, ~(at_bound | none)])
    ridge = at_bound[:, None]  # so steep that rounding is felt
    assert (np.abs(g[free & ~ridge]) < 1e-4).all()
    assert (g[at_zero & ~at_bound, 1] <= 1e-6).all()


def test_a_climb_goes_on_where_tau2_is_next_to_its_bound():
    """Cut off at the bound, a step of all three parameters did not climb, and the climb ended 6e-5 too low."""
    rng = np.random.default_rng(3)
    for _ in range(4):
        k = rng.integers(6, 20)
        v = rng.uniform(0.005, 0.3, k)
        y = rng.normal(-0.3 - 0.6 * np.sqrt(v), np.sqrt(v + rng.choice([0, 0.05])))
    s, scale = np.sqrt(v), np.array([v.max() ** 0.5, v.max(), 1.0])
    trials = Trials.of(-y, s, np.full((1, k), -1.3312999))
    bounds = np.array([-np.inf, 0.0, 0.0]), np.array([np.inf, 50.0, BOUND])
    found = Climb(np.array([[0.30398, 1.4e-16, 0.24003]]), trials, *bounds, scale)
    assert found.theta[0, 1] == 0
    assert np.abs(found.at.g[0, [0, 2]]).max() < 1e-8


def jumping():
    """Return made-up trials with two peaks of the likelihood, and their curve at few strengths and at many."""
    rng = np.random.default_rng(19)
    v = rng.uniform(0.01, 0.3, int(rng.integers(5, 30)))
    y = rng.normal(-0.3 - 0.6 * np.sqrt(v), np.sqrt(v + 0.05))
    pool = mo.pool({"yi": y, "vi": v}, measure="HR", ci="wald")
    return [mo.bias.copas(pool, publication=p.tolist(), points=2) for p in (np.linspace(0.9, 0.1, 9), DENSE)]


DENSE = np.linspace(0.9, 0.1, 81)


def test_the_curve_jumps_where_a_dense_one_does():
    coarse, dense = (r.curve for r in jumping())
    steps = dense["estimate"].diff().abs()
    apart = [dense["publication"][[row - 1, row]].tolist() for row in np.flatnonzero(steps > 0.05)]
    assert len(apart) == 2
    assert dense["jump"].tolist() == (steps > 0.05).tolist()
    rows = np.flatnonzero(coarse["jump"])
    told = [coarse["publication"][[row - 1, row]].tolist() for row in rows]
    assert [high >= a >= b >= low for (high, low), (a, b) in zip(told, apart, strict=True)] == [True, True]


def test_a_jump_is_told_and_drawn():
    r = jumping()[0]
    at = np.flatnonzero(r.curve["jump"])
    natural = np.exp(r.curve["estimate"])
    said = [c.text for c in r.cautions if "one peak of the likelihood gives way" in c.text]
    assert len(said) == 1
    for row in at:
        assert f"from {natural[row - 1]:.4g} to {natural[row]:.4g}" in said[0]
    assert said[0][1:] in str(mo.results_text(r))
    assert "broken" in str(mo.table(r))
    lines = [line for line in mo.plot.copas(r).lines if line.get_linestyle() == "-"]
    assert [len(line.get_xdata()) for line in lines] == np.diff([0, *at, len(natural)]).tolist()


def test_a_curve_of_one_peak_is_whole():
    y, v = SETS["bcg"]
    r = mo.bias.copas(mo.pool({"yi": y, "vi": v}, measure="OR", ci="wald"), points=2, publication=[0.8, 0.6, 0.4])
    assert not r.curve["jump"].any()
    assert not any("peak" in c.text for c in r.cautions)
