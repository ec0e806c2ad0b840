"""Models compared in one trial and over several, and held against lifelines' fitters."""

import warnings

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import ColumnError, DataError, OptionError

R = pinned.load("survival_models")
TRIALS = pd.DataFrame(R["trials"])
ONE = TRIALS[TRIALS["trial"] == "A"]
SOME = {"distributions": ["exp", "weibull", "lnorm"], "knots": [1], "scales": ["hazard"]}
CLIMB = 2e-4  # of a log likelihood that lifelines' climb leaves
NEAR = 2e-3  # of survival there


@pytest.fixture(scope="module")
def over_trials():
    return mo.survival.compare_models(TRIALS, study="trial", control=0, **SOME)


def test_criteria_are_summed_over_trials(over_trials):
    r = over_trials
    for _, row in r.table.iterrows():
        own = [r.fit(row["model"], study=name) for name in r.trials]
        assert row["aic"] == pytest.approx(sum(fit.aic for fit in own), rel=1e-9)
        assert row["parameters"] == sum(len(fit.estimate) for fit in own)
    alone = mo.survival.compare_models(ONE, control=0, **SOME)
    of_one = dict(zip(r.table["model"], r.trial_aic["A"], strict=True))
    assert of_one == pytest.approx(dict(zip(alone.table["model"], alone.table["aic"], strict=True)), rel=1e-9)
    assert r.trials == tuple(TRIALS["trial"].unique())
    assert r.fit("log-normal", study="A").loglik == pytest.approx(R["parametric"]["lnorm"]["loglik"], abs=1e-8)


def test_the_best_is_given_and_near_ones_are_told(over_trials):
    assert over_trials.fit(study="A").label == over_trials.best == over_trials.table["model"][0]
    near = int((over_trials.table["difference"] < 2).sum()) - 1
    assert [str(c.text)[:1] for c in over_trials.cautions] == ([str(near)] if near else [])


def test_what_has_no_fit_says_why():
    few = {"time": [1, 2, 3, 4, 5, 6, 7, 8], "event": [1, 0, 1, 1, 0, 1, 0, 0], "arm": [0, 1] * 4}
    r = mo.survival.compare_models(few, control=0, distributions=["exp"], knots=[5], scales=["hazard"])
    assert r.table["aic"].isna().tolist() == [False, True]
    assert "too few for 5 inner knots" in r.table["note"][1]
    assert "no fit" in str(r)
    assert "1 had no fit" in str(mo.results_text(r))


def test_what_is_wrong_is_named(over_trials):
    with pytest.raises(OptionError, match="say which by study="):
        over_trials.fit()
    with pytest.raises(OptionError, match="'nothing'"):
        over_trials.fit("nothing", study="A")
    with pytest.raises(ColumnError, match="'tiral'"):
        mo.survival.compare_models(TRIALS, study="tiral", control=0, **SOME)
    with pytest.raises(DataError, match="trial 'A' has patients of one arm only"):
        mo.survival.compare_models(
            TRIALS[(TRIALS["trial"] != "A") | (TRIALS["arm"] == 1)], study="trial", control=0, **SOME
        )
    with pytest.raises(DataError, match="patient in row 0: trial is missing"):
        mo.survival.compare_models(TRIALS.assign(trial=TRIALS["trial"].where(TRIALS.index > 0)), study="trial",
                                   control=0, **SOME)  # fmt: skip


def _lifelines(name, **options):
    import lifelines

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(lifelines, name)(**options).fit(ONE[["time", "event", "arm"]], "time", "event")


@pytest.mark.parametrize(
    ("code", "fitter"),
    [("weibull", "WeibullAFTFitter"), ("lnorm", "LogNormalAFTFitter"), ("llogis", "LogLogisticAFTFitter")],
)
def test_fits_are_those_of_lifelines(code, fitter):
    theirs, ours = _lifelines(fitter), mo.survival.parametric(ONE, control=0, distribution=code)
    assert ours.loglik == pytest.approx(theirs.log_likelihood_, abs=CLIMB)
    assert ours.aic == pytest.approx(theirs.AIC_, abs=2 * CLIMB)
    at = [2.0, 6.0, 12.0, 40.0]  # beyond the follow-up too
    want = theirs.predict_survival_function(pd.DataFrame({"arm": [1, 0]}), times=at)
    np.testing.assert_allclose(ours.survival_at(at)["survival"], want.to_numpy().T.ravel(), atol=NEAR)


def test_generalised_gamma_and_splines_are_those_of_lifelines():
    from lifelines import GeneralizedGammaFitter, SplineFitter

    treated, control = (ONE[ONE["arm"] == arm] for arm in (1, 0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gamma = [GeneralizedGammaFitter().fit(d["time"], d["event"]) for d in (treated, control)]
    both = mo.survival.parametric(ONE, control=0, distribution="gengamma")  # location by arm, shapes in common
    assert sum(fit.log_likelihood_ for fit in gamma) > both.loglik - CLIMB  # theirs have more parameters
    # one spline a trial, on the log cumulative hazard: two arms that are alike have the spline of one
    alike = pd.concat([control.assign(arm=0), control.assign(arm=1)])
    spline = mo.survival.royston_parmar(alike, control=0, knots=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = SplineFitter(np.exp(spline.knots)).fit(control["time"], control["event"])
    at = np.array([1.0, 4.0, 10.0, 20.0])
    np.testing.assert_allclose(
        spline.survival_at(at).query("group == '0'")["survival"], theirs.survival_function_at_times(at), atol=NEAR
    )
    assert spline.loglik / 2 == pytest.approx(theirs.log_likelihood_, abs=CLIMB)


def test_trials_without_events_are_named():
    silent = TRIALS.assign(event=TRIALS["event"].where((TRIALS["trial"] != "B") | (TRIALS["arm"] == 0), 0))
    with pytest.raises(DataError, match="trial 'B': arm '1' has no event"):
        mo.survival.compare_models(silent, study="trial", control=0, **SOME)


def test_several_trials_as_one_are_doubted(over_trials):
    assert not over_trials.provenance.cautions
    whole = TRIALS[TRIALS["trial"].isin(["A", "B"])]
    made = [
        mo.survival.compare_models(whole, control=0, distributions=["exp"], knots=[]),
        mo.survival.hazard_ratio(whole, control=0),
        mo.survival.rmst(whole, control=0, horizons=1),
    ]
    for r in made:
        assert "patients of 2 trials are compared as if they were of one" in str(r)
    assert not mo.survival.hazard_ratio(ONE, control=0).cautions
