"""What ``--help`` and its page say runs: examples, exit status, completion; messages advise options that are there."""

import argparse
import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from page_figures import visit

import metaonc as mo
from metaonc.cli import main, run
from metaonc.cli.completion import script
from metaonc.cli.options.spoken import form_of
from metaonc.cli.run import COMMANDS, STATUS, parser

pytestmark = pytest.mark.usefixtures("small_files")

ROOT = Path(__file__).parents[2]
FIGURE = ROOT / "tests" / "data" / "digitize" / "figures" / "survminer.pdf"
RECORD = ROOT / "vignettes" / "records" / "NCT02296125.json"
OWN = "Study,HR (95% CI)\nAsh,0.55 (0.38-0.80)\nBirch,0.92 (0.70-1.21)\nCedar,0.71 (0.50-1.01)\n"
RISK = "label,time,n\nMale,0,138\nMale,12,35\nFemale,0,90\nFemale,12,30\n"
ROB = "Study,D1,D2,D3,D4,D5,Overall\n" + "".join(f"{trial}{',Low' * 6}\n" for trial in ("Ash", "Birch", "Cedar"))
EXAMPLES = [example for command in COMMANDS for example in command.EXAMPLES]


def commands(made=None):
    made = made or parser()
    return {
        name: command
        for action in made._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, command in action.choices.items()
    }


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.filterwarnings("ignore::metaonc.MetaoncWarning")
def test_examples_of_the_help_run(example, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("webbrowser.open", visit)  # and closed at once
    (tmp_path / "mine.csv").write_text(OWN)
    (tmp_path / "mine-2024.csv").write_text(OWN.rpartition("Cedar")[0])
    (tmp_path / "risk.csv").write_text(RISK)
    (tmp_path / "rob.csv").write_text(ROB)
    for name in ("figure.pdf", "figure2.pdf"):
        (tmp_path / name).write_bytes(FIGURE.read_bytes())
    (tmp_path / RECORD.name).write_bytes(RECORD.read_bytes())
    program, *arguments = shlex.split(re.split(r" [|>] ", example)[0])
    assert program == "metaonc"
    status = main(arguments)
    assert status == 0 or (arguments[0] == "check" and status == 1), capsys.readouterr().err
    assert capsys.readouterr().out


def test_every_command_shows_its_examples_and_the_exit_status(capsys):
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            parser().parse_args([command.NAME, "--help"])
        said = capsys.readouterr().out
        assert all(example in said for example in command.EXAMPLES)
        assert STATUS in said


def test_exit_status(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("good.csv").write_text("trial,outcome,n,events,estimate,unit\nA,orr,50,20,40,percent\n")
    Path("bad.csv").write_text("trial,outcome,n,events,estimate,unit\nA,orr,50,60,40,percent\n")
    assert main(["check", "good.csv"]) == 0
    assert main(["check", "bad.csv"]) == 1
    assert main(["check", "none.csv"]) == 2
    assert main(["analyse", "good.csv", "--outcome", "os", "--out", "o"]) == 2
    Path("full").mkdir()
    Path("full/manifest.json").write_text("{}")
    assert main(["analyse", "good.csv", "--outcome", "orr", "--out", "full"]) == 2
    with pytest.raises(SystemExit) as left:
        main(["analyse", "good.csv", "--outcome", "orr", "--out", "o", "--no-such-option"])
    assert left.value.code == 2
    monkeypatch.setattr("metaonc.data.audit.listing.check", lambda *a, **k: 1 / 0)
    capsys.readouterr()
    assert main(["check", "good.csv"]) == 3
    assert "ZeroDivisionError" in capsys.readouterr().err
    numbers = set(re.findall(r"^  (\d) ", STATUS, re.M))
    page = (ROOT / "docs" / "how_to" / "command_line.md").read_text("utf-8")
    assert numbers == {"0", "1", "2", "3"}
    assert all(f"`{number}`" in page for number in numbers)


def test_options_as_the_command_line_writes_them():
    made = commands()
    form = form_of(made["analyse"])
    assert form("sep", ";") == "--sep ';'"
    assert form("columns", {"HR (95% CI)": "os.hr", "N": "n"}) == "--columns 'HR (95% CI)=os.hr' --columns N=n"
    assert form("header", (2, 3)) == "--header 2 3"
    assert form("level", 0.95) == "--level 0.95"
    assert form("force", True) == form("force") == "--force"
    assert form("seeds") is None
    assert form_of(made["reconstruct"])("x_ticks", (0, 60)) == "--x-ticks 0 60"
    assert form_of(made["check"])("force", True) is None


@pytest.mark.parametrize(
    ("table", "given", "says"),
    [
        ("trial,Zahl\nA,5\n", (), "--columns Zahl=orr.estimate"),
        ("trial,hr,hr_low,hr_high\nA,0.5,0.3,\"1,830\"\n", (), "--decimal ,"),
        ("trial,hr,hr_low,hr_high\nA,0.5,0.3,0.83\nPhase III,,,\nB,0.5,0.3,0.83\n", (), "--skip 3"),
        ("trial,hr,hr_low,hr_high\nA,0.5,0.3,0.83\n", ("--skip", "9"), "--skip 9 is no line"),
        ("trial,hr,hr_low,hr_high\nA,0.5,0.3,0.83\n", ("--encoding", "latin-x"), "--encoding latin-x does not exist"),
        ("trial,hr,hr_low,hr_high\nA,0.5,0.3,0.83\n", ("--sep", ";;"), "--sep ';;' is not one character"),
        ("trial,hr,hr_low,hr_high\nA,0.5,0.3,0.83\n", ("--by", "kras"), "--by kras is neither"),
    ],
)  # fmt: skip
def test_advice_is_in_options_that_are_there(table, given, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text(table)
    assert main(["analyse", "a.csv", "--outcome", "os", "--out", "o", *given]) == 2
    said = capsys.readouterr().err
    assert says in said
    options = {option for action in commands()["analyse"]._actions for option in action.option_strings}
    assert set(re.findall(r"(?<!\w)--[a-z-]+", said)) <= options
    with pytest.raises(mo.MetaoncError) as caught:
        mo.analyse("a.csv", outcome="os", **python(given))
    assert "--" not in str(caught.value)


def python(given):
    name, value = (given[0][2:], given[1]) if given else ("sep", ",")
    return {name: [int(value)] if name == "skip" else value}


# where no command line can be, or a number of the data is named and no option
ELSEWHERE = (
    "readers/adtte.py",
    "readers/kmdata.py",
    "curves/summary.py",
    "curves/reconstruct.py",
    "imports/pixels.py",
    "messages/r_words.py",
    "messages/r_attributes.py",
)
OF_DATA = {"n", "events", "hr", "outcome", "level", "curves", "help"}


def test_no_message_writes_an_option_by_hand():
    names = {action.dest for command in commands().values() for action in command._actions} - OF_DATA
    by_hand = re.compile(rf"(?<![\w.(])({'|'.join(names)})=")
    found = []
    for path in (path for top in ("base", "data", "workflow") for path in (ROOT / "metaonc" / top).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
        docs = [node.body[0].value for node in ast.walk(tree) if isinstance(node, owners) and is_said(node.body[0])]
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if node not in docs and by_hand.search(text) and not path.as_posix().endswith(ELSEWHERE):
                found.append((str(path), node.lineno, text))
    assert found == []


def is_said(node):
    return isinstance(node, ast.Expr)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_knows_commands_options_and_values(shell):
    pytest.importorskip("shtab")
    made = script(parser(), shell)
    for word in ("analyse", "reconstruct", "--prediction", "HKSJ-adhoc", "RevMan5", "lgsoc"):
        assert word in made
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=made, text=True, check=True)


def test_completion_without_shtab_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(run.sys.modules, "shtab", None)
    with pytest.raises(SystemExit) as left:
        main(["--print-completion", "bash"])
    assert left.value.code == 2
    assert "pip install 'metaonc[completion]'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["analyse", "--help"], ["datasets"], ["--print-completion", "bash"]])
def test_a_reader_that_goes_away_is_no_fault(arguments):
    """What prints more than its reader takes ends without a word."""
    if "--print-completion" in arguments:
        pytest.importorskip("shtab")
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as gone:
        done = subprocess.run([sys.executable, "-m", "metaonc", *arguments], stdout=gone, stderr=subprocess.PIPE,
                              text=True, check=False, timeout=120)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
