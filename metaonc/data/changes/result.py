"""What compare returns of two tables of evidence: every row that is not the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ...base.result import Provenance, TableResult
from ...base.words import counted

CHANGES = ("added", "replaced", "changed", "removed")
WHO = ("change", "trial", "arm", "outcome", "subgroup")
COLUMNS = (*WHO, "field", "before", "after", "row_before", "row_after", "cut_before", "cut_after", "source_before",
           "source_after")  # fmt: skip
MOST = 15  # lines of a summary
MEANS = {"added": "added", "replaced": "replaced by a newer cut", "changed": "changed", "removed": "removed"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EvidenceChanges(TableResult):
    """What changed between two tables of evidence.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a field that changed, of rows added or removed one row: change (``added``, ``replaced`` by a newer cut
        of the same patients, ``changed``, ``removed``), trial, arm, outcome, subgroup, field, before, after (as texts;
        None where blank), row_before, row_after (row_id, or number in the table), cut_before, cut_after, source_before,
        source_after, is_figure (whether the field is a figure that may be pooled). Of a row replaced the figures alone
        are compared.
    rows_before, rows_after
        Rows of the tables.
    unchanged
        Rows that are the same in both.
    only_before, only_after
        Columns of one table alone, which are not compared.
    provenance
        Verb, versions, and which labels were joined.
    """

    table: pd.DataFrame
    rows_before: int
    rows_after: int
    unchanged: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("rows_before", "rows_after", "unchanged", *CHANGES, "figures")

    def count(self, change: str) -> int:
        """Return how many rows were added, replaced, changed or removed."""
        own = self.table[self.table["change"] == change]
        return int(own[["row_before", "row_after"]].astype(str).drop_duplicates().shape[0])

    @property
    def added(self) -> int:
        """Rows of the newer table that stand for none of the older."""
        return self.count("added")

    @property
    def replaced(self) -> int:
        """Rows of the newer table that are a newer cut of patients of the older."""
        return self.count("replaced")

    @property
    def changed(self) -> int:
        """Rows that are in both with other fields."""
        return self.count("changed")

    @property
    def removed(self) -> int:
        """Rows of the older table that the newer lacks."""
        return self.count("removed")

    @property
    def figures(self) -> int:
        """Rows changed whose figures are not the same; of the others it is what is said of them."""
        own = self.table[(self.table["change"] == "changed") & self.table["is_figure"].astype(bool)]
        return int(own["row_after"].nunique())

    def _tidy(self, transform: bool) -> pd.DataFrame:
        t = self.table
        return t.assign(term=t["trial"], type=t["change"]).drop(columns=["trial", "change"])

    def _glance(self) -> list[dict[str, Any]]:
        return self._row()

    def _lines(self) -> list[str]:
        rows = f"{counted(self.rows_before, 'row')} before, {counted(self.rows_after, 'row')} after"
        lines = [f"Evidence: {rows}; {self.said}"]
        for change in CHANGES:
            found = self.sentences(change)
            more = [f"  ... and {len(found) - MOST} more: see table"] * (len(found) > MOST)
            lines += [f"{MEANS[change].capitalize()}:", *(f"  {text}" for text in found[:MOST]), *more] * bool(found)
        if self.only_before or self.only_after:
            of = [f"{', '.join(names)} ({which})" for names, which in
                  ((self.only_before, "older"), (self.only_after, "newer")) if names]  # fmt: skip
            lines.append(f"Columns of one table alone, not compared: {'; '.join(of)}")
        return lines

    def sentences(self, change: str) -> list[str]:
        """Return a line a row that was added, replaced, changed in its figures or removed: of whom, and its fields."""
        own = self.table[self.table["change"] == change]
        own = own[own["is_figure"].astype(bool)] if change == "changed" else own
        if own.empty:
            return []
        keys = own[["row_before", "row_after"]].astype(str).agg(" ".join, axis=1)
        return [_sentence(rows) for _, rows in own.groupby(keys, sort=False)]

    @property
    def said(self) -> str:
        """How many rows are not the same, in words."""
        found = [f"{n} {MEANS[change]}" for change in CHANGES if (n := self.count(change))]
        if self.changed:
            place = next(i for i, text in enumerate(found) if text.endswith(" changed"))
            found[place] += f" ({self.figures} in {'their' if self.changed > 1 else 'its'} figures)"
        return ", ".join([*found, f"{self.unchanged} the same"])


def _sentence(rows: pd.DataFrame) -> str:
    """Return what became of one row."""
    first = {name: "" if pd.isna(x) else str(x) for name, x in rows.iloc[0].items()}
    who = ", ".join(filter(None, (first[name] for name in WHO[1:])))
    fields = ", ".join(
        f"{name} {'blank' if pd.isna(old) else old} to {'blank' if pd.isna(new) else new}"
        for name, old, new in rows[["field", "before", "after"]].itertuples(index=False) if not pd.isna(name)
    )  # fmt: skip
    where = " to ".join(dict.fromkeys(filter(None, (first["cut_before"], first["cut_after"]))))
    source = " to ".join(dict.fromkeys(filter(None, (first["source_before"], first["source_after"]))))
    told = "; ".join(filter(None, (where, source)))
    return f"{who}{': ' * bool(fields)}{fields}{f' ({told})' * bool(told)}"
