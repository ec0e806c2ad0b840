"""Figures read by hand: the record checked, its curves those of `from_pixels`, its project done again."""

import json
from dataclasses import replace

import numpy as np
import pytest
from page_figures import blind_figure, stated
from PIL import Image

import metaonc as mo
from metaonc.data.digitize.hand.curves import UNCONFIRMED, by_hand
from metaonc.data.digitize.hand.reading import read_hand
from metaonc.data.digitize.hand.record import Hand
from metaonc.data.digitize.limits import read_source
from metaonc.errors import DataError, OptionError

AXES = {"x_axis": [[100, 0], [700, 60]], "y_axis": [[500, 0], [100, 1]]}
POINTS = [[100, 100], [220, 100], [220, 180], [400, 180], [400, 300], [640, 300]]


@pytest.fixture
def source(tmp_path):
    Image.new("RGB", (800, 600), "white").save(tmp_path / "figure.png")
    return read_source(tmp_path / "figure.png")


def hand(**change):
    return read_hand({**AXES, "curves": [{"label": "drug", "points": POINTS}], **change})


def one(**change):
    return {"curves": [{"label": "drug", "points": POINTS, **change}]}


@pytest.mark.parametrize("kind", [None, "event", "percent"])
def test_the_curves_are_those_of_from_pixels(source, kind):
    unit = 100 if kind == "percent" else 1
    points = [[x, 600 - y] for x, y in POINTS] if kind == "event" else POINTS
    P = mo.curves.AxisPoint
    axes = [P(100, 500, x=0), P(700, 500, x=60), P(100, 500, y=0), P(100, 100, y=unit)]
    known = mo.curves.from_pixels({"drug": points}, axes, kind=kind).curves[0]
    made = hand(kind=kind, y_axis=[[500, 0], [100, unit]], curves=[{"label": "drug", "points": points}])
    found = by_hand(made, source).curves[0]
    np.testing.assert_allclose(found.time, known.time, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.survival, known.survival, rtol=0, atol=1e-12)
    assert (found.points, found.label) == ("clicks", "drug")


def test_percent_is_told_by_the_values_of_the_axis(source):
    found = by_hand(hand(y_axis=[[500, "0"], [100, "100"]]), source)
    assert found.calibration.percent
    assert found.curves[0].survival[0] == pytest.approx(1.0)


def test_numbers_at_risk_marks_and_cautions_come_along(source):
    curve = {
        "label": "drug",
        "points": POINTS,
        "n_risk": [40, None, 12],
        "marks": [300, 90, 9000],
        "cautions": ["Odd."],
    }
    found = by_hand(hand(risk_times=[0, 12, 24], unconfirmed=["risk"], cautions=["All."], curves=[curve]), source)
    assert found.curves[0].at_risk.to_numpy().tolist() == [[0, 40], [24, 12]]
    assert found.curves[0].censor_times.tolist() == [20.0]  # the others lie outside of the curve
    assert found.warnings == ("All.", UNCONFIRMED["risk"], "Odd.")
    assert found.at_risk["label"].tolist() == ["drug", "drug"]


def test_a_record_is_its_plain_form_again():
    curve = {"label": "drug", "points": POINTS, "n": 40, "events": 12, "median": "not reached", "n_risk": [40, None]}
    printed = {"hr": 0.6, "ci_low": 0.4, "ci_high": 0.9, "control": "drug"}
    made = hand(panel=[0, 0, 800, 600], masks=[[1, 2, 3, 4]], risk_times=[0, 6], printed=printed, curves=[curve])
    assert read_hand(json.loads(json.dumps(made.plain()))) == made
    assert read_hand({}) == Hand()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x_axis": [[100, 0], [700, None]]}, "the x axis is not stated"),
        ({"y_axis": [[500, 1], [100, 1]]}, "both points of the y axis have the value 1"),
        ({"x_axis": [[100, 0], [100, 60]]}, "both points of the x axis lie at 100"),
        ({"x_axis": [[100, "0.0.1"], [700, 60]]}, "the value of a point of the x axis='0.0.1' is not a number"),
        ({"x_axis": [100, 700]}, "is not two points"),
        ({"masks": [[1, 2, 3]]}, "a mask is"),
        ({"panel": [10, 0, 5, 9]}, "whose left is not before its right"),
        ({"risk_times": "0 6"}, "is no list"),
        ({"unknown": 1}, "holds 'unknown'"),
        ({"curves": [{"label": "a"}, {"label": "a"}]}, "two curves are named 'a'"),
        ({"curves": [{"label": " "}]}, "the name of curve 1 is ' '"),
        ({"curves": "many"}, "is no list"),
        ({"curves": [7]}, "curve 1 is int"),
        (one(n="12o"), "n of 'drug'='12o' is not a number"),
        (one(n=12.5), "n of 'drug'=12.5"),
        (one(events=-1), "events of 'drug'=-1"),
        (one(colour="red"), "the colour of 'drug' is 'red'"),
        (one(points=[[1, 2, 3]]), "point 1 of 'drug'"),
        (one(points=[[1, "x"]]), "point 1 of 'drug'='x'"),
        (one(n_risk=[3, 2]), "has 2 numbers at risk for 0 times"),
        (one(median="soon"), "median of 'drug'='soon'"),
        (one(label="a\u202eb"), "U\\+202E"),
        (one(points=[]), "no curve with points"),
        (one(points=POINTS[:1]), "has 1 point of curve 'drug'"),
        (one(points=[[100, 100], [200, 20], [300, 200]]), "at point 2 of curve 'drug'; it lies between 0 and 1"),
        (one(points=[[40, 100], [200, 200]]), "before 0"),
        (one(points=[[100, 100], [300, 250], [400, 200]], read="pixels"), "rises at its point 3"),
        (one(points=[[100, 480], [300, 250]]), "rises from"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(source, change, said):
    with pytest.raises(DataError, match=said):
        by_hand(hand(**change), source)


def test_options_that_do_not_exist_are_named():
    for change, said in (({"kind": "hazard"}, "kind='hazard'"), (one(read="guess"), "read='guess'")):
        with pytest.raises(OptionError, match=said):
            hand(**change)


def test_a_project_read_by_hand_is_done_again(tmp_path):
    data, place = blind_figure(tmp_path / "figure.png")
    made = read_hand(
        {**stated(place), "curves": [{"label": "drug", "points": [list(place(t, 1 - t / 60)) for t in (0, 9, 20)]}]}
    )
    found = by_hand(made, read_source(tmp_path / "figure.png"))
    (tmp_path / "kept").mkdir()
    path = found.to_project(tmp_path / "kept" / "project.json")
    again = mo.curves.replay(path)
    np.testing.assert_array_equal(again.curves[0].time, found.curves[0].time)
    assert again.provenance.settings["by_hand"] == found.provenance.settings["by_hand"]
    assert again.provenance.verb == "page"
    record = json.loads(path.read_text())
    moved = tmp_path / "moved.png"
    (tmp_path / "figure.png").rename(moved)
    with pytest.raises(DataError, match="there is no file"):
        mo.curves.replay(path)
    np.testing.assert_array_equal(mo.curves.replay(path, figure=moved).curves[0].time, found.curves[0].time)
    record["curves"][0]["survival"][1] -= 0.01
    path.write_text(json.dumps(record))
    with pytest.raises(DataError, match="does not come out again"):
        mo.curves.replay(path, figure=moved)
    del record["curves"]  # as a page without a server exports it
    path.write_text(json.dumps(record))
    assert mo.curves.replay(path, figure=moved).curves[0].label == "drug"
    path.write_text(json.dumps(record | {"by_hand": {"x_axis": 3}}))
    with pytest.raises(DataError, match="is not two points"):
        mo.curves.replay(path, figure=moved)
    path.write_text(json.dumps(record | {"by_hand": replace(made, unconfirmed=("risk",)).plain()}))
    with pytest.warns(mo.DataWarning, match="nobody has confirmed them"):
        mo.curves.replay(path, figure=moved)
    assert replace(made, page=2).plain()["page"] == 2
    assert len(data) == 2
