"""bootstrap: the pools and the limits of R's boot, and what the draws come from."""

import importlib

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.sensitivity.resampling.bootstrap import of_rows
from metaonc.analysis.sensitivity.resampling.limits import bca, percentile, quantiles
from metaonc.errors import DataError, OptionError

R = load("bootstrap")
LEVELS = (0.8, 0.95)


def pool(**options):
    return mo.pool(R["trials"], **{"measure": "HR", "method": "DL"} | options)


def test_r_pools_the_same_draws():
    rows = np.array(R["rows"]) - 1
    found, want = of_rows(pool(), rows), np.array(R["t"])
    np.testing.assert_allclose(found.estimate, want[:, 0], rtol=1e-10)
    np.testing.assert_allclose(found.tau2, want[:, 1], rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(("name", "column"), [("estimate", 0), ("tau2", 1)])
def test_r_has_the_same_limits(name, column):
    t, t0, jack = (np.array(R[key]) for key in ("t", "t0", "jack"))
    for i, level in enumerate(LEVELS):
        np.testing.assert_allclose(percentile(t[:, column], level), R[name]["perc"][i], rtol=1e-10)
        got = bca(t[:, column], t0[column], jack[:, column], level)
        np.testing.assert_allclose(got, R[name]["bca"][i], rtol=1e-8)


def test_quantiles_are_order_statistics_and_what_lies_between():
    draws = np.arange(99.0)[::-1]
    np.testing.assert_allclose(quantiles(draws, [0.01, 0.5, 0.9, 0.99]), [0, 49, 89, 98])
    assert 4 < quantiles(draws, [0.055])[0] < 5
    np.testing.assert_array_equal(quantiles(draws, [0.0, 1.0, np.nan]), [0, 98, np.nan])


def test_the_table_is_of_the_draws():
    r = pool()
    b = mo.sensitivity.bootstrap(r, n=500, seed=3)
    t = b.table.set_index(["term", "interval"])
    assert list(t.index) == [(a, c) for a in ("estimate", "tau2") for c in ("percentile", "BCa")]
    np.testing.assert_array_equal(t.loc[("estimate", "percentile"), ["ci_low", "ci_high"]],
                                  percentile(b.draws["estimate"].to_numpy(), 0.95))  # fmt: skip
    assert t.loc[("estimate", "BCa"), "bias"] == pytest.approx(b.draws["estimate"].mean() - r.estimate)
    assert b.draws.equals(mo.sensitivity.bootstrap(r, n=500, seed=3).draws)
    narrow = mo.sensitivity.bootstrap(r, n=500, seed=3, level=0.5)
    assert narrow["ci_low"][0] > b["ci_low"][0]


def test_parametric_draws_are_of_the_model():
    r = pool(method="CE", ci="wald")
    b = mo.sensitivity.bootstrap(r, n=40_000, seed=5, kind="parametric")
    assert b["interval"].tolist() == ["percentile"]  # tau² is none, and BCa is of trials
    assert b["se"][0] == pytest.approx(r.se, rel=0.02)
    np.testing.assert_allclose(b.table.loc[0, ["ci_low", "ci_high"]].astype(float), [r.ci_low, r.ci_high], atol=0.01)


def test_draws_of_one_seed_do_not_depend_on_the_blocks(monkeypatch):
    module = importlib.import_module("metaonc.analysis.sensitivity.resampling.bootstrap")

    whole = mo.sensitivity.bootstrap(pool(), n=300, seed=2).draws
    monkeypatch.setattr(module, "NUMBERS", 70)
    assert mo.sensitivity.bootstrap(pool(), n=300, seed=2).draws.equals(whole)


def test_few_trials_are_cautioned():
    assert "too narrow" in str(mo.sensitivity.bootstrap(pool(), n=100, seed=1))
    assert "too narrow" not in str(mo.sensitivity.bootstrap(pool(), n=100, seed=1, kind="parametric"))


def test_what_is_refused():
    with pytest.raises(OptionError, match="n=10 must be a whole number from 100"):
        mo.sensitivity.bootstrap(pool(), n=10)
    with pytest.raises(OptionError, match="kind='rows' is not an option"):
        mo.sensitivity.bootstrap(pool(), kind="rows")
    with pytest.raises(DataError, match="2 trials cannot be resampled"):
        mo.sensitivity.bootstrap(mo.pool({"yi": [0.1, 0.2], "vi": [0.1, 0.1]}))
    with pytest.raises(DataError, match="a result of pool is wanted"):
        mo.sensitivity.bootstrap(R["trials"])
