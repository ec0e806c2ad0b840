"""What the choice of cuts does to a pool, and what of the figures pooled was not read."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.workflow.analysis import labelled_rows
from metaonc.workflow.models import HAZARD, MEDIAN
from metaonc.workflow.remarks import remarks

OLD = "crystal-cetuximab-kras-wt-pfs-2009"


def log_hr(evidence, ids):
    rows = evidence.set_index("row_id").loc[ids].reset_index()
    return mo.effect_sizes(rows, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial")


@pytest.fixture(scope="module")
def pfs():
    return mo.analyse("egfr_crc", outcome="pfs", by="KRAS")


def test_each_other_cut_is_the_pool_of_the_rows_with_it(pfs):
    table = pfs.other_cuts.set_index(["trial", "cut", "subgroup"])
    used = pfs.selection.used
    wild = used.loc[used["subgroup_level"] == "wild-type", "row_id"].tolist()
    by_hand = {
        ("CRYSTAL", "2009"): [i.replace("crystal-cetuximab-kras-wt-pfs-2011", OLD) for i in wild],
    }  # fmt: skip
    for (trial, cut), ids in by_hand.items():
        pool = mo.pool(log_hr(pfs.evidence, ids), study="trial")
        got = table.loc[(trial, cut, "wild-type")]
        np.testing.assert_allclose(got["estimate"], np.exp(pool.estimate), rtol=1e-9)
        np.testing.assert_allclose([got["ci_low"], got["ci_high"]], np.exp([pool.ci_low, pool.ci_high]), rtol=1e-9)
        assert got["as_pooled"] == pytest.approx(np.exp(pfs.result.groups["wild-type"].estimate), rel=1e-12)


def test_a_trial_of_which_no_row_is_pooled_has_no_other_cut(pfs):
    """COIN is left out as it reports one level alone, whatever its cut."""
    left = pfs.selection.left_out
    assert left.loc[left["trial"] == "COIN", "reason"].str.startswith("a subgroup without its complement").any()
    assert "COIN" not in set(pfs.selection.used["trial"])
    assert "COIN" not in set(pfs.other_cuts["trial"])
    assert set(pfs.other_cuts["trial"]) <= set(pfs.selection.used["trial"])


def test_they_stand_beside_the_result_wherever_it_is_written(pfs, tmp_path):
    from metaonc.workflow.analysis_document import document
    from metaonc.workflow.analysis_files import write

    assert "beside them (hazard ratio):" in pfs.text()
    assert len(document(pfs)["other_cuts"]) == len(pfs.other_cuts)
    files = {path.name: path for path in write(pfs, tmp_path / "out", "pfs")}
    assert len(pd.read_csv(files["pfs_other_cuts.csv"])) == len(pfs.other_cuts)
    assert "The choice of cuts" in files["pfs.html"].read_text(encoding="utf-8")


def test_an_older_subgroup_is_a_caution_of_the_result_in_text_figure_and_report(tmp_path):
    from metaonc.report.forest.rows import forest_rows

    found = mo.analyse("lgsoc", outcome="orr", by="KRAS")
    says = "the figures of FRAME by KRAS (published 2021-05) are older than the newest of the arm (published 2025)"
    assert says in str(found.result.summary())
    assert says[4:] in mo.results_text(found.result)
    assert any(says[4:] in note.table for note in forest_rows(found.result, effect="ORR").notes)
    path = mo.write_report(found.result, tmp_path / "orr.html")
    assert says[4:] in path.read_text(encoding="utf-8")


def test_what_is_pooled_and_was_not_read_is_named(pfs):
    notes = [w for w in pfs.warnings if "read in the source" in w]
    assert len(notes) == 2
    assert notes[0].startswith("6 of 16 rows (CRYSTAL mutant, ")
    assert "nothing of what is pooled was read" in notes[0]
    assert notes[1].startswith(
        "3 of 16 rows (CRYSTAL wild-type, OPUS wild-type, CO.17 mutant): hr_low, hr_high not read"
    )


def test_a_pool_whose_ratios_and_limits_were_read_is_not_called_unverified():
    rows = mo.load("egfr_crc").evidence.set_index("row_id")
    rows = rows.loc[["crystal-cetuximab-ras-wt-os", "tailor-cetuximab-ras-wt-os"]].reset_index()
    assert rows["verification"].eq("unverified").all()  # the intervals of the medians, which no hazard ratio uses
    rows = labelled_rows(rows)
    assert not remarks(rows.assign(regimen="a"), HAZARD, None)
    assert "ci_low of 2" not in "".join(remarks(rows, MEDIAN, None))
    assert "2 of 2 rows (CRYSTAL, TAILOR): ci_low, ci_high not read" in "".join(remarks(rows, MEDIAN, None))
