"""What an audit says of many rows alike stands once, with the rows."""

import pandas as pd
import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.data.audit.alike import grouped

TRIALS = [f"T{i}" for i in range(5)]


def table(rows):
    return pd.DataFrame(
        {"trial": TRIALS[:rows], "outcome": "orr", "subgroup_variable": "KRAS", "subgroup_level": "mutant",
         "n": [20 + i for i in range(rows)], "events": [5 + i for i in range(rows)]}
    )  # fmt: skip


def test_three_or_more_rows_alike_are_one_group_with_all_findings():
    for rows, sizes in ((5, [5]), (3, [3]), (2, [1, 1])):
        found = mo.audit(table(rows))
        alone = found[found["rule"] == "subgroup_alone"]
        assert [len(group) for group in grouped(alone)] == sizes


def test_the_command_lists_the_rows_below_what_is_said_once(tmp_path, capsys):
    file = tmp_path / "t.csv"
    table(5).to_csv(file, index=False)
    assert main(["check", str(file)]) == 0
    said = capsys.readouterr().out
    assert said.count("reported without the other patients of the trial") == 1
    assert "5 rows: note: 'mutant' is reported without the other patients of the trial. [subgroup_alone]" in said
    assert all(f"{file}:{i + 2}: trial {trial!r}: " in said for i, trial in enumerate(TRIALS))
    assert "5 notes" in said


@pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
def test_a_report_says_it_once_with_all_trials(tmp_path):
    rows = table(5)
    mo.write_report(mo.pool_glmm(rows, events="events", n="n", study="trial"), tmp_path / "r.html", evidence=rows)
    page = (tmp_path / "r.html").read_text()
    assert page.count("is reported without the other patients of the trial") == 1
    assert "T0, T1, T2, T3, T4" in page
