"""A table of data in a Word document, whose columns are as wide as their words need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ...base.html import spans
from ..blocks import Grid
from ..numbers import cell
from ..style import MM
from .fit import LANDSCAPE, MARGIN, PORTRAIT, SMALL, Part, is_wide, parts

FONT = "Arial"  # narrow, and on every machine under this or another name
SHORT = 15  # lines of a table that stays on one page


def add_grid(block: Grid, document: Any) -> None:
    """Add a table of data."""
    right = [block.numbers(column) is not None for column in block.table.columns]
    add_lines(_texts(block), right, _bold(block), document)


def grid_is_wide(block: Grid) -> bool:
    """Return whether a table of data asks for paper in landscape."""
    return is_wide(_texts(block), _bold(block))


def add_lines(lines: Sequence[tuple[str, ...]], right: Sequence[bool], bold: Collection[int], document: Any) -> None:
    """Add a table of texts as wide as the paper; its head stands on every page, and its rows do not break over two.

    Columns that have no room beside the others stand in a table of their own below, with the first column again.

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
    """
    width = LANDSCAPE if is_landscape(document) else PORTRAIT
    for i, part in enumerate(parts(lines, bold, width)):
        if i:
            document.add_paragraph()
        _add_part(lines, right, bold, document, part)


def _add_part(
    lines: Sequence[tuple[str, ...]], right: Sequence[bool], bold: Collection[int], document: Any, part: Part
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Inches, Pt

    grid = document.add_table(rows=len(lines), cols=len(part.columns), style="Light Shading")
    grid.autofit = False
    _plain(grid)
    _narrow_margins(grid)
    for column, mm in zip(grid.columns, part.widths, strict=True):
        column.width = Inches(mm * MM)
    for i, (row, line) in enumerate(zip(grid.rows, lines, strict=True)):
        _mark(row, "w:cantSplit", *(["w:tblHeader"] if i == 0 else []))
        over_all = spans(line)
        boxes = [row.cells[0].merge(row.cells[-1])] if over_all else row.cells
        room = [sum(part.widths)] if over_all else part.widths
        for box, j, mm in zip(boxes, part.columns, room, strict=not over_all):
            box.width = Inches(mm * MM)
            paragraph = box.paragraphs[0]
            run = paragraph.add_run(line[j])
            run.font.name = FONT
            run.bold, run.font.size = i in bold, Pt(part.size)
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = i == 0 or (len(lines) <= SHORT and i < len(lines) - 1)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right[j] else WD_ALIGN_PARAGRAPH.LEFT


def add_notes(notes: Sequence[str], document: Any) -> None:
    """Add lines below a table, in its own type."""
    from docx.shared import Pt

    for note in notes:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(note)
        run.font.name, run.font.size = FONT, Pt(SMALL)
        paragraph.paragraph_format.space_after = Pt(1)


def set_paper(document: Any, *, landscape: bool = False) -> None:
    """Make the last section of a document A4, upright or in landscape, with margins of 20 mm at its sides."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Inches

    page = document.sections[-1]
    sides = (297, 210) if landscape else (210, 297)
    page.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (Inches(side * MM) for side in sides)
    page.left_margin = page.right_margin = Inches(20 * MM)


def is_landscape(document: Any) -> bool:
    """Return whether the last section of a document is in landscape."""
    page = document.sections[-1]
    return bool(page.page_width > page.page_height)


def turn(document: Any, *, landscape: bool) -> None:
    """Go on in landscape or upright: in a section of its own where the last one is not so."""
    if is_landscape(document) != landscape:
        document.add_section()  # on a new page
        set_paper(document, landscape=landscape)


def _bold(block: Grid) -> set[int]:
    """Return the lines that stand out: the head, and pools."""
    return {0} | {i + 1 for i in block.pooled}


def _texts(block: Grid) -> list[tuple[str, ...]]:
    rows = (tuple(map(cell, row)) for row in block.table.itertuples(index=False, name=None))
    return [tuple(map(str, block.table.columns)), *rows]


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
        margin.set(qn("w:w"), str(round(20 * MARGIN)))  # twentieths of a point
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # the schema has them in this order


def _mark(row: Any, *names: str) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    for name in names:
        properties.append(OxmlElement(name))
