"""Restricted means of many trials in one pass: numbers of survRM2, and those of the verb of one trial."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError, DataWarning

R = pinned.load("survrm2")
DATA = pd.DataFrame(R["trials"])
QUANTITIES = {"difference": ("estimate", "se"), "rmst_ratio": ("log_ratio", "log_ratio_se"),
              "rmtl_ratio": ("log_rmtl_ratio", "log_rmtl_ratio_se")}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return mo.survival.rmst_by_trial(DATA, horizons=R["horizons"], control=0).table


def test_numbers_are_those_of_survrm2(found):
    rows = found.set_index(["study", "horizon"])
    assert len(R["rmst2"]) == rows["estimate"].notna().sum() > 15
    for want in R["rmst2"]:
        got = rows.loc[(want["trial"], want["tau"])]
        np.testing.assert_allclose(got[["rmst_t", "rmst_t_se", "rmst_c", "rmst_c_se"]].astype(float),
                                   [*want["t"], *want["c"]], rtol=1e-9)  # fmt: skip
        np.testing.assert_allclose(got[["estimate", "ci_low", "ci_high", "p_value"]].astype(float),
                                   want["difference"], rtol=1e-7, atol=1e-9)  # fmt: skip
        for name in ("ratio", "lost_ratio"):
            value, se = (got[c] for c in QUANTITIES["rmst_ratio" if name == "ratio" else "rmtl_ratio"])
            z = 1.959963984540054 * np.array([0, -1, 1])
            np.testing.assert_allclose(np.exp(value + z * se), want[name][:3], rtol=1e-8)


def test_rows_are_those_of_each_trial_by_itself(found):
    for name, rows in found.groupby("study"):
        own = DATA[DATA["trial"] == name]
        known = rows[rows["horizon"] <= rows["known_to"]]
        one = mo.survival.rmst(own, horizons=known["horizon"], control=0)
        for quantity, columns in QUANTITIES.items():
            np.testing.assert_allclose(
                known[list(columns)], one.of(quantity)[["estimate", "se"]], rtol=1e-10, atol=1e-13
            )
    late = found[found["horizon"] > found["known_to"]]
    assert len(late)
    assert late.drop(columns=["study", "horizon", "known_to"]).isna().all(axis=None)


def test_they_are_what_pool_rmst_pools(found):
    pooled = mo.survival.pool_rmst(DATA, horizons=[9], control=0, method="DL", ci="wald")
    at = found[found["horizon"] == 9].dropna(subset=["estimate"])
    again = mo.pool(at.assign(vi=at["se"] ** 2, yi=at["estimate"]), study="study", measure="MD", method="DL", ci="wald")
    assert again.estimate == pytest.approx(pooled.univariate["9"].estimate, rel=1e-12)


@pytest.mark.parametrize("sizes", [[1, 400, 3, 3], [2, 2, 2, 2]])
def test_samples_of_any_size_stand_side_by_side(sizes):
    rng = np.random.default_rng(sum(sizes))
    parts = [pd.DataFrame({"study": f"S{i}", "arm": np.repeat([0, 1], n), "time": rng.exponential(9, 2 * n) + 0.1,
                           "event": rng.random(2 * n) < 0.7}) for i, n in enumerate(sizes)]  # fmt: skip
    table = pd.concat(parts).sample(frac=1, random_state=1)
    horizons = [0.05, 0.5, 2]
    found = mo.survival.rmst_by_trial(table, horizons=horizons, control=0).table.set_index(["study", "horizon"])
    for i in range(len(sizes)):
        for h in horizons:
            try:
                one = mo.survival.rmst(table[table["study"] == f"S{i}"], horizons=h, control=0).of("difference")
            except DataError:
                assert np.isnan(found.loc[(f"S{i}", h), "rmst_t"])
                continue
            want = one[["estimate", "se"]].to_numpy(float)[0]
            np.testing.assert_allclose(found.loc[(f"S{i}", h), ["estimate", "se"]].astype(float), want, rtol=1e-9)


def test_times_that_differ_by_rounding_are_one():
    rough = DATA.assign(time=DATA["time"] + np.where(np.arange(len(DATA)) % 3, 0.0, 1e-12))
    own, want = (mo.survival.rmst_by_trial(t, horizons=[6.5, 9], control=0) for t in (rough, DATA))
    np.testing.assert_allclose(own["estimate"], want["estimate"], rtol=1e-9)
    np.testing.assert_allclose(own["se"], want["se"], rtol=1e-9)


def test_what_cannot_be_is_named():
    with pytest.raises(DataError, match="31 is beyond the follow-up of every trial; the longest is"):
        mo.survival.rmst_by_trial(DATA, horizons=[3, 31], control=0)
    with pytest.raises(DataError, match="trial 'B' has no patient with arm='1'"):
        mo.survival.rmst_by_trial(DATA[(DATA["trial"] != "B") | (DATA["arm"] == 0)], horizons=3, control=0)
    with pytest.raises(DataError, match="patient in row 4: time=-1 is negative"):
        mo.survival.rmst_by_trial(DATA.assign(time=DATA["time"].where(DATA.index != 4, -1.0)), horizons=3, control=0)
    with pytest.raises(DataError, match="'trial' holds values of type list, which name no group"):
        mo.survival.rmst_by_trial(DATA.assign(trial=[[x] for x in DATA["trial"]]), horizons=3, control=0)
    for name in ("trial", "study"):  # named or not
        given = {} if name == "trial" else {"study": "study"}
        marked = DATA.rename(columns={"trial": name}).assign(**{name: DATA["trial"] + "\u202e"})
        with pytest.raises(DataError, match=rf"column '{name}' holds .* the character U\+202E"):
            mo.survival.rmst_by_trial(marked, horizons=3, control=0, **given)
    unnamed = DATA["trial"].where(DATA.index != 7)
    with pytest.raises(DataError, match="patient in row 7: trial is missing; name the trial"):
        mo.survival.rmst_by_trial(DATA.assign(trial=unnamed), horizons=3, control=0)


@pytest.mark.parametrize("often", [1, 4])
def test_names_of_trials_that_differ_by_what_is_not_seen_are_one(often):
    """Of few patients and of many, which are told apart in two ways."""
    table = pd.concat([DATA] * often, ignore_index=True)
    other = table["trial"].where(table.index % 5 > 0, table["trial"] + " ")
    with pytest.warns(DataWarning, match="is taken as"):
        found = mo.survival.rmst_by_trial(table.assign(trial=other), horizons=[3, 9], control=0)
    want = mo.survival.rmst_by_trial(table, horizons=[3, 9], control=0)
    same = ["rmst_t", "rmst_c", "estimate", "se"]
    np.testing.assert_array_equal(found.table[same], want.table[same])
    assert [name.strip() for name in found["study"]] == want["study"].tolist()
    assert len(found.provenance.corrected) == DATA["trial"].nunique()


def test_what_is_to_be_known_of_rows_is_told_wherever_they_are():
    late = DATA.assign(event=np.where((DATA["trial"] == "A") & (DATA["arm"] == 1), 0, DATA["event"]))
    days = late.assign(time=np.where(late["trial"] == "B", 30.0 * late["time"], late["time"]))
    r = mo.survival.rmst_by_trial(days, horizons=[3, 12], control=0)
    said = ["no event in 1 so far: its mean has no error there", "beyond the follow-up of an arm",
            "B is of another order than that of the other trials"]  # fmt: skip
    where = [str(r), r._repr_html_(), str(mo.results_text(r)), str(mo.table(r))]
    for text in where:
        for sentence in said:
            assert sentence.lower() in text.lower()
    assert "A" in next(c.text for c in r.cautions if "no event in 1" in c.text)
    named = next(c.text for c in r.cautions if "beyond" in c.text)
    beyond = r.table[r.table["horizon"] > r.table["known_to"]]
    assert all(f"up to {h:g}: " in named for h in beyond["horizon"].unique())


def test_patients_and_provenance_are_those_of_the_table():
    r = mo.survival.rmst_by_trial(DATA, horizons=6, control=0)
    assert len(r.patients) == len(DATA) == r.provenance.rows_used
    again = mo.survival.rmst_by_trial(r.patients, horizons=6, control="0")
    pd.testing.assert_frame_equal(again.table, r.table)
    assert r.confidence_interval(0.95)["ci_low"].to_numpy() == pytest.approx(r["ci_low"].to_numpy(), nan_ok=True)
