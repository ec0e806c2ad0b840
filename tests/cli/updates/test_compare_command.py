"""metaonc compare, and metaonc analyse --since."""

import json

import pytest

from metaonc.cli import main

HEAD = "trial,outcome,hr,hr_low,hr_high,published\n"
OLD = f"{HEAD}A,pfs,0.5,0.3,0.8,2019\nB,pfs,0.7,0.5,0.98,2020\nC,pfs,0.9,0.6,1.35,2020\n"
NEW = f"{HEAD}A,pfs,0.6,0.4,0.9,2022\nB,pfs,0.7,0.5,0.98,2020\nC,pfs,0.9,0.6,1.35,2020\nD,pfs,1.1,0.8,1.5,2023\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    def call(*arguments):
        status = main(arguments)
        got = capsys.readouterr()
        return status, got.out, got.err

    return call


def test_rows_alone(run):
    status, out, err = run("compare", "old.csv", "new.csv")
    assert (status, err) == (0, "")
    assert "1 added, 1 replaced by a newer cut, 2 the same" in out
    assert "A, pfs: hr 0.5 to 0.6, hr_low 0.3 to 0.4, hr_high 0.8 to 0.9 (published 2019 to published 2022)" in out


def test_an_outcome_is_pooled_before_and_after(run):
    status, out, _ = run("compare", "old.csv", "new.csv", "--outcome", "PFS", "--method", "DL", "--ci", "wald")
    assert status == 0
    assert "before: " in out
    assert "DL, wald" in out


def test_json(run):
    status, out, _ = run("compare", "old.csv", "new.csv", "--outcome", "pfs", "--json")
    found = json.loads(out)
    assert status == 0
    assert [row["trial"] for row in found["moves"]] == ["A", "D"]
    assert json.loads(run("compare", "old.csv", "new.csv", "--json")[1])["changed"] == found["changed"]


@pytest.mark.usefixtures("small_files")
def test_since(run, tmp_path):
    status, out, _ = run("analyse", "new.csv", "--outcome", "pfs", "--since", "old.csv", "--out", "o", "--report")
    assert status == 0
    assert "What changed:" in out
    assert (tmp_path / "o" / "pfs_moves.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("old.csv", "new.csv", "--outcome", "os"), "no row reports os"),
        (("old.csv", "lgsoc"), "the tables have no trial in common"),
        (("old.csv", "new.csv", "--by", "kras"), "--by is of a pool: say of which outcome, by --outcome os"),
        (("old.csv", "none.csv"), "'none.csv' is neither a file nor a packaged collection"),
    ],
)
def test_what_is_wrong_is_one_line(run, arguments, says):
    status, out, err = run("compare", *arguments)
    assert (status, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_routes(run, tmp_path):
    head, more = f"{HEAD.strip()},p_value\n", "E,pfs,0.8,,,2023,0.04\n"
    for name in ("old", "new"):
        lines = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]
        rows = "".join(f"{line},\n" for line in lines)
        (tmp_path / f"{name}.csv").write_text(head + rows + more * (name == "new"), encoding="utf-8")
    moved = []
    for routes in ((), ("--routes", "ci", "p")):
        status, out, _ = run("compare", "old.csv", "new.csv", "--outcome", "pfs", "--json", *routes)
        assert status == 0
        moved.append([row["trial"] for row in json.loads(out)["moves"]])
    assert moved == [["A", "D"], ["A", "D", "E"]]
