"""What a report holds, as data: sections of blocks; a page of HTML and a Word document each render them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of texts."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms and what each is, such as settings and their values."""

    items: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Printed:
    """Text whose lines and columns stay as they are, such as a summary."""

    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """A program to copy, and the name of what copies it."""

    text: str
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A table of data; the first column heads the rows.

    Attributes
    ----------
    table
        What it shows: whole numbers whole, others to four significant digits, blanks empty.
    caption
        What it is.
    pooled
        Row numbers of pools, which stand out and stay last when the trials are sorted.
    behind
        Column of texts -> the numbers that they print, by which it sorts.
    """

    table: pd.DataFrame
    caption: str
    pooled: frozenset[int] = frozenset()
    behind: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def numbers(self, column: str) -> Sequence[Any] | None:
        """Return the numbers of a column, which stands to the right; None of a column of words."""
        if column in self.behind:
            return self.behind[column]
        return list(self.table[column]) if is_numeric_dtype(self.table[column]) else None


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A figure, its caption, and what it shows for those who do not see it."""

    axes: Axes
    caption: str
    description: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A document: how it is cited, its identifiers, and what is to be known of them."""

    text: str
    doi: str = ""
    pmid: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """A numbered list of documents."""

    items: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Files:
    """Files that travel inside the report: name -> text."""

    files: Mapping[str, str]


Block = Paragraph | Heading | Bullets | Terms | Printed | Script | Grid | Drawing | References | Files


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the blocks below it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A title, a line below it, and sections; those without blocks are not shown."""

    title: str
    byline: str
    sections: tuple[Section, ...] = field(default=())
