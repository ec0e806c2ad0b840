"""Options of every figure: what they cannot be is refused by name, with what to write instead."""

from inspect import signature

import numpy as np
import pytest
from figure_kinds import FIGURES

import metaonc as mo
from metaonc.errors import MetaoncError, OptionError
from metaonc.report.checks import CHECKS

WRONG = {
    "risk_of_bias": ["a", 3, {"D1": ["Low"]}],
    "ax": ["a", [1, 2], 3],
    "width": ["wide", -1, 0, float("nan"), 1e300, None, (1, 2)],
    "height": ["high", -1, None],
    "journal": [3, ("JCO",)],
    "title": [5, None, b"x"],
    "effect": [3, ["HR"], np.array([1, 2])],
    "unit": [5, None],
    "response": [5, None],
    "moderator_label": [7],
    "subgroup_label": [7],
    "sort": [3, ["effect"]],
    "favours": ["drug", ("drug",), 3, {"a": 1}, (1, 2)],
    "left": ["effect", 3, [1]],
    "right": ["effect", 3, {"a": 1}],
    "labels": [3, [1], {"a": 1}],
    "trial": [3, ("A",)],
    "digits": ["a", -1, 7, 1.5, True],
    "common": ["yes", 1, None, np.array([1, 2])],
    "shrinkage": ["yes", 1, None],
    "prediction": ["yes", 1],
    "contours": ["a", 3, (0.1, "x"), [1.5], np.array([[0.1]])],
    "level": ["a", 95, None],
    "percent": ["yes", 1, None],
    "censor_marks": ["yes", 1],
    "direct_labels": ["yes", 1, None],
    "reconstructed": ["yes", 1, None],
    "bands": ["yes", 1],
    "log_rank": ["yes", 1],
    "reference": [3, ["A"]],
    "until": ["a", -1, (1, 2), 1e300],
    "rmst": ["a", (1, 2)],
    "fade_below": ["a", (1, 2)],
    "landmarks": ["a", [float("nan")], [[1]]],
}
OWN = {
    "km": {
        "labels": ["abc", 3, [1, 2, 3]],
        "colours": ["red", 3, ["no colour"] * 3],
        "table": [3, "At risk", [1], {"a": 1}],
        "points": [3, {"Trial A": 3}, [1]],
        "quantile_lines": ["a", 3, [0.5, "x"]],
        "xlim": ["a", 3, (1,), (2, 1), (0, 1e300)],
        "ticks": ["a", -1, [1]],
        "font_size": ["a", 0],
        "width": ["wide", -1],
    },
    "forest": {
        "xlim": ["a", 3, (1,), (2, 1), (0, 5)],
        "ticks": ["a", 3, [], ["x"]],
        "font_size": ["a", 0],
        "width": ["wide", -1],
    },
}


def options(figure):
    verb = getattr(mo.plot, figure)
    for name in signature(verb).parameters:
        for value in OWN.get(figure, {}).get(name, WRONG.get(name, [])):
            yield name, value


@pytest.mark.parametrize("figure", FIGURES)
def test_what_an_option_cannot_be_is_refused_by_its_name(figure):
    asked = list(options(figure))
    assert asked
    for name, value in asked:
        with pytest.raises(MetaoncError) as refused:
            FIGURES[figure](**{name: value})
        assert name in str(refused.value) or "share of patients" in str(refused.value), (name, value)
        assert len(str(refused.value)) < 400


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_is_tried(name):
    assert WRONG[name]


def test_a_text_alone_is_not_taken_for_its_letters():
    with pytest.raises(OptionError, match=r"left='effect' is one text: give a list, left=\['effect'\]"):
        FIGURES["forest"](left="effect")


def test_a_list_of_axes_is_told_from_one():
    from matplotlib.figure import Figure

    panels = Figure().subplots(2)
    with pytest.raises(OptionError, match=r"ax= is a list of axes: give one of them, such as ax\[0\]"):
        FIGURES["funnel"](ax=panels)
    with pytest.raises(OptionError, match="polar"):
        FIGURES["funnel"](ax=Figure().add_subplot(projection="polar"))


@pytest.mark.parametrize("figure", ["funnel", "radial", "interaction"])
def test_a_width_has_a_name(figure):
    column, page = (FIGURES[figure](width=width).figure.get_figwidth() * 25.4 for width in ("column", "page"))
    assert (round(column), round(page)) == (85, 176)


def test_the_width_of_a_journal_has_a_name():
    journal = mo.plot.JOURNALS["Lancet"]
    for name, mm in zip(("column", "page"), journal.columns, strict=True):
        assert FIGURES["km"](journal="Lancet", width=name).figure.get_figwidth() * 25.4 == pytest.approx(mm)
