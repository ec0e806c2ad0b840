"""Moderators in R scripts: the design matrix as data, so that codings cannot differ."""

from __future__ import annotations

from ...results.rtext import comment
from .coefficients import INTERCEPT
from .design import Design


def legend(design: Design | None) -> list[str]:
    """Return a comment a column of the design, which the data call x0, x1, ..."""
    return [] if design is None else [comment(f"x{i}: {term}") for i, term in enumerate(design.names)]


def mods(design: Design | None) -> str:
    """Return the arguments by which metafor regresses on the columns, and tests all but the intercept."""
    if design is None:
        return ""
    columns = " + ".join(f"x{i}" for i in range(len(design.names)))
    tested = [str(i + 1) for i, name in enumerate(design.names) if name != INTERCEPT] or ["1"]
    return f", mods = ~ {columns} - 1, btt = c({', '.join(tested)})"
