"""A figure as a picture that a browser shows, and where its pixels lie in the figure's own units."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field

from ...data.digitize.digitize import kind_of
from ...data.digitize.figure import Figure
from ...data.digitize.raster.image import Pixels, Raster, load
from ...data.digitize.vector.pdf import page_image

_FIGURES = ("PDF", "SVG", "PNG", "JPEG", "TIFF")


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A figure to show.

    Attributes
    ----------
    mime, data
        What the browser shows.
    left, top, width, height
        Where it lies, in the units of positions: pixels of an image, whose centres have whole numbers, or points.
    unit
        What one of them is called.
    image
        Of a figure of pixels; None of a page of lines.
    """

    mime: str
    data: bytes
    left: float
    top: float
    width: float
    height: float
    unit: str
    image: Raster | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """The picture as the address of itself."""
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode()}"


def picture_of(figure: Figure, page: int) -> Picture:
    """Return the picture of a figure.

    Raises
    ------
    DataError
        When the file is no figure, is damaged, or lies on its side.
    """
    source, kind = figure.source, kind_of(figure.source).name
    if kind not in _FIGURES:
        raise source.problem(f"is no figure: a page shows {', '.join(_FIGURES)}.")
    if figure.lines:
        drawing = figure.drawing(page)
        if drawing.upright() is not drawing:
            raise source.problem("lies on its side, going by its text: save it turned upright.")
        # browsers show an SVG as an image: they run no script of it and fetch nothing
        mime, data = ("image/png", page_image(source, page)) if kind == "PDF" else ("image/svg+xml", source.data)
        return Picture(mime, data, 0.0, 0.0, drawing.width, drawing.height, "point")
    image = load(source)
    high, wide = (float(image.unit * side) for side in image.rgb.shape[:2])
    return Picture("image/png", _png(image.rgb), image.left - 0.5, image.top - 0.5, wide, high, "pixel", image)


def _png(rgb: Pixels) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG", compress_level=3)
    return out.getvalue()
