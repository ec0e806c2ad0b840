"""Hazard ratios of several groups to one: what stands with them wherever they are printed."""

import numpy as np
import pytest

import metaonc as mo

GROUPS = {"time": [3, 5, 7, 2, 4, 6, 1, 2, 3, 8, 9], "event": [1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0],
          "arm": list("aaabbbcccdd")}  # fmt: skip


@pytest.fixture(scope="module")
def ratios():
    return mo.survival.pairwise_hazard_ratios(mo.survival.kaplan_meier(GROUPS, by="arm"), reference="c")


def test_a_group_without_a_ratio_is_named_wherever_ratios_are(ratios):
    said = "hazard ratio of d to c is 0 or infinite"
    assert np.isnan(ratios["hr"].iloc[2])
    assert said in str(ratios)
    assert said in str(mo.results_text(ratios))
    assert said in str(mo.table(ratios))
    assert "d against c not estimable" in str(mo.results_text(ratios))


def test_the_script_says_of_which_group_r_gives_no_estimate(ratios):
    assert "# the ratio of d is 0, infinite or of no events" in ratios.r_code()
    assert ratios.r_code().count("no estimate") == 1


def test_what_is_doubted_of_the_patients_is_told_of_ratios():
    trials = {**GROUPS, "trial": list("xyxxyxxyxyx")}
    curves = mo.survival.kaplan_meier(trials, by="arm")
    assert curves.provenance.cautions
    found = mo.survival.pairwise_hazard_ratios(curves, reference="c")
    assert found.provenance.cautions == curves.provenance.cautions


def test_limits_at_another_level(ratios):
    wide = ratios.confidence_interval(0.99, transform=True)
    assert wide.index.tolist() == ["a against c", "b against c", "d against c"]
    z = 2.5758293035489004
    want = np.exp(ratios["estimate"] - z * ratios["se"])
    np.testing.assert_allclose(wide["ci_low"], want, rtol=1e-12)


def test_they_are_not_adjusted_and_that_is_said(ratios):
    assert "not adjusted for the number of comparisons" in str(ratios)
    assert "not adjusted" in str(mo.methods_text(ratios))
    two = {name: x[:6] for name, x in GROUPS.items()}
    one = mo.survival.pairwise_hazard_ratios(mo.survival.kaplan_meier(two, by="arm"), reference="a")
    assert "not adjusted" not in f"{one}{mo.methods_text(one)}{mo.table(one)}"
