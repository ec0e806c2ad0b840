"""Selection models against metafor, its integrals run to the end (tests/reference/selection.R)."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import ConvergenceError, DataError, OptionError

R = pinned.load("selection")
TABLE = pd.DataFrame(R["data"]).rename(columns={"ni": "n"}).assign(measure="GEN", inputs="n='n'")
OPTIMUM = 1e-4  # relative, of estimates: where R's optimiser stops on a flat top with reltol = 1e-14; of steps 1e-5
HESSIAN = 2e-4  # relative, of standard errors: R's Hessian is made of differences of integrals
BETA = 2e-4, 4e-2  # the same two of the beta weight, which R integrates to 1e-6 at best
select = mo.bias.selection_model


def pool(side="greater", **options):
    turned = TABLE.assign(yi=-TABLE["yi"]) if side == "less" else TABLE
    return mo.pool(turned, **({"method": "ML"} | options))


def fitted(case):
    """Return the model that R was asked for."""
    pooling = {name: case[name] for name in ("method", "tau2") if name in case}
    options = {"steps": case.get("steps"), "precision": case.get("prec"), "p_min": case.get("p_min", 0.0)}
    side = case.get("alternative", "greater")
    if options["steps"] is not None:
        options["steps"] = np.atleast_1d(options["steps"])
    if "delta" in case:
        given = np.atleast_1d(np.array(case["delta"], dtype=float))
        options["delta"] = [None if np.isnan(x) else x for x in given]
    return select(pool(side, **pooling), function=case["type"], alternative=side.replace(".", "-"), **options)


def name_of(case):
    return "-".join(str(x) for x in case["case"].values())


@pytest.mark.parametrize("case", R["cases"], ids=name_of)
def test_as_metafor(case):
    r = fitted(case["case"])
    optimum, hessian = BETA if r.function == "beta" else (1e-5 if r.function == "stepfun" else OPTIMUM, HESSIAN)
    estimates = [r.estimate, r.tau2, *r.weights]
    want = [case["estimate"], case["tau2"], *np.atleast_1d(case["delta"])]
    np.testing.assert_allclose(estimates, want, rtol=optimum, atol=1e-8)
    errors = [r.se, r.se_tau2, *r.weight_errors]
    pinned_errors = np.array([case["se"], case["se_tau2"], *np.atleast_1d(case["se_delta"])], dtype=float)
    known = np.isfinite(pinned_errors)
    np.testing.assert_allclose(np.array(errors)[known], pinned_errors[known], rtol=hessian)
    rounding = 5e-6 if r.function == "beta" else 1e-8
    assert r.loglik == pytest.approx(case["loglik"], abs=rounding)
    assert (r.lr_statistic, r.lr_df) == (pytest.approx(case["lr"], abs=2 * rounding), case["df"])
    if case["df"]:
        assert r.lr_p_value == pytest.approx(case["p"], rel=1e-4)
    assert not r.endless


def test_p_min_moves_the_beta_weight_as_it_moved_metafor():
    """Of lung cancer and passive smoking (Hackshaw 1998) the same: 1.0996 exactly, .938 with p cut at 1e-5."""
    exact, clipped = (select(pool(), function="beta", p_min=p) for p in (0.0, 1e-3))
    assert exact.estimate != pytest.approx(clipped.estimate, abs=0.01)


@pytest.mark.parametrize("options", [{}, {"steps": [0.025, 0.5]}, {"function": "beta"}, {"function": "negexp"}])
def test_effects_turned_round_give_the_same_turned_round(options):
    a, b = select(pool(), **options), select(pool("less"), **options)
    assert (a.alternative, b.alternative) == ("greater", "less")
    assert b.estimate == pytest.approx(-a.estimate, rel=1e-9)
    np.testing.assert_allclose(a.weights, b.weights, rtol=1e-9)
    assert "is taken to favour effect above 0" in a.provenance.notes[0]


def test_without_selection_is_the_pool():
    r, ml = select(pool(), delta=[1, 1]), pool(ci="wald")
    assert (r.estimate, r.se, r.tau2) == (
        pytest.approx(ml.estimate, rel=1e-7), pytest.approx(ml.se, rel=2e-3), pytest.approx(ml.tau2, rel=1e-5),
    )  # fmt: skip
    # the standard error is that of mean and tau² together
    assert (r.lr_statistic, r.lr_df) == (pytest.approx(0, abs=1e-9), 0)
    assert np.isnan(r.lr_p_value)
    none = select(pool(), function="negexp", delta=[0])
    assert none.estimate == pytest.approx(ml.estimate, rel=1e-7)


def test_special_cases_are_one_another():
    half, power = (select(pool(), function=f, delta=d) for f, d in (("halfnorm", [2]), ("negexppow", [2, 0.5])))
    assert half.estimate == pytest.approx(power.estimate, rel=1e-9)
    beta, tail = (select(pool(), function=f, delta=d) for f, d in (("beta", [1, 3]), ("power", [2])))
    assert beta.estimate == pytest.approx(tail.estimate, rel=1e-9)
    steep = select(pool(), steps=[0.5], delta=[1, 0.4])
    trunc = select(pool(), function="trunc", delta=[1, 0.4])
    assert trunc.estimate == pytest.approx(steep.estimate, rel=1e-9)  # p is .5 where the effect is 0


def test_no_start_leads_higher():
    from metaonc.analysis.bias.selection.fit import model_of
    from metaonc.analysis.bias.selection.published import published
    from metaonc.analysis.bias.selection.weight_functions import WEIGHT_FUNCTIONS

    p = published(pool(), "greater", 0.95, "x")
    rng = np.random.default_rng(3)
    for code, at in (("stepfun", [0.025, 0.5]), ("halfnorm", []), ("logistic", []), ("power", [])):
        record = WEIGHT_FUNCTIONS[code]
        likelihood = model_of(p, record, np.array(at), None, 1.0, 0.0).likelihood
        top = select(pool(), function=code, steps=at or None).loglik
        for _ in range(200):
            theta = [rng.normal(0.15, 0.2), rng.exponential(0.02), *rng.exponential(2.0, max(len(at), 1))]
            assert likelihood(np.array(theta)).value <= top + 1e-9


def test_a_bound_is_told():
    table = {"yi": [-0.7, -0.6, -0.28, -0.2, -0.05, -0.22], "vi": [0.24, 0.1, 0.014, 0.012, 0.006, 0.017]}
    r = select(mo.pool(table, measure="HR"), steps=[0.025, 0.5])
    assert r.at_bound == ("the weight of interval 3",)
    assert r.weights[2] == 0
    assert np.isnan(r.weight_errors[2])
    assert "highest at a bound (the weight of interval 3)" in str(r)
    assert "0 in interval 3" in str(r)
    assert "6 trials tell little" in str(r)
    level = select(mo.pool({"yi": [0.2, 0.21, 0.19, 0.2, 0.22], "vi": [0.04, 0.03, 0.05, 0.02, 0.1]}), delta=[1, 0.5])
    assert (level.tau2, level.at_bound) == (0, ("τ²",))
    fixed = select(mo.pool(table, measure="HR"), steps=[0.025, 0.5], delta=[1, 0.5, 0.2])
    assert "tell little" not in str(fixed)
    assert "The weights are given, not estimated" in str(fixed)


def selected(seed, k=26):
    """Return made-up trials that were kept with a chance of exp(-6 p)."""
    rng, tail = np.random.default_rng(seed), NormalDist()
    y, v = [], []
    while len(y) < k:
        n = int(rng.integers(30, 600))
        se = 2 / np.sqrt(n)
        effect = rng.normal(0.1, np.sqrt(se**2 + 0.02))
        if rng.random() < np.exp(-6 * tail.cdf(-effect / se)):
            y.append(round(effect, 3))
            v.append(round(se * se, 5))
    return mo.pool({"yi": y, "vi": v})


def test_a_likelihood_that_rises_beyond_its_maximum_is_told():
    r = select(selected(17), function="beta")
    assert r.endless
    assert "rises above that towards the edge" in str(r)


def test_no_maximum_is_an_error_with_a_way_out():
    for seed, why in ((10, "to the edge of what parameters can be"), (26, "variance between trials grows without end")):
        with pytest.raises(ConvergenceError, match=rf"no maximum, but rises .*{why}.*p_min=1e-05"):
            select(selected(seed), function="beta")
        assert np.isfinite(select(selected(seed), function="beta", p_min=1e-5).se)


def test_the_weight_of_a_p_value():
    p = np.array([0.01, 0.025, 0.3, 0.9])
    steps = select(pool(), steps=[0.025, 0.5], delta=[1, 0.8, 0.5])
    assert steps.weight(p).tolist() == [1, 1, 0.8, 0.5]
    np.testing.assert_allclose(select(pool(), function="negexp", delta=[2]).weight(p), np.exp(-2 * p))
    flat = select(pool(), function="negexp", steps=[0.1], delta=[2]).weight(p)
    np.testing.assert_allclose(flat, [1, 1, np.exp(-0.6), np.exp(-1.8)])
    np.testing.assert_allclose(select(pool(), function="beta", delta=[0.9, 2]).weight(p), p**-0.1 * (1 - p))


SMALL = {"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"function": "probit"}, OptionError, "function='probit' is not an option; choose from 'stepfun'"),
        ({"steps": [0.5, 0.025]}, OptionError, "p-values between 0 and 1 that rise"),
        ({"steps": [2.5]}, OptionError, "p-values between 0 and 1 that rise"),
        ({"steps": ["a"]}, OptionError, "p-values between 0 and 1 that rise"),
        ({"steps": [1]}, OptionError, "one or more below 1"),
        ({"function": "beta", "steps": [0.025]}, OptionError, "cannot be those of the beta weight function"),
        ({"function": "negexp", "steps": [0.025, 0.5]}, OptionError, "give one step"),
        ({"delta": [1, 2, 3]}, OptionError, "must be 2 numbers, of 0 < p ≤ 0.025, 0.025 < p ≤ 1"),
        ({"delta": [0.5, 1]}, OptionError, "must begin with 1"),
        ({"function": "negexp", "delta": [-1]}, OptionError, "-1 is not between 0 and 100"),
        ({"delta": [1, 0]}, DataError, "given as 0, and 12 trials are there"),
        ({"precision": "sei"}, OptionError, "has no form with precision"),
        ({"function": "negexp", "precision": "se"}, OptionError, "precision='se' is not an option"),
        ({"alternative": "up"}, OptionError, "alternative='up' is not an option"),
        ({"p_min": 2}, OptionError, "p_min=2 must be 0 or a small p-value"),
        ({"function": "trunc", "alternative": "two-sided"}, DataError, "favour one side"),
        ({"level": 95}, OptionError, "not a proportion"),
        ({"steps": [1e-9]}, DataError, "no trial has 0 < p ≤ 1e-09"),
    ],
)
def test_what_cannot_be_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        select(pool(), **options)


def test_pools_without_p_values_or_independence_are_refused():
    with pytest.raises(DataError, match="takes a result of pool, not DataFrame"):
        select(pd.DataFrame())
    with pytest.raises(DataError, match="no value of no effect"):
        select(mo.pool(SMALL, measure="PLO"))
    with pytest.raises(OptionError, match="correlated sampling errors"):
        select(mo.pool(SMALL, covariance=np.diag(SMALL["vi"]), ci="wald"))
    with pytest.raises(DataError, match="3 trials cannot tell 3 parameters"):
        select(mo.pool(SMALL), steps=[0.025])
    with pytest.raises(DataError, match="needs the patients of every trial"):
        select(mo.pool(SMALL), function="negexp", precision="ninv")
    with pytest.raises(OptionError, match="shows no side"):
        select(mo.pool({"yi": [-0.5, 0.5, 0.0, 0.0], "vi": [0.1] * 4}))


def test_p_of_1_has_no_weight_of_1_less_p():
    table = mo.pool({"yi": [0.5, 0.0, 0.3, 0.1, 0.4], "vi": [0.04] * 5, "trial": list("ABCDE")}, study="trial")
    with pytest.raises(DataError, match=r"trial 'B' \(row 1\): its p-value is 1.*p_min=1e-05"):
        select(table, function="power", alternative="two-sided")


def test_limits_of_a_weight_are_those_of_its_parameters():
    pool = mo.pool({"yi": [0.9, 0.8, 0.55, 0.5, 0.3, 0.25, 0.1, -0.1, 0.35, 0.42],
                    "vi": [0.16, 0.12, 0.06, 0.05, 0.04, 0.02, 0.02, 0.05, 0.01, 0.03]})  # fmt: skip
    p, z = np.array([0.01, 0.2, 0.7]), 1.959963984540054  # R: qnorm(0.975)
    r = mo.bias.selection_model(pool, function="negexp", alternative="greater")
    low, high = r.weight_limits(p)  # log w = -delta p, of which p times the standard error of delta is uncertain
    np.testing.assert_allclose(np.log(high / low), 2 * z * p * r.weight_errors[0], rtol=1e-9)
    np.testing.assert_allclose(np.sqrt(low * high), r.weight(p), rtol=1e-12)
    steps = mo.bias.selection_model(pool, steps=[0.025, 0.5], alternative="greater")
    table = steps.tidy().query("type == 'weight'")
    for limits, name in zip(steps.weight_limits(p), ("ci_low", "ci_high"), strict=True):
        np.testing.assert_allclose(limits, [1.0, *table[name][1:]], rtol=1e-12)
    given = mo.bias.selection_model(pool, function="negexp", delta=[2.0], alternative="greater")
    assert np.isnan(given.weight_limits(p)).all()
    assert mo.plot.selection(given).get_ylabel() == "Relative weight"


def test_p_values_are_those_of_the_side():
    pool = mo.pool({"yi": [0.5, -0.2, 0.3], "vi": [0.04, 0.04, 0.04]})
    sides = {
        "greater": [0.006209665, 0.8413447, 0.0668072],
        "less": [0.9937903, 0.1586553, 0.9331928],
        "two-sided": [0.01241933, 0.3173105, 0.1336144],
    }  # R: pnorm(c(2.5, -1, 1.5), lower.tail = FALSE) and so on
    for side, want in sides.items():
        r = mo.bias.selection_model(pool, delta=[1, 0.5], alternative=side)
        np.testing.assert_allclose(r.p_values, want, rtol=1e-6)
