"""Blocks of a report as HTML. Every text is escaped here and in the page around them, and nowhere else."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from functools import singledispatch
from html import escape
from itertools import count, repeat
from typing import Any

from ...blocks import (
    Block,
    Bullets,
    Drawing,
    Files,
    Grid,
    Heading,
    Paragraph,
    Printed,
    Reference,
    References,
    Script,
    Terms,
)
from ...numbers import cell, is_blank
from .figures import inline_svg

DOI = re.compile(r"10\.\d{4,9}/[-._;()/:<>\[\]A-Za-z0-9]+")
PMID = re.compile(r"\d{1,9}")
PROSE = 60  # characters of a cell whose lines need a width to be read
POOLED = ' class="pooled"'


@singledispatch
def html_block(block: Block, name: str) -> str:
    """Return a block as HTML; `name` begins the ids inside it, if it has any."""
    raise TypeError(f"{type(block).__name__} is no block of a page")


@html_block.register
def _(block: Paragraph, name: str) -> str:
    return f"<p>{escape(block.text)}</p>"


@html_block.register
def _(block: Heading, name: str) -> str:
    return f"<h3>{escape(block.text)}</h3>"


@html_block.register
def _(block: Bullets, name: str) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in block.items) + "</ul>"


@html_block.register
def _(block: Terms, name: str) -> str:
    pairs = (f"<div><dt>{escape(k)}</dt><dd>{escape(str(v))}</dd></div>" for k, v in block.items.items())
    return f"<dl>{''.join(pairs)}</dl>"


@html_block.register
def _(block: Printed, name: str) -> str:
    return _pre(block.text)


@html_block.register
def _(block: Script, name: str) -> str:
    return f'<div class="copy" data-copy="{escape(block.label, quote=True)}">{_pre(block.text)}</div>'


@html_block.register
def _(block: Grid, name: str) -> str:
    numbers = [block.numbers(column) for column in block.table.columns]
    pairs = zip(block.table.columns, numbers, strict=True)
    head = "".join(f'<th scope="col"{_kind(values)}>{escape(str(column))}</th>' for column, values in pairs)
    rows = [
        f"<tr{POOLED if i in block.pooled else ''}>{''.join(map(_cell, row, numbers, count(), repeat(i)))}</tr>"
        for i, row in enumerate(block.table.itertuples(index=False, name=None))
    ]
    caption = escape(block.caption, quote=True)
    return (
        f'<div class="wide" role="region" aria-label="{caption}" tabindex="0">'
        f'<table class="data"><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{chr(10).join(rows)}\n</tbody></table></div>"
    )


@html_block.register
def _(block: Drawing, name: str) -> str:
    svg = inline_svg(block.axes, block.caption, block.description, name)
    return f"<figure>{svg}<figcaption>{escape(block.caption)}</figcaption></figure>"


@html_block.register
def _(block: References, name: str) -> str:
    return f'<ol class="references">{"".join(f"<li>{_reference(item)}</li>" for item in block.items)}</ol>'


@html_block.register
def _(block: Files, name: str) -> str:
    return f'<ul class="files">{"".join(_download(file, text) for file, text in block.files.items())}</ul>'


def _pre(text: str) -> str:
    return f'<pre tabindex="0">{escape(text)}</pre>'


def _kind(numbers: Sequence[Any] | None) -> str:
    return "" if numbers is None else ' class="number"'


def _cell(x: Any, numbers: Sequence[Any] | None, column: int, row: int) -> str:
    tag, scope = ("td", "") if column else ("th", ' scope="row"')
    exact = (
        "" if numbers is None or is_blank(numbers[row]) else f' data-value="{numbers[row]}"'
    )  # what sorting compares
    text = cell(x)
    kind = _kind(numbers) or (' class="prose"' if len(text) > PROSE else "")
    return f"<{tag}{scope}{kind}{exact}>{escape(text)}</{tag}>"


def _download(name: str, text: str) -> str:
    kind = "text/csv" if name.endswith(".csv") else "text/plain"
    data = text.encode()
    href = f"data:{kind};charset=utf-8;base64,{base64.b64encode(data).decode()}"
    size = f"{max(1, round(len(data) / 1024))} kB"
    return f'<li><a download="{escape(name, quote=True)}" href="{href}">{escape(name)}</a> ({size})</li>'


def _reference(item: Reference) -> str:
    links = [
        _link(f"doi:{item.doi}", f"https://doi.org/{item.doi}", safe=bool(DOI.fullmatch(item.doi))),
        _link(
            f"PMID {item.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{item.pmid}/", safe=bool(PMID.fullmatch(item.pmid))
        ),
    ]
    known = [link for link, number in zip(links, (item.doi, item.pmid), strict=True) if number]
    text = ". ".join([escape(item.text.rstrip(".")), *known])
    return f"{text}. {escape(item.remark)}".rstrip()


def _link(text: str, address: str, *, safe: bool) -> str:
    """Return a link, or the text alone where it is no identifier of the form that it should have."""
    if not safe:
        return escape(text)
    return f'<a rel="noreferrer" href="{escape(address, quote=True)}">{escape(text)}</a>'
