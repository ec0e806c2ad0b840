"""Pools of many subsets go in blocks: the numbers are the same, and no array is larger than a block."""

import numpy as np
import pytest

from metaonc.analysis.methods.intervals import from_covariance
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.analysis.sensitivity import subset_pools

K = 13
RNG = np.random.default_rng(1)
V = RNG.uniform(0.02, 0.4, K)
Y = RNG.normal(0.2, np.sqrt(V + 0.1))
CASES = [(method, "t") for method in TAU2_METHODS] + [("REML", ci) for ci in from_covariance()]


@pytest.mark.parametrize("inside", [np.not_equal, np.greater_equal], ids=["leave one out", "cumulative"])
@pytest.mark.parametrize(("method", "ci"), CASES)
def test_blocks_change_no_number_and_bound_the_arrays(method, ci, inside, monkeypatch):
    sizes = []

    def members(numbers):
        sizes.append(len(numbers) * K)
        return inside(numbers, np.arange(K))

    whole = subset_pools.pools(Y, V, members, method, ci, 0.95, None)
    assert sizes == [K * K]
    monkeypatch.setattr(subset_pools, "NUMBERS", 4 * K)
    sizes.clear()
    parts = subset_pools.pools(Y, V, members, method, ci, 0.95, None)
    assert sizes == [4 * K, 4 * K, 4 * K, K]
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)
