"""Pooled survival curves: numbers of R's metaSurvival, metafor's where there is one time, and what must be so."""

import json
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.analysis.synthesis.curves.grid import monotone
from metaonc.errors import DataError, OptionError

R = pinned.load("pooled_curves")
EXACT = 1e-10  # both sides are closed forms in double precision
DRAWN = 0.05  # limits by draws: R's are of 10,000, whose quantiles have errors of 0.02 there
LEVEL = 2 * NormalDist().cdf(1.96) - 1  # R takes 1.96 for the quantile
SHARED = Path(__file__).parents[3].parent / "shared" / "survival_refs"
OPTIONS = {"survival": "survival", "n_risk": "n_risk", "draws": 1000}


def pooled(name, **options):
    return mo.survival.pool_curves(pd.DataFrame(R[name]["data"]), **OPTIONS | options)


def assert_like_msurv(r, want):
    curve = r.curves["all"]
    low, high = curve.band(LEVEL)
    for got, name in ((curve.time, "time"), (curve.survival, "survival"), (low, "ci_low")):
        np.testing.assert_allclose(got, want[name], rtol=EXACT)
    np.testing.assert_allclose(high, np.minimum(want["ci_high"], 1), rtol=EXACT)


@pytest.mark.parametrize("name", ["twelve", "three"])
@pytest.mark.parametrize(("method", "model"), [("DL", "random"), ("CE", "common")])
def test_curves_are_those_of_metasurvival(name, method, model):
    r, want = pooled(name, method=method), R[name]["r"]
    assert_like_msurv(r, want[model])
    q, h2, i2 = want["q_h2_i2"]
    np.testing.assert_allclose((r.q, r.h2_trials, r.i2_trials), (q, h2, i2), rtol=EXACT)
    place = ["common", "random"].index(model)
    got = r.medians[["median", "mean"]].iloc[0].astype(float)
    np.testing.assert_allclose(got, (want["median"][place], want["mean"][place]), rtol=EXACT)
    np.testing.assert_allclose(r.curves["all"].common, want["common"]["survival"], rtol=EXACT)


@pytest.mark.skipif(not SHARED.exists(), reason="data that stay elsewhere")
def test_untreated_hepatocellular_carcinoma():
    want = json.loads((SHARED / "B1_combescure_hcc_expected.json").read_text())["corrected"]
    table = pd.read_csv(SHARED / "B1_combescure_hcc_input.csv")
    names = {"study": "Study", "time": "Time", "survival": "Survival", "n_risk": "NbRisk"}
    for method, model, short in (("DL", "random", "RE"), ("CE", "fixed", "FE")):
        r, own = mo.survival.pool_curves(table, **names, method=method), want[model]
        keys = {"time": "IndiceTimes", "survival": f"PooledSurvival{short}"}
        keys |= {"ci_low": f"PooledSurvivalICinf{short}", "ci_high": f"PooledSurvivalICsup{short}"}
        assert_like_msurv(r, {ours: own[theirs] for ours, theirs in keys.items()})
        np.testing.assert_allclose((r.q, r.h2_trials, r.i2_trials), want["heterogeneity_Q_H2_I2"], rtol=EXACT)
        median, mean = want[f"median_{model}"], want[f"mean_{model}"]
        row = r.medians.iloc[0]
        np.testing.assert_allclose((row["median"], row["mean"]), (median[0], mean[0]), rtol=EXACT)
        got = row[["ci_low", "ci_high", "mean_low", "mean_high"]].astype(float)
        np.testing.assert_allclose(got, median[1:] + mean[1:], atol=DRAWN)
    table["west"] = table["Location"] != "Asia"
    strata = mo.survival.pool_curves(table[table["Time"] <= 12], **names, by="west", draws=1000)
    assert strata.test_df == 8
    assert round(strata.common_test, 1) == 156.2
    assert strata.medians["median"].round(2).tolist() == [2.93, 7.13]


def test_of_one_time_it_is_dersimonian_and_laird():
    table, want = pd.DataFrame(R["twelve"]["data"]), R["one_time"]
    r = mo.survival.pool_curves(table[table["time"] == 3], **OPTIONS, by="group")
    whole = mo.survival.pool_curves(table[table["time"] == 3], **OPTIONS)
    curve = whole.curves["all"]
    got = (curve.beta[0], np.sqrt(curve.cov[0, 0]), curve.psi[0, 0], whole.q)
    np.testing.assert_allclose(got, [want[name] for name in ("beta", "se", "tau2", "q")], rtol=EXACT)
    np.testing.assert_allclose(
        (r.test, r.test_p, r.common_test), (want["qm"], want["qm_p"], want["qm_fixed"]), rtol=1e-9
    )
    assert r.test_df == 1


def test_one_trial_is_its_own_curve():
    table = {"study": ["A"] * 3, "time": [6, 12, 18], "survival": [0.8, 0.5, 0.2], "n_risk": [1e9, 8e8, 5e8]}
    r = mo.survival.pool_curves(table, **OPTIONS)
    np.testing.assert_allclose(r.curves["all"].survival, table["survival"], atol=1e-8)  # but for the 1/4 of a patient
    assert r.curves["all"].psi.max() == 0
    assert r.medians["median"][0] == pytest.approx(12, abs=1e-6)
    assert np.isnan(r.q_p)


def test_crude_survival_is_that_of_all_patients_together():
    table = {
        "study": list("AABB"),
        "time": [1, 2, 1, 2],
        "survival": [0.8, 0.6, 0.9, 0.45],
        "n_risk": [100, 80, 50, 45],
    }
    r = mo.survival.pool_curves(table, **OPTIONS)
    np.testing.assert_allclose(r.curves["all"].crude, [125 / 150, 125 / 150 * (60 + 22.5) / 125], rtol=1e-12)


def patients(n=60, trials=4, seed=3):
    rng = np.random.default_rng(seed)
    rows = [pd.DataFrame({"study": f"T{i}", "died": rng.exponential(12 + 3 * i, n), "left": rng.uniform(6, 40, n)})
            for i in range(trials)]  # fmt: skip
    d = pd.concat(rows, ignore_index=True)
    return d.assign(time=d[["died", "left"]].min(axis=1).round(1), event=(d["died"] <= d["left"]).astype(int))


def test_patients_curves_and_their_table_give_one_pool():
    d, times = patients(), [3, 6, 12]
    r = mo.survival.pool_curves(d, event="event", times=times, draws=1000)
    curves = {name: mo.survival.kaplan_meier(part) for name, part in d.groupby("study")}
    other = mo.survival.pool_curves(curves, times=times, draws=1000)
    rows = []
    for name, km in curves.items():
        own = d[d["study"] == name]
        at = km.at(times)["survival"]
        rows += [(name, t, s, (own["time"] > b).sum()) for t, s, b in zip(times, at, [0, *times[:-1]], strict=True)]
    table = pd.DataFrame(rows, columns=["study", "time", "survival", "n_risk"])
    third = mo.survival.pool_curves(table, **OPTIONS)
    for one in (other, third):
        np.testing.assert_allclose(one.curves["all"].survival, r.curves["all"].survival, rtol=1e-14)
        np.testing.assert_allclose(one.curves["all"].cov, r.curves["all"].cov, rtol=1e-14)


def test_counts_at_the_times_themselves_are_moved_to_the_starts():
    table = pd.DataFrame(R["three"]["data"])
    rows = []
    for name, part in table.groupby("study"):
        n = [*part["n_risk"], 0]
        rows += [(name, 0, 1.0, n[0]), *zip([name] * len(part), part["time"], part["survival"], n[1:], strict=True)]
    moved = pd.DataFrame(rows, columns=["study", "time", "survival", "n_risk"])
    r = mo.survival.pool_curves(moved, **OPTIONS, n_risk_at="time")
    np.testing.assert_array_equal(r.curves["all"].survival, pooled("three").curves["all"].survival)


def test_sets_of_patients_by_rubins_rules():
    sets = pd.concat([patients(seed=s).assign(draw=s) for s in range(5)])
    options = {"event": "event", "times": [3, 6], "draws": 1000}
    r = mo.survival.pool_curves(sets, draw="draw", **options)
    each = [mo.survival.pool_curves(part, **options).curves["all"] for _, part in sets.groupby("draw")]
    beta = np.stack([c.beta for c in each])
    cov = np.mean([c.cov for c in each], axis=0) + 1.2 * np.cov(beta.T)
    got = r.curves["all"]
    np.testing.assert_allclose(got.beta, beta.mean(0), rtol=1e-14)
    np.testing.assert_allclose(got.cov, cov, rtol=1e-12)
    first = mo.survival.combine(beta[:, 0], [c.cov[0, 0] for c in each])
    assert got.df[0] == pytest.approx(first.df, rel=1e-12)
    assert r.sets == 5
    same = pd.concat([patients().assign(draw=s) for s in range(2)])
    alike = mo.survival.pool_curves(same, draw="draw", **options)
    one = mo.survival.pool_curves(patients(), **options)
    np.testing.assert_allclose(alike.confidence_interval(), one.confidence_interval(), rtol=1e-12)


def test_prediction_is_wider_and_of_a_common_effect_there_is_none():
    r = pooled("twelve", draws=20000)
    band, (low, high) = r.prediction(), r.curves["all"].band(0.95)
    known = band["prediction_low"].notna().to_numpy()
    assert known.tolist() == (r.curves["all"].k >= 3).tolist()
    assert (band["prediction_low"] < low)[known].all()
    assert (band["prediction_high"] > high)[known].all()
    assert pooled("twelve", method="CE").prediction()["prediction_low"].isna().all()


def test_at_reads_straight_lines():
    r = pooled("three")
    at = r.at([0, 9, 12, 30])
    s = r.curves["all"].survival
    np.testing.assert_allclose(at["survival"], [1, (s[0] + s[1]) / 2, s[1], np.nan])


def test_isotonic_is_least_squares():
    np.testing.assert_allclose(monotone(np.array([0.9, 0.7, 0.8, 0.75, 0.2])), [0.9, 0.75, 0.75, 0.75, 0.2])
    table = {"study": ["A"] * 3, "time": [1, 2, 3], "survival": [0.8, 0.5, 0.52], "n_risk": [50, 40, 20]}
    r = mo.survival.pool_curves(table, **OPTIONS, rising="isotonic")
    assert r.data["survival"].tolist() == [0.8, 0.51, 0.51]
    assert r.provenance.corrected == ("trial 'A': survival rose with time and was made monotone, by 0.01 at most",)
    assert "made monotone" in str(mo.methods_text(r))


GOOD = {"study": list("AAABBB"), "time": [6, 12, 18] * 2, "survival": [0.8, 0.5, 0.3, 0.7, 0.4, 0.2],
        "n_risk": [50, 40, 22, 80, 55, 30]}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "row", "value", "said"),
    [
        ("time", 1, -12, r"trial 'A' \(row 1\): time=-12 is negative"),
        ("time", 0, 0, r"trial 'A' \(row 0\): time=0 ends no interval.*n_risk_at='time'"),
        ("time", 4, 6, r"trial 'B' has time 6 twice \(rows 3 and 4\); leave one out, or tell arms apart by by='...'"),
        ("time", 4, 15, r"trial 'A' has survival at time 18 but not at 15"),
        ("survival", 2, 30, r"trial 'A' \(row 2\): survival=30 is above 1; .* divide percent by 100"),
        ("survival", 2, 0.6, r"trial 'A' \(row 2\): survival rises from 0.5 to 0.6; .*rising='isotonic'"),
        ("survival", 2, None, r"trial 'A' \(row 2\): survival is missing"),
        ("n_risk", 2, 0, r"trial 'A' \(row 2\): n_risk=0: nobody is at risk"),
        ("n_risk", 2, 45, r"trial 'A' \(row 2\): n_risk rises from 40 to 45"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(column, row, value, said):
    table = pd.DataFrame(GOOD).astype(object)
    table.loc[row, column] = value
    with pytest.raises(DataError, match=said):
        mo.survival.pool_curves(table, **OPTIONS)


def test_what_else_is_refused():
    gone = pd.DataFrame(GOOD).assign(survival=[0.8, 0.0, 0.0, 0.7, 0.4, 0.2])
    with pytest.raises(DataError, match="trial 'A': survival is 0 at time 12; leave its later times out"):
        mo.survival.pool_curves(gone, **OPTIONS)
    with pytest.raises(OptionError, match="give survival= and n_risk="):
        mo.survival.pool_curves(GOOD)
    with pytest.raises(DataError, match=r"times= is not given"):
        mo.survival.pool_curves(patients(), event="event")
    with pytest.raises(DataError, match=r"times=\[6.0, 3.0\] must rise"):
        mo.survival.pool_curves(patients(), event="event", times=[6, 3])
    with pytest.raises(DataError, match="patient in row 60: time=-1 is negative"):
        mo.survival.pool_curves(patients().assign(time=lambda d: d["time"].where(d.index != 60, -1)), event="event",
                                times=[3])  # fmt: skip


def test_groups_that_share_trials_are_not_tested():
    table = pd.concat([pd.DataFrame(GOOD).assign(arm=a) for a in "xy"])
    r = mo.survival.pool_curves(table, **OPTIONS, by="arm")
    assert np.isnan(r.test_p)
    assert "No test compares them" in str(r)


def test_a_single_trial_at_the_end_is_said():
    table = pd.DataFrame(GOOD).iloc[:5]
    r = mo.survival.pool_curves(table, **OPTIONS)
    assert "from time 18 on one trial alone is left" in str(r)
    assert "from time 18" in str(mo.results_text(r)).lower()


def test_the_figure_draws_its_data():
    r = pooled("twelve", by="group")
    data = mo.plot.pooled_curves_data(r)
    axes = mo.plot.pooled_curves(r, width="page")
    lines = {(tuple(x), tuple(y)) for x, y in (line.get_data() for line in axes.lines)}
    for _, own in data.groupby(["type", "group", "trial"]):
        assert (tuple(own["time"]), tuple(own["survival"])) in lines
    own = data[(data["type"] == "pooled") & (data["group"] == "m")]
    curve = r.curves["m"]
    np.testing.assert_array_equal(own["survival"], [1, *curve.survival])
    assert own["n_risk"].tolist()[:-1] == curve.n_risk.tolist()
    written = {text.get_text() for text in axes.texts}
    assert {"m: trials", "w: at risk", f"{curve.n_risk[0]:.0f}"} <= written
    with pytest.raises(DataError, match=r"a result of survival\.pool_curves is wanted"):
        mo.plot.pooled_curves(mo.pool({"yi": [0.1, 0.2], "vi": [0.1, 0.1]}))
