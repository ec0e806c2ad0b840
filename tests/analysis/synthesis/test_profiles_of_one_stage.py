"""Profiles of the exact likelihood, the partial likelihoods they rest on, and what a pool keeps of them."""

import dataclasses
import pickle

import numpy as np
import pandas as pd
import pytest
import result_kinds
from reference import pinned

import metaonc as mo
from metaonc.analysis.numeric.product_limit import Sample, by_time
from metaonc.analysis.survival.cox.partial_likelihood import event_times, maximise, partial_likelihood
from metaonc.analysis.synthesis.one_stage import kept
from metaonc.analysis.synthesis.one_stage.likelihoods import laplace, partial, profile
from metaonc.analysis.synthesis.one_stage.likelihoods.random_treatment import exactly, marginal
from metaonc.errors import DataError

DATA = pd.DataFrame(pinned.load("one_stage")["data"])
QUANTILE = 3.841458820694124  # R: qchisq(.95, 1)


@pytest.fixture(scope="module")
def pool():
    return mo.survival.pool_ipd(DATA, study="trial", control=0)


@pytest.fixture(scope="module")
def tables(pool):
    return kept.kept_of(pool).tables


def test_derivatives_are_those_of_the_values(tables):
    beta, w, step = np.array([-0.6, 0.2]), np.array([0.02, 0.4]), 1e-5
    at = marginal(tables, beta, np.sqrt(w))
    ahead, behind = (marginal(tables, beta, np.sqrt(w + s * step)) for s in (1, -1))
    np.testing.assert_allclose(at.by_variance, (ahead.value - behind.value) / (2 * step), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(at.mixed, (ahead.slope - behind.slope) / (2 * step), rtol=1e-5, atol=1e-6)
    found = profile.profile(tables, w, beta, np.repeat(beta[:, None], len(tables.null), axis=1))
    fit = exactly(tables, np.sqrt(w))
    np.testing.assert_allclose(found.value, fit.loglik, atol=1e-11)
    np.testing.assert_allclose(found.beta, fit.beta, atol=1e-7)
    ahead, behind = (exactly(tables, np.sqrt(w + s * step)) for s in (1, -1))
    np.testing.assert_allclose(found.slope, (ahead.loglik - behind.loglik) / (2 * step), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.moves, (ahead.beta - behind.beta) / (2 * step), rtol=1e-4, atol=1e-6)


def test_the_estimate_is_where_nothing_near_is_higher(pool, tables):
    fine = np.sqrt(pool.tau2) * (1 + np.array([-1e-3, 0.0, 1e-3]))
    assert exactly(tables, fine).loglik.argmax() == 1
    wide = exactly(tables, np.linspace(0, 3, 61)).loglik
    assert pool.loglik - pool.null_loglik >= wide.max()


def test_limits_of_beta_are_where_the_maximum_over_tau_falls(pool, tables):
    taus = np.linspace(0, 3, 3001)
    drop = pool.loglik - pool.null_loglik - QUANTILE / 2
    for limit in (pool.ci_low, pool.ci_high):
        assert marginal(tables, np.full(3001, limit), taus).value.max() == pytest.approx(drop, abs=2e-6)


def test_a_profile_that_does_not_fall_has_no_limits(tables):
    flat = tables._replace(coefficients=tables.coefficients * 1e-4)
    (low, high), _ = profile.limits_of_beta(flat, 0.0, 1.0, -QUANTILE / 2)
    assert (low, high) == (-12.0, 12.0)
    top = profile.highest(flat, grid := profile.on_grid(flat, laplace.on_grid(flat)[0]))
    assert profile.limits(flat, grid, top, float(top.value[0]) - QUANTILE / 2) == (0.0, np.inf)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("late", [False, True])
def test_partial_likelihoods_at_once_are_those_of_each_trial(ties, late):
    rng = np.random.default_rng(4)
    n, k = 300, 5
    time, event = rng.integers(1, 25, n).astype(float), rng.random(n) < 0.6
    trial, treated = rng.integers(0, k, n), rng.random(n) < 0.5
    treated[trial == 3] = True  # a trial of one arm tells nothing
    entry = time * rng.random(n) if late else None
    order = np.lexsort((time, trial))
    time, event, trial, treated = (x[order] for x in (time, event, trial, treated))
    found = partial.partial_likelihoods(Sample(time, event, entry), trial, treated, k, ties)
    for number, (terms, null) in enumerate(found):
        arms = [(trial == number) & arm for arm in (treated, ~treated)]
        if number == 3:
            assert not len(terms.offset)
            continue
        counts = event_times(*(by_time(time[i], event[i], None if entry is None else entry[i]) for i in arms))
        want = partial_likelihood(counts, ties)
        assert terms.events_t == want.events_t
        np.testing.assert_array_equal(terms.offset, want.offset)
        gone = [j / d if ties == "efron" else 0.0 for d in counts.events_t + counts.events_c for j in range(int(d))]
        d = np.repeat(counts.events_t + counts.events_c, (counts.events_t + counts.events_c).astype(int))
        n_risk = np.repeat(counts.n_risk_t + counts.n_risk_c, (counts.events_t + counts.events_c).astype(int))
        assert null == pytest.approx(-np.log(n_risk - np.array(gone) * d).sum(), rel=1e-13)
    beta, se = partial.maxima([terms for terms, _ in found])
    own = [maximise(terms) if len(terms.offset) else (np.nan, np.nan) for terms, _ in found]
    np.testing.assert_allclose(np.column_stack([beta, se]), own, rtol=1e-12)


@pytest.mark.parametrize("options", [{"method": "laplace"}, {"treatment": "common"}, {"cuts": [6.0]}])
def test_what_is_kept_is_what_the_patients_tell(options):
    r = mo.survival.pool_ipd(DATA, study="trial", control=0, **options)
    anew = dataclasses.replace(r)  # of which nothing is kept
    assert anew not in kept._KEPT
    pd.testing.assert_frame_equal(r.leave_one_out(), anew.leave_one_out(), rtol=1e-12)
    at = [0.0, 0.1]
    pd.testing.assert_frame_equal(r.laplace_profile(at), anew.laplace_profile(at), rtol=1e-12)


def test_arms_of_single_precision_are_read_as_numbers():
    table = result_kinds.trials(3, 30)
    coded = table.assign(arm=(table["arm"] == table["arm"].iloc[0]).astype(np.float32))
    assert mo.survival.pool_ipd(coded, study="trial", control=0, method="laplace").treatment == "1"
    with pytest.raises(DataError, match="control=2 is no value"):
        mo.survival.pool_ipd(coded, study="trial", control=2)


@pytest.mark.parametrize("options", [{"method": "laplace"}, {"treatment": "common"}, {}])
def test_what_is_worked_out_when_read_is_the_same_however_it_is_read(options):
    made = [mo.survival.pool_ipd(DATA, study="trial", control=0, **options) for _ in range(4)]
    read = made[0]
    want = {f.name: getattr(read, f.name) for f in dataclasses.fields(read)}
    assert len(want["patients"]) == read.n == want["trials"][["n_t", "n_c"]].to_numpy().sum()
    again = [dataclasses.replace(made[1]), pickle.loads(pickle.dumps(made[2])), mo.results.from_dict(made[3].to_dict())]
    for other in again:
        for name, value in want.items():
            if isinstance(value, pd.DataFrame):
                pd.testing.assert_frame_equal(getattr(other, name), value, check_exact=True)
            elif name != "provenance":
                np.testing.assert_equal(getattr(other, name), value)
    assert str(again[0]) == str(again[1]) == str(read)
