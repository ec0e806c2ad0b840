"""Reports: what they hold, that labels stay text, that nothing is asked of a network, and the same bytes twice."""

import base64
import csv
import io
import re
import zipfile
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from report_cases import by_kras, report
from result_kinds import EVERY

import metaonc as mo
from metaonc.report.blocks import (
    Bullets,
    Drawing,
    Grid,
    Paragraph,
    Printed,
    Reference,
    References,
    Report,
    Section,
)
from metaonc.report.document.page.document import html_page
from metaonc.report.document.page.elements import html_block
from metaonc.report.forest.figure import forest

VOID = {"meta", "link", "br", "hr", "img", "input", "area", "base", "col", "source", "wbr"}
EVIL = '<script>alert("x")</script> & $a$'
HEADINGS = [
    "Question",
    "Results",
    "Evidence",
    "Methods",
    "References",
    "Notes",
    "Sources",
    "R script",
    "Data",
    "Software",
]


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
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.attributes if name == tag]


def pooled(names=("A", "B", "C")):
    trials = {"trial": list(names), "yi": [-0.5, -0.3, 0.1], "vi": [0.04, 0.03, 0.05]}
    return mo.pool(trials, study="trial", measure="HR")


def evil_page():
    table = pd.DataFrame({"trial": [EVIL, "B"], "n": [12345.0, np.nan], EVIL: [0.12345, 2.0]})
    ax = forest(pooled((EVIL, "B", "C")), width=120, effect=f"HR {EVIL}")
    blocks = {
        "Figure " + EVIL: Drawing(ax, f'Figure "{EVIL}"', EVIL),
        "Table": Grid(table, f"Caption {EVIL}"),
        "Notes": Bullets((EVIL,)),
        "Printed": Printed(EVIL),
        "Sources": References((Reference(EVIL, doi='10.1000/"><script>', pmid="javascript:1"),)),
    }
    return html_page(Report(EVIL, EVIL, tuple(Section(head, (block,)) for head, block in blocks.items())))


def test_labels_of_any_kind_are_text_and_nothing_else():
    got = Outline(evil_page())
    assert got.tags.count("script") == 1  # the page's own
    assert got.words.count(EVIL) >= 8
    assert any(EVIL in text for text in got.words if text.startswith("Caption"))
    assert [a["href"] for a in got.all("a")] == ["#main", *(f"#s{i}" for i in range(1, 6))]


def test_identifiers_that_are_none_are_no_links():
    text = html_block(References((Reference("A", doi="10.1056/NEJM", pmid="1234"), Reference("B", doi="x"))), "r")
    assert [a["href"] for a in Outline(text).all("a")] == [
        "https://doi.org/10.1056/NEJM",
        "https://pubmed.ncbi.nlm.nih.gov/1234/",
    ]


def test_a_page_asks_for_nothing_from_elsewhere():
    got = Outline(evil_page())
    assert not {"link", "img", "iframe", "object", "embed"} & set(got.tags)
    names = {name for _, attributes in got.attributes for name in attributes}
    assert not {name for name in names if name.startswith("on")} | ({"src", "srcset"} & names)
    (policy,) = [a["content"] for a in got.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert not re.search(r"url\((?!#)|@import", evil_page())


def test_a_page_is_html_with_language_title_landmarks_and_one_heading():
    text = evil_page()
    got = Outline(text)
    assert text.startswith("<!DOCTYPE html>")
    assert got.all("html") == [{"lang": "en"}]
    for tag in ("h1", "header", "nav", "main", "svg"):
        assert got.tags.count(tag) == 1, tag
    assert got.tags.count("h2") == got.tags.count("section") == 5
    ids = [a["id"] for _, a in got.attributes if "id" in a]
    assert len(ids) == len(set(ids))
    for section in got.all("section"):
        assert section["aria-labelledby"] in ids


@pytest.mark.parametrize(
    ("name", "make"),
    # of each class one always runs, the others with the slow tests
    [pytest.param(*case, id=case[0], marks=() if case[0].endswith(" 1") else pytest.mark.slow) for case in EVERY],
)
def test_every_result_with_words_makes_a_report(tmp_path, name, make):
    heads = ["One", "Two"] if name.endswith(" 1") else ["One"]  # twice in a report: one of each kind
    page = mo.write_report(dict.fromkeys(heads, make()), tmp_path / "r.html").read_text(encoding="utf-8")
    got = Outline(page)
    if len(heads) > 1:
        assert page.count("<h3>One</h3>") == page.count("<h3>Two</h3>") >= 2
    assert ("result_1.csv" if len(heads) > 1 else "result.csv") in downloads(got)
    assert got.tags.count("table") >= 1
    if got.tags.count("table") < len(heads):  # what both have alike stands in it once
        assert "The rest is as above, under One." in page
    items = re.findall(r'<ol class="references">(.*?)</ol>', page)
    assert all(len(set(found)) == len(found) for found in (re.findall(r"<li>(.*?)</li>", text) for text in items))


def test_columns_of_printed_numbers_sort_as_numbers(tmp_path):
    table = mo.sensitivity.leave_one_out(pooled())
    page = mo.write_report(table, tmp_path / "r.html", journal="Lancet").read_text(encoding="utf-8")
    assert re.search(r'<td class="number" data-value="\d+\.\d+">\d+·\d+ \(', page)
    assert re.search(r'<td class="number" data-value="\d+\.0">\d+</td></tr>', page)  # I² in whole percent


def test_figures_say_what_they_show_to_those_who_do_not_see_them():
    got = Outline(evil_page())
    (svg,) = got.all("svg")
    assert svg["role"] == "img"
    ids = {a["id"]: tag for tag, a in got.attributes if "id" in a}
    assert [ids[name] for name in svg["aria-labelledby"].split()] == ["title", "desc"]
    assert {"viewbox", "width", "height"} <= set(svg)


def test_two_figures_of_a_page_share_no_id():
    ax = forest(pooled(), width=120)
    sections = tuple(Section(str(i), (Drawing(ax, "A", "a"),)) for i in range(2))
    text = html_page(Report("R", "", sections))
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    used = {*re.findall(r"url\(#([^)]+)\)", text), *re.findall(r'href="#([^"]+)"', text)}
    assert used <= set(ids)


def test_tables_have_a_caption_and_headers_with_their_scope():
    got = Outline(html_block(Grid(pd.DataFrame({"trial": ["A", "B"], "n": [1, 2]}), "Rows used"), "t"))
    assert got.tags.count("caption") == 1
    assert [a["scope"] for a in got.all("th")] == ["col", "col", "row", "row"]
    assert [a.get("class") for a in got.all("td")] == ["number"] * 2
    assert [a["data-value"] for a in got.all("td")] == ["1", "2"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345.0, "12345"), (57.0, "57"), (0.0, "0"), (0.43859, "0.4386"), (-0.5, "−0.5"), (1234.56, "1235"),
     (np.nan, ""), (None, ""), (pd.NA, ""), (np.inf, "∞"), ("<b>", "&lt;b&gt;"), (7, "7"), (True, "True")],
)  # fmt: skip
def test_cells_of_a_table(value, text):
    table = pd.DataFrame({"a": ["x"], "b": pd.Series([value], dtype=object)})
    assert f"<td>{text}</td>" in html_block(Grid(table, "c"), "t")


def test_a_table_sorts_by_the_numbers_behind_its_texts():
    table = pd.DataFrame({"a": ["x", "y"], "HR (95% CI)": ["0.50 (0.40 to 0.60)", ""]})
    cells = Outline(html_block(Grid(table, "c", frozenset([1]), {"HR (95% CI)": [0.5, np.nan]}), "t")).all("td")
    assert cells == [{"class": "number", "data-value": "0.5"}, {"class": "number"}]


def downloads(page):
    read = page if isinstance(page, Outline) else Outline(page)
    links = [a for a in read.all("a") if "download" in a]
    return {a["download"]: base64.b64decode(a["href"].partition(",")[2]).decode() for a in links}


def test_downloads_hold_no_formulas(tmp_path):
    evil = '=HYPERLINK("http://x","y")'
    evidence = pd.DataFrame({"trial": [evil, "B", "C"], "n": [-1, 2, 3]})
    files = downloads(
        mo.write_report(pooled((evil, "B", "C")), tmp_path / "r.html", evidence=evidence).read_text("utf-8")
    )
    for name in ("result.csv", "evidence.csv"):
        found = [cell for row in csv.reader(io.StringIO(files[name])) for cell in row]
        assert f"'{evil}" in found
        assert evil not in found
    assert ",-1\n" in files["evidence.csv"]  # numbers stay numbers


def test_a_report_holds_question_answer_evidence_methods_sources_script_and_data(tmp_path):
    note = "Counts were read from a poster."
    result, page = by_kras(), report(tmp_path, notes=[note]).read_text(encoding="utf-8")
    got = Outline(page)
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", page) == HEADINGS
    words = " ".join(got.words)
    methods, references = str(mo.methods_text(result)).split("\n\nReferences: ")
    for text in (*str(mo.results_text(result)).split("\n\n"), *methods.split("\n\n")):
        assert text in words
    assert "References:" not in words  # they are a section of their own
    for reference in references.removesuffix(".").split("; "):
        cited, doi = reference.split(", doi:")
        assert f'<li>{cited}. <a rel="noreferrer" href="https://doi.org/{doi}">' in page
    assert note in words
    assert str(result.r_code()) in words
    files = downloads(page)
    assert {"result.csv", "result.json", "result.R", "evidence.csv", "sources.csv"} <= set(files)
    assert files["result.R"] == f"{result.r_code()}\n"
    pd.testing.assert_frame_equal(
        pd.read_csv(io.StringIO(files["result.csv"])),
        result.tidy(transform=True).dropna(axis="columns", how="all").reset_index(drop=True),
        rtol=1e-12,
    )


def test_the_sources_are_those_of_the_evidence(tmp_path):
    files = downloads(report(tmp_path).read_text(encoding="utf-8"))
    evidence, sources = (pd.read_csv(io.StringIO(files[f"{name}.csv"])) for name in ("evidence", "sources"))
    assert set(sources["source_id"]) == set(evidence["source_id"])


def test_the_audit_of_the_evidence_is_in_the_report(tmp_path):
    wrong = {"trial": ["A", "B"], "outcome": ["orr", "orr"], "n": [55, 40], "events": [15, 10], "estimate": [28, 25],
             "unit": ["percent", "percent"]}  # fmt: skip
    r = mo.pool_glmm(wrong, events="events", n="n", study="trial")
    page = mo.write_report(r, tmp_path / "a.html", evidence=wrong).read_text(encoding="utf-8")
    assert "28 % is not 15/55 = 27.3 %" in page
    clean = {**wrong, "estimate": [27.3, 25]}
    page = mo.write_report(r, tmp_path / "b.html", evidence=clean).read_text(encoding="utf-8")
    assert "found nothing; that does not say that their figures are right" in page
    page = mo.write_report(r, tmp_path / "c.html", evidence={"trial": ["A"], "colour": ["red"]}).read_text()
    assert "The evidence was not audited: the table has no column of figures" in page


def test_several_results_and_further_figures_stand_under_their_headings(tmp_path):
    patients = {"time": [2, 4, 6, 8, 3, 5, 7, 9], "event": [1, 1, 0, 1] * 2, "arm": ["A"] * 4 + ["B"] * 4}
    km = mo.survival.kaplan_meier(patients, by="arm")
    ax = mo.plot.km(km, reconstructed=True)
    path = mo.write_report({"Response": by_kras(), "Survival": km}, tmp_path / "a.html", figures={"Reconstructed": ax})
    page = path.read_text(encoding="utf-8")
    assert re.findall(r"<h3>([^<]*)</h3>", page)[:2] == ["Response", "Survival"]
    assert re.findall("<figcaption>([^<]*)<", page) == [
        "Forest plot: Response",
        "Kaplan-Meier curves: Survival",
        "Reconstructed",
    ]
    assert {"result_1.csv", "result_2.csv", "result_1.R"} <= set(downloads(page))


def test_the_word_report_says_what_the_page_says(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document(report(tmp_path, "r.docx", notes=["Counts were read from a poster."]))
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert heads == HEADINGS
    texts = [p.text for p in document.paragraphs]
    for text in str(mo.results_text(by_kras())).split("\n\n"):
        assert text in texts
    numbers = document.tables[0]
    assert [c.text for c in numbers.rows[0].cells] == ["Subgroup", "Trial", "Events/n", "ORR, % (95%\xa0CI)"]
    assert [c.text for c in numbers.rows[1].cells] == ["KRAS: mutant", "RAMP 201", "25/57", "43.9 (30.7 to 57.6)"]
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr").startswith("Forest plot. ")
    assert all(width <= room for width, room in widths(document))


def widths(document):
    """Return the width of each table, and of the paper that it stands on."""
    for section in document.sections:
        for block in section.iter_inner_content():
            if hasattr(block, "columns"):
                room = section.page_width - section.left_margin - section.right_margin
                yield sum(column.width for column in block.columns), room * 1.001


def test_wide_tables_stand_in_landscape_and_what_follows_upright(tmp_path):
    docx = pytest.importorskip("docx")
    names = [f"column_{i}" for i in range(12)]
    evidence = {"trial": ["A", "B", "C"], "n": [10, 20, 30], **{name: ["longer-words here"] * 3 for name in names}}
    path = mo.write_report({"One": pooled(), "Two": pooled()}, tmp_path / "r.docx", evidence=evidence)
    document = docx.Document(path)
    heads = [
        [b.text for b in section.iter_inner_content() if hasattr(b, "style") and b.style.name == "Heading 1"]
        for section in document.sections
    ]
    assert [section.page_width > section.page_height for section in document.sections] == [False, True, False]
    assert (heads[1], heads[2][0]) == (["Evidence"], "Methods")
    assert "Results" in heads[0]
    assert all(width <= room for width, room in widths(document))
    sizes = {run.font.size.pt for t in document.tables for c in t.rows[0].cells for run in c.paragraphs[0].runs}
    assert min(sizes) >= 6.5


def test_columns_without_room_stand_below_with_the_first(tmp_path):
    docx = pytest.importorskip("docx")
    names = [f"n{i}" for i in range(30)]
    evidence = {"trial": ["Alpha", "Beta", "Gamma"], "n": [1, 2, 3], **{n: ["unbreakableword"] * 3 for n in names}}
    document = docx.Document(mo.write_report(pooled(), tmp_path / "r.docx", evidence=evidence))
    parts = [t for t in document.tables if t.rows[1].cells[0].text == "Alpha"]
    assert len(parts) > 1
    shown = [cell.text for t in parts for cell in t.rows[0].cells[1:]]
    assert shown == ["n", *(n.capitalize() for n in names)]
    assert all(width <= room for width, room in widths(document))


def test_each_list_of_documents_begins_with_one(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document(report(tmp_path, "r.docx"))
    numbers = {}
    for paragraph in document.paragraphs:
        if paragraph.style.name == "Heading 1":
            head = paragraph.text
        elif paragraph.style.name == "List Number":
            numbers.setdefault(head, set()).add(paragraph._p.pPr.numPr.numId.val)
    assert set(numbers) == {"References", "Sources"}
    assert all(len(ids) == 1 for ids in numbers.values())
    assert numbers["References"] != numbers["Sources"]


@pytest.mark.parametrize("name", ["r.html", "r.docx"])
def test_a_second_run_writes_the_same_bytes(tmp_path, name):
    if name.endswith("docx"):
        pytest.importorskip("docx")
    first = report(tmp_path, name).read_bytes()
    assert report(tmp_path, name).read_bytes() == first


def test_word_documents_carry_no_date_of_their_making(tmp_path):
    pytest.importorskip("docx")
    with zipfile.ZipFile(report(tmp_path, "r.docx")) as pack:
        assert {info.date_time[:3] for info in pack.infolist()} == {(1980, 1, 1)}
        assert b"1980-01-01T00:00:00Z" in pack.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("results", "path", "options", "says"),
    [
        ("pool", "r.pdf", {}, "suffix of path='pdf' is not an option; choose from 'html', 'docx'"),
        ({}, "r.html", {}, "results is empty"),
        ({"A": 3}, "r.html", {}, "; this is of type int"),
        ("pool", "no/such/folder/r.html", {}, "cannot be written"),
        ("pool", "r.html", {"evidence": {"trial": ["A"]}, "columns": ["n"]}, "'n'"),
        ("pool", "r.html", {"journal": "Gazette"}, "journal='Gazette' is not an option"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path, results, path, options, says):
    with pytest.raises(mo.MetaoncError, match=re.escape(says)):
        mo.write_report(pooled() if results == "pool" else results, tmp_path / path, **options)


def test_paragraphs_of_a_question_are_kept_apart(tmp_path):
    page = mo.write_report(pooled(), tmp_path / "a.html", question=("One?", "Two.")).read_text(encoding="utf-8")
    assert "<p>One?</p>\n<p>Two.</p>" in page
    assert html_block(Paragraph("a\nb"), "") == "<p>a\nb</p>"


def test_the_evidence_is_audited_by_the_subgroups_of_the_results(tmp_path):
    rows = pd.DataFrame({
        "trial": list("AABBCC"), "kras": ["mutant", "wild type"] * 3, "sex": ["female", "male"] * 3,
        "outcome": "orr", "n": [41, 62, 22, 31, 18, 40], "events": [3, 18, 1, 9, 2, 11],
    })  # fmt: skip
    counts = {"using": mo.pool_glmm, "events": "events", "n": "n", "study": "trial"}
    by = mo.pool_subgroups(rows, by="kras", **counts)
    for results in (by, {"KRAS": by, "Sex": mo.pool_subgroups(rows, by="sex", **counts)}):
        page = mo.write_report(results, tmp_path / "r.html", evidence=rows).read_text(encoding="utf-8")
        assert "same_patients_twice" not in page
    whole = mo.write_report(mo.pool_glmm(rows, events="events", n="n"), tmp_path / "w.html", evidence=rows)
    assert "same_patients_twice" in whole.read_text(encoding="utf-8")
    copy = pd.concat([rows, rows.iloc[[0]]], ignore_index=True)  # which no subgroup explains
    page = mo.write_report(by, tmp_path / "c.html", evidence=copy).read_text(encoding="utf-8")
    assert "same_patients_twice" in page or "row_twice" in page


def test_figures_without_captions_are_refused_with_how_they_are_given(tmp_path):
    r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR")
    ax = mo.plot.forest(r)
    for figures in ([ax], ax, (ax,)):
        with pytest.raises(
            mo.OptionError, match=r"figures= takes captions with their axes, not \w+: write figures=\{'Sur"
        ):
            mo.write_report(r, tmp_path / "r.html", figures=figures)
