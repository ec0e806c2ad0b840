"""Figures and numbers of a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..blocks import Block, Grid
from ..forest.content import ForestRows, titled
from ..forest.figure import drawn
from ..forest.rows import forest_rows
from ..kinds import kind_of
from ..tables.table import table
from .look import Look

BEHIND = {"effect": "estimate", "share": "weight"}  # column of text -> the numbers that it prints


def shown(result: Any, look: Look) -> tuple[Block, ...]:
    """Return the figures of a result and the numbers that they show: a forest plot, unless its kind has others."""
    figures = kind_of(result).figures or forest_blocks
    return figures(result, look)


def forest_blocks(result: Any, look: Look) -> tuple[Block, ...]:
    """Return the forest plot of a result, and its numbers."""
    content = forest_rows(result, journal=look.journal, effect=look.effect, unit=look.unit)
    return look.drawing(drawn(content), "Forest plot"), _numbers(content)


def natural_numbers(result: Any) -> pd.DataFrame:
    """Return the numbers of a result, unrounded and on the natural scale; a column without any is not there."""
    own = kind_of(result).numbers
    numbers: pd.DataFrame = result.tidy(transform=True) if own is None else own(result)
    return numbers.dropna(axis="columns", how="all")


def readable(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return numbers under headings that readers know."""
    return numbers.set_axis([titled(str(c)) for c in numbers.columns], axis="columns")


def printed(result: Any, look: Look) -> Grid:
    """Return the rows of ``table`` but its lines of text, which the words above say."""
    made = table(result, journal=look.journal, effect=look.effect)
    rows = [row for kind, row in zip(made.kinds, made.rows, strict=True) if kind != "text"]
    return Grid(pd.DataFrame(rows, columns=pd.Index(made.headers)), made.title)


def _numbers(content: ForestRows) -> Grid:
    """Return the rows of a forest plot as it prints them, each beside its subgroup; they sort by what is printed."""
    every, whole = content.rows, len(content.rows) if content.whole is None else content.whole
    subgroups = pd.Series(_under(every["kind"], every["label"], "group"), index=every.index).where(every.index < whole)
    rows = every[(every["kind"] == "study") | every[["estimate", "low", "high"]].notna().any(axis="columns")]
    texts = {content.headers[c]: rows[c] for c in (*content.left, *content.right) if content.align.get(c) != "light"}
    frame = pd.DataFrame({"Subgroup": subgroups[rows.index], content.headers["label"]: rows["label"], **texts})
    behind = {content.headers[c]: list(rows[x]) for c, x in BEHIND.items() if content.headers.get(c) in texts}
    behind |= {header: found for header, cells in texts.items() if header not in behind and (found := _read(cells))}
    return Grid(
        frame.dropna(axis="columns", how="all"),
        "Numbers of the forest plot",
        frozenset(i for i, kind in enumerate(rows["kind"]) if kind != "study"),
        behind,
    )


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
