"""Verbs that pool trials anew take the pool that a result shows, with what must be said of it."""

import numpy as np
import pandas as pd
import pytest
import result_kinds

import metaonc as mo
from metaonc.errors import DataError

VERBS = ("leave_one_out", "cumulative", "influence", "leave_k_out", "gosh", "bootstrap", "blup", "permutation_test")


MADE = dict(result_kinds.EVERY)


@pytest.fixture(scope="module")
def mixed():
    return MADE["MixedPool 1"]()


@pytest.fixture(scope="module")
def medians():
    return MADE["PooledMedians 1"]()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", ["mixed", "medians"])
def test_the_numbers_are_those_of_the_pool_within(verb, kind, request):
    r, ask = request.getfixturevalue(kind), getattr(mo.sensitivity, verb)
    options = {"n": 100, "seed": 1} if verb == "bootstrap" else {}
    if (kind, verb) == ("medians", "permutation_test"):  # which a median time has no null for
        with pytest.raises(DataError, match="no line of no effect"):
            ask(r)
        return
    shown, within = ask(r, **options), ask(r.pool, **options)
    pd.testing.assert_frame_equal(shown.tidy(), within.tidy())
    assert r.cautions
    assert all(caution.text in str(shown) for caution in r.cautions)
    # those of medians are of its trials, so that the pool within has them too
    assert (kind == "medians") == all(caution in r.pool.cautions for caution in r.cautions)


def test_tests_of_asymmetry_and_robustness_take_it_too(mixed):
    assert mo.bias.egger(mixed).p_value == mo.bias.egger(mixed.pool).p_value
    assert "kinds of evidence on one trial" not in str(mo.bias.egger(mixed.pool))
    found = mo.robustness(mixed).table["verdict"].tolist()
    assert found == mo.robustness(mixed.pool).table["verdict"].tolist()


def test_coefficients_over_time_are_left_out_as_their_pool():
    r = mo.survival.pool_time_varying(result_kinds.TRIALS, control="old")
    found = mo.sensitivity.leave_one_out(r)
    assert np.array_equal(found["estimate"], mo.sensitivity.leave_one_out(r.pool)["estimate"])
    text = r.cautions[0].text
    assert text in str(found)


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("IpdPool", r"its own leave_one_out\(\) leaves out each trial"),
        ("FrailtyPool", r"its own leave_one_out\(\) leaves out each trial"),
        ("IpdInteraction", r"its own leave_one_out\(\) leaves out each trial"),
        ("PooledRmstResult", r"as result.univariate\['6'\]"),
        ("PooledCurves", "pool the curves again without the rows of a trial"),
    ],
)
def test_what_is_no_pool_of_effects_says_what_to_take(name, way):
    r = MADE[f"{name} 1"]()
    for verb in (*(getattr(mo.sensitivity, v) for v in VERBS), mo.bias.egger, mo.robustness):
        with pytest.raises(DataError, match=f"a pool of effects is wanted, and {name} is none: .*{way}"):
            verb(r)
