"""Restricted means of samples: the formula written out over times of events, of each sample and of many at once."""

import numpy as np
import pytest

from metaonc.analysis.numeric.product_limit import by_time, product_limit
from metaonc.analysis.numeric.time_to_event.many_means import restricted_means_of
from metaonc.analysis.numeric.time_to_event.restricted_mean import restricted_means


def written_out(sample, horizons):
    """Return areas and covariances, a time of events after the other."""
    steps = product_limit(sample)

    def area(a, b):
        inner = steps.time[(steps.time > a) & (steps.time < b)]
        ends = np.concatenate([[a], inner, [b]])
        s = steps.survival[np.searchsorted(steps.time, ends[:-1], side="right") - 1]
        return float((s * np.diff(ends)).sum())

    d, n = steps.n_event.astype(float), steps.n_risk.astype(float)
    some = (d > 0) & (n > d)
    cov = [[sum(area(u, a) * area(u, b) * x / (y * (y - x)) for u, x, y in zip(steps.time[some], d[some], n[some],
                strict=True) if u < min(a, b)) for a in horizons] for b in horizons]  # fmt: skip
    return [area(0.0, h) for h in horizons], cov


def sample(rng, n, *, late=False, events=0.6):
    time, event = rng.integers(1, 30, n) / 2, rng.random(n) < events
    return by_time(time, event, rng.random(n) * time * 0.9 if late else None)


@pytest.mark.parametrize("seed", range(6))
def test_each_of_several_samples_has_what_the_formula_gives(seed):
    rng = np.random.default_rng(seed)
    samples = [
        sample(rng, 40),
        sample(rng, 3),
        sample(rng, 25, late=True),
        sample(rng, 12, events=0),
        sample(rng, 5, events=1),
    ]
    horizons = np.array([0.25, 1.0, 2.5, 3.0, 6.0])
    found = restricted_means(samples, horizons)
    for i, own in enumerate(samples):
        mean, cov = written_out(own, horizons)
        np.testing.assert_allclose(found.mean[i], mean, rtol=1e-12)
        np.testing.assert_allclose(found.cov[i], cov, rtol=1e-10, atol=1e-14)
    np.testing.assert_array_equal(found.variance, [np.diag(cov) for cov in found.cov])


@pytest.mark.parametrize("m", [1, 2, 40])
def test_many_at_once_have_the_same(m):
    rng = np.random.default_rng(m)
    samples = [
        sample(rng, int(n), events=e) for n, e in zip(rng.integers(1, 60, 30), np.tile([0, 0.3, 1], 10), strict=True)
    ]
    horizons = np.linspace(0.3, 14, m)
    parts = [np.concatenate(x) for x in ([s.time for s in samples], [s.event for s in samples])]
    number = np.repeat(np.arange(30), [len(s.time) for s in samples])
    order = rng.permutation(len(number))
    many = restricted_means_of(*(x[order] for x in (*parts, number)), 30, horizons)
    each = restricted_means(samples, horizons)
    known = horizons <= many.known_to[:, None]
    assert known.any(axis=1).sum() > 10
    np.testing.assert_allclose(many.mean[known], each.mean[known], rtol=1e-12)
    np.testing.assert_allclose(many.variance[known], each.variance[known], rtol=1e-10, atol=1e-14)
    np.testing.assert_array_equal(many.variance[known] == 0, each.variance[known] == 0)
    np.testing.assert_array_equal(many.known_to, [s.known_to() for s in samples])


def test_an_arm_whose_patients_all_die_at_once_has_no_error():
    found = restricted_means([by_time(np.full(4, 3.0), np.ones(4, dtype=bool))], np.array([2.0, 3.0, 5.0]))
    assert found.mean.tolist() == [[2.0, 3.0, 3.0]]
    assert not found.cov.any()
