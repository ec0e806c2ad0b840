import warnings

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataError, DataWarning, MetaoncWarning, OptionError
from metaonc.workflow.analyse import analyse

HR = "trial,outcome,hr,hr_low,hr_high,line\nA,pfs,0.5,0.3,0.8,1\nB,pfs,0.7,0.5,0.98,2\nC,pfs,0.9,0.6,1.35,1\n"
ORR = "trial,outcome,n,events,line\nA,orr,20,5,1\nB,orr,30,12,2\nC,orr,25,9,1\nD,orr,41,9,2\n"
MEDIANS = "trial,outcome,estimate,ci_low,ci_high,unit\nA,pfs,12,9,16,months\nB,pfs,20,14,,months\n"


@pytest.fixture
def file(tmp_path):
    def write(text, name="trials.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_rates_are_those_of_pool_glmm_on_the_rows_shown(file):
    found = analyse(file(ORR), outcome="orr")
    own = mo.pool_glmm({"x": [5, 12, 9, 9], "n": [20, 30, 25, 41]}, events="x", n="n")
    assert (found.result.estimate, found.result.tau2) == (own.estimate, own.tau2)
    assert found.rows.columns.tolist() == ["study", "n", "events"]
    assert (found.title, found.effect, found.unit) == ("trials: ORR", "ORR", "")
    assert found.warnings == ()


def test_hazard_ratios_are_those_of_pool(file):
    found = analyse(file(HR), outcome="pfs")
    es = mo.effect_sizes(pd.read_csv(file(HR)), measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high")
    assert found.result.estimate == mo.pool(es).estimate
    assert found.effect == "Hazard ratio, PFS"
    assert found.rows.columns.tolist() == ["study", "hr", "hr_low", "hr_high"]


def test_medians_keep_their_unit_and_what_was_not_reached(file):
    found = analyse(file(MEDIANS), outcome="pfs")
    assert (found.effect, found.unit) == ("Median PFS", "months")
    assert float(found.result.natural(found.result.studies.yi[0])) == pytest.approx(12)
    assert np.isnan(found.table["ci_high"][1])
    (note,) = found.warnings
    assert note.startswith("median times are pooled, not hazard ratios: no row on pfs reports")


def test_a_measure_that_is_asked_for_is_the_one(file):
    both = pd.read_csv(file(HR)).assign(estimate=12.0, ci_low=9.0, ci_high=16.0, unit="months").to_csv(index=False)
    assert analyse(file(both), outcome="pfs").result.measure == "HR"
    found = analyse(file(both), outcome="pfs", measure="MEDLN")
    assert (found.result.measure, found.warnings) == ("MEDLN", ())
    assert "hr" not in found.rows


@pytest.mark.parametrize("by", ["line", "LINE"])
def test_a_column_of_the_table_makes_subgroups(file, by):
    found = analyse(file(ORR), outcome="orr", by=by)
    assert list(found.result.groups) == ["1", "2"]
    assert found.rows.columns.tolist() == ["study", "line", "n", "events"]
    assert found.title == "trials: ORR by line"
    assert "no randomised comparison" in found.warnings[0]


def test_kras_of_the_collection_is_the_published_comparison():
    # RAMP 201: 25/57 and 9/52; FRAME: 7/10 and 4/9
    found = analyse("lgsoc", outcome="orr", by="kras")
    groups = found.result.groups
    assert {name: int(g.studies.counts("events").sum()) for name, g in groups.items()} == {
        "mutant": 32,
        "wild-type": 13,
    }
    assert "superseded" not in found.text()
    assert len(found.selection.used) + len(found.selection.left_out) == found.text().count("trial '") + 4
    for reason in found.selection.dropped:
        assert reason in found.text()


def test_arms_of_one_trial_are_named_and_said_to_be_pooled_as_trials(file):
    arms = "trial,arm,outcome,n,events,regimen\nA,low,orr,20,5,x\nA,high,orr,30,12,y\nB,one,orr,25,9,x\n"
    found = analyse(file(arms), outcome="orr")
    assert found.rows["study"].tolist() == ["A, low", "A, high", "B"]
    assert found.warnings == (
        "arms of 2 regimens are pooled: x, y.",
        "2 trials give 3 arms, which are pooled as if each were a trial of its own.",
    )
    assert "Used: 3 rows of 2 trials" in found.text()


def test_hazard_ratios_against_one_comparator_arm_are_pointed_out(file):
    shared = (
        "trial,arm,outcome,comparator,hr,hr_low,hr_high\n"
        "A,low,pfs,A-control,0.5,0.3,0.8\nA,high,pfs,A-control,0.7,0.5,0.98\nB,one,pfs,B-control,0.9,0.6,1.35\n"
    )
    found = analyse(file(shared), outcome="pfs")
    assert any("have the arm A-control in common" in note for note in found.warnings)


def test_a_shared_comparator_is_no_matter_where_single_arms_are_pooled():
    note = "have the arm codebreak300-control in common"
    compared = analyse("g12c", outcome="orr")
    assert any(note in warning for warning in compared.warnings)
    assert not any(note in warning for warning in analyse("g12c", outcome="orr", measure="PLO").warnings)


def test_what_the_methods_warn_of_is_kept_and_still_warned_of(file):
    skewed = HR.replace("0.5,0.3,0.8", "0.75,0.3,0.8")
    with pytest.warns(DataWarning, match="not at the centre"):
        found = analyse(file(skewed), outcome="pfs")
    assert "not at the centre" in found.text()


def test_rows_that_do_not_answer_are_left_out_with_their_reason(file):
    found = analyse(file(ORR + "E,orr,10,3,3\n"), outcome="orr", where={"line": "1"})
    assert found.rows["study"].tolist() == ["A", "C"]
    assert "Left out: 3 rows" in found.text()
    assert "line is" in found.selection.left_out["reason"].iloc[0]


@pytest.mark.parametrize(
    ("text", "options", "error", "message"),
    [
        (
            ORR,
            {"outcome": "response"},
            OptionError,
            "outcome='response' .*'orr', 'cr', .*'os', 'efs', 'dor'",
        ),
        (ORR, {"outcome": "orr", "measure": "HR"}, OptionError, "measure='HR' is not for orr; choose from OR, RR, PLO"),
        (ORR, {"outcome": "pfs"}, DataError, "no row reports pfs"),
        (ORR + "E,pfs,20,5,1\n", {"outcome": "pfs"}, DataError, "hazard ratio.* median with"),
        (ORR, {"outcome": "orr", "where": {"line": "9"}}, DataError, "line is .* not '9'"),
        (ORR, {"outcome": "orr", "by": "sex"}, DataError, "by='sex' is neither"),
        (MEDIANS.replace("14,,months", "14,,weeks"), {"outcome": "pfs"}, DataError, "given in months, weeks"),
    ],
)
def test_what_cannot_be_answered_is_refused(file, text, options, error, message):
    with pytest.raises(error, match=message):
        analyse(file(text), **options)


def test_neither_a_file_nor_a_collection():
    with pytest.raises(DataError, match=r"'lgsok' is neither a file nor a packaged collection \(lgsoc, "):
        analyse("lgsok", outcome="orr")


def test_counts_of_two_arms_are_pooled_as_odds_ratios():
    found = analyse("greb2008", outcome="cr")
    assert (found.effect, found.result.measure) == ("Odds ratio, CR", "OR")
    assert analyse("greb2008", outcome="cr", measure="PLO").result.measure == "PLO"
    assert analyse("lgsoc", outcome="orr").result.measure == "PLO"  # no row counts the responders of a comparator


def test_trials_of_which_no_row_is_pooled_are_no_other_cuts(tmp_path):
    rows = ["Kite,mutant,3,20", "Kite,wild-type,6,20", "Lark,mutant,4,30", "Merl,wild-type,5,25", "Tern,mutant,7,31"]
    (tmp_path / "t.csv").write_text("\n".join(["Study,KRAS,Responders,N", *rows]) + "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)
        found = mo.analyse(tmp_path / "t.csv", outcome="orr", by="KRAS")
    assert found.selection.left_out["trial"].tolist() == ["Lark", "Merl", "Tern"]
    assert found.other_cuts.empty
    assert "choice of cuts" not in found.text()
