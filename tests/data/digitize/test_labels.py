"""Curves are named as their user names them."""

import pytest

import metaonc as mo
from metaonc.errors import OptionError

PATIENTS = {
    "time": [1, 2, 2, 3, 4, 5, 6, 8, 2, 4, 4, 6, 7, 8, 9, 9],
    "event": [1, 1, 0, 1] * 4,
    "arm": ["A"] * 8 + ["B"] * 8,
}


@pytest.fixture
def figure(tmp_path):
    curves = mo.survival.kaplan_meier(PATIENTS, by="arm", unit="months")
    return mo.save(mo.plot.km(curves), tmp_path / "figure.pdf")


def test_a_curve_is_named_by_its_name_or_its_colour(figure, tmp_path):
    colour = mo.curves.digitize(figure).curves[1].colour
    found = mo.curves.digitize(figure, labels={"A": "Placebo", colour: "Drug"})
    assert [curve.label for curve in found.curves] == ["Placebo", "Drug"]
    assert set(found.at_risk["label"]) == {"Placebo", "Drug"}
    again = mo.curves.replay(found.to_project(tmp_path / "figure.json"))
    assert [curve.label for curve in again.curves] == ["Placebo", "Drug"]


def test_names_may_be_exchanged(figure):
    assert [c.label for c in mo.curves.digitize(figure, labels={"A": "B", "B": "A"}).curves] == ["B", "A"]


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({"C": "Placebo"}, r"'C' is none of the curves; they are 'A' \(#"),
        ({"A": "B"}, "two curves would be named 'B': give each its own"),
        ({"A": " "}, "is not names by curve, such as {'Curve 1': 'Placebo'}"),
        (["Placebo", "Drug"], "is not names by curve"),
    ],
)
def test_names_that_fit_no_curve_are_refused(figure, labels, said):
    with pytest.raises(OptionError, match=said):
        mo.curves.digitize(figure, labels=labels)
