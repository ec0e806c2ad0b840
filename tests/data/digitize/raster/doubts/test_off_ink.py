"""A level that lies off all ink is said."""

from __future__ import annotations

import pytest
from line_traces import ONE, drawn, trace

from metaonc.data.digitize.raster.doubts.off_ink import off_ink

INK = drawn(ONE) > 0


def test_a_level_on_its_ink_is_no_doubt():
    assert off_ink(INK, trace(ONE), ONE.astype(float), 90.0) == []


def test_a_level_beside_its_ink_is_told_of_with_its_columns():
    rows = ONE.astype(float)
    rows[60:90] += 12
    [(first, last, off)] = off_ink(INK, trace(ONE), rows, 90.0)
    assert (first, last) == (60, 89)
    assert off == pytest.approx((12 - 2) / 90, abs=0.02)
