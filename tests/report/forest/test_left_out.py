"""Trials that a result does not rest on: their rows and footnotes in forest plots, tables and texts."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_checks import assert_readable

import metaonc as mo
from metaonc.report.document.figures import forest_blocks
from metaonc.report.document.look import Look
from metaonc.report.forest.rows import forest_rows

EFFECTS = {
    "trial": ["OPUS", "O'Hara 2", "FIRE", "CORE", "PEAK"], "yi": [-0.4, None, -0.1, 0.2, -0.3],
    "vi": [0.05, 0.04, 0.08, None, 0.06], "line": [1, 2, 2, 1, 1], "by": list("aabba"), "country": list("xyzxy"),
}  # fmt: skip
RATES = {"trial": ["North", "South", "East", "West"], "x": [3, None, 0, 7], "n": [40, 30, 25, 61]}
SAID = "2 of 5 trials were left out: O'Hara 2 (effect not reported); CORE (sampling variance not reported)."
POOLS = {
    "pool": lambda: mo.pool(EFFECTS, study="trial", measure="HR"),
    "common": lambda: mo.pool(EFFECTS, study="trial", measure="HR", method="CE", ci="wald"),
    "bayes": lambda: mo.pool_bayes(EFFECTS, study="trial", measure="HR"),
    "multilevel": lambda: mo.pool_multilevel(EFFECTS, levels=["trial"], study="trial", measure="HR"),
}


@pytest.fixture(autouse=True)
def _quiet():
    with pytest.warns(mo.DataWarning, match="left out"):
        yield


@pytest.mark.parametrize("name", POOLS)
def test_they_stand_at_their_places_without_a_mark(name):
    r = POOLS[name]()
    content = forest_rows(r)
    rows = content.rows
    assert rows["label"][:5].tolist() == EFFECTS["trial"]
    assert rows["effect"][1] == "not estimable"
    assert rows["effect"][3] == "1.22 (no interval)"
    assert rows.loc[[1, 3], ["estimate", "low", "high", "weight"]].isna().all(axis=None)
    assert rows["kind"][content.whole] == "pooled"
    assert content.footnotes[-1] == SAID
    table = mo.table(r)
    assert table.footnotes[-1] == SAID
    assert [row[0] for row in table.rows[:5]] == EFFECTS["trial"]
    assert str(mo.results_text(r)).startswith(f"{SAID}\n")
    ax = mo.plot.forest(r)
    assert_readable(ax.figure)
    plt.close(ax.figure)


def test_they_stay_with_a_result_that_was_written_and_read():
    r = POOLS["pool"]()
    assert str(mo.table(mo.results.from_json(r.to_json()))) == str(mo.table(r))


def test_a_ratio_reported_without_an_interval_is_shown():
    table = {
        "t": list("KLMN"),
        "hr": [0.62, 0.71, 0.9, 0.0038],
        "lo": [0.4, None, 0.7, None],
        "hi": [0.96, None, 1.16, 1],
    }
    es = mo.effect_sizes(table, measure="HR", hr="hr", ci_low="lo", ci_high="hi", study="t")
    shown = forest_rows(mo.pool(es, study="t")).rows
    assert shown["effect"][[1, 3]].tolist() == ["0.71 (no interval)", "0.0038 (no interval)"]
    assert np.isnan(shown["estimate"][[1, 3]]).all()


@pytest.mark.parametrize("verb", [mo.pool_glmm, mo.pool_beta_binomial])
def test_counts_that_are_known_stand_in_their_column(verb):
    r = verb({**RATES, "n": [40, 30, None, 61], "x": [3, 2, 0, 7]}, events="x", n="n", study="trial")
    content = forest_rows(r)
    assert content.rows["counts"][:5].tolist() == ["3/40", "2/30", "0", "7/61", "12/131"]
    assert content.footnotes[-1] == "1 of 4 trials was left out: East (number of patients not reported)."
    assert "3 trials (131 patients)" in str(mo.results_text(r))


def test_subgroups_show_them_in_their_own():
    r = mo.pool_subgroups(EFFECTS, by="by", study="trial", measure="HR")
    content = forest_rows(r)
    labels = content.rows["label"].tolist()
    assert labels.index("O'Hara 2") < labels.index("BY: b") < labels.index("CORE")
    assert content.rows["label"][content.whole].startswith("Overall")
    assert content.footnotes[-1] == SAID
    assert SAID in str(mo.results_text(r))


def test_a_regression_shows_them_beside_what_it_expects():
    table = {name: [*column, column[0]] for name, column in EFFECTS.items()}
    table |= {"trial": [*EFFECTS["trial"], "LAST"], "line": [1, 2, 2, 1, 3, None]}
    r = mo.regress(table, "~ line", study="trial", measure="HR")
    content = forest_rows(r)
    assert content.rows["label"][:6].tolist() == table["trial"]
    # an effect whose moderator is not known is shown with its interval: exp(-0.4 -+ 1.96 * sqrt(0.05))
    assert content.rows["effect"][5] == content.rows["effect"][0] == "0.67 (0.43 to 1.04)"
    assert np.isnan(content.rows["estimate"][5])
    assert content.rows["model"][:5].isna().tolist() == [False, True, False, True, False]
    said = (
        "3 of 6 trials were left out: LAST (a moderator is missing); O'Hara 2 (effect not reported); CORE (sampling "
        "variance not reported)."
    )
    assert content.footnotes[-1] == mo.table(r).footnotes[-1] == said


@pytest.mark.parametrize("verb", [mo.sensitivity.leave_one_out, mo.sensitivity.cumulative])
def test_pools_of_subsets_name_them(verb):
    r = verb(POOLS["pool"]())
    assert forest_rows(r).footnotes[-1] == mo.table(r).footnotes[-1] == SAID
    assert str(mo.results_text(r)).startswith(SAID)


def test_several_outcomes_name_them():
    d = {"t": list("ABCDE"), "p": [-0.5, -0.3, None, -0.4, 0.1], "q": [-0.3, -0.2, None, 0.1, 0.0],
         "v": [0.04, 0.03, 0.05, 0.02, 0.06], "w": [0.05, 0.04, 0.06, 0.03, 0.02], "c": [0.02] * 5}  # fmt: skip
    r = mo.pool_multivariate(d, yi=["p", "q"], cov=[["v", "c"], ["c", "w"]], study="t")
    assert mo.table(r).footnotes[-1] == "1 of 5 trials was left out: C (p-value and q not reported)."


def test_rows_without_names_are_called_by_their_number():
    r = mo.pool({name: EFFECTS[name] for name in ("yi", "vi")}, measure="HR")
    assert forest_rows(r).footnotes[-1] == (
        "2 of 5 trials were left out: trial 2 (effect not reported); trial 4 (sampling variance not reported)."
    )


def test_a_document_has_their_rows_in_its_numbers():
    _, numbers, _ = forest_blocks(POOLS["pool"](), Look(journal=None, effect=None, unit="", name="", words=""))
    assert numbers.table["Trial"].tolist()[:5] == EFFECTS["trial"]
    assert math.isnan(numbers.behind[numbers.table.columns[-2]][1])
    plt.close("all")
