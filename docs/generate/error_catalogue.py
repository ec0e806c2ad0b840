"""The catalogue of errors, from the code that raises them.

What a message fills in stands as an ellipsis, so that a search for the rest of it finds the line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

CODE = Path(__file__).parents[2] / "metaonc"
HEAD = """# Catalogue of errors

Each message names the row, the value and the way out; this is the list of them, by the part of metaonc that raises
them. What a message fills in stands as …; look for the words around it. All are `MetaoncError`, and catching that
catches all.
"""
PARTS = {
    "data/readers": "Reading tables and records",
    "data/schema": "The evidence table",
    "data/collections": "Collections",
    "data/audit": "Audit",
    "data/selection": "Selecting rows",
    "data/digitize": "Reading figures",
    "data/curves": "Patients of curves",
    "analysis/effects": "Effects",
    "analysis/pooling": "Pooling",
    "analysis/interaction": "Interaction",
    "analysis/sensitivity": "Sensitivity",
    "analysis/bias": "Small-study effects",
    "analysis/simulation": "Simulation and planning",
    "analysis/survival": "Survival of one trial",
    "analysis/synthesis": "Survival across trials",
    "analysis": "Other analyses",
    "report": "Figures, tables, reports",
    "workflow": "Whole analyses",
    "cli": "Command line",
    "base": "What all share",
}
ERRORS = ("DataError", "ColumnError", "OptionError", "ArgumentError", "DatasetError", "ConvergenceError")


def text_of(node: ast.expr) -> str:
    """Return the words of a message, what it fills in as an ellipsis; empty where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "…" for v in node.values)
    return ""


def messages(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the kind and the words of each error that a module raises."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
            text = " ".join(text_of(node.args[0]).split())
            if any(letter.isalpha() for letter in text):
                yield node.func.id, text


def by_part() -> dict[str, set[tuple[str, str]]]:
    """Return the kinds and words of the errors of each part."""
    found: dict[str, set[tuple[str, str]]] = {title: set() for title in PARTS.values()}
    for path in CODE.rglob("*.py"):
        inside = path.relative_to(CODE).as_posix()
        for title in [title for start, title in PARTS.items() if inside.startswith(f"{start}/")][:1]:
            found[title].update(messages(path))
    return found


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    yield HEAD
    for title, said in by_part().items():
        yield from (f"## {title}", "", "| message | kind |", "| --- | --- |")
        for kind, text in sorted(said, key=lambda one: one[1].lower()):
            yield f"| {text.replace('|', chr(92) + '|').replace('<', '&lt;')} | `{kind}` |"
        yield ""


def pages() -> dict[str, str]:
    """Return the text of the page by its file."""
    return {"error_catalogue.md": "\n".join(lines())}
