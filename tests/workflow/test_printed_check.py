"""What a figure prints beside its patients: figures drawn of known patients, with true and with false numbers."""

import warnings

import numpy as np
import pandas as pd
import pytest
from curve_renders import patients
from text_figures import draw

import metaonc as mo
from metaonc.cli import main
from metaonc.errors import DataError, DataWarning
from metaonc.workflow.page.session import Session
from metaonc.workflow.reconstruct_figures import reconstruct_figures

pytestmark = pytest.mark.usefixtures("small_files")

DATA = patients(2, 11, size=160)
NAMES = ("Drug A", "Placebo")
TRUTH = pd.concat(
    [pd.DataFrame({"time": t, "event": e, "arm": name}) for name, (t, e) in zip(NAMES, DATA, strict=True)]
)


def true_numbers():
    """Return the lines that a paper would print of these patients, by its own analysis."""
    ratio = mo.survival.hazard_ratio(TRUTH, control="Drug A")  # the figure does not say which way it is
    low, high = ratio.confidence_interval(transform=True)
    medians = mo.survival.kaplan_meier(TRUTH, by="arm").medians.set_index("group")["median"]
    hr = f"HR {ratio.hr:.2f} (95% CI {low:.2f}-{high:.2f})"
    return hr, medians["Drug A"], medians["Placebo"]


def figure(path, hr, a, b):
    draw(path, DATA, printed=(hr, f"Placebo: median {b:.1f} months", f"Drug A: median {a:.1f} months"))
    return path


@pytest.fixture(scope="module")
def true(tmp_path_factory):
    return figure(tmp_path_factory.mktemp("printed") / "true.pdf", *true_numbers())


@pytest.fixture(scope="module")
def false(tmp_path_factory):
    hr, a, b = true_numbers()
    return figure(tmp_path_factory.mktemp("printed") / "false.pdf", hr, 1.4 * a, b)


def test_true_numbers_agree_and_are_said(true):
    with warnings.catch_warnings():
        warnings.simplefilter("error", DataWarning)
        found = mo.reconstruct_figure(true, None)
    table = found.check.comparison
    assert table["quantity"].tolist() == ["log HR", "standard error", "median", "median"]
    assert table["agrees"].all()
    assert found.cautions == ()
    assert found.check.ratio.control == "Drug A"  # the way to which the printed ratio is nearer
    assert "it was taken as 'Placebo' to 'Drug A', to which it is nearer" in str(found)
    assert "median Drug A: published" in str(found)


def test_a_median_that_is_off_is_told_wherever_the_patients_are(false, tmp_path, capsys):
    with pytest.warns(DataWarning, match="median of 'Drug A': .* was published, the patients have"):
        found = mo.reconstruct_figure(false, None)
    assert len(found.cautions) == 1
    assert found.cautions[0] in str(found)
    assert main(["reconstruct", str(false), "--out", str(tmp_path / "out")]) == 0
    assert found.cautions[0] in capsys.readouterr().out
    written = pd.read_csv(tmp_path / "out" / "false_published.csv")
    assert written["agrees"].tolist() == [True, True, False, True]
    with pytest.warns(DataWarning):
        table = reconstruct_figures([false], tmp_path / "many").set_index("label")
    assert table["check"].to_dict() == {"Drug A": "does not agree", "Placebo": "agrees"}
    assert found.cautions[0] in table.loc["Drug A", "message"]
    session = Session(false)
    assert session.hand.unconfirmed == ("risk", "printed")
    solved = session.answer("solve", {"hand": session.hand.plain()})["solved"]
    assert found.cautions[0] in solved["cautions"]
    assert [row["agrees"] for row in solved["check"]] == [False, True]  # the ratio waits for its control arm


def test_what_is_stated_is_taken_in_place_of_what_was_read(false, true, tmp_path, capsys):
    _, a, _ = true_numbers()
    found = mo.reconstruct_figure(false, None, {"medians": {"Drug A": f"{a:.1f}"}, "control": None})
    assert found.check.agrees
    run = ["reconstruct", str(false), "--out", str(tmp_path / "out"), "--medians"]
    assert main([*run, f"Drug A={a:.1f}", "Placebo=NR"]) == 0
    assert "median Placebo: published not reached" in capsys.readouterr().out
    assert main([*run, "Drug A"]) == 2
    assert "--medians 'Drug A' is not LABEL=TIME" in capsys.readouterr().err
    with pytest.warns(DataWarning, match="'Placebo': not reached was published"):
        assert not mo.reconstruct_figure(true, None, {"medians": {"Placebo": None}}).check.agrees
    with pytest.raises(DataError, match="names 'Drug B', which is no arm"):
        mo.reconstruct_figure(true, None, {"medians": {"Drug B": 3}})


def test_the_control_arm_alone_says_which_way_a_read_ratio_is(true):
    with pytest.warns(DataWarning, match="the inverse agrees: is 'Placebo' the control"):
        found = mo.reconstruct_figure(true, None, {"control": "Placebo"})
    assert found.check.ratio.control == "Placebo"


@pytest.fixture(scope="module")
def at_985(tmp_path_factory):
    ratio = mo.survival.hazard_ratio(TRUTH, control="Drug A", level=0.985)
    low, high = ratio.confidence_interval(transform=True)
    path = tmp_path_factory.mktemp("level") / "level.pdf"
    draw(path, DATA, printed=(f"HR {ratio.hr:.2f} (98.5% CI {low:.2f}-{high:.2f})",))
    return path, f"{ratio.hr:.2f}", (f"{low:.2f}", f"{high:.2f}")


def test_a_stated_interval_has_the_level_that_the_figure_prints_with_it(at_985, tmp_path, capsys):
    path, hr, limits = at_985
    run = ["reconstruct", str(path), "--hr", hr, "--ci", *limits, "--control", "Drug A"]
    assert main([*run, "--out", str(tmp_path / "printed")]) == 0
    said = capsys.readouterr().out
    assert "The level of the stated interval is as the figure prints it: hazard ratio" in said
    assert pd.read_csv(tmp_path / "printed" / "level_published.csv")["agrees"].all()
    assert main([*run, "--level", "0.95", "--out", str(tmp_path / "stated")]) == 0
    said = capsys.readouterr()
    assert "standard error of the log hazard ratio" in said.err
    assert "as the figure prints it" not in said.out


def test_another_interval_than_the_printed_one_is_told_from_it(at_985, capsys, tmp_path):
    path, hr, (low, high) = at_985
    other = ["reconstruct", str(path), "--hr", hr, "--ci", low, f"{float(high) - 0.05:.2f}", "--control", "Drug A"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        assert main([*other, "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "The stated interval was taken as a 95 % interval; the figure prints another" in said
    assert "give --level 0.985" in said


def test_a_level_is_of_an_interval_that_is_stated(at_985, tmp_path, capsys):
    assert main(["reconstruct", str(at_985[0]), "--level", "0.9", "--out", str(tmp_path / "out")]) == 2
    assert "--hr is missing" in capsys.readouterr().err


def test_a_median_says_by_what_it_agrees():
    at = {"arm": "A", "time": np.arange(0, 20.0), "survival": np.linspace(1, 0.05, 20)}  # 0.05 a month
    arms = mo.curves.reconstruct_arms(pd.DataFrame(at), points="corners", n={"A": 80}, events={"A": 76})
    median = mo.survival.kaplan_meier(arms.ipd, by="arm").medians["median"].iloc[0]
    text = str(mo.survival.check_published(arms, medians={"A": median + 1}))
    survival = float((arms.ipd["time"] > median + 1).mean())
    assert f"(does not agree: survival at {median + 1:g} is {survival:.4g}, not within 0.025 of 0.5)" in text
    assert "(agrees)" in str(mo.survival.check_published(arms, medians={"A": median}))


def test_a_text_is_rounded_to_its_last_digit():
    at = {"arm": "A", "time": np.arange(0, 20.0), "survival": np.linspace(1, 0.05, 20)}  # 0.05 a month
    arms = mo.curves.reconstruct_arms(pd.DataFrame(at), points="corners", n={"A": 1000}, events={"A": 950})
    median = mo.survival.kaplan_meier(arms.ipd, by="arm").medians["median"].iloc[0]
    for printed, agrees in ((median, True), (median + 0.9, False), ("9.4", False), (f"{median:.0f}", True)):
        assert mo.survival.check_published(arms, medians={"A": printed}).agrees is agrees, printed
