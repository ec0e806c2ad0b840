"""Samples in the order of time, few patients as many."""

import numpy as np
import pytest

from metaonc.analysis.numeric.product_limit import MANY, Sample, by_group, by_time, close_near_ties, product_limit


@pytest.mark.parametrize("n", [1, 7, MANY - 1, MANY, 3 * MANY])
def test_few_and_many_patients_come_in_one_order(n):
    rng = np.random.default_rng(n)
    time, event = rng.integers(0, 20, n) / 2, rng.random(n) < 0.5
    order = sorted(range(n), key=lambda i: (time[i], event[i]))
    found = by_time(np.where(time == 0, -0.0, time), event)
    assert found.time.tolist() == time[order].tolist()
    assert found.event.tolist() == event[order].tolist()


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("n", [9, 3 * MANY - 1, 3 * MANY])
def test_samples_of_groups_are_those_of_each_group(n, late):
    rng = np.random.default_rng(n)
    group = rng.permutation(np.arange(n) % 3)
    time = rng.integers(1, 20, n) / 2
    patients = Sample(time, rng.random(n) < 0.5, rng.random(n) * time * 0.9 if late else None)
    for i, found in enumerate(by_group(patients, group, 3)):
        wanted = by_time(*patients.of(group == i))
        assert found.time.tolist() == wanted.time.tolist()
        assert found.event.tolist() == wanted.event.tolist()
        assert not late or found.entry.tolist() == wanted.entry.tolist()


@pytest.mark.parametrize("late", [False, True])
def test_those_behind_give_the_product_limit(late):
    rng = np.random.default_rng(8)
    time = rng.integers(1, 9, 60) / 1.0
    sample = by_time(time, rng.random(60) < 0.6, rng.random(60) * time * 0.5 if late else None)
    behind, steps = sample.n_behind(), product_limit(sample)
    assert (behind >= 0).all()
    one_by_one = np.cumprod(1 - sample.event / (behind + 1))
    last = np.searchsorted(sample.time, steps.time[1:], side="right") - 1
    np.testing.assert_allclose(one_by_one[last], steps.survival[1:], rtol=1e-13)


def test_near_times_become_the_first_among_them_in_both_arrays():
    times = np.array([3.0, 1.0 + 1e-10, 1.0, 2.0])
    (closed, entries), moved = close_near_ties(times, np.array([0.0, 0.5, 2.0 + 1e-10, 0.1]))
    assert closed.tolist() == [3.0, 1.0, 1.0, 2.0]
    assert entries.tolist() == [0.0, 0.5, 2.0, 0.1]
    assert moved == 1
    (same,), none = close_near_ties(times + np.arange(4))
    assert none == 0
    assert same.tolist() == (times + np.arange(4)).tolist()
