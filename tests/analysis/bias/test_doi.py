"""Doi plots: metasens's index and z-scores."""

import numpy as np
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.errors import DataError

R = load("doi")


def pool(case, **options):
    return mo.pool({"yi": case["yi"], "vi": case["vi"]}, **{"measure": "SMD"} | options)


@pytest.mark.parametrize("name", R)
def test_the_index_is_that_of_metasens(name):
    found = mo.plot.doi_data(pool(R[name]))
    assert found.index == pytest.approx(R[name]["lfk"], rel=1e-12)
    np.testing.assert_array_equal(found.points["estimate"], R[name]["ordered"])
    np.testing.assert_allclose(np.abs(found.points["z"]), R[name]["z"], rtol=1e-12)


def test_even_limbs_have_no_index_and_a_mirror_image_has_its_opposite():
    y = np.array([-0.6, -0.2, 0.0, 0.2, 0.6])
    v = np.array([0.09, 0.04, 0.01, 0.04, 0.09])
    even = mo.plot.doi_data(mo.pool({"yi": y, "vi": v}))
    n = (100 * v.max() / v).sum()
    assert abs(even.index) < 10 / n  # half a unit of its ranks, which has one side
    assert even.asymmetry == "no"
    one, other = (
        mo.plot.doi_data(mo.pool({"yi": s * np.array(R["made"]["yi"]), "vi": R["made"]["vi"]})) for s in (1, -1)
    )
    assert one.index == pytest.approx(-other.index, abs=0.02)
    assert one.asymmetry == "minor"


def test_what_has_no_limbs():
    with pytest.raises(DataError, match="all effects are the same"):
        mo.plot.doi_data(mo.pool({"yi": [0.1] * 3, "vi": [0.1, 0.2, 0.3]}, method="CE", ci="wald"))
    with pytest.raises(DataError, match="wants 3 trials or more; this pool has 2"):
        mo.plot.doi(mo.pool({"yi": [0.1, 0.2], "vi": [0.1, 0.2]}))
