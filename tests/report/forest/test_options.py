"""What can be asked of a forest plot: its axis, order, digits, words and size of type."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_readable
from forest_cases import (
    ONE,
    arrows,
    assert_panel_is_free,
    diamonds,
    intervals,
    made,
    rates,
    ratios,
    squares,
    table,
    texts,
)

import metaonc as mo
from metaonc.errors import ColumnError, DataError, FigureWarning, OptionError
from metaonc.report.forest.figure import forest, forest_pages
from metaonc.report.forest.rows import forest_rows
from metaonc.report.journals import JOURNALS


def trials(**columns):
    rows = {"trial": ["Beta", "alpha", "Gamma"], "yi": np.log([0.7, 0.5, 1.1]), "vi": [0.02, 0.09, 0.04]}
    return pd.DataFrame({**rows, "year": [2019, np.nan, 2011], "line": ["third", "First", "second"], **columns})


def pooled(**columns):
    return mo.pool(trials(**columns), study="trial", measure="HR")


def labels(content):
    return content.rows.loc[content.rows["kind"] == "study", "label"].tolist()


# --- axis -------------------------------------------------------------------------------------------------------------


def test_an_interval_that_leaves_xlim_ends_in_an_arrow():
    ax = forest(ratios(np.log([0.5, 0.9, 3.0]), [0.04, 0.0025, 0.04]), xlim=(0.6, 2.0))
    assert ax.get_xlim() == (0.6, 2.0)
    first = min(y for y, _ in arrows(ax))
    assert {side for y, side in arrows(ax) if y == first} == {"<"}
    assert all(0.6 <= a <= b <= 2.0 for a, b in intervals(ax).values())
    assert len(squares(ax)) == 1  # an estimate that lies beyond has no square
    assert_readable(ax.figure)
    assert_panel_is_free(ax)


def test_a_pool_beyond_xlim_is_an_arrow():
    ax = forest(ratios(np.log([4.0, 5.0, 6.0]), 0.01), xlim=(0.5, 2.0))
    assert diamonds(ax) == []
    assert not squares(ax)
    assert {side for _, side in arrows(ax)} == {">"}


@pytest.mark.parametrize("limits", [(0.2, 5.0), (0.8, 1.3), (0.97, 1.04), (0.01, 1.5), (1e-3, 1e3)])
@pytest.mark.parametrize("width", [85, 176])
def test_every_axis_of_ratios_has_three_ticks(limits, width):
    ax = forest(ratios(np.log([0.7, 0.9, 1.2])), xlim=limits, width=width)
    ticks = ax.get_xticks()
    assert len(ticks) >= 3
    assert min(ticks) >= limits[0] * (1 - 1e-9)
    assert max(ticks) <= limits[1] * (1 + 1e-9)
    assert_readable(ax.figure)


@pytest.mark.parametrize("limits", [(0, 10), (0, 43), (12.5, 31), (96, 100), (0, 1.2)])
def test_limits_set_afterwards_have_ticks_and_arrows(limits):
    r = rates([2, 9, 14, 20], [40, 41, 42, 39])
    ax, asked = forest(r), forest(r, xlim=limits)
    ax.set_xlim(*limits)
    assert len(ax.get_xticks()) >= 3
    assert arrows(ax) == arrows(asked)
    assert intervals(ax) == intervals(asked)
    assert_readable(ax.figure)
    ax.set_xlim(0, 100)
    assert len(squares(ax)) == 4
    assert arrows(ax) == set()


def test_ticks_stand_where_they_are_asked_for():
    ax = forest(pooled(), ticks=[2, 0.35, 1])
    assert ax.get_xticks().tolist() == [0.35, 1.0, 2.0]
    assert {"0.35", "1", "2"} <= set(texts(ax))
    low, high = ax.get_xlim()
    assert low <= 0.35 < 2 <= high
    wide = forest(pooled(), ticks=[0.01, 1, 100])
    assert wide.get_xlim() == (0.01, 100)


def test_ticks_have_the_decimal_point_of_the_journal():
    assert "0·5" in texts(forest(pooled(), ticks=[0.5, 1], journal="Lancet"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"xlim": (2, 0.5)}, r"xlim=\(2, 0.5\) must be two numbers, the smaller first, such as \(0.2, 5\)"),
        ({"xlim": (0.5, 1, 2)}, "two numbers"),
        ({"xlim": 3}, "xlim"),
        ({"xlim": ("a", "b")}, r"xlim\[0\]='a' is not a number"),
        ({"xlim": (0, 2)}, "0 has no place on a log axis"),
        ({"xlim": (1.5, 2)}, "leaves out the line of no effect at 1"),
        ({"ticks": []}, "ticks= is empty"),
        ({"ticks": [0, 1]}, "ticks: 0 has no place on a log axis"),
        ({"ticks": [1, 9], "xlim": (0.5, 2)}, "ticks: 9 lies beyond"),
        ({"ticks": [1, np.nan]}, "ticks"),
        ({"title": 7}, "title=7 is no text"),
        ({"font_size": 3}, "font_size=3 must lie between 6 pt"),
        ({"font_size": 7, "journal": "BMC"}, "between 8 pt, the smallest that BMC"),
        ({"font_size": "big"}, "font_size='big' is not a number"),
        ({"digits": 1.5}, "digits=1.5 must be a whole number"),
        ({"digits": -1}, "digits=-1"),
        ({"digits": True}, "digits=True"),
        ({"prediction": "yes"}, "prediction='yes' must be True, False or None"),
        ({"subgroup_label": "KRAS"}, "subgroup_label= has no use for a pool without subgroups"),
        ({"subgroup_label": 3}, "subgroup_label=3 is no text"),
        ({"sort": 3}, "sort=3 is no text"),
        ({"width": "wide"}, "width='wide' is not an option; choose from 'column', 'page'"),
        ({"width": -3}, "width=-3 must be above 0"),
    ],
)
@pytest.mark.parametrize("verb", [forest, forest_pages])
def test_what_does_not_fit_is_refused_by_name(verb, options, said):
    with pytest.raises(OptionError, match=said):
        verb(pooled(), **options)


@pytest.mark.parametrize("limits", [(-1, 50), (0, 101)])
def test_percentages_end_at_100(limits):
    with pytest.raises(OptionError, match="in percent, from 0 to 100"):
        forest(rates([2, 9], [40, 41]), xlim=limits)


def test_rows_that_are_made_take_how_they_are_drawn_and_nothing_else():
    rows = forest_rows(pooled(), digits=3)
    ax = forest(rows, xlim=(0.1, 10), title="T", font_size=8)
    assert ax.get_xlim() == (0.1, 10)
    for options in ({"digits": 2}, {"sort": "effect"}, {"prediction": False}, {"subgroup_label": ""}):
        with pytest.raises(OptionError, match="is settled in these rows: give it to forest_rows"):
            forest(rows, **options)


# --- order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (None, ["Beta", "alpha", "Gamma"]),
        ("effect", ["alpha", "Beta", "Gamma"]),
        ("-effect", ["Gamma", "Beta", "alpha"]),
        ("weight", ["alpha", "Gamma", "Beta"]),
        ("-weight", ["Beta", "Gamma", "alpha"]),
        ("year", ["Gamma", "Beta", "alpha"]),
        ("-year", ["Beta", "Gamma", "alpha"]),
        ("Year", ["Gamma", "Beta", "alpha"]),
        ("trial", ["alpha", "Beta", "Gamma"]),
        ("line", ["alpha", "Gamma", "Beta"]),
    ],
)
def test_trials_are_sorted(sort, order):
    content = forest_rows(pooled(), sort=sort)
    assert labels(content) == order
    rows = content.rows.set_index("label")
    assert rows.loc["Gamma", "effect"].startswith("1.10")  # each keeps its own numbers
    assert rows.loc["alpha", "effect"].startswith("0.50")


def test_equal_ones_stay_as_they_stand_in_both_directions():
    rows = pooled(line=["b", "a", "b"])
    assert labels(forest_rows(rows, sort="line")) == ["alpha", "Beta", "Gamma"]
    assert labels(forest_rows(rows, sort="-line")) == ["Beta", "Gamma", "alpha"]


def test_subgroups_keep_their_place_and_are_sorted_within():
    r = mo.pool_subgroups(table(6, groups=2), by="kras", study="trial", measure="HR")
    content = forest_rows(r, sort="-effect")
    kinds = content.rows["kind"].tolist()
    first, second = (i for i, kind in enumerate(kinds) if kind == "group")
    for block in (content.rows.iloc[first:second], content.rows.iloc[second:]):
        found = block.loc[block["kind"] == "study", "estimate"]
        assert found.is_monotonic_decreasing
        assert len(found) == 3


def test_trials_left_out_are_sorted_by_their_columns_and_come_last_by_results():
    rows = trials(vi=[0.02, np.nan, 0.04], year=[2019, 2015, 2011])
    with pytest.warns(mo.errors.DataWarning):
        r = mo.pool(rows, study="trial", measure="HR")
    assert labels(forest_rows(r, sort="year")) == ["Gamma", "alpha", "Beta"]
    assert labels(forest_rows(r, sort="effect")) == ["Beta", "Gamma", "alpha"]


def test_a_column_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(
        ColumnError, match=r"sort='-size': there is no column 'size'; sort by one of 'effect', 'weight'"
    ):
        forest(pooled(), sort="-size")


def test_what_has_an_order_of_its_own_is_not_sorted():
    with pytest.raises(OptionError, match="sort= has no use for a table of cumulative"):
        forest(mo.sensitivity.cumulative(pooled()), sort="effect")


# --- words and numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digits", "text"),
    [(1, "0.7 (0.5 to 0.9)"), (3, "0.700 (0.531 to 0.924)"), (0, "0.7 (0.5 to 0.9)")],  # 1 (1 to 1) says nothing
)
def test_digits_are_those_asked_for_unless_they_erase_an_interval(digits, text):
    assert forest_rows(pooled(), digits=digits).rows["effect"][0] == text


@pytest.mark.parametrize(
    ("label", "heading"), [(None, "KRAS: level 0"), ("KRAS status", "KRAS status: level 0"), ("", "level 0")]
)
def test_the_label_of_subgroups_stands_before_their_levels(label, heading):
    result = made("HR by group", 60, groups=2)
    assert forest_rows(result, subgroup_label=label).rows["label"][0] == heading
    panels = forest_pages(result, height=120, subgroup_label=label)
    assert f"{heading} (continued)" in texts(panels[1])
    one_out = mo.sensitivity.leave_one_out(made("HR by group", 6, groups=2))
    assert forest_rows(one_out, subgroup_label=label).rows["label"][0] == heading


def test_the_label_names_what_differences_are_between():
    rows = trials(trial=["A", "A", "B"], kras=["mut", "wt", "mut"])
    rows = pd.concat([rows, trials(trial=["B", "C", "C"], kras=["wt", "mut", "wt"])])
    r = mo.interaction(rows, study="trial", by="kras", contrast=("mut", "wt"), measure="HR")
    assert "KRAS status: mut against wt within each trial" in forest_rows(r, subgroup_label="KRAS status").footnotes[0]


def test_the_prediction_interval_can_be_left_out_and_insisted_upon():
    r = pooled()
    for prediction, drawn in ((None, True), (True, True), (False, False)):
        content = forest_rows(r, prediction=prediction)
        assert ("prediction" in set(content.rows["kind"])) == drawn
        assert any("prediction interval" in text for text in content.footnotes[:1]) == drawn
    with pytest.raises(OptionError, match="prediction=True: this pool has no prediction interval"):
        forest(ratios([0.1, 0.2]), prediction=True)


def test_words_of_the_user_are_as_written():
    rows = table(4, groups=2).assign(
        kras=["KRAS g12C", "wt-NOS"] * 2, trial=["eNRGy", "DeLLphi-301", "x-OVER", "aTLAS"]
    )
    r = mo.pool_subgroups(rows, by="kras", study="trial", measure="HR")
    ax = forest(r, title="pooled HR of pCR, by kRAS", effect="pooled HR", favours=("favours aPD-1", "favours cTX"))
    shown = " ".join(texts(ax))
    for words in ("pooled HR of pCR, by kRAS", "pooled HR", "KRAS g12C", "wt-NOS", "eNRGy", "x-OVER", "aPD-1", "cTX"):
        assert words in shown
    radial = mo.plot.radial(mo.pool(rows, study="trial", measure="HR"), effect="HR of pCR")
    assert "HR of pCR" in [text.get_text() for text in radial.figure.findobj(lambda a: hasattr(a, "get_text"))]


@pytest.mark.parametrize("size", [6, 9.5, 14])
def test_type_has_the_size_asked_for(size):
    ax = forest(pooled(), font_size=size, title="Title")
    sizes = {text.get_text(): text.get_fontsize() for text in ax.texts}
    assert sizes["Beta"] == size
    assert sizes["Title"] == size + 1
    assert_readable(ax.figure)


def test_a_long_title_is_broken_into_lines_and_stands_on_each_page():
    title = "Overall survival of patients with low-grade serous ovarian cancer, by trial and treatment, " * 2
    for ax in [forest(pooled(), title=title, width=85), *forest_pages(made("HR", 60), title=title, height=150)]:
        assert "Overall survival of patients" in " ".join(texts(ax))
        assert_readable(ax.figure)
        assert_panel_is_free(ax)


# --- height -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["HR", "HR by group"])
def test_many_trials_with_long_names_are_told_of_pages_which_are_right(by):
    result = made(by, 60, names="long", groups=3)
    with pytest.warns(FigureWarning, match="plot.forest_pages breaks it into pages"):
        forest(result)
    panels = forest_pages(result)
    assert len(panels) > 1
    assert sum(len(squares(ax)) for ax in panels) == 60
    for ax in panels:
        assert ax.figure.get_figheight() * 25.4 <= 240 + 1e-6
        assert_readable(ax.figure)
        assert_panel_is_free(ax)


def test_axes_of_the_users_own_are_no_page():
    from matplotlib.figure import Figure

    ax = Figure(figsize=(8, 16)).add_subplot()
    forest(made("HR", 60), ax=ax)


def test_pages_have_no_option_that_rows_do_not_have():
    with pytest.raises(TypeError, match="colour"):
        forest_pages(pooled(), colour="red")
    with pytest.raises(DataError):
        forest_pages("nothing")


# --- rows -------------------------------------------------------------------------------------------------------------


def test_arms_of_one_trial_are_told_apart():
    rows = {"trial": ["RAMP", "RAMP", "FRAME"], "dose": [3, 4, 3], "site": ["x", "x", "y"],
            "treatment_arm": ["combination", "alone", "alone"], "x": [12, 5, 8], "n": [40, 41, 30]}  # fmt: skip
    r = mo.pool_glmm(pd.DataFrame(rows), **ONE)
    assert labels(forest_rows(r)) == ["RAMP (combination)", "RAMP (alone)", "FRAME"]
    assert mo.table(r).rows[0][0] == "RAMP (combination)"
    plain = mo.pool_glmm(pd.DataFrame(rows).drop(columns=["treatment_arm"]), **ONE)
    assert labels(forest_rows(plain)) == ["RAMP", "RAMP", "FRAME"]


@pytest.mark.parametrize("number", [int, float, str])
def test_rows_of_several_levels_bear_the_innermost(number):
    rows = {"trial": ["A", "A", "B", "B", "C"], "site": ["x", "y", "x", "y", "x"], "cohort": [*map(number, range(5))],
            "yi": [-0.5, -0.2, -0.4, 0.1, -0.3], "vi": [0.04, 0.03, 0.05, 0.04, 0.03]}  # fmt: skip
    r = mo.pool_multilevel(rows, levels=["trial", "cohort"])
    assert labels(forest_rows(r)) == ["A (0)", "A (1)", "B (2)", "B (3)", "C"]


def test_decimals_of_a_column_are_alike():
    r = rates([1, 2, 40, 61], [79, 130, 131, 188])
    shown = forest_rows(r).rows
    effects = [text.split(" ")[0] for text in shown["effect"] if text]
    decimals = {len(text.partition(".")[2]) for text in effects if "(" not in text}
    assert decimals == {2}
    assert shown["effect"][0] == "1.27 (0.03 to 6.85)"  # R: binom.test(1, 79)


@pytest.mark.parametrize("name", JOURNALS)
def test_below_a_figure_stand_five_lines_at_most_and_the_whole_below_its_table(name):
    rows = table(12, groups=2).assign(yi=-0.2)
    r = mo.pool_subgroups(rows, by="kras", study="trial", measure="HR")
    ax = forest(r, journal=name, width="column")
    bottom = ax.get_position().y0
    grey = [t for t in ax.texts if t.get_color() == "0.35" and t.get_position()[1] < bottom]
    assert 1 <= len(grey) <= 5
    assert_readable(ax.figure)
    notes = " ".join(mo.table(r, journal=name).footnotes).replace("\u00a0", " ")
    assert "Effects agree better than their variances allow" in notes


@pytest.mark.parametrize("name", JOURNALS)
def test_the_common_effect_stands_beside_an_interval_that_is_narrower(name):
    r = ratios(np.log([0.8] * 4), [0.04, 0.05, 0.06, 0.09])
    content = forest_rows(r, journal=name)
    kinds = content.rows["kind"].tolist()
    beside = content.rows.iloc[kinds.index("pooled") + 1]
    assert (beside["kind"], beside["label"]) == ("common", "Overall, common effect")
    w = 1 / np.array([0.04, 0.05, 0.06, 0.09])  # exp(log 0.8 -+ 1.96 / sqrt(sum of 1/v))
    assert [beside["low"], beside["high"]] == pytest.approx(
        0.8 * np.exp(np.array([-1, 1]) * 1.959964 * w.sum() ** -0.5)
    )
    assert not any("e−" in t or "e+" in t or "e-" in t for t in content.rows["label"])
    assert " p " not in str(r).splitlines()[1]
    assert "no p: effects are equal but for rounding" in str(r)
    common = forest_rows(r, journal=name, common=True)
    assert common.rows["kind"].tolist().count("common") == 1


def test_an_ordinary_pool_has_one_diamond():
    assert "common" not in set(forest_rows(ratios([-0.9, -0.1, 0.4])).rows["kind"])


# --- ticks and words for the order ------------------------------------------------------------------------------------


def test_ticks_without_room_for_their_labels_stand_without_and_it_is_said():
    asked = [0.1, 0.2, 0.5, *np.arange(0.8, 1.3, 0.02).round(2), 2, 5]
    with pytest.warns(FigureWarning, match=r"ticks: no room for the labels of 0.82"):
        ax = forest(pooled(), ticks=asked)
    every = [*ax.get_xticks(), *ax.get_xticks(minor=True)]
    assert sorted(every) == pytest.approx(sorted(asked))
    assert {0.1, 1.0, 5.0} <= set(ax.get_xticks())  # the ends, and no effect
    assert_readable(ax.figure)


def test_an_axis_over_many_decades_has_powers_of_ten():
    ax = forest(pooled(), xlim=(1e-9, 1e9))
    shown = [t for t in texts(ax) if t.startswith("10") and set(t[2:]) <= set("⁻⁰¹²³⁴⁵⁶⁷⁸⁹")]
    assert len(shown) >= 3
    assert 1.0 in ax.get_xticks()
    assert_readable(ax.figure)


@pytest.mark.parametrize("limits", [(0.9, 3.3), (0.37, 2.63), (0.13, 1.7), (0.6, 1.9)])
def test_ticks_are_round_numbers_whatever_the_limits(limits):
    for width in (85, 176):
        for tick in forest(pooled(), xlim=limits, width=width).get_xticks():
            assert tick == pytest.approx(float(f"{tick:.2g}"), rel=1e-12)


@pytest.mark.parametrize("word", ["study", "name", "author", "studlab"])
def test_names_of_trials_are_an_order(word):
    assert labels(forest_rows(pooled(), sort=word)) == ["alpha", "Beta", "Gamma"]
    assert labels(forest_rows(pooled(), sort=f"-{word}")) == ["Gamma", "Beta", "alpha"]


@pytest.mark.parametrize("word", ["yi", "estimate", "TE"])
def test_other_words_for_the_effect_are_an_order(word):
    assert labels(forest_rows(pooled(), sort=word)) == ["alpha", "Beta", "Gamma"]


def test_a_slip_of_the_pen_is_named():
    with pytest.raises(ColumnError, match="Did you mean 'weight'"):
        forest_rows(pooled(), sort="weigth")


def test_the_model_is_named_below_a_figure_that_has_many_cautions():
    """Notes run on in one paragraph before one of them gives way."""
    counts = {"kras": ["m", "m", "w", "w"], "x": [25, 7, 9, 4], "n": [57, 10, 52, 9], "trial": ["A", "B", "A", "B"]}
    r = mo.pool_subgroups(counts, by="kras", using=mo.pool_glmm, events="x", n="n", study="trial")
    below = " ".join(t.get_text() for t in forest(r).texts)
    assert len(r.cautions) > 2
    assert "Binomial-normal model (maximum likelihood)" in below
    assert "Wald 95% confidence interval" in below
    assert all(part in below for part in ("prognosis", "makes no use", "no proof", "too narrow"))


def test_shares_for_percent_are_refused_with_the_limits_in_percent():
    r = mo.pool_glmm({"x": [3, 9, 8], "n": [30, 33, 41]}, events="x", n="n")
    with pytest.raises(mo.OptionError, match=r"the axis is in percent, xlim=\(0, 60\)"):
        forest(r, xlim=(0, 0.6))
    assert forest(r, xlim=(0, 60)).get_xlim() == (0.0, 60.0)
    rare = mo.pool_glmm({"x": [1, 2, 1], "n": [400, 500, 300]}, events="x", n="n")
    assert forest(rare, xlim=(0, 1)).get_xlim() == (0.0, 1.0)
