"""The figure that curves were read from, once more, to draw on it."""

from __future__ import annotations

from ...errors import DataError
from .digitize import HEAD, KINDS
from .limits import read_source
from .options import Options
from .primitives import Drawing
from .raster.figure import read_raster
from .raster.image import Raster, load
from .result import Digitized
from .vector.figure import drawn, read_pdf, read_svg
from .vector.pdf import read_page
from .vector.svg import read_drawing


def picture_of(digitized: Digitized) -> Raster | Drawing | None:
    """Return what a figure shows: its pixels, or its lines and words, in the positions of the calibration.

    None where there is no figure: points that were clicked elsewhere.

    Raises
    ------
    DataError
        When its file is gone or has changed.
    """
    settings = digitized.provenance.settings
    path = settings["file"]
    if path is None or digitized.calibration is None:
        return None
    source = read_source(path)
    if source.sha256 != settings["sha256"]:
        raise DataError(f"{path!r} is not the file that the curves were read from: its checksum differs.")
    reader = next((kind.read for kind in KINDS if kind.is_it(source.data[:HEAD])), None)
    options = Options(**settings["options"])
    if reader is read_raster:
        return load(source)
    if reader is read_pdf:
        return drawn(source, read_page(source, options.page), options)
    if reader is read_svg:
        return drawn(source, read_drawing(source), options)
    return None
