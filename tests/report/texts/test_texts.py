"""Texts for a manuscript: every method has its words, and every number is the result's."""

import re

import pandas as pd
import pytest
from result_kinds import ARMS, COUNTS, ONE, TABLE, pool

import metaonc as mo
from metaonc.analysis.effects.measures import MEASURES
from metaonc.analysis.methods.intervals import CI_METHODS, PREDICTION_METHODS
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.errors import DataError
from metaonc.report.forest.notes import INTERVALS
from metaonc.report.journals import journal_of
from metaonc.report.texts.preparation import obtained
from metaonc.report.texts.printer import Printer
from metaonc.report.texts.references import reference_of


@pytest.mark.parametrize("method", TAU2_METHODS)
def test_the_estimator_is_named_and_cited(method):
    text = str(mo.methods_text(pool(method=method, ci="wald")))
    if method == "CE":
        assert "pooled by inverse variance with a common effect." in text
        assert "τ²" not in text
    else:
        assert f"was estimated by {TAU2_METHODS[method].label}." in text
        assert reference_of(TAU2_METHODS[method].reference).text in text


@pytest.mark.parametrize("ci", CI_METHODS)
def test_the_interval_is_named_and_cited(ci):
    text = str(mo.methods_text(pool(method="DL" if ci == "HC" else "REML", ci=ci)))
    assert f"Confidence intervals (95%) are {INTERVALS[ci]} intervals." in text
    assert reference_of(CI_METHODS[ci].reference).text in text


@pytest.mark.parametrize("prediction", PREDICTION_METHODS)
def test_the_prediction_interval_is_named(prediction):
    text = str(mo.methods_text(pool(prediction=prediction)))
    assert f"new trial ({PREDICTION_METHODS[prediction].label.replace('k - ', 'k − ')})." in text


def test_nothing_is_said_of_what_was_not_done():
    text = str(mo.methods_text(pool(prediction=None, ci="HC", method="DL")))
    assert "Prediction" not in text
    assert "Subgroups" not in text
    assert "Left out" not in text
    assert "Corrected" not in text


def test_subgroups_and_their_test():
    r = mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR")
    methods, results = str(mo.methods_text(r)), str(mo.results_text(r))
    assert (
        "Subgroups (KRAS: m and w) were pooled separately, and compared by an F test in the model with one mean a"
        in methods
    )
    assert "Knapp G, Hartung J. Improved tests" in methods
    assert "In the subgroup KRAS: m, the pooled hazard ratio of 4 trials" in results
    assert "Test between subgroups (F with one τ², its scale at least 1): F = " in results
    shared = mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR", common_tau2=True)
    assert "with one τ² for all of them" in str(mo.methods_text(shared))
    bayes = mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR", using=mo.pool_bayes)
    assert "no test between them was made" in str(mo.methods_text(bayes))
    found = str(mo.results_text(bayes))
    assert "No test between subgroups: posteriors have no standard errors." in found
    assert "With 4 trials the posterior depends on the prior of τ (subgroup m, subgroup w)." in found


@pytest.mark.parametrize(
    ("result", "methods", "results"),
    [
        (lambda: mo.pool_mantel_haenszel(COUNTS, measure="OR", **ARMS), "by the Mantel-Haenszel", "odds ratio of 4"),
        (lambda: mo.pool_peto(COUNTS, **ARMS), "by Peto's method", "odds ratio of 4 trials"),
        (lambda: mo.pool_glmm(COUNTS, **ONE), "by a binomial-normal model, fitted", "test of equal rates: p"),
        (lambda: mo.pool_beta_binomial(COUNTS, **ONE), "by a beta-binomial model", "ρ = "),
        (lambda: mo.pool_bayes(TABLE, study="trial", measure="HR"), "prior half-normal(0.5)", "95% CrI"),
        (lambda: mo.pool_multilevel(TABLE, levels=["kras", "trial"]), "kras (2 units) and trial (8 units), fitted",
         "variance σ² was"),
        (lambda: pool(tau2=0.1), "τ²) being given", "τ² = 0.1"),
        (lambda: mo.pool(TABLE.assign(w=1.0), method="GENQ", weights="w", ci="t"), "weights of our own", "effect of 8"),
        (lambda: mo.pool(TABLE.head(1), measure="HR"), "nothing was pooled.", "of the one trial"),
        (lambda: mo.interaction(TABLE.assign(trial=list("ABCDABCD"), measure="HR"), study="trial", by="kras",
                                contrast=("m", "w")), "Differences within trials", "ratio of hazard ratios of 4"),
    ],
)  # fmt: skip
def test_every_kind_of_result_has_its_words(result, methods, results):
    r = result()
    assert methods in str(mo.methods_text(r))
    assert results in str(mo.results_text(r))
    assert "nan" not in str(mo.methods_text(r)) + str(mo.results_text(r))


def test_rates_have_their_unit_and_rows_of_one_trial_are_told():
    text = str(mo.results_text(mo.pool_glmm(COUNTS, **ONE)))
    assert re.search(r"expected between [\d.]+ and [\d.]+% \(95% prediction interval\)", text)
    twice = mo.pool(TABLE.assign(trial=list("AABBCCDD")), study="trial")
    assert "The 8 rows come from 4 trials; rows of one trial were taken as independent." in str(mo.methods_text(twice))
    assert "independent" not in str(mo.methods_text(pool()))


def test_rows_left_out_and_corrected_are_told():
    with pytest.warns(mo.DataWarning):
        r = mo.pool(TABLE.assign(yi=TABLE["yi"].where(TABLE["trial"] != "C")), study="trial")
    assert "1 of 8 trials was left out: C (effect not reported)." in str(mo.results_text(r))
    es = mo.effect_sizes(COUNTS, measure="OR", **ARMS)
    assert "0.5 added to each cell, in 1 trial (C)" in str(mo.methods_text(mo.pool(es, study="trial")))


def test_what_is_no_pool_is_refused():
    for verb in (mo.methods_text, mo.results_text):
        with pytest.raises(DataError, match="a result is wanted, as of pool, pool_mantel"):
            verb(3)


HAZARDS = {
    "trial": ["A", "B", "C", "D"],
    "hr": [0.5, 0.7, 0.8, 0.9],
    "lo": [0.3, 0.5, None, None],
    "hi": [0.83, 0.98, None, None],
    "p": [0.008, 0.04, 0.03, 0.5],
    "et": [30, None, 190, 9],
    "ec": [35, None, 190, None],
}
WAYS = {"hr": "hr", "ci_low": "lo", "ci_high": "hi", "p": "p", "events_t": "et", "events_c": "ec", "study": "trial"}


def prepared(effects, **options):
    r = mo.pool(effects, study="trial", **options)
    return str(mo.methods_text(r)).split("\n\n")[1]


def test_how_effects_were_obtained_is_told():
    es = mo.effect_sizes(HAZARDS, measure="HR", **WAYS)
    assert prepared(es) == (
        "Hazard ratios were taken as published with their 95% interval in 2 trials (A and B) and taken as published, "
        "with the standard error from the p-value, in 2 trials (C and D). Other numbers of the same report agreed with "
        "the effect in 3 trials."
    )
    assert prepared(es.head(1)).startswith("The hazard ratio was taken as published with its 95% interval. Other")
    assert prepared(es.head(2)).startswith("Hazard ratios were taken as published with their 95% interval. Other")
    twice = mo.pool(es.assign(trial=list("AABB")), study="trial")
    assert "interval in 2 rows and taken" in str(mo.methods_text(twice))
    few = mo.pool(es, study="trial")
    assert "95·0" not in str(mo.methods_text(few, journal="Lancet"))


def test_what_did_not_agree_is_told():
    with pytest.warns(mo.DataWarning):
        es = mo.effect_sizes(HAZARDS | {"p": [0.5, 0.04, 0.03, 0.5]}, measure="HR", **WAYS)
    assert "Remarks on single trials: A: p and its interval disagree" in prepared(es)


def test_every_route_has_words_of_its_own():
    routes = [route for record in MEASURES.values() for route in record.routes]
    assert all(route.words.startswith(("taken as published", "computed from")) for route in routes)
    assert all(bool(route.words_open) == bool(route.label_open) for route in routes)
    for record in MEASURES.values():
        for route in record.routes:
            for label, words in ((route.label, route.words), (route.label_open, route.words_open)):
                if label:
                    data = pd.DataFrame({"route": [label.format(level="95"), label.format(level="95")]})
                    said = obtained(record, data, ["A", "B"], Printer(journal_of(None)), [])
                    assert said.endswith(f" were {words.format(level='95')}.")


def test_counts_given_effects_and_unknown_ways_are_told():
    es = mo.effect_sizes(COUNTS, measure="OR", **ARMS)
    assert prepared(es).startswith(
        "Odds ratios were computed from events and patients in 3 trials (A, B and D) and computed from events and "
        "patients, 0.5 added to each cell, in 1 trial (C)."
    )
    assert prepared(TABLE, measure="HR") == "Log hazard ratios and their sampling variances were analysed as given."
    own = pd.DataFrame({"trial": ["A", "B"], "yi": [0.1, 0.2], "vi": [0.1, 0.1], "route": ["patients: Cox", None]})
    assert prepared(own, measure="HR") == (
        "Hazard ratios were obtained by another way (patients: Cox) in 1 trial (A) and given without a record of how "
        "they were obtained in 1 trial (B)."
    )
    years = mo.effect_sizes(
        {"trial": ["A", "B"], "x": [5, 9], "t": [100.0, 90.0]}, measure="IRLN", events="x", time="t"
    )
    assert prepared(years).startswith("Incidence rates were computed from events and person-time.")


def test_versions_are_those_of_the_result():
    r = pool()
    v = r.provenance.versions
    said = f"Analyses were made with metaonc {v['metaonc']} (Python {v['python']}, numpy {v['numpy']})."
    assert said in str(mo.methods_text(r))
