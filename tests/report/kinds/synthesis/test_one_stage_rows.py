"""Forest plots of models of all patients show what the models say, and nothing else."""

import numpy as np
import pytest
import result_kinds

import metaonc as mo
from metaonc.errors import OptionError

MADE = dict(result_kinds.EVERY)


@pytest.mark.parametrize("name", ["IpdPool 1", "IpdPool 2", "IpdPool 3", "IpdPool 4", "FrailtyPool 1", "FrailtyPool 2",
                                  "FrailtyPool 3", "IpdInteraction 1"])  # fmt: skip
def test_rows_are_the_numbers_of_the_result(name):
    r = MADE[name]()
    rows = mo.plot.forest_rows(r).rows
    trials = rows[rows["kind"] == "study"]
    assert trials["label"].tolist() == r.trials["study"].tolist()
    assert np.allclose(np.log(trials["estimate"]), r.trials["estimate"], rtol=1e-12)
    width = np.log(trials["high"] / trials["low"]) / 2 / 1.959963984540054
    assert np.allclose(width, r.trials["se"], rtol=1e-9)
    assert np.allclose(trials["weight"] * r.trials["se"] ** 2, (1 / (r.trials["se"] ** -2).sum()) * 100)
    (pooled,) = rows[rows["kind"] == "pooled"].to_dict("records")
    assert np.allclose(np.log([pooled[x] for x in ("estimate", "low", "high")]), [r.estimate, r.ci_low, r.ci_high])
    new = rows[rows["kind"] == "prediction"]
    if np.isfinite(getattr(r, "prediction_low", np.nan)):
        assert np.allclose(np.log(new[["low", "high"]]), [[r.prediction_low, r.prediction_high]])
    else:
        assert new.empty
        with pytest.raises(OptionError, match="prediction=True: this model has no prediction interval"):
            mo.plot.forest_rows(r, prediction=True)


def test_the_pool_of_an_interaction_in_one_trial_is_its_own():
    table = result_kinds.trials(2, 120)
    both = mo.survival.ipd_interaction(table, by="kras", contrast=("mut", "wt"), control="old")
    for name, own in both.trials.set_index("study").iterrows():
        alone = mo.survival.ipd_interaction(table[table["trial"] == name], by="kras", contrast=("mut", "wt"),
                                            control="old")  # fmt: skip
        assert np.allclose([own["estimate"], own["se"]], [alone.estimate, alone.se], rtol=1e-8)


def test_what_is_left_out_or_sorted():
    r = MADE["IpdPool 1"]()
    rows = mo.plot.forest_rows(r, prediction=False, sort="effect", right=["effect"], left=["counts"], digits=3).rows
    trials = rows[rows["kind"] == "study"]
    assert trials["estimate"].is_monotonic_increasing
    assert "prediction" not in rows["kind"].tolist()
    assert trials["effect"].iloc[0] == "0.173 (0.061 to 0.492)"
    for option in ({"common": True}, {"shrinkage": True}, {"subgroup_label": "KRAS"}, {"study_interval": "wilson"}):
        with pytest.raises(OptionError, match=next(iter(option))):
            mo.plot.forest_rows(r, **option)


def test_a_trial_without_a_ratio_of_its_own_stands_there_and_is_told():
    table = result_kinds.trials()
    silent = (table["trial"] == "B") & (table["arm"] == "new")
    r = mo.survival.pool_ipd(table.assign(event=table["event"].where(~silent, 0)), control="old")
    found = mo.plot.forest_rows(r)
    row = found.rows.set_index("label").loc["B"]
    assert row["effect"] == "not estimable"
    assert row["counts"].startswith("0/15")
    assert any("all events are of one arm; in the model the likelihood" in note.figure for note in found.notes)


def test_one_trial_is_shown_as_it_is():
    rows = mo.plot.forest_rows(MADE["IpdPool 5"]()).rows
    assert rows["kind"].tolist() == ["study"]
