"""Write the documents of evidence to a file for a reference manager."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ...base.check import one_of
from ...base.messages.arguments import known_arguments
from ...base.output.writing import write_file
from .bibtex import bibtex
from .entries import Entry, entries_of
from .ris import ris

FORMATS: Mapping[str, Callable[[Iterable[Entry]], str]] = {"bib": bibtex, "ris": ris}


@known_arguments
def write_sources(sources: Any, path: str | Path) -> Path:
    """Write the documents that evidence comes from as BibTeX or RIS.

    Parameters
    ----------
    sources : collection, analysis or dataframe
        A collection; an analysis, of which the documents of the rows used are written; or a table of documents (any
        dataframe, or a mapping of columns) with `source_id` and `citation` and, where there are, `pmid`, `doi`,
        `identifiers_verified` (yes or no), `kind` and `year`, as the `sources` of a collection.
    path : str or path
        Where to: ``.bib`` for BibTeX and biblatex, ``.ris`` for EndNote, Zotero and others.

    Returns
    -------
    Path
        The file written, in UTF-8; the same table makes the same file.

    Raises
    ------
    DataError
        No documents; a row without name or citation; two documents of one name, or whose names make one key; a file
        that cannot be written.
    ColumnError
        A table without these columns.
    OptionError
        Another suffix.

    Warns
    -----
    DataWarning
        A PMID or DOI without the form of one, which stands in the note alone.

    Notes
    -----
    The key of an entry is its `source_id`, so that it stays from one version of a collection to the next. Authors,
    journal, volume and pages are taken from citations in Vancouver form (``Banerjee S et al. Nat Med
    2025;31:3074-80``), last pages in full; a citation in no such form is the title. Nothing is looked up: many
    citations hold no title, and then the entry has none. The note has the citation as it stands, what of it is not
    recorded, and which identifiers nobody has verified.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.write_sources(mo.load("lgsoc"), "lgsoc.bib").name
    'lgsoc.bib'
    """
    kind = one_of("suffix of path", Path(path).suffix.lstrip(".").lower(), FORMATS)
    return write_file(path, FORMATS[kind](entries_of(sources)))
