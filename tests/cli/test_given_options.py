"""Options that are empty, given twice, or no sense: each is refused by name, none is ignored."""

from __future__ import annotations

import argparse

import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.cli.options.once import Once
from metaonc.cli.run import parser

TABLE = """Study,KRAS,outcome,n,events
Ash,mut,orr,10,3
Ash,wt,orr,12,3
Birch,mut,orr,15,5
Birch,wt,orr,20,9
"""
ASK = ("analyse", "a.csv", "--outcome", "orr", "--by", "KRAS", "--out", "o")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(TABLE)

    def call(*arguments):
        try:
            status = main(arguments)
        except SystemExit as end:
            status = end.code
        return status, capsys.readouterr().err

    return call


def options():
    made = parser()
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield from ((name, a) for a in command._actions if a.option_strings and a.nargs != 0)


def test_no_option_that_takes_values_may_be_given_twice_unless_each_is_read():
    for name, action in options():
        repeated = isinstance(action, argparse._AppendAction)
        assert isinstance(action, Once) or repeated, (name, action.option_strings)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--by", "KRAS"), "argument --by: is given twice: leave one out"),
        (("--out", "p"), "argument --out: is given twice: leave one out"),
        (("--skip", "2", "--skip", "3"), "argument --skip: is given twice: write all its values behind one"),
        (("--title", ""), "argument --title: is empty: give it a value, or leave it out"),
        (("--sep", ""), "argument --sep: is empty"),
        (("--sep", ";;"), "--sep ';;' is not one character"),
        (("--decimal", ";"), "--decimal ';' is not an option"),
        (("--encoding", "klingon"), "--encoding klingon does not exist"),
        (("--where", "KRAS"), "--where 'KRAS' is not COLUMN=VALUE"),
        (("--where", "KRAS="), "--where 'KRAS=' is not COLUMN=VALUE"),
        (("--where", "KRAS=mut", "--where", "KRAS=wt"), "--where says KRAS=mut and KRAS=wt: one column is one thing"),
        (("--columns", "n=n", "--columns", "n=events"), "--columns says n=n and n=events"),
        (("--columns", "=n"), "--columns '=n' is not THERE=HERE"),
        (("--constants", "unit=", "--constants", "unit=months"), "--constants 'unit=' is not COLUMN=VALUE"),
        (("--level", ""), "argument --level: invalid float value"),
        (("--title", "A\u202eB"), "the title holds"),
        (("--effect", "A\x07"), "the name of the effect holds"),
        (("--report", "pdf"), "argument --report: invalid choice"),
        (("--header", "0"), "--header 0: line 0"),
        (("--header", "2", "1"), "--header 2 1: give each line once, from the top down"),
    ],
)
def test_what_cannot_be_asked_is_named(run, given, says):
    status, said = run(*ASK, *given)
    assert status == 2
    assert says in said
    assert "Traceback" not in said


@pytest.mark.parametrize("flag", ["--outcome", "--out", "--by", "--measure", "--journal", "--sheet"])
@pytest.mark.parametrize("value", ["", "  "])
def test_nothing_is_no_value(run, flag, value):
    asked = dict(zip(ASK[2::2], ASK[3::2], strict=True)) | {flag: value}
    status, said = run("analyse", "a.csv", *(word for pair in asked.items() for word in pair))
    assert (status, f"argument {flag}: is empty" in said) == (2, True)


def test_other_commands_too(run):
    assert "argument name: is empty" in run("datasets", "")[1]
    assert "argument FILE: is empty" in run("check", "")[1]
    assert (
        "argument --page: is given twice" in run("reconstruct", "x.pdf", "--page", "1", "--page", "2", "--out", "o")[1]
    )
    status, said = run("reconstruct", "x.pdf", "--n", "A=1", "A=2", "--out", "o")
    assert (status, "--n says A=1 and A=2: leave one out" in said) == (2, True)
    status, said = run("reconstruct", "x.pdf", "--treatment", "A", "--out", "o")
    assert (status, "--hr is missing: the check by a hazard ratio takes" in said) == (2, True)


@pytest.mark.filterwarnings("ignore::metaonc.MetaoncWarning")
def test_columns_without_a_name_behind_them_are_not_read(run):
    with pytest.raises(mo.DataError, match="report the same patients: KRAS is 'mut' and 'wt'; if it names subgroups"):
        mo.analyse("a.csv", outcome="orr")
    status, said = run(*ASK[:-4], "--columns", "events=", "--out", "o")
    assert (status, "the table holds no figures" in said) == (2, True)


def test_a_question_about_figures_that_were_set_aside_is_refused(run, tmp_path):
    rows = (
        "Study,OS HR,PFS HR\nAsh,0.5 (0.4-0.7),0.5 (0.4-0.7)\nBirch,0.6 (0.4-0.9),0.5 (0.6-0.7)\nElm,0.7 (0.5-1.0),\n"
    )
    (tmp_path / "b.csv").write_text(rows)
    status, said = run("analyse", "b.csv", "--outcome", "pfs", "--out", "o")
    assert (status, "lies outside its interval (0.6, 0.7)" in said) == (2, True)
    assert "leave these columns unread: --columns 'PFS HR='" in said
    status, said = run("analyse", "b.csv", "--outcome", "os", "--out", "o")
    assert (status, "not read: 'PFS HR', since they cannot be" in said) == (0, True)
