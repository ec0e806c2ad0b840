"""What a report says of one result: its words, figure, numbers, methods and script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from .._result import Result
from ..analysis.pooling.subgroup_result import SubgroupResult
from ..analysis.survival import KaplanMeier
from ..errors import DataError
from .blocks import Block, Drawing, Grid, Heading, Paragraph, Script
from .forest import forest
from .forest_content import ForestRows
from .forest_rows import forest_rows
from .km import km
from .km_data import km_key
from .methods_text import methods_text
from .results_text import results_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BEHIND = {"effect": "estimate", "share": "weight"}  # column of text -> the numbers that it prints


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a report says of one result.

    Attributes
    ----------
    results, methods, scripts
        Blocks for the sections of these names.
    notes
        What a reader must know.
    files
        Numbers and program to download.
    """

    results: tuple[Block, ...]
    methods: tuple[Block, ...]
    scripts: tuple[Block, ...]
    notes: tuple[str, ...]
    files: Mapping[str, str]


def part_of(result: Any, name: str, stem: str, *, journal: str | None, effect: str | None, unit: str) -> Part:
    """Return what a report says of a result; `name` heads it, unless empty, and `stem` begins its files' names."""
    if not isinstance(result, Result):
        raise DataError(f"a report is written of results, such as those of pool, not of {type(result).__name__}.")
    head = (Heading(name),) if name else ()
    words = str(results_text(result, journal=journal, unit=unit)).split("\n\n")
    axes, kind, grid, numbers = _shown(result, journal, effect, unit)
    drawing = Drawing(axes, f"{kind}: {name}" if name else kind, " ".join(words))
    program = getattr(result, "r_code", None)
    script = str(program()) if program else ""
    return Part(
        results=(*head, *map(Paragraph, words), drawing, grid),
        methods=(*head, *map(Paragraph, str(methods_text(result, journal=journal)).split("\n\n"))),
        scripts=(*head, Script(script, "Copy the script")) if script else (),
        notes=_notes(result),
        files={
            f"{stem}.csv": numbers.to_csv(index=False),
            f"{stem}.json": f"{json.dumps(result.to_dict(), indent=1, ensure_ascii=False)}\n",
            **({f"{stem}.R": f"{script}\n"} if script else {}),
        },
    )


def _shown(result: Result, journal: str | None, effect: str | None, unit: str) -> tuple[Axes, str, Grid, pd.DataFrame]:
    """Return the figure of a result, what it is, the numbers that it shows, and the same unrounded for a file."""
    if isinstance(result, KaplanMeier):
        axes = km(result)
        if effect:
            axes.set_ylabel(effect)
        key = km_key(result).rename(columns={"": "Group"})
        return axes, "Kaplan-Meier curves", Grid(key, "Events and medians of the curves"), result.tidy()
    content = forest_rows(result, journal=journal, effect=effect, unit=unit)
    numbers = result.tidy(transform=True).dropna(axis="columns", how="all")
    return forest(content), "Forest plot", _numbers(content), numbers


def _numbers(content: ForestRows) -> Grid:
    """Return the rows of a forest plot as it prints them, each beside its subgroup; they sort by what is printed."""
    every, whole = content.rows, len(content.rows) if content.whole is None else content.whole
    subgroups = pd.Series(_under(every["kind"], every["label"], "group"), index=every.index).where(every.index < whole)
    rows = every[every[["estimate", "low", "high"]].notna().any(axis="columns")]
    texts = {content.headers[c]: rows[c] for c in (*content.left, *content.right) if content.align.get(c) != "light"}
    table = pd.DataFrame({"Subgroup": subgroups[rows.index], "Trial": rows["label"], **texts})
    behind = {content.headers[c]: list(rows[x]) for c, x in BEHIND.items() if content.headers.get(c) in texts}
    return Grid(
        table.dropna(axis="columns", how="all"),
        "Numbers of the forest plot",
        frozenset(i for i, kind in enumerate(rows["kind"]) if kind != "study"),
        behind,
    )


def _under(kinds: Iterable[str], labels: Iterable[str], head: str) -> list[str | None]:
    """Return the label of the last heading at or above each row."""
    found, last = [], None
    for kind, label in zip(kinds, labels, strict=True):
        last = label if kind == head else last
        found.append(last)
    return found


def _notes(result: Result) -> tuple[str, ...]:
    """Return what a reader must know of a result, and of each of its subgroups."""
    p = result.provenance
    own = (*p.notes, *(f"Left out: {text}." for text in p.dropped), *(f"Corrected: {text}." for text in p.corrected))
    if not isinstance(result, SubgroupResult):
        return own
    parts = {f"{result.by} {level}": part for level, part in result.groups.items()} | {"All": result.overall}
    return (*own, *(f"{name}: {note}" for name, part in parts.items() for note in part.provenance.notes))
