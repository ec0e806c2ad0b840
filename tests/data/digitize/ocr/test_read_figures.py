"""Figures of known patients whose text is recognised: scales, numbers at risk, names, and what is doubtful.

Where the extra is not installed, what an engine would find is taken from the texts that matplotlib drew; with it the
same figures are read once more by the engine itself.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pytest
from curve_renders import LOOKS, Look, curve, patients, root_mean_square
from curve_renders import draw as draw_vector
from text_figures import MONTHS, at_risk, draw, recognised_as, shape_of

import metaonc as mo
from metaonc.data.digitize.ocr import engine
from metaonc.data.digitize.ocr.words import read_words
from metaonc.data.digitize.raster.image import Raster
from metaonc.errors import DataError, DataWarning, OptionError

CLOSE = 2e-3  # of an axis: by which a scale that was read may be off the one drawn
RMSE = 0.006  # of survival, as of images whose scales are given


@pytest.fixture
def recognised(monkeypatch):
    """Let the engine find what it is told."""
    return partial(recognised_as, monkeypatch)


def read(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mo.curves.digitize(path, **{"n_curves": 2, **options})


def check(found, data, scale):
    """Hold scales, curves, names, numbers at risk and the printed ratio against what was drawn."""
    for name, points in scale.items():
        fit = getattr(found.calibration, name)
        length = abs(points[1][0] - points[0][0])
        assert fit.by == "read"
        assert max(abs(fit.place(v) - at) for at, v in points) < max(CLOSE * length, 1.0)
    for k, (curve_, arm) in enumerate(zip(sorted(found.curves, key=lambda c: c.label), data, strict=True)):
        t, _, _, s = curve(*arm)
        assert root_mean_square(curve_, t, s, t[-1]) < RMSE
        assert curve_.label == ("Drug A", "Placebo")[k]
        assert curve_.at_risk["time"].tolist() == list(MONTHS)
        assert curve_.at_risk["n_risk"].tolist() == at_risk(data)[k]
    (ratio,) = found.printed.ratios
    assert (ratio.hr, ratio.ci_low, ratio.ci_high, ratio.level) == (0.71, 0.55, 0.92, 0.95)


DATA = patients(2, 11, size=160)


@pytest.mark.parametrize("look", [Look(), Look(percent=True)], ids=["proportions", "percent"])
def test_a_figure_is_read_without_a_word_from_its_user(tmp_path, recognised, look):
    path = tmp_path / "figure.png"
    pieces, scale = draw(path, DATA, look=look)
    recognised(pieces, shape_of(path))
    found = read(path)
    check(found, DATA, scale)
    assert [w for w in found.warnings if "cut short" not in w] == []
    words = found.text.words
    assert words.loc[words["use"] == "x axis", "text"].tolist() == [str(t) for t in MONTHS]
    assert set(words["use"]) == {"x axis", "y axis", "number at risk", "name", ""}
    printed = str(found)
    assert "Read as x axis: 0, 6, 12, 18, 24, 30, 36, 42" in printed
    assert "Printed: hazard ratio 0.71" in printed


def changed(pieces, old, new):
    assert sum(p.text == old for p in pieces) >= 1
    first = next(k for k, p in enumerate(pieces) if p.text == old)
    return [replace(p, text=new) if k == first else p for k, p in enumerate(pieces)]


@pytest.mark.parametrize(("old", "new"), [("18", "78"), ("18", "8"), ("42", "12"), ("0.4", "0.9"), ("1.0", "10")])
def test_one_label_that_is_misread_does_not_move_the_scale(tmp_path, recognised, old, new):
    path = tmp_path / "figure.png"
    pieces, scale = draw(path, DATA)
    recognised(pieces, shape_of(path))
    right = read(path).calibration
    recognised(changed(pieces, old, new), shape_of(path))
    wrong = read(path).calibration
    for name in "xy":
        a, b = getattr(right, name), getattr(wrong, name)
        for at, _ in scale[name]:
            assert abs(a.at(np.array([at]))[0] - b.at(np.array([at]))[0]) < CLOSE * abs(a.values[-1] - a.values[0])


def test_decimal_points_that_were_lost_make_no_scale(tmp_path, recognised):
    path = tmp_path / "figure.png"
    pieces, scale = draw(path, DATA)
    lost = [
        replace(p, text=p.text.replace(".", "")) if p.text in ("0.2", "0.4", "0.6", "0.8", "0.0", "1.0") else p
        for p in pieces
    ]
    recognised(lost, shape_of(path))
    with pytest.raises(DataError, match="no three labels of the y axis were read") as problem:
        read(path)
    told = re.search(r"y_axis=\[\(([\d.]+), 'its value'\), \(([\d.]+), 'its value'\)\]", str(problem.value))
    np.testing.assert_allclose(
        [float(at) for at in told.groups()], sorted((at for at, _ in scale["y"]), reverse=True), atol=1
    )
    both = read(path, x_axis=scale["x"], y_axis=scale["y"], ocr=True)  # labels of x say where numbers at risk stand
    assert [len(c.at_risk) for c in both.curves] == [len(MONTHS)] * 2


def test_too_few_labels_are_refused_with_what_was_read(tmp_path, recognised):
    path = tmp_path / "figure.png"
    pieces, _ = draw(path, DATA)
    recognised([p for p in pieces if p.text not in ("0.2", "0.4", "0.6", "0.8")], shape_of(path))
    with pytest.raises(DataError, match=r"no three labels of the y axis.*numbers read: .*0\.0.*y_axis="):
        read(path)


DOUBTS = {
    "read in two ways": (lambda p, n: p, lambda p, n: changed(p, n, "7" + n[1:]), "{n} or 7"),
    "not read": (
        lambda p, n: [q for q in p if q.text != n],
        lambda p, n: [q for q in p if q.text != n],
        "none at time 12",
    ),
    "unsure": (
        lambda p, n: [replace(q, confidence=0.6) if q.text == n else q for q in p],
        lambda p, n: [replace(q, confidence=0.6) if q.text == n else q for q in p],
        r"{n} at time 12 \(confidence 0.60\)",
    ),
    "more than before": (lambda p, n: changed(p, n, "158"), lambda p, n: changed(p, n, "158"), "158 at time 12"),
}


@pytest.mark.parametrize("case", DOUBTS)
def test_a_doubtful_number_at_risk_is_asked_for(tmp_path, recognised, case):
    path = tmp_path / "figure.png"
    pieces, _ = draw(path, DATA)
    once, twice, said = DOUBTS[case]
    n = str(at_risk(DATA)[0][2])
    recognised(once(pieces, n), shape_of(path), twice(pieces, n))
    with pytest.warns(
        DataWarning, match=rf"numbers at risk of 'Drug A' that are doubtful.*{said.format(n=n)}.*at_risk="
    ):
        found = mo.curves.digitize(path, n_curves=2)
    own = next(c for c in found.curves if c.label == "Drug A").at_risk
    assert own["time"].tolist() == [t for t in MONTHS if t != 12]
    assert own["n_risk"].tolist() == [v for t, v in zip(MONTHS, at_risk(DATA)[0], strict=True) if t != 12]


@pytest.mark.parametrize("first", [True, False], ids=["at first", "at the other size"])
def test_a_number_at_risk_whose_box_was_cut_is_taken_where_the_others_leave_no_choice(tmp_path, recognised, first):
    path = tmp_path / "figure.png"
    pieces, _ = draw(path, DATA)
    n = str(at_risk(DATA)[0][2])
    cut = changed(pieces, n, n[:1])
    assert int(n[:1]) < at_risk(DATA)[0][3]
    recognised(*((cut, shape_of(path), pieces) if first else (pieces, shape_of(path), cut)))
    found = read(path)
    assert next(c for c in found.curves if c.label == "Drug A").at_risk["n_risk"].tolist() == at_risk(DATA)[0]
    assert not any("doubtful" in w for w in found.warnings)


def test_a_number_at_risk_that_the_others_allow_both_ways_is_asked_for(tmp_path, recognised):
    path = tmp_path / "figure.png"
    pieces, _ = draw(path, DATA)
    k = max(i for i, v in enumerate(at_risk(DATA)[0]) if v > 9)
    n = str(at_risk(DATA)[0][k])
    last = [
        replace(p, text="") if p.text in map(str, at_risk(DATA)[0][k + 1 :]) and p.box[1] > 0.7 * 650 else p
        for p in pieces
    ]
    recognised([p for p in last if p.text], shape_of(path), [p for p in changed(last, n, n[:1]) if p.text])
    assert any(f"{n[:1]} or {n} at time" in w for w in read(path).warnings)


def test_a_label_whose_box_holds_a_tick_on_the_other_side_of_the_axis_is_read(tmp_path, recognised):
    path = tmp_path / "figure.png"
    with plt.rc_context({"ytick.direction": "in"}):
        pieces, scale = draw(path, DATA)
    axis = scale["x"][0][0]
    wide = [
        replace(p, box=(p.box[0], p.box[1], axis + 9, p.box[3])) if p.text in ("0.2", "0.4", "0.6", "0.8") else p
        for p in pieces
    ]
    recognised(pieces, shape_of(path))
    right = read(path).calibration.y
    recognised(wide, shape_of(path))
    found = read(path)
    assert (found.calibration.y.positions, found.calibration.y.values) == (right.positions, right.values)
    assert not any("axis" in w for w in found.warnings)


def test_rows_that_belong_to_no_curve_are_said(tmp_path, recognised):
    path = tmp_path / "figure.png"
    twins = patients(1, 3, size=90) * 2
    late = [twins[0], (twins[1][0] * 1.02, twins[1][1])]
    pieces, _ = draw(path, late)
    renamed = [
        replace(p, text={"Drug A": "Arm 1", "Placebo": "Arm 2"}.get(p.text, p.text)) if p.box[1] > 0.7 * 650 else p
        for p in pieces
    ]
    recognised(renamed, shape_of(path))
    with pytest.warns(DataWarning, match="not to which curve they belong: give at_risk="):
        found = mo.curves.digitize(path, n_curves=2)
    assert all(c.at_risk is None for c in found.curves)


def test_scales_that_are_given_are_kept_and_the_rest_is_read(tmp_path, recognised):
    path = tmp_path / "figure.png"
    pieces, scale = draw(path, DATA)
    recognised(pieces, shape_of(path))
    found = read(path, x_axis=scale["x"])
    assert found.calibration.x.by == "stated"
    assert found.calibration.y.by == "read"
    assert any("the labels of the x axis were not read" in w for w in found.warnings)
    both = read(path, x_axis=scale["x"], y_axis=scale["y"], ocr=True)
    assert both.calibration.y.by == "stated"
    assert [len(c.at_risk) for c in both.curves] == [len(MONTHS)] * 2


def test_without_the_extra_the_way_out_is_named(tmp_path, monkeypatch):
    path = tmp_path / "figure.png"
    draw(path, DATA)
    monkeypatch.setattr("metaonc.data.digitize.raster.scales.is_installed", lambda: False)
    monkeypatch.setattr("metaonc.data.digitize.ocr.engine.is_installed", lambda: False)
    engine._engine.cache_clear()
    with pytest.raises(DataError, match=r'pip install "metaonc\[ocr\]".*x_ticks=.*x_axis='):
        read(path)
    with pytest.raises(OptionError, match=r'rapidocr and onnxruntime: pip install "metaonc\[ocr\]"'):
        read(path, ocr=True)
    with pytest.raises(OptionError, match="ocr='yes' is not True, False or None"):
        read(path, ocr="yes")


needs_engine = pytest.mark.skipif(not engine.is_installed(), reason="the extra ocr is not installed")


@needs_engine
@pytest.mark.parametrize(("dpi", "look"), [(110, Look()), (150, Look(percent=True)), (220, Look())])
def test_the_engine_reads_the_figure(tmp_path, dpi, look):
    path = tmp_path / "figure.png"
    _, scale = draw(path, DATA, dpi=dpi, look=look)
    found = read(path)
    check(found, DATA, scale)
    assert found.text.engine.startswith("rapidocr ")
    assert found.text.words["confidence"].between(0.5, 1).all()


@needs_engine
@pytest.mark.parametrize(("dpi", "look"), [(110, Look()), (150, Look(percent=True))])
def test_the_engine_reads_labels_that_stand_on_their_side(tmp_path, dpi, look):
    path = tmp_path / "figure.png"
    _, scale = draw(path, DATA, dpi=dpi, look=look, turned=True)
    check(read(path), DATA, scale)


def test_numbers_on_their_side_are_read_from_the_bottom_up(monkeypatch):
    rgb = np.full((200, 300, 3), 255.0)
    for i in range(30):  # two strokes of 30 by 12 pixels
        rgb[[40 + i, 120 + i], 20 + i * 11 // 29] = 0.0
    level = [engine.Piece("10", (18, 38, 34, 72), 0.6, True), engine.Piece("0.08", (18, 118, 34, 152), 0.6, False)]
    seen = []

    def pieces_of(image):
        seen.append(image)
        if len(seen) == 1:
            return level
        ink = np.argwhere(image[..., 0] < 128)
        near = ink[:, 1] < image.shape[1] / 2
        out = []
        for text, part in (("0.5", ink[near]), ("1.0", ink[~near])):
            (top, left), (bottom, right) = part.min(axis=0) - 2.0, part.max(axis=0) + 2.0
            out.append(engine.Piece(text, (left, top, right, bottom), 0.99, True))
        return out

    monkeypatch.setattr("metaonc.data.digitize.ocr.words.pieces_of", pieces_of)
    found = read_words(Raster(rgb, False), 1.0)
    assert [(w.text, w.rotation, w.box) for w in found] == [
        ("0.5", 90, (20.0, 120.0, 31.0, 149.0)),
        ("1.0", 90, (20.0, 40.0, 31.0, 69.0)),
    ]
    assert len({w.phrase for w in found}) == 2


@needs_engine
def test_a_reading_can_be_done_again(tmp_path):
    path = tmp_path / "figure.png"
    draw(path, DATA)
    project = read(path).to_project(tmp_path / "project.json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        again = mo.curves.replay(project)
    assert sorted(c.label for c in again.curves) == ["Drug A", "Placebo"]


@needs_engine
@pytest.mark.parametrize("form", ["svg-paths", "pdf-type3"])
def test_text_drawn_as_shapes_is_read_like_text(tmp_path, form):
    path = tmp_path / f"figure.{form[:3]}"
    draw_vector(DATA, LOOKS["table"], path, form)
    found = read(path, ocr=True)
    assert {c.label: c.at_risk["n_risk"].tolist() for c in found.curves} == {
        "Arm A": at_risk(DATA)[0],
        "Arm B": at_risk(DATA)[1],
    }
    for one, arm in zip(sorted(found.curves, key=lambda c: c.label), DATA, strict=True):
        t, _, _, s = curve(*arm)
        assert root_mean_square(one, t, s, t[-1]) < 1e-4
    said = any("drawn as shapes and was recognised" in w for w in found.warnings)
    assert said == (form == "svg-paths")  # the letters of a font are text
