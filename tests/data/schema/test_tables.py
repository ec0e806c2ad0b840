from __future__ import annotations

import re

import pandas as pd
import pytest

from metaonc.data.schema.tables import OUTCOMES, TABLES, validate
from metaonc.data.schema.verification import unread
from metaonc.errors import ColumnError, DataError, OptionError

ROW = {
    "row_id": "a-orr",
    "trial": "A",
    "arm_id": "a",
    "outcome": "orr",
    "assessor": "BICR",
    "confirmed": "yes",
    "n": 26,
    "events": 11,
    "estimate": 42.3,
    "ci_low": 23.4,
    "ci_high": 63.1,
    "ci_level": 0.95,
    "unit": "percent",
    "unit_of_analysis": "patient",
    "source_id": "s",
    "source_where": "abstract",
    "verification": "unverified",
}
HR = {"outcome": "pfs", "hr": 0.48, "hr_low": 0.36, "hr_high": 0.64, "hr_level": 0.95, "comparator": "b"}
NO_RATE = dict.fromkeys(("n", "events", "estimate", "ci_low", "ci_high", "ci_level", "unit"))
OLD = {"subgroup_variable": "KRAS", "subgroup_level": "mutant"}
ARMS = pd.DataFrame({"arm_id": ["a", "b"], "trial": ["A", "A"]})
SOURCES = pd.DataFrame({"source_id": ["s"]})


def evidence(*changes: dict) -> pd.DataFrame:
    rows = [ROW | change for change in changes or ({},)]
    return pd.DataFrame(rows, columns=TABLES["evidence"].names())


def check(*changes: dict) -> pd.DataFrame:
    return validate(evidence(*changes), "evidence", others={"arms": ARMS, "sources": SOURCES})


def test_a_right_row_passes_and_is_typed():
    given = evidence().astype({"n": "int64"}).assign(data_cut=2024)
    got = validate(given, "evidence")
    assert got["n"].dtype == float
    assert got["data_cut"].tolist() == ["2024"]
    assert given["n"].dtype == "int64"  # the table given is left as it was


def test_a_hazard_ratio_needs_no_rate():
    assert check(NO_RATE | HR)["hr"].tolist() == [0.48]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"n": 10}, r"'A, a-orr' \(row 0\): events=11 exceeds n=10"),
        ({"n": 26.5}, "n=26.5 is not a whole number"),
        ({"n": 0, "events": 0}, "n=0 must be at least 1"),
        ({"events": -1}, "events=-1 must be at least 0"),
        ({"n": "many"}, "n='many' is not a number"),
        ({"estimate": "42,3"}, r"estimate='42,3' is not a number: write it with a point, 42\.3"),
        ({"estimate": "42.3%"}, "without the sign"),
        ({"ci_high": "NE"}, "write ci_high in the column not_reached"),
        ({"estimate": float("inf")}, "estimate=inf is not a number"),
        ({"ci_low": 63.2}, r"ci_low=63.2 is above ci_high=63.1"),
        ({"ci_low": 42.4}, r"estimate=42.3 lies outside its interval \(42.4, 63.1\)"),
        ({"ci_high": 42.2}, r"estimate=42.3 lies outside its interval"),
        ({"estimate": None}, "but estimate is blank"),
        ({"ci_level": 95}, "ci_level=95 is not a proportion: write 0.95"),
        ({"ci_level": 0}, "ci_level=0 is not a proportion"),
        ({"ci_level": None}, "ci_level is blank"),
        ({"unit": None}, "estimate=42.3 has no unit"),
        ({"unit": "months"}, "unit='months' does not go with outcome='orr'"),
        ({"unit": "per cent"}, "unit='per cent' is not one of 'percent'"),
        ({"estimate": 142.3, "ci_high": 163.1, "n": None, "events": None}, "estimate=142.3 is above 100 %"),
        ({"ci_high": 163.1}, "ci_high=163.1 is above 100 %"),
        ({"estimate": 43.3}, r"estimate=43.3 % is not 100 \* events / n for 11/26"),
        ({"estimate": 42.4}, "is not 100"),
        ({"outcome": "response"}, "outcome='response' is not one of 'orr'"),
        ({"outcome": None}, "outcome is blank"),
        ({"assessor": "IRC"}, "assessor='IRC' is not one of 'BICR', 'investigator'"),
        ({"outcome": "pfs_rate"}, "time_months is blank"),
        ({"subgroup_variable": "KRAS"}, "give both, or neither"),
        ({"subgroup_level": "mutant"}, "give both, or neither"),
        ({"data_cut": "30.06.2024"}, "data_cut='30.06.2024' is no ISO date"),
        ({"data_cut": "2024-13"}, "is no ISO date"),
        ({"not_reached": "ci_high"}, "not_reached='ci_high' names a column that holds a number"),
        ({"not_reached": "upper"}, "not_reached='upper' is not one of"),
        ({"derived": "n", "n": None}, "derived='n' names a column that is blank"),
        ({"verification": "seen"}, "verification='seen' is not one of 'read', 'reproduced', 'unverified'"),
        ({"supersedes": "a-pfs"}, "supersedes='a-pfs' is the row_id of no row"),
        ({"supersedes": "a-orr"}, "supersedes='a-orr' is the row itself"),
        ({"arm_id": "c"}, "arm_id='c' is not in arms.arm_id"),
        ({"trial": "B"}, "arm_id='a' is an arm of 'A'"),
        ({"source_id": "t"}, "source_id='t' is not in sources.source_id"),
        (NO_RATE | HR | {"hr": -0.73}, "hr=-0.73 is not above 0: .* log scale"),
        (NO_RATE | HR | {"hr_low": 0}, "hr_low=0 is not above 0"),
        (NO_RATE | HR | {"hr": 0.65}, r"hr=0.65 lies outside its interval \(0.36, 0.64\)"),
        (NO_RATE | HR | {"hr_low": 0.7}, "hr_low=0.7 is above hr_high=0.64"),
        (NO_RATE | HR | {"hr": None}, "but hr is blank"),
        (NO_RATE | HR | {"hr_level": 95}, "hr_level=95 is not a proportion"),
        (NO_RATE | HR | {"p_value": 1.2}, "p_value=1.2 must be at most 1"),
        (NO_RATE | HR | {"p_sided": 3}, "p_sided=3 must be at most 2"),
        (NO_RATE | HR | {"comparator": "a"}, "comparator='a' is the arm itself"),
        (NO_RATE | HR | {"comparator": "c"}, "comparator='c' is not in arms.arm_id"),
        (NO_RATE, "the row holds no figures"),
    ],
)
def test_a_value_that_cannot_be_is_named(change, says):
    with pytest.raises(DataError, match=says):
        check(change)


@pytest.mark.parametrize(
    ("estimate", "events", "n"), [(42, 11, 26), (42.31, 11, 26), (16, 32, 201), (9, 8, 89), (0, 0, 4), (12.5, 1, 8)]
)
def test_a_rounded_percentage_agrees_with_its_counts(estimate, events, n):
    bare = {"ci_low": None, "ci_high": None, "ci_level": None}
    assert len(check({"estimate": estimate, "events": events, "n": n} | bare)) == 1


def test_a_row_without_figures_stands_only_with_a_note():
    assert len(check(NO_RATE | {"note": "a response in an unknown number of patients"})) == 1


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{}, {}], "row_id='a-orr' stands in an earlier row too"),
        ([{"row_id": "x", "supersedes": "y"}, {"row_id": "y", "supersedes": "x"}], "leads in a circle"),
        (
            [OLD | {"row_id": "x", "supersedes": "y"}, {"row_id": "y", "supersedes": "z"}, {"row_id": "z"}],
            "about another",
        ),
        ([{"row_id": "x"}, {"row_id": "y", "supersedes": "z"}, {"row_id": "z", "supersedes": "y x"}], "circle"),
        ([{"row_id": "x", "supersedes": "y"}, {"row_id": "y", "outcome": "dcr"}], "about another outcome"),
    ],
)
def test_rows_that_contradict_each_other_are_named(rows, says):
    with pytest.raises(DataError, match=says):
        check(*rows)


def test_columns_are_those_of_the_table():
    with pytest.raises(ColumnError, match="evidence has no column 'responders'"):
        validate(evidence().assign(responders=1), "evidence")
    with pytest.raises(ColumnError, match="column 'trial' is missing"):
        validate(evidence().drop(columns="trial"), "evidence")
    with pytest.raises(OptionError, match=r"table_name='evidences' .*Did you mean 'evidence'"):
        validate(evidence(), "evidences")


def test_an_arm_cannot_hold_itself():
    arms = pd.DataFrame({name: ["x", "y"] for name in TABLES["arms"].names()})
    arms = arms.assign(line="recurrent", randomised="no", nested_in=["y", "x"])
    with pytest.raises(DataError, match="nested_in leads in a circle"):
        validate(arms, "arms")
    with pytest.raises(DataError, match=r"nested_in='z' is not in arms\.arm_id"):
        validate(arms.assign(nested_in=["z", None]), "arms")


def test_a_users_table_needs_little_and_keeps_the_rest():
    got = validate({"trial": ["A"], "outcome": ["orr"], "n": [10], "events": [3], "biopsy": ["core"]}, "trials")
    assert got["biopsy"].tolist() == ["core"]
    with pytest.raises(DataError, match=r"trial 'A' \(row 0\): events=12 exceeds n=10"):
        validate({"trial": ["A"], "outcome": ["orr"], "n": [10], "events": [12]}, "trials")


def test_every_field_is_described():
    for table in TABLES.values():
        assert len(set(table.names())) == len(table.fields)
        assert all(f.description.endswith(".") or ":" in f.description for f in table.fields)
    assert {o.kind for o in OUTCOMES.values()} == {"proportion", "time"}


def own(**columns: object) -> pd.DataFrame:
    return validate(
        pd.DataFrame([{"trial": "A", "outcome": "pfs", "unit": "months", "estimate": None} | columns]), "trials"
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"estimate": 12.0, "ci_low": 9.0, "ci_level": 0.95},  # one limit
        {"estimate": 12.0, "ci_low": 9.0, "ci_high": None, "ci_level": 0.975, "ci_sides": 1},
        {"estimate": 12.0, "hr": 0.7, "hr_low": None, "hr_high": 0.9, "hr_level": 0.975, "hr_sides": 1},
        {"not_reached": "estimate"},  # a median that was not reached, alone
        {"not_reached": "estimate ci_high", "ci_low": 20.0, "ci_high": None, "ci_level": 0.95},
        {"estimate": 12.0, "p_value": None, "p_bound": "<0.0001"},
        {"estimate": 12.0, "p_bound": "> 0.05"},
        {"estimate": 2.5, "unit": "years"},
        {"estimate": 30.0, "outcome": "efs"},
        {"estimate": 61.0, "outcome": "efs_rate", "unit": "percent", "time_months": 36},
        {"estimate": 12.0, "cut": "interim analysis"},
    ],
)
def test_a_users_table_takes_what_registries_and_papers_print(columns):
    assert len(own(**columns)) == 1


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (
            {"estimate": 12.0, "ci_low": 9.0, "ci_high": 14.0, "ci_level": 0.975, "ci_sides": 1},
            "write 2c - 1 as ci_level",
        ),
        (
            {"estimate": 12.0, "hr": 0.7, "hr_low": 0.5, "hr_high": 0.9, "hr_level": 0.95, "hr_sides": 3},
            "hr_sides=3 must be at most 2",
        ),
        ({"estimate": 12.0, "p_value": 0.03, "p_bound": "<0.05"}, "p_value=0.03 and p_bound='<0.05' are both given"),
        ({"estimate": 12.0, "p_bound": "significant"}, "is no bound of a p value: write <0.001"),
        ({"estimate": 61.0, "outcome": "efs_rate", "unit": "percent", "time_months": None}, "time_months is blank"),
    ],
)
def test_a_users_table_refuses_what_they_cannot_mean(columns, says):
    with pytest.raises(DataError, match=re.escape(says)):
        own(**columns)


# ---------------------------------------------------------------- what was read


READ = "n events estimate ci_low ci_high"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"verification": "read"}, "verification='read' is not what read_fields=nan gives"),
        ({"verification": "read", "read_fields": "n events estimate"}, "verification='read' is not what"),
        ({"verification": "unverified", "read_fields": READ}, "verification='unverified' is not what"),
        ({"verification": "unverified", "read_fields": "n hr"}, "'n hr' names a column that is blank or derived"),
        ({"read_fields": "n", "derived": "n"}, "read_fields='n' names a column that is blank or derived"),
        ({"read_fields": "ci_level"}, "read_fields='ci_level' is not one of 'n', 'events', 'estimate'"),
    ],
)
def test_the_verification_follows_from_the_figures_read(change, says):
    with pytest.raises(DataError, match=says):
        check(change)


@pytest.mark.parametrize(
    "change",
    [
        {"verification": "read", "read_fields": READ},
        {"verification": "read", "read_fields": "n estimate ci_low ci_high", "derived": "events"},
        {"verification": "reproduced", "read_fields": "n events"},
        {"verification": "unverified", "read_fields": "n events"},
        {"verification": "unverified"},
    ],
)
def test_a_row_may_be_read_in_part(change):
    check(change)


@pytest.mark.parametrize(
    ("row", "asked", "missing"),
    [
        ({"hr": 0.5, "hr_low": 0.4, "hr_high": 0.6, "read_fields": "hr"}, ("hr", "hr_low"), ["hr_low"]),
        ({"n": 50, "events": 20, "estimate": 40, "derived": "events", "read_fields": "n estimate"}, ("events",), []),
        ({"n": 50, "events": 20, "estimate": 40, "derived": "events", "read_fields": "n"}, ("n", "events"), ["events"]),
        ({"n": 50, "events": None, "read_fields": None}, ("n", "events"), ["n"]),
    ],
)  # fmt: skip
def test_what_was_worked_out_is_as_good_as_what_it_was_worked_out_of(row, asked, missing):
    assert unread(row, asked) == missing
