"""Figures made of pixels."""

from __future__ import annotations

from .limits import Source
from .options import Options
from .result import Found


def read_raster(source: Source, options: Options) -> Found:
    """Read the curves of a raster figure.

    Raises
    ------
    DataError
        Always, for now.
    """
    raise source.problem("holds pixels: raster figures are not read yet; use the PDF or SVG of the figure.")
