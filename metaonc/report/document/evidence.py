"""What a report says of the evidence: rows used and left out, what the audit found, and the documents they are from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...base.check import columns_exist
from ...base.frames import to_pandas
from ...base.messages.left_out import when_read
from ...base.words import some
from ...data.audit import audit
from ...data.audit.alike import FEW, grouped, said
from ...data.collections.collection import Collection
from ...data.schema.tables import VERIFICATIONS
from ...errors import ColumnError
from ..blocks import Block, Bullets, Grid, Paragraph, Reference, References
from ..forest.content import titled
from ..numbers import is_blank

FOUND = {"trial": "Trial", "severity": "Severity", "message": "Finding", "fix": "What to do", "rule": "Rule"}
NAMES = {"ci_low": "Lower limit", "ci_high": "Upper limit", "hr_low": "HR, lower limit", "hr_high": "HR, upper limit",
         "ci_level": "Level", "hr_level": "Level", "subgroup_level": "Subgroup", "source_id": "Source",
         "n_comparator": "n, comparator", "events_comparator": "Events, comparator", "n": "n",
         "unit": "Unit"}  # fmt: skip
WHERE = ("trial", "arm", "subgroup_level", "data_cut", "reason")
VERIFIED = {"read": "read in the source", "reproduced": "not read but reproduced by arithmetic",
            "unverified": "with a figure that was not read"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The evidence of a report; what is None is not known.

    Attributes
    ----------
    rows
        Rows that the results rest on.
    shown
        Columns of them to show.
    left_out
        Rows not used, with the column ``reason``.
    findings
        What ``audit`` said of the rows.
    unasked
        Why the audit was not asked, if it was not.
    sources
        Documents, by ``source_id``.
    """

    rows: pd.DataFrame | None
    shown: tuple[str, ...]
    left_out: pd.DataFrame | None
    findings: pd.DataFrame | None
    unasked: str
    sources: pd.DataFrame | None


def evidence_of(
    table: Any,
    columns: Sequence[str] | None,
    left_out: pd.DataFrame | None,
    findings: pd.DataFrame | None,
    sources: pd.DataFrame | None,
    by: Sequence[str] = (),
) -> Evidence:
    """Return the evidence as ``write_report`` takes it, audited as rows of the subgroups `by` which results are."""
    if isinstance(table, Collection):
        sources = table.sources if sources is None else sources
        table = table.evidence
    rows = None if table is None else to_pandas(table)
    unasked = ""
    if rows is not None and findings is None:
        try:
            findings = _audited(rows, by)
        except ColumnError as problem:
            unasked = str(problem)
    shown: Sequence[str] = () if rows is None else [str(c) for c in rows.columns if rows[c].notna().any()]
    if rows is not None and columns is not None:
        columns_exist(list(rows.columns), {f"columns[{i}]": c for i, c in enumerate(columns)})
        shown = columns
    return Evidence(
        rows=rows, shown=tuple(shown), left_out=left_out, findings=findings, unasked=unasked,
        sources=_used(sources, rows),
    )  # fmt: skip


def _audited(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return what the audit finds: by several columns what it finds by each, or by one of them alone."""
    held = set(rows.columns).union(rows["subgroup_variable"].dropna() if "subgroup_variable" in rows else ())
    plain, *tables = (audit(rows, by=column) for column in (None, *(name for name in by if name in held)))
    if not tables:
        return plain
    keys = [[tuple(map(str, row)) for row in t.itertuples(index=False, name=None)] for t in (plain, *tables)]
    everywhere = set.intersection(*map(set, keys[1:]))
    kept = [t[[k in everywhere or k not in keys[0] for k in own]] for t, own in zip(tables, keys[1:], strict=True)]
    found = pd.concat(kept, ignore_index=True)
    return found[~found.astype(str).duplicated()]


def evidence_blocks(evidence: Evidence) -> tuple[Block, ...]:
    """Return the blocks of the evidence section."""
    blocks: list[Block] = []
    if evidence.rows is not None:
        blocks += [Grid(_readable(evidence.rows[list(evidence.shown)]), "Rows used"), *_verified(evidence.rows)]
    left = evidence.left_out
    unread = when_read(evidence.rows.attrs) if evidence.rows is not None else []
    if left is not None and (len(left) or not unread):
        blocks.append(
            Grid(_readable(left[[c for c in WHERE if c in left]]), "Rows left out, each with its reason")
            if len(left)
            else Paragraph("No row of the table was left out.")
        )
    if unread:
        blocks += [Paragraph("Left out when the table was read:"), Bullets(tuple(unread))]
    if evidence.unasked:
        blocks.append(Paragraph(f"The evidence was not audited: {evidence.unasked}"))
    if evidence.findings is not None:
        blocks.append(_findings(evidence.findings))
    return tuple(blocks)


def references(evidence: Evidence) -> tuple[Block, ...]:
    """Return the documents that the rows are from, as a list."""
    if evidence.sources is None or not len(evidence.sources):
        return ()
    return (References(tuple(_reference(row) for row in evidence.sources.to_dict("records"))),)


def evidence_tables(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return the tables to download, by name."""
    tables = {"evidence": evidence.rows, "left_out": evidence.left_out, "findings": evidence.findings,
              "sources": evidence.sources}  # fmt: skip
    return {name: table for name, table in tables.items() if table is not None and len(table)}


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns are named for readers."""
    return table.set_axis([NAMES.get(c) or titled(str(c)) for c in table.columns], axis="columns")


def _used(sources: pd.DataFrame | None, rows: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the sources that the rows name; all, where the rows do not say."""
    if sources is None or rows is None or "source_id" not in rows:
        return sources
    return sources[sources["source_id"].isin(rows["source_id"])]


def _verified(rows: pd.DataFrame) -> list[Block]:
    if "verification" not in rows:
        return []
    counts = rows["verification"].value_counts()
    parts = [f"{counts[v]} {VERIFIED[v]}" for v in VERIFICATIONS if v in counts]
    return [Paragraph(f"Of {len(rows)} rows: {', '.join(parts)}.")] if parts else []


def _findings(found: pd.DataFrame) -> Block:
    if not len(found):
        return Paragraph("The audit of these rows found nothing; that does not say that their figures are right.")
    rows = [
        one if len(group) < FEW else {**one, "trial": some([str(f["trial"]) for f in group], len(group)),
                                      "message": f"{len(group)} rows: {said(one)}"}
        for group in grouped(found) for one in group[:1]
    ]  # fmt: skip
    return Grid(pd.DataFrame(rows)[list(FOUND)].rename(columns=FOUND), "What the audit found in these rows")


def _reference(source: dict[Any, Any]) -> Reference:
    known = {str(k): "" if is_blank(v) else str(v) for k, v in source.items()}
    name, doi, pmid = known["source_id"], known.get("doi", ""), known.get("pmid", "").removesuffix(".0")
    doubt = "Identifiers not verified. " if (doi or pmid) and known.get("identifiers_verified") == "no" else ""
    return Reference(known.get("citation") or name, doi, pmid, f"{doubt}[{name}]")
