"""Restricted means against R (tests/reference/rmst.R)."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError

R = pinned.load("rmst")


@pytest.mark.parametrize("name", R)
def test_means_and_standard_errors(name):
    data, rows = (pd.DataFrame(R[name][part]) for part in ("data", "rows"))
    result = mo.survival.kaplan_meier(data, event="status", by="group" if data["group"].nunique() > 1 else None)
    for tau, want in rows.groupby("tau"):
        got = result.rmst(tau)
        np.testing.assert_allclose(got[["rmst", "se"]], want[["rmst", "se"]], rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(got["ci_high"] - got["ci_low"], 2 * 1.959963984540054 * want["se"], rtol=1e-9)


def test_a_mean_beyond_follow_up_is_refused():
    result = mo.survival.kaplan_meier({"time": [1, 2, 3], "event": [1, 0, 0]})
    with pytest.raises(DataError, match="'all' is followed to 3 only"):
        result.rmst(3.5)
    for until in (0, -1, np.nan, np.inf):
        with pytest.raises(DataError, match="not a time above 0"):
            result.rmst(until)
