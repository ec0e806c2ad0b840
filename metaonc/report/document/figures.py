"""Figures and numbers of a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..blocks import Block, Grid, Paragraph
from ..forest.content import TRIALS, ForestRows
from ..forest.figure import drawn
from ..forest.rows import cautions_below, forest_rows
from ..journals import journal_of
from ..kinds import kind_of
from ..tables.numbers import heading
from ..texts.cautions import cautions
from ..texts.printer import Printer
from .look import Look

NUMBERS = "Numbers of the forest plot"
BEHIND = {"effect": "estimate", "share": "weight"}  # column of text -> the numbers that it prints


def shown(result: Any, look: Look) -> tuple[Block, ...]:
    """Return the figures of a result and the numbers that they show: a forest plot, unless its kind has others."""
    figures = kind_of(result).figures or forest_blocks
    return figures(result, look)


def forest_blocks(result: Any, look: Look) -> tuple[Block, ...]:
    """Return the forest plot of a result, and its numbers."""
    content = forest_rows(result, journal=look.journal, effect=look.effect, unit=look.unit)
    below = cautions_below(result, content, Printer(journal_of(look.journal), look.unit), short=True, said=look.said)
    return look.drawing(look.forest or drawn(content), "Forest plot"), *_numbers(content, below)


def natural_numbers(result: Any) -> pd.DataFrame:
    """Return the numbers of a result, unrounded and on the natural scale; a column without any is not there."""
    own = kind_of(result).numbers
    numbers: pd.DataFrame = result.tidy(transform=True) if own is None else own(result)
    return numbers.dropna(axis="columns", how="all")


def readable(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return numbers under headings that readers know."""
    return numbers.set_axis([heading(str(c)) for c in numbers.columns], axis="columns")


def printed(result: Any, look: Look) -> tuple[Block, ...]:
    """Return the rows of the table of a kind that has its own, and what stands below them, cautions in short."""
    journal = journal_of(look.journal)
    make = kind_of(result).table
    assert make is not None  # who calls this has one
    made = make(result, journal, look.effect)
    grid = Grid(pd.DataFrame(made.rows, columns=pd.Index(made.headers)), made.title)
    return grid, _below([*made.footnotes, *cautions(result, Printer(journal, look.unit), short=True, said=look.said)])


def _below(lines: Iterable[str]) -> Paragraph:
    return Paragraph(" ".join(map(_ended, lines)))


def _ended(line: str) -> str:
    return f"{line.rstrip('.')}."


def _numbers(content: ForestRows, below: Iterable[str]) -> tuple[Block, ...]:
    """Return the rows of a forest plot as it prints them, each beside its subgroup, and what stands below them.

    They sort by what is printed.
    """
    every, whole = content.rows, len(content.rows) if content.whole is None else content.whole
    subgroups = pd.Series(_under(every["kind"], every["label"], "group"), index=every.index).where(every.index < whole)
    told = every["kind"].isin([*TRIALS, "text"])
    rows = every[told | every[["estimate", "low", "high"]].notna().any(axis="columns")]
    texts = {content.headers[c]: rows[c] for c in (*content.left, *content.right) if content.align.get(c) != "light"}
    frame = pd.DataFrame({"Subgroup": subgroups[rows.index], content.headers["label"]: rows["label"], **texts})
    behind = {content.headers[c]: list(rows[x]) for c, x in BEHIND.items() if content.headers.get(c) in texts}
    behind |= {header: found for header, cells in texts.items() if header not in behind and (found := _read(cells))}
    grid = Grid(
        frame.dropna(axis="columns", how="all"),
        NUMBERS,
        frozenset(i for i, kind in enumerate(rows["kind"]) if kind not in TRIALS),
        behind,
    )
    # what is not drawn; the words above have cautions whole
    own = [note for note in content.notes if not note.is_caution]
    brief = [*(min(note.figure or note.table, note.table, key=len) for note in own), *below]
    return (grid, _below(filter(None, brief))) if any(brief) else (grid,)


def _read(texts: Iterable[str]) -> list[float] | None:
    """Return the numbers that a column of texts prints, whatever its decimal point; None where one is no number."""
    plain = [text.replace("·", ".").replace("−", "-") for text in texts]
    try:
        return [float(text or "nan") for text in plain] if any(plain) else None
    except ValueError:
        return None


def _under(kinds: Iterable[str], labels: Iterable[str], head: str) -> list[str | None]:
    """Return the label of the last heading at or above each row."""
    found, last = [], None
    for kind, label in zip(kinds, labels, strict=True):
        last = label if kind == head else last
        found.append(last)
    return found
