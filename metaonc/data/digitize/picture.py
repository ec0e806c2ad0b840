"""The figure that curves were read from, once more, to draw on it."""

from __future__ import annotations

from ...errors import DataError
from .digitize import kind_of
from .figure import Figure
from .limits import read_source
from .options import Options
from .primitives import Drawing
from .raster.figure import read_raster
from .raster.image import Raster, load
from .result import Digitized
from .vector.figure import drawn, read_pdf, read_svg


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
    if kind_of(source).read not in (read_raster, read_pdf, read_svg):
        return None
    figure, options = Figure(source), Options(**settings["options"])
    return drawn(source, figure.drawing(options.page), options) if figure.lines else load(source)
