"""Tables of records as readers want them: a code, what it is, its source; not the value as Python prints it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from typing import Any

from docutils import nodes
from generate import tables
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

WORDS, SOURCES = ("label", "title", "words"), ("reference", "source")


def said(record: Any, names: tuple[str, ...]) -> str:
    """Return the first of the attributes that a record has as text, plain where it is put into a page."""
    found = next((value for n in names if isinstance(value := getattr(record, n, None), str) and value), "")
    return re.sub(r"([*`|_\\])", r"\\\1", found)


def rows(value: Any) -> list[tuple[str, ...]]:
    """Return a row a record, without columns that all leave empty."""
    pairs = value.items() if isinstance(value, Mapping) else ((getattr(one, "column", one), one) for one in value)
    table = [(f"``{key}``", said(one, WORDS), said(one, SOURCES)) for key, one in pairs]
    kept = [i for i in range(3) if any(row[i] for row in table)]
    return [tuple(row[i] for i in kept) for row in table]


class Records(SphinxDirective):
    """``.. records:: metaonc.MEASURES``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return what the table is, and its rows."""
        space, _, name = self.arguments[0].rpartition(".")
        lines = [tables.about(self.arguments[0].removeprefix("metaonc.")), "", ".. list-table::", ""]
        for row in rows(getattr(importlib.import_module(space), name)):
            lines += [f"   {'*' if i == 0 else ' '} - {cell}" for i, cell in enumerate(row)]
        return self.parse_text_to_nodes("\n".join(lines))


def describe(_app: object, what: str, name: str, _value: object, _options: object, lines: list[str]) -> None:
    """Say in lists of names what a table is."""
    if what == "data":
        lines[:] = [tables.about(name.removeprefix("metaonc.")), ""]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive, and what is said of tables."""
    app.add_directive("records", Records)
    app.connect("autodoc-process-docstring", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
