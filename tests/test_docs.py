"""The pages that are generated are those in the checkout."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def test_the_pages_of_the_collections_are_generated_from_them():
    spec = importlib.util.spec_from_file_location("make_collections", DOCS / "make_collections.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    there = {path.name: path.read_text("utf-8") for path in (DOCS / "collections").glob("*.md")}
    assert module.pages() == there, "run python docs/make_collections.py"
