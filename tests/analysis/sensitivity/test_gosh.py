"""gosh: metafor's pools of all subsets, random subsets, who drives them, and the split in two."""

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.sensitivity.all_subsets.drivers import EVEN, ONE_HEAP, split
from metaonc.analysis.sensitivity.all_subsets.subsets import CHUNK, Subsets

R = load("gosh")
TRIALS = R["trials"] | {"trial": list("ABCDEF")}
RTOL, ATOL = 1e-8, 1e-10  # metafor climbs in steps of 1e-13


def pool(**options):
    return mo.pool(TRIALS, study="trial", **{"ci": "wald"} | options)


@pytest.mark.parametrize("case", R["pools"], ids=lambda case: case["method"])
def test_r_pools_the_same_subsets(case):
    found = mo.sensitivity.gosh(pool(method={"EE": "CE"}.get(case["method"], case["method"])))
    place = np.array(case["incl"], dtype=int) @ (1 << np.arange(6)) - 1
    assert sorted(place) == list(range(63))
    several = found["k"].to_numpy()[place] > 1
    for column in ("estimate", "tau2", "q", "i2"):
        got, want = found[column].to_numpy()[place], np.array(case[column])
        rows = several if column != "estimate" else slice(None)  # of one trial metafor says its own
        np.testing.assert_allclose(got[rows], want[rows], rtol=RTOL, atol=ATOL, err_msg=column)


def test_drivers_are_means_over_the_subsets():
    found = mo.sensitivity.gosh(pool())
    for i in range(6):
        inside, counted = found.having(i), found["k"].to_numpy() > 1
        for column in ("estimate", "i2"):
            for name, rows in (("with", inside & counted), ("without", ~inside & counted)):
                want = found[column][rows].mean()
                assert found.drivers[f"{column}_{name}"][i] == pytest.approx(want, rel=1e-12)
        for number, name in ((1, "lower"), (2, "upper")):
            own = found["cluster"].to_numpy() == number
            assert found.drivers[f"share_{name}"][i] == pytest.approx(inside[own].mean(), rel=1e-12)
    assert found.driver == "F"  # the one far from all others


def test_random_subsets_are_those_of_the_seed_and_each_as_likely():
    r = mo.sensitivity.gosh(pool(method="DL"), subsets=20_000, seed=3)
    again = mo.sensitivity.gosh(pool(method="DL"), subsets=20_000, seed=3)
    assert r.table.equals(again.table)
    assert not r.table.equals(mo.sensitivity.gosh(pool(method="DL"), subsets=20_000, seed=4).table)
    exact = mo.sensitivity.gosh(pool(method="DL"))
    spread = exact["estimate"].std() / np.sqrt(len(r))
    assert abs(r["estimate"].mean() - exact["estimate"].mean()) < 4 * spread
    shares = np.array([r.having(i).mean() for i in range(6)])
    np.testing.assert_allclose(shares, 32 / 63, atol=4 * 0.5 / np.sqrt(20_000))


def test_a_random_subset_is_the_same_whatever_block_it_is_asked_in():
    subsets = Subsets(30, 3 * CHUNK, 5)
    whole = np.concatenate([inside for _, inside in subsets.blocks()])
    for first, last in ((0, 10), (CHUNK - 3, CHUNK + 4), (2 * CHUNK, 3 * CHUNK)):
        np.testing.assert_array_equal(subsets.numbered(np.arange(first, last)[:, None]), whole[first:last])
    assert Subsets(2, CHUNK, 1).numbered(np.arange(CHUNK)[:, None]).any(1).all()  # none is empty


def test_two_heaps_are_told_apart_and_one_is_not():
    rng = np.random.default_rng(2)
    heap = rng.normal(0, 1, 200_000)
    assert split(heap, np.zeros(len(heap))).separation == pytest.approx(ONE_HEAP, abs=0.02)
    even = np.linspace(0, 1, 100_001)
    assert split(even, np.zeros(len(even))).separation == pytest.approx(EVEN, abs=1e-3)
    two = np.concatenate([rng.normal(0, 1, 5000), rng.normal(12, 1, 2000)])
    cut = split(two, np.zeros(7000))
    assert cut.upper.sum() == 2000
    assert cut.separation == pytest.approx(12, abs=0.5)
    assert np.isnan(split(np.ones(4), np.ones(4)).separation)


def test_a_tau2_that_was_given_stays():
    found = mo.sensitivity.gosh(pool(tau2=0.05))
    np.testing.assert_array_equal(found["tau2"], 0.05)
    last = found.table.iloc[-1]
    assert last["estimate"] == pytest.approx(pool(tau2=0.05).estimate, rel=1e-14)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda s: s.gosh(mo.pool({"yi": [0.1, 0.2], "vi": [0.1, 0.2]})), mo.DataError, "fewer than three"),
        (lambda s: s.gosh(mo.regress(TRIALS, "~ 1")), mo.DataError, "a result of pool is wanted"),
        (lambda s: s.gosh(pool(method="DL", ci="HC")), mo.OptionError, "ci='HC'"),
        (lambda s: s.gosh(pool(), subsets=1), mo.OptionError, "whole number from 2"),
        (lambda s: s.gosh(pool(), subsets=True), mo.OptionError, "whole number from 2"),
    ],
)
def test_what_cannot_be_is_refused(make, error, says):
    with pytest.raises(error, match=says):
        make(mo.sensitivity)


def test_a_figure_names_the_trial_or_says_that_there_is_none():
    found = mo.sensitivity.gosh(pool(measure="HR"))
    assert mo.plot.gosh(found).get_xlabel() == "Hazard ratio"
    assert mo.plot.gosh(found, trial="B").get_ylim()[0] == 0
    with pytest.raises(mo.OptionError, match="trial='X'"):
        mo.plot.gosh(found, trial="X")
    with pytest.raises(mo.DataError, match=r"sensitivity\.gosh"):
        mo.plot.gosh(pool())


def test_effects_that_are_all_the_same_make_no_clusters():
    """Their pools differ by rounding alone, which was taken for a spread."""
    r = mo.sensitivity.gosh(mo.pool({"yi": [-0.3] * 5, "vi": [0.01, 0.04, 0.05, 0.1, 0.2]}, measure="HR", ci="wald"))
    assert np.isnan(r.separation)
    assert set(r.table["cluster"]) == {0, 1}


@pytest.mark.parametrize("seed", [-1, 1.5, "a", True])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(mo.OptionError, match="must be a whole number from 0"):
        mo.sensitivity.gosh(pool(), subsets=20, seed=seed)
    with pytest.raises(mo.OptionError, match="must be a whole number from 0"):
        mo.simulate(mo.simulation.EffectTrials(), n=2, seed=seed)


def test_one_rule_says_whether_there_are_clusters():
    one = {"trial": list("ABCDEFGH"), "yi": [-0.3, -0.2, -0.25, -0.35, -0.28, -0.22, -0.4, -0.15], "vi": [0.02] * 8}
    two = {**one, "yi": [-0.3, -0.2, -0.25, -0.35, -0.28, -0.22, -0.4, 2.5]}
    for table, said in ((one, "in one heap"), (two, "in two clusters")):
        r = mo.pool(table, study="trial", ci="wald")
        found = mo.sensitivity.gosh(r)
        assert found.apart == (said == "in two clusters")
        for text in (found, mo.results_text(found), mo.robustness(r)):
            assert f"lie {said}" in str(text)
