"""Curvatures far from a maximum, where a likelihood is beyond all numbers."""

import numpy as np

from metaonc.analysis.numeric.time_to_event.maximum import hessian


def test_a_curvature_that_is_beyond_numbers_is_infinite_without_a_warning():
    assert hessian(lambda x: -1e306 * abs(x[0] - 1), np.array([1.0])).tolist() == [[-np.inf]]
