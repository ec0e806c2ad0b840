"""Tables that do not begin in their first row, in any encoding, with any marks: every reader reads them alike."""

import inspect

import pandas as pd
import pytest

import metaonc as mo

OPTIONS = {"sheet", "header", "skip", "sep", "decimal", "encoding"}
READERS = (mo.read_trials, mo.read_escalc, mo.read_adtte, mo.read_curves, mo.read_kmdata)
PATIENTS = [["P1", "Überleben (months)", "2.5", "0", "A"], ["P2", "Überleben (months)", "4", "1", "B"]]
ADTTE = ["USUBJID", "PARAM", "AVAL", "CNSR", "ARM"]
KM = [["1.5", "1", "A"], ["2", "0", "B"]]
CURVES = ["curve_id", "trial", "arm", "outcome", "unit", "points", "n"]
CURVE = [["Ü1", "T", "drug", "os", "months", "corners", "4"]]
POINTS = [["Ü1", "0", "1"], ["Ü1", "2.5", "0.75"]]


def text(names, rows, sep=",", decimal=".", above=(), below=()):
    body = [[cell.replace(".", decimal) for cell in row] for row in rows]
    return "\n".join([*above, *(sep.join(row) for row in [names, *body]), *below, ""])


def book(path, sheet, names, rows, above=()):
    with pd.ExcelWriter(path) as writer:
        cells = [[line] for line in above] + [
            names,
            *([float(c) if c[0] in "0123456789" else c for c in r] for r in rows),
        ]
        pd.DataFrame(cells).to_excel(writer, sheet_name=sheet, header=False, index=False)
        pd.DataFrame([["notes"], ["of us"]]).to_excel(writer, sheet_name="other", header=False, index=False)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_all_readers_of_tables_take_the_same_options(reader):
    wanted = inspect.signature(mo.read_trials).parameters
    own = inspect.signature(reader).parameters
    assert set(own) >= OPTIONS
    assert {n: own[n].default for n in OPTIONS} == {n: wanted[n].default for n in OPTIONS}


def test_patients_below_a_title_with_decimal_commas_in_another_encoding(tmp_path):
    path, plain = tmp_path / "adtte.csv", tmp_path / "plain.csv"
    plain.write_text(text(ADTTE, PATIENTS), encoding="utf-8")
    want = mo.read_adtte(plain)
    above, below = ("Data of the trial; cut of May", ""), ("P3;Überleben (months);x;0;A",)
    path.write_text(text(ADTTE, PATIENTS, ";", ",", above, below), encoding="cp1252")
    found = mo.read_adtte(path, header=3, skip=[6], sep=";", decimal=",", encoding="cp1252")
    pd.testing.assert_frame_equal(found, want)
    assert found["time"].tolist() == [2.5, 4.0]
    with pytest.warns(mo.DataWarning, match="read with cells separated by semicolons and numbers with a decimal comma"):
        shown = mo.read_adtte(path, skip=[6], header=3, encoding="cp1252")
    pd.testing.assert_frame_equal(shown, want)


def test_patients_of_a_workbook(tmp_path):
    book(tmp_path / "adtte.xlsx", "patients", ADTTE, PATIENTS, above=["Title"])
    found = mo.read_adtte(tmp_path / "adtte.xlsx", sheet="patients", header=2)
    assert found[["patient", "time", "event", "arm"]].values.tolist() == [["P1", 2.5, 1, "A"], ["P2", 4.0, 0, "B"]]
    with pytest.raises(mo.OptionError, match="say which, as in sheet='patients'"):
        mo.read_adtte(tmp_path / "adtte.xlsx")


def test_a_row_that_begins_like_a_sum_is_a_patient(tmp_path):
    names = ["PARAM", *(n for n in ADTTE if n != "PARAM")]
    rows = [["Overall (months)", "P1", "2.5", "0", "A"], ["Overall (months)", "P2", "4", "1", "B"]]
    (tmp_path / "a.csv").write_text(text(names, rows))
    assert len(mo.read_adtte(tmp_path / "a.csv")) == 2


def test_rows_of_a_dataframe_of_patients_can_be_skipped():
    table = pd.DataFrame(PATIENTS, columns=ADTTE).astype({"AVAL": float, "CNSR": int})
    assert mo.read_adtte(table, skip=[0])["patient"].tolist() == ["P2"]
    with pytest.raises(mo.DataError, match="skip=5 is no row of the table, whose rows are 0 to 1"):
        mo.read_adtte(table, skip=[5])
    with pytest.raises(mo.OptionError, match="header=2 is not for dataframe sources"):
        mo.read_adtte(table, header=2)
    commas = pd.DataFrame(PATIENTS, columns=ADTTE).assign(AVAL=["2,5", "4"])
    assert mo.read_adtte(commas, decimal=",")["time"].tolist() == [2.5, 4.0]


def test_options_that_a_source_has_no_use_for_are_refused(tmp_path):
    (tmp_path / "a.xpt").write_bytes(b"HEADER RECORD")
    with pytest.raises(mo.OptionError, match=r"sep=.;. is not for \.xpt sources"):
        mo.read_adtte(tmp_path / "a.xpt", sep=";")
    with pytest.raises(mo.OptionError, match=r"header=2 is not for \.rda sources"):
        mo.read_kmdata(tmp_path / "a.rda", header=2)
    with pytest.raises(mo.OptionError, match="one mark cannot be both"):
        mo.read_curves(tmp_path / "a.csv", sep=",", decimal=",")


def test_curves_of_any_layout(tmp_path):
    (tmp_path / "a.csv").write_text(text(CURVES, CURVE), encoding="utf-8")
    (tmp_path / "a_points.csv").write_text(text(["curve_id", "time", "survival"], POINTS), encoding="utf-8")
    want = mo.read_curves(tmp_path / "a.csv")
    above = ("Figure 2, read by us", "")
    below = ("Ü2;T;none;os;months;corners;9",)
    (tmp_path / "b.csv").write_text(text(CURVES, CURVE, ";", ",", above, below), encoding="cp1252")
    (tmp_path / "b_points.csv").write_text(
        text(["curve_id", "time", "survival"], POINTS, ";", ",", ["Points"]), encoding="cp1252"
    )
    found = mo.read_curves(tmp_path / "b.csv", header=3, skip=[5], sep=";", decimal=",", encoding="cp1252")
    for name in ("table", "points", "at_risk", "censor_marks"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(want, name))


def test_curves_of_workbooks(tmp_path):
    book(tmp_path / "a.xlsx", "curves", CURVES, CURVE, above=["Title"])
    pd.DataFrame(POINTS, columns=["curve_id", "time", "survival"]).astype({"time": float, "survival": float}).to_excel(
        tmp_path / "a_points.xlsx", index=False
    )
    pd.DataFrame(columns=["curve_id", "time"]).to_excel(tmp_path / "a_censor_marks.xlsx", index=False)
    found = mo.read_curves(tmp_path / "a.xlsx", sheet="curves", header=2)
    assert found.points["survival"].tolist() == [1.0, 0.75]
    assert len(found.censor_marks) == len(found.at_risk) == 0


def test_a_data_set_of_kmdata_as_a_table(tmp_path):
    (tmp_path / "TRIAL_2A.csv").write_text(text(["time", "event", "arm"], KM, ";", ",", ["TRIAL"], ["9;1;C"]))
    found = mo.read_kmdata(tmp_path / "TRIAL_2A.csv", header=2, skip=[5], sep=";", decimal=",")
    want = {"arm": ["A", "B"], "time": [1.5, 2.0], "event": [1, 0]}
    assert found["TRIAL_2A"].to_dict("list") == want
    assert found.table.loc[0, "arms"] == "A, B"
    assert found.ipd()[["arm", "time", "event"]].to_dict("list") == want
    with pytest.raises(mo.DataError, match="has no column 'time'"):
        mo.read_kmdata(tmp_path / "TRIAL_2A.csv", header=3, skip=[5])


def test_large_tables_of_patients_are_read(tmp_path):
    rows = [[f"P{i}", "OS (months)", str(1 + i / 7), str(i % 2), "A"] for i in range(120_000)]
    (tmp_path / "a.csv").write_text(text(ADTTE, rows))
    assert len(mo.read_adtte(tmp_path / "a.csv")) == 120_000
