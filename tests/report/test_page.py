import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.report.forest import forest
from metaonc.report.page import html_figure, html_list, html_table, html_text, page

VOID = {"meta", "link", "br", "hr", "img", "input", "area", "base", "col", "source", "wbr"}
EVIL = '<script>alert("x")</script> & $a$'


class Outline(HTMLParser):
    """Every element, its attributes and its text; a tag that is closed wrongly, or not, is an error."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def drawn(names=("A", "B", "C")):
    trials = {"trial": list(names), "yi": [-0.5, -0.3, 0.1], "vi": [0.04, 0.03, 0.05]}
    return forest(mo.pool(trials, study="trial", measure="HR"), width=120, effect=f"HR {EVIL}")


def whole():
    table = pd.DataFrame({"trial": [EVIL, "B"], "n": [12345.0, np.nan], EVIL: [0.12345, 2.0]})
    figure = html_figure(drawn((EVIL, "B", "C")), f'Figure "{EVIL}"')
    sections = [("Figure " + EVIL, figure), ("Table", html_table(table, f"Caption {EVIL}"))]
    return page(EVIL, [*sections, ("Notes", html_list([EVIL])), ("Script", html_text(EVIL))])


def test_labels_of_any_kind_are_text_and_nothing_else():
    got = Outline(whole())
    assert "script" not in got.tags
    assert got.words.count(EVIL) >= 5  # title, heading, cell, list, script; and in the figure with its number
    assert any(EVIL in text for text in got.words if text.startswith("Caption"))


def test_a_page_asks_for_nothing_from_elsewhere():
    got = Outline(whole())
    assert not {"script", "link", "img", "iframe", "object", "embed"} & set(got.tags)
    names = {name for _, attributes in got.attributes for name in attributes}
    assert not {name for name in names if name.startswith("on")} | ({"src", "srcset"} & names)
    links = [a[key] for _, a in got.attributes for key in ("href", "xlink:href") if key in a]
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"url\((?!#)|@import", whole())


def test_a_page_is_html_with_language_title_and_one_heading():
    text = whole()
    got = Outline(text)
    assert text.startswith("<!DOCTYPE html>")
    assert dict(got.attributes[:1]) == {"html": {"lang": "en"}}
    assert [got.tags.count(tag) for tag in ("title", "h1", "main", "svg")] == [1, 1, 1, 1]
    assert got.tags.count("h2") == got.tags.count("section") == 4
    assert ("meta", {"charset": "utf-8"}) in got.attributes


def test_figures_say_what_they_show_to_those_who_do_not_see_them():
    ((_, svg),) = [(tag, a) for tag, a in Outline(whole()).attributes if tag == "svg"]
    assert svg["role"] == "img"
    assert svg["aria-label"] == f'Figure "{EVIL}"'
    assert {"viewbox", "width", "height"} <= set(svg)


def test_tables_have_a_caption_and_headers_with_their_scope():
    table = pd.DataFrame({"trial": ["A", "B"], "n": [1, 2]})
    got = Outline(html_table(table, "Rows used"))
    assert got.tags.count("caption") == 1
    heads = [a for tag, a in got.attributes if tag == "th"]
    assert [a["scope"] for a in heads] == ["col", "col"]
    assert [a.get("class") for a in heads] == [None, "number"]
    assert [a.get("class") for tag, a in got.attributes if tag == "td"] == [None, "number"] * 2


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345.0, "12345"), (57.0, "57"), (0.0, "0"), (0.43859, "0.4386"), (-0.5, "−0.5"), (1234.56, "1235"),
     (np.nan, ""), (None, ""), (pd.NA, ""), (np.inf, "∞"), ("<b>", "&lt;b&gt;"), (7, "7"), (True, "True")],
)  # fmt: skip
def test_cells_of_a_table(value, text):
    table = pd.DataFrame({"x": pd.Series([value], dtype=object)})
    assert f"<td>{text}</td>" in html_table(table, "c")


def test_the_same_figure_gives_the_same_page():
    assert html_figure(drawn(), "d") == html_figure(drawn(), "d")
