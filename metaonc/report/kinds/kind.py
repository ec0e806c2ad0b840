"""The records of what a reader sees of a kind of result."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...base.check import Floats
from ...base.result import Result
from ..blocks import Block
from ..document.look import Look
from ..forest.content import ForestRows, ForestSpec
from ..journals import Journal
from ..tables.content import Table
from ..texts.printer import Printer


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolWords:
    """What is said of a pool of trials, where kinds of pools differ.

    Attributes
    ----------
    model
        (result, what is pooled with its verb, references to add to) -> sentence of a methods section on the model.
    model_note
        (result, pools shown, whether they share one τ²) -> line below a figure: model and intervals.
    heterogeneity_method
        (result, printer) -> sentence of a methods section on how heterogeneity was described; empty where it was not.
    heterogeneity_found
        (result, printer) -> how much trials differ, as parts of the sentence on the pool in a results section.
    heterogeneity_line
        (result, journal) -> the same in the line below the pool in a figure; empty where it is not estimable.
    intervals
        (result, level in percent, references to add to) -> sentence of a methods section on confidence intervals; when
        None, it names the method ``ci`` of the result.
    shrunken
        result -> estimate and limits of each trial, shrunken towards the pool, on the scale of analysis, (k, 3); None
        where the model has none.
    """

    model: Callable[[Any, str, list[str]], str]
    model_note: Callable[[Any, Sequence[Any], bool], str]
    heterogeneity_method: Callable[[Any, Printer], str]
    heterogeneity_found: Callable[[Any, Printer], Iterable[str]]
    heterogeneity_line: Callable[[Any, Journal], str]
    intervals: Callable[[Any, str, list[str]], str] | None = None
    shrunken: Callable[[Any], Floats] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a reader sees of a kind of result.

    Attributes
    ----------
    verbs
        Functions that return it, such as ``"pool_bayes"``, with commas between them.
    methods
        (result, references to add to, printer) -> paragraphs of a methods section.
    results
        (result, printer) -> paragraphs of a results section.
    rows
        (result, what is asked) -> the rows of its forest plot; None where it has none.
    title
        (result, name of the effect or None) -> title of the table that is made of these rows; empty when None.
    heading
        result -> what a document calls it in a list of results, where it has neither title nor table.
    table
        (result, journal, name of the effect or None) -> its table; made of the rows of the forest plot when None.
    figures
        (result, look) -> figures and tables of a document; the forest plot and its numbers when None.
    numbers
        result -> the numbers that a document gives to download; ``tidy(transform=True)`` when None.
    parts
        result -> name -> results within it, whose notes a document tells too; none when None.
    named
        (result, name) -> how a reader knows that part of it, in its cautions; as the result has it when None.
    beside_said
        result -> of whom (as its cautions name them) the results paragraphs print the other interval of a caution, in
        the sentence on that number.
    unsaid
        result -> of whom (as its cautions name them) the results paragraphs print no number.
    pool
        What is said of it as a pool of trials, alone or of a subgroup; None where it is none.
    model
        result -> line that says its model and intervals, by which a document tells results of one title apart; that of
        the pool when None.
    """

    verbs: str
    methods: Callable[[Any, list[str], Printer], list[str]]
    results: Callable[[Any, Printer], list[str]]
    rows: Callable[[Any, ForestSpec], ForestRows] | None = None
    title: Callable[[Any, str | None], str] | None = None
    heading: Callable[[Any], str] | None = None
    table: Callable[[Any, Journal, str | None], Table] | None = None
    figures: Callable[[Any, Look], tuple[Block, ...]] | None = None
    numbers: Callable[[Any], pd.DataFrame] | None = None
    parts: Callable[[Any], Mapping[str, Result]] | None = None
    named: Callable[[Any, str], str] | None = None
    beside_said: Callable[[Any], Collection[str]] = lambda _: ()
    unsaid: Callable[[Any], Collection[str]] = lambda _: ()
    pool: PoolWords | None = None
    model: Callable[[Any], str] | None = None
