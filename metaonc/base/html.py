"""Tables and texts as HTML for notebooks and files: one style, light and dark; every text is escaped here."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from .columns import TEXT, TIDY
from .digits import in_percent, p_said, plain

# Colours of text and paper are those around it, so that the theme of a notebook decides; a caution has its own.
STYLE = """.metaonc table{border-collapse:collapse;border:0;border-bottom:1px solid;margin:.5em 0;font-size:.875em;
font-variant-numeric:tabular-nums lining-nums;color:inherit}
.metaonc th,.metaonc td{border:0;padding:.2em .6em;font-weight:normal;vertical-align:top;background:none;color:inherit}
.metaonc thead th{border-top:1px solid;border-bottom:1px solid;font-weight:bold;vertical-align:bottom}
.metaonc caption{text-align:left;font-weight:bold;padding:.2em .6em;color:inherit}
.metaonc .left{text-align:left}.metaonc .right{text-align:right;white-space:nowrap}
.metaonc .pooled *,.metaonc .group *,.metaonc .common *{font-weight:bold}
.metaonc pre{background:none;color:inherit;padding:0;margin:.5em 0;white-space:pre-wrap}
.metaonc p{margin:.3em 0;max-width:80ch;font-size:.875em}
.metaonc .caution{border-left:3px solid #b45309;padding-left:.6em}
@media (prefers-color-scheme: dark){.metaonc .caution{border-color:#fbbf24}}"""
Print = Callable[[float], str]
_NONE: Mapping[str, Print] = {}
MOST = 200  # rows that a notebook shows
_POOLS = ("summary", "pooled")
_CAUTION = ' class="caution"'


class ListedTable(str):
    """A table inside a summary: its text, and the printed cells of which HTML makes a table."""

    cells: pd.DataFrame


def listed(
    table: pd.DataFrame, form: Print, *, blank: str = "NaN", index: bool = False, forms: Mapping[str, Print] = _NONE
) -> ListedTable:
    """Return a table as a summary prints it; `forms` are of single columns, `blank` stands where nothing is known."""
    cells = table.reset_index() if index else table
    texts = [[_text(x, forms.get(str(name), form), blank) for x in column] for name, column in cells.items()]
    made = ListedTable(
        table.to_string(index=index, na_rep=blank, float_format=form, formatters=dict[str | int, Print](forms.items()))
    )
    made.cells = pd.DataFrame(dict(enumerate(texts))).set_axis([str(c) for c in cells.columns], axis=1)
    made.cells.attrs["left"] = [not pd.api.types.is_numeric_dtype(column) for _, column in cells.items()]
    return made


def spans(row: Sequence[str]) -> bool:
    """Return whether a row has a text in its first column only, which stands over all columns."""
    return len(row) > 1 and bool(row[0]) and not any(row[1:])


def html_table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    left: Sequence[bool],
    kinds: Iterable[str] | None = None,
    title: str = "",
) -> str:
    """Return a table of texts.

    Parameters
    ----------
    headers, rows
        Texts, one a column; a row with a text in its first column only has that over all columns.
    left
        Whether a column's texts stand to the left; numbers stand to the right.
    kinds
        Of each row, by which the style makes some stand out.
    title
        What stands above it; empty where nothing does.
    """
    look = ['class="left"' if to_left else 'class="right"' for to_left in left]
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    head = "".join(f'<th scope="col" {c}>{escape(h)}</th>' for h, c in zip(headers, look, strict=True))
    told = list(rows)
    body = []
    for row, kind in zip(told, kinds or [""] * len(told), strict=True):
        wide = f' colspan="{len(row)}"' if spans(row) else ""
        cells = [] if wide else zip(row[1:], look[1:], strict=True)
        rest = "".join(f"<td {c}>{escape(text)}</td>" for text, c in cells)
        named = f' class="{escape(kind, quote=True)}"' if kind else ""
        body.append(f'<tr{named}><th scope="row" class="left"{wide}>{escape(row[0])}</th>{rest}</tr>')
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def styled(content: str) -> str:
    """Return HTML inside the style of this package."""
    return f'<div class="metaonc"><style>{STYLE}</style>{content}</div>'


def html_frame(frame: pd.DataFrame, left: Sequence[bool]) -> str:
    """Return a table of texts that are in a dataframe; of a long one its first rows."""
    rows = frame.head(MOST).itertuples(index=False, name=None)
    more = f"<p>{len(frame) - MOST} more rows.</p>" if len(frame) > MOST else ""
    return html_table([str(c) for c in frame.columns], rows, left) + more


def html_lines(lines: Iterable[str]) -> str:
    """Return the lines of a summary: text as it stands, tables as tables."""
    parts = []
    for is_table, some in groupby(lines, lambda line: isinstance(line, ListedTable)):
        if is_table:
            parts += [html_frame(t.cells, t.cells.attrs["left"]) for t in some if isinstance(t, ListedTable)]
        else:
            parts.append(f"<pre>{escape(chr(10).join(some))}</pre>")
    return "".join(parts)


def html_remarks(remarks: Iterable[str]) -> str:
    """Return what must be known beside numbers, a paragraph each; cautions stand out."""
    return "".join(f"<p{_CAUTION if text.startswith('Caution: ') else ''}>{escape(text)}</p>" for text in remarks)


def html_estimates(tidy: pd.DataFrame, level: float | None, *, percent: bool) -> str:
    """Return the rows of ``tidy`` as a table: each estimate with its interval, p-value and weight, as summaries print.

    Parameters
    ----------
    tidy
        With the core columns; columns of words of its own stand beside the name of the row.
    level
        Of the intervals, if they have one.
    percent
        Whether estimates are proportions, which are printed in percent.
    """
    shown = tidy.head(MOST)
    if shown[["estimate", "ci_low", "ci_high"]].isna().all(axis=None):
        return ""
    own = [c for c in shown.columns if c not in TIDY and shown[c].dtype == TEXT]
    names = [*own, "term"] if own else ["term"]
    bare = shown[["se", "ci_low", "ci_high", "p_value", "weight"]].isna().all(axis=None)
    if bare and shown[names].duplicated().any():  # points of a curve, which no name tells apart
        return f"<p>{len(tidy)} points: see tidy().</p>"
    values = shown[["estimate", "ci_low", "ci_high"]].to_numpy() * (100.0 if percent else 1.0)
    head = f"Estimate{', %' if percent else ''}{f' ({in_percent(level)} % CI)' if level else ''}"
    columns = {
        **{("" if c == "term" else str(c)): [_text(x, plain, "") for x in shown[c]] for c in names},
        head: [_interval(*row) for row in values],
        "p": ["" if np.isnan(p) else p_said(p).removeprefix("p ") for p in shown["p_value"]],
        "Weight, %": [_text(x, plain, "") for x in shown["weight"]],
        "Interval": [_text(x, plain, "") for x in shown["interval"]],
    }
    columns = {name: texts for name, texts in columns.items() if any(texts)}
    left = [name not in (head, "p", "Weight, %") for name in columns]
    kinds = ["pooled" if kind in _POOLS else "" for kind in shown["type"]]
    more = f"<p>{len(tidy) - MOST} more rows: see tidy().</p>" if len(tidy) > MOST else ""
    return html_table(list(columns), list(zip(*columns.values(), strict=True)), left, kinds) + more


def _interval(estimate: float, low: float, high: float) -> str:
    if np.isnan(estimate):
        return ""
    first, *limits = plain.of(estimate, low, high)
    return first if np.isnan([low, high]).all() else f"{first} ({limits[0]} to {limits[1]})"


def _text(x: Any, form: Print, blank: str) -> str:
    if x is None or (isinstance(x, float) and np.isnan(x)) or x is pd.NA:
        return blank
    return form(x) if isinstance(x, float) else str(x)


EMPTY = "empty"  # in the attrs of a listing: what it says without rows
NARROW = 24  # characters of the widest cell of a column that stands beside others
LINE = 110  # characters of a line of what is long


class Listing(pd.DataFrame):
    """A dataframe of words, of which neither print nor a notebook leaves anything out.

    Without rows it says so, in the words of ``attrs[EMPTY]`` where there are any.
    """

    @property
    def _constructor(self) -> Any:
        return Listing

    def __repr__(self) -> str:
        """Return narrow columns as a table, and below each row what is long, wrapped, with its name."""
        if not len(self):
            return self._none()
        most = pd.get_option("display.max_rows") or len(self)
        words = pd.DataFrame(self.head(most)).map(lambda x: "" if _missing(x) else _words(x))
        wide = [bool(column.str.len().max() > NARROW) for _, column in words.items()]
        if not any(wide):
            return pd.DataFrame(self).to_string(max_rows=most)
        head, *rows = words.loc[:, [not w for w in wide]].to_string().splitlines()
        long = words.loc[:, wide]
        lines = [head]
        for row, (_, own) in zip(rows, long.iterrows(), strict=True):
            lines.append(row)
            for name, text in own.items():
                lines += textwrap.wrap(f"{name}: {text}", LINE, initial_indent="    ", subsequent_indent="      ")
        more = len(self) - len(words)
        return "\n".join([*lines, *([f"... {more} more rows; .to_string() has all."] if more else [])])

    __str__ = __repr__

    def _repr_html_(self) -> str:
        left = [not pd.api.types.is_numeric_dtype(kind) for kind in self.dtypes]
        words = [["" if _missing(x) else _words(x) for x in column] for _, column in self.items()]
        shown = pd.DataFrame(dict(enumerate(words))).set_axis([str(c) for c in self.columns], axis=1)
        return styled(html_frame(shown, left) if len(self) else f"<p>{escape(self._none())}</p>")

    def _none(self) -> str:
        return str(self.attrs.get(EMPTY, "No rows."))


def _words(x: Any) -> str:
    return ", ".join(map(str, x)) if isinstance(x, (list, tuple)) else str(x)


def _missing(x: Any) -> bool:
    return bool(pd.api.types.is_scalar(x) and pd.isna(x))
