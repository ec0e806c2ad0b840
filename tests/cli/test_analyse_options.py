"""Options of ``metaonc analyse`` reach the pool, its figure and its report; what is printed fits a pipeline."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.cli.run import parser

pytestmark = pytest.mark.usefixtures("small_files")

RATIOS = """trial,outcome,hr,hr_low,hr_high
Ash,os,0.55,0.38,0.796
Birch,os,0.92,0.7,1.209
Cedar,os,0.71,0.5,1.008
Dogwood,os,1.1,0.8,1.5125
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "os.csv").write_text(RATIOS)

    def call(*arguments):
        status = main(arguments)
        got = capsys.readouterr()
        return status, got.out, got.err

    return call


def pooled(**options):
    table = mo.effect_sizes(
        pd.read_csv("os.csv"), measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", study="trial"
    )
    return mo.pool(table, study="trial", **options)


@pytest.mark.parametrize(
    ("given", "options"),
    [
        (("--method", "PM", "--ci", "wald", "--level", "0.9"), {"method": "PM", "ci": "wald", "level": 0.9}),
        (("--method", "DL", "--ci", "HC"), {"method": "DL", "ci": "HC"}),
        (("--prediction", "HTS"), {"prediction": "HTS"}),
        (("--method", "CE"), {"method": "CE"}),
    ],
)
def test_methods_are_those_of_the_pool(run, given, options):
    status, out, err = run("analyse", "os.csv", "--outcome", "os", "--out", "o", "--json", *given)
    assert (status, err) == (0, "")
    found, want = json.loads(out), pooled(**options)
    fit = found["fit"][0]
    for name in ("estimate", "ci_low", "ci_high", "tau2", "level"):
        assert fit[name] == pytest.approx(getattr(want, name), rel=1e-13)
    assert (fit["method"], fit["ci"]) == (want.method, want.ci)
    assert mo.results.from_dict(found["result"]).prediction_low == pytest.approx(want.prediction_low, nan_ok=True)


def test_json_is_one_document_on_stdout(run, tmp_path):
    status, out, err = run("analyse", "lgsoc", "--outcome", "orr", "--by", "kras", "--out", "o", "--json")
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert set(found) == {
        "metaonc", "title", "question", "rule", "estimates", "fit", "cautions", "notes", "corrected", "rows",
        "other_cuts", "left_out", "files", "result",
    }  # fmt: skip
    assert all((tmp_path / file).is_file() for file in found["files"])
    analysis = mo.analyse("lgsoc", outcome="orr", by="kras")
    want = analysis.result.tidy(transform=True)
    assert [row["estimate"] for row in found["estimates"]] == want["estimate"].tolist()
    assert np.isnan(want["se"]).all()
    assert {row["se"] for row in found["estimates"]} == {None}
    assert found["left_out"] == list(analysis.selection.dropped)
    assert any("the variance between trials (τ²) is estimated as 0" in caution for caution in found["cautions"])


def test_warnings_of_json_go_to_stderr(run, tmp_path):
    (tmp_path / "os.csv").write_text(RATIOS.replace("1.209", "1.1"))
    status, out, err = run("analyse", "os.csv", "--outcome", "os", "--out", "o", "--json")
    assert status == 0
    assert "is not at the centre" in err
    assert any("is not at the centre" in note for note in json.loads(out)["notes"])


def test_quiet_prints_nothing(run, tmp_path):
    assert run("analyse", "os.csv", "--outcome", "os", "--out", "o", "--quiet") == (0, "", "")
    assert (tmp_path / "o" / "os.html").is_file()


def test_title_effect_and_journal_go_through(run, tmp_path):
    given = ("--title", "Drug X in oaks", "--effect", "HR for death", "--journal", "JAMA")
    assert run("analyse", "os.csv", "--outcome", "os", "--out", "o", *given)[0] == 0
    page = (tmp_path / "o" / "os.html").read_text("utf-8")
    assert "<title>Drug X in oaks</title>" in page
    figure = (tmp_path / "o" / "os_forest.svg").read_text("utf-8")
    assert "HR for death" in figure
    assert "Source" in figure  # as JAMA heads the column of trials
    assert "Source" in page
    assert run("analyse", "os.csv", "--outcome", "os", "--out", "p")[0] == 0
    assert "Source" not in (tmp_path / "p" / "os_forest.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--method", "FE"), "--method FE is not an option; choose from 'CE', "),
        (("--method", "FE"), "That is --method CE here"),
        (("--ci", "knha"), "That is --ci HKSJ here"),
        (("--method", "MH"), "MH: mo.pool_mantel_haenszel (in Python)."),
        (("--method", "DL", "--ci", "KR"), "is made for --method REML, not 'DL'"),
        (("--prediction", "S"), "--prediction S is not an option; choose from 'wald', 't', 'HTS'"),
        (("--level", "95"), "--level 95 is not a proportion between 0 and 1: write --level 0.95."),
        (("--journal", "jama"), "--journal jama is not an option; "),
        (("--measure", "ORR"), "--measure ORR is not for os; choose from HR, MEDLN."),
        (("--where", "hr"), "--where 'hr' is not COLUMN=VALUE"),
    ],
)
def test_what_is_no_option_is_refused_before_any_work(run, tmp_path, given, says):
    status, out, err = run("analyse", "os.csv", "--outcome", "os", "--out", "o", *given)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert not (tmp_path / "o").exists()


def test_a_mixed_model_of_counts_takes_no_estimator(run):
    status, _, err = run("analyse", "lgsoc", "--outcome", "orr", "--method", "DL", "--out", "o")
    assert status == 2
    assert "--method DL has no use: proportions are pooled as the counts they are" in err
    assert "Leave --method out." in err
    assert run("analyse", "lgsoc", "--outcome", "orr", "--ci", "t", "--out", "o")[0] == 0


def test_help_names_every_code(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["analyse", "--help"])
    said = capsys.readouterr().out.replace("HKSJ-\n", "HKSJ-").replace("KR-\n", "KR-")
    words = {word.strip(",()") for word in said.split()} | {"HKSJ-adhoc"}
    for records in (mo.TAU2_METHODS, mo.CI_METHODS, mo.PREDICTION_METHODS, mo.JOURNALS):
        assert set(records) <= words


def test_rows_left_out_are_summed_up_unless_all_are_asked_for(run, tmp_path):
    rows = [f"T{i},orr,30,{7 + i},," if i < 5 else f"T{i},orr,,,{20 + i},percent" for i in range(40)]
    (tmp_path / "many.csv").write_text("\n".join(["trial,outcome,n,events,estimate,unit", *rows, ""]))
    _, out, _ = run("analyse", "many.csv", "--outcome", "orr", "--out", "o")
    lines = out.splitlines()
    at = lines.index("Left out: 35 rows")
    assert lines[at + 1].startswith(
        "  35 rows, does not report the number of patients and of events (T5, T6, T7, T8, T9 and 30 more)"
    )
    assert lines[at + 2] == ""
    _, out, _ = run("analyse", "many.csv", "--outcome", "orr", "--out", "p", "--all")
    assert sum(line.startswith("  trial 'T") for line in out.splitlines()) == 35


@pytest.mark.slow
def test_a_pipeline(tmp_path):
    write = [sys.executable, "-m", "metaonc", "analyse", "lgsoc", "--outcome", "orr", "--out", "o", "--json"]
    read = [sys.executable, "-c", "import json, sys; print(len(json.load(sys.stdin)['estimates']))"]
    first = subprocess.run(write, cwd=tmp_path, capture_output=True, text=True, check=True)
    then = subprocess.run(read, input=first.stdout, capture_output=True, text=True, check=True)
    assert int(then.stdout) > 1


def test_a_caution_is_printed_whole_once_and_named_where_it_holds_again(run, tmp_path):
    rows = ["Ash,os,0.75,0.6,0.9375", "Birch,os,0.76,0.6,0.96267", "Cedar,os,0.77,0.62,0.95629"]
    (tmp_path / "alike.csv").write_text("\n".join(["trial,outcome,hr,hr_low,hr_high", *rows, ""]))
    given = ("--leave-one-out", "--bias", "--design", "randomised")
    status, out, _ = run("analyse", "alike.csv", "--outcome", "os", "--out", "o", *given)
    assert status == 0
    assert out.count("Effects agree better than their variances allow") == 1
    assert out.count("The prediction interval holds the uncertainty of the mean alone") == 1
    heads = ("Leaving one trial out", "Asymmetry of the funnel", "Certainty")
    parts = [out.partition(f"{head}:\n")[2] for head in heads]
    for part in parts:
        assert "Caution: as said above: " in part
        assert "the Hartung-Knapp interval is narrower than the common-effect interval" in part
