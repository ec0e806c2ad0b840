"""Pooled curves where trials end: by deaths, by censoring, before the times asked for; and the correction they hold."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataWarning

SHORT, LONG = [0.25 * i for i in range(1, 21)], [0.9 * i for i in range(1, 21)]
PATIENTS = pd.DataFrame({
    "study": ["A"] * 20 + ["B"] * 20 + ["C"] * 20, "time": SHORT + LONG + LONG,
    "event": [1] * 20 + [1] * 13 + [0] * 7 + [1] * 14 + [0] * 6,
})  # fmt: skip
OPTIONS = {"event": "event", "draws": 1000}


def test_a_trial_whose_patients_have_all_died_has_survival_0():
    r = mo.survival.pool_curves(PATIENTS, **OPTIONS, times=[6, 12])
    curve = r.curves["all"]
    assert r.k == 3
    assert curve.k.tolist() == [3, 2]  # nobody of A is at risk after 6
    np.testing.assert_allclose(curve.crude, [28 / 60, 14 / 60], rtol=1e-12)  # all but deaths of the 60: none censored
    # by the script of base R that the result gives, run by R
    np.testing.assert_allclose(curve.survival, [0.40922473, 0.20461236], atol=5e-9)
    km = {name: mo.survival.kaplan_meier(part) for name, part in PATIENTS.groupby("study")}
    other = mo.survival.pool_curves(km, times=[6, 12], draws=1000)
    np.testing.assert_array_equal(other.curves["all"].survival, curve.survival)
    table = pd.DataFrame({"study": list("ABBCC"), "time": [6, 6, 12, 6, 12], "s": [0, 0.7, 0.35, 0.7, 0.35],
                          "n": [20, 20, 14, 20, 14]})  # fmt: skip
    third = mo.survival.pool_curves(table, survival="s", n_risk="n", draws=1000)
    np.testing.assert_allclose(third.curves["all"].survival, curve.survival, rtol=1e-12)


def test_a_trial_censored_before_the_first_time_is_told():
    early = pd.DataFrame({"study": "Z", "time": [1, 2, 2.5], "event": 0})
    whole = pd.concat([PATIENTS, early], ignore_index=True)
    with pytest.warns(DataWarning, match="trial 'Z': is followed to 2.5 and has survival at none of times="):
        r = mo.survival.pool_curves(whole, **OPTIONS, times=[6, 12])
    p = r.provenance
    assert (p.rows_in, p.rows_used, len(p.dropped), r.k) == (63, 60, 1, 3)
    assert "3 of 63 patients were left out: Z (is followed to 2.5" in str(mo.results_text(r))
    km = {name: mo.survival.kaplan_meier(part) for name, part in whole.groupby("study")}
    with pytest.warns(DataWarning, match="trial 'Z'"):
        other = mo.survival.pool_curves(km, times=[6, 12], draws=1000)
    assert (other.provenance.rows_in, other.provenance.rows_used) == (4, 3)


def test_times_that_no_trial_has_are_told():
    with pytest.warns(
        DataWarning, match="no trial has survival and patients at risk for time 24 of times=; .* other 2"
    ):
        r = mo.survival.pool_curves(PATIENTS, **OPTIONS, times=[6, 12, 24])
    assert "time 24 of times=" in str(r)
    table = pd.DataFrame({"study": list("AABB"), "time": [6, 12] * 2, "s": [0.8, 0.5, 0.7, 0.4], "n": [50, 40, 80, 55]})
    with pytest.warns(DataWarning, match="for times 9, 18 of times=") as told:
        mo.survival.pool_curves(table, survival="s", n_risk="n", times=[6, 9, 12, 18], draws=1000)
    assert len(told) == 1


def test_a_trial_of_several_groups_counts_once():
    both = pd.concat([PATIENTS.assign(arm=a) for a in "xy"], ignore_index=True)
    r = mo.survival.pool_curves(both, **OPTIONS, times=[6, 12], by="arm")
    alone = mo.survival.pool_curves(PATIENTS, **OPTIONS, times=[6, 12])
    assert r.k == 3
    assert str(mo.table(r)).startswith("Pooled survival, 3 trials")
    for printed in (r, mo.results_text(r), mo.table(r)):
        assert "ome trials are in several groups" in str(printed)
    assert r.h2_trials == pytest.approx(alone.h2_trials)  # by curves, which are six
    np.testing.assert_array_equal(r.curves["x"].survival, alone.curves["all"].survival)


def test_the_quarter_of_a_patient_is_told_where_it_adds_up():
    n, times = 12, np.arange(1.0, 10.0)
    left = n - np.arange(0, len(times))
    table = pd.DataFrame({"study": "A", "time": times, "s": (left - 1) / n, "n": left})
    r = mo.survival.pool_curves(table, survival="s", n_risk="n", draws=1000)
    curve = r.curves["all"]
    np.testing.assert_allclose(curve.survival, np.cumprod((left - 1 + 0.25) / (left + 0.5)), rtol=1e-12)
    np.testing.assert_allclose(curve.uncorrected, table["s"], rtol=1e-12)
    assert abs(curve.survival[-1] - 0.25) > 0.01
    for printed in (r, mo.results_text(r), mo.table(r)):
        assert "uarter of a patient" in str(printed)
    assert "(n p + 1/4)/(n + 1/2)" in str(mo.methods_text(r))
    many = mo.survival.pool_curves(table.assign(n=1000 * left), survival="s", n_risk="n", draws=1000)
    assert "uarter of a patient" not in str(many)


def test_numbers_below_the_figure_stand_at_its_ticks_and_clear_of_their_names():
    times = [1, 2, 3, 6, 12, 18, 24]
    rows = [(s, t, 0.97**t, 400 - 10 * t) for s in "ABC" for t in times]
    table = pd.DataFrame(rows, columns=["study", "time", "s", "n"])
    both = pd.concat([table.assign(arm=a, study=table["study"] + a) for a in ("control", "exp")])
    r = mo.survival.pool_curves(both, survival="s", n_risk="n", by="arm", draws=1000)
    axes = mo.plot.pooled_curves(r)
    figure = axes.figure
    figure.canvas.draw()
    boxes = {}
    for text in axes.texts:
        boxes.setdefault(round(text.get_window_extent().y0), []).append((text.get_text(), text.get_window_extent()))
    row = next(b for b in boxes.values() if b[0][0] == "exp: at risk")
    ticks = axes.xaxis.get_majorticklocs()
    assert set(ticks) <= {0, *times}
    places = axes.transData.transform([(t, 0) for t in ticks])[:, 0]
    numbers = [(box.x0 + box.x1) / 2 for _, box in row[1:]]
    np.testing.assert_allclose(numbers, places[: len(numbers)], atol=2)
    for (_, one), (_, following) in pairwise(row):
        assert following.x0 > one.x1 + 3
