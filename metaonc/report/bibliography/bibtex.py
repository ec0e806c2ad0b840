"""Entries as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .entries import Entry

# Braces as commands: BibTeX counts those of a text, escaped or not.
_ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", **{mark: f"\\{mark}" for mark in "#$%&_"},
})  # fmt: skip
_IN_LINKS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def bibtex(entries: Iterable[Entry]) -> str:
    """Return entries as a file for BibTeX or biblatex, in UTF-8; titles keep their capitals."""
    return "\n".join(_entry(entry) for entry in entries)


def _entry(entry: Entry) -> str:
    cited = entry.cited
    authors = [f"{escaped(surname)}, {' '.join(f'{letter}.' for letter in initials)}"
               for surname, initials in cited.authors]  # fmt: skip
    fields = {
        "author": " and ".join([*authors, *(["others"] if cited.others else [])]),
        "title": f"{{{escaped(cited.title)}}}" if cited.title else "",
        "journal": escaped(cited.journal),
        "year": _year(entry.year),
        "volume": escaped(cited.volume),
        "number": escaped(cited.issue),
        "pages": escaped("--".join(cited.pages)),
        # verbatim, as biblatex and the packages that make links of them read it
        "doi": entry.identifiers.get("doi", "").translate(_IN_LINKS),
        "pmid": entry.identifiers.get("pmid", ""),
        "key": "" if authors else entry.key,  # what BibTeX sorts by where there are no authors
        "note": escaped(" ".join(entry.notes)),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{'article' if cited.journal else 'misc'}{{{entry.key},\n{''.join(lines)}}}\n"


def escaped(text: str) -> str:
    """Return a text that LaTeX prints as it is written."""
    return text.translate(_ESCAPES)


def _year(text: str) -> str:
    return text[:4] if re.match(r"\d{4}", text) else escaped(text)
