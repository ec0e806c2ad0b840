"""What changed as plain content, for programs that take over from here."""

from __future__ import annotations

from typing import Any

from ..._version import __version__
from ...analysis.updates.result import UpdateResult
from ...base.caution import told
from ...data.changes.result import EvidenceChanges
from ..analysis_document import records


def document(found: UpdateResult | EvidenceChanges) -> dict[str, Any]:
    """Return what changed as mappings, lists, numbers and texts.

    Parameters
    ----------
    found
        What ``compare`` returned.

    Returns
    -------
    dict
        ``changes`` are the rows of the evidence that are not the same; ``pools`` and ``moves``, where an outcome was
        pooled, the pools before and after (natural scale) and what each trial moved; ``result`` is ``to_dict()``, of
        which ``mo.results.from_dict`` makes the result again. What is missing is None.
    """
    plain: dict[str, Any] = {"metaonc": __version__}
    changes = found if isinstance(found, EvidenceChanges) else found.changes
    if changes is not None:
        plain |= {"changed": changes.said, "changes": records(changes.table)}
    if isinstance(found, UpdateResult):
        tidy = found.tidy(transform=True)
        pools = tidy[tidy["type"] == "pool"]
        plain |= {"pools": records(pools.loc[:, pools.notna().any()]), "moves": records(found.table),
                  "rule": found.rule, "options": list(found.options)}  # fmt: skip
    return {**plain, "cautions": told(found.cautions), "notes": list(found.provenance.notes),
            "result": found.to_dict()}  # fmt: skip
