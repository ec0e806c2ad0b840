"""The back-transform of a Freeman-Tukey mean: said with its size, and warned of where the size decides."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.analysis.effects.formulas.proportions import freeman_tukey_inverse
from metaonc.errors import MethodWarning

# rates of 0 to 2 % in trials of 20 to 200,000 patients
RARE = {"x": [0, 2, 0, 4, 1900], "n": [20, 100, 35, 210, 200000]}
ALIKE = {"x": [25, 30, 19], "n": [57, 57, 57]}
# 3 responders of 670 in all: half a percent by the largest trial, none by the smallest
FEW = {"trial": list("ABCDE"), "x": [0, 1, 0, 2, 0], "n": [300, 40, 150, 160, 20]}


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
    assert any("back-transformed with the harmonic mean of the sample sizes, 57" in note for note in r.provenance.notes)


def test_where_the_size_changes_a_printed_digit_every_output_says_so(tmp_path):
    r = pooled(FEW)  # no warning: by less than half the interval
    size = 5 / sum(1 / n for n in FEW["n"])
    by_all, by_largest = (f"{100 * float(freeman_tukey_inverse(r.estimate, n)):.4g}" for n in (size, 300))
    (caution,) = r.cautions
    assert f"to {by_all} %; the smallest, 20, would give 0 %, the largest, 300, {by_largest} %" in caution.more
    mo.write_report(r, tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    figure = " ".join(mo.plot.forest_rows(r).footnotes)
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r)), figure, page):
        assert "depends on the sample size by which the double arcsine proportion is transformed back" in text
    assert not any("harmonic" in note for note in r.provenance.notes)  # it is said once


@pytest.mark.parametrize(("n", "changes"), [([57, 61, 50], True), ([5700, 5712, 5703], False)])
def test_the_caution_is_there_exactly_where_print_changes(n, changes):
    x = [round(0.45 * n[0]), round(0.5 * n[1]), round(0.38 * n[2])]
    r = pooled({"x": x, "n": n})
    values = np.array([r.estimate, r.ci_low, r.ci_high])
    shown = {size: [f"{100 * float(p):.1f}" for p in freeman_tukey_inverse(values, size)] for size in n}
    shown["all"] = [f"{100 * float(p):.1f}" for p in r.natural(values)]
    assert (len({tuple(s) for s in shown.values()}) > 1) == changes == bool(r.cautions)


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
