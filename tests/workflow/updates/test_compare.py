"""compare of tables with an outcome, and analyse since an older table: what changed, and what moved the pool."""

import warnings

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataError, OptionError
from metaonc.workflow.analysis_document import document
from metaonc.workflow.analysis_files import write
from metaonc.workflow.updates.document import document as plain

OLD = pd.DataFrame({
    "trial": ["A", "B", "C"], "outcome": "pfs", "hr": [0.5, 0.7, 0.9], "hr_low": [0.3, 0.5, 0.6],
    "hr_high": [0.8, 0.98, 1.35], "published": ["2019", "2020", "2020"],
})  # fmt: skip
NEW = pd.concat(
    [
        OLD.assign(hr=[0.6, 0.7, 0.9], hr_low=[0.4, 0.5, 0.6], hr_high=[0.9, 0.98, 1.35],
                   published=["2022", "2020", "2020"]),
        pd.DataFrame({"trial": ["D"], "outcome": "pfs", "hr": [1.1], "hr_low": [0.8], "hr_high": [1.5],
                      "published": ["2023"]}),
    ],
    ignore_index=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def egfr():
    rows = mo.load("egfr_crc").evidence
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mo.compare(rows[rows["trial"] != "PACCE"], rows, outcome="pfs", by="KRAS")


def test_tables_are_pooled_as_analyse_pools_them():
    r = mo.compare(OLD, NEW, outcome="pfs")
    for table, pool in ((OLD, r.before), (NEW, r.after)):
        own = mo.analyse(table, outcome="pfs").result
        assert (own.estimate, own.ci_low, own.k) == (pool.estimate, pool.ci_low, pool.k)
    assert r.table[["trial", "change"]].values.tolist() == [["A", "changed"], ["D", "added"]]
    assert r["moved"].sum() == pytest.approx(r.after.estimate - r.before.estimate, abs=1e-13)
    assert (r.changes.added, r.changes.replaced, r.changes.unchanged) == (1, 1, 2)


def test_options_hold_for_both_pools():
    r = mo.compare(OLD, NEW, outcome="pfs", method="CE", ci="wald", level=0.9)
    assert {(p.method, p.ci, p.level) for p in (r.before, r.after)} == {("CE", "wald", 0.9)}


def test_one_trial_that_harms(egfr):
    for name, moved in (("wild-type", 0.7078246 - 0.6459855), ("mutant", 1.0707881 - 1.0489998)):  # R
        rows = egfr.rows_of(name)
        assert rows["trial"].tolist() == ["PACCE"]
        assert rows["moved_natural"].item() == pytest.approx(moved, abs=3e-7)
        assert np.exp(rows["only"].item()) == pytest.approx(float(np.exp(egfr.pools[name][1].estimate)), rel=1e-9)
    assert any("20050181" in str(c) for c in egfr.cautions)


def test_the_arms_of_a_trial_move_together():
    rows = mo.load("lgsoc").evidence
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        r = mo.compare(rows[rows["published"].fillna("0") < "2024"], rows, outcome="orr")
    assert set(r["trial"]) == {"RAMP 201", "FRAME"}
    assert r.changes.replaced == 4


def test_files_are_read_as_analyse_reads_them(tmp_path):
    for name, table in (("old", OLD), ("new", NEW)):
        table.to_csv(tmp_path / f"{name}.csv", sep=";", index=False)
    got = mo.compare(tmp_path / "old.csv", tmp_path / "new.csv", outcome="pfs", sep=";")
    pd.testing.assert_frame_equal(got.table, mo.compare(OLD, NEW, outcome="pfs").table)


def test_since_tells_what_changed_in_text_document_and_files(tmp_path, small_files):
    found = mo.analyse(NEW, outcome="pfs", since=OLD)
    assert "What changed:" in found.text()
    assert mo.results.from_dict(document(found)["update"]).table.equals(found.update.table)
    names = {path.name for path in write(found, tmp_path / "out", "pfs")}
    assert {"pfs_moves.csv", "pfs_changes.csv"} <= names
    page = (tmp_path / "out" / "pfs.html").read_text(encoding="utf-8")
    for text in ("What changed", "Moved the", "D (added)", "1 replaced by a newer cut"):
        assert text in page
    assert mo.analyse(NEW, outcome="pfs").update is None


def test_a_plain_document_has_all_of_it(egfr):
    found = plain(egfr)
    assert {"changed", "changes", "pools", "moves", "cautions", "result"} <= set(found)
    assert len(found["pools"]) == 6
    assert plain(egfr.changes)["changes"] == found["changes"]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: mo.compare(OLD, NEW, by="kras"), OptionError,
         "by= is of a pool: say of which outcome, by outcome='os'"),
        (lambda: mo.compare(OLD, NEW, outcome="pfs", sep=";"), OptionError, "sep= is for files"),
        (lambda: mo.compare(OLD, NEW, outcome="os"), DataError, "no row reports os"),
        (lambda: mo.compare(OLD.assign(hr=np.nan, hr_low=np.nan), NEW, outcome="pfs"), DataError,
         "the evidence as it was before cannot be pooled: no row on pfs reports what can be pooled"),
        (lambda: mo.compare("nowhere.csv", NEW), DataError, "'nowhere.csv' is neither a file nor"),
        (lambda: mo.compare(*(mo.pool({"yi": [0.1, 0.3], "vi": [0.1, 0.1]}) for _ in "ab"), outcome="os"), OptionError,
         "outcome= is for tables of evidence"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(call, error, says):
    with pytest.raises(error, match=says):
        call()
