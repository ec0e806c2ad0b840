"""The pool of all where rows are subgroups of the same trials."""

import numpy as np
import pytest

import metaonc as mo

ONE_ARM = {
    "trial": list("ABCABC"),
    "kras": ["m"] * 3 + ["w"] * 3,
    "x": [12, 7, 3, 8, 9, 1],
    "n": [30, 18, 21, 40, 30, 9],
}
ALONE = {
    "trial": [*ONE_ARM["trial"], "D"], "kras": [*ONE_ARM["kras"], "m"], "x": [*ONE_ARM["x"], 1],
    "n": [*ONE_ARM["n"], 20],
}  # fmt: skip
SUMS = {"trial": list("ABC"), "x": [20, 16, 4], "n": [70, 48, 30]}
TWO_ARMS = {"trial": list("ABAB"), "kras": list("mmww"), "a": [5, 0, 9, 7], "na": [30, 20, 41, 30], "c": [9, 4, 12, 8],
            "nc": [31, 20, 40, 29]}  # fmt: skip
ARMS = {"events_t": "a", "n_t": "na", "events_c": "c", "n_c": "nc", "study": "trial"}
TWO_SUMS = {"trial": list("AB"), "a": [14, 7], "na": [71, 50], "c": [21, 12], "nc": [71, 49]}
RATIOS = {
    "trial": list("ABCABC"),
    "kras": ["m"] * 3 + ["w"] * 3,
    "yi": [0.1, -0.3, 0.4, -0.5, -0.9, 0.0],
    "vi": [0.05] * 6,
}


def same(r, want):
    fields = ("estimate", "ci_low", "ci_high", "tau2", "k")
    np.testing.assert_allclose([getattr(r, f) for f in fields], [getattr(want, f) for f in fields], rtol=1e-9)


@pytest.mark.parametrize("using", [mo.pool_glmm, mo.pool_beta_binomial])
def test_counts_of_one_arm_are_summed(using):
    options = {"events": "x", "n": "n", "study": "trial"}
    r = mo.pool_subgroups(ONE_ARM, by="kras", using=using, **options)
    same(r.overall, using(SUMS, **options))
    assert r.whole_trials == ([], list("ABC"))
    assert r.provenance.rows_used == 6
    assert "counts were summed over the subgroups of A, B and C" in str(r)
    assert "counts were summed over the subgroups of A, B and C" in str(mo.methods_text(r))
    table = mo.table(r)
    assert any("40/148" in row for row in table.rows)
    assert [row[0] for row in table.rows if row[0] in "ABC"] == list("ABCABC")


@pytest.mark.parametrize("using", [mo.pool_glmm, mo.pool_mantel_haenszel, mo.pool_peto])
def test_counts_of_two_arms_are_summed(using):
    measure = {} if using is mo.pool_peto else {"measure": "OR"}
    r = mo.pool_subgroups(TWO_ARMS, by="kras", using=using, **measure, **ARMS)
    same(r.overall, using(TWO_SUMS, **measure, **ARMS))
    mo.plot.forest(r)


def test_effects_of_counts_are_those_of_the_sums():
    es = mo.effect_sizes(TWO_ARMS, measure="OR", **ARMS)  # an arm without events: 1/2 added to one row, to no sum
    r = mo.pool_subgroups(es, by="kras", study="trial")
    same(r.overall, mo.pool(mo.effect_sizes(TWO_SUMS, measure="OR", **ARMS), study="trial"))
    shares = [float(row[-1]) for row in mo.table(r).rows if row[0] in "AB"]
    np.testing.assert_allclose([sum(shares[:2]), sum(shares[2:])], 100, atol=0.11)  # of each subgroup


def test_effects_that_are_not_of_the_counts_stay_as_they_are():
    es = mo.effect_sizes(TWO_ARMS, measure="OR", **ARMS)
    r = mo.pool_subgroups(es.assign(yi=es["yi"] + 0.1), by="kras", study="trial")  # as if adjusted
    assert (r.overall.k, r.whole_trials) == (4, ([], []))


def test_two_rows_of_a_trial_in_one_subgroup_are_not_summed():
    table = {**ONE_ARM, "trial": list("AACAAC")}
    r = mo.pool_subgroups(table, by="kras", using=mo.pool_glmm, events="x", n="n", study="trial")
    assert (r.overall.k, r.overall.prediction) == (6, None)


def test_ratios_of_subgroups_are_no_pool_of_more_trials():
    r = mo.pool_subgroups(RATIOS, by="kras", study="trial", measure="HR")
    assert np.isnan([r.overall.prediction_low, r.overall.prediction_high]).all()
    assert np.isfinite(r.groups["m"].prediction_low)
    said = "takes 6 rows of 3 trials"
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r)), " ".join(mo.plot.forest_rows(r).footnotes)):
        assert said in text.replace("\u00a0", " ")
    assert "prediction" not in str(r.overall.r_code())
    assert mo.results.from_json(r.to_json()).cautions == r.cautions


def test_subgroups_of_trials_are_pooled_as_before():
    table = {**RATIOS, "trial": list("ABCDEF")}
    r = mo.pool_subgroups(table, by="kras", study="trial")
    assert np.isfinite(r.overall.prediction_low)
    assert r.overall.k == 6


def test_whole_trials_are_taken_as_reported():
    options = {"events": "x", "n": "n", "study": "trial"}
    whole = {"trial": ["B", "Z", "A"], "x": [18, 9, 20], "n": [55, 10, 72]}  # more patients: some of no known level
    with pytest.warns(mo.DataWarning, match="no row that is pooled is of trial 'Z', which"):
        r = mo.pool_subgroups(ONE_ARM, by="kras", using=mo.pool_glmm, whole=whole, **options)
    same(r.overall, mo.pool_glmm({"trial": list("ABC"), "x": [20, 18, 4], "n": [72, 55, 30]}, **options))
    assert r.whole_trials == (["A", "B"], ["C"])
    assert "takes A and B whole, as reported" in str(r)
    said = "The pool of all takes A and B whole, as reported: patients of no known subgroup are among them."
    assert said in mo.table(r).footnotes


def test_whole_ratios_are_taken_as_reported():
    whole = {"trial": list("ABC"), "yi": [-0.1, -0.5, 0.2], "vi": [0.02, 0.03, 0.02]}
    r = mo.pool_subgroups(RATIOS, by="kras", study="trial", measure="HR", whole=whole)
    same(r.overall, mo.pool(whole, study="trial", measure="HR"))
    assert np.isfinite(r.overall.prediction_low)
    assert not any("no pool of" in c.text for c in r.cautions)
    two = {name: x[:2] for name, x in whole.items()}
    with pytest.warns(mo.DataWarning, match="trials 'A', 'B' as reported: trial 'C' has rows of several"):
        assert mo.pool_subgroups(RATIOS, by="kras", study="trial", measure="HR", whole=two).overall.k == 6


def test_whole_trials_are_found_by_the_rule_of_labels():
    rows = {**RATIOS, "trial": [f"KEY-{name}" for name in RATIOS["trial"]]}
    plain = {"trial": [f"KEY-{name}" for name in "ABC"], "yi": [-0.1, -0.5, 0.2], "vi": [0.02, 0.03, 0.02]}
    written = {**plain, "trial": ["KEY-A", "KEY\u2011B", "KEY-C "]}
    with pytest.warns(mo.DataWarning, match="taken as 'KEY-B'"):
        r = mo.pool_subgroups(rows, by="kras", study="trial", measure="HR", whole=written)
    same(r.overall, mo.pool_subgroups(rows, by="kras", study="trial", measure="HR", whole=plain).overall)
    assert sum("is taken as" in note for note in r.provenance.notes) == 2
    with pytest.raises(mo.DataError, match="'key-B' and the table 'KEY-B', which differ only by case"):
        mo.pool_subgroups(rows, by="kras", study="trial", whole={**plain, "trial": ["KEY-A", "key-B", "KEY-C"]})


def test_a_whole_trial_twice_is_refused():
    whole = {"trial": ["A", "A"], "yi": [0.1, 0.2], "vi": [0.1, 0.1]}
    with pytest.raises(mo.DataError, match="whole= has trial 'A' twice"):
        mo.pool_subgroups(RATIOS, by="kras", study="trial", whole=whole)


HR = {"by": "kras", "study": "trial", "measure": "HR"}


def unused(table, whole, **options):
    """Return the pool, whose provenance must say what its warning says of `whole`."""
    with pytest.warns(mo.DataWarning, match="whole=") as caught:
        r = mo.pool_subgroups(table, whole=whole, **HR, **options)
    said = [note for note in r.provenance.notes if note.startswith("whole=")]
    assert said[0] == str(caught[0].message)
    assert caught[0].filename == __file__
    return r, said


def test_whole_trials_that_stand_in_no_row_are_said_not_to_be_used():
    whole = {"trial": list("ABCXY"), "yi": [-0.1, -0.5, 0.2, 0.9, 0.8], "vi": [0.03] * 5}
    r, said = unused(RATIOS, whole)
    assert said == ["whole=: no row that is pooled is of trials 'X', 'Y', which the pool of all does not take."]
    same(r.overall, mo.pool({name: values[:3] for name, values in whole.items()}, study="trial"))


def test_where_no_trial_is_split_whole_trials_are_said_not_to_be_used():
    rows = {name: values[:2] + values[5:] for name, values in RATIOS.items()}
    r, said = unused(rows, {"trial": ["B"], "yi": [-0.4], "vi": [0.03]})
    assert said == ["whole=: the pool of all does not take trial 'B' as reported: no trial has rows of several levels "
                    "of kras."]  # fmt: skip
    same(r.overall, mo.pool(rows, study="trial"))


def test_where_a_split_trial_can_not_be_put_together_none_is_and_that_is_said():
    _, said = unused(RATIOS, {"trial": list("AC"), "yi": [-0.1, 0.2], "vi": [0.03] * 2})
    assert said == ["whole=: the pool of all does not take trials 'A', 'C' as reported: trial 'B' has rows of several "
                    "levels, but no row in whole= and no counts that can be summed."]  # fmt: skip


def test_where_rows_are_pooled_by_covariances_whole_trials_are_said_not_to_be_used():
    arms = {"trial": list("AABB"), "kras": list("mwmw"), "a": [9, 5, 8, 7], "na": [30, 28, 41, 30],
            "c": [9, 9, 12, 12], "nc": [31, 31, 40, 40], "control": list("ppqq")}  # fmt: skip
    es = mo.effect_sizes(arms, measure="OR", **ARMS)
    whole = {"trial": ["A"], "yi": [0.1], "vi": [0.05]}
    with pytest.warns() as caught:
        mo.pool_subgroups(es, by="kras", study="trial", shared="control", whole=whole)
    assert any("trial 'A' as reported: their rows are pooled by their covariances" in str(c.message) for c in caught)


def test_whole_trials_want_names_and_complete_rows():
    whole = {"trial": list("ABC"), "yi": [-0.1, None, 0.2], "vi": [0.03] * 3}
    with pytest.raises(mo.DataError, match=r"whole=: trial 'B'.* take it out of whole="):
        mo.pool_subgroups(RATIOS, whole=whole, **HR)
    with pytest.raises(mo.OptionError, match="by study="):
        mo.pool_subgroups(RATIOS, by="kras", whole=whole)


def test_a_trial_of_one_subgroup_alone_is_no_whole_trial():
    r = mo.pool_subgroups(ALONE, by="kras", using=mo.pool_glmm, events="x", n="n", study="trial")
    said = str(mo.results_text(r)).splitlines()[0]
    assert said == (
        "Proportions of trials, subgroups of one taken together, ranged from 5.0% (D, m alone) to 33.3% (B)."
    )
    whole = {name: column[:-1] for name, column in ALONE.items()}
    r = mo.pool_subgroups(whole, by="kras", using=mo.pool_glmm, events="x", n="n", study="trial")
    assert str(mo.results_text(r)).startswith("Proportions of whole trials, subgroups of one taken together, ranged")


def test_why_counts_are_not_summed_is_said_where_the_pool_of_all_stands():
    again = {name: [*column, column[0]] for name, column in ALONE.items()}
    r = mo.pool_subgroups(again, by="kras", using=mo.pool_glmm, events="x", n="n", study="trial")
    words = "counts are summed over the subgroups of a trial only where each has one row, and A has several of m"
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r)), " ".join(mo.plot.forest_rows(r).footnotes)):
        assert words in text
