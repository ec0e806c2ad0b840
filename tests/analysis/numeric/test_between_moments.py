"""The covariance between studies by moments: numbers of R's mixmeta 1.2.0, and what it is of one outcome."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.numeric import between
from metaonc.errors import OptionError

# effects of nine simulated trials on log scale and log shape of Weibull models, and their covariances, as R had them
Y = np.array([
    [-0.277830705166714, -0.162902642737416], [-0.228643732262718, -0.196531895548981],
    [0.114989873977029, -0.109082101219338], [-0.31890125745879, -0.076276904289319],
    [-0.700865283359701, 0.0968115591914717], [-0.687427706345407, -0.00110879694091328],
    [0.472108475154766, -0.253804075126881], [0.105759562572617, -0.101024677820491],
    [0.0785871195102164, -0.161498328140443],
])  # fmt: skip
V = np.array([
    [0.245438335931838, -0.0684195610920603, 0.0220647959621573],
    [0.327652578836921, -0.0961668933365135, 0.0334062321090958],
    [0.0608481368038436, -0.0223478813272715, 0.0117825266007403],
    [0.308080879777736, -0.087993395627042, 0.0292225866395476],
    [0.195115687445152, -0.0558706814148673, 0.018890802109572],
    [0.256682317166958, -0.0695778578563181, 0.0217325809798945],
    [0.121430392315815, -0.0382410264333983, 0.0149330953427309],
    [0.136377057084981, -0.0423744053816662, 0.0163854744397197],
    [0.204009822571311, -0.0576155953971322, 0.0189790061691884],
])  # fmt: skip
S = V[:, [[0, 1], [1, 2]]]
MIXMETA = {
    "MM": ([-0.0337625054601547, -0.137370649828161],
           [[0.0180718989336698, -0.00497775947414625], [-0.00497775947414625, 0.00235326161852788]],
           [[0.00242588281594993, 0.00296353480303792], [0.00296353480303792, 0.00362038453269648]]),
    "CE": ([0.014363851169576, -0.148978314022413],
           [[0.0171399921303632, -0.00510584090746361], [-0.00510584090746361, 0.00188181567011217]],
           np.zeros((2, 2))),
}  # fmt: skip
TIGHT = {"rtol": 1e-6, "atol": 1e-9}
EDGE = 2e-8  # Psi is singular here: its lesser eigenvalue is 0, and 1.5e-8 (root of rounding), the least mixmeta has


def table(y=Y):
    columns = {"y1": y[:, 0], "y2": y[:, 1], "v1": V[:, 0], "c": V[:, 1], "v2": V[:, 2]}
    return pd.DataFrame({"trial": list("ABCDEFGHI"), **columns})


def pool(data, **options):
    return mo.pool_multivariate(data, yi=["y1", "y2"], cov=[["v1", "c"], ["c", "v2"]], study="trial", **options)


@pytest.mark.parametrize("method", MIXMETA)
def test_pools_are_those_of_mixmeta(method):
    estimate, cov, psi = MIXMETA[method]
    r = pool(table(), method=method)
    np.testing.assert_allclose(r.estimate, estimate, **TIGHT)
    np.testing.assert_allclose(r.cov, cov, **TIGHT)
    np.testing.assert_allclose(r.tau2, psi, rtol=0, atol=EDGE)
    assert np.isnan(r.prediction_low).all() == (method == "CE")


def test_of_one_outcome_it_is_dersimonian_and_lairds():
    got = between.moments(Y[:, :1], S[:, :1, :1]).cov[0, 0]
    one = mo.pool({"yi": Y[:, 0], "vi": V[:, 0]}, method="DL", ci="wald")
    assert got == pytest.approx(one.tau2, rel=1e-10, abs=1e-12)
    spread = Y[:, :1] * 3  # with heterogeneity
    one = mo.pool({"yi": spread[:, 0], "vi": V[:, 0]}, method="DL", ci="wald")
    assert between.moments(spread, S[:, :1, :1]).cov[0, 0] == pytest.approx(one.tau2, rel=1e-10)
    assert one.tau2 > 0


def test_outcomes_without_covariance_within_trials_and_all_reported_have_their_own_variances():
    own = S * np.eye(2)
    spread = Y * np.array([3.0, 4.0])
    got = between.moments(spread, own).cov
    for j in range(2):
        assert got[j, j] == pytest.approx(between.moments(spread[:, j : j + 1], own[:, j : j + 1, j : j + 1]).cov[0, 0])


def test_with_outcomes_missing_it_is_right_on_average():
    psi = np.array([[1.0, 0.6], [0.6, 2.0]])
    rng = np.random.default_rng(11)
    k, draws = 25, 600
    within = np.tile(S[:5], (5, 1, 1))
    root = np.linalg.cholesky(within + psi)
    missing = np.zeros((k, 2), dtype=bool)
    missing[:8, 1] = missing[20:, 0] = True
    found = []
    for _ in range(draws):
        y = np.einsum("kij,kj->ki", root, rng.normal(size=(k, 2)))
        found.append(between.moments(np.where(missing, np.nan, y), within).cov)
    mean, error = np.mean(found, 0), np.std(found, 0) / np.sqrt(draws)
    assert (np.abs(mean - psi) < 3.5 * error).all()


def test_its_structure_is_whole():
    with pytest.raises(OptionError, match="method='MM' estimates the whole covariance"):
        pool(table(), method="MM", structure="diagonal")


def test_texts_say_what_was_done():
    common, moments = pool(table(), method="CE"), pool(table(), method="MM")
    assert "a multivariate common-effect model" in str(mo.methods_text(common))
    assert "expected between" not in str(mo.results_text(common))
    assert "the method of moments" in str(mo.methods_text(moments))
    assert "common effects" in str(mo.table(common))
