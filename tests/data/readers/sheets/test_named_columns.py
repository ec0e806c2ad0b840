"""Naming one column keeps the others recognised; None leaves one unread; figures that cannot be are set aside."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.special import ndtri

import metaonc as mo
from metaonc.errors import ColumnError, DataError


def read(table, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.MetaoncWarning)
        return mo.read_trials(table, **options)


def targets(table, **options):
    found = mo.read_as(read(table, **options))
    return {c: r for c, r in zip(found["column"], found["read_as"], strict=True) if r}


def test_a_figure_that_is_named_leaves_the_others_recognised():
    table = {"Study": ["A", "B"], "Verstorben": [3, 4], "N": [10, 20], "OS HR": ["0.5 (0.3-0.8)", "0.7 (0.4-1.2)"]}
    found = targets(table, columns={"Verstorben": "death.events"})
    assert found == {"Study": "trial", "Verstorben": "death.events", "N": "n", "OS HR": "os.hr"}
    rows = read(table, columns={"Verstorben": "death.events"})
    assert rows[["trial", "outcome", "n"]].values.tolist() == [
        ["A", "os", 10], ["A", "death", 10], ["B", "os", 20], ["B", "death", 20],
    ]  # fmt: skip


def test_limits_without_an_outcome_are_those_of_the_ratio_that_is_named():
    table = {"Study": ["A"], "ratio": [0.5], "LCL": [0.3], "UCL": [0.9], "PFS HR": ["0.6 (0.5-0.7)"]}
    rows = read(table, columns={"ratio": "os.hr"}).set_index("outcome")
    assert rows.loc["os", ["hr", "hr_low", "hr_high"]].tolist() == [0.5, 0.3, 0.9]
    assert rows.loc["pfs", ["hr", "hr_low", "hr_high"]].tolist() == [0.6, 0.5, 0.7]


def test_limits_without_an_outcome_are_those_of_the_only_one():
    rows = read({"Study": ["A", "B"], "OS HR": [0.5, 0.6], "CI low": [0.3, 0.4], "CI high": [0.9, 0.8]})
    assert rows[["outcome", "hr", "hr_low", "hr_high"]].values.tolist() == [
        ["os", 0.5, 0.3, 0.9], ["os", 0.6, 0.4, 0.8],
    ]  # fmt: skip


def test_a_ratio_beside_two_outcomes_is_asked_for_and_given_to_neither():
    table = {"Study": ["A"], "hr": [0.5], "hr_low": [0.3], "hr_high": [0.9], "mOS (months)": [30.5], "mPFS (mo)": [3.5]}
    rows = read(table)
    assert "hr" not in rows
    assert rows["outcome"].tolist() == ["os", "pfs"]
    assert mo.read_as(rows).set_index("column")["how"]["hr"] == "of which outcome, os, pfs"


def test_a_hazard_ratio_is_not_that_of_a_response():
    rows = read({"Study": ["A"], "HR": [0.5], "HR low": [0.3], "HR high": [0.9], "ORR (%)": [30.5]})
    assert rows[["outcome", "estimate"]].values.tolist() == [["orr", 30.5]]
    assert "hr" not in rows


def test_none_leaves_a_column_unread():
    table = {"Study": ["A"], "OS HR": ["0.5 (0.4-0.7)"], "PFS HR": ["0.6 (0.5-0.7)"], "n": [10]}
    assert targets(table, columns={"PFS HR": None, "n": None}) == {"Study": "trial", "OS HR": "os.hr"}
    with pytest.raises(ColumnError, match="'TTP HR' is not a column"):
        read(table, columns={"TTP HR": None})


def test_figures_that_cannot_be_are_set_aside_where_others_remain():
    table = {
        "Study": ["A", "B"],
        "OS HR": ["0.5 (0.4-0.7)", "0.6 (0.4-0.9)"],
        "PFS HR": ["0.5 (0.4-0.7)", "0.5 (0.6-0.7)"],
    }
    with pytest.warns(mo.DataWarning, match=r"not read: 'PFS HR', since they cannot be: trial 'B' .* lies outside"):
        rows = mo.read_trials(table)
    assert rows["outcome"].tolist() == ["os", "os"]
    with pytest.raises(DataError, match="lies outside its interval"):
        read(table, columns={"PFS HR": "pfs.hr"})
    with pytest.raises(DataError, match="lies outside its interval"):
        read({"Study": ["A"], "PFS HR": ["0.5 (0.6-0.7)"]})


def test_counts_that_contradict_their_rate_are_not_set_aside():
    table = {"Study": ["A", "B"], "Responders, n (%)": ["25 (63.9)", "9 (15)"], "N": [57, 60], "ORR": [43.9, 15.0]}
    with pytest.raises(DataError):
        read(table)


def test_a_number_for_a_missing_one_is_no_figure():
    table = {"Study": ["A", "B"], "EFS HR": [0.6, 0.7], "EFS low": [0.4, 0.5], "EFS high": [0.9, 1.0],
             "OS HR": [0.7, -99], "OS low": [0.5, -99], "OS high": [1.0, -99]}  # fmt: skip
    rows = read(table)
    assert rows[["trial", "outcome"]].values.tolist() == [["A", "efs"], ["A", "os"], ["B", "efs"]]
    assert any("no os" in said for said in rows.attrs["reading"]["left_out"])


def test_a_rate_with_its_interval_in_one_cell():
    rows = read({"Trial": ["A", "B"], "N": [184, 406], "ORR, % (95% CI)": ["60.9 (53.4-68.0)", "69.7 (65.0-74.1)"]})
    assert rows[["outcome", "estimate", "ci_low", "ci_high", "unit"]].values.tolist() == [
        ["orr", 60.9, 53.4, 68.0, "percent"], ["orr", 69.7, 65.0, 74.1, "percent"],
    ]  # fmt: skip


def test_words_of_other_languages(tmp_path):
    file = tmp_path / "studien.csv"
    head = "Studie;n;Median PFS (Monate);untere Grenze 95%-KI;obere Grenze 95%-KI\n"
    text = f"{head}M\u00fcller;120;7,4;6,1;8,9\nWei\u00df;98;6,2;5,0;7,7\n"
    file.write_text(text, encoding="utf-8")
    rows = read(file)
    assert rows[["trial", "outcome", "estimate", "ci_low", "ci_high", "unit"]].values.tolist() == [
        ["M\u00fcller", "pfs", 7.4, 6.1, 8.9, "months"], ["Wei\u00df", "pfs", 6.2, 5.0, 7.7, "months"],
    ]  # fmt: skip
    file.write_text("Studie;OR;KI unten;KI oben;p-Wert\nA;0,64;0,30;1,36;0,25\nB;0,57;0,23;1,38;0,21\n")
    assert read(file)[["odds_ratio", "or_low", "or_high", "p_value"]].values.tolist()[0] == [0.64, 0.30, 1.36, 0.25]


def test_a_row_without_figures_names_the_way_to_leave_it_out(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("study,n,events,n_c,events_c\nA,10,2,11,3\nB,50,,52,9\n")
    with pytest.raises(DataError, match=r"no figures: .* To leave the row out, give skip=\[3\]"):
        read(file)
    assert read(file, skip=[3])["trial"].tolist() == ["A"]


def test_decimal_commas_that_stand_in_brackets_alone(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("Studie;Ansprechen n (%);Patienten\nA;25 (43,9);57\nB;41 (34,2);120\n")
    rows = read(file, columns={"Ansprechen n (%)": "orr.events"})
    assert rows[["outcome", "events", "n", "estimate"]].values.tolist() == [
        ["orr", 25, 57, 43.9], ["orr", 41, 120, 34.2],
    ]  # fmt: skip
    file.write_text("Studie;HR (95% KI)\nA;0.5 (0.3,0.9)\nB;0.7 (0.5,1.0)\n")
    assert read(file)[["hr", "hr_low", "hr_high"]].values.tolist() == [[0.5, 0.3, 0.9], [0.7, 0.5, 1.0]]


def test_pathological_response_is_no_p_value():
    table = {"Study": ["A"], "pCR": [0.45], "EFS HR": ["0.6 (0.4-0.9)"]}
    assert targets(table) == {"Study": "trial", "EFS HR": "efs.hr"}


def test_what_is_advised_names_a_column_of_the_table():
    with pytest.raises(ColumnError, match=r"give columns=\{'Other events': 'orr.estimate'\}"):
        read({"Study": ["A"], "Drug events": [3], "Other events": [4]})


def test_a_column_that_says_p_is_one_sided_is_read_where_the_sides_are_said(tmp_path):
    (tmp_path / "p.csv").write_text("trial,arm,comparator,OS HR,one-sided p\nA,x,y,0.6213,0.001234\n")
    named = {"OS HR": "os.hr", "one-sided p": "os.p_value"}
    with pytest.raises(mo.OptionError, match=r"'one-sided p' says that p is of one side.*constants=\{'p_sided': 1\}"):
        mo.read_trials(tmp_path / "p.csv", columns=named)
    rows = mo.read_trials(tmp_path / "p.csv", columns=named, constants={"p_sided": 1})
    found = mo.analyse(rows, outcome="os", routes=["p"]).result
    assert found.studies.vi[0] == pytest.approx((np.log(0.6213) / ndtri(0.001234)) ** 2, rel=1e-12)
