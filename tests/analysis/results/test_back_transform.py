"""The back-transform of a Freeman-Tukey mean: said with its size, and warned of where the size decides."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.analysis.effects.formulas.proportions import freeman_tukey_inverse
from metaonc.errors import MethodWarning

# rates of 0 to 2 % in trials of 20 to 200,000 patients
RARE = {"x": [0, 2, 0, 4, 1900], "n": [20, 100, 35, 210, 200000]}
ALIKE = {"x": [25, 30, 19], "n": [57, 61, 50]}


def pooled(table, measure="PFT", **roles):
    return mo.pool(mo.effect_sizes(table, measure=measure, **(roles or {"events": "x", "n": "n"})))


def test_the_size_decides_and_a_warning_says_so():
    with pytest.warns(
        MethodWarning, match=r"of the sample sizes, .* the smallest, 20, .* the largest, 200000, .*logit"
    ):
        r = pooled(RARE)
    (note,) = [note for note in r.provenance.notes if "harmonic" in note]
    told = {size: f"{100 * float(freeman_tukey_inverse(r.estimate, size)):.4g}" for size in (20, 200000)}
    assert f"the smallest, 20, would give {told[20]} %, the largest, 200000, {told[200000]} %." in note
    assert 100 * float(told[20]) < float(told[200000])
    assert f"to {100 * float(r.natural(r.estimate)):.4g} %;" in note


def test_of_trials_of_one_size_nothing_depends_on_it():
    r = pooled(ALIKE)  # warnings are errors
    assert any(
        "back-transformed with the harmonic mean of the sample sizes, 55.6" in note for note in r.provenance.notes
    )


def test_rates_are_told_by_their_person_time():
    r = pooled({"x": [3, 8, 5], "t": [40.0, 60.0, 55.0]}, "IRFT", events="x", time="t")
    assert any(
        "harmonic mean of the person-times" in note and "log incidence rate" in note for note in r.provenance.notes
    )


def test_without_sizes_there_is_no_back_transform_to_speak_of():
    r = mo.pool({"yi": [0.3, 0.35, 0.4], "vi": [0.01] * 3}, measure="PFT")
    assert not any("harmonic" in note for note in r.provenance.notes)
    with pytest.raises(ValueError, match="no back-transform without sample sizes"):
        r.natural(np.array(r.estimate))
