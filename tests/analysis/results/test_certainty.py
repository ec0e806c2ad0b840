"""Effects that are equal but for rounding: no test by an error of 0, and no prediction interval without width."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo

VI = [0.04, 0.05, 0.03, 0.07, 0.02, 0.06]
GROUP = list("aabbab")


EFFECT = np.log(0.82)


def table(yi=EFFECT):
    """Return six trials of one effect, in the last digit apart as logarithms of counts can be."""
    apart = np.array([0, 1, -1, 0, 2, 1]) * np.spacing(EFFECT)
    return pd.DataFrame({"trial": list("ABCDEF"), "yi": np.broadcast_to(yi, 6) + apart, "vi": VI, "g": GROUP,
                         "x": [1.0, 2.0, 4.0, 3.0, 7.0, 5.0]})  # fmt: skip


def within(ratio):
    """Return two levels of each trial, whose ratios are all this one."""
    baseline = np.log([0.9, 0.5, 0.71, 1.3, 0.66, 0.8])
    two = [table().assign(level="wt", yi=baseline), table().assign(level="mut", yi=baseline + np.log(ratio))]
    return mo.interaction(pd.concat(two), study="trial", by="level", contrast=("mut", "wt"), measure="HR")


OF_ONE = {
    "pool": lambda: mo.pool(table(), study="trial", measure="HR"),
    "interaction": lambda: within(0.7),
    "interaction near 1": lambda: within(1.003),
    "correlated": lambda: mo.pool(table(), measure="HR", covariance=np.diag(VI) + 0.01 * np.eye(6)[::-1]),
    "robust": lambda: mo.pool_multilevel(
        pd.concat([table(), table()]).assign(row=range(12)), levels=["trial", "row"], measure="HR"
    ).robust(cluster="trial"),
}


@pytest.mark.parametrize("name", OF_ONE)
def test_there_is_no_test_and_no_prediction_interval(name):
    r = OF_ONE[name]()
    assert (r.is_certain, r.se, r.predicts, r.lacks_width) == (True, 0, False, True)
    for frame in (r.tidy(), r.glance(), r.tidy(transform=True)):
        rows = frame if "type" not in frame else frame[frame["type"] == "summary"]
        assert rows[["p_value", *({"statistic"} & set(rows))]].isna().all(axis=None)
    assert r.glance()["prediction_low"].item() == r.estimate  # the number that R has
    said = [str(r), str(mo.results_text(r)), str(mo.table(r)), " ".join(mo.plot.forest_rows(r).footnotes)]
    for text in said:
        assert "no width and there is no test by it, as effects are equal but for rounding" in text
        assert not {"inf", "p < 0.001", "p 0 "} & set(text.replace(",", " ").split())
    for text in said[:3]:
        assert "rediction interval" in text
        assert "not estimable" in text or "no prediction interval can be estimated" in text


def test_subgroups_of_equal_effects_are_compared_with_the_scale_at_least_1():
    r = mo.pool_subgroups(table(np.where(np.array(GROUP) == "a", -0.4, 0.2)), by="g", study="trial", measure="HR")
    assert r.stated_test == "F floor"
    assert r.glance()[["q_between_p", "f_between_p"]].isna().all(axis=None)
    assert r.glance()["p_value"].isna().tolist() == [True, True, False]


def test_coefficients_of_effects_on_a_line_have_no_test():
    r = mo.regress(table(0.3 - 0.11 * table()["x"]), "~ x", study="trial", measure="HR")
    assert r.tidy()[["statistic", "p_value"]].isna().all(axis=None)
    assert np.isnan([r.q_model, r.q_model_p]).all()


def test_pools_without_each_trial_have_none_either():
    r = mo.sensitivity.leave_one_out(mo.pool(table(), study="trial", measure="HR"))
    assert r.tidy()[["statistic", "p_value"]].isna().all(axis=None)
    assert "6 of 6 confidence intervals have no width, as effects are equal but for rounding." in str(
        mo.results_text(r)
    )
    c = mo.sensitivity.cumulative(mo.pool(table(), study="trial", measure="HR"))
    assert "With all trials the confidence interval has no width" in str(mo.results_text(c))


def test_many_pools_at_once():
    found = mo.pool_many(np.array([table()["yi"], [0.1, 0.4, -0.2, 0.3, 0.0, 0.2]]), np.array([VI, VI]))
    assert found[["statistic", "p_value"]].isna().all(axis=1).tolist() == [True, False]


def test_effects_that_nearly_agree_are_tested():
    r = mo.pool(table(np.log(0.82) + np.array([0, 1, 0, 0, -1, 0]) * 1e-6), study="trial", measure="HR")
    assert (r.is_certain, r.predicts) == (False, True)
    assert 0 < r.p_value < 1e-6
