"""What changed between two tables of evidence, row by row, and tables that are refused."""

import datetime
import warnings

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataError, DataWarning

EGFR = mo.load("egfr_crc").evidence
ROWS = {
    "trial": ["A", "A", "B", "C"], "arm": ["new"] * 4, "outcome": ["orr"] * 4,
    "subgroup_variable": ["KRAS", "KRAS", None, None], "subgroup_level": ["m", "w", None, None],
    "n": [20.0, 31.0, 40.0, 25.0], "events": [5.0, 9.0, 12.0, 6.0],
    "data_cut": ["2020", "2020", "2021-03", None], "source_id": ["a", "a", "b", "c"], "note": [None, "x", None, None],
}  # fmt: skip


def table(**columns):
    return pd.DataFrame({**ROWS, **columns})


def counts(r):
    return {name: getattr(r, name) for name in ("added", "replaced", "changed", "removed", "unchanged")}


def test_rows_of_no_id_are_matched_by_what_tells_them_and_newer_cuts_replace():
    new = table(
        events=[7.0, 9.0, 12.0, 6.0], data_cut=["2022-01", "2020", "2021-03", None], note=[None, "y", None, None]
    )
    new = pd.concat([new.drop(index=3), pd.DataFrame({"trial": ["D"], "arm": ["new"], "outcome": ["orr"], "n": [9.0]})])
    r = mo.compare(table(), new.iloc[::-1].reset_index(drop=True))
    assert counts(r) == {"added": 1, "replaced": 1, "changed": 1, "removed": 1, "unchanged": 1}
    row = r.table[r.table["change"] == "replaced"].iloc[0]
    assert row[["trial", "subgroup", "field", "before", "after"]].tolist() == ["A", "KRAS m", "events", "5", "7"]
    assert row[["cut_before", "cut_after", "source_after"]].tolist() == ["cut 2020", "cut 2022-01", "a"]
    assert r.figures == 0  # a note alone
    assert r.sentences("removed") == ["C, new, orr (c)"]
    assert "1 replaced by a newer cut, 1 changed (0 in its figures), 1 removed, 1 the same" in str(r)


def test_a_row_id_tells_a_row_and_supersedes_which_it_replaces():
    old = table(row_id=["a1", "a2", "b", "c"])
    new = table(row_id=["a1", "a2", "b2", "c"], n=[20.0, 31.0, 44.0, 25.0], supersedes=[None, None, "b", None])
    r = mo.compare(old, new)
    assert counts(r) == {"added": 0, "replaced": 1, "changed": 0, "removed": 0, "unchanged": 3}
    assert r.table[["row_before", "row_after", "before", "after"]].values.tolist() == [["b", "b2", "40", "44"]]


def test_an_older_row_that_still_stands_is_no_row_removed():
    more = table().iloc[[2]].assign(data_cut="2023", events=15.0)
    r = mo.compare(table(), pd.concat([table(), more], ignore_index=True))
    assert counts(r) == {"added": 0, "replaced": 1, "changed": 0, "removed": 0, "unchanged": 4}


def test_what_no_date_tells_is_a_change():
    r = mo.compare(table(), table(data_cut=["2020", "2020", "2021-03", "2021"], events=[5.0, 9.0, 12.0, 8.0]))
    assert counts(r)["changed"] == 1
    assert set(r.table["field"]) == {"data_cut", "events"}
    assert r.figures == 1


def test_numbers_are_compared_as_numbers_and_dates_as_dates():
    old = table(n=["20", "31.0", "40", "25"], data_cut=[datetime.date(2020, 1, 2)] * 3 + [None])
    new = table(data_cut=["2020-01-02"] * 3 + [None])
    assert counts(mo.compare(old, new)) | {"unchanged": 4} == counts(mo.compare(old, new))


def test_columns_of_one_table_alone_are_named_and_not_compared():
    r = mo.compare(table(), table(grade="high").drop(columns="note"))
    assert (r.only_before, r.only_after) == (("note",), ("grade",))
    assert "Columns of one table alone, not compared: note (older); grade (newer)" in str(r)


def test_labels_that_no_reader_tells_apart_are_one():
    with pytest.warns(DataWarning, match="A "):
        r = mo.compare(table(), table(trial=["A ", "A ", "B", "C"]))
    assert r.unchanged == 4
    assert r.provenance.notes


def test_a_collection_with_itself_and_without_a_trial():
    same = mo.compare(EGFR, mo.load("egfr_crc"))
    assert (same.unchanged, len(same)) == (len(EGFR), 0)
    r = mo.compare(EGFR[EGFR["trial"] != "PACCE"], EGFR)
    assert (r.added, r.unchanged) == (int((EGFR["trial"] == "PACCE").sum()), len(EGFR) - r.added)
    assert set(r.table["trial"]) == {"PACCE"}
    back = mo.compare(EGFR, EGFR[EGFR["trial"] != "PACCE"])
    assert back.removed == r.added


def test_selections_are_tables_too():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)  # of an older cut
        old, new = (mo.select(t, outcome="pfs", by="KRAS") for t in (EGFR[EGFR["trial"] != "PACCE"], EGFR))
    assert mo.compare(old, new).added == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (table(), table(outcome="os"), "the tables have no outcome in common: orr in the older, os in the newer"),
        (table(), table(trial=list("WXYZ")), "no trial in common: A, B, C in the older, W, X, Y, Z in the newer"),
        (table(), table(data_cut=["2020", "12/2021", None, None]),
         "row 1 of the newer table, trial 'A': data_cut='12/2021' is no date; write YYYY"),
        (table(published=["yes", "21.3.2020", None, None]), table(), "row 1 of the older table.*published='21.3.2020'"),
        (table().iloc[[0, 1, 1, 2]], table(), "rows 1 and 2 of the older table, trial 'A', say the same"),
        (table(row_id=["a", "a", "b", "c"]), table(),
         "rows 0 and 1 of the older table, trial 'A', have the same row_id"),
        (table(), table(trial=["A", None, "B", "C"]), "row 1 of the newer table names no trial"),
        (table(), {"study": ["A"], "n": [2]}, "the newer table has no column 'trial'.*'study', 'n'"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_told(old, new, says):
    with pytest.raises(DataError, match=says):
        mo.compare(old, new)


def test_words_such_as_yes_are_no_date_and_no_error():
    assert mo.compare(table(published="yes"), table(published="yes")).unchanged == 4


def test_no_row_is_lost():
    """Rows after are those added, replaced, changed and the same; whichever rows are there."""
    rng = np.random.default_rng(1)
    for _ in range(20):
        old, new = (EGFR[rng.random(len(EGFR)) < 0.7] for _ in range(2))
        r = mo.compare(old, new)
        assert r.added + r.replaced + r.changed + r.unchanged == len(new) == r.rows_after
