"""A registry record beside the paper: silent where they agree, and each figure asked with an error put into it."""

from pathlib import Path

import pandas as pd
import pytest

import metaonc as mo

RECORDS = Path(__file__).parents[4] / "vignettes" / "records"
TIME = {"outcome": "pfs", "unit": "months", "ci_level": 0.95, "source_id": "flaura-2018"}
RATE = {"outcome": "orr", "unit": "percent", "source_id": "heritage-2017"}
FLAURA, HERITAGE = ({"trial": t, "registry_id": n} for t, n in (("FLAURA", "NCT02296125"), ("HERITAGE", "NCT02472964")))
# As the papers would print the figures of the records, by arms in words of their own.
PAPER = pd.DataFrame([
    FLAURA | TIME | {"row_id": "a", "arm": "osimertinib", "n": 279, "estimate": 18.9, "ci_low": 15.2, "ci_high": 21.4,
                     "hr": 0.46, "hr_low": 0.37, "hr_high": 0.57, "hr_level": 0.95},
    FLAURA | TIME | {"row_id": "b", "arm": "standard EGFR-TKI", "n": 277, "estimate": 10.2, "ci_low": 9.6,
                     "ci_high": 11.1},
    HERITAGE | RATE | {"row_id": "c", "arm": "MYL-1401O + taxane", "n": 230, "events": 160, "estimate": 69.6},
    HERITAGE | RATE | {"row_id": "d", "arm": "trastuzumab (Herceptin) + taxane", "n": 228, "events": 146,
                       "estimate": 64.0},
])  # fmt: skip


@pytest.fixture(scope="module")
def record():
    return mo.read_ctgov(RECORDS).evidence


def found(record, paper):
    return mo.audit(pd.concat([record.astype(object), paper.astype(object)], ignore_index=True))


def test_a_paper_that_agrees_with_its_record_is_no_finding(record):
    assert found(record, PAPER).empty


@pytest.mark.parametrize(
    ("row", "change", "says"),
    [
        ("a", {"n": 280}, "n 280 v 279 in the registry"),
        ("a", {"hr": 0.48}, "hr 0.48 v 0.46 in the registry"),
        ("a", {"hr_low": 0.39}, "hr_low 0.39 v 0.37 in the registry"),
        (
            "a",
            {"hr": 2.17, "hr_low": 1.75, "hr_high": 2.7},
            r"hr 2.17 v 0.46 in the registry \(the other way round\?\)",
        ),
        ("b", {"estimate": 10.4}, "estimate 10.4 months v 10.2 months in the registry"),
        ("b", {"ci_high": 12.1}, "ci_high 12.1 months v 11.1 months in the registry"),
        ("c", {"events": 161, "estimate": 70.0}, "events 161 v 160 in the registry"),
        ("d", {"events": None, "estimate": 63.0}, "63 % v 146/228 in the registry"),
    ],
)
def test_a_figure_that_differs_is_found_in_its_row(record, row, change, says):
    paper = PAPER.copy()
    place = paper["row_id"].tolist().index(row)
    for column, value in change.items():
        paper.loc[place, column] = value
    told = found(record, paper)
    told = told[told["rule"] == "registry_differs"]
    assert told["row"].tolist() == [len(record) + place]
    assert told["message"].str.contains(says).all()
    assert told["severity"].tolist() == ["warning"]


@pytest.mark.parametrize(
    "change",
    [
        {"estimate": 19.0, "ci_low": 15.0, "ci_high": 21.0, "unit": "months", "hr": 0.5, "hr_low": 0.4, "hr_high": 0.6},
        {"ci_level": 0.9, "ci_low": 15.9, "ci_high": 20.7, "hr_level": 0.9, "hr_low": 0.38, "hr_high": 0.55},
        {"arm": "chemotherapy", "n": 20},  # whose figures these are is not certain
        {"assessor": "BICR", "n": 20, "outcome": "os"},
        {"subgroup_variable": "sex", "subgroup_level": "women", "n": 20},
        {"registry_id": "NCT01234567", "n": 20},
    ],
)
def test_digits_levels_arms_and_questions_are_minded(record, change):
    """Rounding, another level of interval, another arm, outcome, subgroup or trial are no difference."""
    paper = PAPER.iloc[[0]].assign(**change)
    if "estimate" in change:  # rounded to whole months and one digit, as text keeps them
        paper = paper.astype(object).assign(
            estimate="19", ci_low="15", ci_high="21", hr="0.5", hr_low="0.4", hr_high="0.6"
        )
    told = found(record, paper)
    assert "registry_differs" not in told["rule"].tolist()


def test_another_cut_of_the_data_is_a_note(record):
    dated = record.assign(data_cut=record["registry_id"].map({"NCT02296125": "2017-06-12"}))
    told = found(dated, PAPER.iloc[[0]].assign(hr=0.48, data_cut="2019-06"))
    told = told[told["rule"] == "registry_differs"]
    assert told["severity"].tolist() == ["note"]
