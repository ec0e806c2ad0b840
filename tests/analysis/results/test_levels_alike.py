"""Levels that look like one, written in two ways: said by whatever compares levels, in the same words."""

import pandas as pd
import pytest

import metaonc as mo

LOOK = "look like one subgroup that is written in two ways, and"
NAMES = ["mutant", "wild type", "mutant", "wild-type", "mut", "wild type", "mutant", "wt"]
TABLE = pd.DataFrame({
    "trial": list("AABBCCDD"), "kras": NAMES,
    "yi": [-0.5, 0.1, -0.4, 0.2, -0.6, -0.1, -0.2, 0.0], "vi": [0.04, 0.05, 0.06, 0.04, 0.05, 0.07, 0.04, 0.06],
})  # fmt: skip
ASKED = {"study": "trial", "by": "kras", "measure": "HR", "method": "CE"}


def joined(r):
    """Return the table with its levels written alike, as the advice of a result says it."""
    end = " writes them alike, if they are one."
    (advice,) = [line for line in str(r).splitlines() if line.endswith(end)]
    return eval(advice.removeprefix("Advice: ").removesuffix(end), {"table": TABLE})


@pytest.mark.parametrize("given", [{"contrast": ("mutant", "wild type")}, {"levels": ("wild type", "mutant")}])
def test_an_interaction_names_the_levels_that_it_leaves_out(given):
    r = mo.interaction(TABLE, **ASKED, **given)
    said = {f"kras {a} and {b} {LOOK} {b} is left out"
            for a, b in (("wild type", "wild-type"), ("wild type", "wt"), ("mutant", "mut"))}  # fmt: skip
    assert {c.text for c in r.cautions if LOOK in c.text} == said
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r))):
        assert all(sentence.lower() in text.lower() for sentence in said)
    whole = mo.interaction(joined(r), **ASKED, **given)
    assert not any(LOOK in c.text for c in whole.cautions)
    assert len(set(whole.reports.frame["trial"])) == 4
    again = mo.results.from_dict(r.to_dict())
    assert [c.text for c in again.cautions] == [c.text for c in r.cautions]


def test_an_interaction_of_levels_that_look_like_one_says_so():
    r = mo.interaction(TABLE.assign(kras=["mut", "mutant"] * 4), **ASKED, contrast=("mut", "mutant"))
    assert [c.text for c in r.cautions if LOOK in c.text] == [f"kras mut and mutant {LOOK} are pooled apart"]
    assert "writes them alike, if they are one" in str(r)


def test_levels_that_nobody_asked_for_are_not_named():
    table = pd.concat([TABLE, TABLE.head(2).assign(kras=["G12C", "G12C only"])]).assign(line=1)
    r = mo.interaction(table[table["kras"] != "mut"], **ASKED, contrast=("mutant", "wild type"))
    assert not any("G12C" in c.text for c in r.cautions)


@pytest.mark.parametrize("formula", ["~ kras", "~ C(kras) + year"])
def test_a_regression_names_levels_that_look_like_one(formula):
    table = TABLE.assign(year=range(2010, 2018), trial=list("ABCDEFGH"))
    r = mo.regress(table, formula, study="trial", measure="HR", method="CE")
    said = {f"kras {a} and {b} {LOOK} are kept apart"
            for a, b in (("wild type", "wild-type"), ("wild type", "wt"), ("mutant", "mut"))}  # fmt: skip
    assert {c.text for c in r.cautions if LOOK in c.text} == said
    for text in (str(r), str(mo.results_text(r))):
        assert all(sentence.lower() in text.lower() for sentence in said)
    table = table.assign(kras=joined(r)["kras"])
    whole = mo.regress(table, formula, study="trial", measure="HR", method="CE")
    assert not any(LOOK in c.text for c in whole.cautions)


def test_numbers_are_no_labels():
    r = mo.regress(TABLE.assign(line=[1, 2, 1, 2, 1, 2, 3, 3], trial=list("ABCDEFGH")), "~ line", study="trial")
    assert not any(LOOK in c.text for c in r.cautions)
