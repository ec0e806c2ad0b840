"""Forest plots of pools of two-arm counts: heterogeneity, person-time, and trials without an effect of their own."""

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pytest

import metaonc as mo
from metaonc.report.forest.rows import forest_rows

COUNTS = {
    "trial": list("ABCD"), "by": list("aabb"), "x1": [4, 0, 6, 3], "n1": [20, 30, 107, 44], "x2": [1, 0, 4, 2],
    "n2": [43, 28, 110, 40],
}  # fmt: skip
PATIENTS = {"events_t": "x1", "n_t": "n1", "events_c": "x2", "n_c": "n2", "study": "trial"}
TIMES = {"events_t": "x1", "time_t": "n1", "events_c": "x2", "time_c": "n2", "study": "trial"}


@pytest.mark.filterwarnings("ignore:.*says nothing of the ratio")
@pytest.mark.parametrize("pool", [mo.pool_mantel_haenszel, mo.pool_peto, partial(mo.pool_glmm, measure="OR")])
def test_a_trial_without_events_is_shown_as_not_estimable_and_not_drawn(pool):
    r = pool(COUNTS, **PATIENTS)
    content = forest_rows(r)
    row = content.rows.iloc[1]
    assert (row["label"], row["effect"], row["counts"], row["counts_c"]) == ("B", "not estimable", "0/30", "0/28")
    assert row["share"] == ""
    assert content.rows.iloc[content.whole]["counts"] == "13/171"
    assert "1 of 4 trials was left out: B (no events in either arm: it says nothing of the ratio)." in content.footnotes
    ax = mo.plot.forest(r)
    assert all(np.isfinite(line.get_xdata()).all() for line in ax.lines)
    plt.close(ax.figure)


def test_of_a_difference_a_trial_without_events_has_no_effect_but_enters():
    assert forest_rows(mo.pool_mantel_haenszel(COUNTS, measure="RD", **PATIENTS)).rows["effect"][1] == "not estimable"


def test_heterogeneity_and_model_are_those_of_the_pool():
    with pytest.warns(mo.DataWarning):
        r = mo.pool_mantel_haenszel(COUNTS, **PATIENTS)
    with pytest.warns(mo.DataWarning):
        peto = mo.pool_peto(COUNTS, **PATIENTS)
    content = forest_rows(r)
    text = content.rows["label"].iloc[-1].replace("\u00a0", " ")
    assert text.startswith(f"I² = {r.i2:.0f}%; Q = ")
    assert "(df 2)" in text
    assert content.footnotes[0] == "Common effect (Mantel-Haenszel); Wald 95% confidence interval."
    assert forest_rows(peto).footnotes[0].startswith("Common effect (Peto)")


def test_a_subgroup_with_one_effect_says_that_heterogeneity_is_not_known():
    rows = {**COUNTS, "x1": [4, 7, 6, 3], "x2": [1, 28, 4, 2], "n1": [20, 7, 107, 44]}  # B: events only
    r = mo.pool_subgroups(rows, by="by", using=mo.pool_mantel_haenszel, measure="RR", **PATIENTS)
    labels = forest_rows(r).rows["label"].tolist()
    assert labels.count("Heterogeneity not estimable") == 1


def test_person_time_stands_below_events():
    with pytest.warns(mo.DataWarning):
        content = forest_rows(mo.pool_mantel_haenszel(COUNTS, measure="IRR", **TIMES))
    assert content.headers["counts"] == "Treatment events/time"
    assert content.rows["counts"].iloc[0] == "4/20"


def test_events_without_patients_have_no_column():
    table = {"p": [0.01, 0.2], "s": [-1, -1], "a": [40, 30], "b": [60, 40]}
    es = mo.effect_sizes(table, measure="HR", p="p", sign="s", events_t="a", events_c="b")
    assert "counts" not in forest_rows(mo.pool(es)).headers
