"""Tables as people keep them: names of columns, cells, words."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

import metaonc as mo
from metaonc.data.audit.reading import read
from metaonc.data.audit.rows import Number


def test_a_wide_table_is_read_by_its_own_names():
    table = {
        "Study": ["A"],
        "ORR (%)": ["31"],
        "orr_low": [23],
        "orr_high": [41],
        "responders": [34],
        "N": [109],
        "level": [0.95],
    }
    row = read(table).rows[0]
    assert (row.trial, row.outcome, row.count("events"), row.count("n")) == ("A", "orr", 34, 109)
    assert (row.percentage, row.num("ci_low"), row.confidence("ci_level")) == (Number(31, 0), Number(23, 0), 0.95)
    assert mo.audit(table).empty


def test_limits_beside_a_ratio_alone_are_those_of_the_ratio():
    row = read(
        {"study": ["A"], "hr": ["0.48"], "ci_low": ["0.36"], "ci_high": ["0.64"], "level": [0.95], "p": [0.001]}
    ).rows[0]
    assert (row.num("hr_low"), row.num("hr_high"), row.value("hr_level")) == (Number(0.36, 2), Number(0.64, 2), 0.95)
    assert row.value("p_value") == 0.001


def test_the_name_of_a_limit_may_hold_its_level():
    row = read({"outcome": ["orr"], "result": ["31"], "95% CI low": ["23"], "95% CI high": ["41"]}).rows[0]
    assert (row.num("ci_low"), row.num("ci_high")) == (Number(23, 0), Number(41, 0))


@pytest.mark.parametrize(
    ("column", "cell", "fix"),
    [
        ("estimate", "12.3*", "with a decimal point"),
        ("ci_high", "NE", "write ci_high in not_reached"),
        ("p_value", "<0.001", "say the bound in a note"),
    ],
)
def test_notation_comes_with_its_fix(column, cell, fix):
    found = mo.audit({"trial": ["A"], "outcome": ["pfs"], "unit": ["months"], "estimate": ["12.3"], column: [cell]})
    assert fix in found["fix"][found["rule"] == "notation"].iloc[0]


def test_a_table_of_proportions_is_read_as_such_and_said():
    table = {
        "study": ["A", "B"],
        "outcome": ["orr", "orr"],
        "n": [109, 55],
        "events": [34, 15],
        "estimate": ["0.31", "0.28"],
    }
    found = mo.audit(table)
    assert list(found["rule"]) == ["percent_of_counts", "notation"]
    assert found["got"][0] == "28 %; 15/55 = 27.3 %"
    assert found["expected"][1] == "read as percent, such as 31"


def test_a_proportion_of_one_decimal_is_as_coarse_as_it_prints():
    table = {"outcome": ["orr"] * 3, "n": [20, 20, 20], "events": [7, 20, 9], "estimate": ["0.3", "1", "0.45"]}
    assert list(mo.audit({"trial": ["A", "B", "C"], **table})["rule"]) == ["notation"]


def test_keywords_of_two_arms_are_known():
    row = read({"study": ["A"], "events_t": [10], "n_t": [30], "events_c": [3], "n_c": [31]}).rows[0]
    assert [row.count(c) for c in ("events", "n", "events_comparator", "n_comparator")] == [10, 30, 3, 31]


@pytest.mark.parametrize(
    ("written", "code", "months"),
    [
        ("ORR", "orr", None),
        ("mPFS", "pfs", None),
        ("Overall response rate", "orr", None),
        ("confirmed ORR", "orr", None),
        ("12-week PFS endpoint", "pfs_rate", 12 * 7 / 30.4375),
        ("PFS at 6 months", "pfs_rate", 6.0),
    ],
)
def test_outcomes_go_by_many_names(written, code, months):
    row = read({"outcome": [written], "estimate": ["28"]}).rows[0]
    assert row.outcome == code
    assert (None if months is None else round(months, 2)) == (round(v, 2) if (v := row.value("time_months")) else None)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("31", Number(31, 0)),
        ("31.0", Number(31, 1)),
        ("31%", Number(31, 0)),
        ("31,5", Number(31.5, 1)),  # as analyse: a comma before one digit is of decimals
        ("31,500", None),  # but may be of thousands
        ("NE", None),
        ("31*", Number(31, 0)),
    ],
)
def test_cells_keep_the_digits_they_print(cell, number):
    assert read({"outcome": ["orr"], "estimate": [cell]}).rows[0].num("estimate") == number


def test_an_interval_in_the_cell_of_the_estimate_is_read_and_said():
    reading = read({"outcome": ["orr"], "estimate": ["31% (23-41)"], "events": ["34/109"]})
    row = reading.rows[0]
    assert [row.num(c) for c in ("estimate", "ci_low", "ci_high")] == [Number(31, 0), Number(23, 0), Number(41, 0)]
    assert (row.count("events"), row.count("n")) == (34, 109)
    assert {rule for rule, _ in reading.remarks} == {"notation"}


def test_a_cell_of_words_is_an_error_of_its_own():
    found = mo.audit({"trial": ["A"], "outcome": ["orr"], "n": ["thirty"], "events": ["9"]})
    assert found["rule"][0] == "not_a_number"
    assert "n='thirty' cannot be read as one figure." in found["message"][0]
    comma = mo.audit({"trial": ["A"], "outcome": ["pfs"], "unit": ["months"], "estimate": ["12,345"]})
    assert "Write it with a point, 12.345, or give decimal=','" in comma["fix"][0]


def test_a_table_without_figures_is_refused():
    with pytest.raises(mo.ColumnError, match=r"no column of figures that an audit knows; it has colour"):
        mo.audit({"colour": ["red"]})


def test_an_unknown_word_is_a_note_not_an_error():
    found = mo.audit({"trial": ["A"], "outcome": ["time to boredom"], "estimate": ["3"], "unit": ["months"]})
    assert set(found["severity"]) <= {"note", "error"}
    assert found["severity"][found["rule"] == "value"].tolist() == ["note"]


def test_identifiers_in_a_column_of_floats_keep_their_digits():
    table = {
        "trial": ["A", "B"],
        "outcome": ["orr", "orr"],
        "n": [30, 20],
        "events": [9, 3],
        "pmid": [32822286.0, float("nan")],
    }
    assert read(table).rows[0].text("pmid") == "32822286"
    assert mo.audit(table).empty


def test_polars_and_pandas_give_the_same():
    rows = {"trial": ["A"], "outcome": ["orr"], "n": [55], "events": [15], "estimate": [28.0], "unit": ["percent"]}
    assert mo.audit(pl.DataFrame(rows))["message"].tolist() == mo.audit(pd.DataFrame(rows))["message"].tolist()


def test_no_rule_is_asked_of_a_column_that_was_said_not_to_be_read():
    table = {"trial": ["A", "B"], "Responders": [9, 7], "N": [52, 41], "DCR %": [71.2, 61.0]}
    columns = {"Responders": "orr.events", "DCR %": None}
    assert mo.audit(table, columns=columns).empty
    assert not read(table, columns=columns).not_read
    trials = mo.read_trials(table, columns=columns)
    assert mo.audit(trials).empty
    assert not read(trials).not_read
    assert list(mo.audit(table | {"DCR %": [17.3, 61.0]}, columns=columns | {"DCR %": "orr.estimate"})["rule"])


@pytest.mark.parametrize("column", ["hr", "pmid", "ci_low", "assessor"])
def test_a_column_by_the_name_of_the_schema_is_no_more_asked(column):
    table = {"trial": ["A"], "outcome": ["orr"], "events": [9], "n": [52], column: ["-1"]}
    assert mo.audit(table, columns={column: None}).empty
    assert mo.audit(mo.read_trials(table, columns={column: None})).empty


def test_a_column_that_is_not_read_still_tells_rows_apart():
    table = {"trial": ["A", "A"], "outcome": ["orr", "orr"], "events": [9, 9], "n": [52, 52], "part": ["i", "ii"]}
    assert "row_twice" not in list(mo.audit(table, columns={"part": None})["rule"])
