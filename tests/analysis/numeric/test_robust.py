"""Cluster-robust variances against metafor's robust and clubSandwich, and against the formulas written out densely."""

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.numeric import mixed_model
from metaonc.analysis.numeric.robust import ROBUST_METHODS
from metaonc.errors import ColumnError, DataError, OptionError

NESTED = load("mixed")["nested"]
LEVELS = ["outer", "inner"]
RTOL = 1e-6  # R's own optimum of the variance components is about as good
CASES = [(name, method, kind) for name in NESTED for method in ("REML", "ML") for kind in ROBUST_METHODS]


def fit(name, method="REML"):
    return mo.pool_multilevel(NESTED[name]["data"], levels=LEVELS, method=method)


@pytest.mark.parametrize(("name", "method", "kind"), CASES)
def test_robust_is_that_of_r(name, method, kind):
    r, want = fit(name, method).robust(cluster="outer", kind=kind), NESTED[name]["fits"][method]["robust"][kind]
    if np.isnan(want["df"]):  # clubSandwich takes variances of 1e-8 for 0; the test of scale below stands for it
        assert name == "small"
        return
    got = [r.se, r.df, r.ci_low, r.ci_high, r.p_value, r.prediction_low, r.prediction_high]
    keys = ("se", "df", "ci_low", "ci_high", "p_value", "pi_low", "pi_high")
    np.testing.assert_allclose(got, [want[key] for key in keys], rtol=RTOL, atol=1e-12)


@pytest.mark.parametrize("kind", list(ROBUST_METHODS))
def test_the_unit_of_measurement_does_not_matter(kind):
    small = NESTED["small"]["data"]
    large = {**small, "yi": np.array(small["yi"]) * 1e3, "vi": np.array(small["vi"]) * 1e6}
    a, b = (mo.pool_multilevel(d, levels=LEVELS).robust(cluster="outer", kind=kind) for d in (small, large))
    np.testing.assert_allclose([a.se * 1e3, a.df, a.p_value], [b.se, b.df, b.p_value], rtol=1e-8)


def dense_cr2(y, x, v, clusters):
    """CR2 and its degrees of freedom with all matrices written out, V the working covariance."""
    n, p = x.shape
    w = np.linalg.inv(v)
    c = np.linalg.inv(x.T @ w @ x)
    hat = x @ c @ x.T @ w
    beta = c @ x.T @ w @ y
    left = (np.eye(n) - hat) @ v @ (np.eye(n) - hat).T
    meat, parts = np.zeros((p, p)), []
    for g in np.unique(clusters):
        i = np.flatnonzero(clusters == g)
        d = np.linalg.cholesky(v[np.ix_(i, i)]).T
        values, vectors = np.linalg.eigh(d @ left[np.ix_(i, i)] @ d.T)
        root = np.where(values > 1e-10 * values.max(), np.abs(values) + 1e-300, np.inf) ** -0.5
        a = d.T @ (vectors * root) @ vectors.T @ d
        score = x[i].T @ w[np.ix_(i, i)] @ a @ (y - x @ beta)[i]
        meat += np.outer(score, score)
        parts.append((np.eye(n) - hat)[i].T @ a.T @ w[np.ix_(i, i)] @ x[i] @ c)
    df = []
    for j in range(p):
        b = np.stack([part[:, j] for part in parts])
        m = b @ v @ b.T
        df.append(np.trace(m) ** 2 / (m * m).sum())
    return c @ meat @ c, np.array(df)


def test_cr2_of_a_regression_is_the_formula_written_out():
    """Several coefficients, one of which only one cluster knows: there the root is singular."""
    rng = np.random.default_rng(5)
    clusters = np.repeat(np.arange(7), [3, 1, 4, 2, 5, 3, 2])
    n = len(clusters)
    x = np.stack([np.ones(n), rng.normal(size=n), (clusters == 2) * 1.0], 1)
    y, v, theta = rng.normal(size=n), rng.uniform(0.05, 0.3, n), np.array([0.2])

    def build(rows, present):
        return v[rows][:, :, None] * np.eye(rows.shape[1]), np.ones((1, *rows.shape, rows.shape[1]))

    m = mixed_model.model(y, x, clusters, build, restricted=True)
    got = ROBUST_METHODS["CR2"].estimate(m, theta)
    cov, df = dense_cr2(y, x, np.diag(v) + 0.2 * (clusters[:, None] == clusters[None, :]), clusters)
    np.testing.assert_allclose(got.cov, cov, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(got.df, df, rtol=1e-6)


def test_cr1_without_working_correlation_is_the_plain_sandwich():
    data = NESTED["none"]["data"]  # no variance components: weights 1/vi
    r = fit("none").robust(cluster="outer", kind="CR1")
    w = 1 / np.array(data["vi"])
    e = w * (np.array(data["yi"]) - r.estimate)
    sums = [e[[o == g for o in data["outer"]]].sum() for g in "abc"]
    np.testing.assert_allclose(r.se, np.sqrt(1.5 * np.square(sums).sum()) / w.sum(), rtol=1e-12)
    assert (r.df, r.clusters) == (2, 3)


def test_clusters_coarser_than_units():
    data = {**NESTED["unequal"]["data"]}
    data["region"] = [int(o[1:]) % 3 for o in data["outer"]]
    r = mo.pool_multilevel(data, levels=LEVELS)
    coarse = r.robust(cluster="region")
    assert coarse.clusters == 3
    assert coarse.estimate == r.estimate
    assert coarse.df <= 2 + 1e-9
    assert "robust test is itself not reliable" in coarse.summary()
    assert "robust over 3 clusters of region" in coarse.summary()


@pytest.mark.parametrize(
    ("change", "cluster", "kind", "error", "says"),
    [
        ({}, "outer", "CR3", OptionError, "kind='CR3'"),
        ({}, "outr", "CR2", ColumnError, "'outr' is not a column"),
        ({}, "inner", "CR2", DataError, "lies in two clusters of 'inner'"),
        ({"all": [1] * 7}, "all", "CR2", DataError, "one cluster only"),
        ({"part": [1, 1, 1, None, 2, 2, 2]}, "part", "CR1", DataError, "part is missing"),
    ],
)
def test_bad_clusters_are_refused(change, cluster, kind, error, says):
    r = mo.pool_multilevel({**NESTED["two"]["data"], **change}, levels=LEVELS)
    with pytest.raises(error, match=says):
        r.robust(cluster=cluster, kind=kind)
