"""monitor: boundaries by error spending beside published tables, rpact and mvtnorm; and what is required."""

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.numeric.group_sequential import boundaries, obrien_fleming, pocock
from metaonc.errors import DataError, OptionError

R = load("group_sequential")
SPENT = {"asOF": obrien_fleming, "asP": pocock}
TOLD = 1e-6  # error of a look from which on rpact is a witness: it works to 1e-10
EQUAL = np.arange(1, 6) / 5
TRIALS = {"trial": list("ABCDEF"), "yi": [-0.4, -0.2, -0.3, -0.25, -0.1, -0.35],
          "vi": [0.04, 0.03, 0.05, 0.02, 0.03, 0.02]}  # fmt: skip
SPREAD = TRIALS | {"yi": [-0.9, 0.3, -0.6, 0.2, -0.8, 0.1]}


def cumulative(table=TRIALS, **options):
    return mo.sensitivity.cumulative(mo.pool(table, study="trial", **{"measure": "HR"} | options))


def monitor(table=TRIALS, minimal=0.75, pool=None, **options):
    return mo.sensitivity.monitor(cumulative(table, **pool or {}), minimal=minimal, **options)


@pytest.mark.parametrize(
    "case", R["rpact"], ids=lambda c: f"{c['kind']} {c['alpha']} {len(c['t'])} looks from {c['t'][0]}"
)
def test_rpact_has_the_same_boundaries(case):
    t = np.array(case["t"])
    spent = SPENT[case["kind"]](t, case["alpha"])
    np.testing.assert_allclose(spent, case["spent"], atol=2e-8)
    told = np.diff(spent, prepend=0) > TOLD
    assert told.sum() >= 2
    np.testing.assert_allclose(boundaries(t, spent)[told], np.array(case["critical"], dtype=float)[told], atol=2e-4)
    assert case["crossed"] == pytest.approx(case["alpha"], abs=2e-6)  # mvtnorm, of rpact's


def test_mvtnorm_lets_through_what_was_spent_at_looks_that_are_close():
    case = R["close"]
    t = np.array(case["t"])
    spent = SPENT[case["kind"]](t, case["alpha"])
    np.testing.assert_allclose(boundaries(t, spent)[1:], case["bounds"][1:], atol=1e-6)
    np.testing.assert_allclose(case["crossed"], spent, atol=3e-7)  # the error that mvtnorm tells of itself


def test_the_published_table_of_five_looks():
    """The boundaries that are printed for five equal looks at a two-sided error of 0.05 (Lan and DeMets)."""
    np.testing.assert_allclose(boundaries(EQUAL, obrien_fleming(EQUAL, 0.05)), [4.877, 3.357, 2.680, 2.290, 2.031],
                               atol=5e-4)  # fmt: skip
    np.testing.assert_allclose(boundaries(EQUAL, pocock(EQUAL, 0.05)), [2.438, 2.427, 2.410, 2.397, 2.386], atol=5e-4)


def test_one_look_is_one_test_and_all_error_is_spent_at_the_end():
    one = np.array([1.0])
    for spent in SPENT.values():
        assert boundaries(one, spent(one, 0.05))[0] == pytest.approx(1.959963984540054, abs=1e-9)
        assert spent(one, 0.01)[0] == pytest.approx(0.01, rel=1e-12)


def test_paths_cross_as_often_as_was_said():
    t = np.array([0.3, 0.45, 0.8, 1.0])
    bounds = boundaries(t, pocock(t, 0.05))
    steps = np.random.default_rng(1).normal(0, np.sqrt(np.diff(t, prepend=0)), (400_000, 4))
    crossed = (np.abs(steps.cumsum(1) / np.sqrt(t)) >= bounds).any(1).mean()
    assert crossed == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 400_000))


def test_the_first_look_is_exact_however_little_is_spent():
    from scipy.special import ndtri

    for t in (0.02, 0.1, 0.3):
        spent = obrien_fleming(np.array([t]), 0.05)
        if spent[0] > 1e-15:
            assert boundaries(np.array([t]), spent)[0] == pytest.approx(-ndtri(spent[0] / 2), rel=1e-9)
        else:
            assert np.isinf(boundaries(np.array([t]), spent)[0])


def test_the_grid_does_not_matter_where_looks_are_close():
    t = np.array([0.4, 0.4005, 0.401, 1.0])
    loose = boundaries(t, obrien_fleming(t, 0.05))
    # of looks that close all but the last could be one
    one = boundaries(t[[2, 3]], obrien_fleming(t[[2, 3]], 0.05))
    assert loose[-1] == pytest.approx(one[-1], abs=2e-4)


def test_information_is_a_sum_and_required_is_by_hand():
    r = monitor(heterogeneity="none", power=0.9)
    np.testing.assert_allclose(r["information"], np.cumsum(1 / np.array(TRIALS["vi"])))
    assert r.required == pytest.approx((1.959963984540054 + 1.2815515655446004) ** 2 / np.log(0.75) ** 2)
    np.testing.assert_allclose(r["fraction"], r["information"] / r.required)


def test_diversity_is_the_variance_that_random_effects_add():
    r = monitor(SPREAD)
    pool, v = r.whole, np.array(SPREAD["vi"])
    common, random = 1 / (1 / v).sum(), 1 / (1 / (v + pool.tau2)).sum()
    assert r.diversity == pytest.approx((random - common) / random)
    assert r.required == pytest.approx(r.required_common / (1 - r.diversity))
    assert 100 * r.diversity >= pool.i2  # Wetterslev et al. 2009
    assert monitor(SPREAD, heterogeneity=0.25).required == pytest.approx(r.required_common / 0.75)


def test_looks_beyond_the_required_information_have_no_boundary():
    r = monitor(heterogeneity="none")
    assert r["fraction"].gt(1).tolist() == [False, False, False, True, True, True]
    assert r["boundary"].notna().tolist() == [True] * 4 + [False] * 2
    assert r["spent"].iloc[3] == pytest.approx(0.05)
    assert (r.first, r["crossed"].tolist()) == ("D", [False, False, False, True, False, False])
    z = r["z"].iloc[3]
    assert z == pytest.approx(r["estimate"].iloc[3] / r["se"].iloc[3])
    low, high = r.table.loc[3, ["ci_low", "ci_high"]]
    assert (low + high) / 2 == pytest.approx(r["estimate"].iloc[3])
    assert high < 0  # as it is crossed


def test_z_is_of_random_effects_by_the_variances():
    r = monitor(SPREAD, pool={"ci": "HKSJ"})
    pool = mo.pool(SPREAD, study="trial", measure="HR", ci="wald")
    assert r["z"].iloc[-1] == pytest.approx(pool.statistic)


def test_the_figure_has_a_further_look_where_information_lacks():
    r = monitor(minimal=0.9, heterogeneity="none")
    data = mo.plot.monitoring_data(r)
    assert data[["study", "percent"]].iloc[-1].tolist() == ["", 100.0]
    np.testing.assert_allclose(data["z"].iloc[:-1], r["z"])
    assert len(mo.plot.monitoring_data(monitor(heterogeneity="none"))) == 6
    ax = mo.plot.monitoring(r)
    assert ax.lines[-1].get_xdata().tolist() == pytest.approx((100 * r["fraction"]).tolist())


def test_it_says_that_it_is_disputed_wherever_it_is_printed():
    r = monitor()
    for text in (str(r), str(mo.results_text(r))):
        assert "Cochrane Handbook discourages" in text


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (
            lambda: mo.sensitivity.monitor(mo.pool(TRIALS), minimal=0.8),
            DataError,
            "sensitivity.cumulative or over_cuts returned",
        ),
        (lambda: monitor(minimal=1.0), OptionError, "minimal=1.0 is no effect, and no difference from it"),
        (lambda: monitor(minimal=-2), OptionError, "is no hazard ratio strictly within its limits"),
        (lambda: monitor(minimal="x"), OptionError, "minimal='x' is no number"),
        (lambda: monitor(power=1), OptionError, "power=1 is no probability between 0 and 1"),
        (lambda: monitor(alpha=0), OptionError, "alpha=0 is no probability"),
        (lambda: monitor(spending="obf"), OptionError, "OBF"),
        (lambda: monitor(heterogeneity=1.0), OptionError, "nor a diversity from 0 to below 1"),
        (lambda: monitor(pool={"measure": "PLO"}), OptionError, "has no value of no effect"),
    ],
)
def test_what_is_wrong_is_told(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_trials_are_counted_not_rows():
    table = TRIALS | {"trial": ["A", "A", "B", "C", "D", "E"]}
    assert "The 5 trials hold" in str(mo.results_text(monitor(table)))


def test_one_trial_holds():
    table = {name: values[:1] for name, values in TRIALS.items()}
    assert "The 1 trial holds" in str(mo.results_text(monitor(table)))


def test_minimal_may_be_any_number_and_is_called_by_its_name():
    assert monitor(minimal=np.float32(0.75)).required == pytest.approx(monitor().required, rel=1e-6)
    assert monitor(minimal=np.int64(2)).delta == pytest.approx(np.log(2), rel=1e-12)
    with pytest.raises(OptionError, match=r"minimal=0.0 is no hazard ratio"):
        monitor(minimal=0)


def test_power_is_no_less_than_that_of_a_coin():
    with pytest.raises(OptionError, match=r"power=0.01"):
        monitor(power=0.01)
