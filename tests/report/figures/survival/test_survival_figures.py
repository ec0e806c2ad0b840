"""Figures of survival without proportional hazards: their data are those of the results, and what they say."""

import numpy as np
import pytest
from result_kinds import PATIENTS, TRIALS

import metaonc as mo
from metaonc.errors import DataError


def test_the_curve_of_one_trial_is_that_of_its_restricted_means():
    r = mo.survival.rmst(PATIENTS, control="old", horizons=[4, 8], unit="months")
    data = mo.plot.rmst_data(r)
    assert data["horizon"].iloc[-1] == 11  # the last time of the new arm
    for time in (4.0, 8.0):
        at = data[np.isclose(data["horizon"], 11 * round(time * 150 / 11) / 150)]
        own = mo.survival.rmst(PATIENTS, control="old", horizons=at["horizon"].iloc[0]).of("difference")
        np.testing.assert_allclose(at[["estimate", "ci_low", "ci_high"]], own[["estimate", "ci_low", "ci_high"]])
    axes = mo.plot.rmst(r)
    np.testing.assert_allclose(axes.lines[-1].get_ydata(), data["estimate"])
    assert axes.get_ylabel() == "Difference of restricted means, months"


def test_pools_stand_side_by_side():
    r = mo.survival.pool_rmst(TRIALS, control="old", horizons=[6, 12, 20], unit="months")
    data = mo.plot.rmst_data(r)
    assert set(data["model"]) == {"univariate", "multivariate REML", "multivariate MM"}
    axes = mo.plot.rmst(r)
    drawn = {line.get_marker(): line.get_ydata() for line in axes.lines if line.get_marker() != "None"}
    for marker, model in zip("os^", ("univariate", "multivariate REML", "multivariate MM"), strict=True):
        np.testing.assert_allclose(drawn[marker], data.loc[data["model"] == model, "estimate"])
    said = " ".join(text.get_text() for text in axes.figure.findobj(lambda a: hasattr(a, "get_text")))
    assert "Trials followed: 4 to 6, 4 to 12, 3 to 20." in said.replace("\n", " ")
    assert "fewer trials are followed" in said.replace("\n", " ")


def test_a_hazard_ratio_over_time_is_that_of_the_result():
    r = mo.survival.pool_time_varying(TRIALS, control="old", unit="months")
    data = mo.plot.hr_over_time_data(r)
    at = r.hr_at(data["time"].to_numpy())
    np.testing.assert_allclose(np.exp(data["log_ratio"]), at["hr"])
    np.testing.assert_allclose(np.exp(data["prediction_low"]), at["prediction_low"])
    assert data["time"].max() == r.last
    axes = mo.plot.hr_over_time(r, prediction=True)
    line = next(x for x in axes.lines if x.get_linewidth() == 1.4 and len(x.get_ydata()) == len(data))
    there = data["trials"] >= 2
    np.testing.assert_allclose(np.array(line.get_ydata())[there], data.loc[there, "log_ratio"])


def test_intervals_are_steps_and_what_is_not_pooled_is_left_out():
    r = mo.survival.pool_time_varying(TRIALS, control="old", cuts=5)
    data = mo.plot.hr_over_time_data(r)
    assert data["log_ratio"].round(9).nunique() == 2
    assert len([x for x in mo.plot.hr_over_time(r).lines if x.get_linewidth() == 1.4]) >= 2


def test_what_has_no_such_figure_is_named():
    with pytest.raises(DataError, match=r"pool_time_varying or survival\.pool_flexible is wanted, not PhTestResult"):
        mo.plot.hr_over_time(mo.survival.ph_test(PATIENTS, control="old"))
    with pytest.raises(DataError, match=r"survival.rmst or survival\.pool_rmst is wanted"):
        mo.plot.rmst(mo.survival.ph_test(PATIENTS, control="old"))
    with pytest.raises(DataError, match="depends on the shape of the control arm"):
        mo.plot.hr_over_time(mo.survival.pool_flexible(TRIALS, control="old", model="weibull"))
