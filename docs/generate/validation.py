"""The page of validation, from what ``tests/validation.py`` wrote down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

SUMS = Path(__file__).parents[1] / "validation.json"
HEAD = """# Validation

Each number that metaonc prints is held, in the tests, against one that it did not produce: R, a published page, or an
exact identity. The references lie in `tests/reference`, each beside the R script that made it, so that anyone can make
them again; [calls of R and of metaonc side by side](../from_r.md), with the numbers of both.

The table counts, for each file of references, the comparisons of the tests that read it. A difference is relative where
the number is beyond 1, absolute below. Where R stops its search early, or a comparison is with rounded figures of a
paper, the difference is R's or the paper's: [where digits differ](../numerics.md). The same tests hold identities too,
which are counted with them.
"""


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    told = json.loads(SUMS.read_text(encoding="utf-8"))
    rows = told["references"]
    yield HEAD
    yield f"Written down on {told['date']}; a test module that reads several files is counted with each of them."
    yield ""
    yield f"| reference | made with | numbers compared | within {told['near']:g} | median difference | farthest |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, row in rows.items():
        share = row["near"] / row["compared"]
        made = ", ".join(row["programs"]) or "see the file"
        yield f"| `{name}` | {made} | {row['compared']:,} | {share:.1%} | {row['median']:.1e} | {row['worst']:.1e} |"
    yield ""


def pages() -> dict[str, str]:
    """Return the text of the page by its file."""
    return {"validation.md": "\n".join(lines())}
