"""Figures and numbers of a report: which of a result, by its type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...analysis.pooling.multivariate.result import MultivariateResult
from ...analysis.pooling.regression.result import RegressionResult
from ...analysis.sensitivity.permutation_result import PermutationResult
from ...analysis.survival.cox.result import LogHazardRatio
from ...analysis.survival.curve.result import KaplanMeier
from ..blocks import Block, Drawing, Grid
from ..forest.content import ForestRows, titled
from ..forest.figure import forest
from ..forest.rows import forest_rows
from ..forest.subset_table import about, natural, record_of
from ..km.data import km_key
from ..km.figure import km
from ..tables.table import table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BEHIND = {"effect": "estimate", "share": "weight"}  # column of text -> the numbers that it prints


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a result is shown.

    Attributes
    ----------
    journal, effect, unit
        As in ``write_report``.
    name
        Heading of the result, empty without one.
    words
        What the figure shows, for those who do not see it.
    """

    journal: str | None
    effect: str | None
    unit: str
    name: str
    words: str

    def drawing(self, axes: Axes, kind: str) -> Drawing:
        """Return a figure of this kind with its caption and description."""
        return Drawing(axes, f"{kind}: {self.name}" if self.name else kind, self.words)


@singledispatch
def shown(result: Any, look: Look) -> tuple[Block, ...]:
    """Return the figure of a result and the numbers that it shows: a forest plot, unless its type has another."""
    content = forest_rows(result, journal=look.journal, effect=look.effect, unit=look.unit)
    return look.drawing(forest(content), "Forest plot"), _numbers(content)


@shown.register
def _(result: RegressionResult, look: Look) -> tuple[Block, ...]:
    return _printed(result, look), *shown.dispatch(object)(result, look)


@shown.register
def _(result: MultivariateResult, look: Look) -> tuple[Block, ...]:
    return (_printed(result, look),)


@shown.register
def _(result: PermutationResult, look: Look) -> tuple[Block, ...]:
    return *shown(result.result, look), Grid(_readable(result.tidy()), "Permutation test")


@shown.register
def _(result: KaplanMeier, look: Look) -> tuple[Block, ...]:
    axes = km(result)
    if look.effect:
        axes.set_ylabel(look.effect)
    key = km_key(result).rename(columns={"": "Group"})
    return look.drawing(axes, "Kaplan-Meier curves"), Grid(key, "Events and medians of the curves")


@shown.register
def _(result: LogHazardRatio, look: Look) -> tuple[Block, ...]:
    return (Grid(_readable(natural_numbers(result)), look.effect or "Hazard ratio"),)


def natural_numbers(result: Any) -> pd.DataFrame:
    """Return the numbers of a result, unrounded and on the natural scale; a column without any is not there."""
    if isinstance(result, pd.DataFrame):
        shown_of = natural(result, record_of(about(result)))
        return pd.concat([result[["study"]], shown_of, result[["tau2", "q", "i2"]]], axis="columns")
    numbers: pd.DataFrame = result.tidy() if isinstance(result, KaplanMeier) else result.tidy(transform=True)
    return numbers.dropna(axis="columns", how="all")


def _readable(numbers: pd.DataFrame) -> pd.DataFrame:
    return numbers.set_axis([titled(str(c)) for c in numbers.columns], axis="columns")


def _printed(result: RegressionResult | MultivariateResult, look: Look) -> Grid:
    """Return the rows of ``table`` but its lines of text, which the words above say."""
    made = table(result, journal=look.journal, effect=look.effect)
    rows = [row for kind, row in zip(made.kinds, made.rows, strict=True) if kind != "text"]
    return Grid(pd.DataFrame(rows, columns=pd.Index(made.headers)), made.title)


def _numbers(content: ForestRows) -> Grid:
    """Return the rows of a forest plot as it prints them, each beside its subgroup; they sort by what is printed."""
    every, whole = content.rows, len(content.rows) if content.whole is None else content.whole
    subgroups = pd.Series(_under(every["kind"], every["label"], "group"), index=every.index).where(every.index < whole)
    rows = every[every[["estimate", "low", "high"]].notna().any(axis="columns")]
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
