"""Random effects crossed within trials, against metafor (tests/reference/crossed.R)."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo

R = pinned.load("crossed")
DATA = pd.DataFrame(R["data"])
BFGS = 1e-6  # where metafor's optimiser stops, in the variance components


def fit(table=DATA, **options):
    return mo.pool_multilevel(table, levels=["study"], crossed=["outcome", "time"], **options)


@pytest.mark.parametrize("want", R["fits"], ids=lambda f: f["method"])
def test_metafor(want):
    r = fit(method=want["method"])
    assert -1e-9 < r.loglik - want["loglik"] < 1e-6  # by ML a component is 0, and metafor stops short of it
    np.testing.assert_allclose([r.estimate, r.se], [want["estimate"], want["se"]], rtol=BFGS)
    np.testing.assert_allclose(r.sigma2, want["sigma2"], rtol=10 * BFGS, atol=BFGS)
    np.testing.assert_allclose(r.robust(cluster="study", kind="CR1").se, want["cr1"], rtol=BFGS)
    assert (r.components, r.units) == (("study", "outcome", "time"), (12, 33, 33))


def test_order_of_crossed_columns_does_not_matter():
    other = mo.pool_multilevel(DATA, levels=["study"], crossed=["time", "outcome"])
    np.testing.assert_allclose(other.sigma2[[0, 2, 1]], fit().sigma2, rtol=1e-7)


def test_one_crossed_column_is_a_nested_one():
    crossed = mo.pool_multilevel(DATA, levels=["study"], crossed=["outcome"])
    nested = mo.pool_multilevel(DATA, levels=["study", "outcome"])
    np.testing.assert_allclose([*crossed.sigma2, crossed.loglik], [*nested.sigma2, nested.loglik], rtol=1e-9)


def test_interval_and_script_name_the_components():
    r = fit()
    low, high = r.sigma2_ci("time")
    assert low < r.sigma2[2] < high
    assert "random = list(~ 1 | level1, ~ 1 | crossed1, ~ 1 | crossed2)" in r.r_code()
    assert "time: 33 units" in str(r)


@pytest.mark.parametrize(
    ("crossed", "error", "match"),
    [("time", mo.OptionError, "must be a list"), (["tme"], mo.ColumnError, "crossed='tme' is not a column")],
)
def test_errors(crossed, error, match):
    with pytest.raises(error, match=match):
        mo.pool_multilevel(DATA, levels=["study"], crossed=crossed)
