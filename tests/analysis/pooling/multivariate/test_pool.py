"""pool_multivariate against R's rma.mv, a published analysis, pool, and a dense likelihood written out here."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference import model_scripts
from reference.pinned import Results, assert_same_script, load

import metaonc as mo
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError

REFERENCE = load("mixed")["outcomes"]
SCRIPTS = load("model_scripts")
RESULTS = Results(SCRIPTS, model_scripts.results)
SHARED = Path(__file__).parents[4].parent / "shared" / "survival_refs"
OPTIONS = {"REML": {}, "ML": {"method": "ML"}, "diagonal": {"structure": "diagonal"}}
CASES = [(name, kind) for name in REFERENCE for kind in OPTIONS]
RTOL = 1e-6  # R's optimisers leave about half the digits of the arguments at a maximum
TIGHT = 1e-10
SCRIPT = 2e-5  # the one optimiser of a script, whose gradient is a difference, leaves fewer


def columns(p):
    return [f"y{i}" for i in range(p)], [[f"v{max(i, j)}{min(i, j)}" for j in range(p)] for i in range(p)]


def table_of(y, s):
    yi, cov = columns(y.shape[1])
    out = {name: y[:, i] for i, name in enumerate(yi)}
    return pd.DataFrame(out | {c: s[:, i, j] for i, row in enumerate(cov) for j, c in enumerate(row)})


def fit(name, **options):
    y, s = (np.array(REFERENCE[name][key], dtype=float) for key in ("y", "S"))
    yi, cov = columns(y.shape[1])
    return mo.pool_multivariate(table_of(y, s), yi=yi, cov=cov, **options)


def dense(r, psi):
    """The likelihood with all outcomes in one vector and V written out in full."""
    there = np.isfinite(r.yi).ravel()
    k, p = r.yi.shape
    v = np.kron(np.eye(k), psi)
    for i in range(k):
        v[i * p : i * p + p, i * p : i * p + p] += r.within[i]
    v, y, x = v[np.ix_(there, there)], r.yi.ravel()[there], np.tile(np.eye(p), (k, 1))[there]
    w = np.linalg.inv(v)
    gram = x.T @ w @ x
    e = y - x @ np.linalg.solve(gram, x.T @ w @ y)
    ll = -0.5 * (len(y) * np.log(2 * np.pi) + np.linalg.slogdet(v)[1] + e @ w @ e)
    if r.method == "ML":
        return ll
    return ll + 0.5 * (p * np.log(2 * np.pi) + np.linalg.slogdet(x.T @ x)[1] - np.linalg.slogdet(gram)[1])


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_fits_are_those_of_rma_mv(name, kind):
    r, want = fit(name, **OPTIONS[kind]), REFERENCE[name]["fits"][kind]
    assert r.loglik >= want["loglik"] - 1e-11 * abs(want["loglik"])
    for field in ("loglik", "aic", "bic", "q", "q_df", "q_p"):
        np.testing.assert_allclose(getattr(r, field), want[field], rtol=TIGHT, atol=1e-14, err_msg=field)
    for field in ("estimate", "se", "ci_low", "ci_high"):
        np.testing.assert_allclose(getattr(r, field) / r.se, want[field] / r.se, rtol=RTOL, atol=RTOL, err_msg=field)
    np.testing.assert_allclose(r.statistic, want["statistic"], rtol=RTOL, atol=RTOL)
    np.testing.assert_allclose(np.log(r.p_value), np.log(want["p_value"]), rtol=RTOL, atol=RTOL)
    np.testing.assert_allclose(r.cov, want["cov"], rtol=1e-5)
    np.testing.assert_allclose(np.diag(r.tau2), want["tau2"], rtol=1e-5)
    # where the matrix is nearly singular the likelihood hardly changes with the correlations
    np.testing.assert_allclose(r.tau_correlation, want["rho"], atol=1e-4)
    joint = r.test()
    np.testing.assert_allclose([joint.statistic, joint.df], [want["joint"], want["joint_df"]], rtol=RTOL)
    np.testing.assert_allclose(np.log(joint.p_value), np.log(want["joint_p"]), rtol=RTOL)
    p = len(r.outcomes)
    difference = r.test([1, -1, *[0] * (p - 2)])
    np.testing.assert_allclose(difference.statistic, want["difference"][0], rtol=RTOL)
    np.testing.assert_allclose(np.log(difference.p_value), np.log(want["difference"][1]), rtol=RTOL)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_the_maximum_is_exact(name, kind):
    """Around the estimate a likelihood written out in full falls in every direction that stays a covariance."""
    r = fit(name, **OPTIONS[kind])
    top = dense(r, r.tau2)
    np.testing.assert_allclose(r.loglik, top, rtol=1e-9)
    p, rng = len(r.outcomes), np.random.default_rng(1)
    sd = np.sqrt(np.diag(r.tau2))
    values, vectors = np.linalg.eigh(r.tau2 / np.outer(sd, sd))
    root = sd[:, None] * vectors * np.sqrt(np.maximum(values, 0))
    for _ in range(20):
        # changing a factor keeps the matrix a covariance; the first-order change must vanish on both sides
        change = rng.normal(size=(p, p)) * sd[:, None] * 1e-3
        if kind == "diagonal":
            change = np.diag(np.diag(change)) @ np.linalg.inv(np.diag(sd)) @ root
        both = [dense(r, (root + sign * change) @ (root + sign * change).T) for sign in (1, -1)]
        assert max(both) < top + 1e-10 * abs(top)
        assert abs(both[0] - both[1]) < 0.05 * (2 * top - sum(both)) + 1e-9


def test_outcomes_without_any_correlation_are_pools_of_their_own():
    y, s = (np.array(REFERENCE["three"][key], dtype=float) for key in ("y", "S"))
    s = s * np.eye(3)
    yi, cov = columns(3)
    r = mo.pool_multivariate(table_of(y, s), yi=yi, cov=cov, structure="diagonal")
    for i in range(3):
        there = np.isfinite(y[:, i])
        plain = mo.pool({"yi": y[there, i], "vi": s[there, i, i]}, ci="wald", prediction="wald")
        got = [r.estimate[i], r.se[i], r.tau2[i, i], r.p_value[i], r.prediction_low[i]]
        want = [plain.estimate, plain.se, plain.tau2, plain.p_value, plain.prediction_low]
        np.testing.assert_allclose(got, want, rtol=1e-8)


@pytest.mark.parametrize("name", ["three", "small", "edge"])
def test_order_of_outcomes_and_unit_of_measurement_do_not_matter(name):
    y, s = (np.array(REFERENCE[name][key], dtype=float) for key in ("y", "S"))
    yi, cov = columns(y.shape[1])
    a = fit(name)
    b = mo.pool_multivariate(table_of(y[:, ::-1] * 1e4, s[:, ::-1, ::-1] * 1e8), yi=yi, cov=cov)
    np.testing.assert_allclose(b.estimate[::-1] / 1e4, a.estimate, rtol=1e-7)
    np.testing.assert_allclose(b.tau2[::-1, ::-1] / 1e8, a.tau2, rtol=1e-5)
    assert a.boundary == b.boundary


def test_a_singular_covariance_is_flagged():
    r = fit("small", method="ML")
    assert r.boundary
    np.testing.assert_allclose(abs(r.tau_correlation[0, 1]), 1, atol=1e-12)
    assert "the edge of what is possible" in r.summary()
    assert not fit("berkey").boundary


@pytest.mark.skipif(not SHARED.exists(), reason="the reference is not part of the package")
@pytest.mark.parametrize("rho", [0, 0.5, 0.8])
@pytest.mark.parametrize("method", ["REML", "ML"])
def test_neuroblastoma(rho, method):
    """Disease-free and overall survival by MYC-N, 81 studies of which most report one of the two."""
    long = pd.read_csv(SHARED / "H1_riley2003_input.csv")
    expected = json.loads((SHARED / "H1_riley2003_expected.json").read_text(encoding="utf-8"))["results"]
    wide = long.pivot(index="study", columns="outcome", values=["yi", "vi"])
    d = pd.DataFrame(
        {"dfs": wide["yi"]["DFS"], "os": wide["yi"]["OS"], "v1": wide["vi"]["DFS"], "v2": wide["vi"]["OS"]}
    )
    d["c"] = rho * np.sqrt(d["v1"] * d["v2"])
    r = mo.pool_multivariate(d, yi=["dfs", "os"], cov=[["v1", "c"], ["c", "v2"]], method=method)
    want = expected[f"rho{rho}_{method}"]
    assert r.loglik >= want["ll"] - 1e-11
    np.testing.assert_allclose(r.estimate, want["b"], rtol=1e-6)
    np.testing.assert_allclose(r.se, want["se"], rtol=1e-5)
    np.testing.assert_allclose(np.diag(r.tau2), want["tau2"], rtol=2e-5)
    np.testing.assert_allclose(r.tau_correlation[0, 1], want["rho"], rtol=1e-5)
    assert r.boundary == (rho < 0.8)
    assert r.reported == (42, 56)


def test_result_protocol():
    data = {**model_scripts.OUTCOMES}
    r = mo.pool_multivariate(data, yi=["pfs", "os"], cov=model_scripts.COV, study="trial", measure="HR")
    assert r.measures == ("HR", "HR")
    tidy = r.tidy(transform=True)
    assert len(tidy) == 8 + 2
    assert tidy["se"].isna().all()
    np.testing.assert_allclose(tidy["estimate"].to_numpy()[-2:], np.exp(r.estimate))
    assert r.glance()["k_os"][0] == 4
    assert "4 of 5 trials report 'os'." in r.provenance.notes
    assert "pfs (hazard ratio, 4 trials)" in r.summary()
    assert r.to_dict()["outcomes"] == ["pfs", "os"]
    np.testing.assert_allclose(r.confidence_interval(), np.stack([r.ci_low, r.ci_high], 1))
    np.testing.assert_allclose(
        r.confidence_interval(0.5, transform=True)["ci_high"], np.exp(r.estimate + 0.6744897501960817 * r.se)
    )


def test_joint_region_is_where_the_joint_test_does_not_reject():
    r = fit("berkey")
    outline = r.region("y0", "y1", level=0.9)
    for point in outline.to_numpy()[::40]:
        np.testing.assert_allclose(r.test(null=point).p_value, 0.1, rtol=1e-9)


@pytest.mark.parametrize("name", [n for n in SCRIPTS if n.startswith("multivariate")])
def test_r_scripts_run_to_the_same_numbers(name):
    r, pinned = RESULTS[name], SCRIPTS[name]
    assert_same_script(r.r_code(), pinned["script"])
    for field, want in pinned["r"].items():
        np.testing.assert_allclose(getattr(r, field), want, rtol=SCRIPT, err_msg=field)


def trials(**change):
    base = {"a": [0.1, 0.3, 0.2], "b": [0.2, 0.1, 0.4], "va": [0.02, 0.03, 0.05], "vb": [0.04, 0.02, 0.03],
            "c": [0.01, 0.01, 0.02], "study": ["A", "B", "C"]}  # fmt: skip
    return base | change


BOTH = {"yi": ["a", "b"], "cov": [["va", "c"], ["c", "vb"]], "study": "study"}


@pytest.mark.parametrize(
    ("data", "options", "error", "says"),
    [
        (trials(), {"yi": ["a", "x"]}, ColumnError, "'x' is not a column"),
        (trials(), {"cov": [["va", "c"], ["c", "vx"]]}, ColumnError, "'vx' is not a column"),
        (trials(), {"yi": "ab"}, OptionError, "a list of two outcomes"),
        (trials(), {"cov": [["va", "c"]]}, OptionError, "2 rows of 2 columns"),
        (trials(), {"cov": [["va", "c"], ["vb", "vb"]]}, OptionError, "not symmetric"),
        (trials(), {"method": "DL"}, OptionError, "method='DL'"),
        (trials(), {"structure": "CS"}, OptionError, "structure='CS'"),
        (trials(), {"measure": ["HR"]}, OptionError, "one for each of the 2"),
        (trials(), {"measure": "XX"}, OptionError, "measure='XX'"),
        (trials(va=[0.02, None, 0.05]), {}, DataError, r"trial 'B' \(row 1\): a has no variance \(va\)"),
        (trials(vb=[0.02, -1, 0.05]), {}, DataError, "vb=-1 is not above 0"),
        (trials(c=[0.01, 0.01, None]), {}, DataError, "c is missing, and both"),
        (trials(c=[0.01, 0.9, 0.01]), {}, DataError, "no covariance matrix"),
        (trials(a=[0.1, np.inf, 0.2]), {}, DataError, "is infinite"),
        (trials(va=[0.1, np.inf, 0.2]), {}, DataError, "va is infinite"),
        (trials(b=[0.1, None, None]), {}, DataError, "'b' is reported by 1 trial"),
        (trials(a=[0.1, 0.2, None], b=[None, 0.1, 0.3]), {}, DataError, "1 trials report both"),
    ],
)
def test_bad_input_is_refused(data, options, error, says):
    with pytest.raises(error, match=says):
        mo.pool_multivariate(data, **BOTH | options)


@pytest.mark.parametrize("contrasts", [[1, 0, 0], [[1, 0], [2, 0]]])
def test_contrasts_that_test_nothing_are_refused(contrasts):
    with pytest.raises(OptionError, match="rows of 2 coefficients"):
        fit("berkey").test(contrasts)


def test_trials_without_outcomes_are_left_out_and_said():
    with pytest.warns(DataWarning, match="1 of 3 rows left out"):
        r = mo.pool_multivariate(trials(a=[0.1, None, 0.3], b=[0.2, None, 0.4]), **BOTH)
    assert r.k == 2
    assert r.provenance.dropped == ("trial 'B' (row 1): missing: a, b",)


@pytest.mark.parametrize("kind", ["CR1", "CR2"])
def test_robust_variances_are_those_of_the_sandwich(kind):
    """The sandwich trial by trial, with dense matrices and the symmetric square root of Pustejovsky and Tipton."""
    rng = np.random.default_rng(11)
    y = rng.normal(0, 0.4, (9, 2))
    y[3, 1] = y[6, 0] = np.nan
    v = rng.uniform(0.02, 0.08, (9, 2))
    c = 0.5 * np.sqrt(v.prod(1))
    table = {"y1": y[:, 0], "y2": y[:, 1], "v1": v[:, 0], "c": c, "v2": v[:, 1]}
    r = mo.pool_multivariate(table, yi=["y1", "y2"], cov=[["v1", "c"], ["c", "v2"]])
    meat = np.zeros((2, 2))
    for i in range(9):
        there = np.isfinite(y[i])
        x, s = np.eye(2)[there], (r.within[i] + r.tau2)[np.ix_(there, there)]
        root = np.linalg.cholesky(s).T
        values, vectors = np.linalg.eigh(root @ (s - x @ r.cov @ x.T) @ root.T)
        a = np.eye(there.sum()) if kind == "CR1" else root.T @ (vectors / np.sqrt(values)) @ vectors.T @ root
        score = x.T @ np.linalg.solve(s, a @ (y[i][there] - x @ r.estimate))
        meat += np.outer(score, score)
    cov = r.cov @ meat @ r.cov * (9 / 7 if kind == "CR1" else 1)
    robust = r.robust(kind=kind)
    np.testing.assert_allclose(robust["se"], np.sqrt(np.diag(cov)), rtol=1e-9)
    np.testing.assert_array_equal(robust["estimate"], r.estimate)
    assert (robust["df"] == 7).all() if kind == "CR1" else robust["df"].between(2, 8).all()
    with pytest.raises(OptionError, match="kind='CR9'"):
        r.robust(kind="CR9")
