"""Models of plausible sets of the same patients, combined by Rubin's rules."""

import numpy as np
import pandas as pd
import pytest
import result_kinds
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError, OptionError

TABLE = result_kinds.trial_sets(5, 4)
SETS = [own.drop(columns="draw") for _, own in TABLE.groupby("draw")]


def rubin(pairs):
    q, se = np.array(pairs).T
    return q.mean(), np.sqrt((se**2).mean() + (1 + 1 / len(q)) * q.var(ddof=1))


@pytest.mark.parametrize("options", [{"ci": "wald"}, {"method": "laplace"}, {"treatment": "common"}, {"cuts": [6]}],
                         ids=str)  # fmt: skip
def test_pools_of_sets_are_combined(options):
    r = mo.survival.pool_ipd(TABLE, control="old", draw="draw", **options)
    each = [mo.survival.pool_ipd(own, control="old", **{"ci": "wald"} | options) for own in SETS]
    assert np.allclose([r.estimate, r.se], rubin([(x.estimate, x.se) for x in each]), rtol=1e-12)
    assert r.sets.missing > 0.001
    assert np.isclose(r.tau2, np.mean([x.tau2 for x in each]))
    assert r.n == len(SETS[0])
    assert np.isclose(r.events, TABLE["event"].sum() / 4)
    own = [x.trials.set_index("study").loc["C", ["estimate", "se"]] for x in each]
    assert np.allclose(r.trials.set_index("study").loc["C", ["estimate", "se"]].astype(float), rubin(own))
    again = mo.survival.pool_ipd(TABLE, control="old", draw="draw", level=0.8, **options)
    assert np.allclose(r.confidence_interval(0.8), [again.ci_low, again.ci_high], rtol=1e-12)
    without = mo.survival.pool_ipd(TABLE[TABLE["trial"] != "B"], control="old", draw="draw", **options)
    row = r.leave_one_out().set_index("left_out").loc["B"]
    assert np.allclose(row[["estimate", "se", "tau2"]].astype(float), [without.estimate, without.se, without.tau2],
                       rtol=1e-7, atol=1e-9)  # fmt: skip


def test_the_two_stages_of_sets_have_few_degrees_of_freedom():
    r = mo.survival.pool_ipd(TABLE, control="old", draw="draw")
    own = [mo.survival.pool_ipd(one, control="old").two_stage.set_index("model").loc["REML"] for one in SETS]
    want = mo.survival.combine([x["estimate"] for x in own], [x["se"] ** 2 for x in own], df=4)
    row = r.two_stage.set_index("model").loc["REML"]
    assert np.allclose([row["ci_low"], row["ci_high"]], [want.ci_low, want.ci_high], rtol=1e-12)


def test_equal_sets_are_the_one_set_and_no_more():
    same = [SETS[0].assign(draw=i) for i in range(5)]
    r = mo.survival.pool_ipd(pd.concat(same, ignore_index=True), control="old", draw="draw")
    one = mo.survival.pool_ipd(SETS[0], control="old", ci="wald")
    assert np.allclose([r.estimate, r.se, r.ci_low, r.ci_high], [one.estimate, one.se, one.ci_low, one.ci_high])


def test_interactions_of_sets_are_combined():
    options = {"by": "kras", "contrast": ("mut", "wt"), "control": "old"}
    r = mo.survival.ipd_interaction(TABLE, draw="draw", **options)
    each = [mo.survival.ipd_interaction(own, **options) for own in SETS]
    assert np.allclose([r.estimate, r.se], rubin([(x.estimate, x.se) for x in each]), rtol=1e-12)
    across = [x.table.set_index("term").loc["across trials", ["estimate", "se"]] for x in each]
    assert np.allclose(r.table.set_index("term").loc["across trials", ["estimate", "se"]].astype(float), rubin(across))
    assert np.allclose(r.confidence_interval().loc["within trials"], [r.ci_low, r.ci_high], rtol=1e-12)
    row = r.leave_one_out().set_index("left_out").loc["B"]
    without = mo.survival.ipd_interaction(TABLE[TABLE["trial"] != "B"], draw="draw", **options)
    assert np.allclose(row[["estimate", "se"]].astype(float), [without.estimate, without.se], rtol=1e-7)


@pytest.mark.parametrize("options", [{}, {"frailty": "gamma"}, {"treatment": "random"}], ids=str)
def test_frailties_of_sets_are_combined(options):
    r = mo.survival.pool_frailty(TABLE, control="old", draw="draw", **options)
    each = [mo.survival.pool_frailty(own, control="old", **options) for own in SETS]
    assert np.allclose([r.estimate, r.se], rubin([(x.estimate, x.se) for x in each]), rtol=1e-12)
    for name in ("baseline_variance", "tau2", "events"):
        assert np.isclose(getattr(r, name), np.mean([getattr(x, name) for x in each]))
    factors = [x.trials.set_index("study").loc["C", "factor"] for x in each]
    assert np.isclose(r.trials.set_index("study").loc["C", "factor"], np.mean(factors))
    again = mo.survival.pool_frailty(TABLE, control="old", draw="draw", level=0.8, **options)
    assert np.allclose(r.confidence_interval(0.8), [again.ci_low, again.ci_high], rtol=1e-12)
    assert r.ci == "t"
    assert np.isnan(r.loglik)
    without = mo.survival.pool_frailty(TABLE[TABLE["trial"] != "B"], control="old", draw="draw", **options)
    row = r.leave_one_out().set_index("left_out").loc["B", ["estimate", "se", "tau2", "baseline_variance"]]
    want = [without.estimate, without.se, without.tau2, without.baseline_variance]
    assert np.allclose(row.astype(float), want, rtol=1e-6, atol=1e-8)


def test_frailties_of_sets_are_those_of_coxme_by_rubins_rules():
    said = pinned.load("frailty_sets")
    r = mo.survival.pool_frailty(pd.DataFrame(said["patients"]), control=0, draw="draw")
    got = [r.estimate, r.se, r.ci_low, r.ci_high, r.p_value]
    # coxme's own search for the variance ends within 1e-4 of it
    assert np.allclose(got, [said["estimate"], said["se"], *said["ci"], said["p"]], rtol=1e-5)
    assert np.isclose(r.baseline_variance, said["variance"], rtol=1e-3)
    assert "means over the sets" in str(r)
    assert "on average over the sets" in mo.results_text(r)


@pytest.mark.parametrize(
    "model",
    [
        lambda t: mo.survival.pool_ipd(t, control="old"),
        lambda t: mo.survival.ipd_interaction(t, control="old", by="kras", contrast=("mut", "wt")),
        lambda t: mo.survival.pool_frailty(t, control="old"),
        lambda t: mo.survival.hazard_ratio(t, control="old"),
        lambda t: mo.survival.kaplan_meier(t, by="arm"),
        lambda t: mo.survival.rmst(t, control="old", horizons=5),
    ],
    ids=["pool", "interaction", "frailty", "ratio", "curve", "rmst"],
)
def test_sets_are_not_taken_for_more_patients(model):
    with pytest.raises(DataError, match="has 4 sets of the same patients below each other"):
        model(TABLE)
    model(TABLE[TABLE["draw"] == 0])


def test_what_sets_cannot_be():
    with pytest.raises(OptionError, match="leave ci= out"):
        mo.survival.pool_ipd(TABLE, control="old", draw="draw", method="bayes")
    lacking = TABLE[~((TABLE["draw"] == 2) & (TABLE["trial"] == "B"))]
    with pytest.raises(DataError, match=r"set 2: trials \['B'\] tell of the effect in some sets only"):
        mo.survival.pool_ipd(lacking, control="old", draw="draw")
    with pytest.raises(DataError, match="row 300: time=-1 is negative"):
        mo.survival.pool_ipd(TABLE.assign(time=TABLE["time"].where(TABLE.index != 300, -1)), control="old", draw="draw")
    with pytest.raises(DataError, match="two or more"):
        mo.survival.pool_ipd(TABLE[TABLE["draw"] == 0], control="old", draw="draw")
    with pytest.raises(DataError, match="pool one of them"):
        mo.survival.pool_ipd(TABLE, control="old", draw="draw").laplace_profile([0.1])


def test_a_trial_left_out_without_whom_the_ratio_is_infinite():
    two = SETS[0][SETS[0]["trial"] < "C"].copy()
    two.loc[(two["trial"] == "A") & (two["arm"] == "new"), "event"] = 0
    r = mo.survival.pool_ipd(two, control="old")
    rows = r.leave_one_out().set_index("left_out")
    assert np.isnan(rows.loc["B", "estimate"])
    assert "hazard ratio of 'new' to 'old' is 0" in rows.loc["B", "reason"]
    own = mo.survival.hazard_ratio(two[two["trial"] == "B"], control="old")
    assert np.isclose(rows.loc["A", "estimate"], own.estimate, atol=1e-6)
    assert "In two stages (REML, without A, whose events are all of one arm)" in str(mo.results_text(r))
    assert "all events are of one arm" in str(mo.table(r))
