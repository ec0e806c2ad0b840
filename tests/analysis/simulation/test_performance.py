"""Measures of performance by the formulas of Morris, White and Crowther (2019), written out on all draws at once."""

import numpy as np
import pytest
from scipy import special

import metaonc as mo
from metaonc.analysis.simulation.analyses.analysis import Outcomes
from metaonc.analysis.simulation.performance import added, measures, probability_inside, sums

S = mo.simulation
SCENARIO = S.EffectTrials(mu=0.2, tau=0.3)


def outcomes(n):
    rng = np.random.default_rng(1)
    estimate, se = rng.normal(0.25, 0.5, n), rng.uniform(0.3, 0.6, n)
    estimate[::10] = np.nan
    return Outcomes(estimate, se, estimate - 2 * se, estimate + 2 * se, rng.uniform(size=n), estimate - 1, estimate + 1)


def test_measures_of_blocks_are_those_of_all_draws():
    o = outcomes(400)
    parts = [Outcomes(*(x[rows] for x in o)) for rows in (slice(0, 150), slice(150, 400))]
    m = measures(added(sums(part, 0.2, SCENARIO, 0.95) for part in parts), True)
    there = np.isfinite(o.estimate)
    e, se, low, high, p = (x[there] for x in o[:5])
    n = there.sum()
    empirical = e.std(ddof=1)
    model = np.sqrt((se**2).mean())
    model_mcse = np.sqrt((se**2).var(ddof=1) / (4 * n * model**2))
    cover = ((low <= 0.2) & (high >= 0.2)).mean()
    inside = special.ndtr((e + 1 - 0.2) / 0.3) - special.ndtr((e - 1 - 0.2) / 0.3)
    squared = (e - 0.2) ** 2
    width = np.log(high - low)
    want = {
        "n": 400, "failed": 0.1, "bias": e.mean() - 0.2, "bias_mcse": empirical / np.sqrt(n),
        "empirical_se": empirical, "empirical_se_mcse": empirical / np.sqrt(2 * (n - 1)),
        "mse": squared.mean(), "mse_mcse": squared.std(ddof=1) / np.sqrt(n), "model_se": model,
        "model_se_mcse": model_mcse, "se_error": 100 * (model / empirical - 1),
        "se_error_mcse": 100 * model / empirical * np.sqrt(
            (se**2).var(ddof=1) / (4 * n * model**4) + 1 / (2 * (n - 1))),
        "coverage": cover, "coverage_mcse": np.sqrt(cover * (1 - cover) / n), "below": (high < 0.2).mean(),
        "above": (low > 0.2).mean(), "width": np.exp(width.mean()),
        "width_mcse": np.exp(width.mean()) * width.std(ddof=1) / np.sqrt(n), "rejection": (p < 0.05).mean(),
        "prediction_coverage": inside.mean(), "prediction_coverage_mcse": inside.std(ddof=1) / np.sqrt(n),
        "prediction_width": 2.0,
    }  # fmt: skip
    for name, value in want.items():
        assert m[name] == pytest.approx(value, rel=1e-9), name


def test_without_heterogeneity_a_new_effect_is_the_mean():
    ends = np.array([-1.0, 0.1]), np.array([0.5, 0.5])
    assert probability_inside(*ends, S.EffectTrials(mu=0.0)).tolist() == [1.0, 0.0]


def test_all_that_failed_leaves_nothing():
    lost = Outcomes(*np.full((7, 3), np.nan))
    m = measures(sums(lost, 0.0, SCENARIO, 0.95), True)
    assert m["failed"] == 1
    assert np.isnan([m["bias"], m["coverage"], m["width"], m["rejection"], m["prediction_coverage"]]).all()
