"""Copas and Shi's selection model: against R's metasens, R scripts with the likelihood written out, and identities."""

import json

import numpy as np
import pytest
from reference import copas_scripts, pinned
from reference.pinned import Results, assert_same_script
from reference.r_scripts import HERE
from scipy.special import ndtr

import metaonc as mo
from metaonc.analysis.numeric.asymmetry.copas import Trials, likelihood
from metaonc.errors import DataError, OptionError

BCG = pinned.load("small_study_effects")["sets"]["bcg"]
SCRIPTS = json.loads((HERE / "copas_scripts.json").read_text(encoding="utf-8"))
RESULTS = Results(SCRIPTS, copas_scripts.results)
FEW = {"publication": [0.9, 0.4], "points": 2}

# The BCG trials by metasens 1.5-2: publication of the least precise trial and the effect there, as it prints them; the
# most precise trial's is that with which we have the same effect. Standard error (where rho is at no bound), trials
# unpublished and p of residual asymmetry are then the witnesses.
METASENS = [
    (0.960960059373, 0.9987223955, -0.7198780015, None, 0.31095856, 0.4580601),
    (0.841306431461, 0.9853772359, -0.6815360506, 0.2030691516, 1.58959974, 0.52294565),
    (0.762900183514, 0.9691342606, -0.6600150724, 0.2047666553, 2.69563846, 0.5798237),
    (0.68911101296, 0.9478324365, -0.6400947586, 0.2117556795, 3.98800639, 0.63323521),
    (0.607175873016, 0.9163872219, -0.6200863085, 0.2216905749, 5.80825053, 0.6897931),
    (0.508813008639, 0.8658276965, -0.6000319091, 0.2345232259, 8.78143578, 0.75119344),
]
OPTIM = 1e-5  # what metasens' optimiser leaves of an optimum


def bcg(sign=1.0, **options):
    return mo.pool({"yi": [sign * y for y in BCG["yi"]], "vi": BCG["vi"]}, measure="OR", ci="wald", **options)


@pytest.mark.parametrize("row", METASENS, ids=lambda row: f"{row[0]:.2f}")
def test_metasens_says_the_same(row):
    least, most, estimate, se, unpublished, p = row
    found = mo.bias.copas(bcg(), publication=[least], most_precise=most, points=2).curve.iloc[1]
    assert found["estimate"] == pytest.approx(estimate, rel=OPTIM)
    assert found["unpublished"] == pytest.approx(unpublished, rel=OPTIM)
    assert found["p_residual"] == pytest.approx(p, rel=OPTIM)
    if se is not None:
        assert found["se"] == pytest.approx(se, rel=OPTIM)


@pytest.mark.parametrize("name", RESULTS)
def test_r_says_the_same(name):
    r, want = RESULTS[name], SCRIPTS[name]
    assert_same_script(r.r_code(), want["script"])
    for field, values in want["r"].items():
        tolerance = {"estimate": 5e-4, "se": 5e-3, "rho": 5e-4}.get(field, 1e-4)  # L-BFGS-B on a flat ridge
        np.testing.assert_allclose(
            r.curve[field][1:], [pinned.NUMBERS.get(v, v) for v in values], rtol=tolerance, atol=2e-5, err_msg=field
        )


def test_derivatives_are_those_of_the_likelihood():
    s = np.sqrt([0.3, 0.1, 0.04, 0.02])
    trials = Trials.of(np.array([0.9, 0.2, 0.4, 0.1]), s, np.array([0.4 + 0.1 / s, -0.5 + 0.2 / s]))
    theta, h = np.array([[0.3, 0.05, 0.6], [0.1, 0.2, -0.8]]), 1e-5
    at = likelihood(theta, trials)
    for i in range(3):
        up, down = (likelihood(theta + sign * h * np.eye(3)[i], trials) for sign in (1, -1))
        np.testing.assert_allclose((up.value - down.value) / (2 * h), at.g[:, i], rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose((up.g - down.g) / (2 * h), at.h[:, i], rtol=1e-5, atol=1e-7)


def test_without_correlation_it_is_the_pool():
    r = mo.bias.copas(bcg(), **FEW)
    ml = mo.pool({"yi": BCG["yi"], "vi": BCG["vi"]}, method="ML", ci="wald")
    assert r["estimate"][0] == pytest.approx(ml.estimate, rel=1e-10)
    s = np.sqrt(BCG["vi"])
    trials = Trials.of(np.array(BCG["yi"]), s, np.array([0.3 + 0.1 / s]))
    at = likelihood(np.array([[ml.estimate, ml.tau2, 0.0]]), trials)
    assert at.value[0] == pytest.approx(ml.loglik, rel=1e-12)


def test_pairs_are_what_they_say():
    r = mo.bias.copas(bcg(), publication=[0.8, 0.3], most_precise=0.95, points=3)
    s = np.sqrt(BCG["vi"])
    for _, row in r.curve[1:].iterrows():
        chance = ndtr(row["gamma0"] + row["gamma1"] / s)
        assert [chance[s.argmax()], chance[s.argmin()]] == pytest.approx([row["publication"], 0.95], rel=1e-10)
        assert row["unpublished"] == pytest.approx(((1 - chance) / chance).sum(), rel=1e-10)
    assert len(r.grid) == 9
    ends = r.grid["gamma0"].min(), r.grid["gamma0"].max(), r.grid["gamma1"].max()
    assert ends == pytest.approx((r["gamma0"].min(), 2.0, r["gamma1"].max()))


def test_turned_effects_give_turned_results():
    """A hazard ratio below 1 is selected as its inverse is: nothing is inverted without a word."""
    low, high = mo.bias.copas(bcg(), **FEW), mo.bias.copas(bcg(-1.0), **FEW)
    assert (low.alternative, high.alternative) == ("less", "greater")
    for name in ("estimate", "rho"):
        np.testing.assert_allclose(low[name], -high[name], rtol=1e-8)
    for name in ("se", "tau2", "p_residual"):
        np.testing.assert_allclose(low[name], high[name], rtol=1e-6)
    assert (low["rho"][1:] < 0).all()


def test_effects_on_the_other_side_are_not_selected():
    r = mo.bias.copas(bcg(), alternative="greater", **FEW)
    assert (r["rho"][1:] >= 0).all()
    two = mo.bias.copas(bcg(), alternative="two-sided", **FEW)
    np.testing.assert_allclose(two["estimate"], mo.bias.copas(bcg(), **FEW)["estimate"], rtol=1e-6)


def test_the_least_selection_that_leaves_asymmetry_to_chance():
    r = RESULTS["random"]
    p = r["p_residual"].to_numpy()
    assert r.least == int(np.flatnonzero(p >= 0.1)[0])
    strict = mo.bias.copas(mo.pool(copas_scripts.TRIALS, measure="HR"), alpha=0.99, **FEW)
    assert strict.least is None
    assert "No strength of selection shown" in str(strict)
    assert np.isnan(strict.glance()["estimate"][0])
    assert any("accounts for the asymmetry" in c.text for c in strict.cautions)


def test_intervals_at_another_level_are_walds():
    r = mo.bias.copas(bcg(), **FEW)
    table = r.confidence_interval(0.5)
    np.testing.assert_allclose(table["ci_high"] - table["ci_low"], 2 * 0.6744897501960817 * r["se"].to_numpy())
    assert list(table.index) == ["without selection", "published 0.9", "published 0.4"]
    assert r.confidence_interval(transform=True)["ci_low"].iloc[0] == pytest.approx(np.exp(r["ci_low"][0]))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"publication": [1.0]}, OptionError, "must be probabilities between 0 and 1"),
        ({"publication": []}, OptionError, "must be probabilities"),
        ({"publication": ["all"]}, OptionError, "must be probabilities"),
        ({"publication": [0.9], "most_precise": 0.8}, OptionError, "above most_precise=0.8"),
        ({"most_precise": 1}, OptionError, "no probability of publication"),
        ({"gamma0": (1, 0)}, OptionError, r"gamma0=\(1, 0\) must be two numbers, the lower first"),
        ({"gamma1": (-1, 0)}, OptionError, "must be two numbers from 0 on"),
        ({"points": 1}, OptionError, "points=1 must be a whole number from 2 to 60"),
        ({"points": True}, OptionError, "points=True"),
        ({"alternative": "lower"}, OptionError, "'greater', 'less'"),
        ({"alpha": 2}, OptionError, "alpha"),
    ],
)
def test_what_cannot_be_asked_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        mo.bias.copas(bcg(), **options)


def test_trials_that_tell_nothing_are_refused():
    with pytest.raises(DataError, match="takes a result of pool, not dict"):
        mo.bias.copas({})
    with pytest.raises(DataError, match="the same standard error"):
        mo.bias.copas(mo.pool({"yi": [0.1, 0.4, 0.2], "vi": [0.1] * 3}))
    with pytest.raises(DataError, match="three are the least"):
        mo.bias.copas(mo.pool({"yi": [0.1, 0.4], "vi": [0.1, 0.2]}))
    es = mo.effect_sizes({"x": [3, 9, 4], "n": [20, 40, 25]}, measure="PLO", events="x", n="n")
    with pytest.raises(DataError, match="no value of no effect"):
        mo.bias.copas(mo.pool(es))


def test_a_ridge_at_the_bound_of_rho_has_no_interval():
    """The likelihood falls off at next to no distance there: its curvature is no measure of what is known."""
    r = RESULTS["common"]
    held = r["rho"].abs() >= 0.9999
    assert held.any()
    assert r.curve[["se", "ci_low", "ci_high"]].isna().all(axis=1).tolist() == held.tolist()
    assert any("1 of 3 pairs, where there is no interval" in c.text for c in r.cautions)
    assert "(no interval)" in str(mo.table(r))
