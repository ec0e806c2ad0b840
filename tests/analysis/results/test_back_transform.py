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
        MethodWarning, match=r"depends on .*logit.*of the sample sizes, .* the smallest, 20, .* the largest, 200000, "
    ):
        r = pooled(RARE)
    assert not any("harmonic" in note for note in r.provenance.notes)
    (note,) = [str(caution) for caution in r.cautions if "harmonic" in caution.more]
    told = {size: f"{100 * float(freeman_tukey_inverse(r.estimate, size)):.4g}" for size in (20, 200000)}
    assert f"the smallest, 20, would give {told[20]} %, the largest, 200000, {told[200000]} %" in note
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


# 25 events in 1860 patients, most of them in one trial: the mean lies below the transform of no event in small trials
NO_EVENTS = {"x": [0, 0, 0, 25], "n": [7, 9, 44, 1800]}


@pytest.mark.parametrize("options", [{}, {"method": "CE", "ci": "wald"}])
@pytest.mark.filterwarnings("ignore::metaonc.errors.MethodWarning")
def test_a_mean_beyond_the_transform_of_no_event_is_no_estimate(options):
    r = mo.pool(mo.effect_sizes(NO_EVENTS, measure="PFT", events="x", n="n"), **options)
    size = 4 / sum(1 / n for n in NO_EVENTS["n"])
    assert r.estimate < 0.5 * np.arcsin(np.sqrt(1 / (size + 1)))  # which is that of 0 events in this size
    assert r.natural(r.estimate) == 0
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r)), " ".join(mo.plot.forest_rows(r).footnotes)):
        assert "leaves its range: 0" in text
        assert "is no estimate; a mixed model of the counts (GLMM)" in text
    told = str(mo.results_text(r, journal="Lancet"))
    assert "0% is no estimate" in told
    assert f"{100 * float(freeman_tukey_inverse(r.estimate, 1800)):.4g}%".replace(".", "·") in told


def test_a_posterior_says_it_too_and_a_subgroup_under_its_name():
    es = mo.effect_sizes({**NO_EVENTS, "g": list("aaab")}, measure="PFT", events="x", n="n")
    assert any("is no estimate" in caution.text for caution in mo.pool_bayes(es).cautions)
    with pytest.warns(MethodWarning, match="is no estimate"):
        r = mo.pool_subgroups(es, by="g")
    assert [caution.of for caution in r.cautions if "no estimate" in caution.text] == ["subgroup a", "overall"]
