"""Forest plots as journals want them: every layout, and what each record changes."""

import math
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from combinations import combined
from figure_checks import assert_readable, visible_texts
from forest_cases import ARMS, assert_panel_is_free, effects, made, ratios, squares, table, texts
from matplotlib.colors import to_hex

import metaonc as mo
from metaonc.data.risk_of_bias.tools import judgement_of
from metaonc.errors import ColumnError, OptionError
from metaonc.report.forest.figure import forest
from metaonc.report.forest.rows import forest_rows
from metaonc.report.journals import DATA, JOURNALS, PStyle
from metaonc.report.style import MM, PAGE

WIDE = 125.0  # mm: with columns for both arms no layout is narrower


def spaced(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("name", JOURNALS)
def test_a_record_is_complete_and_says_where_it_is_from(name):
    journal = JOURNALS[name]
    assert set(journal.squares) == set(DATA)
    assert journal.grade in ("primary", "secondary", "none")
    assert name == "default" or (journal.source and journal.checked)
    assert journal.directions in ("top", "bottom")
    assert journal.effect_label in ("above", "below")
    assert {f.name for f in fields(journal)} >= {"width", "left", "right", "point", "p"}


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("journal", "shown"),
    [
        ("default", "0.50 (0.34 to 0.74)"),
        ("RevMan5", "0.50 [0.34, 0.74]"),
        ("JAMA", "0.50 (0.34-0.74)"),
        ("BMJ", "0.50 (0.34 to 0.74)"),
        ("Lancet", "0·50 (0·34–0·74)"),
        ("NEJM", "0.50 (0.34 to 0.74)"),
        ("JCO", "0.50 (0.34 to 0.74)"),
    ],
)
def test_intervals_are_written_as_the_journal_writes_them(journal, shown):
    # 0.5 exp(-+1.96 * 0.2)
    rows = forest_rows(ratios(np.log([0.5, 0.8]), 0.04), journal=journal).rows
    assert rows["effect"][0] == shown


def test_a_hyphen_never_stands_before_a_minus():
    rows = forest_rows(ratios([0.1, -0.05], 0.0025, measure="RD"), journal="JAMA").rows
    assert rows["effect"][1] == "−0.050 (−0.148 to 0.048)"


@pytest.mark.parametrize(
    ("journal", "p", "shown"),
    [
        ("default", 0.0456, "p = 0.046"),
        ("default", 0.2, "p = 0.20"),
        ("default", 1e-5, "p < 0.001"),
        ("JAMA", 0.0456, "P = .046"),
        ("JAMA", 0.0543, "P = .054"),
        ("JAMA", 0.0023, "P = .002"),
        ("JAMA", 1e-5, "P < .001"),
        ("JAMA", 0.999, "P > .99"),
        ("JCO", 0.03, "P = .03"),
        ("BMJ", 0.004, "P < 0.01"),
        ("BMJ", 0.0456, "P = 0.046"),
        ("BMJ", 0.0543, "P = 0.054"),
        ("RevMan5", 0.2, "P = 0.20"),
        ("NEJM", math.nan, "P not available"),
    ],
)
def test_p_values_follow_the_journal(journal, p, shown):
    assert JOURNALS[journal].p(p) == shown


@pytest.mark.parametrize("p", [0.0, 0.00049, 0.001, 0.0099, 0.01, 0.0999, 0.1, 0.5, 0.994, 0.995, 1.0])
def test_a_p_value_without_a_leading_zero_is_the_number_without_it(p):
    plain, bare = PStyle(fine=0.01)(p), PStyle(fine=0.01, zero=False)(p)
    assert bare == ("p > .99" if plain == "p = 1.00" else plain.replace(" 0.", " ."))


@pytest.mark.parametrize(
    ("journal", "lines"),
    [
        # of equal variances v = 0.04: tau² = s² - v = 0.39, Q = 2 s²/v = 21.5, I² = (Q - 2)/Q; R: pchisq(21.5, 2)
        ("default", ["τ² = 0.390; I² = 91%; Q = 21.5 (df 2), p < 0.001"]),
        ("RevMan5", ["Heterogeneity: τ² = 0.390; χ² = 21.5, df = 2 (P < 0.001); I² = 91%"]),
        ("JAMA", ["Heterogeneity: χ² = 21.5 (df 2; P < .001); I² = 91%"]),
        ("BMJ", ["Test for heterogeneity: τ² = 0.390; χ² = 21.5, df = 2, P < 0.01; I² = 91%"]),
        ("Lancet", ["τ² = 0·390; I² = 91%; Q = 21·5 (df 2), p < 0·001"]),
    ],
)
def test_heterogeneity_is_said_as_the_journal_says_it(journal, lines):
    r = ratios([-0.9, -0.1, 0.4])
    rows = forest_rows(r, journal=journal).rows
    said = [spaced(text) for text in rows.loc[rows["kind"] == "text", "label"]]
    assert said[:1] == lines
    assert len(said) == 1 + JOURNALS[journal].overall_test
    if JOURNALS[journal].overall_test:
        assert said[1] == f"Test for overall effect: t = −0.528 (df 2), {JOURNALS[journal].p(r.p_value)}"


def test_the_midline_point_is_in_all_numbers_of_the_figure_and_in_no_name():
    rows = table(3).assign(trial=["Study 1.5", "No. 2", "C"])
    ax = forest(mo.pool(rows, study="trial", measure="HR"), journal="Lancet")
    dotted = [text for text in texts(ax) if any(a.isdigit() and b == "." for a, b in pairwise(text))]
    assert dotted == ["Study 1.5"]
    assert "0·5" in texts(ax)  # a tick


# --- columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", JOURNALS)
def test_columns_stand_where_the_journal_has_them(name):
    content, journal = forest_rows(made("OR", 4), journal=name), JOURNALS[name]
    assert [c for c in journal.left if c in content.headers] == list(content.left)
    assert [c for c in journal.right if c in content.headers] == list(content.right)
    assert content.headers["label"] == journal.study
    assert content.headers.keys() == {"label", *content.left, *content.right}


def test_revman_has_events_and_totals_by_arm():
    content = forest_rows(made("OR", 4), journal="RevMan5")
    assert content.left == ("events_t", "n_t", "events_c", "n_c", "share", "effect")
    assert content.rows["n_t"][4] == str(table(4)["nt"].sum())


def test_columns_are_chosen_by_name_and_from_the_trials_own_table():
    rows = table(3).assign(dose=[5.4, 12.0, np.nan], drug=["A", None, "long"], rob=["Low", "some concerns", "high"])
    es = mo.effect_sizes(rows.drop(columns=["yi", "vi"]), measure="OR", **ARMS, study="trial")
    content = forest_rows(mo.pool(es, study="trial"), left=["drug", "dose", "patients"], right=["effect", "rob"])
    shown = content.rows[content.rows["kind"] == "study"]
    assert shown["drug"].tolist() == ["A", "", "long"]
    assert shown["dose"].tolist() == ["5.4", "12", ""]
    assert shown["patients"].tolist() == [str(n) for n in rows["nt"] + rows["nc"]]
    assert shown["rob"].tolist() == ["Low", "some concerns", "high"]
    assert content.align == {"drug": "left", "dose": "point", "patients": "point", "effect": "right", "rob": "light"}
    assert content.headers == {
        "label": "Trial", "drug": "Drug", "dose": "Dose", "patients": "Patients", "effect": "Odds ratio (95%\u00a0CI)",
        "rob": "ROB",
    }  # fmt: skip
    assert "Risk of bias: + low, ! some concerns, − high." in content.footnotes


def test_a_column_called_as_a_field_of_the_rows_keeps_its_own_numbers():
    rows = table(3).assign(weight=[60, 70, 80])
    content = forest_rows(mo.pool(rows, study="trial", measure="HR"), left=["weight"])
    assert content.rows["weight (data)"][:3].tolist() == ["60", "70", "80"]
    assert content.headers["weight (data)"] == "Weight"


def test_large_numbers_are_shown_in_full():
    rows = table(2).assign(nt=[900_000, 1_234_567], cost=[1_234_567.5, 3.25])
    es = mo.effect_sizes(rows.drop(columns=["yi", "vi"]), measure="OR", **ARMS, study="trial")
    content = forest_rows(mo.pool(es, study="trial", ci="wald"), left=["n_t", "cost"])
    assert content.rows["n_t"][:3].tolist() == ["900000", "1234567", "2134567"]
    assert content.rows["cost"][:2].tolist() == ["1234567.5", "3.25"]


def test_a_trial_whose_counts_are_missing_has_none_and_neither_has_the_total():
    es = effects(table(3), "OR")
    es.loc[1, "et"] = np.nan
    content = forest_rows(mo.pool(es, study="trial"))
    assert content.rows["counts"][1] == content.rows["counts"][3] == ""


def test_a_column_of_weights_that_gives_way_leaves_room_for_the_ticks():
    ax = forest(made("HR", 3, "long"), right=["share"], left=["effect"], width=70)
    assert_readable(ax.figure)


def test_an_interaction_shows_columns_of_its_own_table():
    rows = pd.DataFrame({"trial": list("AABB"), "kras": list("mwmw"), "yi": [0.1, 0.3, 0.0, 0.4], "vi": 0.05})
    rows["dose"] = [5, 5, 7, 7]
    result = mo.interaction(rows, study="trial", by="kras", contrast=("m", "w"), measure="HR")
    assert len(result.studies.data) == 2
    name = result.studies.data.columns[0]
    assert len(forest_rows(result, left=[name]).rows.query("kind == 'study'")) == 2


def test_observed_minus_expected_and_variance_of_peto():
    content = forest_rows(mo.pool_peto(table(3), **ARMS, study="trial"), left=["o_minus_e", "v"])
    t = table(3)
    n, events = t["nt"] + t["nc"], t["et"] + t["ec"]
    v = t["nt"] * t["nc"] * events * (n - events) / (n**2 * (n - 1))
    assert content.rows["o_minus_e"][:3].tolist() == [
        f"{x:.2f}".replace("-", "−") for x in t["et"] - t["nt"] * events / n
    ]
    assert content.rows["v"][:4].tolist() == [*(f"{x:.2f}" for x in v), f"{v.sum():.2f}"]


def test_numbers_stand_with_their_decimal_points_below_each_other():
    rows = table(3).assign(dose=[5.25, 120, 33.5])
    ax = forest(mo.pool(rows, study="trial", measure="HR"), left=["dose"])
    boxes = {text.get_text(): box for text, box in visible_texts(ax.figure)}
    assert boxes["33.5"].x1 < boxes["5.25"].x1
    assert boxes["120"].x1 < boxes["33.5"].x0 + boxes["33.5"].width / 1.5
    assert_readable(ax.figure)


def test_lights_have_a_colour_and_a_sign():
    rows = table(3).assign(bias=["high", "low", "some concerns"])
    ax = forest(mo.pool(rows, study="trial", measure="HR"), right=["effect", "bias"])
    drawn = [(to_hex(t.get_bbox_patch().get_facecolor()).upper(), t.get_text()) for t in ax.texts if t.get_bbox_patch()]
    meant = [judgement_of(judged) for judged in rows["bias"]]
    assert drawn == [(one.colour, one.sign) for one in meant]
    assert_readable(ax.figure)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"left": ["doze"]}, ColumnError, "there is no column 'doze' to show; the result has .*'kras'"),
        ({"left": ["counts"]}, ColumnError, "column 'counts' has no content"),
        ({"right": ["effect", "effect"]}, ColumnError, "column 'effect' is asked for twice"),
        ({"left": ["effect"], "right": ["effect"]}, ColumnError, "column 'effect' is asked for twice"),
        ({"journal": "lancet"}, OptionError, "journal='lancet' is not an option.* Did you mean 'Lancet'"),
    ],
)
def test_what_is_not_there_is_named(options, error, message):
    with pytest.raises(error, match=message):
        forest(made("HR", 3), **options)


def test_no_columns_at_all_may_be_asked_for():
    content = forest_rows(made("HR", 3), left=[], right=[])
    assert content.headers == {"label": "Trial"}
    assert_readable(forest(made("HR", 3), left=[], right=[]).figure)


# --- the look ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "data"), [("OR", "binary"), ("PLO by group", "binary"), ("HR", "generic"), ("RD", "binary")]
)
@pytest.mark.parametrize("name", JOURNALS)
def test_squares_and_diamonds_have_the_journals_colours(name, kind, data):
    ax = forest(made(kind, 3), journal=name)
    assert {line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "s"} == {
        JOURNALS[name].squares[data]
    }
    assert {to_hex(patch.get_facecolor()).upper() for patch in ax.patches} == {JOURNALS[name].diamond}


@pytest.mark.parametrize("name", JOURNALS)
def test_labels_of_direction_and_effect_stand_where_the_journal_has_them(name):
    journal = JOURNALS[name]
    ax = forest(made("HR", 4), journal=name, favours=("Treatment", "Control"), effect="Hazard of death")
    boxes = {text.get_text(): box for text, box in visible_texts(ax.figure)}
    for label in ("← Treatment", "Control →"):
        assert (boxes[label].y0 > ax.bbox.y1 - 1) == (journal.directions == "top")
    assert (boxes["Hazard of death"].y0 > ax.bbox.y1) == (journal.effect_label == "above")
    assert_readable(ax.figure)
    assert_panel_is_free(ax)


@pytest.mark.parametrize("name", JOURNALS)
def test_the_width_is_the_journals(name):
    width = forest(made("HR", 2), journal=name).figure.get_size_inches()[0]
    assert width == pytest.approx(JOURNALS[name].width * MM)


@pytest.mark.filterwarnings("ignore:this forest plot is .* mm high")
@combined(
    "name, case, width",
    JOURNALS,
    [("OR", 1, 1), ("RD", 2, 1), ("HR by group", 3, 2), ("PLO by group", 3, 2), ("PETO by group", 30, 4)],
    [WIDE, 154.0, PAGE],
)
def test_nothing_overlaps_in_any_layout(name, case, width):
    kind, k, groups = case
    result = made(kind, k, groups=groups)
    favours = None if kind == "PLO by group" else ("Treatment", "Control")
    ax = forest(result, journal=name, width=width, favours=favours)
    assert len(squares(ax)) == k
    assert_readable(ax.figure)
    assert_panel_is_free(ax)


@pytest.mark.filterwarnings("ignore:this forest plot is .* mm high")
@pytest.mark.parametrize("name", JOURNALS)
def test_150_trials_fit_in_any_layout(name):
    ax = forest(made("HR", 150), journal=name)
    assert len(squares(ax)) == 150
    assert_readable(ax.figure)


def test_rows_can_be_changed_before_they_are_drawn():
    content = forest_rows(mo.pool(effects(table(3), "OR"), study="trial"))
    content.rows.loc[0, "label"] = "Renamed"
    assert "Renamed" in texts(forest(content))


def test_rows_are_drawn_as_they_are_and_take_no_options():
    content = forest_rows(made("HR", 3))
    with pytest.raises(OptionError, match="journal= is settled in these rows"):
        forest(content, journal="JAMA")


def test_measures_of_a_pandas_table_keep_their_row_order():
    content = forest_rows(made("OR", 3), left=["kras"])
    assert isinstance(content.rows, pd.DataFrame)
    assert content.rows["kras"][:3].tolist() == ["level 0"] * 3
