"""The teaching curves: figures to coordinates, coordinates to patients, and both beside the patients behind them."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.data.schema.curve_fields import CURVE_TABLES
from metaonc.data.schema.tables import TABLES, validate

ROOT = Path(__file__).parents[3]
HOME = ROOT / "datasets" / "curves"
COORDINATE = 2e-6  # coordinates are kept to 6 decimals
SURVIVAL = 5e-6  # of the reconstructed curve v that of the patients
RATIO = 5e-4  # of a log hazard ratio: a mark may hide more than one patient
MARKS_LOST = 2e-3  # where marks lie where curves meet and are given to neither: those patients' times are assumed


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_curves", ROOT / "docs" / "make_curves.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_curves"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def truth(maker):
    """Return curve_id -> the patients behind it."""
    found = {}
    table = mo.load("curves").curves.table
    for file, rows in table.groupby("figure_file"):
        patients = maker.PATIENTS[Path(file).name]()
        for curve_id, label in zip(rows["curve_id"], rows["figure_label"], strict=True):
            arm = label.partition(",")[0]
            found[curve_id] = patients[patients["arm"] == arm]
            assert len(found[curve_id])
    return found


@pytest.fixture(scope="module")
def patients():
    return mo.load("curves").curves.ipd()


def raw(name):
    return pd.read_csv(HOME / f"{name}.csv", dtype=str, keep_default_na=False)


def test_every_table_keeps_to_the_schema():
    tables = {path.stem: raw(path.stem) for path in HOME.glob("*.csv")}
    assert set(CURVE_TABLES) - {"own_curves"} <= set(tables)
    typed = {name: validate(frame, name) for name, frame in tables.items()}
    for name, frame in tables.items():
        assert list(frame.columns) == [c for c in TABLES[name].names() if c in frame]
        validate(frame, name, others=typed)
    assert set(typed["points"]["curve_id"]) == set(typed["curves"]["curve_id"])


def test_every_figure_is_read_and_every_curve_has_a_figure(maker):
    files = {f"figures/{path.name}" for path in (HOME / "figures").iterdir()}
    assert files == set(raw("curves")["figure_file"]) == {f"figures/{name}" for name in maker.PATIENTS}


def test_the_coordinates_are_those_of_the_figures(maker):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)  # 14 marks where curves meet: the note of the curves says so
        read = maker.read_back()
    for name, table in read.items():
        kept = pd.read_csv(HOME / f"{name}.csv")
        assert kept["curve_id"].tolist() == table["curve_id"].tolist(), f"run python docs/make_curves.py ({name})"
        numbers = kept.columns.drop("curve_id")
        np.testing.assert_allclose(kept[numbers], table[numbers].astype(float), atol=COORDINATE, err_msg=name)


def test_the_patients_are_derived_from_the_coordinates_by_one_command(tmp_path):
    assert main(["patients", "curves", "--out", str(tmp_path)]) == 0
    for name in ("patients", "reconstructions"):
        kept, made = (pd.read_csv(folder / f"{name}.csv") for folder in (HOME, tmp_path))
        again = "see datasets/README.md, then run tests/refresh_datapackage.py"
        pd.testing.assert_frame_equal(kept, made, atol=1e-9, rtol=1e-9, obj=f"{name}.csv: {again}")


def test_what_the_table_says_is_what_the_figures_print(truth):
    table = mo.load("curves").curves.table.set_index("curve_id")
    for curve_id, patients in truth.items():
        row = table.loc[curve_id]
        assert pd.isna(row["n"]) or row["n"] == len(patients)
        assert pd.isna(row["events"]) or row["events"] == patients["event"].sum()
        median = mo.survival.kaplan_meier(patients).medians["median"][0]
        assert pd.isna(row["median"]) or abs(row["median"] - median) <= 0.05


def test_the_evidence_is_what_the_figures_print(truth, maker):
    for row in mo.load("curves").evidence.to_dict("records"):
        same = [row["subgroup_variable"], row["subgroup_level"], row["outcome"]]
        table = mo.load("curves").curves.table
        here = table[table["arm_id"] == row["arm_id"]]
        name = next(r["curve_id"] for r in here.to_dict("records")
                    if [r["subgroup_variable"], r["subgroup_level"], r["outcome"]] == same
                    or (pd.isna(row["subgroup_level"]) and pd.isna(r["subgroup_level"])))  # fmt: skip
        patients = truth[name]
        km = mo.survival.kaplan_meier(patients).medians.iloc[0]
        assert row["n"] == len(patients)
        assert pd.isna(row["events"]) or row["events"] == patients["event"].sum()
        for column, value in (("estimate", "median"), ("ci_low", "ci_low"), ("ci_high", "ci_high")):
            assert pd.isna(row[column]) or abs(row[column] - km[value]) <= 0.05
        if pd.notna(row["hr"]):
            file = table.set_index("curve_id").loc[name, "figure_file"]
            ratio = mo.survival.hazard_ratio(maker.PATIENTS[Path(file).name](), control="No hormone therapy")
            printed = [row["hr"], row["hr_low"], row["hr_high"]]
            np.testing.assert_allclose(np.exp([ratio.estimate, ratio.ci_low, ratio.ci_high]), printed, atol=0.005)


def test_the_curves_of_the_patients_are_the_true_ones(truth, patients):
    for curve_id, real in truth.items():
        made = patients[patients["curve_id"] == curve_id]
        assert (len(made), made["event"].sum()) == (len(real), real["event"].sum()), curve_id
        times = np.sort(real["time"].unique())
        between = (times[1:] + times[:-1]) / 2
        was, now = (
            mo.survival.kaplan_meier(p[["time", "event"]]).at(between)["survival"].to_numpy() for p in (real, made)
        )
        np.testing.assert_allclose(now, was, atol=SURVIVAL, err_msg=curve_id)


@pytest.mark.parametrize(
    ("choice", "arm", "control", "near"),
    [
        ({"subgroup_variable": "sex"}, "subgroup_level", "men", RATIO),
        ({"trial": "GBSG2", "subgroup_level": None}, "arm", "no hormone therapy", MARKS_LOST),
        ({"trial": "GBSG2", "subgroup_level": "premenopausal"}, "arm", "no hormone therapy", RATIO),
        ({"trial": "GBSG2", "subgroup_level": "postmenopausal"}, "arm", "no hormone therapy", RATIO),
        ({"trial": "6-MP leukaemia"}, "arm", "placebo", RATIO),
    ],
)
def test_hazard_ratio_and_medians_beside_the_truth(truth, choice, arm, control, near):
    curves = mo.load("curves").curves.where(**choice)
    made = curves.ipd()
    real = pd.concat(
        [truth[c].assign(**{arm: made.loc[made["curve_id"] == c, arm].iloc[0]}) for c in curves.table["curve_id"]]
    )
    now, was = (mo.survival.hazard_ratio(p, arm=arm, control=control) for p in (made, real))
    assert now.estimate == pytest.approx(was.estimate, abs=near)
    assert now.se == pytest.approx(was.se, rel=1e-3)
    medians = [mo.survival.kaplan_meier(p, by=arm).medians["median"] for p in (made, real)]
    np.testing.assert_allclose(*medians, atol=1e-5)


def test_the_figure_of_the_reconstruction_says_that_it_is_one(patients):
    lung = patients[patients["subgroup_variable"] == "sex"]
    km = mo.survival.kaplan_meier(lung, by="subgroup_level", unit="months")
    ax = mo.plot.km(km, reconstructed=True)
    assert any("Reconstructed from published curves" in t.get_text() for t in ax.figure.findobj(match=type(ax.title)))
