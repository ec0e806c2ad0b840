"""Participants of a summary of findings: those of the counts, or those that are given."""

import pytest

import metaonc as mo
from metaonc.errors import DataError

POOL = {"yi": [-0.5, -0.3, -0.4], "vi": [0.01, 0.02, 0.02]}


@pytest.fixture(scope="module")
def found():
    return {"Overall survival": mo.certainty(mo.pool(POOL, measure="HR"), design="randomised", minimal_difference=0.9)}


def test_they_can_be_given(found):
    assert mo.summary_of_findings(found).rows[0][1] == "not known (3 randomised trials)"
    given = mo.summary_of_findings(found, participants={"Overall survival": 2590})
    assert given.rows[0][1] == "2,590 (3 randomised trials)"


@pytest.mark.parametrize(("given", "says"), [
    ({"PFS": 3}, r"participants names 'PFS', which is no outcome of the table; it has \['Overall survival'\]"),
    ({"Overall survival": 0}, "give the patients of all trials"),
    ({"Overall survival": 2.5}, "give a whole number from 0"),
])  # fmt: skip
def test_what_they_cannot_be(found, given, says):
    with pytest.raises(DataError, match=says):
        mo.summary_of_findings(found, participants=given)
