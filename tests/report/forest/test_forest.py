import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from combinations import combined
from figure_checks import assert_readable, visible_texts
from forest_cases import (
    ARMS,
    KINDS,
    MIDDLE,
    NAMES,
    ONE,
    arrows,
    assert_panel_is_free,
    diamonds,
    effects,
    intervals,
    made,
    markers,
    rates,
    ratios,
    squares,
    table,
    texts,
)
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images

import metaonc as mo
from metaonc.analysis.methods.intervals import CI_METHODS
from metaonc.errors import DataError, FigureWarning, OptionError
from metaonc.report.forest.axis import axis_range
from metaonc.report.forest.figure import forest
from metaonc.report.forest.marks import SQUARE
from metaonc.report.forest.notes import INTERVALS
from metaonc.report.forest.rows import forest_rows
from metaonc.report.save import save
from metaonc.report.style import COLUMN, MM, PAGE
from metaonc.report.typeset import family

IMAGES = Path(__file__).parents[2] / "images"


# --- what is shown ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_rows_hold_the_estimates_of_the_result(kind):
    result = made(kind, 7, groups=3)
    rows = forest_rows(result).rows
    groups = getattr(result, "groups", {"": result})
    overall = getattr(result, "overall", result)
    factor = 100 if overall.record.scale == "percent" else 1
    own = pd.concat([part.study_table(transform=True) for part in groups.values()])
    study = rows[rows["kind"] == "study"]
    assert study["label"].tolist() == own["study"].tolist()
    shown = study[["estimate", "low", "high"]].to_numpy()
    np.testing.assert_array_equal(shown, factor * own[["estimate", "ci_low", "ci_high"]].to_numpy())
    pools = [*(groups.values() if groups != {"": result} else ()), overall]
    for row, r in zip(rows[rows["kind"] == "pooled"].itertuples(), [p for p in pools if p.k > 1], strict=True):
        limits = [factor * float(r.natural(x)) for x in (r.estimate, r.ci_low, r.ci_high)]
        assert [row.estimate, row.low, row.high] == limits
    for row in rows[rows["kind"] == "prediction"].itertuples():
        limits = [factor * float(overall.natural(x)) for x in (overall.prediction_low, overall.prediction_high)]
        assert [row.low, row.high] == limits


@pytest.mark.parametrize("kind", KINDS)
def test_weights_add_up_to_100_over_all_trials(kind):
    content = forest_rows(made(kind, 9, groups=4))
    study = content.rows[content.rows["kind"] == "study"]
    assert study["weight"].sum() == pytest.approx(100)
    assert study["share"].tolist() == [f"{w:.1f}" for w in study["weight"]]
    whole = content.rows.loc[content.rows["kind"] == "pooled", "share"].iloc[-1]
    assert whole == "100.0"


def test_subtotals_have_the_weight_of_their_trials():
    content = forest_rows(made("HR by group", 8, groups=2))
    weights = content.rows["weight"].groupby(content.rows["kind"].eq("group").cumsum()).sum()
    shares = content.rows.loc[content.rows["kind"] == "pooled", "share"]
    assert shares.tolist()[:2] == [f"{w:.1f}" for w in weights]


def test_a_plot_by_subgroup_is_made_of_blocks():
    # R: binom.test(5, 20), binom.test(12, 30), binom.test(9, 10)
    content = forest_rows(rates([5, 12, 9], [20, 30, 10], ["mut", "mut", "wt"]), effect="ORR")
    rows = content.rows
    assert rows["kind"].tolist() == ["group", "study", "study", "pooled", "text", "space", "group", "study", "space",
                                     "pooled", "prediction", "text"]  # fmt: skip
    assert rows["label"][[0, 6]].tolist() == ["KRAS: mut", "KRAS: wt"]
    assert rows["effect"][[1, 2, 7]].tolist() == ["25.0 (8.7 to 49.1)", "40.0 (22.7 to 59.4)", "90.0 (55.5 to 99.7)"]
    assert rows["counts"][[1, 2, 3, 7, 9]].tolist() == ["5/20", "12/30", "17/50", "9/10", "26/60"]
    assert rows["label"][3] == "Subtotal (k\u00a0=\u00a02)"
    assert content.headers == {"label": "Trial", "effect": "ORR, % (95%\u00a0CI)", "counts": "Events/n"}
    assert (content.scale, content.null) == ("percent", None)


def test_trials_that_give_several_rows_are_counted_once():
    rows = pd.DataFrame({"trial": ["A", "A", "B", "B"], "x": [5, 9, 7, 4], "n": [20, 30, 15, 12], "kras": [*"mwmw"]})
    content = forest_rows(mo.pool_subgroups(rows, by="kras", using=mo.pool_glmm, **ONE))
    pooled = content.rows.loc[content.rows["kind"] == "pooled", "label"]
    assert pooled.tolist() == ["Subtotal (k\u00a0=\u00a02)"] * 2 + ["Overall (k\u00a0=\u00a02)"]  # counts are summed
    ratios_of = rows.assign(yi=[-0.5, 0.1, 0.4, -0.2], vi=0.04)[["trial", "kras", "yi", "vi"]]
    content = forest_rows(mo.pool_subgroups(ratios_of, by="kras", study="trial", measure="HR"))
    assert content.rows.loc[content.rows["kind"] == "pooled", "label"].iloc[-1] == "Overall (2 trials, k\u00a0=\u00a04)"
    assert "prediction" not in set(content.rows["kind"])


def test_subgroups_of_one_trial_are_shown_and_not_pooled():
    rows = pd.DataFrame({"trial": ["A", "A"], "yi": [-0.5, 0.1], "vi": [0.04, 0.05], "kras": ["mut", "wt"]})
    content = forest_rows(mo.pool_subgroups(rows, by="kras", study="trial", measure="HR"))
    assert "pooled" not in set(content.rows["kind"])
    assert np.isnan(content.reference)
    assert "share" not in content.headers
    assert content.footnotes[0].startswith("Test between subgroups: Q")


@pytest.mark.parametrize(
    ("measure", "headers"),
    [
        ("OR", {"effect": "Odds ratio (95%\u00a0CI)", "counts": "Treatment events/n", "counts_c": "Control events/n"}),
        ("RD", {"effect": "Risk difference (95%\u00a0CI)"}),
        ("MEDLN", {"effect": "Median PFS, months (95%\u00a0CI)", "label": "Trial", "share": "Weight (%)"}),
    ],
)
def test_headers_name_measure_level_and_unit(measure, headers):
    options = {"effect": "Median PFS", "unit": "months"} if measure == "MEDLN" else {}
    content = forest_rows(mo.pool(effects(table(4), measure), study="trial"), **options)
    assert {name: content.headers[name] for name in headers} == headers
    wide = forest_rows(mo.pool(effects(table(4), measure), study="trial", level=0.9))
    assert wide.headers["effect"].endswith("(90%\u00a0CI)")


@pytest.mark.parametrize(
    ("column", "title"), [("kras", "KRAS"), ("line", "Line"), ("prior_lines", "Prior lines"), ("PD-L1", "PD-L1")]
)
def test_a_subgroup_is_titled_by_its_column(column, title):
    rows = table(4, groups=2).rename(columns={"kras": column})
    content = forest_rows(mo.pool_subgroups(rows, by=column, study="trial", measure="HR"))
    assert content.rows["label"][0] == f"{title}: level 0"


@pytest.mark.parametrize(
    ("measure", "yi", "vi", "text"),
    [
        ("HR", np.log([0.004, 0.5]), 0.01, ["0.0040 (0.0033 to 0.0049)", "0.5000 (0.4110 to 0.6083)"]),
        ("RD", [0.1, -0.05], 0.0025, ["0.100 (0.002 to 0.198)", "−0.050 (−0.148 to 0.048)"]),
        ("RD", [0.001, 0.002], 1e-6, ["0.001 (−0.001 to 0.003)", "0.00200 (0.00004 to 0.00396)"]),
        ("MEDLN", np.log([12.34, 5.0]), 0.01, ["12.34 (10.14 to 15.01)", "5.00 (4.11 to 6.08)"]),
        ("MEDLN", np.log([1.25, 0.5]), 0.01, ["1.250 (1.028 to 1.521)", "0.500 (0.411 to 0.608)"]),
    ],
)
def test_numbers_have_the_decimals_that_they_need(measure, yi, vi, text):
    content = forest_rows(ratios(yi, vi, measure=measure))
    assert content.rows.loc[content.rows["kind"] == "study", "effect"].tolist() == text


def test_heterogeneity_is_that_of_the_result():
    r = ratios([-0.9, -0.1, 0.4])
    # of equal variances v = 0.04: tau² = s² - v = 0.43 - 0.04, Q = 2 s²/v = 21.5, I² = (Q - 2)/Q = 0.907
    (text,) = forest_rows(r).rows.query("kind == 'text'")["label"]
    assert text.replace("\u00a0", " ") == "τ² = 0.390; I² = 91%; Q = 21.5 (df 2), p < 0.001"
    (text,) = forest_rows(ratios([-0.9, -0.1, 0.4], method="CE")).rows.query("kind == 'text'")["label"]
    assert text.replace("\u00a0", " ") == "I² = 91%; Q = 21.5 (df 2), p < 0.001"


WALD = "Intervals of single trials: Wald (from the variance)"
EXACT = "Intervals of single trials: exact (Clopper-Pearson)."
GLMM = "Binomial-normal model (maximum likelihood); equal rates: likelihood-ratio test; "
PREDICTION = "; 95% prediction interval: t with k − 1 degrees of freedom."


@pytest.mark.parametrize(
    ("result", "notes"),
    [
        (
            lambda: ratios([-0.5, 0.1, 0.2]),
            [
                f"Random effects (REML); Hartung-Knapp 95% confidence interval{PREDICTION}",
                f"{WALD}.",
            ],
        ),
        (
            lambda: ratios([-0.5, 0.1], method="CE", ci="wald", level=0.9),
            ["Common effect (inverse variance); Wald 90% confidence interval.", f"{WALD}."],
        ),
        (
            lambda: ratios([-0.5, 0.1], tau2=0.1, ci="t"),
            ["Random effects (τ² given); t 95% confidence interval.", f"{WALD}."],
        ),
        (lambda: ratios(-0.5), [f"{WALD}."]),
        (
            lambda: rates([3, 5], [10, 11]),
            [
                f"{GLMM}Wald 95% confidence interval.",
                EXACT,
                "The variance between trials (τ²) is estimated as 0, which is no proof that effects do not vary.",
                "The normal interval of few rows takes τ² as known and may be too narrow.",
                "The interval rests on 8 events, of which a normal approximation is rough.",
            ],
        ),
        (
            lambda: rates([0, 0, 5, 9], [10, 22, 9, 12], ["wt", "wt", "mut", "mut"]),
            [
                "Test between subgroups: not available where all patients of a subgroup respond, or none.",
                f"{GLMM}Wald (where all respond or none: exact) 95% confidence interval{PREDICTION}",
                EXACT,
                "Without a control arm a difference between subgroups may be prognosis as well as effect of treatment; "
                "it is not evidence that the biomarker modifies the effect.",
                "Nobody responds: the interval is the exact one of the summed counts, as if trials had one rate "
                "(subgroup wt).",
                "The variance between trials (τ²) is estimated as 0, which is no proof that effects do not vary "
                "(subgroup mut).",
                "The normal interval of few rows takes τ² as known and may be too narrow (subgroup mut, overall).",
                "The interval rests on 7 patients without an event, of which a normal approximation is rough (subgroup "
                "mut).",
            ],
        ),
    ],
)
def test_footnotes_name_model_and_intervals(result, notes):
    assert [line.replace("\u00a0", " ") for line in forest_rows(result()).footnotes] == notes


@pytest.mark.parametrize("common", [True, False])
def test_footnotes_name_the_test_between_subgroups_and_a_common_variance(common):
    rows = table(9, groups=3)
    result = mo.pool_subgroups(rows, by="kras", study="trial", measure="HR", common_tau2=common)
    first, second, *_ = (line.replace("\u00a0", " ") for line in forest_rows(result).footnotes)
    assert first.startswith(f"Test between subgroups (F with one τ²): F = {result.f_between:.3g}")
    assert "(df 2 and 6), p = " in first
    assert ("one τ² for all subgroups" in second) == common


def test_reported_intervals_are_shown_as_reported_and_said_to_be():
    reported = {"trial": ["A", "B"], "hr": [0.5, 0.8], "lo": [0.3, 0.61], "hi": [0.8, 1.06]}
    es = mo.effect_sizes(reported, measure="HR", hr="hr", ci_low="lo", ci_high="hi", study="trial")
    content = forest_rows(mo.pool(es, study="trial"))
    assert content.rows["effect"][:2].tolist() == ["0.50 (0.30 to 0.80)", "0.80 (0.61 to 1.06)"]
    assert "single trials: as reported" in content.footnotes[-1]


def test_every_interval_has_a_name():
    assert set(CI_METHODS) <= set(INTERVALS)


def test_a_bayesian_pool_says_its_priors_and_has_credible_intervals():
    result = mo.pool_bayes(table(4), study="trial", measure="HR", level=0.9)
    content = forest_rows(result)
    assert content.headers["effect"] == "Hazard ratio (90%\u00a0CI; of pools CrI)"  # the trials' are Wald's
    assert "prior of τ half-normal(0.5), of the effect flat" in content.footnotes[0]
    assert "90% credible and prediction interval" in content.footnotes[0]
    (text,) = content.rows.query("kind == 'text'")["label"]
    assert text.replace("\u00a0", " ").startswith(f"τ = {result.tau.median:.3g}")
    assert_readable(forest(result, width=COLUMN).figure)


def test_bayesian_subgroups_have_no_test_between_them():
    result = mo.pool_subgroups(
        table(4).assign(by=list("xxyy")), by="by", using=mo.pool_bayes, study="trial", measure="HR"
    )
    assert forest_rows(result).footnotes[0] == "No test between subgroups: posteriors have no standard errors."
    assert_readable(forest(result, width=COLUMN).figure)


def test_a_trial_without_an_effect_of_its_own_is_named_and_not_drawn():
    rows = table(3).assign(et=[0, 9, 12], ec=[0, 5, 8])
    with pytest.warns(mo.DataWarning, match="says nothing of the ratio"):
        result = mo.pool_mantel_haenszel(rows, measure="OR", **ARMS, study="trial")
    shown, ax = forest_rows(result).rows, forest(result, width=MIDDLE)
    assert shown["effect"][0] == "not estimable"
    assert shown["label"][0] == "Trial 1"
    assert len(squares(ax)) == 2
    assert arrows(ax) == set()
    assert_readable(ax.figure)


@pytest.mark.parametrize(("measure", "text"), [("IRLN", "0.0250 (0.0081 to 0.0775)"), ("IR", "0.025 (0.000 to 0.053)")])
def test_rates_over_time_have_person_time_and_enough_digits(measure, text):
    # Wald: 3/120 * exp(-+1.96/sqrt(3)), 3/120 -+ 1.96 * sqrt(3)/120 from 0
    rates = pd.DataFrame({"trial": ["A", "B", "C"], "x": [3, 5, 2], "months": [120.0, 300.0, 390.5]})
    es = mo.effect_sizes(rates, measure=measure, events="x", time="months", study="trial")
    content = forest_rows(mo.pool(es, study="trial"))
    assert content.rows["effect"][0] == text
    assert content.headers["counts"] == "Events/time"
    assert content.rows["counts"][2] == "2/390.5"


# --- the axis ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "limits", "ticks"),
    [
        (lambda: ratios(np.log([0.4, 0.9]), 0.04, ci="wald"), (0.2, 1.5), [0.2, 0.5, 1.0]),
        (lambda: ratios(np.log([1.3, 1.5]), 0.001, ci="wald"), (0.8, 1.8), [0.8, 1.0, 1.2, 1.4, 1.6, 1.8]),
        (lambda: ratios(np.log([0.95, 0.97]), 0.0001, ci="wald"), (0.92, 1.02), [0.92, 0.94, 0.96, 0.98, 1.0, 1.02]),
        (lambda: ratios(np.log([0.01, 100.0]), 0.04, ci="wald"), (0.002, 400.0), [0.01, 0.1, 1, 10, 100]),
        (lambda: ratios([0.1, -0.05], 0.0025, measure="RD", ci="wald"), (-0.2, 0.2), [-0.2, -0.1, 0, 0.1, 0.2]),
        (lambda: rates([3, 5], [10, 11]), (0, 100), [0, 25, 50, 75, 100]),
        (lambda: rates([18, 9], [62, 31]), (0, 50), [0, 10, 20, 30, 40, 50]),  # half of it would be empty
    ],
)
def test_the_axis_holds_what_is_drawn_and_has_round_ticks(result, limits, ticks):
    low, high, some = axis_range(forest_rows(result()), 180, 7)
    np.testing.assert_allclose([low, high], limits, rtol=1e-12)
    np.testing.assert_allclose(some, ticks, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("width", [30, 46, 80, 200, 400])
@pytest.mark.parametrize("kind", KINDS)
def test_ticks_fit_and_both_directions_are_there(kind, width):
    content = forest_rows(made(kind, 6, groups=2))
    low, high, ticks = axis_range(content, width, 7)
    assert len(ticks) >= 2
    assert low <= ticks[0] < ticks[-1] <= high
    if content.null is not None and content.scale == "log":
        assert low < content.null < high


def test_an_axis_is_not_stretched_by_what_lies_far_beyond_all_estimates():
    ratio = axis_range(forest_rows(ratios(np.log([0.5, 0.8]), [0.04, 9.0], ci="wald")), 200, 7)
    assert ratio[:2] == (0.1, 4)  # 0.5 / 4 and 1 * 4, where the interval is 0.002 to 286
    low, high, _ = axis_range(forest_rows(ratios([0.1, 0.2, 0.3], [0.01, 0.01, 1e4], measure="GEN", ci="wald")), 200, 7)
    assert -1 <= low < high <= 1.5


# --- what is drawn ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [COLUMN, PAGE])
@pytest.mark.parametrize("kind", KINDS)
def test_squares_and_diamonds_stand_where_the_data_are(kind, width):
    result = made(kind, 7, groups=3)
    content, ax = forest_rows(result), forest(result, width=width)
    study = content.rows[content.rows["kind"] == "study"]
    drawn = squares(ax)
    np.testing.assert_array_equal([x for x, _ in drawn.values()], study["estimate"])
    assert list(drawn) == sorted(drawn)
    low, high = ax.get_xlim()
    pooled = content.rows[content.rows["kind"] == "pooled"]
    for corners, row in zip(diamonds(ax), pooled.itertuples(), strict=True):
        wanted = np.clip([row.low, row.estimate, row.high], low, high)
        cut = [high] if row.high > high else []  # upright at the end of the axis
        lower = [row.estimate, *([low] if row.low < low else [])]
        np.testing.assert_array_equal(corners[:-1, 0], [*wanted, *cut, *lower])
    ends = intervals(ax)
    for y, row in zip(drawn, study.itertuples(), strict=True):
        wanted = max(row.low, low), high if np.isnan(row.high) else min(row.high, high)
        assert ends[y] == wanted


@pytest.mark.parametrize("kind", ["HR", "PLO by group"])
def test_the_area_of_a_square_is_proportional_to_the_weight(kind):
    result = made(kind, 12)
    weight = forest_rows(result).rows.query("kind == 'study'")["weight"].to_numpy()
    side = np.array([side for _, side in squares(forest(result)).values()])
    seen = side > SQUARE[0]
    assert seen.sum() > 6
    np.testing.assert_allclose(side[seen] ** 2 / SQUARE[1] ** 2, weight[seen] / weight.max())
    assert (weight[~seen] < weight[seen].min()).all()


def test_arrows_are_where_an_interval_leaves_the_axis_and_nowhere_else():
    vi = [0.04, 0.02, 12.4, 0.674]  # the last interval begins at 0.004, just beyond the axis
    result = ratios(np.log([0.5, 0.8, 1.0, 0.02]), vi, ci="wald")
    ax = forest(result)
    rows = forest_rows(result).rows
    low, high = ax.get_xlim()
    lines = rows[rows["kind"].isin(["study", "pooled", "prediction"])]
    places = sorted(intervals(ax))
    wanted = {(y, "<") for y, x in zip(places, lines["low"], strict=True) if x < low}
    wanted |= {(y, ">") for y, x in zip(places, lines["high"], strict=True) if x > high}
    assert len(wanted) == 5
    assert arrows(ax) == wanted
    assert {line.get_xdata()[0] for line in markers(ax, "<")} == {low}
    assert {line.get_xdata()[0] for line in markers(ax, ">")} == {high}


def test_limits_not_reached_end_in_an_arrow():
    result = made("MEDLN", 3)
    ax = forest(result, effect="Median PFS", unit="months")
    first = next(iter(squares(ax)))
    assert arrows(ax) >= {(first, ">")}
    assert any(text.endswith("to NR)") for text in texts(ax))


def test_a_wide_pooled_interval_is_cut_with_arrows():
    ax = forest(ratios(np.log([0.48, 1.21]), 0.04))  # two trials: 0.002 to 260
    assert {marker for _, marker in arrows(ax)} == {"<", ">"}
    assert diamonds(ax)[0][0, 0] == ax.get_xlim()[0]


@pytest.mark.parametrize(
    ("x", "at", "limits", "text"),
    [(0, 0, (0, 40), "0.0 (0.0 to 10.9)"), (1, 100, (60, 100), "100.0 (89.1 to 100.0)")],
)
def test_rates_of_0_and_100_percent_are_drawn_at_the_ends(x, at, limits, text):
    ax = forest(rates([10 * x, 22 * x], [10, 22]))
    assert [x for x, _ in squares(ax).values()] == [at, at]
    assert ax.get_xlim() == limits
    assert arrows(ax) == set()
    assert text in texts(ax)  # R: binom.test(0, 32), binom.test(32, 32)
    assert any("τ²\u00a0not\u00a0estimable" in text for text in texts(ax))


@pytest.mark.parametrize(("kind", "lines"), [("HR", [1]), ("RD", [0]), ("MEDLN", []), ("PLO by group", [])])
def test_the_line_of_no_effect_is_there_where_there_is_no_effect(kind, lines):
    ax = forest(made(kind, 4))
    full = [line.get_xdata()[0] for line in ax.lines if list(line.get_ydata()) == [0, 1]]
    assert full == lines


def test_the_dotted_line_is_the_overall_estimate_down_to_its_diamond():
    result = made("HR by group", 7, groups=2)
    ax = forest(result)
    (dotted,) = ax.collections
    (((x, top), (_, bottom)),) = dotted.get_segments()
    corners = diamonds(ax)[-1]
    assert (x, top, bottom) == (corners[1, 0], 0, corners[0, 1])
    assert x == pytest.approx(np.exp(result.overall.estimate))


@pytest.mark.parametrize("width", [COLUMN, MIDDLE, PAGE])
def test_texts_of_a_row_stand_at_the_height_of_its_square(width):
    ax = forest(made("OR", 5), width=width)
    boxes = {text.get_text(): box for text, box in visible_texts(ax.figure)}
    rows = forest_rows(made("OR", 5)).rows.query("kind == 'study'")
    for y, row in zip(squares(ax), rows.itertuples(), strict=True):
        height = ax.transData.transform((1, y))[1]
        for text in (row.label, row.effect, row.counts, row.counts_c):
            assert boxes[text].y0 < height < boxes[text].y1


@combined("kind, k, width", KINDS, [1, 2, 3, 10], [COLUMN, MIDDLE, PAGE])
def test_nothing_overlaps_nor_is_cut(kind, k, width):
    ax = forest(made(kind, k, groups=min(k, 3)), width=width)
    assert ax.figure.get_size_inches()[0] == pytest.approx(width * MM)
    assert_readable(ax.figure)
    assert_panel_is_free(ax)


@combined("kind, names, width", ["HR", "OR", "PLO by group"], list(NAMES)[1:], [COLUMN, MIDDLE, PAGE])
def test_names_of_any_kind_and_length_fit(kind, names, width):
    rows = table(3, names, groups=2)
    ax = forest(KINDS[kind](rows), width=width)
    assert_readable(ax.figure)
    assert_panel_is_free(ax)
    joined = "".join(t.get_text() for t in ax.texts).replace(" ", "")
    assert all(name.replace(" ", "") in joined for name in rows["trial"])  # broken into lines, never shortened


@pytest.mark.parametrize(("k", "groups"), [(40, 5), (150, 1)])
def test_many_trials_make_a_long_figure_and_a_word_on_pages(k, groups):
    with pytest.warns(FigureWarning, match=r"this forest plot is \d{3} mm high, .* plot.forest_pages") as caught:
        ax = forest(made("HR by group", k, groups=groups))
    assert [w.filename for w in caught] == [__file__]
    assert len(squares(ax)) == k
    assert_readable(ax.figure)


@pytest.mark.parametrize("width", [COLUMN, MIDDLE, PAGE])
@pytest.mark.parametrize("yi", [-2.0, 0.0, 2.0])
@pytest.mark.parametrize(
    "favours", [("Treatment", "Control"), ("Favours combination, then maintenance", "Favours physician's choice")]
)
def test_directions_stand_left_and_right_of_no_effect(favours, yi, width):
    ax = forest(ratios([yi, yi + 0.1, yi - 0.1]), width=width, favours=favours)
    assert_readable(ax.figure)
    null = ax.transData.transform((1, 0))[0]
    boxes = {text.get_text(): box for text, box in visible_texts(ax.figure)}
    (left,) = (box for text, box in boxes.items() if text.startswith("←"))
    (right,) = (box for text, box in boxes.items() if text.endswith("→"))
    assert left.x1 < null < right.x0
    assert max(left.y1, right.y1) < ax.bbox.y0


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_panels_of_a_larger_figure_keep_to_their_place(layout):
    figure = Figure(figsize=(300 * MM, 300 * MM), layout=layout)
    panels = figure.subplots(2, 2)
    places = [ax.get_position().frozen() for ax in panels.flat]
    for ax, place, kind in zip(panels.flat, places, ("HR", "OR", "MEDLN", "PLO by group"), strict=True):
        assert forest(made(kind, 4, groups=2), ax=ax) is ax
        inside = ax.get_position()
        assert place.x0 < inside.x0 < inside.x1 < place.x1
        assert place.y0 < inside.y0 < inside.y1 < place.y1
    assert_readable(figure)


def test_subfigures_are_drawn_into():
    figure = Figure(figsize=(260 * MM, 80 * MM))
    for part, kind in zip(figure.subfigures(1, 2), ("HR", "RD"), strict=True):
        forest(made(kind, 3), ax=part.add_axes((0, 0, 1, 1)), favours=("Treatment", "Control"))
    assert_readable(figure)


def test_the_name_of_the_effect_is_text_and_no_mathematics():
    ax = forest(ratios([0.1, 0.2]), effect="HR $a^2$ of <b>")
    assert "HR $a^2$ of <b>" in texts(ax)
    ax.figure.canvas.draw()


def test_the_callers_settings_stay_as_they_were():
    before = dict(mpl.rcParams)
    forest(ratios([0.1, 0.2]))
    assert dict(mpl.rcParams) == before


def test_drawing_imports_no_pyplot():
    script = (
        "import sys, metaonc as mo\n"
        "r = mo.pool({'yi': [0.1, 0.2, 0.3], 'vi': [0.1, 0.2, 0.3]}, measure='HR')\n"
        "mo.plot.forest(r).figure.canvas.draw()\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


# --- what cannot be drawn ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "options", "error", "message"),
    [
        (lambda: table(3), {}, DataError, "a result is wanted, as of pool, .*; this is of type DataFrame"),
        (lambda: rates([3, 5], [10, 11]), {"favours": ("a", "b")}, OptionError, "favours= needs an effect with a line"),
        (lambda: made("OR", 3), {"width": 50}, OptionError, "50 mm are too narrow .* make it .* mm or wider"),
    ],
)
def test_what_cannot_be_drawn_is_refused(result, options, error, message):
    with pytest.raises(error, match=message):
        forest(result(), **options)


@pytest.mark.parametrize("kind", KINDS)
def test_the_width_that_is_asked_for_is_enough(kind):
    result = made(kind, 3)
    with pytest.raises(OptionError) as caught:
        forest(result, width=20)
    need = float(str(caught.value).split("make it ")[1].split(" mm")[0])
    assert 30 < need <= COLUMN
    forest(result, width=need)
    with pytest.raises(OptionError):
        forest(result, width=need - 2)


def test_the_height_that_is_asked_for_is_enough():
    result = made("HR", 5)
    with pytest.raises(
        OptionError, match=r"axes \d+ mm high are too low for this forest plot: make them \d+ mm"
    ) as caught:
        forest(result, ax=Figure(figsize=(7, 1)).add_axes((0, 0, 1, 1)))
    need = float(str(caught.value).split("make them ")[1].split(" mm")[0])
    forest(result, ax=Figure(figsize=(7, need * MM)).add_axes((0, 0, 1, 1)))


def test_axes_that_share_their_scale_are_refused():
    panels = Figure(figsize=(12, 8)).subplots(1, 2, sharex=True)
    with pytest.raises(OptionError, match="share their scale"):
        forest(ratios([0.1, 0.2]), ax=panels[0])


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["pdf", "svg", "png"])
@pytest.mark.parametrize("kind", ["OR", "PLO by group"])
def test_saved_twice_it_is_the_same_file(tmp_path, kind, suffix):
    result = made(kind, 4, groups=2)
    one, other = (save(forest(result), tmp_path / f"{i}.{suffix}", dpi=100) for i in (1, 2))
    assert one.read_bytes() == other.read_bytes()


BASELINE_MATPLOTLIB = "3.11"
TOLERANCE = 6  # rms of 0-255: fonts' hinting differs a little between builds; a part that moved gives more than 12


@pytest.mark.skipif(not mpl.__version__.startswith(BASELINE_MATPLOTLIB), reason="glyphs differ between versions")
@pytest.mark.skipif(family()[0] != "Liberation Sans", reason="drawn with another font")
@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("forest_or", "OR", {"width": PAGE, "favours": ("Favours control", "Favours treatment")}),
        ("forest_orr", "PLO by group", {"width": COLUMN, "effect": "ORR"}),
        ("forest_revman", "OR", {"journal": "RevMan5", "favours": ("Favours control", "Favours treatment")}),
        ("forest_jama", "HR by group", {"journal": "JAMA", "favours": ("Treatment", "Control"), "common": True}),
    ],
)
def test_looks_as_it_did(tmp_path, name, kind, options):
    drawn = save(forest(made(kind, 6, groups=2), **options), tmp_path / f"{name}.png", dpi=100)
    assert compare_images(str(IMAGES / f"{name}.png"), str(drawn), tol=TOLERANCE) is None
