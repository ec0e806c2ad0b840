"""over_cuts: the pool as of each date is the pool of what was known then."""

import warnings

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataError, OptionError

ROWS = pd.DataFrame({
    "trial": ["A", "B", "A", "C", "D"], "outcome": "pfs", "hr": [0.5, 0.7, 0.6, 0.9, 1.1],
    "hr_low": [0.3, 0.5, 0.4, 0.6, 0.8], "hr_high": [0.8, 0.98, 0.9, 1.35, 1.5],
    "published": ["2018", "2019-03", "2021", "2020-05-01", None], "data_cut": ["2017", None, "2019", None, "2023-02"],
})  # fmt: skip


def pool(rows):
    return mo.analyse(ROWS.loc[rows], outcome="pfs").result


def test_each_date_takes_the_newest_cut_known_by_then():
    r = mo.over_cuts(ROWS, outcome="pfs")
    assert r["date"].tolist() == ["2018", "2019-03", "2020-05-01", "2021", "2023-02"]
    assert r["came"].tolist() == ["A", "B", "C", "A", "D"]
    for (_, row), rows in zip(r.table.iterrows(), ([0], [0, 1], [0, 1, 3], [1, 2, 3], [1, 2, 3, 4]), strict=True):
        own = pool(rows)
        assert (row["k"], row["estimate"]) == (own.k, own.estimate)
        np.testing.assert_array_equal([row["ci_low"], row["ci_high"]], [own.ci_low, own.ci_high])
    assert r.whole.estimate == mo.analyse(ROWS, outcome="pfs").result.estimate


def test_dates_of_cuts_order_otherwise():
    r = mo.over_cuts(ROWS, outcome="pfs", dates="data_cut")
    assert r["date"].tolist() == ["2017", "2019-03", "2019", "2020-05-01", "2023-02"]  # a year counts as its end


def test_a_row_without_a_date_is_told():
    rows = ROWS.assign(data_cut=None)
    r = mo.over_cuts(rows, outcome="pfs")
    assert r.provenance.dropped == ("trial 'D' (row 4): it has no date",)
    assert r.whole.k == 3


def test_a_collection_ends_where_analyse_does():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        r = mo.over_cuts("egfr_crc", outcome="pfs", by="KRAS")
        now = mo.analyse("egfr_crc", outcome="pfs", by="KRAS").result
    last = r.table[r.table["date"] == "2014"].set_index("subgroup")
    for name, own in now.groups.items():
        assert last.loc[name, "estimate"] == pytest.approx(own.estimate, rel=1e-12)
    assert {"2008", "2014"} <= set(r["date"])


def test_it_is_monitored_by_what_was_known():
    r = mo.over_cuts(ROWS, outcome="pfs")
    m = mo.sensitivity.monitor(r, minimal=0.7, heterogeneity="none")
    assert m["study"].tolist() == r["date"].tolist()
    np.testing.assert_allclose(m["information"], [(1 / p.studies.vi).sum() for p in r.pools])
    assert m.by == "date"


def test_information_that_falls_has_no_boundary():
    """A newer cut may be reported less precisely than the older."""
    less = ROWS.assign(hr_low=[0.3, 0.5, 0.2, 0.6, 0.8], hr_high=[0.8, 0.98, 1.8, 1.35, 1.5])
    m = mo.sensitivity.monitor(mo.over_cuts(less, outcome="pfs"), minimal=0.7, heterogeneity="none")
    assert m["information"].diff().lt(0).tolist()[3]
    assert m["boundary"].isna().tolist()[3]
    assert not m["crossed"].iloc[3]


def test_the_forest_plot_has_a_row_a_date():
    r = mo.over_cuts(ROWS, outcome="pfs")
    rows = mo.plot.forest_rows(r).rows
    np.testing.assert_allclose(rows["estimate"], np.exp(r["estimate"]))
    assert rows["came"].tolist() == r["came"].tolist()


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: mo.over_cuts(ROWS, outcome="pfs", dates="cut"), OptionError, "published"),
        (lambda: mo.over_cuts(ROWS.assign(published="3/2019"), outcome="pfs"), DataError,
         "row 0 of trial 'A': published='3/2019' is no date"),
        (lambda: mo.over_cuts(ROWS.iloc[[0, 1]].assign(published=None, data_cut=None), outcome="pfs"), DataError,
         "no row on pfs has a date"),
        (lambda: mo.over_cuts(ROWS, outcome="os"), DataError, "no row reports os"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_notes_on_joined_labels_go_along():
    rows = ROWS.assign(trial=["A", "B", "A\u00a0", "C", "D"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        r = mo.over_cuts(rows, outcome="pfs")
    assert "is taken as 'A'" in str(r)
    pd.testing.assert_frame_equal(r.table, mo.over_cuts(ROWS, outcome="pfs").table)
