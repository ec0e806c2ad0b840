"""Entries as RIS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .entries import Entry

_TYPES = {"article": "JOUR", "abstract": "ABST", "dataset": "DATA"}


def ris(entries: Iterable[Entry]) -> str:
    """Return entries as a file in RIS, one tag a line; lines end as the format wants them."""
    return "\r\n".join("".join(f"{tag}  - {value}\r\n" for tag, value in _tags(entry)) for entry in entries)


def _tags(entry: Entry) -> Iterator[tuple[str, str]]:
    cited, pages = entry.cited, entry.cited.pages
    yield "TY", _TYPES.get(entry.kind, "JOUR" if cited.journal else "GEN")
    yield "ID", entry.key
    for surname, initials in cited.authors:
        yield "AU", f"{surname},{''.join(f'{letter}.' for letter in initials)}"
    tags = [
        ("TI", cited.title), ("JO", cited.journal), ("PY", entry.year[:4]), ("VL", cited.volume), ("IS", cited.issue),
        ("SP", pages[0] if pages else ""), ("EP", pages[1] if len(pages) > 1 else ""),
        ("DO", entry.identifiers.get("doi", "")), ("AN", entry.identifiers.get("pmid", "")),
    ]  # fmt: skip
    yield from ((tag, value) for tag, value in tags if value)
    yield from (("N1", note) for note in entry.notes)
    yield "ER", ""
