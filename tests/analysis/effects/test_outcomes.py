"""Rows of several outcomes are of no one pool, unless what tells the outcomes apart is in the model."""

import pandas as pd
import pytest

import metaonc as mo

MIXES = "the table mixes the outcomes pfs, os: take one"


@pytest.fixture
def effects() -> pd.DataFrame:
    return pd.DataFrame(
        {"trial": list("ACEBDF"), "outcome": ["pfs"] * 3 + ["os"] * 3, "yi": [-0.5, -0.4, -0.2, -0.1, 0.0, -0.3],
         "vi": [0.02, 0.03, 0.02, 0.04, 0.03, 0.05], "x": [1, 2, 3, 4, 5, 6], "measure": "HR"}
    )  # fmt: skip


COUNTS = {"trial": list("ABCD"), "outcome": ["pfs", "pfs", "os", "os"], "a": [4, 8, 6, 9], "n": [20, 30, 25, 30]}
TWO = COUNTS | {"c": [6, 9, 8, 12], "m": [21, 29, 26, 31]}
BOTH = {"events_t": "a", "n_t": "n", "events_c": "c", "n_c": "m"}


@pytest.mark.parametrize(
    "verb",
    [
        lambda t: mo.pool(t, study="trial"),
        lambda t: mo.pool_bayes(t, study="trial"),
        lambda t: mo.pool_multilevel(t, levels=["trial"]),
        lambda t: mo.regress(t, "~ x", study="trial"),
        lambda t: mo.pool_subgroups(t.assign(g=list("aabbab")), by="g", study="trial"),
        lambda t: mo.survival.pool_mixed(reported=t),
    ],
    ids=["pool", "bayes", "multilevel", "regress", "subgroups", "mixed"],
)
def test_effects_of_several_outcomes_are_refused(effects, verb):
    with pytest.raises(mo.DataError, match=MIXES):
        verb(effects)


@pytest.mark.parametrize(
    "verb",
    [
        lambda: mo.pool_glmm(COUNTS, events="a", n="n", study="trial"),
        lambda: mo.pool_beta_binomial(COUNTS, events="a", n="n", study="trial"),
        lambda: mo.pool_mantel_haenszel(TWO, measure="OR", study="trial", **BOTH),
        lambda: mo.pool_peto(TWO, study="trial", **BOTH),
    ],
    ids=["glmm", "beta_binomial", "mantel_haenszel", "peto"],
)
def test_counts_of_several_outcomes_are_refused(verb):
    with pytest.raises(mo.DataError, match=MIXES):
        verb()


def test_medians_of_several_outcomes_are_refused():
    table = {"trial": list("ABC"), "outcome": ["pfs", "os", "os"], "m": [8.1, 10.5, 13.0], "low": [6.9, 8.0, 9.1],
             "high": [9.9, 13.6, 20.0]}  # fmt: skip
    columns = {"study": "trial", "median": "m", "ci_low": "low", "ci_high": "high"}
    with pytest.raises(mo.DataError, match=MIXES):
        mo.survival.pool_medians(table, **columns)
    assert list(mo.survival.pool_medians(table, by="outcome", **columns).pool.groups) == ["pfs", "os"]


def test_what_a_reader_made_of_two_outcomes_is_refused(tmp_path):
    (tmp_path / "two.csv").write_text(
        "trial,outcome,hr,hr_low,hr_high,hr_level\nA,pfs,.6,.5,.72,.95\nB,os,.9,.7,1.16,.95\nC,pfs,.7,.5,.98,.95\n"
    )
    rows = mo.read_trials(tmp_path / "two.csv")
    es = mo.effect_sizes(rows, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial")
    with pytest.raises(mo.DataError, match=MIXES):
        mo.pool(es)
    assert mo.pool(es[es["outcome"] == "pfs"]).k == 2


def test_outcomes_that_the_model_tells_apart_are_taken(effects):
    by = mo.pool_subgroups(effects, by="outcome", study="trial")
    assert list(by.groups) == ["pfs", "os"]
    assert len(mo.sensitivity.leave_one_out(by).tidy()) > 0
    assert mo.regress(effects, "~ outcome", study="trial").k == 6
    assert mo.pool_multilevel(effects, levels=["outcome", "trial"]).k == 6
    assert mo.pool_multilevel(effects, levels=["trial"], crossed=["outcome"]).k == 6
    with pytest.raises(mo.DataError, match=MIXES):  # and no longer once that is made
        mo.pool(effects, study="trial")


def test_one_outcome_in_two_spellings_blanks_and_numbers_are_no_mixture(effects):
    for outcome in (["pfs", "PFS", None, "", "pfs ", "pfs"], [12, 3, 4, 8, 9, 1]):
        assert mo.pool(effects.assign(outcome=outcome), study="trial").k == 6


def test_rows_left_out_are_of_no_pool(effects):
    some = effects.assign(yi=[-0.5, -0.4, -0.2, None, None, None])
    with pytest.warns(mo.DataWarning, match="3 of 6 rows left out"):
        assert mo.pool(some, study="trial").k == 3
    assert mo.pool(effects.drop(columns="outcome"), study="trial").k == 6  # on purpose
