"""Texts for a manuscript: every method has its words, and every number is the result's."""

import re

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.pooling.intervals import CI_METHODS, PREDICTION_METHODS
from metaonc.analysis.pooling.tau2 import TAU2_METHODS
from metaonc.errors import DataError
from metaonc.report.forest_notes import INTERVALS

rng = np.random.default_rng(5)
TABLE = pd.DataFrame(
    {
        "trial": list("ABCDEFGH"),
        "yi": rng.normal(-0.3, 0.3, 8),
        "vi": rng.uniform(0.02, 0.2, 8),
        "kras": list("mmmmwwww"),
    }
)
COUNTS = pd.DataFrame(
    {"trial": list("ABCD"), "x": [5, 9, 0, 12], "n": [20, 30, 15, 40], "y": [9, 8, 4, 15], "m": [21, 31, 15, 40]}
)
ARMS = {"events_t": "x", "n_t": "n", "events_c": "y", "n_c": "m", "study": "trial"}
ONE = {"events": "x", "n": "n", "study": "trial"}


def pool(**options):
    return mo.pool(TABLE, study="trial", **{"measure": "HR"} | options)


@pytest.mark.parametrize("method", TAU2_METHODS)
def test_the_estimator_is_named_and_cited(method):
    text = str(mo.methods_text(pool(method=method, ci="wald")))
    if method == "CE":
        assert "pooled by inverse variance with a common effect." in text
        assert "τ²" not in text
    else:
        assert f"was estimated by {TAU2_METHODS[method].label}." in text
        assert TAU2_METHODS[method].reference in text


@pytest.mark.parametrize("ci", CI_METHODS)
def test_the_interval_is_named_and_cited(ci):
    text = str(mo.methods_text(pool(method="DL" if ci == "HC" else "REML", ci=ci)))
    assert f"Confidence intervals (95%) are {INTERVALS[ci]} intervals." in text
    assert CI_METHODS[ci].reference in text


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


def test_results_are_those_of_the_result():
    r = pool(ci="wald")
    text = str(mo.results_text(r))
    got = [float(x) for x in re.search(r"was ([\d.]+) \(95% CI ([\d.]+) to ([\d.]+)\)", text).groups()]
    np.testing.assert_allclose(got, np.exp([r.estimate, r.ci_low, r.ci_high]), atol=0.005)
    assert f"I² = {r.i2:.0f}%" in text
    assert "The pooled hazard ratio of 8 trials" in text


def test_subgroups_and_their_test():
    r = mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR")
    methods, results = str(mo.methods_text(r)), str(mo.results_text(r))
    assert "Subgroups by kras (m, w) were pooled separately, and compared by a chi-square test" in methods
    assert "F test with one τ²" in methods
    assert results.startswith("kras m: The pooled hazard ratio of 4 trials")
    assert "Test between the subgroups: χ² = " in results
    shared = mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR", common_tau2=True)
    assert "with one τ² for all of them" in str(mo.methods_text(shared))
    bayes = mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR", using=mo.pool_bayes)
    assert "no test between them was made" in str(mo.methods_text(bayes))
    assert str(mo.results_text(bayes)).endswith("No test between the subgroups was made.")


@pytest.mark.parametrize(
    ("result", "methods", "results"),
    [
        (lambda: mo.pool_mantel_haenszel(COUNTS, measure="OR", **ARMS), "by the Mantel-Haenszel", "odds ratio of 4"),
        (lambda: mo.pool_peto(COUNTS, **ARMS), "by Peto's method", "odds ratio of 4 trials"),
        (lambda: mo.pool_glmm(COUNTS, **ONE), "by a binomial-normal model, fitted", "test of equal rates: p"),
        (lambda: mo.pool_beta_binomial(COUNTS, **ONE), "by a beta-binomial model", "ρ = "),
        (lambda: mo.pool_bayes(TABLE, study="trial", measure="HR"), "prior half-normal(0.5)", "95% CrI"),
        (lambda: mo.pool_multilevel(TABLE, levels=["kras", "trial"]), "(2 of kras, 8 of trial units)", "variance was"),
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
    assert "Of 8 rows 7 were pooled. Left out: trial 'C' (row 2): missing: yi." in str(mo.methods_text(r))
    es = mo.effect_sizes(COUNTS, measure="OR", **ARMS)
    assert "Corrected: trial 'C': " in str(mo.methods_text(mo.pool(es, study="trial")))


def test_what_is_no_pool_is_refused():
    for verb in (mo.methods_text, mo.results_text):
        with pytest.raises(DataError, match="a pooled result is wanted, not int"):
            verb(3)
