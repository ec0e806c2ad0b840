"""Columns of numbers have one heading each, in tables and in reports, and never their names in code."""

import re
from html import unescape

import pandas as pd
import pytest

import metaonc as mo
from metaonc.report.document.figures import readable
from metaonc.report.tables.numbers import heading


@pytest.mark.parametrize(
    ("column", "head"),
    [("ci_low", "CI, lower"), ("tau2", "τ²"), ("mean", "Mean"), ("k", "k"), ("term", "Term"), ("n_t", "n (treatment)"),
     ("rmst_c_se", "RMST (control) SE"), ("log_ratio_se", "Log ratio SE"), ("events_c", "Events (control)"),
     ("moved_tau2", "Moved τ²"), ("cut_after", "Cut after"), ("Study ID", "Study ID"), ("my_column", "My column")],
)  # fmt: skip
def test_headings_are_words_of_the_field(column, head):
    assert heading(column) == head
    assert readable(pd.DataFrame({column: [1.0]})).columns.tolist() == [head]


def test_survival_in_a_report_has_no_raw_heads(tmp_path):
    rows = {"time": [3, 5, 8, 9, 11, 4, 6, 7, 10, 12] * 6, "event": [1, 1, 0, 1, 1] * 12,
            "arm": (["new"] * 5 + ["old"] * 5) * 6, "trial": [name for name in "ABC" for _ in range(20)]}  # fmt: skip
    each = mo.survival.rmst_by_trial(rows, study="trial", control="old", horizons=9)
    pools = mo.survival.pool_rmst(rows, study="trial", control="old", horizons=9)
    mo.write_report({"Each": each, "Pool": pools}, tmp_path / "r.html")
    heads = map(
        unescape, re.findall(r"<th scope=\"col\"[^>]*>(?:<button[^>]*>)?([^<]*)", (tmp_path / "r.html").read_text())
    )
    found = set(heads)
    assert found
    assert not found & {"Ci low", "Ci high", "TAU2", "MEAN", "TERM", "K", "Rmst c", "Tau2"}
