"""What of a model must be known stands in every output: few events, edges, priors; and one trial is one trial."""

import numpy as np
import pytest

import metaonc as mo

COUNTED = {"events": "x", "n": "n", "study": "t"}


def outputs(r):
    table, content = mo.table(r), mo.plot.forest_rows(r)
    return [str(r), str(mo.results_text(r)), str(table), " ".join(content.footnotes).replace("\u00a0", " ")]


def glmm(x, n, **options):
    return mo.pool_glmm({"t": list("KLMNOPQRSTUVWXYZABCDE")[: len(x)], "x": x, "n": n}, **COUNTED, **options)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: glmm([0, 2, 1], [14, 23, 19]), "the interval rests on 3 events"),
        (lambda: glmm([13, 22, 19], [14, 23, 20]), "the interval rests on 3 patients without an event"),
        (lambda: glmm([9, 14, 11], [20, 30, 25]), "the variance between trials (τ²) is estimated as 0"),
        (lambda: glmm([2, 19], [20, 30]), "the normal interval of few rows takes τ² as known"),
        (lambda: glmm([0, 0, 0], [14, 23, 19]), "nobody responds: the interval is the exact one of the summed counts"),
        (
            lambda: mo.pool_bayes({"t": ["K", "L"], "yi": [0.1, -0.4], "vi": [0.05, 0.08]}, study="t", measure="HR"),
            "with 2 trials the posterior depends on the prior of τ",
        ),
        (
            lambda: mo.pool_bayes({"t": ["K"], "yi": [0.1], "vi": [0.05]}, study="t", measure="HR"),
            "the posterior of τ is its prior",
        ),
    ],
)
def test_every_output_says_it(make, said):
    for text in outputs(make()):
        assert said.lower() in text.lower()


def test_many_events_have_no_word():
    r = glmm([5, 14, 20, 3, 16, 9], [20, 30, 25, 31, 29, 40])
    assert r.tau2 > 0
    assert not any("rests on" in c.text for c in r.cautions)


def test_a_normal_interval_of_a_mixed_model_is_told_as_far_as_simulations_show_it_low():
    x, n = [5, 14, 20, 3, 16, 9, 8] * 3, [20, 30, 25, 31, 29, 40, 33] * 3
    for k in (6, 20, 21):
        r = glmm(x[:k], n[:k])
        told = [c for c in r.cautions if "takes τ² as known" in c.text]
        assert len(told) == (k <= 20)
        assert all("85 to 92 %" in c.more for c in told)
        assert ("ci='t'" in str(r)) == (k <= 20)


HR = {"t": ["Solo"], "hr": [0.7], "lo": [0.44], "hi": [0.97], "e": [52]}


def one_hr():
    """A ratio whose reported limits are not symmetric about it, so that Wald's are others."""
    return mo.effect_sizes(HR, measure="HR", hr="hr", ci_low="lo", ci_high="hi", study="t")


@pytest.mark.filterwarnings("ignore::metaonc.errors.MetaoncWarning")
def test_one_trial_is_printed_and_tidied_as_reported():
    r = mo.pool(one_hr(), study="t")
    row = r.tidy(transform=True).iloc[-1]
    assert row[["estimate", "ci_low", "ci_high", "interval"]].tolist() == [0.7, 0.44, 0.97, "reported"]
    assert r.confidence_interval(transform=True) == (0.44, 0.97)
    assert "Hazard ratio of one trial, nothing pooled: reported interval\n0.7 (95 % CI 0.44 to 0.97)" in str(r)
    assert "(95% CI 0.44 to 0.97)" in str(mo.results_text(r))
    assert "One trial was available; nothing was pooled" in str(mo.methods_text(r))
    plain = r.tidy().iloc[-1]  # on the scale of analysis Wald's, by the variance, as R has it
    half = 1.959963984540054 * np.sqrt(r.studies.vi[0])
    np.testing.assert_allclose(plain[["ci_low", "ci_high"]].astype(float), [r.estimate - half, r.estimate + half])
    assert plain["interval"] == "wald"


@pytest.mark.filterwarnings("ignore::metaonc.errors.MetaoncWarning")
def test_a_posterior_of_one_trial_stands_below_its_reported_interval():
    r = mo.pool_bayes(one_hr(), study="t")
    rows = mo.plot.forest_rows(r).rows
    trial, pool = (rows[rows["kind"] == kind].iloc[0] for kind in ("study", "pooled"))
    assert (trial["low"], trial["high"]) == (0.44, 0.97)
    np.testing.assert_allclose([pool["low"], pool["high"]], np.exp([r.ci_low, r.ci_high]))


def test_lines_of_one_trial_name_their_interval():
    table = {"t": ["K", "L", "M"], "yi": [0.1, -0.4, 0.2], "vi": [0.05, 0.08, 0.04]}
    added = mo.table(mo.sensitivity.cumulative(mo.pool(table, study="t", measure="HR")))
    assert "K: Wald (from the variance) interval." in str(added)
    out = mo.table(mo.sensitivity.leave_one_out(mo.pool({k: v[:2] for k, v in table.items()}, study="t", measure="HR")))
    assert "K and L: Wald (from the variance) interval." in str(out)


def test_a_pool_with_one_effect_for_all_has_no_variance_between_trials_without_each():
    two = {"t": list("KLM"), "a": [3, 4, 5], "n": [30, 40, 33], "b": [6, 7, 8], "m": [30, 42, 35]}
    r = mo.pool_mantel_haenszel(two, measure="OR", events_t="a", n_t="n", events_c="b", n_c="m", study="t")
    assert mo.sensitivity.leave_one_out(r)["tau2"].isna().all()
    assert "tau2" not in str(mo.sensitivity.leave_one_out(r))
