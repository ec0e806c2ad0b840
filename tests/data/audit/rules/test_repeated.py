"""Rows that stand in a table twice are found whatever its columns are."""

import pytest

import metaonc as mo

TABLE = {"Trial": ["Alpha", "Beta", "Beta", "Gamma"], "Wibble": [4, 21, 21, 18], "N": [38, 55, 55, 47]}


def told(table, **how):
    found = mo.audit(table, **how)
    return found[found["rule"] == "row_twice"]


@pytest.mark.parametrize(
    "more",
    [{}, {"Notes": ["", "", "again", ""]}, {"No.": [1, 2, 3, 4]}, {"line": [7, 8, 9, 10]}, {"row_id": list("abcd")}],
)
def test_a_row_again_is_told_beside_what_is_said_of_the_row_itself(more):
    found = told({**TABLE, **more})
    assert found["row"].tolist() == [2]
    assert found["other_rows"].tolist() == [(1,)]
    assert found["severity"].tolist() == ["error"]
    assert "cell by cell" in found["message"].iloc[0]


@pytest.mark.parametrize(
    "more", [{"KRAS": list("abca")}, {"Year": [2011, 2012, 2014, 2014]}, {"Wibble": [4, 21, 22, 18]}]
)
def test_a_cell_tells_rows_apart(more):
    assert not len(told({**TABLE, **more}))


def test_rows_without_a_trial_may_be_of_two():
    assert told({"x": [1, 2, 2], "events": [3, 5, 5], "n": [20, 30, 30]})["severity"].tolist() == ["warning"]


def test_the_same_patients_of_a_known_outcome_are_one_finding():
    found = mo.audit({"trial": ["A", "A"], "outcome": ["orr", "orr"], "n": [20, 20], "events": [5, 5]})
    assert found["rule"].tolist() == ["same_patients_twice"]


def test_the_command_fails_for_a_row_twice(tmp_path, capsys):
    from metaonc.cli import main

    file = tmp_path / "t.csv"
    file.write_text("Trial,Wibble,N,Comment\nA,4,38,\nB,21,55,\nB,21,55,again\n")
    assert main(["check", str(file)]) == 1
    assert "row_twice" in capsys.readouterr().out


def test_an_audit_without_findings_says_how_much_was_asked():
    found = mo.audit({"trial": ["A"], "n": [20], "events": [5]})
    lacks = len(found.attrs["not_asked"])
    rules = len(mo.data.audit.RULES)
    assert str(found).startswith(f"No rows: {rules - lacks} of {rules} rules could be asked; the others lack columns")
    assert "rules could be asked" in found._repr_html_()
