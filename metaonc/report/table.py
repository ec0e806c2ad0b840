"""table: a result as the table of a manuscript, with the numbers that its forest plot prints."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from .forest_rows import forest_rows

BOLD = ("group", "pooled", "common")  # rows that stand out
LEFT = ("left", "light")  # alignments of columns of words


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Table:
    """A table of printed texts; ``save`` writes it to Word, Excel, LaTeX, HTML or CSV.

    Attributes
    ----------
    headers
        One a column.
    left
        Whether a column's texts stand to the left; numbers stand to the right.
    rows
        Texts, a tuple a row.
    kinds
        Of each row: group, study, pooled, common, prediction or text.
    footnotes
        Lines below the table: model, estimator, intervals.
    data
        The numbers behind it, unrounded: kind, label, estimate, low, high (percent of proportions), weight.
    """

    headers: tuple[str, ...]
    left: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]
    footnotes: tuple[str, ...]
    data: pd.DataFrame

    def __str__(self) -> str:
        frame = pd.DataFrame(self.rows, columns=pd.Index(self.headers))
        return "\n".join([frame.to_string(index=False), "", *self.footnotes])

    __repr__ = __str__

    def to_html(self) -> str:
        """Return an HTML table; labels are escaped."""
        look = ['class="left"' if left else 'class="right"' for left in self.left]
        head = "".join(f'<th scope="col" {c}>{escape(h)}</th>' for h, c in zip(self.headers, look, strict=True))
        body = []
        for kind, row in zip(self.kinds, self.rows, strict=True):
            cells = "".join(f"<td {c}>{escape(text)}</td>" for text, c in zip(row[1:], look[1:], strict=True))
            body.append(f'<tr class="{kind}"><th scope="row" class="left">{escape(row[0])}</th>{cells}</tr>')
        notes = "".join(f"<p>{escape(line)}</p>" for line in self.footnotes)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>{notes}"

    def _repr_html_(self) -> str:
        return self.to_html()


def table(result: Any, **options: Any) -> Table:
    """Return a result as a table: trials, subgroups, pooled effects, heterogeneity, with the words of a forest plot.

    Parameters
    ----------
    result
        Whatever ``plot.forest`` draws.
    options
        Of ``plot.forest_rows``: `journal` chooses how numbers are printed, `left` and `right` the columns, `effect` and
        `unit` name the effect.

    Returns
    -------
    Table

    Raises
    ------
    DataError, OptionError
        As ``plot.forest_rows``.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.table(r).rows[0]
    ('1', '0.61 (0.41 to 0.90)', '31.9')
    """
    content = forest_rows(result, **options)
    columns = ["label", *content.left, *content.right]
    shown = content.rows[content.rows["kind"] != "space"]
    return Table(
        headers=tuple(content.headers[c] for c in columns),
        left=tuple(c == "label" or content.align.get(c, "right") in LEFT for c in columns),
        rows=tuple(tuple(str(text) for text in row) for row in shown[columns].itertuples(index=False, name=None)),
        kinds=tuple(shown["kind"]),
        footnotes=tuple(content.footnotes),
        data=shown[["kind", "label", "estimate", "low", "high", "weight"]].reset_index(drop=True),
    )
