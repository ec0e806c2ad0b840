"""The references of methods in full: authors, title, where and when they appeared, DOI."""

from __future__ import annotations

from ..blocks import Reference
from .publications import PUBLICATIONS
from .publications_on_bias import ON_BIAS


def reference_of(cited: str) -> Reference:
    """Return the reference that a record cites in short, in full where it is known here."""
    short, _, doi = cited.partition(", doi:")
    name = short.partition(", in ")[0]
    found = PUBLICATIONS.get(name) or ON_BIAS.get(name)
    return Reference(short, doi) if found is None else Reference(found.text(name[-4:]), found.doi)
