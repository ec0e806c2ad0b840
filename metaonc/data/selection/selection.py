"""Rows that were chosen for one pool, and those left out."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .alternatives import Alternative
from .cuts import name_of
from .shown import as_html, as_text


@dataclass(frozen=True, slots=True, repr=False)
class Selection:
    """Rows for one pool; made by `select`.

    Attributes
    ----------
    used
        Rows to pool, as they stand in the evidence and under their row numbers there.
    left_out
        The other rows on the same outcome and subgroup variable, with the column `reason`.
    rule
        The rule that chose, in words.
    level
        Name of the column that holds the subgroup; None without subgroups.
    joined
        A sentence for each trial, arm or level that is written in two ways.
    need
        What its rows report, by the names of `select`.
    also
        What rows on the question report besides, where none was asked for.
    cautions
        What must stand wherever the rows are pooled: a sentence or more for each trial whose rows are older than the
        newest cut of their arm, which does not report what is needed, that most trials are left out as they report
        one level alone, and that trials are left out as their median was not reached.
    alternatives
        Cuts that could be used instead of the rows used, or as well.
    """

    used: pd.DataFrame
    left_out: pd.DataFrame
    rule: str
    level: str | None = None
    joined: tuple[str, ...] = ()
    need: str = ""
    also: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    @property
    def dropped(self) -> tuple[str, ...]:
        """One sentence for each row left out, for the provenance of a result."""
        rows = zip(self.left_out.index, self.left_out["trial"], self.left_out["reason"], strict=True)
        return tuple(f"trial {trial!r} ({name_of(self.left_out, i)}): {reason}" for i, trial, reason in rows)
