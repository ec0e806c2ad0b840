"""A report as a Word document."""

from __future__ import annotations

from functools import singledispatch
from io import BytesIO
from itertools import zip_longest
from typing import Any

from ...errors import OptionError
from ..blocks import (
    Block,
    Bullets,
    Drawing,
    Files,
    Grid,
    Heading,
    Paragraph,
    Printed,
    References,
    Report,
    Script,
    Terms,
)
from ..office import LONG_AGO, timeless
from ..style import MM, style
from ..tables.fit import PORTRAIT, SMALL
from ..tables.word import add_grid, grid_is_wide, set_paper, turn

DPI = 300
CODE = "Courier New"


def word_report(report: Report) -> bytes:
    """Return a report as the bytes of a Word document, the same each time.

    Raises
    ------
    OptionError
        When python-docx is not installed.
    """
    try:
        from docx import Document
    except ImportError:
        raise OptionError('Word files need python-docx: pip install "metaonc[word]".') from None
    document = Document()
    set_paper(document)
    document.add_heading(report.title, level=0)
    document.add_paragraph(report.byline)
    for section in report.sections:
        turn(document, landscape=_is_wide(section.blocks[0]))
        document.add_heading(section.title, level=1)
        for block, after in zip_longest(section.blocks, section.blocks[1:]):
            if isinstance(block, Heading):
                turn(document, landscape=_is_wide(after))
            elif _is_wide(block):
                turn(document, landscape=True)
            add_block(block, document)
    core = document.core_properties
    core.title, core.author, core.language = report.title, "metaonc", "en"
    core.created = core.modified = LONG_AGO
    pack = BytesIO()
    document.save(pack)
    return timeless(pack)


def _is_wide(block: Block | None) -> bool:
    return isinstance(block, Grid) and grid_is_wide(block)


@singledispatch
def add_block(block: Block, document: Any) -> None:
    """Add a block to the end of a document."""
    raise TypeError(f"{type(block).__name__} is no block of a document")


@add_block.register
def _(block: Paragraph, document: Any) -> None:
    document.add_paragraph(block.text)


@add_block.register
def _(block: Heading, document: Any) -> None:
    document.add_heading(block.text, level=2)


@add_block.register
def _(block: Bullets, document: Any) -> None:
    for item in block.items:
        document.add_paragraph(item, style="List Bullet")


@add_block.register
def _(block: Terms, document: Any) -> None:
    for term, value in block.items.items():
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(f"{term}: ").bold = True
        paragraph.add_run(str(value))


@add_block.register(Printed)
@add_block.register(Script)
def _(block: Printed | Script, document: Any) -> None:
    from docx.shared import Pt

    run = document.add_paragraph().add_run(block.text)
    run.font.name, run.font.size = CODE, Pt(SMALL)


@add_block.register
def _(block: Grid, document: Any) -> None:
    document.add_paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
    add_grid(block, document)
    document.add_paragraph()


@add_block.register
def _(block: Drawing, document: Any) -> None:
    from docx.shared import Inches

    figure = block.axes.get_figure(root=True)
    assert figure is not None
    pixels = BytesIO()
    with style(figure):
        figure.savefig(pixels, format="png", dpi=DPI, metadata={"Software": None})
    width = min(figure.get_figwidth(), PORTRAIT * MM)
    picture = document.add_picture(pixels, width=Inches(width))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    picture._inline.docPr.set("descr", f"{block.caption}. {block.description}")  # what a screen reader says
    document.add_paragraph(block.caption, style="Caption")


@add_block.register
def _(block: References, document: Any) -> None:
    number = _new_numbers(document)
    for item in block.items:
        ids = [f"doi:{item.doi}" if item.doi else "", f"PMID {item.pmid}" if item.pmid else ""]
        text = ". ".join([item.text.rstrip("."), *filter(None, ids)])
        paragraph = document.add_paragraph(f"{text}. {item.remark}".rstrip(), style="List Number")
        numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbered.get_or_add_ilvl().val, numbered.get_or_add_numId().val = 0, number


def _new_numbers(document: Any) -> int:
    """Return a numbering that begins with 1, in the style of the template: its own one goes on from list to list."""
    numbers = document.part.numbering_part.element
    own = document.styles["List Number"].element.pPr.numPr.numId.val
    made = numbers.add_num(numbers.num_having_numId(own).abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


@add_block.register
def _(block: Files, document: Any) -> None:
    names = ", ".join(block.files)
    document.add_paragraph(f"A Word document cannot carry files; the report as a page of HTML has them: {names}.")
