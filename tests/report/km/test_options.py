"""What may be set of a Kaplan-Meier figure: it is drawn as asked, and what cannot be drawn is refused by name."""

import warnings

import numpy as np
import pandas as pd
import pytest
from figure_checks import clipped, overlaps, visible_texts
from matplotlib.colors import same_color, to_hex
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError, OptionError
from metaonc.report.journals import BLUE
from metaonc.report.style import COLUMN, PAGE

R = pinned.load("log_rank")
DATA = pd.DataFrame(R["cases"]["four"]["data"])
GROUPS = ["a", "b", "c", "d"]
LONG = "Carboplatin, paclitaxel and bevacizumab, then maintenance "


def result(data=DATA, **options):
    return mo.survival.kaplan_meier(data, by="group", unit="months", **options)


def two():
    return result(DATA[DATA["group"].isin(["a", "d"])])


def km(**options):
    return mo.plot.km(result(), **options)


def texts(ax):
    return [text.get_text() for text, _ in visible_texts(ax.figure)]


def words(ax):
    return " ".join(texts(ax))


def curves(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


# --- names and colours ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("labels", [["One", "Two", "Three", "Four"], {"b": "Two", "d": "Four"}])
def test_labels_are_what_groups_are_called_everywhere(labels):
    named = dict(zip(GROUPS, labels, strict=True)) if isinstance(labels, list) else labels
    ax = km(labels=labels, reference="d", direct_labels=True)
    shown = texts(ax)
    for group in GROUPS:
        assert shown.count(named.get(group, group)) == 3  # in the key, at the end of the curve, above the table
    narrow = km(labels=labels, reference="d", width=85)
    assert "Hazard ratio, Two v Four:" in words(narrow)
    assert list(curves(ax)) == [named.get(group, group) for group in GROUPS]


@pytest.mark.parametrize("colours", [["red", "#123456", (0, 0.5, 0), "C1"], {"c": "#123456"}])
def test_curves_and_bands_have_the_colours_asked_for(colours):
    given = dict(zip(GROUPS, colours, strict=True)) if isinstance(colours, list) else colours
    ax = km(colours=colours, bands=True)
    lines = curves(ax)
    for group, colour in given.items():
        assert same_color(lines[group].get_color(), colour)
    bands = {to_hex(c.get_facecolor()[0][:3]) for c in ax.collections if c.get_alpha() == 0.15}
    assert bands == {to_hex(line.get_color()) for line in lines.values()}


@pytest.mark.parametrize("journal", mo.JOURNALS)
@pytest.mark.parametrize("width", [None, PAGE])
def test_a_figure_drawn_for_a_journal_keeps_its_rules(journal, width, tmp_path):
    width = None if width is None else min(width, mo.JOURNALS[journal].artwork.widest)
    ax = km(journal=journal, width=width, reference="a")
    dpi = mo.JOURNALS[journal].artwork.dpi or None
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="what .* is not known")
        found = mo.plot.check_artwork(ax.figure, journal, dpi=dpi)
    assert found["ok"].all()
    own = mo.JOURNALS[journal].squares["generic"]
    used = {to_hex(line.get_color()).upper() for line in curves(ax).values()}
    assert (BLUE.upper() in used) == (own == BLUE)
    assert len(used) == 4


# --- comparisons ------------------------------------------------------------------------------------------------------


def test_the_log_rank_test_of_more_than_two_groups_is_printed():
    want = R["cases"]["four"]["p"]
    assert want < 0.001
    assert "Log-rank test of 4 groups: p\u00a0<\u00a00.001" in texts(km())
    assert "Log-rank" not in words(km(log_rank=False))
    assert "Log-rank" not in words(mo.plot.km(two()))
    assert "Log-rank test of 2 groups:" in words(mo.plot.km(two(), log_rank=True))


def test_ratios_against_a_reference_are_those_of_coxph():
    want = R["cases"]["four"]  # reference d; log hazard ratios and standard errors of coxph
    shown = texts(km(reference=want["reference"]))
    for row in want["rows"]:
        hr, low, high = np.exp(row["estimate"] + np.array([0, -1, 1]) * 1.959963984540054 * row["se"])
        assert f"{hr:.2f} ({low:.2f} to {high:.2f})" in shown
    assert {"HR (95% CI)", "reference"} <= set(shown)
    assert "3 hazard ratios, not adjusted for their number." in " ".join(shown)


def test_a_test_that_the_ratio_has_said_is_not_said_twice():
    data = DATA[DATA["group"].isin(["a", "d"])]
    ratio = mo.survival.hazard_ratio(data, arm="group", control="a")
    ax = mo.plot.km(two(), hazard_ratio=ratio, log_rank=True, labels={"d": "New"})
    assert words(ax).lower().count("log-rank") == 1
    assert "Hazard ratio, New v a:" in words(ax)


def test_what_cannot_be_estimated_is_said():
    data = {"time": [1, 2, 3, 4, 5, 6, 7, 8, 9], "event": [1, 1, 1, 1, 1, 1, 0, 0, 0], "group": list("aaabbbccc")}
    ax = mo.plot.km(result(data), reference="c")
    assert words(ax).count("0 or infinite, not estimated") == 2
    none = mo.plot.km(result({"time": [1, 2, 3], "event": [0, 0, 0], "group": list("abc")}))
    assert "Log-rank test: no patient had the event" in texts(none)


# --- axes and type ----------------------------------------------------------------------------------------------------


def test_the_part_of_time_asked_for_is_shown_and_said():
    ax = km(xlim=(6, 18))
    assert ax.get_xlim() == (6, 18)
    assert "Begins at 6 months, not at 0. Cut at 18 months;" in words(ax)
    assert ax.get_xticks().min() >= 6
    counts = result().at(ax.get_xticks())["n_risk"].tolist()
    assert [str(n) for n in counts] == at_risk(ax)


def at_risk(ax):
    """Return the numbers at risk that are drawn, group by group."""
    drawn = [t for t in ax.texts if t.get_ha() == "center"]
    return [t.get_text() for t in drawn if (drawn.index(t) // len(ax.get_xticks())) % 3 == 0]


@pytest.mark.parametrize(
    ("ticks", "want"),
    [(5, [0, 5, 10, 15, 20, 25, 30, 35, 40]), ([12, 0, 24.5, 24.5], [0, 12, 24.5]), (12.5, [0, 12.5, 25, 37.5])],
)
def test_ticks_and_table_stand_where_asked(ticks, want):
    ax = km(ticks=ticks)
    assert ax.get_xticks().tolist() == want
    assert [label.get_text() for label in ax.get_xticklabels()] == [f"{tick:g}" for tick in want]
    assert at_risk(ax) == [str(n) for n in result().at(want)["n_risk"]]


@pytest.mark.parametrize("limits", [(0, 6), (3, 9), (10, 12), (0, 80), (20, 2)])
def test_ticks_and_table_follow_limits_changed_later(limits):
    ax = km()
    ax.set_xlim(*limits)
    low, high = sorted(limits)
    ticks = ax.get_xticks()
    assert len(ticks) >= 3
    assert ticks.min() >= low
    assert ticks.max() <= high
    assert at_risk(ax) == [str(n) for n in result().at(ticks)["n_risk"]]
    assert [float(label.get_text()) for label in ax.get_xticklabels()] == pytest.approx(ticks.tolist())


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years", None])
@pytest.mark.parametrize("width", [COLUMN, PAGE])
def test_every_follow_up_has_three_ticks(unit, width):
    rng = np.random.default_rng(4)
    for last in (0.4, 1.9, 4.9, 7.0, 9.9, 23.0, 59.0, 130.0, 999.0):
        data = {"time": [*rng.uniform(0, last, 6), last], "event": [1, 0, 1, 0, 1, 1, 0]}
        ax = mo.plot.km(mo.survival.kaplan_meier(data, unit=unit), width=width)
        assert len(ax.get_xticks()) >= 3, last
        assert overlaps(ax.figure) == []


@pytest.mark.parametrize("size", [6, 8, 10.5, 14])
def test_all_type_is_in_proportion(size):
    ax = km(font_size=size, title="Overall survival", reference="a", direct_labels=True)
    sizes = {round(text.get_fontsize() / size, 3) for text, _ in visible_texts(ax.figure)}
    assert sizes <= {1.0, round(8 / 7, 3), round(max(6.5 / 7, 6 / size), 3)}
    assert overlaps(ax.figure) == []
    assert clipped(ax.figure) == []


def test_a_title_stands_above_all():
    ax = km(title=LONG * 3)
    shown = {text.get_text(): box for text, box in visible_texts(ax.figure)}
    lines = [text for text in shown if len(text) > 1 and text in " ".join((LONG * 3).split())]
    assert " ".join(lines) == " ".join((LONG * 3).split())
    assert min(shown[line].y0 for line in lines) > max(box.y1 for text, box in shown.items() if text not in lines) - 1


@pytest.mark.parametrize("width", [COLUMN, PAGE])
def test_long_names_and_all_options_do_not_overlap(width):
    names = [f"{LONG}{i}" for i in range(4)]
    ax = km(labels=names, title=LONG, reference="a", width=width, ticks=12, table=["At risk"], font_size=8)
    assert overlaps(ax.figure) == []
    assert clipped(ax.figure) == []


# --- bands, quantiles, delayed entry ----------------------------------------------------------------------------------


def test_bands_of_many_groups_are_drawn_when_asked_for():
    shaded = [[c for c in km(bands=bands).collections if c.get_alpha() == 0.15] for bands in (None, True)]
    assert [len(each) for each in shaded] == [0, 4]
    assert len([c for c in mo.plot.km(two()).collections if c.get_alpha() == 0.15]) == 2


def test_marks_of_censoring_that_run_together_are_left_out_and_it_is_said():
    many = {"time": np.arange(1, 1202) / 20, "event": [0, 1] * 600 + [0], "group": ["a"] * 1201}
    said = "Censoring is not marked: marks of so many patients would run together."
    left_out, drawn = (mo.plot.km(result(many), censor_marks=marks) for marks in (None, True))
    assert said in words(left_out)
    assert said not in words(drawn)
    assert not [line for line in left_out.lines if line.get_marker() == "|"]
    assert [line for line in drawn.lines if line.get_marker() == "|"]


def test_medians_below_each_other_have_the_same_decimals():
    rows = {"time": [9.25, 11.5, 12.75, 13.5, 1.25, 2.5, 3.75, 4.5], "event": [1] * 8, "group": list("aaaabbbb")}
    shown = [
        text
        for text in texts(mo.plot.km(result(rows)))
        if text.count("(") == 1 and text.endswith(")") and text[0].isdigit()
    ]
    assert {len(text.split(" ")[0].partition(".")[2]) for text in shown} == {1}


def test_bands_may_be_left_out():
    ax = km(bands=False)
    assert not [c for c in ax.collections if c.get_alpha() == 0.15]
    assert "Bands:" not in words(ax)


def dotted(ax):
    """Return the heights and the times that dotted lines mark."""
    heights, times = set(), set()
    for lines in ax.collections:
        for (x0, y0), (_, y1) in getattr(lines, "get_segments", list)():
            (heights if y0 == y1 else times).add(round(float(y0 if y0 == y1 else x0), 9))
    return heights, times


def test_lines_mark_medians_and_quantiles():
    assert dotted(km(quantile_lines=False)) == (set(), set())
    heights, times = dotted(km())
    assert heights == {0.5}
    assert times == {round(t, 9) for t in result().medians["median"].dropna()}
    heights, times = dotted(km(quantile_lines=(0.25, 0.4)))
    assert heights == {0.75, 0.6}
    want = result().quantiles([0.25, 0.4])["quantile"].dropna()
    assert times == {round(t, 9) for t in want}
    assert dotted(km(quantile_lines=(0.25,), direction="up"))[0] == {0.25}


def test_quantiles_asked_of_the_estimate_are_printed():
    asked = result(quantiles=(0.25, 0.5))
    shown = words(mo.plot.km(asked))
    found = asked.quantiles(0.25).set_index("group")
    assert "25% had the event by (95% CI, months):" in shown
    assert "50% had" not in shown  # the key has the medians
    assert f"a {found.loc['a', 'quantile']:.1f}" in shown or f"a {found.loc['a', 'quantile']:.2f}" in shown


def test_with_delayed_entry_those_at_risk_have_entered():
    data = pd.DataFrame(R["entry"]["data"])
    late = result(data, entry="entry")
    ax = mo.plot.km(late)
    there = {
        (g, t): (data["group"] == g) & (data["time"] >= t) & ((data["entry"] < t) | (data["entry"] == t) & (t == 0))
        for g in late.curves
        for t in ax.get_xticks()
    }
    assert at_risk(ax) == [str(int(rows.sum())) for rows in there.values()]
    assert "Patients are at risk from their entry on (left truncation)." in words(ax)
    assert "left truncation" not in words(km())


# --- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"labels": ["x", "y"]}, OptionError, "labels= is 2 values; there are 4 groups: 'a', 'b', 'c', 'd'"),
        ({"labels": "abcd"}, OptionError, "labels= is a text"),
        ({"labels": {"z": "Z"}}, OptionError, "group in labels"),
        ({"labels": {"a": " "}}, OptionError, "name of group 'a' is ' '"),
        ({"labels": {"a": 3}}, OptionError, "a text is wanted"),
        ({"labels": {"a": "b"}}, OptionError, "'b' names two groups"),
        ({"colours": {"a": "bluish"}}, OptionError, "'bluish' of group 'a' is no colour"),
        ({"colours": ["red"] * 3}, OptionError, "colours= is 3 values"),
        ({"xlim": (5, 2)}, OptionError, "the first before the second"),
        ({"xlim": (-1, 5)}, OptionError, "two times are wanted, from 0 on"),
        ({"xlim": 5}, DataError, "xlim"),
        ({"xlim": (5000, 6000)}, OptionError, "begins after the last patient"),
        ({"xlim": (0, 5), "until": 5}, OptionError, "give one of them"),
        ({"ticks": 0}, OptionError, "ticks=0 is no step"),
        ({"ticks": 0.001}, OptionError, "no step between ticks"),
        ({"ticks": [0, 500]}, OptionError, "500 is not on the axis"),
        ({"ticks": [3]}, OptionError, "two ticks or more"),
        ({"ticks": [0, 0.1, 0.2]}, OptionError, "too close for their numbers"),
        ({"ticks": "six"}, DataError, "ticks"),
        ({"font_size": 2}, OptionError, "font_size=2 is not between 6"),
        ({"font_size": "big"}, OptionError, "no size in points"),
        ({"font_size": 7, "journal": "BMC"}, OptionError, "not between 8, the least of BMC"),
        ({"quantile_lines": (1.5,)}, OptionError, "no share of patients"),
        ({"reference": "z"}, OptionError, "reference='z'"),
        ({"hazard_ratio": 0.7}, DataError, "what survival.hazard_ratio returned, not float"),
        ({"title": 3}, OptionError, "title=3 is no text"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(options, error, message):
    with pytest.raises(error, match=message):
        km(**options)


def test_one_curve_has_nothing_to_compare():
    one = mo.survival.kaplan_meier(DATA)
    for option in ({"log_rank": True}, {"reference": "all"}):
        with pytest.raises(OptionError, match="there is one curve: give by="):
            mo.plot.km(one, **option)


def test_two_ways_to_say_a_ratio_are_refused():
    ratio = mo.survival.hazard_ratio(DATA[DATA["group"].isin(["a", "d"])], arm="group", control="a")
    with pytest.raises(OptionError, match="give one of them"):
        km(hazard_ratio=ratio, reference="a")
