"""Vector figures of known patients, read back: every style and format, figures drawn by R, and figures that mislead."""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from curve_renders import FORMATS, LOOKS, VECTOR, Look, curve, draw, patients, reading_error, root_mean_square, ticks_of

import metaonc as mo
from metaonc.errors import DataError, DataWarning, OptionError

RMSE, CORNERS = 5e-4, 0.99
FIGURES = Path(__file__).parents[1] / "figures"
ROWS = np.arange(0, 43, 6)


def read(path, look=None, form="", **options):
    """Digitise; where the labels are no text the axes are said."""
    if form == "svg-paths":
        options |= ticks_of(look)
    return mo.curves.digitize(path, **options)


def quiet(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mo.curves.digitize(path, **options)


def quiet_replay(project):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mo.curves.replay(project)


def log_hr(ipd, control):
    return float(np.log(mo.survival.hazard_ratio(ipd, control=control).hr))


def table(time):
    return {"time": ROWS, "n_risk": [int((time >= row).sum()) for row in ROWS]}


@pytest.fixture
def figure(tmp_path):
    """A figure of two arms in a style and format, with its patients."""

    def make(look=LOOKS["bars"], form="svg-text", arms=2, seed=3, **options):
        data = patients(arms, seed)
        path = tmp_path / f"figure.{form[:3]}"
        draw(data, look, path, form, **options)
        return path, data

    return make


@pytest.mark.parametrize("arms", [1, 2, 3, 4])
@pytest.mark.parametrize("name", LOOKS)
def test_every_style_and_number_of_arms_is_read_back(figure, name, arms):
    look = LOOKS[name]
    for form in VECTOR if arms == 2 else ("svg-text",):
        path, data = figure(look, form, arms, seed=arms)
        with warnings.catch_warnings():
            if look.bottom:  # a curve that leaves the figure is said to
                warnings.simplefilter("ignore", DataWarning)
            found = read(path, look, form)
        assert len(found.curves) == arms
        for got, arm in zip(found.curves, data, strict=True):
            rmse, corners = reading_error(got, arm, look.bottom)
            assert rmse <= RMSE
            assert corners >= CORNERS


@pytest.mark.parametrize("name", [n for n, look in LOOKS.items() if look.mark and not look.bottom])
@pytest.mark.parametrize("form", VECTOR)
def test_censoring_marks_are_found_and_nothing_else_is(figure, name, form):
    path, data = figure(LOOKS[name], form)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        found = read(path, LOOKS[name], form)
    for got, (time, event) in zip(found.curves, data, strict=True):
        true = np.unique(time[event == 0])
        assert len(got.censor_times) >= 0.9 * len(true)  # marks where curves cross are nobody's
        assert np.abs(got.censor_times[:, None] - true).min(axis=1).max() < 0.01


def test_lines_thinned_out_by_matplotlib_are_read(figure):
    for form in VECTOR:
        path, data = figure(LOOKS["bands"], form, simplify=True)
        for got, arm in zip(read(path, LOOKS["bands"], form).curves, data, strict=True):
            assert reading_error(got, arm)[0] <= RMSE


@pytest.mark.parametrize("form", ["pdf-type3", "pdf-truetype", "svg-text"])
@pytest.mark.parametrize("name", ["table", "hard"])
def test_names_and_numbers_at_risk_are_those_of_each_arm(figure, name, form):
    path, data = figure(LOOKS[name], form, arms=3)
    found = quiet(path)
    assert [c.label for c in found.curves] == ["Arm A", "Arm B", "Arm C"]
    for got, (time, _) in zip(found.curves, data, strict=True):
        assert got.at_risk["time"].tolist() == ROWS.tolist()
        assert got.at_risk["n_risk"].tolist() == table(time)["n_risk"]
    assert found.at_risk.groupby("label")["n_risk"].first().tolist() == [len(time) for time, _ in data]


@pytest.mark.slow
def test_hazard_ratios_end_to_end(tmp_path):
    errors = []
    for seed in range(20):
        data = patients(2, 100 + seed)
        draw(data, LOOKS["table"], tmp_path / "figure.svg", "svg-text")
        ipd = []
        for got in quiet(tmp_path / "figure.svg").curves:
            back = mo.curves.reconstruct_ipd(got.time, got.survival, points=got.points, at_risk=got.at_risk)
            ipd.append(back.ipd.assign(arm=got.label))
        true = pd.concat(pd.DataFrame({"time": t, "event": e, "arm": i}) for i, (t, e) in enumerate(data))
        read_back = log_hr(pd.concat(ipd), "Arm A")
        errors.append(abs(read_back - log_hr(true, 0)))
    assert np.quantile(errors, 0.9) <= 0.012


@pytest.mark.parametrize("form", ["pdf", "svg"])
@pytest.mark.parametrize("percent", [False, True])
def test_our_own_figures_are_read(tmp_path, form, percent):
    data = patients(2, 8)
    ipd = pd.concat(pd.DataFrame({"time": t, "event": e, "arm": f"Arm {'AB'[i]}"}) for i, (t, e) in enumerate(data))
    result = mo.survival.kaplan_meier(ipd, by="arm", unit="months")
    with plt.rc_context({"svg.fonttype": "none"}):
        mo.save(mo.plot.km(result, percent=percent), tmp_path / f"own.{form}")
    options = {} if form == "pdf" else {"x_ticks": None}
    found = quiet(tmp_path / f"own.{form}", **options)
    for got, arm in zip(found.curves, data, strict=True):
        assert reading_error(got, arm)[0] <= RMSE
        assert reading_error(got, arm)[1] >= CORNERS
        assert got.at_risk["n_risk"].iloc[0] == len(arm[0])
    assert [c.label for c in found.curves] == ["Arm A", "Arm B"]


R_AXES = {"base": (30, 1), "grey": (30, 100), "events": (30, 1), "band": (30, 1)}


@pytest.mark.parametrize("form", ["pdf", "svg"])
@pytest.mark.parametrize("name", ["base", "grey", "events", "band", "survminer"])
def test_figures_drawn_by_r_are_read(name, form):
    truth = {}
    with (FIGURES / "truth.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            truth.setdefault(row["arm"], []).append(
                [float(row[c]) for c in ("time", "n_event", "n_censor", "survival")]
            )
    glyphs = form == "svg" and name != "survminer"
    options = {"x_ticks": (0, R_AXES[name][0]), "y_ticks": (0, R_AXES[name][1])} if glyphs else {}
    found = quiet(FIGURES / f"{name}.{form}", **options)
    arms = ["All"] if name == "band" else ["Male", "Female"]
    if not glyphs and name != "band":
        assert [c.label for c in found.curves] == arms
    assert found.calibration.kind == ("event" if name == "events" else "survival")
    for got, arm in zip(found.curves, arms, strict=True):
        time, event, censored, survival = np.array(truth[arm]).T
        end = min(time[-1], got.time[-1])
        assert root_mean_square(got, time, survival, end) <= RMSE
        assert (np.diff(got.survival) < 0).sum() == (event[time <= end + 0.01] > 0).sum()
        marks = (censored[time <= end + 0.01] > 0).sum()
        assert len(got.censor_times) == (0 if name == "grey" else marks)  # also letters printed almost on their like
    if name == "survminer":
        assert found.curves[0].at_risk["n_risk"].tolist() == [138, 86, 35, 17, 7, 2]
        assert found.curves[1].at_risk["n_risk"].tolist() == [90, 70, 30, 15, 6, 1]


# What misleads


def plain(tmp_path, change, form="svg-text", seed=3, name="figure"):
    """A figure of one arm, changed before it is written."""
    time, event = patients(1, seed)[0]
    t, _, _, s = curve(time, event)
    path = tmp_path / f"{name}.{form[:3]}"
    with plt.rc_context({**FORMATS[form], "path.simplify": False}):
        fig, ax = plt.subplots()
        ax.plot(np.append(0, t), np.append(1, s), drawstyle="steps-post", markevery=1)
        ax.set(xlim=(0, 44), ylim=(0, 1.02))
        ax.set_xticks(ROWS)
        change(ax)
        fig.savefig(path)
        plt.close(fig)
    return path, (time, event)


WRONG = {
    "logarithmic time": (lambda ax: ax.set(xscale="log", xlim=(0.1, 50)), "logarithmic|no curve|not linear"),
    "logarithmic survival": (lambda ax: ax.set(yscale="log", ylim=(0.01, 1.1)), "logarithmic"),
    "logarithmic survival in numbers": (
        lambda ax: (
            ax.set(yscale="log", ylim=(0.1, 1.1)),
            ax.set_yticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1.0"]),
        ),
        "logarithmic",
    ),
    "thousands": (lambda ax: ax.ticklabel_format(axis="x", style="sci", scilimits=(0, 0)), "multiplied"),
    "two labels swapped": (lambda ax: ax.set_xticks([0, 12, 24, 36], ["0", "24", "12", "36"]), "not linear"),
    "labels too high": (
        lambda ax: ax.set_yticks([0, 0.25, 0.5, 0.75], ["0.25", "0.5", "0.75", "1"]),
        "no curve begins",
    ),
    "one label": (lambda ax: ax.set_yticks([0, 1], ["0", ""]), "y_ticks"),
    "no labels": (lambda ax: ax.tick_params(labelbottom=False, labelleft=False), "x_ticks"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_scale_never_passes(tmp_path, name):
    change, said = WRONG[name]
    path, _ = plain(tmp_path, change)
    with pytest.raises(DataError, match=said):
        mo.curves.digitize(path)


def test_a_misread_label_at_the_end_is_told(tmp_path):
    path, _ = plain(tmp_path, lambda ax: ax.set_xticks(ROWS, [*map(str, ROWS[:-1]), "60"]))
    with pytest.warns(DataWarning, match="broken"):
        found = mo.curves.digitize(path)
    assert found.curves[0].time[-1] <= 36.5
    assert found.calibration.x.at(np.array([found.calibration.x.place(24.0)]))[0] == pytest.approx(24)


def test_ticks_given_that_contradict_the_figure_are_refused(figure):
    path, _ = figure()
    with pytest.raises(DataError, match="contradicts"):
        mo.curves.digitize(path, x_ticks=(0, 36))
    with pytest.raises(DataError, match="contradicts"):
        mo.curves.digitize(path, y_ticks=(0, 100))


def test_given_ticks_are_checked_where_labels_are_no_text(figure):
    path, _ = figure(form="svg-paths")
    with pytest.raises(DataError, match=r"x_ticks.*drawn as shapes.*leave ocr=False out"):
        mo.curves.digitize(path, ocr=False)
    with pytest.raises(DataError, match="no curve begins at 1"):
        mo.curves.digitize(path, x_ticks=(0, 42), y_ticks=(0, 0.8))
    with pytest.warns(DataWarning, match="no one would label so"):
        mo.curves.digitize(path, x_ticks=(0, 37), y_ticks=(0, 1))


def test_kind_that_the_curves_contradict_is_refused(figure):
    path, _ = figure()
    with pytest.raises(DataError, match="no curve begins at 0"):
        mo.curves.digitize(path, kind="event")


def test_several_panels_are_asked_for_and_read_one_by_one(tmp_path):
    data = patients(3, 5)
    with plt.rc_context({"svg.fonttype": "none", "path.simplify": False}):
        fig, axes = plt.subplots(2, 2, figsize=(9, 7))
        for ax, arm in zip(axes.flat, data, strict=False):
            t, _, _, s = curve(*arm)
            ax.plot(np.append(0, t), np.append(1, s), drawstyle="steps-post", markevery=1)
            ax.set(xlim=(0, 44), ylim=(0, 1.02))
        axes[1, 1].bar([0, 1, 2], [3, 1, 2])
        fig.savefig(tmp_path / "panels.svg")
        plt.close(fig)
    with pytest.raises(DataError, match="3 panels with curves; choose one with panel="):
        mo.curves.digitize(tmp_path / "panels.svg")
    for k, arm in enumerate(data, 1):
        assert reading_error(mo.curves.digitize(tmp_path / "panels.svg", panel=k).curves[0], arm)[0] <= RMSE
    with pytest.raises(DataError, match="panel=4"):
        mo.curves.digitize(tmp_path / "panels.svg", panel=4)


def test_curves_are_chosen_by_number_and_colour(figure):
    path, data = figure(arms=3)
    with pytest.raises(DataError, match=r"3 curves .*n_curves=2"):
        quiet(path, n_curves=2)
    found = quiet(path, colours=["#ff7f0e"])
    assert [c.label for c in found.curves] == ["Arm B"]
    assert reading_error(found.curves[0], data[1])[0] <= RMSE
    with pytest.raises(DataError, match="no curve of colour #00ffff"):
        quiet(path, colours=["#00ffff"])


@pytest.mark.parametrize("form", ["svg-text", "pdf-truetype"])
@pytest.mark.parametrize("grid", [False, True])
def test_a_curve_without_events_is_read(tmp_path, form, grid):
    data = [*patients(1, 3), (np.array([10.0, 20, 30, 35]), np.zeros(4, dtype=int))]
    look = Look(mark="|", table=True, grid=grid)
    draw(data, look, tmp_path / f"figure.{form[:3]}", form)
    found = quiet(tmp_path / f"figure.{form[:3]}")
    assert [c.label for c in found.curves] == ["Arm A", "Arm B"]
    level = found.curves[1]
    assert level.survival.tolist() == [1, 1]
    assert level.time == pytest.approx([0, 35], abs=0.01)
    assert level.censor_times == pytest.approx([10, 20, 30, 35], abs=0.01)
    ipd = mo.curves.reconstruct_ipd(level.time, level.survival, at_risk=level.at_risk).ipd
    assert (len(ipd), ipd["event"].sum()) == (4, 0)


def test_lines_are_not_masked(figure):
    with pytest.raises(OptionError, match="masks= has no use for a figure made of lines"):
        mo.curves.digitize(figure()[0], masks=[(0, 0, 9, 9)])


def test_lines_that_are_no_staircases_are_refused(tmp_path):
    def change(ax):
        ax.lines[0].set_drawstyle("default")

    path, _ = plain(tmp_path, change)
    with pytest.raises(DataError, match="lean"):
        mo.curves.digitize(path)


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("how", ["page", "drawing"])
def test_turned_pages_are_read(tmp_path, figure, turn, how):
    import pypdfium2

    path, data = figure(LOOKS["table"], "pdf-truetype")
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    if how == "page":
        page.set_rotation(turn)
    else:
        wide, high = page.get_size()
        a = np.deg2rad(turn)
        c, s = round(float(np.cos(a))), round(float(np.sin(a)))
        shift = {90: (high, 0), 180: (wide, high), 270: (0, wide)}[turn]
        for item in page.get_objects(max_depth=1):
            item.transform(pypdfium2.PdfMatrix(c, s, -s, c, *shift))
            pypdfium2.raw.FPDFPageObj_TransformClipPath(item.raw, c, s, -s, c, *shift)
        page.set_mediabox(0, 0, *((high, wide) if turn != 180 else (wide, high)))
        page.gen_content()
    document.save(tmp_path / "turned.pdf")
    for got, arm in zip(quiet(tmp_path / "turned.pdf").curves, data, strict=True):
        assert reading_error(got, arm)[0] <= RMSE


def test_replay_of_a_vector_figure(tmp_path, figure):
    path, _ = figure()
    found = quiet(path)
    project = found.to_project(tmp_path / "figure.json")
    again = quiet_replay(project)
    pd.testing.assert_frame_equal(found.tidy(), again.tidy())
    record = json.loads(project.read_text())
    record["curves"][0]["time"][3] += 0.01
    project.write_text(json.dumps(record))
    with pytest.raises(DataError, match="not what is on record"):
        quiet_replay(project)
    path.write_text(path.read_text() + " ")
    with pytest.raises(DataError, match="checksum"):
        mo.curves.replay(project)
