"""What a report says of one result: its words, figure, numbers, methods and script."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...base.caution import Caution
from ...base.output.csv import csv_text
from ...base.result import Result
from ..blocks import Block, Grid, Heading, Paragraph, Reference, Script
from ..texts.cautions import of_texts
from ..texts.methods_text import methods_of
from ..texts.notes import notes
from ..texts.preparation import MEASURED
from ..texts.references import reference_of
from ..texts.results_text import results_of
from .figures import natural_numbers, readable, shown
from .look import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a report says of one result.

    Attributes
    ----------
    results, methods, scripts
        Blocks for the sections of these names.
    references
        Of the methods.
    notes
        What a reader must know beyond the paragraphs on the results.
    files
        Numbers and program to download.
    """

    results: tuple[Block, ...]
    methods: tuple[Block, ...]
    references: tuple[Reference, ...]
    scripts: tuple[Block, ...]
    notes: tuple[str, ...]
    files: Mapping[str, str]


def part_of(
    result: Any,
    name: str,
    stem: str,
    *,
    journal: str | None,
    effect: str | None,
    unit: str,
    forest: Axes | None = None,
    said: Collection[Caution] = (),
    listed_out: int = 0,
) -> Part:
    """Return what a report says of a result; `name` heads it, unless empty, and `stem` begins its files' names.

    Its forest plot is drawn unless `forest` is it. Cautions that were `said` whole above are repeated in short.
    Of the rows not used, the document lists `listed_out` with the evidence.

    Raises
    ------
    DataError
        When nothing has words for the result, as ``methods_text``.
    """
    methods, cited = methods_of(result, journal, listed_out)
    words = results_of(result, journal, unit, said)
    look = Look(
        journal=journal, effect=effect, unit=unit, name=name, words=" ".join(words), forest=forest,
        said=[*said, *of_texts(result)],
    )  # fmt: skip
    head = (Heading(name),) if name else ()
    in_r = type(result).r_code is not Result.r_code  # whose comment, that R has no such method, is for who asks
    script = str(result.r_code()) if in_r else ""
    whole = json.dumps(result.to_dict(), indent=1, ensure_ascii=False)
    return Part(
        results=(*head, *map(Paragraph, words), *shown(result, look)),
        methods=(*head, *map(Paragraph, _called(methods, effect))),
        references=tuple(map(reference_of, cited)),
        scripts=(*head, Script(script, "Copy the script")) if script else (),
        notes=notes(result, journal, " ".join([*words, *methods])),
        files={
            f"{stem}.csv": csv_text(natural_numbers(result)),
            f"{stem}.json": f"{whole}\n",
            **({f"{stem}.R": f"{script}\n"} if script else {}),
        },
    )


def part_of_table(table: pd.DataFrame, name: str, stem: str) -> Part:
    """Return what a report says of a table: its rows, to read and to download."""
    shown = readable(table.reset_index(drop=True))
    return Part(
        results=(Heading(name), Grid(shown, name)),
        methods=(),
        references=(),
        scripts=(),
        notes=(),
        files={f"{stem}.csv": csv_text(table)},
    )


def _called(methods: list[str], effect: str | None) -> list[str]:
    """Return paragraphs of which the one on the measure says what figures and tables call it, where that differs."""
    measure = next((i for i, text in enumerate(methods) if text.startswith(MEASURED)), None)
    if not effect or measure is None or effect.casefold() in methods[measure].casefold():
        return methods
    called = f"{methods[measure]} Figures and tables call it {effect}."
    return [*methods[:measure], called, *methods[measure + 1 :]]
