"""The notes of a result as a report prints them: in the journal's style, without code, rows or what stands above."""

from __future__ import annotations

from typing import Any

from ..journals import journal_of
from ..kinds import kind_of
from .printer import Printer, capital, listed, unquoted


def notes(result: Any, journal: str | None, said: str = "") -> tuple[str, ...]:
    """Return what a reader must know of a result, and of results within it, such as of its subgroups.

    Cautions and what was left out or changed stand in the paragraphs on results and methods. What several parts have
    alike is said once, and nothing that these paragraphs, `said`, have.
    """
    printer = Printer(journal_of(journal))
    find = kind_of(result).parts
    parts = {} if find is None else find(result)
    whom: dict[str, list[str]] = {}
    for name, part in parts.items():
        for text in part.provenance.notes:
            whom.setdefault(_plain(text, printer), []).append(name)
    own = [_plain(text, printer) for text in result.provenance.notes]
    of_parts = (f"{listed(names)}: {text}" for text, names in whom.items() if text not in own)
    told = [f"{capital(text).rstrip('.')}." for text in (*own, *of_parts)]
    return tuple(text for text in told if text not in said)


def _plain(text: str, printer: Printer) -> str:
    return printer.journal.decimal(unquoted(text).replace(" %", "%"))
