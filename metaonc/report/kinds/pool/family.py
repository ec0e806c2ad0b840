"""What all kinds of pools of trials show alike."""

from __future__ import annotations

from ....analysis.results.pooled import PooledResult
from ...texts.printer import capital, several
from .. import Kind, PoolWords
from .methods import methods
from .results import results
from .rows import pool_rows


def pool_kind(verbs: str, words: PoolWords) -> Kind:
    """Return the kind of the pools that these functions return, with what is said of them alone."""
    return Kind(
        verbs=verbs, methods=methods, results=results, rows=pool_rows, title=title, beside_said=itself, pool=words
    )


def itself(_: PooledResult) -> tuple[str]:
    """Name the one pool as its cautions do, which `found` prints with their intervals."""
    return ("",)


def title(r: PooledResult, effect: str | None) -> str:
    """Return the title of a table: effect and trials."""
    pooled = ", and pooled" if r.is_shown else ""
    return f"{effect or capital(r.record.natural)} in {several(r.trials)}{pooled}"
