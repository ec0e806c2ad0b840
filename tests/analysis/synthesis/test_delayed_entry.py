"""Patients under observation from an entry on, in one-stage models; R's numbers are those of test_synthesis_rcode."""

import numpy as np
import pytest
from reference.synthesis_scripts import LATE

import metaonc as mo
from metaonc.errors import DataError


def pool(table=LATE, **options):
    return mo.survival.pool_ipd(table, control=0, **{"entry": "from"} | options)


@pytest.mark.parametrize("cuts", [None, [4, 10]])
def test_entry_at_the_start_is_none(cuts):
    start = pool(LATE.assign(**{"from": 0}), cuts=cuts, treatment="common")
    assert start.estimate == pool(cuts=cuts, treatment="common", entry=None).estimate
    assert start.estimate != pool(cuts=cuts, treatment="common").estimate


@pytest.mark.parametrize("cuts", [None, [4, 10]])
def test_refits_keep_it(cuts):
    r = pool(cuts=cuts, method="laplace")
    without = r.leave_one_out().set_index("left_out").loc["b"]
    rest = pool(LATE[LATE["trial"] != "b"], cuts=cuts, method="laplace")
    assert without["estimate"] == pytest.approx(rest.estimate, abs=1e-10)
    assert r.confidence_interval(0.95) == (r.ci_low, r.ci_high)
    assert r.laplace_profile([r.tau2])["estimate"].iloc[0] == pytest.approx(r.estimate, abs=1e-10)
    assert "at risk from their entry on (from; left truncation)" in str(mo.methods_text(r))


def test_one_trial_is_that_of_hazard_ratio():
    one = LATE[LATE["trial"] == "c"]
    r = pool(one, treatment="common")
    alone = mo.survival.hazard_ratio(one, control=0, entry="from")
    np.testing.assert_allclose([r.estimate, r.se], [alone.estimate, alone.se], rtol=1e-10)


def test_entry_after_the_end_is_refused_by_row():
    with pytest.raises(DataError, match="row 2: from=99 is not before time="):
        pool(LATE.assign(**{"from": LATE["from"].where(LATE.index != 2, 99)}))
