"""fragility: R's search by the result's own script, identities of the search, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest
from reference import fragility_scripts as scripts
from reference.pinned import HERE, assert_same_script

import metaonc as mo

PINNED = json.loads((HERE / "fragility_scripts.json").read_text(encoding="utf-8"))
RTOL = 1e-8  # metafor climbs the likelihood in steps of 1e-12


@pytest.mark.parametrize("name", scripts.POOLS)
def test_r_walks_the_same_path(name):
    r, pinned = scripts.pooled(name), PINNED[name]
    assert_same_script(r.r_code(), pinned["script"])
    assert r.index == pinned["r"]["index"]
    last = r.path[["estimate", "ci_low", "ci_high"]].iloc[-1]
    np.testing.assert_allclose(last, pinned["r"]["ends"], rtol=RTOL)
    np.testing.assert_allclose([r.whole.estimate, r.whole.ci_low, r.whole.ci_high], pinned["r"]["whole"], rtol=RTOL)


@pytest.mark.parametrize("test", scripts.TESTS)
def test_r_finds_the_same_in_each_trial(test):
    r, pinned = scripts.trials(test), PINNED[test]
    assert_same_script(r.r_code(), pinned["script"])
    np.testing.assert_allclose(r["p_value"], pinned["r"]["p_value"], rtol=1e-9)
    np.testing.assert_array_equal(r["index"], pinned["r"]["index"])


@pytest.mark.parametrize("name", scripts.POOLS)
def test_the_pool_of_the_changed_counts_is_the_end_of_the_path(name):
    r = scripts.pooled(name)
    _, measure, options = scripts.POOLS[name]
    own = {role: role for role in ("events_t", "n_t", "events_c", "n_c")}
    after = mo.pool(mo.effect_sizes(r.after, measure=measure, study="study", **own), study="study", **options)
    np.testing.assert_allclose(r.path["ci_low"].iloc[-1], after.ci_low, rtol=1e-9)
    assert bool(after.ci_low > 0 or after.ci_high < 0) != r.significant
    before, changed = r.before[["events_t", "events_c"]].to_numpy(), r.after[["events_t", "events_c"]].to_numpy()
    assert np.abs(changed - before).sum() == r.index == len(r.path)
    total = r.before[["n_t", "n_c"]].to_numpy().sum()
    assert r.quotient == pytest.approx(r.index / total, rel=1e-15)


def test_swapping_the_arms_changes_nothing():
    r = scripts.pooled("OR DL")
    turned = {"events_t": "b", "n_t": "m", "events_c": "a", "n_c": "n", "study": "trial"}
    other = mo.sensitivity.fragility(
        mo.pool(mo.effect_sizes(scripts.CLEAR, measure="OR", **turned), study="trial", method="DL", ci="wald")
    )
    assert other.index == r.index
    np.testing.assert_allclose(other.path["ci_low"], -r.path["ci_high"], rtol=1e-10)


def test_the_case_of_a_trial_alters_its_test():
    r = scripts.trials("fisher")
    t = r.table
    new = t.assign(a=t["events_t"] + t["change_t"], b=t["events_c"] + t["change_c"])
    again = mo.sensitivity.fragility_of_trials(new, events_t="a", n_t="n_t", events_c="b", n_c="n_c")
    assert (again["significant"] != r["significant"]).all()
    assert (t["change_t"].abs() + t["change_c"].abs() == t["index"]).all()


def test_a_trial_too_small_to_be_significant_has_no_index():
    r = mo.sensitivity.fragility_of_trials({"a": [1, 3], "n": [2, 30], "b": [1, 3], "m": [2, 30]}, events_t="a",
                                           n_t="n", events_c="b", n_c="m")  # fmt: skip
    assert np.isnan(r["index"][0])
    assert r["index"][1] > 0
    assert "No change of patients alters the test of trial 1." in mo.results_text(r)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (
            lambda es: mo.pool(es.drop(columns="inputs"), study="trial"),
            mo.DataError,
            "counts of this pool are not known",
        ),
        (lambda es: mo.pool({"yi": [0.1, 0.2], "vi": [0.1, 0.1]}, measure="HR"), mo.OptionError, "measure"),
        (
            lambda es: mo.pool(es.assign(yi=es["yi"] + 0.1), study="trial"),
            mo.DataError,
            "counts of this pool are not known",
        ),
        (
            lambda es: mo.pool(es.assign(yi=es["yi"] + 0.001), study="trial"),  # as rounding leaves them
            mo.OptionError,
            "effect_sizes with its defaults",
        ),
        (lambda es: mo.pool(es, study="trial", method="DL", ci="HC"), mo.OptionError, "ci='HC'"),
        (lambda es: es, mo.DataError, "fragility_of_trials"),
    ],
)
@pytest.mark.filterwarnings("ignore::metaonc.MetaoncWarning")
def test_what_cannot_be_is_refused(make, error, says):
    es = mo.effect_sizes(scripts.CLEAR, measure="OR", **scripts.COLUMNS)
    with pytest.raises(error, match=says):
        mo.sensitivity.fragility(make(es))


@pytest.mark.parametrize(
    ("column", "value", "says"), [("a", 61, "exceed"), ("b", None, "b is missing"), ("a", -1, "not a count")]
)
def test_counts_that_cannot_be_true_are_refused(column, value, says):
    table = pd.DataFrame(scripts.CLEAR).astype({column: object})
    table.loc[0, column] = value
    with pytest.raises(mo.DataError, match=says):
        mo.sensitivity.fragility_of_trials(table, **scripts.COLUMNS)


def test_a_pool_of_counts_is_sent_to_the_trials_own_tables():
    arms = {"trial": list("ABC"), "a": [3, 4, 5], "n": [20, 30, 40], "c": [6, 7, 9], "m": [22, 31, 40]}
    how = {"events_t": "a", "n_t": "n", "events_c": "c", "n_c": "m", "study": "trial"}
    with pytest.raises(mo.DataError, match=r"not MantelHaenszelResult.*take sensitivity\.fragility_of_trials"):
        mo.sensitivity.fragility(mo.pool_mantel_haenszel(arms, measure="OR", **how))
