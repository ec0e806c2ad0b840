"""Write a figure or a table to a file, the same bytes each time."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .._check import one_of
from ..errors import DataError, OptionError
from .style import style
from .table import Table
from .table_files import WRITERS, write_table

# What each format writes of date and maker is left out, so that a second run gives the same file.
METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None},
    "svg": {"Date": None},
    "png": {"Software": None},
}
TIFF = ("tif", "tiff")


def save(thing: Axes | Figure | Table, path: str | Path, *, dpi: int = 600) -> Path:
    """Write a figure or a table to a file.

    Parameters
    ----------
    thing
        What a plot function returned, a matplotlib Figure, or what ``table`` returned.
    path
        Where to; the suffix says how. Figures: ``.pdf`` and ``.svg`` as vectors, ``.png`` and ``.tif`` as pixels; a
        TIFF is RGB without transparency, packed without loss (LZW), as journals want it. Tables: ``.docx``, ``.xlsx``,
        ``.tex`` and ``.html`` as printed, the workbook with the numbers on a second sheet; ``.csv`` the numbers alone.
    dpi
        Pixels an inch of a PNG or a TIFF.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OptionError
        When the suffix is none of these, `dpi` not above 0, or a library for the format is not installed.
    DataError
        When `thing` is no figure and no table, or the file cannot be written.
    """
    path = Path(path)
    formats = [*WRITERS] if isinstance(thing, Table) else [*METADATA, *TIFF]
    kind = one_of("suffix of path", path.suffix.lstrip(".").lower(), formats)
    if not dpi > 0:
        raise OptionError(f"dpi={dpi!r} must be above 0.")
    try:
        if isinstance(thing, Table):
            write_table(thing, path)
            return path
        figure = _figure(thing)
        with style():
            if kind in TIFF:
                _save_tiff(figure, path, dpi)
            else:
                figure.savefig(path, format=kind, dpi=dpi, metadata=METADATA[kind])
    except OSError as problem:
        raise DataError(f"{str(path)!r} cannot be written: {problem.strerror}.") from None
    return path


def _save_tiff(figure: Figure, path: Path, dpi: int) -> None:
    from PIL import Image  # what matplotlib itself writes pixels with

    pixels = BytesIO()
    figure.savefig(pixels, format="png", dpi=dpi)
    with Image.open(pixels) as image:
        image.convert("RGB").save(path, format="TIFF", compression="tiff_lzw", dpi=(dpi, dpi))


def _figure(thing: Axes | Figure) -> Figure:
    if isinstance(thing, Figure):
        return thing
    if not isinstance(thing, Axes):
        raise DataError(f"a figure or its axes are wanted, not {type(thing).__name__}: draw it first, as with forest.")
    figure = thing.get_figure(root=True)
    if figure is None:
        raise DataError("these axes belong to no figure.")
    return figure
