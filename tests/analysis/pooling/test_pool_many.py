"""pool_many: the numbers of pool, of arrays and of long tables."""

import warnings

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.methods.intervals import CI_METHODS, from_covariance
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.analysis.pooling.inverse_variance import pool_many as module

RNG = np.random.default_rng(7)
M, K = 40, 7
V = RNG.uniform(0.01, 0.4, (M, K))
Y = RNG.normal(0.2, np.sqrt(V + RNG.choice([0.0, 0.1], (M, 1))))
LACKS = RNG.random((M, K)) < 0.35
LACKS[np.arange(M), RNG.integers(0, K, M)] = False  # each has one trial at least
LACKS[0, 1:] = True
HOLES = np.where(LACKS, np.nan, Y), np.where(LACKS, np.nan, V)
COLUMNS = ("k", "estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high", "tau2", "q", "q_p", "i2")
# sums over padded rows add in another order, and tau² is a root to the last digits but one
RTOL, ATOL = 1e-11, 1e-13
CASES = [
    (method, ci) for method in TAU2_METHODS for ci in from_covariance()
    if not CI_METHODS[ci].for_methods or method in CI_METHODS[ci].for_methods
]  # fmt: skip


def singly(y, v, **options):
    there = ~np.isnan(y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.MetaoncWarning)
        r = mo.pool({"yi": y[there], "vi": v[there]}, **options)
    return [getattr(r, name) for name in COLUMNS]


def long(y, v, order=None):
    rows = pd.DataFrame(
        {"set": np.repeat([f"s{i}" for i in range(len(y))], y.shape[1]), "yi": y.ravel(), "vi": v.ravel()}
    )
    rows = rows[rows["yi"].notna()]
    return rows if order is None else rows.iloc[order.permutation(len(rows))]


@pytest.mark.parametrize(("method", "ci"), CASES)
@pytest.mark.parametrize("arrays", [(Y, V), HOLES], ids=["full", "holes"])
def test_the_numbers_are_those_of_pool(arrays, method, ci):
    many = mo.pool_many(*arrays, method=method, ci=ci, level=0.9)
    want = [singly(y, v, method=method, ci=ci, level=0.9) for y, v in zip(*arrays, strict=True)]
    assert tuple(many.columns) == COLUMNS
    np.testing.assert_allclose(many.to_numpy(), np.array(want, dtype=float), rtol=RTOL, atol=ATOL)


def test_a_tau2_that_is_known_is_used():
    many = mo.pool_many(*HOLES, tau2=0.05)
    want = [singly(y, v, tau2=0.05) for y, v in zip(*HOLES, strict=True)]
    np.testing.assert_allclose(many.to_numpy(), np.array(want, dtype=float), rtol=RTOL, atol=ATOL)


def test_a_long_table_in_any_order_gives_the_same():
    many, table = mo.pool_many(*HOLES), mo.pool_many(long(*HOLES, RNG), by="set")
    assert table.index.name == "set"
    np.testing.assert_allclose(table.loc[[f"s{i}" for i in range(M)]], many, rtol=RTOL, atol=ATOL)


@pytest.mark.parametrize("size", [1, 10, 64])
def test_blocks_change_no_number(size, monkeypatch):
    many, table = mo.pool_many(*HOLES), mo.pool_many(long(*HOLES), by="set")
    monkeypatch.setattr(module, "NUMBERS", size)
    np.testing.assert_allclose(mo.pool_many(*HOLES), many, rtol=RTOL, atol=ATOL)
    np.testing.assert_allclose(mo.pool_many(long(*HOLES), by="set"), table, rtol=RTOL, atol=ATOL)


def test_analyses_of_very_different_sizes_are_not_padded_to_the_largest():
    table = pd.DataFrame({"set": ["big"] * 20_000 + [f"s{i}" for i in range(20_000)], "yi": RNG.normal(0, 1, 40_000),
                          "vi": 0.1})  # fmt: skip
    many = mo.pool_many(table, by="set", method="DL", ci="wald")  # padded it would take 3 GB an array
    assert many.loc["big", "k"] == 20_000
    assert many.index[0] == "big"


def test_variances_of_all_analyses_may_be_given_once():
    np.testing.assert_array_equal(mo.pool_many(HOLES[0], V[0]), mo.pool_many(HOLES[0], np.where(LACKS, np.nan, V[0])))


def test_input_is_not_changed():
    y, v = HOLES[0].copy(), HOLES[1].copy()
    mo.pool_many(y, v)
    np.testing.assert_array_equal(y, HOLES[0])
    np.testing.assert_array_equal(v, HOLES[1])


def put(array, value):
    out = array.copy()
    out[3, 2] = value
    return out


@pytest.mark.parametrize(
    ("y", "v", "says"),
    [
        (put(Y, np.nan), V, "row 3, column 2: effect nan, variance"),
        (Y, put(V, np.nan), "row 3, column 2: effect"),
        (Y, put(V, 0.0), r"row 3, column 2: variance 0 is not above 0"),
        (Y, put(V, -1.0), r"variance -1 is not above 0"),
        (put(Y, np.inf), V, "row 3, column 2: effect inf"),
        (Y, V[:, :3], "give \\(m, k\\) both"),
        (np.full((2, 3), np.nan), np.full((2, 3), np.nan), "row 0: no trial has an effect"),
        (np.array([["a"]]), V, "an array of numbers, not of"),
    ],
)
def test_arrays_that_are_no_effects_are_refused(y, v, says):
    with pytest.raises(mo.DataError, match=says):
        mo.pool_many(y, v)


def test_options_and_tables_that_cannot_be_are_refused():
    with pytest.raises(mo.OptionError, match="by= must name"):
        mo.pool_many(long(Y, V))
    with pytest.raises(mo.OptionError, match="leave it out"):
        mo.pool_many(Y, V, by="set")
    with pytest.raises(mo.OptionError, match="ci='HC'"):
        mo.pool_many(Y, V, method="DL", ci="HC")
    with pytest.raises(mo.OptionError, match="method='GENQ'"):
        mo.pool_many(Y, V, method="GENQ")
    with pytest.raises(mo.OptionError, match="made for method='REML'"):
        mo.pool_many(Y, V, method="DL", ci="KR")
    with pytest.raises(mo.DataError, match=r"\(row 1\): yi=0\.3, vi=nan"):
        mo.pool_many({"set": ["a", "a"], "yi": [0.1, 0.3], "vi": [0.1, None]}, by="set")
    with pytest.raises(mo.DataError, match="set is missing"):
        mo.pool_many({"set": ["a", None], "yi": [0.1, 0.3], "vi": [0.1, 0.1]}, by="set")
    with pytest.raises(mo.DataError, match="set 'b': no trial has an effect"), pytest.warns(mo.DataWarning):
        mo.pool_many({"set": ["a", "b"], "yi": [0.1, None], "vi": [0.1, None]}, by="set")
