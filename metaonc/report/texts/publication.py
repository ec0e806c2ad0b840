"""A publication, as references print it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication: authors, title, journal or book, where in it, and DOI."""

    authors: str
    title: str
    source: str
    place: str = ""
    doi: str = ""

    def text(self, year: str) -> str:
        """Return how it is cited, but for its DOI."""
        where = f"{self.source} {year};{self.place}" if self.place else f"{self.source} {year}"
        end = "" if self.title.endswith("?") else "."
        return f"{self.authors}. {self.title}{end} {where}"
