"""The pages that are generated are those in the checkout."""

import importlib.util
import sys
from pathlib import Path

import pytest
from figure_checks import clipped, overlaps

DOCS = Path(__file__).parents[1] / "docs"


def script(name):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


def test_the_pages_of_the_collections_are_generated_from_them():
    module = script("make_collections")
    there = {path.name: path.read_text("utf-8") for path in (DOCS / "collections").glob("*.md")}
    assert module.pages() == there, "run python docs/make_collections.py"


def test_the_tables_of_methods_are_written_from_their_records():
    assert (DOCS / "methods.md").read_text("utf-8") == script("make_methods").page(), "run python docs/make_methods.py"


def test_the_words_of_r_are_written_from_their_table():
    assert (DOCS / "from_r.md").read_text("utf-8") == script("make_from_r").page(), "run python docs/make_from_r.py"


def test_the_gallery_shows_the_figures_that_are_drawn():
    module = script("make_gallery")
    assert (DOCS / "gallery.md").read_text("utf-8") == module.page(), "run python docs/make_gallery.py"
    assert {path.stem for path in (DOCS / "gallery").glob("*.png")} == {figure.name for figure in module.FIGURES}
    assert len(module.FIGURES) >= 20


@pytest.mark.slow
def test_every_figure_of_the_gallery_can_be_drawn():
    for figure in script("make_gallery").FIGURES:
        drawn = figure.draw().figure
        assert overlaps(drawn) == [], figure.name
        assert clipped(drawn) == [], figure.name
