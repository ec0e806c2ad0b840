"""Kenward-Roger's intervals against R's meta."""

import pytest
from reference.pinned import load

import metaonc as mo

PINNED = load("kenward_roger")
FIELDS = ("estimate", "se", "df", "ci_low", "ci_high", "prediction_low", "prediction_high")
RTOL = 1e-9  # R's scoring for tau2 stops at 1e-13, which the degrees of freedom magnify


@pytest.mark.parametrize("name", PINNED)
def test_kenward_roger_is_that_of_meta(name):
    want = PINNED[name]
    got = mo.pool({"yi": want["yi"], "vi": want["vi"]}, ci="KR", prediction="KR")
    for field in FIELDS:
        assert getattr(got, field) == pytest.approx(want[field], rel=RTOL), field


def test_a_useless_number_of_degrees_of_freedom_is_said():
    few, enough = (mo.pool({"yi": PINNED[s]["yi"], "vi": PINNED[s]["vi"]}, ci="KR") for s in ("steurer", "bcg"))
    assert any("Kenward-Roger has 0.043 degrees of freedom" in note for note in few.provenance.notes)
    assert not any("Kenward-Roger" in note for note in enough.provenance.notes)
