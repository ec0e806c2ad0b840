"""Documents as a bibliography lists them: one record each, with a key that stays and what must be known of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...base.check import columns_exist
from ...base.frames import to_pandas
from ...base.labels import blank
from ...base.messages.warning import warn
from ...data.schema.identifiers import FORMS, has_form
from ...data.selection.selection import Selection
from ...errors import DataError, DataWarning
from .citation import Citation, read_citation

COLUMNS = ("source_id", "citation", "pmid", "doi", "identifiers_verified", "kind", "year")
IN_JOURNALS = ("article", "abstract", "")  # kinds; without one a citation is read as that of an article
_NAMES = {"pmid": "PMID", "doi": "DOI"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document.

    Attributes
    ----------
    key
        Its name in the bibliography: the `source_id`, of the letters, digits and marks that BibTeX allows.
    kind, year
        As in the table; the year of the citation where the table has none.
    cited
        What its citation says.
    identifiers
        ``pmid`` and ``doi``, where there are, of their form.
    notes
        Sentences on what is not known or not verified.
    """

    key: str
    kind: str
    year: str
    cited: Citation
    identifiers: dict[str, str]
    notes: tuple[str, ...]


def entries_of(thing: Any) -> list[Entry]:
    """Return the documents of a collection, an analysis or a table, as `write_sources` takes them."""
    rows = [{column: _text(row[column]) if column in row else "" for column in COLUMNS} for row in _rows(thing)]
    first: dict[str, int] = {}
    keys: dict[str, str] = {}
    out = []
    for number, row in enumerate(rows):
        name = row["source_id"]
        if lacking := next((column for column in COLUMNS[:2] if not row[column]), ""):
            raise DataError(f"row {number} has no {lacking}: fill it in, or leave the row out.")
        if name in first:
            if rows[first[name]] != row:
                raise DataError(
                    f"source_id={name!r} stands for two documents, in rows {first[name]} and {number}: rename one."
                )
            continue
        first[name] = number
        key = key_of(name)
        if not key or key in keys:
            other = f", that of source_id={keys[key]!r} too" if key else ""
            raise DataError(f"source_id={name!r} (row {number}) makes the key {key!r}{other}: rename it.")
        keys[key] = name
        out.append(_entry(key, row))
    if bad := [note for entry in out for note in entry.notes if "not written as one" in note]:
        warn(f"{bad[0]}{f' ({len(bad) - 1} more like it.)' if len(bad) > 1 else ''}", DataWarning)
    return out


def key_of(name: str) -> str:
    """Return a key that BibTeX and LaTeX take: letters of ASCII, digits and ``.:+/_-``; other characters are a dash."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[^A-Za-z0-9.:+/_-]+", "-", plain).strip("-")


def _rows(thing: Any) -> list[dict[str, Any]]:
    table = getattr(thing, "sources", thing)
    if table is None:
        raise DataError("there are no sources: the evidence of this analysis came without a list of documents.")
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {column: column for column in COLUMNS[:2]})
    selection = getattr(thing, "selection", None)
    if isinstance(selection, Selection) and "source_id" in selection.used:
        frame = frame[frame["source_id"].isin(selection.used["source_id"])]
    if not len(frame):
        raise DataError("there are no sources: no document is listed by the source_id of the rows used.")
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _text(value: Any) -> str:
    """Return a cell as text on one line; a number that a table without text made of digits as those digits."""
    if blank(value) or value is pd.NA:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def _entry(key: str, row: dict[str, str]) -> Entry:
    cited = read_citation(row["citation"], in_journal=row["kind"] in IN_JOURNALS)
    given = {name: row[name] for name in FORMS if row[name]}
    good = {name: text for name, text in given.items() if has_form(name, text)}
    notes = [f"Cited as: {row['citation'].removesuffix('.')}."]
    if row["kind"] not in ("article", ""):
        notes.append(f"Kind of document: {row['kind']}.")
    if not cited.title:
        notes.append("The title is not recorded.")
    elif not cited.authors:
        notes.append("The title is a description.")
    if cited.others:
        notes.append("Further authors are not recorded.")
    if cited.year and row["year"] and cited.year != row["year"][:4]:
        notes.append(f"The citation has the year {cited.year}, the table {row['year']}.")
    notes += [
        f"{_NAMES[name]} {text!r} of {key} does not have the form of one ({FORMS[name][1]}) and is not written as one."
        for name, text in given.items()
        if name not in good
    ]
    if good and row["identifiers_verified"] != "yes":
        listed = " and ".join(f"{_NAMES[name]} {text}" for name, text in good.items())
        notes.append(f"Not verified: {listed}; look {'it' if len(good) == 1 else 'them'} up before citing.")
    return Entry(key=key, kind=row["kind"], year=row["year"] or cited.year, cited=cited, identifiers=good,
                 notes=tuple(notes))  # fmt: skip
