"""Subgroups that are published without their complement: left out, or kept where that is asked for."""

import pandas as pd
import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.errors import DataWarning, OptionError

# trial, KRAS, n, events, data cut: A and B enrolled one level; C reports both; D each at a date of its own
ROWS = [("A", "wild-type", 38, 14, "2011"), ("B", "mutant", 31, 2, "2012"), ("C", "wild-type", 72, 31, "2014"),
        ("C", "mutant", 40, 4, "2014"), ("D", "wild-type", 50, 12, "2015"), ("D", "mutant", 28, 3, "2016"),
        ("D", "mutant", 20, 3, "2015-01")]  # fmt: skip
EVIDENCE = pd.DataFrame(ROWS, columns=["trial", "KRAS", "n", "events", "data_cut"]).assign(outcome="orr")


def test_levels_alone_are_left_out_unless_they_are_kept():
    with pytest.warns(DataWarning, match="3 of 4 trials report one level of KRAS alone and are left out") as told:
        found = mo.select(EVIDENCE, outcome="orr", by="kras")
    assert found.used["trial"].tolist() == ["C", "C"]
    assert any("what is pooled is of the other; alone='keep' takes them" in str(w.message) for w in told)
    kept = mo.select(EVIDENCE, outcome="orr", by="kras", alone="keep")
    assert kept.used.index.tolist() == [0, 1, 2, 3, 4, 5]  # of D's mutants the newer cut
    assert kept.left_out["reason"].tolist() == ["older cut (2015-01) of the same patients than row 5 (2016)"]
    assert "arms that report a level of KRAS" in kept.rule
    assert "alone" not in " ".join(kept.cautions)


def test_a_cut_of_two_levels_goes_before_a_newer_one_of_one():
    newer = pd.DataFrame([("C", "mutant", 42, 5, "2019")], columns=EVIDENCE.columns[:5]).assign(outcome="orr")
    table = pd.concat([EVIDENCE, newer], ignore_index=True)
    with pytest.warns(DataWarning, match="Used: wild-type 31/72; mutant 4/40; newest: mutant 5/42"):
        found = mo.select(table, outcome="orr", by="kras", alone="keep")
    assert 7 not in found.used.index
    assert {2, 3} <= set(found.used.index)


def test_a_word_that_is_neither():
    with pytest.raises(OptionError, match="alone='no'"):
        mo.select(EVIDENCE, outcome="orr", by="kras", alone="no")


@pytest.mark.filterwarnings("ignore::metaonc.MetaoncWarning")
def test_analyse_over_cuts_compare_and_the_command_keep_them(tmp_path, capsys):
    found = mo.analyse(EVIDENCE, outcome="orr", by="kras", alone="keep").result
    for level, part in found.groups.items():
        own = EVIDENCE[:6].loc[EVIDENCE["KRAS"][:6] == level]
        whole = mo.pool_glmm(own, events="events", n="n", study="trial")
        assert (part.estimate, part.se, part.k) == (whole.estimate, whole.se, 3)
    last = mo.over_cuts(EVIDENCE, outcome="orr", by="kras", dates="data_cut", alone="keep").pools[-1]
    assert last.overall.estimate == found.overall.estimate
    changed = mo.compare(EVIDENCE.drop(index=5), EVIDENCE, outcome="orr", by="kras", alone="keep")
    assert changed.after.overall.estimate == found.overall.estimate
    EVIDENCE.to_csv(tmp_path / "mine.csv", index=False)
    asked = ["analyse", str(tmp_path / "mine.csv"), "--outcome", "orr", "--by", "KRAS", "--out", str(tmp_path / "out")]
    assert main(asked) == 0
    assert "--alone keep takes them" in capsys.readouterr().out
    assert main([*asked, "--alone", "keep", "--force"]) == 0
    assert "Used: 6 rows of 4 trials" in capsys.readouterr().out
