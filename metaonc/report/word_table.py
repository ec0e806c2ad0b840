"""A table of data in a Word document, whose columns are as wide as their words need."""

from __future__ import annotations

from typing import Any

from .blocks import Grid
from .numbers import cell
from .style import MM

FONT = "Arial"  # narrow, and on every machine under this or another name
SMALL = 8.0  # pt, of tables and programs
SMALLEST = 5.5
CHARACTER = 0.54 / 72 / MM  # mm: mean width of a character, of type of one point
PAD = 2  # characters of space that a cell has at its sides
MARGIN = 50  # twentieths of a point, at each side of a cell
SHORT = 15  # lines of a table that stays on one page
WIDEST = 32  # characters; longer texts run over several lines


def add_grid(block: Grid, document: Any, width: float) -> None:
    """Add a table of a width in mm; its head stands on every page, and its rows do not break over two."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Inches, Pt

    lines = _texts(block)
    size, widths = _fitted(lines, width)
    right = [block.numbers(column) is not None for column in block.table.columns]
    grid = document.add_table(rows=len(lines), cols=len(lines[0]), style="Light Shading")
    grid.autofit = False
    _plain(grid)
    _narrow_margins(grid)
    for column, mm in zip(grid.columns, widths, strict=True):
        column.width = Inches(mm * MM)
    for i, (row, line) in enumerate(zip(grid.rows, lines, strict=True)):
        _mark(row, "w:cantSplit", *(["w:tblHeader"] if i == 0 else []))
        for box, text, to_the_right, mm in zip(row.cells, line, right, widths, strict=True):
            box.width = Inches(mm * MM)
            paragraph = box.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.name = FONT
            run.bold, run.font.size = i == 0 or i - 1 in block.pooled, Pt(size)
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = i == 0 or (len(lines) <= SHORT and i < len(lines) - 1)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if to_the_right else WD_ALIGN_PARAGRAPH.LEFT


def _texts(block: Grid) -> list[tuple[str, ...]]:
    rows = (tuple(map(cell, row)) for row in block.table.itertuples(index=False, name=None))
    return [tuple(map(str, block.table.columns)), *rows]


def _fitted(lines: list[tuple[str, ...]], width: float) -> tuple[float, list[float]]:
    """Return a size of type in points, and widths in mm, at which no word is broken, if there are such."""
    columns = list(zip(*lines, strict=True))
    words = [PAD + max(len(word) for text in column for word in (text.split() or [""])) for column in columns]
    whole = [PAD + min(WIDEST, max(map(len, column))) for column in columns]
    size = max(SMALLEST, min(SMALL, width / (sum(words) * CHARACTER)))
    room = width / (size * CHARACTER) - sum(words)  # characters left to give
    wish = [max(w - least, 0) for w, least in zip(whole, words, strict=True)]
    share = max(room, 0) / max(sum(wish), 1)
    wanted = [least + min(share, 1) * w for least, w in zip(words, wish, strict=True)]
    unit = width / sum(wanted) if room < 0 else size * CHARACTER
    return size, [unit * w for w in wanted]


def _plain(grid: Any) -> None:
    """Keep the rules above, below and under the head of the style, without its bands and its bold first column."""
    from docx.oxml.ns import qn

    look = grid._tbl.tblPr.find(qn("w:tblLook"))
    look.attrib.clear()
    flags = {"firstRow": "1", "lastRow": "0", "firstColumn": "0", "lastColumn": "0", "noHBand": "1", "noVBand": "1"}
    for name, value in {"val": "0620", **flags}.items():
        look.set(qn(f"w:{name}"), value)


def _narrow_margins(grid: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(MARGIN))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # the schema has them in this order


def _mark(row: Any, *names: str) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    for name in names:
        properties.append(OxmlElement(name))
