"""What changed between two analyses of the same question."""

from __future__ import annotations

from ...analysis.updates.compare_pools import compare_pools
from ...analysis.updates.result import UpdateResult
from ...data.changes.compare_tables import compare_tables
from ..analysis import Analysis


def updated(before: Analysis, after: Analysis, outcome: str) -> UpdateResult:
    """Return what changed in the evidence on an outcome, and what moved the pool, by trial.

    Raises
    ------
    DataError
        As ``compare``.
    """
    changes = compare_tables(before.evidence, after.evidence, outcome=outcome)
    return compare_pools(before.result, after.result, trial="trial", changes=changes)
