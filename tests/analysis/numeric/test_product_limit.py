"""Samples in the order of time, few patients as many."""

import numpy as np
import pytest

from metaonc.analysis.numeric.product_limit import MANY, by_time


@pytest.mark.parametrize("n", [1, 7, MANY - 1, MANY, 3 * MANY])
def test_few_and_many_patients_come_in_one_order(n):
    rng = np.random.default_rng(n)
    time, event = rng.integers(0, 20, n) / 2, rng.random(n) < 0.5
    order = sorted(range(n), key=lambda i: (time[i], not event[i]))
    found = by_time(np.where(time == 0, -0.0, time), event)
    assert found.time.tolist() == time[order].tolist()
    assert found.event.tolist() == event[order].tolist()
