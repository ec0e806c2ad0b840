"""One self-contained page of HTML: what was asked, which rows answer it, the figure, the numbers, how to check them."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from .numbers import number
from .style import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --rule: #c8c8c8; --soft: #5a5a5a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #16181b; --rule: #44484d; --soft: #a8adb3; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
       max-width: 60rem; padding: 0 1rem; }
figure { margin: 1rem 0; background: #fff; padding: .5rem; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
pre { white-space: pre-wrap; border-left: 3px solid var(--rule); padding-left: .8rem; font-size: 13px; }
@media print { body { margin: 0; max-width: none; } }
"""


def page(title: str, sections: Sequence[tuple[str, str]]) -> str:
    """Return a page of sections, each a heading and a body that is HTML already."""
    body = "\n".join(f"<section>\n<h2>{escape(head)}</h2>\n{text}\n</section>" for head, text in sections)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def html_figure(ax: Axes, description: str) -> str:
    """Return a figure as inline SVG, with a description for those who do not see it."""
    buffer = io.StringIO()
    figure = ax.get_figure(root=True)
    assert figure is not None
    with style():
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    svg = re.sub(r"^.*?(?=<svg)", "", buffer.getvalue(), flags=re.DOTALL)
    label = f'<svg role="img" aria-label="{escape(description, quote=True)}"'
    return f"<figure>{svg.replace('<svg', label, 1)}</figure>"


def html_table(table: pd.DataFrame, caption: str) -> str:
    """Return a table; whole numbers whole, others to four significant digits, texts escaped, blanks empty."""
    numeric = [pd.api.types.is_numeric_dtype(table[c]) for c in table.columns]
    kinds = [' class="number"' if n else "" for n in numeric]
    names = zip(kinds, table.columns, strict=True)
    head = "".join(f'<th scope="col"{kind}>{escape(str(name))}</th>' for kind, name in names)
    rows = [
        "<tr>" + "".join(f"<td{kind}>{_cell(x)}</td>" for kind, x in zip(kinds, row, strict=True)) + "</tr>"
        for row in table.itertuples(index=False, name=None)
    ]
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{chr(10).join(rows)}\n</tbody></table></div>"
    )


def html_list(items: Sequence[str]) -> str:
    """Return a list of texts."""
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def html_text(text: str) -> str:
    """Return text as it is printed, such as a script."""
    return f"<pre>{escape(text)}</pre>"


def _cell(x: object) -> str:
    if x is None or x is pd.NA or (isinstance(x, float) and math.isnan(x)):
        return ""
    if isinstance(x, float):
        return number(x, 0) if math.isinf(x) or x == round(x) else f"{x:.4g}".replace("-", "−")
    return escape(str(x))
