"""What notebooks show of results, tables and lists: the numbers that are printed, as tables, with all their words."""

import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.base.columns import TIDY, arranged
from metaonc.base.html import html_estimates

HOSTILE = '<img src=x onerror="alert(1)"> & "B"'
TRIALS = {"trial": ["A", HOSTILE, "C"], "yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}


class Cells(HTMLParser):
    """The cells of the tables of a page, and its tags."""

    def __init__(self, html):
        super().__init__()
        self.cells, self.tags, self.open = [], [], False
        self.feed(re.sub("<style>.*?</style>", "", html, flags=re.S))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.open = tag in ("td", "th")
        self.cells += [""] * self.open

    def handle_endtag(self, tag):
        self.open = False

    def handle_data(self, data):
        if self.open:
            self.cells[-1] += data


def pooled(**options):
    return mo.pool(TRIALS, study="trial", **{"measure": "HR"} | options)


def test_a_result_is_a_table_with_its_text_and_cautions():
    r = pooled()
    html = r._repr_html_()
    page = Cells(html)
    assert page.tags.count("table") == 1
    assert {"A", HOSTILE, "C", "overall", "0.7314 (0.4619 to 1.158)", "Estimate (95 % CI)", "0.0995"} <= set(page.cells)
    assert "img" not in page.tags
    assert '<p class="caution">Caution: the variance between trials' in html
    assert "Note: 3 rows" in html
    assert "prefers-color-scheme: dark" in html
    for line in str(r).splitlines():
        assert line in unescape(html)


def test_proportions_are_in_percent_as_in_the_summary():
    table = {"trial": ["A", "B"], "kras": ["mutant", "wild"], "x": [3, 5], "n": [10, 20]}
    one = mo.pool_glmm(table, events="x", n="n", study="trial")
    two = mo.pool_subgroups(table | {"kras": ["mutant"] * 2}, by="kras", using=mo.pool_glmm, events="x", n="n")
    for r in (one, two):
        cells = Cells(r._repr_html_()).cells
        assert "Estimate, % (95 % CI)" in cells
        shown = re.search(r"([\d.]+) % \(95 % CI ([\d.]+) to ([\d.]+)\)", str(r)).groups()
        assert "{} ({} to {})".format(*shown) in cells


def test_no_back_transform_no_percent():
    table = {"trial": ["A", "B", "C"], "yi": [0.5, 0.6, 0.7], "vi": [0.01, 0.01, 0.02]}
    r = mo.pool(table, study="trial", measure="PFT")
    assert "Estimate (95 % CI)" in Cells(r._repr_html_()).cells


@pytest.mark.parametrize(
    "make",
    [
        lambda: mo.sensitivity.leave_one_out(pooled()),
        lambda: mo.sensitivity.cumulative(pooled()),
        lambda: mo.regress(pd.DataFrame({"yi": [0.1, 0.3, 0.2, 0.5], "vi": [0.1] * 4, "x": [1, 2, 4, 5]}), "~ x"),
        lambda: mo.survival.kaplan_meier({"time": [1, 2, 3, 4], "event": [1, 1, 0, 1], "arm": [HOSTILE] * 4}, by="arm"),
        lambda: mo.sensitivity.permutation_test(pooled()),
    ],
)
def test_tables_inside_a_summary_are_tables(make):
    r = make()
    page = Cells(r._repr_html_())
    assert page.tags.count("table") == 1
    assert "img" not in page.tags
    printed = set(str(r).split())
    cells = {word for cell in page.cells for word in cell.split()}
    assert cells
    assert cells <= printed


def test_a_long_result_is_cut_with_a_word():
    rng = np.random.default_rng(1)
    r = mo.pool({"yi": rng.normal(0, 0.1, 300), "vi": [0.01] * 300})
    html = r._repr_html_()
    assert html.count("<tr") == 201
    assert "101 more rows: see tidy()." in html


def test_findings_and_readings_show_all_their_words():
    found = mo.audit(
        {"trial": [HOSTILE], "outcome": ["orr"], "n": [55], "events": [15], "estimate": [28], "unit": ["percent"]}
    )
    page = Cells(found._repr_html_())
    assert set(found["message"]) | set(found["fix"]) <= set(page.cells)
    assert max(map(len, found["message"])) > 60  # which pandas cuts off
    assert "img" not in page.tags
    assert Cells(found.query("severity == 'error'")._repr_html_()).cells == page.cells
    assert "No rows: " in found.head(0)._repr_html_()
    with pytest.warns(mo.DataWarning):
        trials = mo.read_trials({"Study": ["A", "B"], "Responders": [3, 4], "N": [10, 12], "age <b>": [61, 58]})
    listed = mo.read_as(trials)
    assert isinstance(listed, pd.DataFrame)
    assert {"Responders", "events", "recognised", "age <b>"} <= set(Cells(listed._repr_html_()).cells)


def test_tables_have_the_style_of_results():
    table = mo.table(pooled())
    css = re.compile("<style>(.*?)</style>", re.S)
    assert css.findall(table._repr_html_()) == css.findall(pooled()._repr_html_())
    assert HOSTILE in Cells(table._repr_html_()).cells


def test_a_listing_without_rows_says_so():
    assert str(mo.audit({"trial": ["A"], "outcome": ["orr"], "n": [20], "events": [5]})).startswith("No rows: ")


def test_findings_print_all_columns_with_all_their_words():
    found = mo.audit(mo.load("lgsoc").evidence)
    text = str(found)
    assert all(name in text for name in found.columns)
    words = " ".join(text.split())
    assert all(" ".join(message.split()) in words for message in found["message"])
    assert max(map(len, text.splitlines())) <= 120
    assert "more rows" in str(pd.concat([found] * 5))
    assert str(found[["row", "trial"]]).count("\n") == len(found)
    assert str(found.iloc[:0]).startswith("No rows: ")


def test_points_of_a_curve_are_counted_not_listed():
    rows = pd.DataFrame({"term": "All", "type": "corner", "estimate": [1.0, 0.9, 0.8]})
    tidy = arranged(dict(rows.items()), 3, TIDY)
    assert html_estimates(tidy, None, percent=False) == "<p>3 points: see tidy().</p>"
