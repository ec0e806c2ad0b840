"""A citation of one line, taken apart as far as it is in Vancouver form: nothing is guessed, the rest stays text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SURNAME = r"(?:[^\W\d_][\w'\u2019-]* ){0,3}[^\W\d_a-z][\w'\u2019-]*"
_NAME = rf"{_SURNAME} [A-Z]{{1,3}}"
_BY = re.compile(rf"(?P<authors>{_NAME}(?:, {_NAME})*)(?P<others>,? et al)?\. (?P<rest>.+)")
_IN = re.compile(
    r"(?:(?P<title>.+[.?!]) )?(?P<journal>[^\W\d_][^.;:()\d]*?) (?P<year>(?:19|20)\d\d)"
    r"(?:;(?P<volume>[\w-]*)(?:\((?P<issue>[^()]+)\))?(?::(?P<pages>[\w.-]+))?)?(?: \((?P<remark>[^()]+)\))?\.?"
)
_RANGE = re.compile(r"(\d+)-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a citation says; empty where it does not.

    Attributes
    ----------
    authors
        Surname and initials of each.
    others
        Whether it ends in et al.
    title, journal, year, volume, issue
        As written, a title without its full stop.
    pages
        First and last page, or article number; last pages in full.
    """

    authors: tuple[tuple[str, str], ...] = ()
    others: bool = False
    title: str = ""
    journal: str = ""
    year: str = ""
    volume: str = ""
    issue: str = ""
    pages: tuple[str, ...] = ()


def read_citation(text: str, *, in_journal: bool) -> Citation:
    """Return what a citation says.

    Without authors in Vancouver form it is a description, and its title the whole of it; of a document that is not
    `in_journal` all behind the authors is the title.
    """
    by = _BY.fullmatch(text)
    if by is None:
        return Citation(title=text.removesuffix("."))
    authors = tuple((name.rpartition(" ")[0], name.rpartition(" ")[2]) for name in by["authors"].split(", "))
    others = by["others"] is not None
    if not in_journal:
        return Citation(authors=authors, others=others, title=by["rest"].removesuffix("."))
    where = _IN.fullmatch(by["rest"])
    if where is None:
        return Citation(authors=authors, others=others)
    found = {name: where[name] or "" for name in ("journal", "year", "volume", "issue")}
    title = (where["title"] or "").removesuffix(".")
    return Citation(authors=authors, others=others, title=title, pages=_pages(where["pages"] or ""), **found)


def _pages(text: str) -> tuple[str, ...]:
    """Return first and last page, the last in full: 2782-92 is 2782 to 2792."""
    if not text:
        return ()
    if (both := _RANGE.fullmatch(text)) is None:
        return (text,)
    first, last = both.groups()
    return first, first[: max(len(first) - len(last), 0)] + last
