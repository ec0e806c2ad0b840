"""robustness: its parts are those of the functions asked by themselves, and its words follow from them."""

import re

import numpy as np
import pandas as pd
import pytest
from figure_checks import clipped, overlaps

import metaonc as mo
from metaonc.analysis.robustness.statements import Words
from metaonc.base.digits import plain
from metaonc.errors import DataError, OptionError

FIRM = pd.DataFrame({"trial": [f"T{i}" for i in range(12)], "yi": np.linspace(-0.7, -0.3, 12),
                     "vi": np.linspace(0.02, 0.05, 12)})  # fmt: skip
FRAIL = {"trial": list("ABCDE"), "yi": [-0.6, -0.1, -0.2, -0.15, 0.05], "vi": [0.03, 0.03, 0.05, 0.04, 0.06]}
COUNTS = {"trial": list("PQRST"), "a": [8, 12, 9, 4, 15], "n": [60, 80, 70, 44, 91], "b": [16, 22, 17, 9, 21],
          "m": [60, 80, 70, 45, 88]}  # fmt: skip
ARMS = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "m", "study": "trial"}


def of(table, **options):
    return mo.robustness(mo.pool(table, study="trial", **{"measure": "HR"} | options))


def verdicts(r):
    return dict(zip(r.table["check"], r.table["verdict"], strict=True))


def test_what_is_firm_holds():
    r = of(FIRM)
    assert verdicts(r) == {
        "single trials": "holds", "pairs of trials": "holds", "influence": "", "subsets": "holds", "choices": "holds",
        "small-study effects": "MOVES".lower() if r.small_study.p_value < 0.1 else "", "a further trial": "",
        "confounding": "",
    }  # fmt: skip
    assert r.single.changed.empty
    assert r.multiverse.agreement == 1
    assert "fragility" in r.skipped


def test_what_is_frail_moves():
    r = of(FRAIL, method="CE", ci="wald")
    found = verdicts(r)
    assert r.whole.ci_high < 0
    assert found["single trials"] == "moves"
    assert found["choices"] == "moves"
    assert r.single.changed["left_out"].tolist() == ["A"]
    text = str(r)
    assert "MOVES. The interval no longer lies below 1 without 1 of 5 (A)" in text
    assert r.moves >= 3
    assert max(map(len, text.split("\n\nCaution")[0].splitlines())) <= 100


def test_the_parts_are_those_that_are_asked_by_themselves():
    r, pool = of(FRAIL), mo.pool(FRAIL, study="trial", measure="HR")
    pd.testing.assert_frame_equal(r.gosh.table, mo.sensitivity.gosh(pool).table)
    pd.testing.assert_frame_equal(r.influence.table, mo.sensitivity.influence(pool).table)
    want = mo.sensitivity.multiverse(pool, exclude={"one trial": 1})
    pd.testing.assert_frame_equal(r.multiverse.table, want.table)
    assert r.e_value.estimate == mo.sensitivity.e_value(pool, rare=False).estimate
    glance = r.glance()
    assert (glance["holds"][0], glance["moves"][0]) == (r.holds, r.moves)


def test_tests_of_asymmetry_are_those_that_are_allowed():
    assert of(FIRM).small_study.test == "egger"
    assert of(FIRM).small_study.model == "random"
    few = of(FRAIL)
    assert few.small_study is None
    assert few.skipped["small-study effects"].startswith("fewer than 10 trials")
    es = mo.effect_sizes(COUNTS, measure="OR", **ARMS)
    twice = pd.concat([es, es.assign(trial=list("UVWXY"))], ignore_index=True)
    r = mo.robustness(mo.pool(twice, study="trial"))
    assert r.small_study.test == "harbord"
    assert r.fragility.index == mo.sensitivity.fragility(r.whole).index
    rates = mo.pool(mo.effect_sizes(COUNTS, measure="PLO", events="a", n="n", study="trial"), study="trial")
    plain, asked = mo.robustness(rates), mo.robustness(rates, benchmark=0.3)
    assert {"a further trial", "confounding", "fragility"} < set(plain.skipped)
    assert "there is no conclusion to overturn" in " ".join(str(plain).split())
    assert asked.tipping_point.counted
    assert "lies below 30%" in str(asked)


def test_random_subsets_are_the_same_each_time():
    many = pd.DataFrame({"trial": [f"T{i}" for i in range(16)], "yi": np.linspace(-1, 0.2, 16), "vi": 0.05})
    one, two = of(many), of(many)
    assert not one.gosh.exact
    pd.testing.assert_frame_equal(one.gosh.table, two.gosh.table)
    assert str(one) == str(two)


def test_shares_that_are_not_all_are_not_said_to_be():
    words = Words(plain, str)
    assert [words.percent(x) for x in (1.0, 0.999, 0.5, 0.004, 0.0)] == [
        "100%", "more than 99%", "50%", "less than 1%", "0%"
    ]  # fmt: skip


def test_effects_of_one_page_are_printed_by_one_form():
    r = of(FRAIL)
    pool, found = r.whole, r.single["estimate"]
    shown = [f"{float(pool.natural(x)):#.4g}" for x in (pool.estimate, found.min(), found.max())]
    assert all(text in str(r) for text in shown)
    text, table = str(mo.results_text(r)), mo.table(r)
    low, high = (f"{float(pool.natural(x)):.2f}" for x in (found.min(), found.max()))
    assert f"between {low} and {high}" in text
    assert f"between {low} and {high}" in table.rows[0][2]
    assert not re.search(r"hazard ratio[^.]* \d\.\d{3}", text)


def test_its_table_has_a_row_a_question_and_what_was_not_asked(tmp_path):
    r = of(FRAIL)
    t = mo.table(r)
    assert t.headers == ("What was varied", "Conclusion", "Finding")
    assert [row[0].lower() for row in t.rows] == r.table["check"].tolist()
    told = {"holds": "stands", "moves": "moves", "": "no verdict"}
    assert [row[1] for row in t.rows] == [told[v] for v in r.table["verdict"]]
    assert "its interval" in t.footnotes[0]
    assert all(any(why in note for note in t.footnotes) for why in r.skipped.values())
    assert mo.save(t, tmp_path / "t.docx").exists()


def test_a_page_of_four_figures():
    page = mo.plot.robustness(of(FRAIL), effect="Hazard ratio, death")
    assert [ax.get_xlabel() for ax in page.axes] == [
        "Leverage", "Hazard ratio, death", "Specifications in order of their estimates", "Hazard ratio, death"
    ]  # fmt: skip
    with pytest.raises(DataError, match="a result of robustness is wanted"):
        mo.plot.robustness(mo.pool(FRAIL, study="trial"))


def test_what_is_refused():
    with pytest.raises(DataError, match="a result of pool is wanted, or of a pool of counts, not dict"):
        mo.robustness(FRAIL)
    with pytest.raises(DataError, match="asked of 3 trials or more; this pool has 2"):
        mo.robustness(mo.pool({"yi": [0.1, 0.2], "vi": [0.1, 0.1]}))
    with pytest.raises(OptionError, match="cannot be fitted with it"):
        of(FRAIL, method="DL", ci="HC")


@pytest.mark.parametrize("table", [FIRM, FRAIL], ids=["firm", "frail"])
def test_texts_of_the_page_stand_apart(table):
    page = mo.plot.robustness(of(table))
    assert overlaps(page) == []
    assert clipped(page) == []


def test_an_interval_about_no_effect_has_no_side_that_subsets_could_move():
    """The estimates of subsets lie on both sides of 1, which is what an interval that includes 1 says."""
    r = of({"trial": list("ABCDE"), "yi": [-0.3, 0.25, -0.1, 0.2, 0.02], "vi": [0.03, 0.04, 0.05, 0.04, 0.06]})
    assert r.whole.ci_low < 0 < r.whole.ci_high
    assert verdicts(r)["subsets"] == ""
    assert "on the pool's side" not in str(r)
    assert "side of 1" in " ".join(str(of(FIRM)).split())


def test_a_trial_far_from_the_others_is_named_where_no_rule_flags_it():
    table = {"trial": ["KN-A", "OAK", "Check9", "Imp110", "EMP", "MYS", "KN-B", "small1"],
             "yi": np.log([0.63, 0.73, 1.15, 0.59, 0.57, 0.76, 0.81, 0.45]),
             "vi": np.array([0.154, 0.086, 0.119, 0.204, 0.155, 0.154, 0.069, 0.413]) ** 2}  # fmt: skip
    r = of(table)
    assert r.influence.flagged.empty
    residual = r.influence.table.set_index("study").loc["Check9", "rstudent"]
    assert residual > 1.96
    said = dict(zip(r.table["check"], r.table["finding"], strict=True))["influence"]
    assert said == (
        "no trial is flagged as influential; standardised residuals beyond ±1.96, where 95% lie if the model is true: "
        f"Check9 ({residual:.1f})."
    )
    ax = mo.plot.influence(r.influence)
    assert "Check9" in [text.get_text() for text in ax.figure.findobj(lambda a: hasattr(a, "get_text"))]


def test_another_pool_is_told_what_can_be_asked_of_it():
    with pytest.raises(DataError, match="BayesResult: of other pools ask sensitivity"):
        mo.robustness(mo.pool_bayes(FIRM, study="trial"))


@pytest.mark.parametrize(
    "pool",
    [
        lambda: mo.pool_mantel_haenszel(COUNTS, measure="OR", **ARMS),
        lambda: mo.pool_peto(COUNTS, **ARMS),
        lambda: mo.pool_glmm(COUNTS, measure="OR", **ARMS),
    ],
)
def test_pools_of_counts_have_their_specification_curve(pool):
    whole = pool()
    r = mo.robustness(whole)
    assert set(r.table["check"]) == {"single trials", "pairs of trials", "influence", "choices", "confounding"}
    assert {r.skipped[name] for name in ("subsets", "a further trial", "fragility")} == {
        "it is of pools of effects; ask it of pool(effect_sizes(...))"
    }
    first = r.multiverse.table.iloc[0]
    for name in ("estimate", "ci_low", "ci_high"):
        assert first[name] == pytest.approx(getattr(whole, name), rel=1e-12)
    alone = mo.sensitivity.multiverse(whole, exclude={"one trial": 1})
    pd.testing.assert_frame_equal(r.multiverse.table, alone.table)
    page = mo.plot.robustness(r)
    assert "Specifications in order of their estimates" in [ax.get_xlabel() for ax in page.axes]
    assert overlaps(page) == []
    assert clipped(page) == []
    text = str(mo.methods_text(r))
    assert "pools by other models, other intervals and without single trials" in text
    assert "estimators of τ²" not in text


def test_what_has_no_choices_is_on_its_own_scale_all_the_same():
    """Responders nowhere leave nothing to choose: the page printed a logit as a proportion (−317 %)."""
    pool = mo.pool_glmm({"x": [0, 0, 0], "n": [20, 30, 40]}, events="x", n="n", measure="PLO")
    r = mo.robustness(pool)
    assert r.multiverse is None
    upper = 1 - 0.025 ** (1 / 90)  # Clopper and Pearson's, of 0 of 90
    assert f"The pooled proportion is 0% (0% to {100 * upper:.4g}%)" in str(r)
    assert "infinite" in r.skipped["influence"]
    assert np.isnan(r.glance()["i2"]).all()


def test_an_effect_without_a_natural_scale_is_on_that_of_analysis():
    pool = mo.pool({"yi": [0.5, 0.6, 0.7, 0.4], "vi": [0.01, 0.02, 0.01, 0.02]}, measure="PFT", ci="wald")
    said = str(mo.robustness(pool))
    assert f"The pooled double arcsine proportion is {pool.estimate:.4g} (" in said
    assert "%)" not in said.split(".")[0]
    assert str(mo.sensitivity.multiverse(pool)).startswith(
        "Multiverse of 17 specifications of 4 trials: double arcsine"
    )


def test_no_caution_of_a_part_is_lost():
    wide = FRAIL | {"yi": [-0.6, -0.1, -0.2, -0.15, 4.3]}
    for table in (FIRM, FRAIL, wide):
        r = of(table)
        parts = [part for part in (r.whole, r.multiverse, r.small_study, r.tipping_point, r.e_value) if part]
        want = {c.text for part in parts for c in part.cautions}
        assert all({c.text for c in r.cautions} == want for _ in range(50))
