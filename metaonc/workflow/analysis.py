"""A pooled answer with the rows it rests on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from ..analysis.pooling.subgroups.result import SubgroupResult
from ..analysis.results.pooled import PooledResult
from ..analysis.updates.result import UpdateResult
from ..base.caution import Caution
from ..base.digits import plain
from ..base.messages.left_out import rows_when_read, summed_up, when_read
from ..base.result import Result
from ..data.audit import findings
from ..data.audit.reading import read
from ..data.audit.records import AuditRule
from ..data.selection.selection import Selection
from .beside.other_cuts import OTHER_CUTS
from .reported import TRIAL

CHANGED = "What changed"
ROUTE = "route"  # by which numbers a row entered, where that was asked for


@dataclass(frozen=True, slots=True, repr=False)
class Analysis:
    """A pooled answer with the rows it rests on; made by `analyse`.

    Attributes
    ----------
    title, question
        What was asked, in short and as a question.
    evidence, sources
        The whole of the evidence that rows were selected from, and its documents; None where none are listed.
    selection
        Rows used, rows left out with their reasons, and the rule.
    result
        The pool.
    effect, unit
        Names for figures.
    shown
        Columns of the evidence that a reader asks for.
    warnings
        What a reader must know of the rows: figures that were not read, mixed regimens.
    other_cuts
        What the choice of cuts does: the pool with each cut that was left out though it could be pooled, in place of
        the rows used on the same patients or beside them; see `workflow.beside.other_cuts`.
    update
        What changed since an older table, and what moved the pool; None where none was given.
    """

    title: str
    question: str
    evidence: pd.DataFrame
    sources: pd.DataFrame | None
    selection: Selection
    result: PooledResult | SubgroupResult
    effect: str
    unit: str
    shown: tuple[str, ...]
    warnings: tuple[str, ...]
    other_cuts: pd.DataFrame
    update: UpdateResult | None = None

    @property
    def labelled(self) -> pd.DataFrame:
        """The rows used, with all their columns and the label of each."""
        return labelled_rows(self.selection.used)

    @property
    def findings(self) -> pd.DataFrame:
        """What an audit of the whole evidence says of the rows used; see ``audit``."""
        return findings_of(self.evidence, self.selection)

    @property
    def rows(self) -> pd.DataFrame:
        """The rows used, with the columns a reader asks for."""
        used = self.labelled
        level = [self.selection.level] if self.selection.level else []
        wanted = (TRIAL, *level, *self.shown)
        columns = dict.fromkeys(c for c in wanted if c in used and used[c].notna().any())
        return used[list(columns)]

    @property
    def table(self) -> pd.DataFrame:
        """Trials and pooled effects on the natural scale, with the route of each trial where routes were asked for."""
        table = self.result.tidy(transform=True)
        if ROUTE in self.selection.used:
            table[ROUTE] = self._routes_of(table)
        return table.loc[:, table.notna().any()]

    def _routes_of(self, table: pd.DataFrame) -> list[str]:
        """Return the route of each trial, without what agrees with it, which the rows say."""
        used, level = self.labelled, self.selection.level
        levels = [""] * len(used) if level is None else used[level].astype(str)
        routes = dict(zip(zip(used[TRIAL], levels, strict=True), used[ROUTE], strict=True))
        groups = table["subgroup"].astype(str) if "subgroup" in table and level is not None else [""] * len(table)
        return [str(routes.get(key, "")).split("; ")[0] for key in zip(table["term"], groups, strict=True)]

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What its text says with its numbers."""
        return (*self.result.cautions, *(() if self.update is None else self.update.cautions))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Analysis: {self.title}>\n{self.result.summary()}"

    def text(self, *, every: bool = False) -> str:
        """Return all of it as text, of many rows left out a line a reason; `every` row one, where that is asked."""
        dropped = self.selection.dropped
        unread = when_read(self.evidence.attrs)
        rows, lines = rows_when_read(self.evidence.attrs)
        left = [*(dropped if every else summed_up(dropped)), *(f"when the table was read: {line}" for line in unread)]
        used, trials = self.rows, self.selection.used["trial"].nunique()
        measure = overall_of(self.result).record.natural
        parts = [
            f"{self.title}\n\nRule: {self.selection.rule}",
            f"Used: {several(len(used), 'row')} of {several(trials, 'trial')}\n{_printed(used, '{:.10g}'.format)}",
            "\n".join([_left_out(len(dropped) + len(rows), lines), *(f"  {line}" for line in left)]),
            f"Result ({measure}; weight in percent):\n{_printed(self.table, plain)}",
            "\n".join([str(self.result.summary()), *(f"Note: {w}" for w in self.warnings)]),
        ]
        if len(self.other_cuts):
            parts.append(f"{OTHER_CUTS} ({measure}):\n{_printed(self.other_cuts, plain)}")
        if self.update is not None:
            parts.append(summaries({CHANGED: self.update}, self.result.cautions))
        return "\n\n".join(parts)


def summaries(results: Mapping[str, Result], said: Iterable[Caution]) -> str:
    """Return results as text under their headings; cautions that stand above, `said` or of results before, in short."""
    above, parts = list(said), []
    for heading, result in results.items():
        parts.append(f"{heading}:\n{result._summary(result.cautions, above)}")
        above += result.cautions
    return "\n\n".join(parts)


def findings_of(
    evidence: pd.DataFrame, selection: Selection, rules: Collection[AuditRule] | None = None
) -> pd.DataFrame:
    """Return what these rules, all when None, of an audit of the whole evidence say of the rows used."""
    found = findings(read(evidence, selection.level if selection.level != "subgroup_level" else None), rules)
    used = set(evidence.index.get_indexer(selection.used.index))
    rows = zip(found["row"], found["other_rows"], strict=True)
    named = [not used.isdisjoint((row, *others)) for row, others in rows]
    return found[pd.Series(named, index=found.index, dtype=bool)].reset_index(drop=True)


def several(count: int, what: str) -> str:
    """Return a count with its noun."""
    return f"{count} {what}{'s' * (count != 1)}"


def _left_out(rows: int, lines: int) -> str:
    """Say how many rows of data were left out and, apart from them, how many lines that hold none."""
    apart = f"; {several(lines, 'line')} of the sheet {'holds' if lines == 1 else 'hold'} no data" if lines else ""
    return f"Left out: {several(rows, 'row')}{apart}"


def _printed(table: pd.DataFrame, form: Callable[[float], str]) -> str:
    texts = {str(name): column.fillna("") for name, column in table.items() if column.dtype.kind == "O"}  # None too
    shown = table.assign(**texts).loc[:, table.notna().any()]
    return str(shown.to_string(index=False, na_rep="", float_format=form))


def overall_of(result: PooledResult | SubgroupResult) -> PooledResult:
    """Return the pool of all."""
    return result.overall if isinstance(result, SubgroupResult) else result


def labelled_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the label of each row: the trial, and its arm where a trial has several."""
    label = rows["trial"].astype(str)
    if "arm" in rows:
        arms = rows.groupby("trial")["arm"].transform("nunique")
        label = label.where(arms <= 1, label + ", " + rows["arm"].astype(str))
    return rows.assign(**{TRIAL: label})
