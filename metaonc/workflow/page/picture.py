"""A figure as a picture that a browser shows, and where its pixels lie in the figure's own units."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ...data.digitize.digitize import KINDS
from ...data.digitize.limits import MEMORY_BYTES, SECONDS, Source
from ...data.digitize.primitives import Drawing
from ...data.digitize.raster.image import Pixels, load
from ...data.digitize.vector.pdf import read_page
from ...data.digitize.vector.svg import read_drawing
from ...errors import DataError

_WORKER = Path(__file__).with_name("pdf_picture.py")
_SCALE = 2.5  # pixels a point of a page of a PDF: 180 dots an inch
_PIXELS = 6_000_000  # of it at most
_HEAD = 65536
_FIGURES = ("PDF", "SVG", "PNG", "JPEG", "TIFF")


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A figure to show.

    Attributes
    ----------
    kind
        "PDF", "SVG" or that of an image, as `KINDS` of `digitize` names them.
    mime, data
        What the browser shows.
    left, top, width, height
        Where it lies, in the units of positions: pixels of an image, whose centres have whole numbers, or points.
    unit
        What one of them is called.
    rgb
        Pixels of an image, None of a page of lines.
    """

    kind: str
    mime: str
    data: bytes
    left: float
    top: float
    width: float
    height: float
    unit: str
    rgb: Pixels | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """The picture as the address of itself."""
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode()}"


def picture_of(source: Source, page: int) -> Picture:
    """Return the picture of a figure.

    Raises
    ------
    DataError
        When the file is no figure, is damaged, or lies on its side.
    """
    head = source.data[:_HEAD]
    kind = next((kind.name for kind in KINDS if kind.is_it(head)), "")
    if kind not in _FIGURES:
        raise source.problem(f"is no figure: a page shows {', '.join(_FIGURES)}.")
    if kind == "PDF":
        drawing = _upright(source, read_page(source, page))
        return Picture(kind, "image/png", _drawn(source, page), 0.0, 0.0, drawing.width, drawing.height, "point")
    if kind == "SVG":  # browsers show it as an image: they run no script of it and fetch nothing
        drawing = _upright(source, read_drawing(source))
        return Picture(kind, "image/svg+xml", source.data, 0.0, 0.0, drawing.width, drawing.height, "point")
    rgb = load(source).rgb
    high, wide = rgb.shape[:2]
    return Picture(kind, "image/png", _png(rgb), -0.5, -0.5, float(wide), float(high), "pixel", rgb)


def _upright(source: Source, drawing: Drawing) -> Drawing:
    if drawing.upright() is not drawing:
        raise source.problem("lies on its side, going by its text: save it turned upright.")
    return drawing


def _png(rgb: Pixels) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG", compress_level=3)
    return out.getvalue()


def _drawn(source: Source, page: int) -> bytes:
    command = [sys.executable, "-P", str(_WORKER), *map(str, (page, _SCALE, _PIXELS, MEMORY_BYTES, SECONDS))]
    try:
        answer = subprocess.run(command, input=source.data, capture_output=True, timeout=SECONDS, check=False).stdout
    except subprocess.TimeoutExpired:
        raise source.problem(f"takes more than {SECONDS} s to draw, which no figure needs.") from None
    if not answer.startswith(b"\x89PNG"):
        said = answer.decode(errors="replace").strip() or "the program that draws it stopped"
        raise DataError(f"{str(source.path)!r} cannot be drawn: {said}.")
    return answer
