"""Subgroups whose levels share patients."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.pooling.subgroups.comparison import PROGNOSIS

TABLE = pd.DataFrame({
    "trial": list("PPPPQQR"), "egfr": ["all", "mutant", "L858R", "wild-type", "mutant", "wild-type", "L858R"],
    "x": [31, 20, 9, 11, 14, 5, 8], "n": [80, 41, 20, 39, 33, 30, 22],
})  # fmt: skip
COUNTS = {"events": "x", "n": "n", "study": "trial"}


def pooled(table=TABLE, **options):
    with pytest.warns(mo.MethodWarning, match="levels of egfr overlap"):
        return mo.pool_subgroups(table, by="egfr", using=mo.pool_glmm, **COUNTS, **options)


def test_each_level_is_pooled_by_itself_and_all_without_repetition():
    r = pooled()
    for level, part in r.groups.items():
        alone = mo.pool_glmm(TABLE[TABLE["egfr"] == level], **COUNTS)
        assert (part.estimate, part.ci_low) == (alone.estimate, alone.ci_low)
    once = mo.pool_glmm({"trial": list("PQR"), "x": [31, 19, 8], "n": [80, 63, 22]}, **COUNTS)
    assert (r.overall.estimate, r.overall.se, r.overall.k) == (once.estimate, once.se, 3)  # Q has no whole: a sum
    assert r.whole_trials == ([], ["Q"])
    assert dict(r.pooled) == {
        "all": (True,),
        "mutant": (False, True),
        "L858R": (False, True),
        "wild-type": (False, True),
    }


def test_there_is_no_test_between_levels_that_overlap_and_the_caution_says_how_to_have_one():
    r = pooled()
    assert np.isnan([r.q_between, r.q_between_p, r.f_between_p]).all()
    assert not r.independent
    caution = r.provenance.cautions[0]
    assert "overlap: they share patients in P (all, mutant, L858R and wild-type)" in caution
    advice = "the pool of all is without rows 1, 2 and 3; for a test leave out the rows of egfr 'all' and 'L858R'."
    assert f"Advice: {advice}" in str(r)
    disjoint = mo.pool_subgroups(TABLE[TABLE["egfr"].isin(["mutant", "wild-type"])], by="egfr", using=mo.pool_glmm,
                                 **COUNTS)  # fmt: skip
    assert disjoint.q_between > 0
    assert [c.split()[0] for c in disjoint.provenance.cautions] == ["without", "subgroups"]  # a control arm; of trials


def test_texts_tables_and_figures_carry_it(tmp_path):
    r = pooled()
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r)), " ".join(mo.plot.forest_rows(r).footnotes)):
        assert "evels of egfr overlap" in text
        assert "hare patients" in text
    assert "no test between them was made" in str(mo.methods_text(r))
    assert "p = " not in str(mo.results_text(r)).split("No test between subgroups")[1]
    assert "levels of egfr overlap" in mo.write_report(r, tmp_path / "r.html").read_text(encoding="utf-8").lower()
    assert "# test between subgroups" not in str(r.r_code())
    shares = [row[3] for row in mo.table(by_variance()).rows if row[0] == "P"]
    assert shares.count("") == 3  # rows that are not in the pool of all
    again = mo.results.from_json(r.to_json())
    assert str(again) == str(r)
    assert str(mo.table(again)) == str(mo.table(r))


def by_variance():
    es = mo.effect_sizes(TABLE.drop(index=5), measure="PLO", **COUNTS)
    with pytest.warns(mo.MethodWarning, match="overlap"):
        return mo.pool_subgroups(es, by="egfr", study="trial")


def test_the_pool_of_all_has_a_name_of_its_own():
    r = pooled()
    assert r.overall_name == "overall"
    assert list(r.glance()["subgroup"]) == ["all", "mutant", "L858R", "wild-type", "overall"]
    assert list(r.confidence_interval().index) == ["all", "mutant", "L858R", "wild-type", "overall"]
    assert "egfr: all\n" in str(r)
    assert "\noverall, no patient twice\n" in str(r)
    named = pooled(TABLE.replace({"egfr": {"all": "overall"}}))
    assert list(named.glance()["subgroup"])[-1] == "overall pool"


def test_rows_that_lack_a_number_share_no_patients():
    gap = TABLE.assign(x=TABLE["x"].where(~TABLE["egfr"].isin(["all", "L858R"])))
    some = gap[gap["egfr"] != "L858R"].assign(egfr=lambda t: t["egfr"].replace("all", "mutant"))
    with pytest.warns(mo.DataWarning, match="1 of 5 rows left out"):
        r = mo.pool_subgroups(some, by="egfr", using=mo.pool_glmm, **COUNTS)
    assert r.independent


def test_a_common_tau2_of_overlapping_levels_is_refused():
    es = mo.effect_sizes(TABLE, measure="PLO", **COUNTS)
    with pytest.raises(mo.DataError, match=r"common_tau2=True.*Leave out the rows of egfr 'all' and 'L858R'"):
        mo.pool_subgroups(es, by="egfr", study="trial", common_tau2=True)


def test_a_column_of_trials_is_looked_at_without_study():
    with pytest.warns(mo.MethodWarning, match="levels of egfr overlap"):
        r = mo.pool_subgroups(TABLE, by="egfr", using=mo.pool_glmm, events="x", n="n")
    assert r.overall.k == 4  # no row is added to another where nobody says which column names trials


def test_without_trials_names_that_overlap_are_said():
    table = TABLE.rename(columns={"trial": "name"})
    r = mo.pool_subgroups(table, by="egfr", using=mo.pool_glmm, events="x", n="n")
    assert "egfr all and mutant overlap by their names, and nothing names the trials" in r.provenance.cautions[0]
    assert "Advice: study= names the column of the trials" in str(r)
    one_each = TABLE.iloc[[0, 4]]  # two trials, of which each reports one level
    assert mo.pool_subgroups(one_each, by="egfr", using=mo.pool_glmm, **COUNTS).provenance.cautions == (PROGNOSIS,)


def test_trials_in_one_subgroup_alone_while_others_are_split_are_said_here_and_left_out_by_analyse():
    t = pd.DataFrame({"trial": ["A", "A", "B", "B", "C"], "kras": ["m", "w", "m", "w", "w"],
                      "hr": [0.8, 0.6, 0.9, 0.5, 0.4], "low": [0.6, 0.4, 0.7, 0.3, 0.2],
                      "high": [1.1, 0.9, 1.2, 0.8, 0.8]})  # fmt: skip
    es = mo.effect_sizes(t, measure="HR", hr="hr", ci_low="low", ci_high="high", study="trial")
    said = [str(c.text) for c in mo.pool_subgroups(es, by="kras").cautions]
    assert any(text.startswith("C stands in one subgroup alone and 2 other trials in several") for text in said)
    assert not any("a test of interaction compares" in text for text in said)  # said of trials in several alone
    more = pd.concat([es, *(es[es["trial"] == "C"].assign(trial=name) for name in "DE")])
    said = [str(c.text) for c in mo.pool_subgroups(more, by="kras", study="trial").cautions]
    assert any(text.startswith("3 trials stand in one subgroup alone and A and B in several") for text in said)
    for rows in (t[t["trial"] != "C"], t[t["kras"] == "w"].assign(kras=list("wvw"))):  # all split, and none
        part = mo.effect_sizes(rows, measure="HR", hr="hr", ci_low="low", ci_high="high", study="trial")
        assert not any("alone" in str(c.text) for c in mo.pool_subgroups(part, by="kras").cautions)
    evidence = t.rename(columns={"low": "hr_low", "high": "hr_high", "kras": "subgroup_level"})
    found = mo.analyse(evidence.assign(outcome="os", subgroup_variable="KRAS"), outcome="os", by="KRAS")
    assert found.selection.left_out["reason"].str.startswith("a subgroup without its complement").tolist() == [True]
    assert not any("alone" in str(c.text) for c in found.result.cautions)


def test_levels_that_look_like_one_are_named_and_stay_apart():
    table = pd.DataFrame({
        "trial": list("ABCDEF"), "kras": ["mutant", "wild type", "mut", "wt", "mutant", "wild-type"],
        "x": [3, 9, 2, 8, 4, 11], "n": [30, 33, 25, 28, 31, 40],
    })  # fmt: skip
    options = {"by": "kras", "using": mo.pool_glmm, "events": "x", "n": "n", "study": "trial"}
    r = mo.pool_subgroups(table, **options)
    assert list(r.groups) == ["mutant", "wild type", "mut", "wt", "wild-type"]
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r))):
        for pair in ("mutant and mut", "wild type and wt", "wild type and wild-type"):
            assert f"kras {pair} look like one subgroup that is written in two ways, and are pooled apart".lower() in (
                text.lower()
            )
    (advice,) = [line for line in str(r).splitlines() if "writes them alike" in line]
    table = eval(advice.removeprefix("Advice: ").removesuffix(" writes them alike, if they are one."))
    joined = mo.pool_subgroups(table, **options)
    assert list(joined.groups) == ["mutant", "wild type"]
    assert not any("look like one" in c.text for c in joined.cautions)
