"""The rows of a forest plot of trials that were pooled, with or without subgroups."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from .._check import Floats
from ..analysis.distributions import critical
from ..analysis.effects.roles import ONE_ARM, TWO_ARMS
from ..analysis.pooling.bayes import BayesResult
from ..analysis.pooling.count_results import CountResult
from ..analysis.pooling.results import PooledResult
from ..analysis.pooling.subgroup_result import SubgroupResult
from .forest_columns import LIGHTS_KEY, Column, columns_of, shown
from .forest_content import ForestRows, Form, Wish, framed, row, titled
from .forest_notes import footnotes, heterogeneity, overall_test
from .numbers import decimals, number, ratio

Row = dict[str, Any]


def pool_content(result: PooledResult, wish: Wish) -> ForestRows:
    """Return the rows of one pool."""
    block = Block(result, result.weights, wish, form_of(result))
    return _whole(result, result, block.trials(), wish)


def subgroup_content(result: SubgroupResult, wish: Wish) -> ForestRows:
    """Return the rows of pools by subgroup: a block each, without a pool where a subgroup has one row."""
    overall, form = result.overall, form_of(result.overall)
    levels = overall.studies.data[result.by].astype(str).to_numpy()
    rows: list[Row] = []
    for level, part in result.groups.items():
        block = Block(part, overall.weights[levels == level], wish, form)
        rows += [row("group", f"{titled(result.by)}: {level}"), *block.trials()]
        rows += block.pools("Subtotal") if part.k > 1 else []
        rows.append(row("space"))
    return _whole(result, overall, rows, wish)


class Block:
    """The trials of one pool, with the share that each has in the pool of all; and the rows they give."""

    def __init__(self, r: PooledResult, shares: Floats, wish: Wish, form: Form) -> None:
        self.r, self.shares, self.wish, self.form = r, shares, wish, form
        self.journal = wish.journal
        point = self.journal.decimal
        self.columns = columns_of(r.studies, r.measure, wish) | {
            "share": Column(
                header="Weight (%)",
                cells=[point(number(share, 1)) for share in shares],
                total=point(number(shares.sum(), 1)),
            )
        }

    def trials(self) -> list[Row]:
        """Return a row a trial."""
        table = self.r.study_table(transform=True, interval=self.wish.study_interval)
        factor = 100 if self.r.record.scale == "percent" else 1
        limits = zip(table["study"], table["estimate"], table["ci_low"], table["ci_high"], strict=True)
        rows = []
        for i, (study, estimate, low, high) in enumerate(limits):
            cells = {"estimate": factor * estimate, "low": factor * low, "high": factor * high}
            texts = {name: column.cells[i] for name, column in self.columns.items()}
            rows.append(row("study", study, **cells, weight=self.shares[i], **texts, effect=self._effect(cells)))
        return rows

    def pools(self, name: str, predict: bool = False) -> list[Row]:
        """Return the rows of the pool: effect, prediction interval, heterogeneity, test."""
        r = self.r
        limits = {"estimate": r.estimate, "low": r.ci_low, "high": r.ci_high}
        cells = {field: scaled(r, x) for field, x in limits.items()}
        several = f"{r.trials} trials, " if r.trials < r.k else ""
        texts = {column: c.total for column, c in self.columns.items()}
        label = f"{name} ({several}k\u00a0=\u00a0{r.k})"
        rows = [row("pooled", label, **cells, **texts, effect=self._effect(cells))]
        if predict and not math.isnan(r.prediction_low):
            low, high = scaled(r, r.prediction_low), scaled(r, r.prediction_high)
            text = self.journal.decimal(self.journal.between(low, high, self.form))
            rows.append(row("prediction", "Prediction interval", low=low, high=high, effect=text))
        lines = (heterogeneity(r, self.journal), overall_test(r, self.journal))
        return rows + [row("text", self.journal.decimal(line)) for line in lines if line]

    def _effect(self, cells: dict[str, float]) -> str:
        if math.isnan(cells["estimate"]):  # such as of a trial without events in both arms, in a pool of counts
            return "not estimable"
        return self.journal.decimal(self.journal.interval(**cells, form=self.form))


def _whole(result: PooledResult | SubgroupResult, overall: PooledResult, rows: list[Row], wish: Wish) -> ForestRows:
    several = overall.trials > 1  # subgroups of one trial are shown, not pooled
    block = Block(overall, overall.weights, wish, form_of(overall))
    whole = len(rows) if several else None
    if several:
        rows = rows + block.pools("Overall", predict=True)
    axis = axis_name(overall, wish)
    columns = {"effect": Column(header=_effect_header(overall, axis, wish), cells=[]), **block.columns}
    hidden = ("share",) if isinstance(overall, CountResult) or not several else ()
    chosen = shown(columns, overall.studies, wish, hidden)
    table = framed(rows, (*chosen.left, *chosen.right))
    notes = footnotes(result, overall, wish) + [LIGHTS_KEY] * ("light" in chosen.align.values())
    return ForestRows(
        rows=table,
        headers=chosen.headers,
        left=chosen.left,
        right=chosen.right,
        align=chosen.align,
        scale=overall.record.scale,
        null=None if overall.record.null is None else float(overall.natural(overall.record.null)),
        axis=axis,
        reference=scaled(overall, overall.estimate) if several else math.nan,
        whole=whole,
        largest=float(table["weight"].max()),
        colour=wish.journal.squares[_data(overall)],
        footnotes=[wish.journal.decimal(note) for note in notes],
        journal=wish.journal,
    )


def _data(r: PooledResult) -> str:
    """Return the kind of data that the effects are from."""
    if r.record.roles in (ONE_ARM, TWO_ARMS):
        return "binary"
    return "continuous" if r.record.scale == "linear" else "generic"


def axis_name(r: PooledResult, wish: Wish) -> str:
    """Return the name of the effect with its unit."""
    name = wish.effect or r.record.natural.capitalize()
    return f"{name}, {'%' if r.record.scale == 'percent' else wish.unit}".rstrip(", ")


def _effect_header(r: PooledResult, axis: str, wish: Wish) -> str:
    kind = "CrI" if isinstance(r, BayesResult) else "CI"
    return f"{axis} ({wish.journal.decimal(f'{100 * r.level:g}')}%\u00a0{kind})"


def scaled(r: PooledResult, x: float) -> float:
    """Return a number of the analysis scale on the scale drawn."""
    return float(r.natural(x)) * (100 if r.record.scale == "percent" else 1)


def form_of(r: PooledResult) -> Form:
    """Return how numbers of the measure are printed: ratios by their size, what is drawn linearly by its precision.

    Percentages have one decimal; times and rates as well, and two significant digits.
    """
    if r.record.scale == "percent":
        return partial(number, digits=1)
    if r.record.scale == "log" and r.record.null is not None:
        return ratio
    table = r.study_table(transform=True)
    if r.record.scale == "linear":
        width = (table["ci_high"] - table["ci_low"]).median()
        return partial(number, digits=decimals(width / (2 * float(critical(r.level)))))
    smallest = table["estimate"][table["estimate"] > 0].min()
    return partial(number, digits=max(1, 1 - math.floor(math.log10(smallest))))
