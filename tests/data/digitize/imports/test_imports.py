"""Points clicked in other programs: their files give the values that these show, or an error that says why not."""

from __future__ import annotations

import io
import json
import tarfile

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataError, OptionError

P = mo.curves.AxisPoint
# A figure that lies askew: right = 100 + 10 t + 40 (1 - s), down = 90 + 0.5 t + 400 (1 - s)
CLICKS = {"drug": [(0, 1.0), (5, 0.9), (12, 0.7), (30, 0.4)], "placebo": [(0, 1.0), (4, 0.6), (20, 0.1)]}


def pixel(t, s):
    return 100 + 10 * t + 40 * (1 - s), 90 + 0.5 * t + 400 * (1 - s)


def axis(*places):
    """Points of the axes in their own programs' order: two of x at survival 0, two of y at time 0."""
    return [(*pixel(t, s), t, s) for t, s in places]


FOUR = axis((0, 0), (60, 0), (0, 0), (0, 1))


def wpd(*, version=4, datasets=CLICKS, axes=FOUR, unit=1, **changes):
    points = [{"px": r, "py": d, "dx": str(t), "dy": str(unit * s)} for r, d, t, s in axes]
    data = {
        name: [dict(zip("xy", pixel(t, s), strict=True), value=[t, unit * s]) for t, s in clicks]
        for name, clicks in datasets.items()
    }
    if version == 3:
        series = [{"name": name, "data": rows} for name, rows in data.items()]
        return {"wpd": {"version": [3, 8], "axesType": "XYAxes", "calibration": points, "dataSeries": series,
                        "axesParameters": {"isLogX": False, "isLogY": False}} | changes}  # fmt: skip
    look = {"name": "XY", "type": "XYAxes", "isLogX": False, "isLogY": False, "calibrationPoints": points}
    sets = [
        {"name": name, "axesName": "XY", "colorRGB": [214, 39, 40, 255], "data": rows} for name, rows in data.items()
    ]
    return {"version": [4, 2], "axesColl": [look | changes], "datasetColl": sets, "measurementColl": []}


def engauge(*, curves=CLICKS, points=None, coords="Cartesian,Linear,Linear", systems=1, root=True):
    kind, x, y = coords.split(",")
    points = points or [(*pixel(t, s), t, s, "False") for t, s in ((0, 0), (60, 0), (0, 1))]
    axes = "".join(
        f'<Point IsAxisPoint="True" IsXOnly="{only}"><PositionScreen X="{r}" Y="{d}"/>'
        f'<PositionGraph X="{t}" Y="{s}"/></Point>'
        for r, d, t, s, only in points
    )
    graphs = "".join(
        f'<Curve CurveName="{name}"><CurvePoints>'
        + "".join('<Point><PositionScreen X="{}" Y="{}"/></Point>'.format(*pixel(*click)) for click in clicks)
        + "</CurvePoints></Curve>"
        for name, clicks in curves.items()
    )
    system = (
        f'<Coords TypeString="{kind}" ScaleXThetaString="{x}" ScaleYRadiusString="{y}"/>'
        f'<Curve CurveName="Axes"><CurvePoints>{axes}</CurvePoints></Curve><CurvesGraphs>{graphs}</CurvesGraphs>'
    )
    body = "".join(f"<CoordSystem>{system}</CoordSystem>" for _ in range(systems)) if root else system
    return f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE engauge><Document VersionNumber="12.1">{body}</Document>'


def packed(project, name="curves/wpd.json"):
    out, data = io.BytesIO(), json.dumps(project).encode()
    with tarfile.open(fileobj=out, mode="w") as pack:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        pack.addfile(info, io.BytesIO(data))
    return out.getvalue()


PAIRS = "drug,,placebo,\nX,Y,X,Y\n0,1,0,1\n5,0.9,4,0.6\n12,0.7,20,0.1\n30,0.4,,\n"
SHARED = "x,drug,placebo\n0,1,1\n4,,0.6\n5,0.9,\n12,0.7,\n20,,0.1\n30,0.4,\n"
FILES = {
    "version 4": json.dumps(wpd()),
    "version 3": json.dumps(wpd(version=3)),
    "tar": packed(wpd()),
    "percent": json.dumps(wpd(unit=100)),
    "engauge": engauge(),
    "engauge 6.3": engauge(root=False),
    "engauge, four sides": engauge(points=[(*pixel(0, 0), 0, 9, "True"), (*pixel(60, 0), 60, 9, "True"),
                                           (*pixel(0, 0), 9, 0, "False"), (*pixel(0, 1), 9, 1, "False")]),
    "pairs": PAIRS,
    "pairs, decimal commas": PAIRS.replace(",", ";").replace(".", ","),
    "pairs, tabs": PAIRS.replace(",", "\t"),
    "one x": SHARED,
    "byte order mark": "\ufeff" + SHARED,
}  # fmt: skip


def written(tmp_path, content, name="points"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", FILES)
def test_files_give_the_points_that_were_clicked(tmp_path, name):
    found = mo.curves.digitize(written(tmp_path, FILES[name]))
    assert [c.label for c in found.curves] == ["drug", "placebo"]
    for curve, clicks in zip(found.curves, CLICKS.values(), strict=True):
        assert np.column_stack([curve.time, curve.survival]) == pytest.approx(np.array(clicks), abs=1e-12)
        assert curve.points == "clicks"
    assert found.calibration is None
    assert found.warnings == ()
    assert found.provenance.notes[0].startswith("Points were clicked in")
    assert "clicked elsewhere" in str(found.summary())
    assert found.glance()["points"].item() == 7


def test_patients_behind_a_file_of_clicks(tmp_path):
    found = mo.curves.digitize(written(tmp_path, FILES["tar"]))
    tables = {
        name: {"time": [0, 12, 24], "n_risk": n} for name, n in (("drug", [60, 40, 20]), ("placebo", [50, 14, 3]))
    }
    arms = mo.curves.reconstruct_arms(found, at_risk=tables)
    assert arms.ipd.groupby("arm").size().to_dict() == {"drug": 60, "placebo": 50}


def test_colours_and_numbers_of_curves(tmp_path):
    path = written(tmp_path, FILES["version 4"])
    assert {c.colour for c in mo.curves.digitize(path).curves} == {"#d62728"}
    with pytest.raises(DataError, match=r"2 curves \(drug, placebo\), and n_curves=3"):
        mo.curves.digitize(path, n_curves=3)
    with pytest.raises(DataError, match="2 curves of colour #d62728"):
        mo.curves.digitize(path, colours=["#d62728"])
    with pytest.raises(OptionError, match="x_ticks= has no use for a file of points"):
        mo.curves.digitize(path, x_ticks=(0, 60))


def test_percent_and_events(tmp_path):
    rising = "x,A\n0,0\n10,40\n20,70\n"
    found = mo.curves.digitize(written(tmp_path, rising), kind="event")
    assert found.curves[0].survival.tolist() == pytest.approx([1, 0.6, 0.3])
    falling = mo.curves.digitize(written(tmp_path, "x,A\n0,100\n10,60\n"))
    assert falling.curves[0].survival.tolist() == [1, 0.6]
    assert "The curves are taken as percent: each begins at 100." in falling.provenance.notes
    told = mo.curves.digitize(written(tmp_path, "x,A\n0,0.9\n10,0.4\n"), kind="percent")
    assert told.curves[0].survival.tolist() == pytest.approx([0.009, 0.004])


def test_a_click_beyond_the_axes_is_set_on_them_and_said(tmp_path):
    found = mo.curves.digitize(written(tmp_path, "x,A\n-0.1,1.01\n10,0.5\n20,-0.005\n"))
    assert found.curves[0].survival.tolist() == [1, 0.5, 0]
    assert found.curves[0].time.tolist() == [0, 10, 20]
    assert "3 points of curve 'A' a click beyond 0 or 1 were set there." in found.provenance.notes


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("off", [0, 1, 8, 20])
def test_a_project_without_correction_of_tilt_has_its_own_values(tmp_path, version, off):
    # right = 100 + 10 t, down = 500 - 400 s; the second click of x fell `off` pixels too low, that of y too far right
    axes = [(100, 500, 0, 0), (700, 500 + off, 60, 0), (100, 500, 0, 0), (100 + off, 100, 0, 1)]
    project = wpd(version=version, axes=axes, **({} if version == 3 else {"noRotation": True}))
    body = project["wpd"] if version == 3 else project
    if version == 3:
        body["axesParameters"] = {"isLogX": False, "isLogY": False, "noRotation": True}
    for dataset in body["dataSeries" if version == 3 else "datasetColl"]:
        for row in dataset["data"]:
            t, s = row["value"]
            row.update(x=100 + 10 * t, y=500 - 400 * s)
    found = mo.curves.digitize(written(tmp_path, json.dumps(project)))
    for curve, clicks in zip(found.curves, CLICKS.values(), strict=True):
        assert np.column_stack([curve.time, curve.survival]) == pytest.approx(np.array(clicks), abs=1e-12)


def test_pixels_that_are_off_the_values_on_record_are_refused(tmp_path):
    project = wpd()
    project["datasetColl"][0]["data"][1]["value"][1] += 0.002
    with pytest.raises(DataError, match="values on record of dataset 'drug' are not those of its pixels"):
        mo.curves.digitize(written(tmp_path, json.dumps(project)))


def test_a_title_above_the_names_is_none(tmp_path):
    found = mo.curves.digitize(written(tmp_path, "Figure 2,\nx,A\n0,1\n5,0.5\n"))
    assert [c.label for c in found.curves] == ["A"]


def test_events_in_percent_are_so_for_all_curves(tmp_path):
    found = mo.curves.digitize(written(tmp_path, "x,A,B\n0,0,0\n10,40,0.5\n20,70,1.2\n"), kind="event")
    assert found.curves[1].survival.tolist() == pytest.approx([1, 0.995, 0.988])


def test_a_project_of_clicks_replays(tmp_path):
    found = mo.curves.digitize(written(tmp_path, FILES["engauge"]))
    again = mo.curves.replay(found.to_project(tmp_path / "project.json"))
    pd.testing.assert_frame_equal(found.tidy(), again.tidy())


BAD = {
    "bar axes": (json.dumps(wpd(type="BarAxes")), "axes 'XY' are BarAxes"),
    "logarithmic axes": (json.dumps(wpd(isLogX=True)), r"logarithmic \(X\)"),
    "dates": (json.dumps(wpd(axes=[(*pixel(0, 0), "2020/01/11", 0), *FOUR[1:]])), "'2020/01/11', which is no number"),
    "calibrated anew": (json.dumps(wpd(axes=[FOUR[0], (*pixel(60, 0), 90, 0), *FOUR[2:]])),
                        "values on record of dataset 'drug' are not those of its pixels"),
    "one place": (json.dumps(wpd(axes=[FOUR[0], (*pixel(0, 0), 60, 0), *FOUR[2:]])), "lie on one place"),
    "other JSON": ('{"a": 1}', "no project of WebPlotDigitizer"),
    "cut JSON": (json.dumps(wpd())[:300], "is not JSON"),
    "deep JSON": ('{"a":' + "[" * 100_000, "is not JSON"),
    "no project in the tar": (packed(wpd(), "other.json"), "tar file without wpd.json"),
    "cut tar": (packed(wpd())[:700], "damaged tar file"),
    "polar axes": (engauge(coords="Polar,Linear,Linear"), "polar, linear, linear"),
    "logarithmic document": (engauge(coords="Cartesian,Log,Linear"), "cartesian, log, linear"),
    "several systems": (engauge(systems=2), "2 coordinate systems"),
    "no points": (engauge(curves={"drug": []}), "no points of curves"),
    "two points of axes": (engauge(points=[(0, 0, 0, 0, "False"), (1, 0, 60, 0, "False")]),
                           "lie on one place, or along the other axis"),
    "entities": ('<!DOCTYPE d [<!ENTITY a "b">]><Document>&a;</Document>', "declares XML entities"),
    "other XML": ("<a><b/></a>", "is none of"),
    "words": ("time,survival\n0,1\n5,half\n", "line 3 holds 'half'"),
    "no numbers": ("a,b\nc,d\n", "no line of it holds numbers"),
    "one column": ("1\n2\n", "have 1 cells"),
    "odd columns": ("a,b,c\n0,1,1\n", "3 columns are no pairs"),
    "no x": ("x,A\n0,1\n,0.5\n", "line 3 lacks the x value of curve 'A'"),
    "title": ("A study\nof two\narms\nx,A\n0,1\n", "numbers begin in line 5 only"),
    "one point": ("x,A\n0,1\n", "1 point of curve 'A'"),
    "same names": ("A,,A,\nX,Y,X,Y\n0,1,0,1\n1,0.5,1,0.4\n", "several curves named 'A'"),
    "no survival": ("x,A\n0,7\n5,3\n", "has 7 on the y axis"),
    "no y": ("x,A\n0,1\n3,\n5,0.5\n", "line 3 lacks the y value of curve 'A'"),
    "no y in pairs": ("A,,B,\nX,Y,X,Y\n0,1,0,1\n1,,1,0.4\n", "line 4 lacks the y value of curve 'A'"),
    "too large": ("x,A\n0,1\n5,1e400\n", "line 3 holds '1e400', which is too large"),
    "two scales": ("x,drug,placebo\n0,1,100\n5,0.8,60\n", "the curve 'drug' begins at 1: .*give one scale to all"),
    "decimal commas": ("x,A\n0,100,0\n5,95,5\n", "line 2 has 3 cells, and the names above have 2: with decimal"),
    "rises a little": ("x,A\n0,0.25\n5,0.6\n", "rises from 0.25 to 0.6: say kind='event'"),
    "far above 1": ("x,A\n0,1.1\n5,0.5\n", "survival 1.1 at point 1"),
    "before 0": ("x,A\n-5,1\n5,0.5\n", "time -5 in curve 'A', before 0"),
    "rises": ("x,A\n0,0\n5,0.5\n", "rises from 0 to 0.5: say kind='event'"),
    "not text": (b"\xff\xfe1\x002\x00", "none of PDF"),
    "latin": ("x,Gruppe \xfc\n0,1\n".encode("latin-1"), "table of points in UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_says_why(tmp_path, name):
    content, said = BAD[name]
    path = written(tmp_path, content)
    with pytest.raises(DataError, match=said) as caught:
        mo.curves.digitize(path)
    assert str(path) in str(caught.value)


def test_pixels_by_hand_are_read_on_a_figure_that_lies_askew():
    pixels = {name: [pixel(*click) for click in clicks] for name, clicks in CLICKS.items()}
    four = [P(*pixel(0, 0), x=0), P(*pixel(60, 0), x=60), P(*pixel(0, 0), y=0), P(*pixel(0, 1), y=1)]
    three = [P(*pixel(t, s), x=t, y=s) for t, s in ((0, 0), (60, 0), (0, 1))]
    for axes in (four, three, [*three, P(*pixel(60, 1), x=60, y=1)]):
        read = mo.curves.from_pixels(pixels, axes)
        for curve, clicks in zip(read.curves, CLICKS.values(), strict=True):
            assert np.column_stack([curve.time, curve.survival]) == pytest.approx(np.array(clicks), abs=1e-12)
    with pytest.raises(DataError, match="given by hand"):
        read.to_project("never.json")


@pytest.mark.parametrize(
    ("axes", "error", "message"),
    [
        ([P(0, 0, x=0), P(9, 0, x=5)], DataError, "2 points of the x axis and 0 of the y axis"),
        ([P(0, 0, x=0), P(9, 0, x=0), P(0, 0, y=0), P(0, 9, y=1)], DataError, "x axis have the value 0"),
        ([P(0, 0, x=0, y=0), P(9, 9, x=1, y=1), P(18, 18, x=2, y=2)], DataError, "lie on one line"),
        ([P(0, 0, 0, 0), P(9, 0, 60, 0), P(0, 9, 0, 1), P(9, 9, 70, 1)], DataError, "contradict .* the x axis"),
        ([P(0, 0, x=0), P(9, 0, x=5), P(20, 0, x=9), P(0, 0, y=0), P(0, 9, y=1)], DataError, "more than two points"),
        ([(0, 0, 0, 0)], OptionError, "AxisPoint"),
    ],
)  # fmt: skip
def test_axes_that_make_no_scale(axes, error, message):
    with pytest.raises(error, match=message):
        mo.curves.from_pixels({"A": [(0, 0), (1, 1)]}, axes)


def test_points_that_are_none():
    axes = [P(0, 0, x=0), P(9, 0, x=5), P(0, 9, y=0), P(0, 0, y=1)]
    with pytest.raises(DataError, match="curve 'A' are no pairs"):
        mo.curves.from_pixels({"A": [1, 2, 3]}, axes)
