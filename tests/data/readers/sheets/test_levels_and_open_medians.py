"""Intervals of any level, and medians that were not reached where no limits stand beside them."""

import numpy as np
import pytest

import metaonc as mo

pytestmark = pytest.mark.filterwarnings("ignore::metaonc.DataWarning")
TRIALS = {"Study": ["A", "B", "C"]}
RATIOS = ["0.8 (0.6-1.07)", "0.7 (0.5-0.98)", "1.1 (0.8-1.51)"]


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("98% CI", 0.98),
        ("97.5% CI", 0.975),
        ("97,5 % CI", 0.975),
        ("98.5%-CI", 0.985),
        ("90 CI", 0.9),
        ("95% confidence interval", 0.95),
        ("99.9% CI", 0.999),
    ],
)
def test_the_level_in_the_name_of_a_column_is_that_of_its_intervals(said, level):
    rows = mo.read_trials(TRIALS | {f"OS HR ({said})": RATIOS})
    assert rows["outcome"].tolist() == ["os"] * 3
    assert rows["hr_level"].tolist() == [level] * 3
    low, high = f"{said} lower", f"{said} upper"
    apart = mo.read_trials(TRIALS | {"OS HR": [0.8, 0.7], low: [0.6, 0.5], high: [1.07, 0.98]} | {"Study": ["A", "B"]})
    assert apart["hr_level"].tolist() == [level] * 2


@pytest.mark.parametrize("said", ["99.99% CI", "40% CI"])
def test_what_is_no_usual_level_is_not_taken_for_95(said):
    with pytest.raises(mo.ColumnError, match="not read"):
        mo.read_trials(TRIALS | {f"OS HR ({said})": RATIOS})


@pytest.mark.parametrize(
    "table",
    [
        {"Study": ["A", "B", "C"], "N": [20, 30, 40], "mOS (months)": ["12.3", "not reached", "NE"]},
        {
            **{"trial": ["A", "B", "C"], "n": [20, 30, 40], "outcome": ["os"] * 3, "unit": ["months"] * 3},
            "estimate": ["12.3", "not reached", "NE"],
        },
    ],
)
def test_a_median_that_was_not_reached_is_a_row(table):
    rows = mo.read_trials(table)
    assert rows["trial"].tolist() == ["A", "B", "C"]
    assert rows["not_reached"].tolist()[1:] == ["estimate", "estimate"]
    assert np.isnan(rows["estimate"][1:]).all()
    assert rows["unit"].tolist() == ["months"] * 3
    limited = rows.assign(ci_low=8.0, ci_high=15.0)
    with pytest.raises(mo.DataError, match=r"estimate was not reached\. Left out, the pool would be of the trials"):
        mo.survival.pool_medians(limited, median="estimate", ci_low="ci_low", ci_high="ci_high")


def test_a_median_and_its_limits_that_were_not_reached_have_their_unit():
    rows = mo.read_trials(TRIALS | {"mOS (months)": ["12.3 (8-15)", "NE (NE-NE)", "9 (8-NE)"]})
    assert rows["unit"].tolist() == ["months"] * 3


def test_a_response_that_was_not_reported_is_no_row():
    rows = mo.read_trials(TRIALS | {"ORR %": ["12.1", "NE", "20"], "mOS (months)": ["12.3", "NR", "9"]})
    assert rows[["trial", "outcome"]].to_numpy().tolist() == [["A", "orr"], ["A", "os"], ["C", "orr"], ["C", "os"]]


def test_a_table_of_which_all_rows_are_skipped_is_not_called_damaged(tmp_path):
    path = tmp_path / "g.csv"
    path.write_text("Study,ORR events,N\nA,3,20\nB,5,30\n", encoding="utf-8")
    with pytest.raises(mo.DataError, match=r"no rows left: skip=\(2, 3\) leaves out all that it has") as problem:
        mo.read_trials(path, skip=[2, 3])
    assert "damaged" not in str(problem.value)
