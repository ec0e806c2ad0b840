"""Bias-adjusted pooling: as its moments say, and as simulated trials of the model are."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.errors import ColumnError, DataError, OptionError

TRIALS = {
    "trial": list("ABCDE"), "yi": [-0.9, -0.6, -0.3, -0.25, 0.1], "vi": [0.2, 0.1, 0.04, 0.02, 0.05],
    "a": [-0.3, -0.1, 0.0, 0.0, 0.1], "b": [0.3, 0.2, 0.0, 0.1, 0.0], "m": [1.5, 1.1, 1.0, 1.0, 0.9],
    "s": [0.4, 0.3, 0.1, 0.1, 0.0],
}  # fmt: skip
ALL = {"additive": "a", "additive_sd": "b", "proportional": "m", "proportional_sd": "s"}


def pool(**options):
    return mo.pool(TRIALS, study="trial", measure="HR", **{"ci": "wald"} | options)


@pytest.mark.parametrize("options", [{}, {"method": "DL", "ci": "HKSJ"}, {"method": "CE"}, {"tau2": 0.1}])
def test_the_pool_is_that_of_the_adjusted_effects(options):
    r = mo.bias.bias_adjusted(pool(**options), **ALL)
    t = {name: np.array(values) for name, values in TRIALS.items() if name != "trial"}
    y = (t["yi"] - t["a"]) / t["m"]
    v = (t["vi"] + t["b"] ** 2 + t["s"] ** 2 * (r.estimate**2 + r.adjusted.tau2)) / t["m"] ** 2
    np.testing.assert_allclose(r.trials["yi_adjusted"], y, rtol=1e-12)
    np.testing.assert_allclose(r.trials["vi_adjusted"], v, rtol=1e-10)
    again = mo.pool({"yi": y, "vi": v}, **{"ci": "wald"} | options)
    assert [r.estimate, r.ci_low, r.ci_high] == pytest.approx([again.estimate, again.ci_low, again.ci_high], rel=1e-9)
    np.testing.assert_allclose(r.trials["weight_adjusted"], again.weights, rtol=1e-8)


def test_without_bias_it_is_the_pool():
    r = mo.bias.bias_adjusted(mo.pool(TRIALS | {"zero": [0.0] * 5}, measure="HR"), additive="zero")
    assert r.estimate == r.result.estimate
    assert r.given == ["additive"]


def test_a_bias_of_all_moves_the_pool_by_as_much():
    table = TRIALS | {"all": [-0.2] * 5, "double": [2.0] * 5}
    r = mo.pool(table, measure="HR", ci="wald")
    assert mo.bias.bias_adjusted(r, additive="all").estimate == pytest.approx(r.estimate + 0.2, rel=1e-12)
    assert mo.bias.bias_adjusted(r, proportional="double").estimate == pytest.approx(r.estimate / 2, rel=1e-9)


def test_trials_made_by_the_model_have_these_moments():
    rng, n, theta, tau2 = np.random.default_rng(3), 400_000, -0.4, 0.05
    m, s, a, b, v = 1.3, 0.25, -0.1, 0.2, 0.04
    y = (m + s * rng.standard_normal(n)) * (theta + tau2**0.5 * rng.standard_normal(n))
    y = (y + a + b * rng.standard_normal(n) + v**0.5 * rng.standard_normal(n) - a) / m
    assert y.mean() == pytest.approx(theta, abs=0.003)
    assert y.var() == pytest.approx((v + b**2 + s**2 * (theta**2 + tau2)) / m**2 + tau2, rel=0.01)


def test_turned_effects_and_biases_turn_the_pool():
    turned = TRIALS | {name: [-x for x in TRIALS[name]] for name in ("yi", "a")}
    low, high = (mo.bias.bias_adjusted(mo.pool(t, measure="HR"), **ALL) for t in (TRIALS, turned))
    assert [low.estimate, low.ci_low] == pytest.approx([-high.estimate, -high.ci_high], rel=1e-10)


def test_what_is_no_bias_is_refused():
    r, adjusted = pool(), mo.bias.bias_adjusted
    with pytest.raises(OptionError, match="no bias is given: name the columns of it by additive="):
        adjusted(r)
    with pytest.raises(ColumnError, match="bias"):
        adjusted(r, additive="bias")
    bad = {"less": [-0.1, 0, 0, 0, 0], "gone": [0.1, np.nan, 0, 0, 0], "zero": [1, 1, 0, 1, 1]}
    r = mo.pool(TRIALS | bad, study="trial", measure="HR")
    with pytest.raises(DataError, match=r"'A'.*less=-0.1 is no standard deviation"):
        adjusted(r, additive_sd="less")
    with pytest.raises(DataError, match=r"'B'.*gone is missing"):
        adjusted(r, additive="gone")
    with pytest.raises(DataError, match=r"'C'.*zero=0 is no factor"):
        adjusted(r, proportional="zero")
    with pytest.raises(DataError, match="takes a result of pool, not dict"):
        adjusted({}, additive="a")


def test_a_figure_of_adjusted_effects_says_that_they_are_not_those_reported():
    table = {"trial": list("ABCD"), "yi": [-0.9, -0.4, -0.3, -0.2], "vi": [0.2, 0.05, 0.06, 0.03],
             "bias": [-0.3, -0.1, 0.0, 0.0]}  # fmt: skip
    r = mo.bias.bias_adjusted(mo.pool(table, study="trial", measure="HR"), additive="bias")
    said = "Effects and intervals are not as reported: each is adjusted for the bias"
    content = mo.plot.forest_rows(r)
    assert content.footnotes[0].startswith(said)
    assert content.table_notes[0].startswith(said)
    ax = mo.plot.forest(r, width="column")
    drawn = " ".join(t.get_text() for t in ax.figure.findobj(lambda a: hasattr(a, "get_text")))
    assert "not as reported" in drawn


@pytest.mark.parametrize("verb", ["bias_adjusted", "trim_fill"])
def test_a_figure_of_an_adjusted_pool_has_the_caution_on_its_prediction_interval(verb):
    table = {"trial": list("ABCDEFGH"), "yi": [-0.9, -0.62, -0.45, -0.38, -0.3, -0.28, -0.25, -0.2],
             "vi": [0.2, 0.1, 0.08, 0.07, 0.06, 0.05, 0.04, 0.02], "bias": [-0.3, -0.1, *[0.0] * 6]}  # fmt: skip
    pooled = mo.pool(table, study="trial", measure="HR")
    given = {"additive": "bias"} if verb == "bias_adjusted" else {}
    r = getattr(mo.bias, verb)(pooled, **given)
    assert r.adjusted.tau2 == 0
    assert np.isfinite(r.adjusted.prediction_low)
    content = mo.plot.forest_rows(r)
    assert any("estimated as 0" in said and r.overall_name in said for said in content.footnotes)
