"""``metaonc reconstruct``: from a file to patients, on figures that R drew of known patients (figures.R)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from figure_checks import clipped, overlaps

import metaonc as mo
from metaonc.cli import main
from metaonc.errors import DataError
from metaonc.report.km.overlay import residuals
from metaonc.workflow.reconstruct_figure import reconstruct_figure

pytestmark = pytest.mark.usefixtures("small_files")

FIGURES = Path(__file__).parents[1] / "data" / "digitize" / "figures"
SURVMINER = FIGURES / "survminer.pdf"
# R's survival package: lung has 112 deaths of 138 men and 53 of 90 women; at risk at 0, 6, ..., 30 months
KNOWN = {"Male": (138, 112), "Female": (90, 53)}
AT_RISK = {"Male": [138, 86, 35, 17, 7, 2], "Female": [90, 70, 30, 15, 6, 1]}


def table(path, **change):
    rows = [(label, 6 * i, n) for label, counts in AT_RISK.items() for i, n in enumerate(counts)]
    frame = pd.DataFrame(rows, columns=["label", "time", "n"]).assign(**change)
    frame.to_csv(path, index=False)
    return path


def test_a_figure_becomes_its_patients(tmp_path, capsys):
    with pytest.warns(mo.DataWarning, match="goes on outside"):
        found = reconstruct_figure(SURVMINER, None)
    assert {a: (len(g), g["event"].sum()) for a, g in found.patients.ipd.groupby("arm")} == KNOWN
    assert main(["reconstruct", str(SURVMINER), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr()
    assert "Reconstructed patients: 138, 112 events" in said.out
    assert "goes on outside what the figure shows" in said.err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    tables = {f"survminer_{name}.csv" for name in ("ipd", "points", "at_risk", "quality")}
    figures = {f"survminer_{name}.{kind}" for name in ("overlay", "on_figure") for kind in ("pdf", "svg", "png")}
    assert names == tables | figures | {"survminer_project.json", "manifest.json"}
    written = pd.read_csv(tmp_path / "out" / "survminer_ipd.csv")
    pd.testing.assert_frame_equal(written, found.patients.ipd.reset_index(drop=True), check_dtype=False)


# coxph(Surv(time, status) ~ sex, lung) of R, as its summary() prints it: women to men
COX = ["--hr", "0.588", "--ci", "0.4237", "0.816"]


def test_the_published_hazard_ratio_checks_the_patients(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["reconstruct", str(SURVMINER), "--out", str(out), *COX, "--control", "Male"]) == 0
    assert "HR Female / Male: published 0.588, reconstructed 0.588" in (said := capsys.readouterr().out)
    assert "(agrees)" in said
    assert pd.read_csv(out / "survminer_published.csv")["agrees"].all()
    other = ["reconstruct", str(SURVMINER), "--out", str(out), *COX, "--control", "Female"]
    assert main(other) == 2
    assert "holds the files of a run (reconstruct, survminer)" in capsys.readouterr().err
    assert main([*other, "--force"]) == 0
    assert "the inverse agrees: is 'Female' the control" in capsys.readouterr().out


def test_curves_are_named_at_the_command_line(tmp_path, capsys):
    named = ["--labels", "Male=Men", "Female=Women", "--control", "Men"]
    assert main(["reconstruct", str(SURVMINER), "--out", str(tmp_path / "out"), *named]) == 0
    capsys.readouterr()
    assert set(pd.read_csv(tmp_path / "out" / "survminer_ipd.csv")["arm"]) == {"Men", "Women"}
    assert main(["reconstruct", str(SURVMINER), "--out", str(tmp_path / "none"), "--labels", "Men"]) == 2
    assert "--labels 'Men' is not LABEL=NAME, such as 'Curve 1=Placebo'." in capsys.readouterr().err


def test_the_control_alone_gives_the_hazard_ratio_of_the_patients(tmp_path, capsys):
    assert main(["reconstruct", str(SURVMINER), "--out", str(tmp_path / "out"), "--control", "Male"]) == 0
    said = capsys.readouterr().out
    assert "Of the reconstructed patients\nFemale against Male\nHazard ratio 0.588" in said
    assert "Beside what is printed" not in said
    row = pd.read_csv(tmp_path / "out" / "survminer_hazard_ratio.csv").iloc[0]
    np.testing.assert_allclose(row[["estimate", "ci_low", "ci_high"]].astype(float), [0.588, 0.4237, 0.816], rtol=1e-3)
    assert main(["reconstruct", str(SURVMINER), "--out", str(tmp_path / "no"), "--control", "Men"]) == 2
    assert "control names 'Men', which is no arm; the arms are" in capsys.readouterr().err


def test_a_check_lacks_nothing(tmp_path, capsys):
    for given, message in (
        (COX, "--control is missing"),
        (["--treatment", "Male"], "--hr is missing"),
        (["--hr", "0"], "--ci is"),
    ):
        assert main(["reconstruct", str(SURVMINER), "--out", str(tmp_path / "out"), *given]) == 2
        assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
def test_numbers_at_risk_may_come_from_a_table(tmp_path):
    own = reconstruct_figure(SURVMINER, table(tmp_path / "risk.csv"))
    pd.testing.assert_frame_equal(own.patients.ipd, reconstruct_figure(SURVMINER, None).patients.ipd)


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("label,time\nMale,0\n", "has no column 'n_risk' but"),
        ("time,n\n0,138\n", "has no column 'label', and the figure has 2 curves"),
        ("label,time,n\nMen,0,138\n", "no rows for the curve 'Male' but for 'Men'"),
        ("label,time,n\nMale,0,138\nMale,6,200\nFemale,0,90\n", "arm 'Male': at_risk row 1"),
        ("label,time,n,n\nMale,0,138,90\n", "column 'n' stands in the header of"),
        ("label,time,n\nMale,0,138\nMale,6,1e2\nFemale,0,90\n", "n_risk[1]='1e2' is not a number"),
        (
            "label,time,n\nMale,0,138\nmale,6,100\nFemale,0,90\n",
            "'Male' (row 0) and 'male' (row 1) differ only by case",
        ),
        (None, "there is no file"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(tmp_path, capsys, content, message):
    path = tmp_path / "risk.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["reconstruct", str(SURVMINER), "--at-risk", str(path), "--out", str(tmp_path / "out")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
def test_numbers_of_the_command_line_are_read_as_all_are(tmp_path, capsys):
    check = ["--hr", "1_0", "--ci", "0.4", "0.8", "--control", "Male"]
    assert main(["reconstruct", str(SURVMINER), *check, "--out", str(tmp_path / "out")]) == 2
    assert "hr='1_0' is not a number: write plain digits" in capsys.readouterr().err
    assert main(["reconstruct", str(SURVMINER), "--n", "Male=\u0663", "--out", str(tmp_path / "out")]) == 2
    assert "is not LABEL=COUNT" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
def test_the_overlay_shows_points_curves_and_what_lies_between():
    found = reconstruct_figure(SURVMINER, None)
    ax = mo.plot.overlay(found.digitized, found.patients.arms)
    lines = {line.get_label(): line for line in ax.lines}
    assert "Male, reconstructed: 138 patients, 112 events" in lines
    for curve in found.digitized.curves:
        drawn = lines[f"{curve.label}, digitised corners"]
        np.testing.assert_array_equal(drawn.get_xdata(), curve.time)
        np.testing.assert_array_equal(drawn.get_ydata(), curve.survival)
        edges, between = residuals(curve, found.patients.arms[curve.label])
        assert len(edges) == len(between) + 1
        assert np.abs(between).max() < 1e-3
    assert overlaps(ax.figure) == []
    assert clipped(ax.figure) == []


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
@pytest.mark.parametrize("draw", [mo.plot.overlay, mo.plot.on_figure])
def test_pictures_say_which_printed_numbers_the_patients_do_not_agree_with(draw):
    printed = {"hr": 0.3, "ci_low": 0.25, "ci_high": 0.36, "control": "Male", "medians": {"Male": "20"}}
    found = reconstruct_figure(SURVMINER, None, printed)
    assert len(found.cautions) > 1
    ax = draw(found.digitized, found.patients.arms, check=found.check)
    said = " ".join(" ".join(text.get_text() for text in ax.figure.texts).split())
    for caution in found.cautions:
        assert caution in said
    assert not any("published" in text for text in clipped(ax.figure))
    if draw is mo.plot.overlay:  # the texts of the figure itself stand as they were printed
        assert overlaps(ax.figure) == []
    agreeing = reconstruct_figure(SURVMINER, None, {"medians": {"Male": "8.9", "Female": "14.0"}})
    assert agreeing.check.agrees
    assert draw(agreeing.digitized, agreeing.patients.arms, check=agreeing.check).figure.texts == []


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
def test_an_overlay_of_other_curves_is_refused():
    found = reconstruct_figure(SURVMINER, None)
    with pytest.raises(DataError, match="'Men' is no curve of the figure; its curves are 'Male', 'Female'"):
        mo.plot.overlay(found.digitized, {"Men": found.patients.arms["Male"]})
    with pytest.raises(DataError, match="no curve was reconstructed"):
        mo.plot.overlay(found.digitized, {})


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
def test_counts_may_stand_for_numbers_at_risk(tmp_path, capsys):
    clicks = tmp_path / "clicks.csv"
    clicks.write_text("x,new=drug,old\n0,1,1\n4,,0.7\n5,0.9,\n12,0.7,0.4\n20,0.5,0.2\n", encoding="utf-8")
    run = ["reconstruct", str(clicks), "--out", str(tmp_path / "out")]
    assert main(run) == 2
    said = capsys.readouterr().err
    assert "prints no numbers at risk for 'new=drug' that can be read; give --at-risk, or --n (and --events" in said
    assert "of each curve by its name here: 'new=drug' (" in said
    assert main([*run, "--n", "new=drug=60", "old=50", "--events", "new=drug=28", "old=38"]) == 0
    said = capsys.readouterr().out
    assert "Reconstructed patients: 60, 28 events" in said
    assert "Reconstructed patients: 50, 38 events" in said
    assert main([*run, "--n", "drug"]) == 2
    assert "'drug' is not LABEL=COUNT" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
def test_axes_are_stated_at_the_command_line(tmp_path, capsys):
    own = mo.curves.digitize(FIGURES / "survminer.svg")
    points = []
    for name, fit in (("x", own.calibration.x), ("y", own.calibration.y)):
        ends = [(fit.positions[k], fit.values[k]) for k in (0, -2)]
        points += [f"--{name}-axis", *(f"{at}:{value}" for at, value in ends)]
    command = ["reconstruct", str(FIGURES / "survminer.svg"), "--out", str(tmp_path / "out"), *points]
    assert main(command) == 0
    assert "x axis: stated as 0 at" in capsys.readouterr().out
    written = pd.read_csv(tmp_path / "out" / "survminer_points.csv")
    np.testing.assert_allclose(written["survival"], own.points["survival"], atol=1e-9)
    assert main(["reconstruct", "none.svg", "--out", str(tmp_path / "no"), "--x-axis", "57", "612:60"]) == 2
    assert "--x-axis 57 612:60 is not two points of the axis" in capsys.readouterr().err


def test_a_panel_and_masks_are_given_at_the_command_line(tmp_path, capsys):
    image = str(FIGURES / "base.png")
    scales = ["--x-ticks", "0", "30", "--y-ticks", "0", "1", "--n-curves", "2", "--n", "Curve 1=90", "Curve 2=138"]
    more = ["--events", "Curve 1=53", "Curve 2=112", "--masks", "670:140:830:196", "--panel", "0", "60", "900", "640"]
    assert main(["reconstruct", image, "--out", str(tmp_path / "out"), *scales, *more]) == 0
    assert "Reconstructed patients: 138, 112 events" in capsys.readouterr().out
    assert main(["reconstruct", image, "--out", str(tmp_path / "no"), *scales, "--panel", "2"]) == 2
    assert "instead of --panel 2 give the box around one" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
@pytest.mark.parametrize("name", ["survminer.pdf", "survminer.svg", "base.png", "events.pdf"])
def test_the_reconstructed_curves_lie_on_the_figure(name):
    options = {"n": {"Curve 1": 90, "Curve 2": 138}, "events": {"Curve 1": 53, "Curve 2": 112}}
    scales = {"x_ticks": (0, 30), "y_ticks": (0, 1), "n_curves": 2, "masks": [(670, 140, 830, 196)]}
    counts = {} if name.startswith("survminer") else options
    if name == "events.pdf":
        labels = [curve.label for curve in mo.curves.digitize(FIGURES / name).curves]
        counts = {"n": dict.fromkeys(labels, 138), "events": dict.fromkeys(labels, 60)}
    found = reconstruct_figure(FIGURES / name, None, **counts, **(scales if name == "base.png" else {}))
    ax = mo.plot.on_figure(found.digitized, found.patients.arms)
    scale = found.digitized.calibration
    drawn = {line.get_label(): line for line in ax.lines}
    for curve in found.digitized.curves:
        x, y = drawn[curve.label].get_data()
        table = found.patients.arms[curve.label].life_table
        np.testing.assert_allclose(np.unique(scale.x.at(x)), np.unique([0.0, *table["time"]]), atol=1e-9)
        np.testing.assert_allclose(np.unique(scale.survival(y)), np.unique([1.0, *table["survival"]]), atol=1e-9)
    crosses = [line for line in ax.lines if line.get_marker() == "+"]
    assert [len(line.get_xdata()) for line in crosses] == [len(scale.x.values), len(scale.y.values)]
    np.testing.assert_allclose(crosses[0].get_xdata(), scale.x.positions)
    key = ax.figure.axes[1]
    swatches = [line.get_color() for line in key.lines if line.get_marker() == "s"]
    assert swatches == [curve.colour for curve in found.digitized.curves]
    said = [text.get_text() for text in key.texts]
    assert [t for t in said if t in ("1", "2")] == [str(k + 1) for k in range(len(swatches))]
    for label, arm in found.patients.arms.items():
        assert f"{label}: {len(arm.ipd)} patients, {arm.quality.events_found} events" in said


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
def test_there_is_no_drawing_on_a_figure_that_is_not_there(tmp_path):
    P = mo.curves.AxisPoint
    axes = [P(100, 500, x=0), P(700, 500, x=60), P(100, 500, y=0), P(100, 100, y=1)]
    clicked = mo.curves.from_pixels({"drug": [(100, 100), (220, 180), (400, 300)]}, axes)
    arm = mo.curves.reconstruct_ipd([0, 12, 30], [1, 0.8, 0.5], points="clicks", n=40, events=20)
    with pytest.raises(DataError, match="there is no figure to draw on; use overlay"):
        mo.plot.on_figure(clicked, {"drug": arm})
    copy = tmp_path / "figure.svg"
    copy.write_bytes((FIGURES / "survminer.svg").read_bytes())
    found = reconstruct_figure(copy, None)
    with pytest.raises(DataError, match="'Men' is no curve of the figure"):
        mo.plot.on_figure(found.digitized, {"Men": arm})
    copy.write_bytes((FIGURES / "base.svg").read_bytes())
    with pytest.raises(DataError, match="is not the file that the curves were read from"):
        mo.plot.on_figure(found.digitized, found.patients.arms)


def test_many_figures_end_in_one_table(tmp_path, capsys):
    bad = tmp_path / "bad.svg"
    bad.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    figures = [str(SURVMINER), str(bad), str(FIGURES / "survminer.svg")]
    table, out = tmp_path / "figures.csv", tmp_path / "out"
    assert main(["reconstruct", *figures, "--out", str(out)]) == 2
    assert "two figures are named 'survminer'" in capsys.readouterr().err
    copy = tmp_path / "other.svg"
    copy.write_bytes((FIGURES / "survminer.svg").read_bytes())
    figures[2] = str(copy)
    assert main(["reconstruct", *figures, "--table", str(table), "--out", str(out)]) == 1
    said = capsys.readouterr()
    assert "2 of 3 figures were reconstructed." in said.out
    assert "bad.svg: " in said.out
    assert str(tmp_path) not in said.out.partition("\n")[2].partition("bad.svg: ")[0]  # names are enough in the table
    assert "NaN" not in said.out
    assert "2 curves, 228 patients, 2 warnings" in said.err
    assert [line[:5] for line in said.err.splitlines() if line.startswith("[")] == ["[1/3]", "[2/3]", "[3/3]"]
    rows = pd.read_csv(table)
    assert rows["status"].tolist() == ["done", "done", "failed", "done", "done"]
    done = rows[rows["status"] == "done"]
    assert [(r.label, r.n, r.events) for r in done.itertuples()] == 2 * [(k, *v) for k, v in KNOWN.items()]
    assert "bad.svg" in rows.loc[2, "figure"]
    assert "draws nothing" in rows.loc[2, "message"]
    assert (out / "survminer" / "survminer_ipd.csv").exists()
    assert (out / "other" / "other_on_figure.png").exists()
    assert main(["reconstruct", str(SURVMINER), str(copy), "--out", str(tmp_path / "fine")]) == 0
    capsys.readouterr()
    assert main(["reconstruct", *figures, "--hr", "0.5", "--out", str(out)]) == 2
    assert "--hr is of one figure: reconstruct it alone" in capsys.readouterr().err
    assert main(["reconstruct", str(SURVMINER), "--table", str(table), "--out", str(tmp_path / "one")]) == 0
    assert len(pd.read_csv(table)) == 2
