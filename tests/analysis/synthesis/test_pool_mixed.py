"""Pools of several kinds of evidence: each row is that of its own verb, each trial enters once."""

import warnings

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError, OptionError

DATA = pd.DataFrame(pinned.load("one_stage")["data"]).rename(columns={"trial": "study"})
REPORTS = {"study": ["a", "Y"], "hr": [0.7, 0.8], "lo": [0.55, 0.6], "hi": [0.89, 1.07]}
COUNTS = {"study": ["Y", "Z"], "events_t": [60, 44], "n_t": [120, 90], "events_c": [90, 50], "n_c": [118, 92]}


def reports():
    return mo.effect_sizes(REPORTS, measure="HR", study="study", hr="hr", ci_low="lo", ci_high="hi")


def figure():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.MetaoncWarning)  # few points
        return mo.survival.hazard_ratio_from_curves(
            [0, 3, 6, 9, 12], [1, 0.9, 0.8, 0.7, 0.6], [1, 0.85, 0.7, 0.55, 0.4], n_t=100, n_c=100, follow_up=(6, 24)
        )


def pool(**options):
    return mo.survival.pool_mixed(
        **{"patients": DATA, "control": 0, "figures": {"X": figure()}, "reported": reports(), "counts": COUNTS}
        | options
    )


def test_each_row_is_that_of_its_own_verb():
    rows = pool().evidence.set_index(["study", "source"])
    cox = mo.survival.hazard_ratio(DATA[DATA["study"] == "a"], control=0)
    assert rows.loc[("a", "patients"), ["yi", "vi"]].tolist() == pytest.approx([cox.estimate, cox.se**2], rel=1e-12)
    assert rows.loc[("X", "figures"), "yi"] == figure().estimate
    es = reports()
    assert rows.loc[("Y", "reported"), ["yi", "vi"]].tolist() == [es["yi"][1], es["vi"][1]]
    # of counts: the exact effect and its variance by the delta method
    p, n = np.array([44 / 90, 50 / 92]), np.array([90, 92])
    y, v = np.log(-np.log(1 - p)), p / (n * (1 - p) * np.log(1 - p) ** 2)
    assert rows.loc[("Z", "counts"), ["yi", "vi"]].tolist() == pytest.approx([y[0] - y[1], v.sum()], rel=1e-12)


def test_each_trial_enters_once_by_the_order_and_the_pool_is_that_of_its_rows():
    r = pool()
    used = r.evidence[r.evidence["used"]]
    assert used["study"].is_unique
    assert used.set_index("study")["source"].to_dict() == dict.fromkeys("abcdef", "patients") | {
        "X": "figures", "Y": "reported", "Z": "counts"}  # fmt: skip
    plain = mo.pool(used, study="study", measure="HR")
    assert (r.pool.estimate, r.pool.tau2) == (plain.estimate, plain.tau2)
    turned = pool(order=["counts", "reported", "figures", "patients"])
    sources = turned.evidence[turned.evidence["used"]].set_index("study")["source"]
    assert (sources["a"], sources["Y"]) == ("reported", "counts")


def test_conflicts_are_shown_and_not_averaged():
    r = pool()
    rows = r.conflicts.set_index("study")
    assert set(rows.index) == {"a", "Y"}
    assert rows.loc["Y", "difference"] == pytest.approx(rows.loc["Y", "yi_other"] - rows.loc["Y", "yi_used"])
    assert bool(rows.loc["Y", "conflict"])
    for text in (str(r), str(mo.results_text(r))):
        assert "contradict each other" in text
    same = pool(reported=None, counts=None)
    assert not len(same.conflicts)
    assert "contradict" not in str(same)


def test_a_trial_with_events_in_one_arm_has_the_log_rank_estimate():
    lost = DATA.assign(event=DATA["event"].where((DATA["study"] != "d") | (DATA["arm"] == 0), 0))
    r = pool(patients=lost)
    row = r.evidence.set_index(["study", "source"]).loc[("d", "patients")]
    test = mo.survival.log_rank(mo.survival.kaplan_meier(lost[lost["study"] == "d"], by="arm"))
    assert row["yi"] < 0
    assert row["yi"] ** 2 / row["vi"] == pytest.approx(test.chi2, rel=1e-9)  # (O - E)² / V
    assert "log-rank test's O - E over V" in str(r)


def test_empty_cells_are_corrected_and_said():
    r = pool(counts=COUNTS | {"events_t": [60, 0]})
    assert r.provenance.corrected == ("trial 'Z': an arm without events, or all with one; 0.5 added to each cell",)
    row = r.evidence.set_index(["study", "source"]).loc[("Z", "counts")]
    p = np.array([0.5 / 91, 50.5 / 93])
    assert row["yi"] == pytest.approx(np.diff(np.log(-np.log(1 - p[::-1])))[0], rel=1e-12)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"figures": {"X": 3}}, DataError, "trial 'X': a hazard ratio is wanted"),
        ({"counts": COUNTS | {"study": ["Y", "Y"]}}, DataError, "trial 'Y' stands twice in counts="),
        ({"counts": COUNTS | {"events_t": [200, 1]}}, DataError, r"trial 'Y' \(row 0\): events_t=200 of n_t=120"),
        ({"counts": COUNTS | {"events_t": [1.5, 1]}}, DataError, r"trial 'Y' \(row 0\): events_t=1.5"),
        ({"order": ["patients"]}, OptionError, "must hold each of"),
        ({"reported": {"study": ["x"], "yi": [0.1], "vi": [0.1], "measure": ["OR"]}}, DataError,
         "measures other than HR"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(options, error, said):
    with pytest.raises(error, match=said):
        pool(**options)


def test_without_evidence():
    with pytest.raises(OptionError, match="give evidence"):
        mo.survival.pool_mixed()


def test_methods_say_in_words_how_each_ratio_was_obtained():
    rng = np.random.default_rng(1)
    study, arm = np.repeat(list("ABCD"), 50), np.tile([0, 1], 100)
    time = rng.exponential(np.where(arm == 1, 15.0, 10.0))
    patients = {"study": study, "time": time, "event": np.ones(200), "arm": arm}
    counts = pd.DataFrame({"study": ["K"], "events_t": [10], "n_t": [30], "events_c": [15], "n_c": [30]})
    figures = {"F": mo.survival.hazard_ratio(pd.DataFrame(patients)[study == "A"], control=0)}
    r = mo.survival.pool_mixed(patients=patients, figures=figures, counts=counts, control=0)
    said = str(mo.methods_text(r))
    assert "by Cox's model (Efron's method for tied events) in 5 trials" in said
    assert "as differences of complementary log-log proportions, in 1 trial (K)" in said
    assert "another way" not in said
