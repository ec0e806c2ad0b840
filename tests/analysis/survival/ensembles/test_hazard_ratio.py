"""The hazard ratio over plausible sets of patients."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo

CLICK = 0.002  # of each axis: largest error of a simulated click
TRIALS, NOMINAL = 24, 0.95


def trial(rng, n=150):
    """Return the patients of two arms, one censored by a data cut, the other also by dropout."""
    arms = []
    for arm, hazard, dropout in (("new", 0.7, 0.15), ("old", 1.0, 0.0)):
        time = rng.exponential(1 / hazard, n)
        cut = rng.uniform(1.0, 3.0, n)
        if dropout:
            cut = np.minimum(cut, rng.exponential(1 / dropout, n))
        arms.append(pd.DataFrame({"time": np.minimum(time, cut), "event": (time <= cut).astype(int), "arm": arm}))
    return pd.concat(arms, ignore_index=True)


def clicked(patients, rng):
    """Return clicks along the curve of each arm."""
    curves, points = mo.survival.kaplan_meier(patients, by="arm").curves, []
    width = patients["time"].max()
    for arm, curve in curves.items():
        x = np.sort(rng.uniform(0, curve.time[-1], 100))
        y = curve.at(x)["survival"]
        x, y = x + rng.uniform(-CLICK, CLICK, 100) * width, y + rng.uniform(-CLICK, CLICK, 100)
        points.append(pd.DataFrame({"arm": arm, "time": np.maximum(x, 0), "survival": np.clip(y, 0, 1)}))
    return pd.concat(points, ignore_index=True)


@pytest.mark.slow
def test_coverage_with_n_alone():
    rng, inside, held = np.random.default_rng(20261125), 0, 0
    for _ in range(TRIALS):
        patients = trial(rng)
        truth = mo.survival.hazard_ratio(patients, control="old").estimate
        arms = mo.curves.reconstruct_arms(
            clicked(patients, rng), points="clicks", n={"new": 150, "old": 150}, accept_unidentified=True
        )
        got = mo.survival.hazard_ratio_of_ensemble(arms.ensemble(40, seed=1), control="old")
        inside += got.range_low <= truth <= got.range_high
        held += got.ci_low <= truth <= got.ci_high
    assert inside >= 18, "fewer than 18 of 24 has probability 0.01 where 90 % are covered"
    assert held >= 21, "fewer than 21 of 24 has probability 0.03 where 95 % are covered"


@pytest.fixture(scope="module")
def ensemble():
    rng = np.random.default_rng(5)
    arms = mo.curves.reconstruct_arms(
        clicked(trial(rng), rng), points="clicks", n={"new": 150, "old": 150}, events={"new": 90, "old": 110}
    )
    return arms.ensemble(20, seed=1)


def test_it_is_cox_on_each_set_and_rubins_rules(ensemble):
    got = mo.survival.hazard_ratio_of_ensemble(ensemble, control="old")
    each = [mo.survival.hazard_ratio(one, control="old") for one in ensemble]
    total = mo.survival.combine([r.estimate for r in each], [r.se**2 for r in each])
    assert (got.estimate, got.se, got.ci_low) == (total.estimate, total.se, total.ci_low)
    assert (got.events_t, got.events_c) == (90, 110)
    assert got.confidence_interval(0.9)[0] > got.ci_low
    assert got.row(study="x")["vi"] == total.se**2
    assert "leaves open" in str(got)


def test_of_19_sets_the_range_is_from_the_lowest_to_the_highest(ensemble):
    got = mo.survival.hazard_ratio_of_ensemble(ensemble.frame[ensemble.frame["draw"] < 19], control="old")
    assert len(got.draws) == 19
    assert got.range_low == pytest.approx(got.draws["estimate"].min(), rel=1e-12)  # 1 / (19 + 1) lie below it
    assert got.range_high == pytest.approx(got.draws["estimate"].max(), rel=1e-12)


def test_a_table_of_sets_gives_the_same(ensemble):
    one = mo.survival.hazard_ratio_of_ensemble(ensemble, control="old")
    two = mo.survival.hazard_ratio_of_ensemble(ensemble.frame, control="old")
    assert (one.estimate, one.se) == (two.estimate, two.se)


def test_a_row_is_pooled_with_others(ensemble):
    rows = [mo.survival.hazard_ratio_of_ensemble(ensemble, control="old").row(study="a")]
    rows.append({"study": "b", "yi": -0.2, "vi": 0.04, "measure": "HR", "route": "published"})
    assert mo.pool(pd.DataFrame(rows), study="study").k == 2


def test_one_arm_is_no_comparison():
    one = mo.curves.reconstruct_ipd([0, 1, 2, 3], [1, 0.8, 0.6, 0.5], points="clicks", n=50, events=22)
    with pytest.raises(mo.errors.DataError, match="of one arm"):
        mo.survival.hazard_ratio_of_ensemble(one.ensemble(2, seed=1), control="old")


def test_a_set_without_a_ratio_is_named(ensemble):
    table = ensemble.frame
    table.loc[(table["draw"] == 3) & (table["arm"] == "new"), "event"] = 0
    with pytest.raises(mo.errors.DataError, match="set 3 of the ensemble"):
        mo.survival.hazard_ratio_of_ensemble(table, control="old")
