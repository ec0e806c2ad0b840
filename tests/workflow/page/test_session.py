"""What a page is told, without a browser: opened, traced, solved, saved, taken up again, and replayed as a project."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from curve_renders import COLOURS as RENDERED
from curve_renders import PIXEL_LOOKS as LOOKS
from curve_renders import curve, patients, reading_error, render, ticks_of
from page_figures import COLOURS, LABELS, blind_figure, on_the_line, stated
from text_figures import MONTHS, at_risk, draw, recognised_as, shape_of

import metaonc as mo
from metaonc.cli import main
from metaonc.data.digitize.hand.curves import UNCONFIRMED, WAITS, by_hand
from metaonc.data.digitize.hand.reading import read_hand
from metaonc.errors import DataError
from metaonc.workflow.page.session import Session
from metaonc.workflow.reconstruct_project import reconstruct_project

pytestmark = pytest.mark.usefixtures("small_files")

FIGURES = Path(__file__).parents[2] / "data" / "digitize" / "figures"
RMSE = 0.006  # of a clean figure of 600 pixels, as the raster tests have it
LOG_HR = (
    0.03  # of which 0.01 is the print's: from pixels with a table, 90 % of trials lie within 0.010 (reconstruct_ipd)
)
TIMES = np.arange(0, 42, 6)


@pytest.fixture(scope="module")
def figure(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "blind.png"
    return path, *blind_figure(path)


@pytest.fixture(scope="module")
def typed(figure):
    """The record of the blind figure with both lines followed."""
    path, data, place = figure
    session = Session(path)
    hand = session.hand.plain() | stated(place)
    hand["risk_times"] = TIMES.tolist()
    hand["curves"] = [{"label": label, "colour": colour} for label, colour in zip(LABELS, COLOURS, strict=True)]
    for k, arm in enumerate(data):
        answer = session.answer("trace", {"hand": hand, "curve": k, "at": on_the_line(arm, place, 8.0)})
        assert "error" not in answer, answer
        n_risk = [int((arm[0] >= t).sum()) for t in TIMES]
        hand["curves"][k] = answer["curve"] | {"n": len(arm[0]), "events": int(arm[1].sum()), "n_risk": n_risk}
    return hand


def truth(data):
    frames = [pd.DataFrame({"time": t, "event": e, "arm": label}) for label, (t, e) in zip(LABELS, data, strict=True)]
    return pd.concat(frames, ignore_index=True)


def test_a_figure_that_is_refused_becomes_its_patients(figure, typed):
    path, data, _ = figure
    with pytest.raises(DataError):
        mo.curves.digitize(path, x_ticks=(0, 42), y_ticks=(0, 1))
    session = Session(path)
    assert session.unread
    assert session.hand.curves == ()
    for read, arm in zip(by_hand(read_hand(typed), session.source).curves, data, strict=True):
        assert reading_error(read, arm)[0] < RMSE
    solved = session.answer("solve", {"hand": typed})["solved"]
    assert solved["problems"] == []
    known = mo.survival.hazard_ratio(truth(data), control="Control")
    assert solved["ratio"]["treatment"] == "Drug"
    assert abs(np.log(float(solved["ratio"]["text"].split()[0])) - np.log(known.hr)) < LOG_HR
    for one, (t, e) in zip(solved["curves"], data, strict=True):
        assert (one["n"], one["events"]) == (len(t), int(e.sum()))
        assert one["rmse"] < RMSE


def test_the_curve_over_the_figure_is_that_of_the_patients(figure, typed):
    path, data, place = figure
    shown = Session(path).answer("solve", {"hand": typed})["solved"]["curves"][0]
    hand = read_hand(typed)
    arm = mo.curves.reconstruct_arms(
        by_hand(hand, Session(path).source),
        n={c.label: c.n for c in hand.curves},
        events={c.label: c.events for c in hand.curves},
    ).arms["Drug"]
    table = arm.life_table
    expected = np.array([place(t, s) for t, s in zip(table["time"], table["survival"], strict=True)])
    drawn = np.array(shown["km"])
    np.testing.assert_allclose(drawn[0], place(0, 1), atol=0.02)
    for point in expected[::7]:
        assert np.abs(drawn - point).max(axis=1).min() < 0.02
    assert (np.diff(drawn[:, 0]) >= 0).all()
    assert (np.diff(drawn[:, 1]) >= 0).all()
    residual = np.array(shown["residuals"])[:, 1]
    assert np.sqrt((residual**2).mean()) == pytest.approx(shown["rmse"], abs=1e-4)
    t, _, _, s = curve(*data[0])
    at = np.searchsorted(table["time"], 10.0, side="right") - 1
    assert table["survival"].iloc[at] == pytest.approx(s[np.searchsorted(t, 10.0, side="right") - 1], abs=0.02)


def test_what_is_printed_stands_beside(figure, typed):
    path, data, _ = figure
    known = mo.survival.hazard_ratio(truth(data), control="Control")
    low, high = known.confidence_interval(transform=True)
    printed = {
        "hr": f"{known.hr:.2f}",
        "ci_low": f"{low:.2f}",
        "ci_high": f"{high:.2f}",
        "control": "Control",
        "treatment": "Drug",
    }
    hand = json.loads(json.dumps(typed)) | {"printed": printed}
    hand["curves"][1]["median"] = "3"
    rows = Session(path).answer("solve", {"hand": hand})["solved"]["check"]
    assert [row["quantity"] for row in rows] == ["HR", "standard error", "median"]
    assert [row["agrees"] for row in rows] == [True, True, False]


def test_one_curve_that_lacks_its_counts_stops_no_other(figure, typed):
    hand = json.loads(json.dumps(typed))
    hand["curves"][1] |= {"n": None, "events": None, "marks": [], "n_risk": []}
    solved = Session(figure[0]).answer("solve", {"hand": hand})["solved"]
    assert "n is missing" in solved["curves"][1]["problem"]
    assert "its patients (n)" in solved["curves"][1]["problem"]  # in the words of the page
    assert solved["curves"][0]["n"] == 150
    assert solved["ratio"] is None


def test_a_change_makes_no_other_arm_anew(figure, typed, monkeypatch):
    session, made = Session(figure[0]), []
    from metaonc.workflow.page import solving

    inner = solving.reconstruct_arms
    monkeypatch.setattr(solving, "reconstruct_arms", lambda d, **k: made.append(d.curves[0].label) or inner(d, **k))
    session.answer("solve", {"hand": typed})
    hand = json.loads(json.dumps(typed))
    hand["curves"][0]["events"] -= 1
    hand["printed"] |= {"hr": 0.5, "control": "Control"}  # without its interval: said, and no arm is made anew for it
    assert session.answer("solve", {"hand": hand})["solved"]["problems"]
    assert made == ["Drug", "Control", "Drug"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (None, "is no record"),
        ({"hand": 3}, "no table of names and values"),
        ({"hand": {"curves": [{"label": "A", "n": "x"}]}}, "n of 'A'='x' is not a number"),
    ],
)
def test_what_is_no_record_is_an_error_in_words(figure, asked, said):
    assert said in Session(figure[0]).answer("solve", asked)["error"]


def test_a_line_that_is_not_there_is_said_with_what_to_do(figure, typed):
    hand = json.loads(json.dumps(typed))
    hand["curves"][0] |= {"colour": "#00ff00", "points": [], "read": "clicks"}
    session = Session(figure[0])
    error = session.answer("trace", {"hand": hand, "curve": 0, "at": None})["error"]
    assert "'Drug' (#00ff00) was not followed" in error
    assert "follow its line again through them" in error  # in the words of the page
    assert "no curve 9" in session.answer("trace", {"hand": hand, "curve": 8, "at": None})["error"]
    hand["x_axis"][0][1] = None
    assert "the x axis is not stated" in session.answer("trace", {"hand": hand, "curve": 0, "at": None})["error"]


def test_saving_writes_what_the_command_makes_of_the_project(figure, typed, tmp_path, capsys):
    path = figure[0]
    session = Session(path, out=tmp_path / "out")
    written = [Path(name).name for name in session.answer("save", {"hand": typed})["written"]]
    names = ["ipd.csv", "points.csv", "at_risk.csv", "quality.csv", "project.json", "overlay.png"]
    assert {f"blind_{name}" for name in names} <= set(written)
    saved = pd.read_csv(tmp_path / "out" / "blind_ipd.csv", float_precision="round_trip")
    project = tmp_path / "out" / "blind_project.json"
    again = reconstruct_project(project).patients.ipd
    pd.testing.assert_frame_equal(again, saved, check_dtype=False)
    assert main(["reconstruct", "--project", str(project), "--out", str(tmp_path / "by command")]) == 0
    capsys.readouterr()
    new = pd.read_csv(tmp_path / "by command" / "blind_ipd.csv", float_precision="round_trip")
    pd.testing.assert_frame_equal(new, saved)
    session.answer("save", {"hand": typed})  # over its own files
    (tmp_path / "other").mkdir()
    beside = ("--kind event", "--seeds 1:0.5", "--ocr", "--no-ocr", "--hr 0.7", "--control A", "--table t.csv")
    for options, said in (
        *(
            (
                ["--project", str(project), *one.split()],
                f"--{one.split()[0].removeprefix('--no-').strip('-')} has no use",
            )
            for one in beside
        ),
        (["a.png", "b.png", "--project", str(project)], "--project is of one figure, and 2 are given"),
        ([], "FIGURE is missing"),
    ):
        assert main(["reconstruct", *options, "--out", str(tmp_path / "none")]) == 2
        assert said in capsys.readouterr().err


def test_closing_loses_nothing(figure, typed, tmp_path):
    path = figure[0]
    session = Session(path, out=tmp_path / "out")
    hand = json.loads(json.dumps(typed)) | {"x_axis": [[10, 0], [500, None]]}  # half typed
    session.answer("solve", {"hand": hand})
    again = Session(path, out=tmp_path / "out")
    assert again.hand == read_hand(hand)
    assert again.unread == ""
    other = tmp_path / "other.png"
    other.write_bytes(path.read_bytes() + b" ")
    (tmp_path / "out" / "blind_autosave.json").rename(tmp_path / "out" / "other_autosave.json")
    with pytest.raises(DataError, match="keeps what was read of another figure"):
        Session(other, out=tmp_path / "out")


def test_a_folder_of_another_run_is_refused(figure, tmp_path):
    from metaonc.base.output.folder import write_folder

    write_folder(tmp_path / "out", {"a.txt": "a"}, run="analyse")
    with pytest.raises(DataError, match="holds the files of a run"):
        Session(figure[0], out=tmp_path / "out")
    Session(figure[0], out=tmp_path / "out", force=True)


@pytest.mark.parametrize("style", ["events", "percent", "ticks inside"])
def test_ticks_wait_for_their_values_and_lines_are_followed_on_any_scale(style, tmp_path, monkeypatch):
    monkeypatch.setattr("metaonc.data.digitize.raster.scales.is_installed", lambda: False)
    look, data = LOOKS[style], patients(2, 11)
    render(data, look, tmp_path / "figure.png", dpi=120)
    session = Session(tmp_path / "figure.png")
    hand = session.hand.plain()
    assert all(value is None for name in "xy" for _, value in hand[f"{name}_axis"])
    for name, values in zip("xy", ticks_of(look).values(), strict=True):
        for point, value in zip(hand[f"{name}_axis"], values, strict=True):
            point[1] = value
    hand |= {"kind": "event" if look.event else None}
    hand["curves"] = [{"label": f"Arm {k}", "colour": RENDERED[k]} for k in range(2)]
    for k, arm in enumerate(data):
        hand["curves"][k] = session.answer("trace", {"hand": hand, "curve": k, "at": None})["curve"]
        alone = hand | {"curves": hand["curves"][k : k + 1]}
        assert reading_error(by_hand(read_hand(alone), session.source).curves[0], arm)[0] < 2 * RMSE  # under marks
    shown = session.answer("solve", {"hand": hand})["solved"]
    assert len(shown["curves"]) == 2


@pytest.mark.parametrize("kind", ["pdf", "svg"])
def test_a_vector_figure_is_opened_as_it_was_read(kind, tmp_path):
    path = FIGURES / f"survminer.{kind}"
    session = Session(path)
    with pytest.warns(mo.DataWarning):
        known = mo.curves.digitize(path)
    found = by_hand(session.hand, session.source)
    for a, b in zip(found.curves, known.curves, strict=True):
        np.testing.assert_allclose(a.time, b.time, rtol=0, atol=1e-9)
        np.testing.assert_allclose(a.survival, b.survival, rtol=0, atol=1e-9)
        np.testing.assert_allclose(a.censor_times, b.censor_times[b.censor_times > 0], rtol=0, atol=1e-9)
        np.testing.assert_array_equal(a.at_risk["n_risk"], b.at_risk["n_risk"])
    assert session.hand.unconfirmed == ("risk",)
    solved = session.answer("solve", {"hand": session.hand.plain()})["solved"]
    assert {one["label"]: (one["n"], one["events"]) for one in solved["curves"]} == {
        "Male": (138, 112),
        "Female": (90, 53),
    }
    assert any("goes on outside" in said for said in solved["cautions"])
    hand = session.hand.plain()
    hand["curves"][0] |= {"points": [], "read": "clicks"}
    traced = session.answer("trace", {"hand": hand, "curve": 0, "at": None})["curve"]
    assert (traced["read"], len(traced["points"])) == ("corners", len(known.curves[0].time))


def test_a_file_that_is_no_figure_is_refused(tmp_path):
    (tmp_path / "points.csv").write_text("x,y\n0,1\n")
    with pytest.raises(DataError, match="is no figure"):
        Session(tmp_path / "points.csv")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(DataError, match="damaged"):
        Session(tmp_path / "broken.png")


def test_clicks_tell_lines_that_one_colour_does_not(tmp_path):
    data, place = blind_figure(tmp_path / "black.png", colours=("#000000", "#000000"))
    session = Session(tmp_path / "black.png")
    hand = session.hand.plain() | stated(place)
    hand["curves"] = [{"label": label, "colour": "#000000"} for label in LABELS]
    for k, arm in enumerate(data):
        alone = session.answer("trace", {"hand": hand, "curve": k, "at": None})
        assert "several lines of colour #000000" in alone["error"]
        assert "click points along it" in alone["error"]
        *before, last = [on_the_line(arm, place, t) for t in (2, 5, 12, 20, 30)]
        hand["curves"][k]["points"] = before
        hand["curves"][k] = session.answer("trace", {"hand": hand, "curve": k, "at": last})["curve"]
        assert hand["curves"][k]["read"] == "pixels"
        assert [said for said in hand["curves"][k]["cautions"] if "look at it where lines meet" in said]
    found = by_hand(read_hand(hand), session.source)
    for read, arm in zip(found.curves, data, strict=True):
        assert reading_error(read, arm)[0] < 2 * RMSE  # lines that touch at their beginnings
    assert sum("look at it where lines meet" in said for said in found.warnings) == 2


def test_a_large_image_is_shown_at_the_places_of_its_file(tmp_path):
    path = tmp_path / "large.png"
    data, place = blind_figure(path, dpi=600)
    session = Session(path)
    picture = session.picture
    assert picture.image.unit == 2
    assert (picture.left, picture.top, picture.width, picture.height) == (-0.5, -0.5, 3300, 2400)
    hand = session.hand.plain() | stated(place)
    hand["curves"] = [{"label": "Drug", "colour": COLOURS[0]}]
    at = on_the_line(data[0], place, 8.0)
    hand["curves"][0] = session.answer("trace", {"hand": hand, "curve": 0, "at": at})["curve"]
    assert reading_error(by_hand(read_hand(hand), session.source).curves[0], data[0])[0] < RMSE


def test_what_a_click_does_not_change_is_made_once(figure, typed, monkeypatch):
    from metaonc.data.digitize import figure as reading

    session, made = Session(figure[0]), []
    inner = reading.prepared
    monkeypatch.setattr(reading, "prepared", lambda s, o: made.append(o) or inner(s, o))
    answers = [session.answer("trace", {"hand": typed, "curve": k, "at": None}) for k in (0, 1, 0)]
    assert len(made) == 1
    assert answers[0]["curve"] == answers[2]["curve"]
    fresh = Session(figure[0]).answer("trace", {"hand": typed, "curve": 1, "at": None})
    assert answers[1]["curve"] == fresh["curve"]
    made.clear()
    masked = json.loads(json.dumps(typed)) | {"masks": [[0, 0, 20, 20]]}
    session.answer("trace", {"hand": masked, "curve": 0, "at": None})
    assert [one.masks for one in made] == [((0.0, 0.0, 20.0, 20.0),)]


def test_what_is_recognised_is_filled_in_and_waits_to_be_confirmed(tmp_path, monkeypatch):
    path, data = tmp_path / "figure.png", patients(2, 11, size=160)
    pieces, scale = draw(path, data)
    recognised_as(monkeypatch, pieces, shape_of(path))
    session = Session(path, out=tmp_path / "out")
    hand = session.hand
    assert session.unread == ""
    assert hand.unconfirmed == ("axes", "curves", "names", "risk", "printed")
    assert not any("n_curves" in said for said in hand.cautions)  # which a page has not: it asks for the number
    for name, points in scale.items():
        for (at, value), (true_at, true) in zip(getattr(hand, f"{name}_axis"), points, strict=True):
            assert value == pytest.approx(true)
            assert at == pytest.approx(true_at, abs=1.0)
    assert hand.risk_times == tuple(MONTHS)
    known = dict(zip(("Drug A", "Placebo"), at_risk(data), strict=True))
    assert {c.label: list(c.n_risk) for c in hand.curves} == known
    assert (hand.printed.hr, hand.printed.ci_low, hand.printed.ci_high) == (0.71, 0.55, 0.92)
    sentences = [UNCONFIRMED[part] for part in hand.unconfirmed]
    assert [said for said in by_hand(hand, session.source).warnings if said in sentences] == sentences
    solved = session.answer("solve", {"hand": hand.plain()})["solved"]
    assert [one["n"] for one in solved["curves"]] == [known[c.label][0] for c in hand.curves]
    assert set(sentences) <= set(solved["cautions"])
    assert WAITS in solved["cautions"]
    assert solved["problems"] == solved["check"] == []
    assert "error" not in session.answer("save", {"hand": hand.plain()})
    with pytest.warns(mo.DataWarning, match="choose its control arm"):
        assert reconstruct_project(tmp_path / "out" / "figure_project.json").check is None
    right = hand.plain() | {"unconfirmed": []}
    session.answer("keep", {"hand": right})
    assert Session(path, out=tmp_path / "out").hand.unconfirmed == ()
    assert not set(by_hand(read_hand(right), session.source).warnings) & set(sentences)


def test_labels_are_filled_in_though_no_curve_is_read(tmp_path, monkeypatch):
    path, data = tmp_path / "figure.png", patients(2, 11, size=160)
    pieces, _ = draw(path, data, colours=("black", "black"))
    recognised_as(monkeypatch, pieces, shape_of(path))
    session = Session(path)
    assert session.unread
    assert session.hand.curves == ()
    assert [value for _, value in session.hand.x_axis] == [0, 42]
    assert session.hand.unconfirmed == ("axes", "printed")
    assert session.hand.printed.hr == 0.71
