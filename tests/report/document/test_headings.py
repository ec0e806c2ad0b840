"""Headings of several results in one report name what differs between them."""

import pandas as pd

import metaonc as mo
from metaonc.analysis.results.homes import KINDS
from metaonc.report.document.headings import headings
from metaonc.report.journals import journal_of
from metaonc.report.kinds import kinds

TABLE = {"trial": list("ABCD"), "yi": [-0.5, -0.2, 0.1, -0.4], "vi": [0.04, 0.05, 0.06, 0.05], "dose": [1, 2, 3, 5],
         "a": [5, 9, 7, 4], "n": [40] * 4, "b": [9, 8, 11, 9], "m": [42] * 4, "kras": list("uvuv")}  # fmt: skip
ARMS = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "m", "study": "trial"}


def heads(*results, effect=None):
    return headings(results, journal_of(None), effect)


def pool(**options):
    return mo.pool(TABLE, study="trial", measure="HR", **options)


def test_pools_by_other_models_are_headed_by_what_differs():
    found = heads(pool(ci="wald"), pool(method="DL", ci="wald"), pool(method="CE"))
    assert [head.partition(": ")[2].partition(";")[0] for head in found] == [
        "random effects (REML)", "random effects (DL)", "common effect (inverse variance)"
    ]  # fmt: skip
    assert not any("Wald" in head for head in found)  # which all have
    first, second = heads(pool(ci="wald", prediction="t"), pool(ci="HKSJ", prediction="t"), effect="OS")
    assert (first, second) == (
        "OS in 4 trials, and pooled: Wald 95% confidence interval",
        "OS in 4 trials, and pooled: Hartung-Knapp 95% confidence interval",
    )


def test_pools_of_effects_and_of_counts_are_told_apart():
    arms = {name: TABLE[name] for name in ("trial", "a", "n", "b", "m")}
    effects = mo.pool(mo.effect_sizes(arms, measure="OR", **ARMS), study="trial", ci="wald")
    counts = mo.pool_glmm(TABLE, measure="OR", **ARMS)
    peto = mo.pool_peto(TABLE, **ARMS)
    found = heads(effects, counts, peto)
    assert "random effects (REML)" in found[0]
    assert "binomial-normal model" in found[1]
    assert "Peto" in found[2]
    assert len(set(found)) == 3


def test_subgroups_and_regressions_are_told_apart():
    parts = [mo.pool_subgroups(TABLE, by="kras", study="trial", measure="HR", method=m) for m in ("REML", "DL")]
    assert [head.partition(": ")[2] for head in heads(*parts)] == ["random effects (REML)", "random effects (DL)"]
    lines = [mo.regress(TABLE, formula, study="trial", measure="HR") for formula in ("~ dose", "~ kras")]
    assert [head.rpartition(": ")[2] for head in heads(*lines)] == ["on Dose", "on KRAS (v against u)"]


def test_what_has_no_line_on_its_model_is_told_apart_by_its_options():
    made = [mo.bias.trim_fill(pool(method="DL"), estimator=name) for name in ("L0", "R0")]
    assert heads(*made) == ["Trim and fill: estimator L0", "Trim and fill: estimator R0"]


def test_one_result_alone_and_tables_have_no_model_in_their_heading():
    assert heads(pool(), pd.DataFrame({"x": [1]})) == ["Hazard ratio in 4 trials, and pooled", "Table 2"]


def test_what_differs_in_nothing_is_counted():
    same = pool()
    assert heads(same, same) == ["Hazard ratio in 4 trials, and pooled", "Hazard ratio in 4 trials, and pooled (2)"]


def test_a_report_has_these_headings(tmp_path):
    results = [pool(method="DL", ci="wald"), pool(method="PM", ci="wald"), mo.regress(TABLE, "~ dose", study="trial")]
    page = mo.write_report(results, tmp_path / "r.html").read_text(encoding="utf-8")
    for text in ("pooled: random effects (DL)", "pooled: random effects (PM)", "Meta-regression: effect in 4 trials"):
        assert text in page
    assert "Result 3" not in page


def test_every_kind_has_a_name_in_a_list_of_results():
    pooled = pool()
    found = heads(mo.sensitivity.leave_one_out(pooled), mo.sensitivity.cumulative(pooled), mo.sensitivity.gosh(pooled))
    assert found == ["Leave-one-out analysis", "Cumulative analysis", "Pools of subsets"]
    own = kinds()[: len(KINDS)]  # the package's; tests and examples register more
    assert not [kind.verbs for kind in own if not (kind.title or kind.table or kind.heading)]
