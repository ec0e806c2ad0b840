"""Two pools of one question: what moved the one to the other, in words, and as a forest plot with both."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ....analysis.results.pooled import PooledResult
from ....analysis.updates.moves import MODEL
from ....analysis.updates.result import UpdateResult, shown
from ....base.digits import in_percent, significant
from ....base.labels import spelling
from ....errors import DataError
from ...blocks import Block, Grid
from ...document.look import Look
from ...forest.assemble import axis_name, content, effect_header, refuse
from ...forest.columns import Column
from ...forest.content import ForestRows, ForestSpec, Marks, Note, Row, note, row
from ...forest.notes import INTERVALS
from ...texts.printer import Printer, capital, listed, trial
from .. import Kind, kind_of
from ..pool.results import found
from ..pool.rows import PoolBlock, scaled
from .changes import METHOD, grids, said

NEVER = ("common", "shrinkage", "prediction", "sort", "left", "right", "subgroup_label")
CITED = "Shapley 1953"
RULE = (
    "What moved the pooled effect was divided among the trials that were added, changed or removed: of each the mean, "
    "over {orders} in which their changes could come in, of what the pool changes by (Shapley's value). The parts sum "
    "to the difference of the pools."
)
MOST = 6  # trials that a text names


def _methods(r: UpdateResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on how it was compared with that before."""
    own = kind_of(r.after).methods(r.after, cited, printer)
    cited.append(CITED)
    orders = f"{r.orders} random orders" if r.orders else "all orders"
    return [*own, *([METHOD] if r.changes is not None else []), RULE.format(orders=orders)]


def _results(r: UpdateResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, on that before, and on what moved it."""
    paragraphs = kind_of(r.after).results(r.after, printer)
    if r.changes is not None:
        paragraphs.append(said(r.changes))
    for name, (old, new) in r.pools.items():
        head = f"{name}: before, " if name else "Before, "
        if old is None or new is None:
            when, there = ("after", old) if new is None else ("before", new)
            assert there is not None
            paragraphs.append(f"{name}: there was no such subgroup {when} the update.")
            continue
        paragraphs.append(f"{head}{found(old, printer)} {_moved(r, name, printer)}")
    return paragraphs


def _moved(r: UpdateResult, name: str, printer: Printer) -> str:
    """Return the sentence on what moved a pool, the largest first."""
    if name in r.lacking:
        return "What moved it could not be told by trial."
    rows = r.rows_of(name)
    if rows.empty:
        return "No trial was added, changed or removed."
    column = "moved_natural" if rows["moved_natural"].notna().any() else "moved"
    unit = r.unit if column == "moved_natural" else 1.0
    scale = "" if column == "moved_natural" else f", on the scale of the {r.record.label}"
    rows = rows.reindex(rows[column].abs().sort_values(ascending=False).index)
    parts = [f"{_who(row)} by {_signed(unit, row[column], printer)}" for row in rows.head(MOST).to_dict("records")]
    left = rows[column].iloc[MOST:].sum()
    if len(rows) > MOST:
        parts.append(f"the other {len(rows) - MOST} together by {_signed(unit, left, printer)}")
    return f"What moved it{scale}: {listed(parts)}."


def _who(row: dict[Any, Any]) -> str:
    return "the model and its options" if row["trial"] == MODEL else f"{trial(str(row['trial']))} ({row['change']})"


def _signed(unit: float, x: float, printer: Printer) -> str:
    """Return a difference with its sign; of proportions, whose unit is 100, in percentage points."""
    if np.isnan(x):
        return "an unknown amount"
    text = printer.journal.decimal(significant(unit * x))
    return f"{'+' * (x > 0)}{text}{' percentage points' * (unit == 100)}"


def _rows(r: UpdateResult, spec: ForestSpec) -> ForestRows:
    """Return each trial as it is after, with its estimate before below it; and both pools.

    Raises
    ------
    DataError
        When the measure has no back-transform without sample sizes.
    OptionError
        When an option asked for has no use for it.
    """
    refuse(spec, "an update", NEVER)
    rows: list[Row] = []
    whole = r.whole
    for name, (old, new) in r.pools.items():
        rows += [row("space")] * bool(rows) + [row("group", name)] * bool(name)
        trials = None if name and _is_whole(r, name) else _trials(r, name, old, new, spec)
        rows += [*(trials or []), *_pools(r, old, new, spec)]
    axis = axis_name(r.record, spec)
    header = effect_header(axis, r.level, spec, whole.model_facts.interval_label)
    columns = {
        "before": Column(header=_before(r), cells=[]), "effect": Column(header=f"After: {header}", cells=[]),
        "moved": Column(header="Moved the\u00a0pool by", cells=[]),
    }  # fmt: skip
    last = max(i for i, line in enumerate(rows) if line["kind"] == "pooled") if whole else None
    made = content(
        rows, columns, replace(spec, journal=replace(spec.journal, left=(), right=tuple(columns))), r.record,
        pd.DataFrame(), axis, _null(r), _notes(r),
        reference=scaled(whole, whole.estimate), whole=last if len(r.pools) == 1 else None,
    )  # fmt: skip
    return replace(made, marks=Marks(study="trial after", pooled="pool after", common="pool before",
                                     model="trial before"))  # fmt: skip


def _before(r: UpdateResult) -> str:
    """Return the header of the pool before, with its level where that is another."""
    same = r.level_before == r.level
    return "Before" if same else f"Before ({in_percent(r.level_before)}%)"


def _null(r: UpdateResult) -> float | None:
    """Return the value of no effect on the scale drawn; None where there is none."""
    return None if r.record.null is None else r.unit * float(r.record.inverse(r.record.null))


def _is_whole(r: UpdateResult, name: str) -> bool:
    """Whether these are the trials of all subgroups, which stand there."""
    return name == getattr(r.after, "overall_name", None)


def _trials(
    r: UpdateResult, name: str, old: PooledResult | None, new: PooledResult | None, spec: ForestSpec
) -> list[Row]:
    """Return a row a trial: as it is after with what it moved, and as it was before."""
    both = (PoolBlock(p, {"share": p.weights}, _without_columns(spec)) if p is not None else None for p in (old, new))
    before, after = (block.pooled_trials() if block is not None else [] for block in both)
    there: dict[str, list[Row]] = {}
    for line in before:
        there.setdefault(spelling(line["label"]), []).append(line)
    found = [_both(there[key].pop(0) if there.get(key := spelling(line["label"])) else None, line) for line in after]
    found += [_both(line, None) for left in there.values() for line in left]
    moved = _texts(r, name, spec)
    used: set[str] = set()
    for line, unit in zip(found, _units(r, found, moved), strict=True):
        if unit is not None and unit not in used:  # of a trial with several rows in its first
            used.add(unit)
            line["moved"] = moved[unit]
    return found


def _without_columns(spec: ForestSpec) -> ForestSpec:
    return replace(spec, journal=replace(spec.journal, left=(), right=()))


def _both(old: Row | None, new: Row | None) -> Row:
    line = dict(new if new is not None else row("study", old["label"] if old else ""))
    line["before"] = old["effect"] if old is not None else ""
    line["effect"] = line.get("effect", "") if new is not None else "removed"
    if old is not None and (new is None or any(old[x] != new[x] for x in ("estimate", "low", "high"))):
        line |= {"model": old["estimate"], "model_low": old["low"], "model_high": old["high"]}
    return line


def _units(r: UpdateResult, rows: Iterable[Row], moved: dict[str, str]) -> list[str | None]:
    """Return the trial that each row is of: by its label, or by how that begins, where arms have rows of their own."""
    found = []
    for line in rows:
        label = spelling(line["label"])
        own = [unit for unit in moved if label == spelling(unit) or label.startswith(f"{spelling(unit)}, ")]
        found.append(max(own, key=len) if own else None)
    return found


def _texts(r: UpdateResult, name: str, spec: ForestSpec) -> dict[str, str]:
    """Return trial -> what it moved the pool by, on the natural scale."""
    rows = r.rows_of(name)
    values = r.unit * rows["moved_natural"]  # on another scale parts do not sum to the difference that is drawn
    return {str(who): _change_text(x, spec) for who, x in zip(rows["trial"], values, strict=True)}


def _change_text(x: float, spec: ForestSpec) -> str:
    return "" if np.isnan(x) else spec.journal.decimal(f"{'+' * (x > 0)}{significant(x)}")


def _pools(r: UpdateResult, old: PooledResult | None, new: PooledResult | None, spec: ForestSpec) -> list[Row]:
    """Return the pool after and that before, with their difference."""
    rows = []
    for kind, when, pool in (("pooled", "after", new), ("common", "before", old)):
        if pool is None:
            continue
        form = PoolBlock(pool, {"share": pool.weights}, _without_columns(spec)).form
        estimate, low, high = (scaled(pool, x) for x in (pool.estimate, pool.ci_low, pool.ci_high))
        cells = {"estimate": estimate, "low": low, "high": high}
        text = spec.journal.decimal(spec.journal.interval(estimate, low, high, form))
        label = f"Pooled {when} (k\u00a0=\u00a0{pool.k})"
        rows.append(row(kind, label, **cells, **({"effect": text} if kind == "pooled" else {"before": text})))
    if old is not None and new is not None and len(rows) == 2:
        difference = rows[0]["estimate"] - rows[1]["estimate"]
        rows[0]["moved"] = _change_text(difference, spec)
    return rows


def _notes(r: UpdateResult) -> list[Note]:
    pool = r.whole
    how = f"random effects ({pool.method})" if not pool.is_common else "common effect"
    rule = f"{r.rule[0].lower()}{r.rule[1:]}"
    found = [f"After: {how}; {INTERVALS.get(pool.ci, pool.ci)} intervals.", f"Moved: {rule}."]
    for name in r.pools:
        rows = r.rows_of(name)
        model = rows[rows["trial"] == MODEL]
        if len(model):
            own = model["moved_natural" if r.is_natural else "moved"].iloc[0]
            x = float(own) * (r.unit if r.is_natural else 1.0)
            found.append(f"{f'{name}: t' if name else 'T'}he model and its options moved it by {significant(x)}.")
    if len(r.table) and not r.is_natural:
        found.append(f"What single trials moved it by is known on the scale of the {r.record.label} alone.")
    for name, why in r.lacking.items():
        found.append(f"{f'{name}: ' * bool(name)}what moved it is not told: {why.rstrip('.')}.")
    return [note(text) for text in found]


def _title(r: UpdateResult, effect: str | None) -> str:
    name = effect or capital(r.record.natural)
    return f"{name} before and after the update"


def _figures(r: UpdateResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import forest_blocks, readable

    blocks: list[Block] = []
    with suppress(DataError):  # of a measure without a way back to the natural scale
        blocks += forest_blocks(r, look)
    for name in r.pools:
        rows = r.rows_of(name)
        if len(rows):
            blocks.append(Grid(readable(shown(r, rows)), f"What moved the pool{f': {name}' * bool(name)}"))
    return (*blocks, *(grids(r.changes) if r.changes is not None else ()))


KIND = Kind(verbs="compare", methods=_methods, results=_results, rows=_rows, title=_title, figures=_figures)
