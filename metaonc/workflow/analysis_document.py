"""An analysis as plain content, for programs that take over from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isinf
from pathlib import Path
from typing import Any

import pandas as pd

from .._version import __version__
from ..analysis.pooling.subgroups.result import SubgroupResult
from ..analysis.results.pooled import PooledResult
from ..base.caution import told
from ..base.result import Result
from .analysis import Analysis


def document(
    analysis: Analysis,
    files: Iterable[str | Path] = (),
    judged: Mapping[str, Result] | None = None,
    sensitivity: Mapping[str, Result] | None = None,
) -> dict[str, Any]:
    """Return results, what must be said with them, rows and files as mappings, lists, numbers and texts.

    Parameters
    ----------
    analysis
        What `analyse` returned.
    files
        Files that were written of it.
    judged, sensitivity
        Results of what people judged, and of what the pool hangs on, by their headings.

    Returns
    -------
    dict
        ``estimates`` are the rows of ``tidy(transform=True)``, on the natural scale; ``fit`` those of ``glance()``, on
        the scale of analysis; ``result`` is ``to_dict()``, of which ``mo.results.from_dict`` makes it again, and
        ``update``, where an older table was given, that of what changed, ``judged`` and
        ``sensitivity`` those of judgements, and of single and of small trials. What is missing is None.
    """
    result = analysis.result
    p = result.provenance
    return {
        "metaonc": __version__,
        "title": analysis.title,
        "question": analysis.question,
        "rule": analysis.selection.rule,
        "estimates": records(result.tidy(transform=True)),
        "fit": records(result.glance()),
        "cautions": told(result.cautions),
        "notes": [*_notes(result), *analysis.warnings],
        "corrected": list(p.corrected),
        "rows": records(analysis.rows),
        "other_cuts": records(analysis.other_cuts),
        "left_out": [*analysis.selection.dropped, *p.dropped],
        "files": [str(path) for path in files],
        "result": result.to_dict(),
        **({} if analysis.update is None else {"update": analysis.update.to_dict()}),
        **{
            name: {heading: r.to_dict() for heading, r in results.items()}
            for name, results in (("sensitivity", sensitivity), ("judged", judged))
            if results
        },
    }


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain content."""
    columns = {str(name): [_plain(x) for x in table[name].tolist()] for name in table.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and isinf(value):
        return "inf" if value > 0 else "-inf"  # as in to_dict
    return None if pd.isna(value) else value


def _notes(result: PooledResult | SubgroupResult) -> list[str]:
    """Return the notes on the whole, and those on each subgroup under its name."""
    parts = {**result.groups, "overall": result.overall} if isinstance(result, SubgroupResult) else {}
    own = [f"{name}: {note}" for name, part in parts.items() for note in part.provenance.notes]
    return [*result.provenance.notes, *own]
