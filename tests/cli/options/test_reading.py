"""The options by which commands read a file are those of the readers."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.cli.options.reading import _OPTIONS, spread
from metaonc.cli.run import parser
from metaonc.data.readers.trials import Reading
from metaonc.errors import DataWarning

TABLE = """Made up

Autor;Jahr;Tote;N;tote;n;Ort
A;2001;3;40;5;41;x
B;2002;4;50;7;49;x
C;2003;6;60;6;62;x
D;2004;1;9;1;9;y
"""
COLUMNS = {"Tote": "death.events", "N": "death.n", "tote": "death.events_comparator", "n": "death.n_comparator"}


def test_one_table_of_options():
    names = [n for n, p in inspect.signature(mo.read_trials).parameters.items() if p.kind is p.KEYWORD_ONLY]
    assert sorted(_OPTIONS) == sorted(set(names) - {"strict"}) == sorted(Reading.__annotations__)


def test_a_table_of_ones_own_is_pooled(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(TABLE)
    given = [x for old, new in COLUMNS.items() for x in ("--columns", f"{old}={new}")]
    given += ["--columns", "Autor=trial", "--columns", "Jahr=trial", "--header", "3", "--skip", "7"]
    assert main(["analyse", "a.csv", "--outcome", "death", "--measure", "OR", *given, "--out", "o"]) == 0
    capsys.readouterr()
    pooled = pd.read_csv("o/death_or_result.csv")
    table = mo.effect_sizes(
        {"x": [3, 4, 6], "n": [40, 50, 60], "y": [5, 7, 6], "m": [41, 49, 62], "study": ["A 2001", "B 2002", "C 2003"]},
        measure="OR", events_t="x", n_t="n", events_c="y", n_c="m", study="study",
    )  # fmt: skip
    want = mo.pool(table, study="study").tidy(transform=True)
    assert pooled["estimate"].iloc[-1] == pytest.approx(want["estimate"].iloc[-1], rel=1e-9)
    assert "A 2001" in set(pooled["term"])
    columns = COLUMNS | {"Autor": "trial", "Jahr": "trial"}
    with pytest.warns(DataWarning, match="read with cells separated by semicolons"):
        found = mo.analyse("a.csv", outcome="death", columns=columns, header=3, skip=[7])
    assert found.result.estimate == pytest.approx(mo.pool(table, study="study").estimate, rel=1e-12)


@pytest.mark.parametrize(
    ("head", "measure"),
    [
        ("trial,log_hr,log_hr_se", "HR"),
        ("trial,log_or,log_or_se", "OR"),
        ("trial,log_rr,log_rr_se", "RR"),
    ],
)
def test_logarithms_with_standard_errors_are_pooled(tmp_path, monkeypatch, head, measure):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(f"{head}\nA,-0.3,0.1\nB,-0.1,0.2\nC,-0.2,0.15\n")
    found = mo.analyse("a.csv", outcome="efs")
    want = mo.pool({"yi": [-0.3, -0.1, -0.2], "vi": [0.01, 0.04, 0.0225]}, measure=measure)
    assert found.result.measure == measure
    assert found.result.estimate == pytest.approx(want.estimate, rel=1e-9)


def test_reported_ratios_are_pooled_by_their_limits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("Study,OR,lower,upper\nA,0.5,0.25,1.0\nB,0.8,0.4,1.6\n")
    with pytest.warns(DataWarning, match="'OR' as odds_ratio, 'lower' as or_low"):
        found = mo.analyse("a.csv", outcome="orr")
    assert found.result.measure == "OR"
    assert found.result.estimate == pytest.approx(0.5 * (-0.6931471805599453 - 0.22314355131420976))  # equal weights


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--columns", "HR"], "--columns 'HR' is not THERE=HERE."),
        (["--constants", "=months"], "--constants '=months' is not COLUMN=VALUE."),
        (["--columns", "HR=os.ratio"], "the column='ratio' is not an option"),
        (["--sheet", "x"], "--sheet x is not for .csv sources"),
    ],
)
def test_what_is_no_option_is_named(tmp_path, monkeypatch, capsys, given, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("trial,HR\nA,0.5\n")
    assert main(["analyse", "a.csv", "--outcome", "os", "--out", "o", *given]) == 2
    assert says in capsys.readouterr().err


def test_a_collection_is_not_read_by_options(tmp_path, capsys):
    assert main(["analyse", "lgsoc", "--outcome", "orr", "--sep", ";", "--out", str(tmp_path / "o")]) == 2
    assert "--sep is for files, and 'lgsoc' is a packaged collection" in capsys.readouterr().err


def test_columns_take_several_pairs_and_a_file_may_follow():
    for given in (
        ["--columns", "Resp=orr.events", "N=orr.n", "mine.csv"],
        ["--columns=Resp=orr.events", "N=orr.n", "mine.csv"],
        ["mine.csv", "--columns", "Resp=orr.events", "--columns", "N=orr.n"],
        ["mine.csv", "--columns", "Resp=orr.events", "N=orr.n", "--by", "KRAS=x"],
    ):
        options = parser().parse_args(spread(["check", *given]))
        assert options.file == "mine.csv"
        assert options.columns == ["Resp=orr.events", "N=orr.n"]
    options = parser().parse_args(spread(["check", "mine.csv", "--constants", "unit=months", "time_months=24"]))
    assert options.constants == ["unit=months", "time_months=24"]
