"""A figure that is read again and again: what does not depend on which of its lines are asked for is made once."""

from __future__ import annotations

from dataclasses import replace

from .curve import Found
from .digitize import kind_of
from .limits import Source
from .options import Options
from .primitives import Drawing
from .raster.figure import read_prepared, read_raster
from .raster.prepared import Prepared, prepared
from .vector.figure import read_pdf, trace
from .vector.pdf import read_page
from .vector.svg import read_drawing


class Figure:
    """A figure of pixels or of lines.

    Parameters
    ----------
    source
        Its file: PDF, SVG or an image.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._reader = kind_of(source).read
        self._image: tuple[Options, Prepared] | None = None
        self._drawing: tuple[int, Drawing] | None = None

    @property
    def lines(self) -> bool:
        """Whether it is made of lines."""
        return self._reader is not read_raster

    def read(self, options: Options) -> Found:
        """Return what is read of it, as `digitize` reads it.

        Raises
        ------
        DataError
            When it cannot be read.
        """
        if self.lines:
            return trace(self.source, self.drawing(options.page), options)
        return read_prepared(self.image(options), options)

    def image(self, options: Options) -> Prepared:
        """Return the image with scales and panel, anew where the last was made by others."""
        of = replace(options, colours=None, seeds=(), n_curves=None)
        if self._image is None or self._image[0] != of:
            self._image = of, prepared(self.source, of)
        return self._image[1]

    def drawing(self, page: int) -> Drawing:
        """Return what a page draws."""
        if self._drawing is None or self._drawing[0] != page:
            drawn = read_page(self.source, page) if self._reader is read_pdf else read_drawing(self.source)
            self._drawing = page, drawn
        return self._drawing[1]
