"""Leaving trials out, and small trials, at the command line: in what is printed and written."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.cli import main

pytestmark = pytest.mark.usefixtures("small_files")

RATIOS = """Trial,N,PFS HR (95% CI),P value,mPFS exp,mPFS ctrl,Events exp,Events ctrl
Ash,210,0.62 (0.45-0.85),0.003,8.1,5.6,78,86
Birch,340,0.71 (0.56-0.90),,7.9,6.0,130,141
Cedar,95,0.49 (0.29-0.83),,10.1,5.4,28,33
Dogwood,120,0.58,0.012,8.8,5.5,44,49
Elm,140,,,8.5,6.0,55,58
"""
ROUTES = ("--routes", "ci", "p", "medians", "--columns", "mPFS exp=pfs.estimate", "--columns",
          "mPFS ctrl=pfs.estimate_comparator", "--constants", "unit=months")  # fmt: skip


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("pfs.csv").write_text(RATIOS)

    def call(*arguments, source="pfs.csv", outcome="pfs"):
        status = main(("analyse", source, "--outcome", outcome, "--out", "o", "--force", *arguments))
        return status, *capsys.readouterr()

    return call


def test_all_trials_enter_and_each_is_left_out(run):
    status, out, _ = run(*ROUTES, "--leave-one-out", "--bias", "--report")
    assert status == 0
    assert "Used: 5 rows of 5 trials" in out
    for heading in ("Leaving one trial out:", "Asymmetry of the funnel:\nEgger's test", "Trim and fill:"):
        assert heading in out
    assert {"pfs_funnel.png", "pfs_leave_one_out.svg"} <= {path.name for path in Path("o").iterdir()}
    page = Path("o/pfs.html").read_text("utf-8")
    assert all(heading in page for heading in ("Leaving one trial out", "Asymmetry of the funnel", "Trim and fill"))
    assert "medians and events, constant hazards" in page
    routes = pd.read_csv("o/pfs_result.csv")["route"].dropna().tolist()
    assert routes[3:] == ["hr and p", "medians and events, constant hazards"]


def test_numbers_are_those_of_the_verbs(run):
    _, out, _ = run(*ROUTES, "--leave-one-out", "--bias", "thompson", "--json")
    found = json.loads(out)
    pool = mo.results.from_dict(found["result"])
    parts = {name: mo.results.from_dict(part) for name, part in found["sensitivity"].items()}
    np.testing.assert_array_equal(parts["Leaving one trial out"].table["estimate"],
                                  mo.sensitivity.leave_one_out(pool).table["estimate"])  # fmt: skip
    assert parts["Asymmetry of the funnel"].p_value == mo.bias.regression_test(pool, test="thompson").p_value
    assert parts["Trim and fill"].adjusted.estimate == mo.bias.trim_fill(pool).adjusted.estimate


def test_counts_of_two_arms_have_a_test_of_their_own(run):
    rows = ["trial,outcome,events,n,events_comparator,n_comparator", "Ash,orr,3,20,8,20", "Birch,orr,9,40,14,41",
            "Cedar,orr,14,80,20,78", "Dogwood,orr,30,200,36,204"]  # fmt: skip
    Path("orr.csv").write_text("\n".join(rows))
    _, out, _ = run("--bias", source="orr.csv", outcome="orr")
    assert "Harbord's test of small-study effects" in out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--columns", "mPFS exp=pfs.median"), "'median' goes by the name 'estimate' here: --columns 'mPFS exp=pfs."
         "estimate', or of the comparator --columns 'mPFS exp=pfs.estimate_comparator'"),
        (("--bias", "eger"), "'eger' is not an option"),
        (("--routes", "medain"), "Did you mean 'medians'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_with_what_to_give(run, given, says):
    status, _, err = run(*given)
    assert status == 2
    assert says in err


def test_rates_have_no_funnel(run):
    status, _, err = run("--bias", source="lgsoc", outcome="orr")
    assert status == 2
    assert "leave --bias out" in err


def test_left_out_rows_name_the_option(run):
    _, out, _ = run()
    assert "trial 'Dogwood' (row 3): does not report hr_low, hr_high; --routes ci p takes it by its p-value" in out
