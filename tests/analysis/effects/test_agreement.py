"""Decimals of printed numbers, by which rounding is judged."""

from __future__ import annotations

import numpy as np

from metaonc.analysis.effects.agreement import decimals


def test_decimals_are_those_that_were_printed():
    rng = np.random.default_rng(0)
    for places in range(13):
        printed = [f"{x:.{places}f}" for x in rng.uniform(0.001, 99, 200)]
        written = [len(text.rstrip("0").partition(".")[2]) if places else 0 for text in printed]
        assert decimals(np.array(printed, dtype=float)).tolist() == written


def test_decimals_of_numbers_far_from_one():
    values = np.array([0.0, 1e300, 7e22, -0.05, 1e-20, 4.9e-30, 1e-300, np.nan, np.inf])
    assert decimals(values).tolist() == [0, 0, 0, 2, 20, 31, 300, 0, 0]
