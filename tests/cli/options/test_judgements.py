"""What people judged at the command line: lights, levels, certainty and findings, in what is printed and written."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from metaonc.cli import main

pytestmark = pytest.mark.usefixtures("small_files")

RATIOS = """trial,outcome,hr,hr_low,hr_high
Ash,os,0.55,0.38,0.796
Birch,os,0.92,0.7,1.209
Cedar,os,0.71,0.5,1.008
"""
JUDGED = """Study,D1,D2,D3,D4,D5,Overall
Ash,Low,Low,Low,Low,Low,Low
Birch,Low,High,Low,Low,SC,High
Cedar,Low,Low,Low,Low,SC,SC
"""
ROB = ("--risk-of-bias", "rob.csv", "--tool", "RoB 2")
CERTAINTY = ("--design", "randomised", "--minimal-difference", "0.8", "--indirectness", "serious", "another line")
PEOPLE = ("--baseline", "low risk=0.8", "--baseline", "high risk=0.4", "--at", "12 months", "--event", "unfavourable")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("os.csv").write_text(RATIOS)
    Path("rob.csv").write_text(JUDGED)

    def call(*arguments):
        status = main(("analyse", "os.csv", "--outcome", "os", "--out", "o", "--force", *arguments))
        return status, *capsys.readouterr()

    return call


def test_judgements_are_in_the_figure_what_is_printed_the_report_and_the_findings(run):
    status, out, err = run(*ROB, *CERTAINTY, *PEOPLE, "--report", "html")
    assert (status, err) == (0, "")
    for said in ("Low only", "indirectness: RATE DOWN BY ONE LEVEL (stated). Another line", "high risk: NNT",
                 "--publication-bias serious why", "Risk of bias"):  # fmt: skip
        assert said.lower() in out.lower(), said
    figure = Path("o/os_forest.svg").read_text("utf-8")
    assert all(f">{word}<" in figure for word in ("D1", "Overall"))
    cells = [
        c.text for row in Document(BytesIO(Path("o/os_findings.docx").read_bytes())).tables[0].rows for c in row.cells
    ]
    assert "800 (low risk)" in cells
    page = Path("o/os.html").read_text("utf-8")
    assert all(heading in page for heading in ("By risk of bias", "Certainty", "Absolute effect"))


def test_participants_are_given_or_those_of_the_rows(run):
    def cells():
        table = Document(BytesIO(Path("o/os_findings.docx").read_bytes())).tables[0]
        return [c.text for row in table.rows for c in row.cells]

    assert run(*CERTAINTY)[0] == 0
    assert "not known (3 randomised trials)" in cells()
    assert run(*CERTAINTY, "--participants", "612")[0] == 0
    assert "612 (3 randomised trials)" in cells()
    rows = [f"{line},n,n_comparator" if i == 0 else f"{line},10{i},9{i}" for i, line in enumerate(RATIOS.splitlines())]
    Path("os.csv").write_text("\n".join(rows))
    assert run(*CERTAINTY)[0] == 0
    assert "582 (3 randomised trials)" in cells()


def test_as_json_and_lights_alone(run):
    status, out, _ = run(*ROB, "--json")
    assert (status, list(json.loads(out)["judged"])) == (0, ["By risk of bias"])
    assert not Path("o/os_findings.docx").exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (ROB[:2], "go together: say --tool 'RoB 2' too"),
        (ROB[2:], "go together: say --risk-of-bias rob.csv too"),
        (("--at", "3"), "--at is of certainty, which asks for --design randomised"),
        (("--participants", "9"), "--participants is of certainty, which asks for --design randomised"),
        ((*CERTAINTY, "--event", "favourable"), "--event is of people per 1,000, which asks for --baseline 0.4"),
        ((*CERTAINTY, "--baseline", "0.4"), "asks whether the event is bad: --event unfavourable"),
        ((*CERTAINTY, *PEOPLE[:2], *PEOPLE[:2]), "two baselines have the name 'low risk'"),
        ((*CERTAINTY, "--baseline", "many"), "--baseline many is no share"),
        (("--design", "randomised", "--imprecision", "so"), "as in --imprecision serious why"),
        (("--design", "randomised", "--imprecision", "serious", "very", "much"), "a level and, in quotes, the reason"),
        (("--design", "single-arm"), "does not fit a hazard ratio"),
    ],
)
def test_what_cannot_be_is_said_with_what_to_give(run, given, says):
    status, _, err = run(*given)
    assert status == 2
    assert says in err


def test_names_that_differ_by_case_alone_are_refused(run):
    Path("rob.csv").write_text(JUDGED.replace("Ash", "ASH"))
    status, _, err = run(*ROB)
    assert status == 2
    assert "'Ash' (the result) and 'ASH' (the judgements) differ only by case" in err
