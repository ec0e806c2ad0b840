"""Forest plots of models beside the pool: common effects, shrunken and fitted effects, interactions."""

import numpy as np
import pandas as pd
import pytest
from combinations import combined
from figure_checks import assert_readable, visible_texts
from forest_cases import MIDDLE, assert_panel_is_free, diamonds, effects, made, markers, table
from matplotlib.colors import to_hex

import metaonc as mo
from metaonc.analysis.effects.measures import MEASURES
from metaonc.errors import OptionError
from metaonc.report.forest.assemble import content
from metaonc.report.forest.content import ForestRows, ForestSpec, row
from metaonc.report.forest.figure import forest
from metaonc.report.forest.rows import forest_rows
from metaonc.report.journals import JOURNALS
from metaonc.report.kinds import Kind, register
from metaonc.report.style import PAGE

LEVELS = pd.DataFrame({
    "trial": ["A", "A", "A", "B", "B", "B", "C", "C", "D", "D", "D"],
    "line": ["first", "second", "third", "first", "second", "third", "first", "second", "first", "second", "third"],
    "yi": [-0.6, -0.3, 0.1, -0.5, -0.4, -0.1, -0.7, -0.2, -0.4, -0.1, 0.2],
    "vi": [0.05, 0.06, 0.09, 0.04, 0.05, 0.08, 0.07, 0.05, 0.06, 0.04, 0.07],
})  # fmt: skip
MODERATED = {"yi": [-0.9, -0.5, -0.6, -0.2, 0.0], "vi": [0.1, 0.05, 0.08, 0.04, 0.09], "line": [1, 1, 2, 2, 3]}


def levels(**options):
    return mo.interaction(
        LEVELS, study="trial", by="line", levels=("first", "second", "third"), measure="HR", **options
    )


# --- the common effect ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["HR", "OR", "RD", "HR by group"])
def test_the_common_effect_is_that_of_inverse_variances(kind):
    result = made(kind, 6, groups=2)
    overall = getattr(result, "overall", result)
    rows = forest_rows(result, common=True).rows
    y, w = overall.studies.yi, 1 / overall.studies.vi
    estimate, half = w @ y / w.sum(), 1.959963984540054 / np.sqrt(w.sum())  # R: qnorm(0.975)
    wanted = [float(overall.natural(x)) for x in (estimate, estimate - half, estimate + half)]
    last = rows[rows["kind"] == "common"].iloc[-1]
    np.testing.assert_allclose([last["estimate"], last["low"], last["high"]], wanted, rtol=1e-12)
    order = dict(zip(overall.studies.labels, 100 * w / w.sum(), strict=True))
    study = rows[rows["kind"] == "study"]
    assert study["share_common"].tolist() == [f"{order[label]:.1f}" for label in study["label"]]


def test_both_effects_are_named_and_drawn_apart():
    result = made("HR", 5)
    content = forest_rows(result, common=True)
    assert content.rows["label"][5:7].tolist() == [
        "Overall, random effects (k\u00a0=\u00a05)",
        "Overall, common effect",
    ]
    assert "Open diamonds: common effect (inverse variance); Wald 95% confidence interval." in content.footnotes
    assert content.headers["share_common"] == "Weight, common effect (%)"
    ax = forest(result, common=True)
    assert len(diamonds(ax)) == 2
    assert [to_hex(patch.get_facecolor()) for patch in ax.patches] == [JOURNALS["default"].diamond.lower(), "#ffffff"]


@pytest.mark.parametrize(
    ("result", "options", "message"),
    [
        (lambda: made("GEN", 3), {"common": True}, "common= sets the common effect beside"),
        (lambda: made("PLO by group", 4, groups=2), {"common": True}, "common= sets the common effect beside"),
        (lambda: made("HR", 3), {"shrinkage": True}, "shrinkage= is for what pool_bayes returned"),
        (lambda: levels(), {"common": True}, "common= has no use for the differences between several levels"),
        (lambda: mo.regress(MODERATED, "~ line", measure="HR"), {"shrinkage": True}, "no use for a regression"),
    ],
)
def test_models_that_a_result_does_not_have_are_refused(result, options, message):
    with pytest.raises(OptionError, match=message):
        forest(result(), **options)


# --- shrunken and fitted effects --------------------------------------------------------------------------------------


def test_shrunken_effects_are_the_posteriors_of_the_trials():
    result = mo.pool_bayes(table(5), study="trial", measure="HR")
    rows = forest_rows(result, shrinkage=True).rows
    shown = rows.loc[rows["kind"] == "study", ["model", "model_low", "model_high"]].to_numpy()
    np.testing.assert_array_equal(shown, np.exp(result.shrinkage[["median", "low", "high"]].to_numpy()))
    ax = forest(result, shrinkage=True)
    assert [mark.get_xdata()[0] for mark in markers(ax, "o")] == rows["model"].dropna().tolist()
    assert {mark.get_markerfacecolor() for mark in markers(ax, "o")} == {"white"}
    assert_readable(ax.figure)


def test_a_regression_shows_what_it_expects_of_each_trial():
    result = mo.regress(MODERATED, "~ line", measure="HR", method="DL", ci="wald")
    content = forest_rows(result, left=["line"])
    study = content.rows[content.rows["kind"] == "study"]
    # R: metafor::rma(yi, vi, mods = ~ line, method = "DL"): intercept -0.951, slope 0.313
    np.testing.assert_allclose(np.log(study["model"]), -0.951 + 0.313 * study["line"].astype(float), atol=1.5e-3)
    assert "pooled" not in set(content.rows["kind"])
    said = content.rows.loc[content.rows["kind"] == "text", "label"].tolist()
    assert said[1] == f"Test of moderators: χ² = {result.q_model:.3g} (df 1), p = {result.q_model_p:.3f}"
    assert content.footnotes[0] == "Meta-regression on Line (random effects, DL)."
    assert study["share"].astype(float).sum() == pytest.approx(100, abs=0.3)
    assert_readable(forest(result, width=MIDDLE).figure)


def test_a_regression_keeps_the_trials_own_intervals():
    rows = table(5).assign(line=[1, 1, 2, 2, 3])
    es = mo.effect_sizes(rows.drop(columns=["yi", "vi"]), measure="PLO", events="x", n="n", study="trial")
    pooled, moderated = mo.pool(es, study="trial"), mo.regress(es, "~ line", study="trial")
    one, other = (forest_rows(r).rows["effect"][:5].tolist() for r in (pooled, moderated))
    assert one == other  # exact, from the counts


# --- interactions -----------------------------------------------------------------------------------------------------


def test_an_interaction_of_two_levels_is_a_pool_of_ratios():
    two = LEVELS[LEVELS["line"] != "third"]
    result = mo.interaction(two, study="trial", by="line", contrast=("second", "first"), measure="HR")
    content = forest_rows(result)
    assert content.headers["effect"] == "Ratio of hazard ratios (95%\u00a0CI)"
    assert content.rows["label"][:4].tolist() == list("ABCD")
    np.testing.assert_allclose(content.rows["estimate"][:4], np.exp([0.3, 0.1, 0.5, 0.3]))
    assert_readable(forest(result, width=MIDDLE, common=True).figure)


@pytest.mark.parametrize("width", [MIDDLE, PAGE])
def test_interactions_of_several_levels_stand_within_and_across_trials(width):
    result = levels()
    content = forest_rows(result)
    rows = content.rows
    assert rows["kind"].tolist() == ["group", "pooled", "pooled", "text", "space", "group", "pooled", "pooled"]
    within, across = (
        np.exp(t[["estimate", "ci_low", "ci_high"]]) for t in (result.interactions, result.across_interactions)
    )
    shown = rows.loc[rows["kind"] == "pooled", ["estimate", "low", "high"]].to_numpy()
    np.testing.assert_allclose(shown, np.vstack([within, across]))
    assert rows["label"][1:3].tolist() == ["second against first (4 trials)", "third against first (3 trials)"]
    assert rows["label"][3].startswith(f"All differences together: χ² = {result.test.statistic:.3g} (df 2), p")
    ax = forest(result, width=width, favours=("Later line", "First line"))
    assert len(diamonds(ax)) == 4
    assert_readable(ax.figure)
    assert_panel_is_free(ax)


def test_a_trend_has_a_row():
    result = levels(trend=True)
    rows = forest_rows(result).rows
    trend = rows[rows["label"] == "Trend, by one unit of score"].iloc[0]
    assert trend["estimate"] == pytest.approx(np.exp(result.trend.estimate))


# --- other results ----------------------------------------------------------------------------------------------------


class Listed:
    """A result of which nothing is known here but its effects."""

    estimates = (("without A", -0.5), ("without B", -0.3))


def test_any_result_can_be_taught_to_yield_rows():
    def listed(result: Listed, spec: ForestSpec) -> ForestRows:
        lines = [
            row("study", name, estimate=np.exp(x), low=np.exp(x - 0.2), high=np.exp(x + 0.2), weight=1.0)
            for name, x in result.estimates
        ]
        return content(lines, {}, spec, MEASURES["HR"], pd.DataFrame(), "Hazard ratio", 1.0, [])

    register(Listed, Kind(verbs="listed", methods=lambda *_: [], results=lambda *_: [], rows=listed))
    ax = forest(Listed(), journal="BMJ")
    assert [x for line in markers(ax, "s") for x in line.get_xdata()] == [np.exp(-0.5), np.exp(-0.3)]
    assert_readable(ax.figure)


# --- every layout -----------------------------------------------------------------------------------------------------

MODELS = {
    "common": (lambda: made("OR", 12), {"common": True}),
    "common by group": (lambda: made("HR by group", 9, groups=3), {"common": True}),
    "shrunken": (lambda: mo.pool_bayes(table(9), study="trial", measure="HR"), {"shrinkage": True}),
    "regression": (lambda: mo.regress(effects(table(9).assign(z=range(9)), "OR"), "~ z", study="trial"), {}),
    "levels": (levels, {}),
}


@combined("model, name", MODELS, JOURNALS)
def test_nothing_overlaps_in_any_layout(model, name):
    result, options = MODELS[model]
    ax = forest(result(), journal=name, width=PAGE, favours=("Treatment", "Control"), **options)
    assert_readable(ax.figure)
    assert_panel_is_free(ax)
    assert len(visible_texts(ax.figure)) > 10
