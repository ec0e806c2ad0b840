"""leave_k_out: metafor's pools without each pair, random sets, and what changes the conclusion."""

from math import comb

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.errors import DataError, OptionError

R = load("overturning")
TRIALS = pd.DataFrame(R["trials"])
CI = {"knha": "HKSJ", "z": "wald"}


def pool(table=TRIALS, **options):
    return mo.pool(table, study="trial", **{"measure": "HR"} | options)


@pytest.mark.parametrize("case", R["left"], ids=lambda case: case["method"])
def test_r_pools_the_same_without_each_pair(case):
    found = mo.sensitivity.leave_k_out(pool(method=case["method"], ci=CI[case["test"]]))
    assert found["left_out"].tolist() == case["names"]
    for name, want in case["pools"].items():
        atol = 1e-8 if name == "i2" else 1e-10  # in percent: metafor stops a little short of tau² = 0
        np.testing.assert_allclose(found[name], want, rtol=1e-8, atol=atol, err_msg=name)


def test_one_at_a_time_is_leave_one_out():
    one, want = mo.sensitivity.leave_k_out(pool(), k=1), mo.sensitivity.leave_one_out(pool())
    for name in ("estimate", "se", "df", "ci_low", "ci_high", "tau2", "q", "i2"):
        np.testing.assert_allclose(one[name], want[name], rtol=1e-12)


def test_all_rows_of_a_trial_leave_together():
    table = TRIALS.assign(trial=["A", "A", "B", "C", "C", "D"])
    found = mo.sensitivity.leave_k_out(pool(table, ci="wald"), k=2)
    assert found["left_out"].tolist() == [f"{a} and {b}" for a, b in ("AB", "AC", "AD", "BC", "BD", "CD")]
    assert found["k"].tolist() == [3, 2, 3, 3, 4, 3]


def test_what_changes_the_conclusion_is_named():
    found = mo.sensitivity.leave_k_out(pool(ci="wald", method="DL"), k=5)
    single = TRIALS["yi"] + 1.959963984540054 * np.sqrt(TRIALS["vi"]) < 0
    assert len(found.changed) == (~single).sum()
    assert found.own == "below"
    drivers = found.drivers.set_index("study")
    left = {name: set(name.split(" and ")) for name in found["left_out"]}
    for trial in TRIALS["trial"]:
        own = [name for name, out in left.items() if trial in out]
        assert drivers["sets"][trial] == len(own) == 5
        assert drivers["changed"][trial] == found.changed["left_out"].isin(own).sum()
        want = found.table.loc[found["left_out"].isin(own), "estimate"].mean()
        assert drivers["estimate_without"][trial] == pytest.approx(want, rel=1e-12)
    far = (found.farthest["estimate"] - found.whole.estimate).abs()
    assert far.is_monotonic_decreasing


def test_random_sets_are_those_of_the_seed_and_all_different():
    table = pd.DataFrame({"trial": [f"T{i}" for i in range(30)], "yi": np.linspace(-1, 1, 30), "vi": 0.1})
    r = pool(table, method="DL", ci="wald")
    found = mo.sensitivity.leave_k_out(r, k=6, subsets=500, seed=4)
    assert found["left_out"].nunique() == len(found) == 500
    assert found.table.equals(mo.sensitivity.leave_k_out(r, k=6, subsets=500, seed=4).table)
    assert found["k"].eq(24).all()
    shares = found.drivers["sets"] / 500
    assert shares.between(0.2 - 4 * 0.018, 0.2 + 4 * 0.018).all()
    assert not found.exact
    assert mo.sensitivity.leave_k_out(r, k=2).exact
    assert mo.sensitivity.leave_k_out(r, k=3, subsets=comb(30, 3)).exact
    drawn = mo.sensitivity.leave_k_out(r, k=4, subsets=100)
    again = mo.sensitivity.leave_k_out(r, k=4, subsets=100, seed=drawn.seed)
    assert drawn.table.equals(again.table)


def test_a_benchmark_stands_in_for_no_effect():
    es = mo.effect_sizes({"x": [9, 12, 4, 20], "n": [30, 41, 22, 50]}, measure="PLO", events="x", n="n")
    r = mo.pool(es, ci="wald")
    assert mo.sensitivity.leave_k_out(r)["conclusion"].eq("").all()
    found = mo.sensitivity.leave_k_out(r, benchmark=0.2)
    limit = np.log(0.2 / 0.8)
    np.testing.assert_array_equal(found["conclusion"] == "above", found["ci_low"] > limit)
    assert found.benchmark == pytest.approx(limit, rel=1e-14)


def test_what_is_refused():
    for k in (0, 6, 1.5, True):
        with pytest.raises(OptionError, match="must be a whole number from 1 to 5"):
            mo.sensitivity.leave_k_out(pool(), k=k)
    with pytest.raises(OptionError, match="subsets=0 must be a whole number"):
        mo.sensitivity.leave_k_out(pool(), subsets=0)
    with pytest.raises(OptionError, match="subsets=14 are most of 15 sets: take all, by subsets=15"):
        mo.sensitivity.leave_k_out(pool(), subsets=14)
    with pytest.raises(DataError, match="a result of pool is wanted"):
        mo.sensitivity.leave_k_out(TRIALS)


def test_sets_that_move_nothing_are_said_without_a_double_negative():
    table = {"trial": list("ABCDEF"), "yi": [-0.6, -0.55, -0.5, -0.52, -0.58, -0.61], "vi": [0.02] * 6}
    r = mo.sensitivity.leave_k_out(mo.pool(table, study="trial", measure="HR", method="CE", ci="wald"))
    assert r.changed.empty
    assert "The conclusion was the same without any of these sets." in str(mo.results_text(r))
    assert str(r).startswith("Pools of 6 rows without each of 15 sets of 2 trials")
