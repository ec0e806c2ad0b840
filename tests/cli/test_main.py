import importlib
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from metaonc import __version__
from metaonc.cli import main
from metaonc.workflow.analyse import analyse

pytestmark = pytest.mark.usefixtures("small_files")

ORR = "trial,outcome,n,events,prior line\nA,orr,20,5,1\nB,orr,30,12,2\nC,orr,25,9,1\n<script>,orr,9,0,2\n"
HR = "trial,outcome,hr,hr_low,hr_high\nA,pfs,0.5,0.3,0.8\nB,pfs,0.7,0.5,0.98\nC,pfs,0.9,0.6,1.35\n"
MANIFEST = "manifest.json"
KINDS = ("_forest.pdf", "_forest.svg", "_forest.png", "_result.csv", "_rows.csv", "_left_out.csv", ".R", ".html")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def call(*arguments, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        status = main(arguments)
        got = capsys.readouterr()
        return status, got.out, got.err

    return call


def assert_all_written(folder, stem, out):
    others = ["_other_cuts.csv"] * ("The choice of cuts" in out)  # where other cuts could be pooled
    kinds = [*KINDS[:6], *others, *KINDS[6:]]
    names = [*(stem + kind for kind in kinds), MANIFEST]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert [line.removeprefix("Written: ") for line in out.splitlines() if line.startswith("Written: ")] == [
        str(folder.relative_to(folder.parent) / name) for name in names
    ]
    starts = {"_forest.pdf": b"%PDF", "_forest.png": b"\x89PNG", "_forest.svg": b"<?xml", ".html": b"<!DOCTYPE html>"}
    for kind, start in starts.items():
        assert (folder / f"{stem}{kind}").read_bytes().startswith(start)
    HTMLParser().feed((folder / f"{stem}.html").read_text(encoding="utf-8"))
    assert (folder / f"{stem}.R").read_text(encoding="utf-8").strip()


def test_datasets_lists_the_collections(run):
    status, out, err = run("datasets")
    assert (status, err) == (0, "")
    assert "lgsoc" in out
    assert "unverified" in out.splitlines()[0]


def test_datasets_shows_one_collection(run):
    status, out, err = run("datasets", "lgsoc")
    assert (status, err) == (0, "")
    assert out.startswith("lgsoc: Low-grade serous ovarian cancer")


@pytest.mark.parametrize(
    ("arguments", "stem"),
    [
        (("--outcome", "orr", "--by", "kras"), "orr_by_kras"),
        (("--outcome", "orr"), "orr"),
        (("--outcome", "PFS"), "pfs"),
        (("--outcome", "pfs", "--by", "KRAS"), "pfs_by_kras"),
        (("--outcome", "pfs", "--measure", "medln"), "pfs_medln"),
        (("--outcome", "orr", "--where", "regimen=MEK inhibitor"), "orr_regimen_mek-inhibitor"),
        (("--outcome", "orr", "--where", "regimen=avutometinib"), "orr_regimen_avutometinib"),
    ],
)
def test_a_collection_is_analysed(run, tmp_path, arguments, stem):
    status, out, err = run("analyse", "lgsoc", *arguments, "--out", "out", "--all")
    assert (status, err) == (0, "")
    assert_all_written(tmp_path / "out", stem, out)
    for heading in ("Rule: ", "Used: ", "Left out: ", "Result ("):
        assert heading in out
    assert "Pooled " in out or "of one trial, nothing pooled" in out
    used, left = (len(pd.read_csv(tmp_path / "out" / f"{stem}_{name}.csv")) for name in ("rows", "left_out"))
    assert f"Used: {used} row" in out
    assert f"Left out: {left} row" in out
    assert sum(line.startswith("  trial ") for line in out.splitlines()) == left


def test_the_printed_numbers_are_those_of_the_analysis(run, tmp_path):
    _, out, _ = run("analyse", "lgsoc", "--outcome", "orr", "--by", "kras", "--out", "out")
    found = analyse("lgsoc", outcome="orr", by="kras")
    assert out.startswith(found.text().replace("ci='t'", "--ci t"))
    written = pd.read_csv(tmp_path / "out" / "orr_by_kras_result.csv")
    pd.testing.assert_frame_equal(written, found.table.reset_index(drop=True), check_exact=False, rtol=1e-12)
    page = (tmp_path / "out" / "orr_by_kras.html").read_text(encoding="utf-8")
    for text in (found.selection.rule, *found.selection.left_out["reason"].unique()):
        assert text.replace("'", "&#x27;") in page


@pytest.mark.parametrize(
    ("arguments", "stem"),
    [
        (("orr.csv", "--outcome", "orr"), "orr"),
        (("orr.csv", "--outcome", "orr", "--by", "prior line"), "orr_by_prior-line"),
        (("hr.csv", "--outcome", "pfs"), "pfs"),
    ],
)
def test_a_table_of_ones_own_is_analysed(run, tmp_path, arguments, stem):
    status, out, err = run("analyse", *arguments, "--out", "new/out", orr=ORR, hr=HR)
    assert (status, err) == (0, "")
    assert "Left out: 0 rows" in out
    page = (tmp_path / "new" / "out" / f"{stem}.html").read_text(encoding="utf-8")
    assert page.count("<script") == 1
    assert len(pd.read_csv(tmp_path / "new" / "out" / f"{stem}_left_out.csv")) == 0


@pytest.mark.slow
def test_reports_are_written_in_the_formats_asked_for(run, tmp_path):
    for out, formats in (("a", ()), ("b", ("html",)), ("c", ("docx",)), ("d", ("html", "docx"))):
        run("analyse", "lgsoc", "--outcome", "orr", "--by", "kras", "--out", out, "--report", *formats)
        written = {p.suffix[1:] for p in (tmp_path / out).iterdir()} & {"html", "docx"}
        assert written == set(formats or ("html",))


def test_the_report_holds_question_sources_and_findings(run, tmp_path):
    run("analyse", "egfr_crc", "--outcome", "pfs", "--by", "kras", "--out", "out", "--report")
    page = (tmp_path / "out" / "pfs_by_kras.html").read_text(encoding="utf-8")
    assert "what is the pooled hazard ratio of progression-free survival, and does it differ by KRAS?" in page
    assert "limit_is_follow_up" in page  # of a row used
    assert "p_of_effect" not in page  # of others
    assert page.count('<ol class="references"><li>') == 2  # of methods and of evidence


@pytest.mark.slow
def test_two_runs_give_the_same_files(run, tmp_path):
    for out in ("one", "two"):
        run("analyse", "lgsoc", "--outcome", "orr", "--by", "kras", "--out", out, "--report", "html", "docx")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_no_report_of_another_run_stands_beside_a_new_one(run, tmp_path):
    arguments = ("analyse", "orr.csv", "--outcome", "orr", "--out", "out", "--report")
    run(*arguments, "html", "docx", orr=ORR)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    status, out, err = run(*arguments, "html", orr=ORR.replace("A,orr,20,5", "A,orr,20,15"))
    assert (status, out) == (2, "")
    assert "the folder 'out' holds the files of a run (analyse, orr: ORR): give another folder, or remove" in err
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    (tmp_path / "out" / "orr_rows.csv").write_text("edited", encoding="utf-8")
    status, _, err = run(*arguments, "html", "--force")
    assert status == 2
    assert "'out/orr_rows.csv' was changed since a run wrote it: move it" in err.replace("\\", "/")
    (tmp_path / "out" / "orr_rows.csv").rename(tmp_path / "out" / "mine.csv")
    status, _, err = run(*arguments, "html", "--force")
    assert (status, err) == (0, "")
    after = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert after.keys() == before.keys() - {"orr.docx"} | {"mine.csv"}
    assert after["orr.html"] != before["orr.html"]
    (tmp_path / "out" / "orr.R").write_text("edited", encoding="utf-8")
    status, _, err = run(
        "analyse", "orr.csv", "--outcome", "dcr", "--out", "out", "--force", orr=ORR.replace("orr", "dcr")
    )
    assert (status, err) == (
        0,
        "metaonc: warning: the folder 'out': changed since a run wrote them, so they stay: 'orr.R'.\n",
    )


def test_warnings_go_to_stderr_and_into_the_page(run, tmp_path):
    skewed = HR.replace("0.5,0.3,0.8", "0.75,0.3,0.8")
    status, out, err = run("analyse", "hr.csv", "--outcome", "pfs", "--out", "out", hr=skewed)
    assert status == 0
    assert err.startswith("metaonc: warning: trial 'A' (row 0): 0.75 is not at the centre")
    assert "not at the centre" in out
    assert "not at the centre" in (tmp_path / "out" / "pfs.html").read_text(encoding="utf-8")


COUNTS = "trial,outcome,n,events\n"
RATIOS = "trial,outcome,hr,hr_low,hr_high\n"


@pytest.mark.parametrize(
    ("arguments", "text", "says"),
    [
        (("lgsok", "--outcome", "orr"), "", "'lgsok' is neither a file nor a packaged collection (lgsoc, "),
        (("missing.csv", "--outcome", "orr"), "", "'missing.csv' is neither a file"),
        ((".", "--outcome", "orr"), "", "'.' cannot be read"),
        (("a.csv", "--outcome", "orr"), "", "'a.csv' is empty"),
        (("a.csv", "--outcome", "orr"), "outcome,n,events\norr,10,3\n", "column 'trial' is missing"),
        (("a.csv", "--outcome", "orr"), COUNTS, "has a header and no rows"),
        (("a.csv", "--outcome", "orr"), COUNTS + "A,orr,20,25\n", "trial 'A' (row 0): events=25 exceeds n=20"),
        (("a.csv", "--outcome", "pfs"), RATIOS + "A,pfs,0,0.3,0.8\n", "trial 'A' (row 0): hr=0 is not above 0"),
        (("a.csv", "--outcome", "pfs"), RATIOS + "A,pfs,0.9,0.3,0.8\n", "hr=0.9 lies outside its interval (0.3, 0.8)"),
        (("lgsoc", "--outcome", "cure"), "", "--outcome cure is not an option; choose from 'orr'"),
        (("lgsoc", "--outcome", "orr", "--measure", "HR"), "", "--measure HR is not for orr"),
        (("lgsoc", "--outcome", "orr", "--by", "sex"), "", "--by sex is neither a subgroup variable"),
        (("lgsoc", "--outcome", "orr", "--where", "regimen"), "", "--where 'regimen' is not COLUMN=VALUE"),
        (("lgsoc", "--outcome", "orr", "--where", "=x"), "", "--where '=x' is not COLUMN=VALUE"),
        (("lgsoc", "--outcome", "orr", "--where", "colour=red"), "", "'colour' is not a column"),
        (
            ("lgsoc", "--outcome", "orr", "--where", "regimen=none"),
            "",
            "regimen is 'avutometinib + defactinib', not 'none'",
        ),
        (("lgsoc", "--outcome", "orr", "--out", "a.csv"), "", "the folder 'a.csv' cannot be written to: File exists"),
    ],
)
def test_bad_input_is_one_line_on_stderr(run, tmp_path, arguments, text, says):
    out = () if "--out" in arguments else ("--out", "out")
    status, printed, err = run("analyse", *arguments, *out, a=text)
    assert (status, printed) == (2, "")
    assert err.startswith("metaonc: error: ")
    assert says in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_collection_that_does_not_exist(run):
    status, out, err = run("datasets", "lgsok")
    assert (status, out) == (2, "")
    assert err.startswith("metaonc: error: there is no collection 'lgsok'; there are 'lgsoc', 'defactinib',")


@pytest.mark.parametrize(
    "arguments", [(), ("analyze", "lgsoc"), ("analyse", "lgsoc"), ("analyse", "lgsoc", "--outcome", "orr")]
)
def test_incomplete_commands_show_the_usage(run, capsys, arguments):
    with pytest.raises(SystemExit) as left:
        run(*arguments)
    assert left.value.code == 2
    assert "usage: metaonc" in capsys.readouterr().err


def test_version(run, capsys):
    with pytest.raises(SystemExit) as left:
        run("--version")
    assert left.value.code == 0
    assert capsys.readouterr().out == f"metaonc {__version__}\n"


@pytest.mark.slow
def test_it_runs_as_a_program(tmp_path):
    command = [sys.executable, "-m", "metaonc", "analyse"]
    options = {"cwd": tmp_path, "capture_output": True, "text": True, "encoding": "utf-8"}
    good = subprocess.run([*command, "lgsoc", "--outcome", "orr", "--by", "kras", "--out", "out"], **options)
    assert (good.returncode, good.stderr) == (0, "")
    assert (tmp_path / "out" / "orr_by_kras.html").exists()
    bad = subprocess.run([*command, "nothing.csv", "--outcome", "orr", "--out", "out"], **options)
    assert (bad.returncode, bad.stdout, bad.stderr.count("\n")) == (2, "", 1)


def test_the_command_of_the_package_is_this_program():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, name = project["scripts"]["metaonc"].partition(":")
    assert getattr(importlib.import_module(module), name) is main
