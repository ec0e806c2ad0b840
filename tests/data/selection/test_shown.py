"""A selection chosen by what rows report, and how it is shown."""

import warnings

import pandas as pd
import pytest

import metaonc as mo

ROWS = {
    "trial": ["A", "B", "C", "D"], "outcome": "pfs", "hr": [0.5, 0.7, None, None], "hr_low": [0.4, 0.5, None, None],
    "hr_high": [0.7, 0.9, None, None], "estimate": [None, None, 5.1, 6.2], "ci_low": [None, None, 4.0, 5.0],
}  # fmt: skip


def test_without_need_it_is_what_the_rows_report():
    got = mo.select(pd.DataFrame(ROWS), outcome="pfs")
    assert (got.need, got.also, got.used["trial"].tolist()) == ("hazard_ratio", ("median",), ["A", "B"])
    medians = mo.select(pd.DataFrame(ROWS).iloc[2:], outcome="pfs")
    assert (medians.need, medians.also) == ("median", ())
    asked = mo.select(pd.DataFrame(ROWS), outcome="pfs", need="median")
    assert (asked.need, asked.also, len(asked.used)) == ("median", (), 2)
    odds = {
        "trial": ["A", "B"],
        "outcome": "orr",
        "odds_ratio": [1.5, 2.0],
        "or_low": [1.0, 1.1],
        "or_high": [2.2, 4.0],
    }
    assert mo.select(odds, outcome="orr").need == "odds_ratio"
    assert (
        mo.select({"trial": ["A", "B"], "outcome": "rash", "n": [20, 30], "events": [4, 9]}, outcome="rash").need
        == "counts"
    )


def test_where_nothing_is_reported_all_that_could_be_is_named():
    with pytest.raises(mo.DataError, match=r"what can be pooled \(hazard ratio with .*; median with"):
        mo.select({"trial": ["A"], "outcome": ["pfs"], "estimate": [4.0]}, outcome="pfs")


def test_a_collection_and_a_registry_are_taken_as_their_evidence():
    lgsoc = mo.load("lgsoc")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)  # of older cuts, which are tested elsewhere
        whole, rows = (mo.select(x, outcome="pfs") for x in (lgsoc, lgsoc.evidence))
    pd.testing.assert_frame_equal(whole.used, rows.used)


def test_it_is_shown_in_short():
    with pytest.warns(mo.DataWarning, match="FRAME by KRAS .* are older than the newest of the arm"):
        got = mo.select(mo.load("lgsoc"), outcome="orr", by="kras")
    text = repr(got)
    assert all(caution in text for caution in got.cautions)
    assert text == str(got)
    assert text.startswith(f"4 rows of 2 trials to pool; {len(got.left_out)} rows left out\n  {got.rule}")
    told = got.left_out["reason"].value_counts()
    assert all(f"{n} left out: {reason}" in text for reason, n in told.items())
    first = [line.split()[0] for line in text.splitlines()[-4:]]
    assert first == ["RAMP", "RAMP", "FRAME", "FRAME"]
    assert "row_id" not in text  # what decides, not all 60 columns
    page = got._repr_html_()
    assert page.count("<tr>") == 5
    assert f"{told.iloc[0]} left out: {told.index[0]}" in page


def test_a_long_one_is_cut_and_says_so_and_labels_are_escaped():
    n = 25
    table = pd.DataFrame({"trial": [f"<b>{i}" for i in range(n)], "outcome": "orr", "n": 20, "events": 5})
    got = mo.select(table, outcome="orr")
    assert repr(got).endswith("15 more rows: see .used")
    assert "15 more rows: see .used" in got._repr_html_()
    assert "<b>0" not in got._repr_html_().partition("<table>")[2]
    why = mo.select(table.assign(events=[*range(13), *[5] * 12], n=[None] * 13 + [20] * 12), outcome="orr")
    assert "13 left out: does not report n" in repr(why)
