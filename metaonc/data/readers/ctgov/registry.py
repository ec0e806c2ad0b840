"""Results of registry records: the evidence in them, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

_CAUTION = (
    "  Figures as the registry prints them, read by rules: hold them against the paper before they carry a conclusion."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Registry:
    """Results of records of ClinicalTrials.gov; made by ``mo.read_ctgov(path)``.

    Attributes
    ----------
    evidence
        One row a set of figures, with the columns of ``metaonc.data.schema.TABLES["trials"]``; `arm` is the title of
        the group of patients, `measure_number` the place of the outcome measure in its record (from 0), `note` says
        what was turned, added up or left out.
    arms
        One row an arm: arm_id, trial, registry_id, arm, protocol_arm (its name in the protocol, where a title fits
        one), arm_type, other_titles, randomised.
    records
        One row a record: registry_id, trial, title, measures, rows, results_posted, updated, source.
    unread
        One row a measure, class, group, analysis or file that gave no row, with its `reason`: registry_id,
        measure_number, title, param_type, unit, what, reason.
    """

    evidence: pd.DataFrame
    arms: pd.DataFrame
    records: pd.DataFrame
    unread: pd.DataFrame

    def __len__(self) -> int:
        return len(self.evidence)

    def __str__(self) -> str:
        counts = self.evidence["outcome"].value_counts(sort=False)
        outcomes = ", ".join(f"{code} {n}" for code, n in counts.items()) or "none"
        whole = int(self.unread["what"].eq("measure").sum())
        parts = len(self.unread) - whole
        lines = [
            f"{len(self.records)} record{'s' * (len(self.records) != 1)} of ClinicalTrials.gov, "
            f"{int(self.records['measures'].sum())} outcome measures",
            f"  .evidence: {len(self.evidence)} rows ({outcomes})",
            f"  .unread: {whole} measures, and {parts} parts of others, each with its reason",
            _CAUTION,
        ]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
