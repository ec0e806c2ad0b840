"""A table of data in a Word document, whose columns are as wide as their words need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ...base.html import spans
from ..blocks import Grid
from ..numbers import cell
from ..style import MM

FONT = "Arial"  # narrow, and on every machine under this or another name
PRINT_WIDTH = 170.0  # mm: A4 between margins of 20 mm
SMALL = 8.0  # pt, of tables and programs
SMALLEST = 5.5
CHARACTER = 0.54 / 72 / MM  # mm: mean width of a character, of type of one point
BOLD = 1.15  # width of a letter in bold type, that of the head
PAD = 2  # characters of space that a cell has at its sides
MARGIN = 50  # twentieths of a point, at each side of a cell
SHORT = 15  # lines of a table that stays on one page
WIDEST = 32  # characters; longer texts run over several lines


def add_grid(block: Grid, document: Any, width: float) -> None:
    """Add a table of data of a width in mm."""
    right = [block.numbers(column) is not None for column in block.table.columns]
    add_lines(_texts(block), right, {0} | {i + 1 for i in block.pooled}, document, width)


def add_lines(
    lines: Sequence[tuple[str, ...]], right: Sequence[bool], bold: Collection[int], document: Any, width: float
) -> None:
    """Add a table of texts; its head stands on every page, and its rows do not break over two.

    Parameters
    ----------
    lines
        Texts; the first line is the head. A text that is alone in its line stands over all columns.
    right
        Which columns stand to the right.
    bold
        Numbers of the lines that stand out.
    document
        Where to, at its end.
    width
        In mm.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Inches, Pt

    size, widths = _fitted([line for line in lines if not spans(line)], width)
    grid = document.add_table(rows=len(lines), cols=len(lines[0]), style="Light Shading")
    grid.autofit = False
    _plain(grid)
    _narrow_margins(grid)
    for column, mm in zip(grid.columns, widths, strict=True):
        column.width = Inches(mm * MM)
    for i, (row, line) in enumerate(zip(grid.rows, lines, strict=True)):
        _mark(row, "w:cantSplit", *(["w:tblHeader"] if i == 0 else []))
        over_all = spans(line)
        boxes = [row.cells[0].merge(row.cells[-1])] if over_all else row.cells
        room = [sum(widths)] if over_all else widths
        for box, text, to_the_right, mm in zip(boxes, line, right, room, strict=not over_all):
            box.width = Inches(mm * MM)
            paragraph = box.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.name = FONT
            run.bold, run.font.size = i in bold, Pt(size)
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = i == 0 or (len(lines) <= SHORT and i < len(lines) - 1)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if to_the_right else WD_ALIGN_PARAGRAPH.LEFT


def add_notes(notes: Sequence[str], document: Any) -> None:
    """Add lines below a table, in its own type."""
    from docx.shared import Pt

    for note in notes:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(note)
        run.font.name, run.font.size = FONT, Pt(SMALL)
        paragraph.paragraph_format.space_after = Pt(1)


def set_paper(page: Any) -> None:
    """Make a section of a document A4 with margins of 20 mm at its sides."""
    from docx.shared import Inches

    page.page_width, page.page_height = Inches(210 * MM), Inches(297 * MM)
    page.left_margin = page.right_margin = Inches(20 * MM)


def _texts(block: Grid) -> list[tuple[str, ...]]:
    rows = (tuple(map(cell, row)) for row in block.table.itertuples(index=False, name=None))
    return [tuple(map(str, block.table.columns)), *rows]


def _fitted(lines: list[tuple[str, ...]], width: float) -> tuple[float, list[float]]:
    """Return a size of type in points, and widths in mm, at which no word is broken, if there are such."""
    columns = list(zip(*lines, strict=True))
    words = [PAD + max(BOLD * _longest(column[:1]), _longest(column[1:])) for column in columns]
    whole = [PAD + min(WIDEST, max(map(len, column))) for column in columns]
    size = max(SMALLEST, min(SMALL, width / (sum(words) * CHARACTER)))
    room = width / (size * CHARACTER) - sum(words)  # characters left to give
    spec = [max(w - least, 0) for w, least in zip(whole, words, strict=True)]
    share = max(room, 0) / max(sum(spec), 1)
    wanted = [least + min(share, 1) * w for least, w in zip(words, spec, strict=True)]
    unit = width / sum(wanted) if room < 0 else size * CHARACTER
    return size, [unit * w for w in wanted]


def _longest(texts: Sequence[str]) -> int:
    """Return the letters of the longest word."""
    return max((len(word) for text in texts for word in text.split()), default=0)


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
