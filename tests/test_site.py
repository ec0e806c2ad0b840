"""What a build of the site refuses, found without one: links and trees of pages; and what its downloads say."""

import fnmatch
import os
import re
from pathlib import Path

import pytest
from ext import notebooks, search_words
from generate import benchmarks, columns, command_line, error_catalogue, reference, validation

DOCS = Path(__file__).parents[1] / "docs"
GENERATED = {
    f"reference/{name}" for made in (reference, benchmarks, columns, command_line, error_catalogue, validation)
    for name in made.pages()
} | {"vignettes/index.rst"}  # fmt: skip
PAGES = sorted(
    name
    for folder, _, files in os.walk(DOCS)
    for file in files
    if (name := str(Path(folder, file).relative_to(DOCS))).endswith(".md")
    and not name.startswith(("_build/", "vignettes/", *GENERATED))
)
MOVED = {"../datasets/README.md", "../../datasets/README.md"}  # which the site has as a page of its own
KNOWN = {name.rpartition(".")[0] for name in [*PAGES, *GENERATED]}


def text(page):
    """Return what stands on a page, its blocks of code left out."""
    return re.sub(r"^```(?!\{toctree)\S.*?^```$", "", (DOCS / page).read_text("utf-8"), flags=re.M | re.S)


def anchors(page):
    """Return the anchors of the headings down to the third level."""
    words = re.findall(r"^#{1,3} (.+)$", text(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in words}


def trees(page):
    """Return the pages that the trees of a page have below it."""
    below = []
    for tree in re.findall(r"^```\{toctree\}\n(.*?)^```", text(page), re.M | re.S):
        for entry in re.findall(r"^([^:\s]\S*)$", tree, re.M):
            path = os.path.normpath(Path(page).parent / entry)
            below += sorted(fnmatch.filter(KNOWN, path)) if "*" in path else [path]
    return below


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page_lead_somewhere(page):
    wrong = []
    for link in re.findall(r"\]\((?!\w+:)([^)\s]+)\)", text(page)):
        to, _, anchor = link.partition("#")
        there = os.path.normpath(Path(page).parent / to) if to else page
        found = link in MOVED or there in GENERATED or (DOCS / there).exists()
        if not found or (anchor and anchor not in anchors(there)):
            wrong.append(link)
    assert wrong == []


def test_each_page_stands_in_a_tree_and_each_tree_has_pages():
    below = [name for page in PAGES for name in trees(page)]
    assert sorted(set(below) - KNOWN) == []
    assert sorted(KNOWN - {*below, "index"}) == []
    assert len(below) > 80


def test_links_of_a_notebook_lead_to_the_site_or_name_its_page():
    titles = {"audit": "What the audit asks", "start/figure": "From a figure"}
    source = (
        "{download}`trials.csv <trials.csv>`, {nb-download}`own.ipynb`: [rules](../audit.md), [next](figure.md#read), "
        "![a picture](x.png), [R](https://www.r-project.org/a.md)"
    )
    rest = "![a picture](x.png), [R](https://www.r-project.org/a.md)"
    assert notebooks.standing_alone(source, "start/own", titles, "") == (
        "`trials.csv`, `own.ipynb`: rules (page “What the audit asks” of the documentation), "
        f"next (page “From a figure” of the documentation), {rest}"
    )
    assert notebooks.standing_alone(source, "start/own", titles, "https://site.org/doc/") == (
        "`trials.csv`, `own.ipynb`: [rules](https://site.org/doc/audit.html), "
        f"[next](https://site.org/doc/start/figure.html#read), {rest}"
    )


def test_words_to_search_for_belong_to_pages():
    assert set(search_words.WORDS) <= KNOWN
    words = {page: search_words.of_page(page) for page in search_words.WORDS}
    assert [page for page, found in words.items() if len(found) != len({word.lower() for word in found})] == []
    assert {"rma", "metaprop", "netmeta", "survfit"} <= set(words["from_r"])
    assert not [word for found in words.values() for word in found if ";" in word]  # which an entry of an index splits
