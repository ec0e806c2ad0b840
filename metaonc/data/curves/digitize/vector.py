"""Figures made of lines: from strokes and words to curves."""

from __future__ import annotations

from .limits import Source
from .options import Options
from .pdf import read_page
from .primitives import Drawing
from .result import Found


def read_pdf(source: Source, options: Options) -> Found:
    """Read the curves of a page of a PDF."""
    return trace(source, read_page(source, options.page), options)


def read_svg(source: Source, options: Options) -> Found:
    """Read the curves of an SVG."""
    raise source.problem("is an SVG, which is not read yet.")


def trace(source: Source, drawing: Drawing, options: Options) -> Found:
    """Read the curves of a drawing."""
    raise source.problem("is not read yet.")
