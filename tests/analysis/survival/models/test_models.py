"""Parametric, spline and cure models of two arms, against survreg and optim of R (reference/survival_models.R)."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.analysis.numeric.product_limit import by_time
from metaonc.analysis.numeric.time_to_event.cure import insufficient
from metaonc.errors import DataError, OptionError

R = pinned.load("survival_models")
TRIALS = pd.DataFrame(R["trials"])
ONE = TRIALS[TRIALS["trial"] == "A"]
CURED = pd.DataFrame(R["cured"])
LIKELIHOOD = 1e-6  # how far R's climbs, which end on flat ground, may lie below
NEAR = {"rtol": 1e-3, "atol": 1e-4}  # parameters there
TIGHT = {"rtol": 1e-6, "atol": 1e-7}
SURVREG = {"exp": 1, "weibull": 1, "lnorm": 1, "llogis": 1}


@pytest.mark.parametrize("code", SURVREG)
def test_distributions_are_those_of_survreg(code):
    want = R["parametric"][code]
    r = mo.survival.parametric(ONE, distribution=code, control=0)
    got, b = dict(zip(r.names, r.estimate, strict=True)), want["estimate"]
    assert r.loglik == pytest.approx(want["loglik"], abs=1e-8)
    ours = {
        "exp": lambda: [-got["log rate"], -got["treatment"]],
        "weibull": lambda: [got["log scale"], got["treatment"], -got["log shape"]],
        "lnorm": lambda: [got["meanlog"], got["treatment"], got["log sdlog"]],
        "llogis": lambda: [got["log scale"], got["treatment"], -got["log shape"]],
    }[code]()
    np.testing.assert_allclose(ours, b, **TIGHT)
    i = r.names.index("treatment")
    np.testing.assert_allclose(r.se[i] ** 2, np.array(want["cov"])[1, 1], rtol=1e-5)


@pytest.mark.parametrize("code", ["gamma", "gengamma", "gompertz"])
def test_others_are_the_maximum_that_optim_finds(code):
    want = R["parametric"][code]
    r = mo.survival.parametric(ONE, distribution=code, control=0)
    assert r.loglik == pytest.approx(want["loglik"], abs=LIKELIHOOD)
    np.testing.assert_allclose(r.estimate, want["estimate"], **NEAR)
    np.testing.assert_allclose(r.se, want["se"], rtol=5e-3)


@pytest.mark.parametrize("name", R["splines"])
def test_splines_are_natural_splines(name):
    want = R["splines"][name]
    changing = name.endswith("tv")
    scale, knots = name.removesuffix("tv")[:-1], int(name.removesuffix("tv")[-1])
    r = mo.survival.royston_parmar(ONE, control=0, knots=knots, scale=scale, time_varying=changing)
    assert r.loglik == pytest.approx(want["loglik"], abs=LIKELIHOOD)
    last = slice(-2, None) if changing else slice(-1, None)
    np.testing.assert_allclose(r.estimate[last], np.ravel(want["effects"]), **NEAR)
    np.testing.assert_allclose(r.se[last], np.ravel(want["se"]), rtol=5e-3)


def test_splines_without_knots_are_distributions():
    for scale, code in (("hazard", "weibull"), ("odds", "llogis"), ("normal", "lnorm")):
        spline = mo.survival.royston_parmar(ONE, control=0, knots=0, scale=scale)
        known = mo.survival.parametric(ONE, control=0, distribution=code)
        assert spline.loglik == pytest.approx(known.loglik, abs=1e-8)
        at = [2, 9, 25]
        np.testing.assert_allclose(spline.survival_at(at)["survival"], known.survival_at(at)["survival"], rtol=1e-5)


@pytest.mark.parametrize("name", R["cures"])
def test_cures_are_the_maximum_that_optim_finds(name):
    want = R["cures"][name]
    code, kind = name.split("_")
    r = mo.survival.cure_model(CURED, control=0, kind=kind, distribution=code)
    assert r.loglik == pytest.approx(want["loglik"], abs=LIKELIHOOD)
    np.testing.assert_allclose(r.estimate, want["estimate"], **NEAR)
    np.testing.assert_allclose(r.se, want["se"], rtol=5e-3)
    cured = 1 / (1 + np.exp(-r.estimate[0] - r.estimate[-1] * np.array([1, 0])))
    np.testing.assert_allclose(r.survival_at(1e6)["survival"], cured, rtol=1e-4)


def test_cures_are_refused_where_a_curve_still_falls():
    with pytest.raises(DataError, match=r"arm '\d': its curve still falls at the end of follow-up"):
        mo.survival.cure_model(CURED.assign(event=np.where(CURED["time"] > 8, 0, CURED["event"])).assign(
            time=CURED["time"].clip(upper=8)), control=0)  # fmt: skip
    with pytest.raises(DataError, match="still falls"):
        mo.survival.cure_model(ONE, control=0)
    # 3 of 10 patients have the event within 2 of the last one, at 4, as follow-up ends at 6
    sample = by_time(np.array([1.0, 2.5, 3, 4, 5, 6, 6, 6, 6, 6]), np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]) == 1)
    assert insufficient(sample) == pytest.approx(0.7**10)


def test_restricted_means_are_areas_and_what_is_beyond_is_marked():
    r = mo.survival.parametric(ONE, distribution="exp", control=0)
    rate = np.exp(r.estimate[0] + np.array([r.estimate[1], 0]))
    means = r.rmst(20)
    np.testing.assert_allclose(means["estimate"][:2], (1 - np.exp(-20 * rate)) / rate, rtol=1e-9)
    assert means["extrapolated"].tolist() == [False, False, False]
    assert r.rmst(100)["extrapolated"].tolist() == [True, True, True]
    at = r.survival_at([5, 100])
    assert at["extrapolated"].tolist() == [False, True, False, True]
    z = 1.959963984540054 * r.se[0]  # of the control arm log(-log S) is linear in the rate
    low = np.exp(-np.exp(r.estimate[0] + z) * 5)
    assert at["ci_low"].iloc[2] == pytest.approx(low, rel=1e-6)


def test_the_variance_of_a_mean_is_that_of_drawn_parameters():
    r = mo.survival.royston_parmar(ONE, control=0, knots=1)
    rng = np.random.default_rng(2)
    draws = rng.multivariate_normal(r.estimate, r.cov, 600)
    means = [r._mean(b, 20.0, 1.0) - r._mean(b, 20.0, 0.0) for b in draws]
    assert r.rmst(20)["se"].iloc[2] == pytest.approx(np.std(means), rel=0.12)


def test_models_are_compared_by_aic():
    table = mo.survival.compare_models(ONE, control=0, knots=[1]).table
    assert table["aic"].is_monotonic_increasing
    assert table["difference"].iloc[0] == 0
    one = table.set_index("model").loc["log-normal"]
    assert one["loglik"] == pytest.approx(R["parametric"]["lnorm"]["loglik"], abs=1e-8)
    assert one["aic"] == pytest.approx(2 * one["parameters"] - 2 * one["loglik"])


def test_what_no_model_takes_is_named():
    with pytest.raises(DataError, match="arm '1' has no event"):
        mo.survival.parametric(ONE.assign(event=np.where(ONE["arm"] == 1, 0, ONE["event"])), control=0)
    with pytest.raises(DataError, match="time 0"):
        mo.survival.royston_parmar(ONE.assign(time=ONE["time"].where(ONE.index > 0, 0.0)), control=0)
    with pytest.raises(OptionError, match="has no shape"):
        mo.survival.parametric(ONE, control=0, distribution="exp", shape_effect=True)
    with pytest.raises(OptionError, match="knots=11 is no whole number"):
        mo.survival.royston_parmar(ONE, control=0, knots=11)
    with pytest.raises(DataError, match="too few for 3 inner knots"):
        mo.survival.royston_parmar(ONE.head(4).assign(event=1), control=0, knots=3)


def test_effects_on_shapes_are_named_as_they_act():
    d = pinned.load("two_arms")["crossing"]["data"]
    fits = {code: mo.survival.parametric(d, control=0, distribution=code, shape_effect=True)
            for code in ("gompertz", "lnorm", "gengamma", "weibull")}  # fmt: skip
    words = {code: str(mo.results_text(r)) for code, r in fits.items()}
    gompertz = fits["gompertz"].tidy(transform=True).set_index("term")["estimate"]
    both = {arm: mo.survival.parametric(d, control=0, distribution="gompertz", shape_effect=True).survival_at([5, 10])
            .query("group == @arm")["survival"].to_numpy() for arm in ("0", "1")}  # fmt: skip
    for arm, shape, rate in (("0", gompertz["shape"], gompertz["log rate"]),
                             ("1", gompertz["shape"] + gompertz["treatment on shape"],
                              gompertz["log rate"] * gompertz["treatment"])):  # fmt: skip
        hazard = rate * np.expm1(shape * np.array([5.0, 10.0])) / shape  # cumulative, of a Gompertz distribution
        np.testing.assert_allclose(both[arm], np.exp(-hazard), rtol=1e-9)
    assert "difference of shape" in words["gompertz"]
    assert "ratio of shape" in words["weibull"]
    for code in ("lnorm", "gengamma"):
        assert "time ratio" in words[code]
        assert "ratio of mu" not in words[code]
        assert "ratio of meanlog" not in words[code]


def test_restricted_means_of_a_model_are_of_all_horizons_as_asked():
    r = mo.survival.parametric(pinned.load("two_arms")["crossing"]["data"], control=0)
    both = r.rmst([24, 10])
    assert both["horizon"].tolist() == [24] * 3 + [10] * 3
    for i, h in enumerate((24, 10)):
        pd.testing.assert_frame_equal(both.iloc[3 * i : 3 * i + 3].reset_index(drop=True), r.rmst(h))


def test_a_cure_model_says_that_an_arm_has_no_event():
    d = {"time": [3, 6, 9, 12] * 2, "event": [1, 1, 1, 0] + [0] * 4, "arm": [0] * 4 + [1] * 4}
    with pytest.raises(DataError, match="arm '1' has no event"):
        mo.survival.cure_model(d, control=0)
