"""A table of printed texts, whatever result it is of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

import pandas as pd

from ...base.html import html_table, styled

BOLD = ("group", "pooled", "common")  # rows that stand out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Table:
    """A table of printed texts; ``save`` writes it to Word, Excel, LaTeX, HTML or CSV.

    Attributes
    ----------
    title
        What stands above it; empty where nothing does.
    headers
        One a column.
    left
        Whether a column's texts stand to the left; numbers stand to the right.
    rows
        Texts, a tuple a row. A row with a text in its first column only has that over all columns.
    kinds
        Of each row: group, study, pooled, common, prediction or text; term of a coefficient.
    footnotes
        Lines below the table: model, estimator, intervals.
    data
        The numbers behind it, unrounded: kind, label, estimate, low, high (percent of proportions), and weight, of
        regressions and several outcomes p_value.
    landscape
        Whether a Word document has it on paper in landscape, also where it is not wide.
    """

    title: str
    headers: tuple[str, ...]
    left: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]
    footnotes: tuple[str, ...]
    data: pd.DataFrame
    landscape: bool = False

    def __str__(self) -> str:
        frame = pd.DataFrame(self.rows, columns=pd.Index(self.headers))
        head = [self.title, ""] if self.title else []
        return "\n".join([*head, frame.to_string(index=False), "", *self.footnotes])

    __repr__ = __str__

    def titled(self, title: str) -> Table:
        """Return the same table under another title."""
        return replace(self, title=title)

    def to_html(self) -> str:
        """Return an HTML table; labels are escaped."""
        notes = "".join(f"<p>{escape(line)}</p>" for line in self.footnotes)
        return html_table(self.headers, self.rows, self.left, self.kinds, self.title) + notes

    def _repr_html_(self) -> str:
        return styled(self.to_html())
