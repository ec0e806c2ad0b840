"""pool_peto against R's rma.peto, and against identities."""

import warnings

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.errors import DataError, DataWarning

REFERENCE = load("mantel_haenszel")
RTOL = 1e-10  # sums over strata on both sides; differences of the sums lose some of 16 digits
COLUMNS = {"events_t": "events_t", "n_t": "n_t", "events_c": "events_c", "n_c": "n_c"}


def peto(table):
    """Pool; that trials which say nothing of a ratio are left out has tests of its own."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*says nothing of the ratio", DataWarning)
        return mo.pool_peto(table, **COLUMNS)


@pytest.mark.parametrize("case", REFERENCE["peto"], ids=lambda c: c["table"])
def test_pools_are_those_of_rma_peto(case):
    table = REFERENCE["tables"][case["table"]]
    r = peto(table)
    names = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value", "q", "q_p")
    for name in names + (("i2", "h2") if case["k"] > 1 else ()):
        np.testing.assert_allclose(getattr(r, name), case[name], rtol=RTOL, atol=1e-12, err_msg=name)
    a, n, c, m = (np.atleast_1d(table[name]) for name in COLUMNS)
    entered = (a + c > 0) & (a + c < n + m)  # R counts the others too, with weight 0 and without an effect
    assert (r.k, r.tau2, r.measure, r.method) == (entered.sum(), 0.0, "PETO", "PETO")
    assert case["k"] == len(entered)
    if case.get("yi"):
        np.testing.assert_allclose(r.weights, np.atleast_1d(case["weights"])[entered], rtol=RTOL, atol=1e-12)
        np.testing.assert_allclose(r.studies.yi, np.atleast_1d(np.array(case["yi"], float))[entered], rtol=RTOL)
        np.testing.assert_allclose(r.studies.vi, np.atleast_1d(np.array(case["vi"], float))[entered], rtol=RTOL)


def test_without_zero_cells_it_is_the_common_effect_pool_of_petos_effects():
    table = REFERENCE["tables"]["bcg"]
    r = mo.pool_peto(table, **COLUMNS)
    same = mo.pool(mo.effect_sizes(table, measure="PETO", **COLUMNS), method="CE", ci="wald")
    for name in ("estimate", "se", "q", "q_p", "i2", "weights"):
        np.testing.assert_allclose(getattr(r, name), getattr(same, name), rtol=1e-12)


def test_q_keeps_its_digits_where_trials_agree():
    """As a difference of squares Q of equal trials would be rounding noise of either sign."""
    table = {"events_t": [100_001] * 5, "n_t": [500_000] * 5, "events_c": [90_000] * 5, "n_c": [500_000] * 5}
    r = mo.pool_peto(table, **COLUMNS)
    assert 0 <= r.q < 1e-20
    assert r.i2 == 0


def test_subgroups_r_code_and_summary():
    table = {**REFERENCE["tables"]["zeros"], "by": list("aabbbbaa")}
    with pytest.warns(DataWarning, match="2 of 8 rows left out"):
        r = mo.pool_subgroups(table, by="by", using=mo.pool_peto, **COLUMNS)
    assert list(r.groups) == ["a", "b"]
    assert "rma.peto(ai = x1, n1i = n1, ci = x2, n2i = n2" in r.r_code()
    assert "odds ratio" in r.summary()


def test_trials_of_one_outcome_cannot_be_pooled():
    table = {"events_t": [0, 20], "n_t": [20, 20], "events_c": [0, 30], "n_c": [43, 30]}
    with pytest.raises(
        DataError, match=r"no row has counts that say anything of the ratio\. trial '1' \(row 0\): no events"
    ):
        mo.pool_peto(table, **COLUMNS)
