"""How often the likelihood of a mixed model is computed: climbs to a variance of 0 do not crawl."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.numeric import mixed_model


@pytest.fixture
def computed(monkeypatch):
    """Return the list that a likelihood's variance components are added to, each time it is computed."""
    calls, original = [], mixed_model._terms

    def counted(m, theta, derivatives):
        calls.append(theta)
        return original(m, theta, derivatives)

    monkeypatch.setattr(mixed_model, "_terms", counted)
    return calls


def alike(k):
    rng = np.random.default_rng(3)
    v = rng.uniform(0.02, 0.2, k)
    return pd.DataFrame({"yi": rng.normal(0, 0.3 * np.sqrt(v)), "vi": v})


def test_nested_effects_without_variance(computed):
    d = alike(10).assign(trial=list("aabbccddee"), arm=[1, 2] * 5)
    assert (mo.pool_multilevel(d, levels=["trial", "arm"]).sigma2 == 0).all()
    assert len(computed) <= 30  # 15 starts are compared, and three climbed from


def test_floating_effects_without_variance(computed):
    d = alike(20).assign(trial=np.arange(20) // 2, kras=["mut", "wt"] * 10)
    assert (mo.interaction(d, study="trial", by="kras", contrast=("mut", "wt")).floating_tau2 == 0).all()
    assert len(computed) <= 20


def test_a_known_maximum_is_not_climbed_again(computed):
    rng = np.random.default_rng(3)
    trial = np.repeat(np.arange(8), 2)
    y = rng.normal(0, 0.6, 8)[trial] + rng.normal(0, 0.4, 16)
    d = pd.DataFrame({"yi": y, "vi": 0.05, "trial": trial, "arm": range(16)})
    found = mo.pool_multilevel(d, levels=["trial", "arm"]).sigma2
    assert (found > 0.01).all()
    near = [theta for theta in computed if np.allclose(theta, found, rtol=1e-7, atol=0)]
    assert len(near) <= 6  # the last steps of the first climb, one beside it of each other, and the result
