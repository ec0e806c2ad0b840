"""A user's own curves: from the template to the patients, and what is said of files that cannot be read."""

import csv

import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.data.readers.template import write_curves_template
from metaonc.data.schema.tables import TABLES
from metaonc.errors import ColumnError, DataError, OptionError

CURVE = {"curve_id": "A-1", "trial": "A", "arm": "drug", "outcome": "EFS", "unit": "years", "points": "corners",
         "median": 4.0}  # fmt: skip
POINTS = [(0, 1), (2, 1), (2, 0.75), (5, 0.75), (5, 0.375), (8, 0.375)]
ROWS = [(0, 4), (4, 2)]


def fill(path, rows):
    names = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, names).writerows(rows)


@pytest.fixture
def filled(tmp_path):
    home, points, at_risk, *_ = write_curves_template(tmp_path / "mine.csv")
    fill(home, [CURVE])
    fill(points, [{"curve_id": "A-1", "time": t, "survival": s} for t, s in POINTS])
    fill(at_risk, [{"curve_id": "A-1", "time": t, "n_risk": k} for t, k in ROWS])
    return home


def changed(home, part, old, new):
    path = home.with_name(f"mine{part}.csv")
    text = path.read_text("utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return home


def test_the_template_has_help_for_every_column(tmp_path):
    written = write_curves_template(tmp_path / "mine.csv")
    assert [p.name for p in written] == [
        "mine.csv", "mine_points.csv", "mine_at_risk.csv", "mine_censor_marks.csv", "mine_columns.csv"]  # fmt: skip
    assert written[0].read_text("utf-8-sig").strip().split(",") == TABLES["own_curves"].names()
    with written[-1].open(encoding="utf-8-sig") as file:
        told = list(csv.DictReader(file))
    for path, table in zip(written, ("own_curves", "points", "at_risk", "censor_marks"), strict=False):
        assert [row["column"] for row in told if row["file"] == path.name] == TABLES[table].names()
    assert all(row["meaning"] for row in told)
    with pytest.raises(DataError, match=r"mine\.csv' is already there"):
        write_curves_template(tmp_path / "mine.csv")
    with pytest.raises(OptionError, match=r"a template of curves ends in \.csv"):
        write_curves_template(tmp_path / "mine.xlsx")


def test_from_the_template_to_the_patients(filled, tmp_path, capsys):
    curves = mo.read_curves(filled)
    patients = curves.ipd()
    assert patients[["time", "event"]].values.tolist()[0] == [2.0, 1]
    assert len(patients) == 4
    assert patients["event"].sum() == 2
    assert set(patients["unit"]) == {"years"}
    assert mo.audit(curves)["rule"].tolist() == ["curve_median"]  # printed as 4, on the curve 5
    assert main(["patients", str(filled), "--out", str(tmp_path / "out")]) == 0
    out = capsys.readouterr().out
    assert "A-1: 4 patients, 2 events, median 5 (printed 4), error at the points 0 (rmse)" in out
    assert "patients.csv" in out
    text = (tmp_path / "out" / "patients.csv").read_text("utf-8")
    assert text.startswith("curve_id,time,event\nA-1,2,1\n")
    row = next(csv.DictReader((tmp_path / "out" / "reconstructions.csv").read_text("utf-8").splitlines()))
    assert (row["n"], row["events"], row["median"], row["median_published"]) == ("4", "2", "5", "4")


def test_a_table_of_marks_may_be_missing_and_columns_of_ones_own_stay(filled):
    filled.with_name("mine_censor_marks.csv").unlink()
    text = filled.read_text("utf-8-sig").splitlines()
    filled.write_text(f"{text[0]},mine\n{text[1]},yes\n", "utf-8")
    assert mo.read_curves(filled).table["mine"].tolist() == ["yes"]


def test_semicolons_and_decimal_commas(tmp_path):
    (tmp_path / "de.csv").write_text("curve_id;trial;arm;outcome;unit;points;n;events\nA;A;x;os;months;corners;4;2\n")
    (tmp_path / "de_points.csv").write_text("curve_id;time;survival\nA;0;1\nA;2,5;0,75\nA;5;0,375\n")
    curves = mo.read_curves(tmp_path / "de.csv", sep=";", decimal=",")
    assert curves["A"].time.tolist() == [0, 2.5, 5]
    assert curves["A"].survival.tolist() == [1, 0.75, 0.375]
    with pytest.warns(mo.DataWarning, match="read with cells separated by semicolons"):
        mo.read_curves(tmp_path / "de.csv")
    assert main(["patients", str(tmp_path / "de.csv"), "--out", str(tmp_path)]) == 0
    assert (tmp_path / "patients.csv").read_text("utf-8").splitlines()[1] == "A,2.5,1"
    assert main(["check", str(tmp_path / "de.csv")]) == 0


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        ("_points", "A-1,2,0.75", "A-1,two,0.75", r"mine_points\.csv', line 4, curve 'A-1': time='two' is not a"),
        ("_points", "A-1,2,0.75", "A-1,-2,0.75", r"line 4, curve 'A-1': time=-2 must be at least 0"),
        ("_points", "A-1,2,0.75", "A-1,2,1.2", r"line 4, curve 'A-1': survival=1.2 must be at most 1.02"),
        ("_points", "A-1,2,0.75", "A-1,2,75", r"line 4, curve 'A-1': survival=75 is read as percent: divide by 100"),
        ("_points", "A-1,2,0.75", "A-2,2,0.75", r"line 4, curve 'A-2': curve_id='A-2' is not in curves.curve_id"),
        ("_points", "A-1,2,0.75", "A-1,2,", r"line 4, curve 'A-1': survival is blank"),
        ("_at_risk", "A-1,4,2", "A-1,4,2.5", r"mine_at_risk\.csv', line 3, curve 'A-1': n_risk=2.5 is not a whole"),
        ("", "corners", "corner", r"mine\.csv', line 2, curve 'A, A-1': points='corner' is not one of 'corners'"),
        ("", "years", "yr", r"line 2, curve 'A, A-1': unit='yr' is not one of 'days', 'weeks', 'months', 'years'"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_named_with_its_line(filled, part, old, new, says):
    with pytest.raises(DataError, match=says):
        mo.read_curves(changed(filled, part, old, new))


def test_events_and_patients_that_contradict_each_other(filled):
    fill(filled, [CURVE | {"curve_id": "A-2", "n": 5, "events": 6}])
    with pytest.raises(DataError, match=r"line 3, curve 'A, A-2': events=6 exceeds n=5: check both columns"):
        mo.read_curves(filled)


def test_files_that_are_missing_or_of_another_form(filled, tmp_path):
    fill(filled, [CURVE | {"curve_id": "A-2"}])
    with pytest.raises(DataError, match=r"curve 'A-2' of .*mine\.csv' has no points in mine_points\.csv"):
        mo.read_curves(filled)
    with pytest.raises(ColumnError, match=r"mine_points\.csv': points has no column 'surv'; it has"):
        mo.read_curves(changed(filled, "_points", "survival", "surv"))
    filled.with_name("mine_points.csv").unlink()
    with pytest.raises(DataError, match=r"there is no file .*mine_points\.csv"):
        mo.read_curves(filled)
    with pytest.raises(DataError, match=r"there is no file .*none\.csv"):
        mo.read_curves(tmp_path / "none.csv")
    empty = write_curves_template(tmp_path / "empty.csv")[0]
    with pytest.raises(DataError, match="has a header and no rows"):
        mo.read_curves(empty)


def test_a_curve_that_cannot_be_is_refused_when_its_patients_are_asked_for(filled):
    with pytest.raises(DataError, match=r"curve 'A-1': at_risk row 1 .*more are at risk than the 4 of the row before"):
        mo.read_curves(changed(filled, "_at_risk", "A-1,4,2", "A-1,4,6")).ipd()
