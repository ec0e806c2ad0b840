"""What a report says of one result: its words, figure, numbers, methods and script."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any

import pandas as pd

from .._result import Result
from ..analysis.survival import KaplanMeier
from ..errors import DataError
from .blocks import Block, Drawing, Grid, Heading, Paragraph, Script
from .forest import forest
from .km import km
from .methods_text import methods_text
from .results_text import results_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAPTION = "Estimates and limits on the natural scale; click a heading to sort"


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
    words = str(results_text(result)).split("\n\n")
    axes = _figure(result, journal, effect, unit)
    numbers = _numbers(result)
    drawing = Drawing(axes, name or _caption(result), " ".join(words))
    grid = Grid(_readable(numbers), CAPTION, frozenset(_pooled(numbers)))
    program = getattr(result, "r_code", None)
    script = str(program()) if program else ""
    return Part(
        results=(*head, *map(Paragraph, words), drawing, grid),
        methods=(*head, *map(Paragraph, str(methods_text(result)).split("\n\n"))),
        scripts=(*head, Script(script, "Copy the script")) if script else (),
        notes=(*result.provenance.notes, *result.provenance.dropped, *result.provenance.corrected),
        files={
            f"{stem}.csv": numbers.to_csv(index=False),
            f"{stem}.json": f"{json.dumps(result.to_dict(), indent=1, ensure_ascii=False)}\n",
            **({f"{stem}.R": f"{script}\n"} if script else {}),
        },
    )


@singledispatch
def _figure(result: Any, journal: str | None, effect: str | None, unit: str) -> Axes:
    return forest(result, journal=journal, effect=effect, unit=unit)


@_figure.register
def _(result: KaplanMeier, journal: str | None, effect: str | None, unit: str) -> Axes:
    axes = km(result)
    if effect:
        axes.set_ylabel(effect)
    return axes


@singledispatch
def _caption(result: Any) -> str:
    return "Forest plot"


@_caption.register
def _(result: KaplanMeier) -> str:
    return "Kaplan-Meier curves"


@singledispatch
def _numbers(result: Any) -> pd.DataFrame:
    table: pd.DataFrame = result.tidy(transform=True)
    return table.loc[:, table.notna().any()]


@_numbers.register
def _(result: KaplanMeier) -> pd.DataFrame:
    return result.medians


def _pooled(numbers: pd.DataFrame) -> list[int]:
    """Return the rows that are pools, not trials."""
    if "type" not in numbers:
        return []
    return [i for i, kind in enumerate(numbers["type"]) if kind != "study"]


def _readable(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers under the names that a reader uses."""
    names = {"term": "trial", "ci_low": "lower limit", "ci_high": "upper limit", "weight": "weight, %"}
    return numbers.rename(columns=names)
