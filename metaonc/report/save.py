"""Write a figure or a table to a file, the same bytes each time."""

from __future__ import annotations

from io import BytesIO
from numbers import Real
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..base.check import one_of
from ..base.messages.arguments import known_arguments
from ..base.messages.warning import warn
from ..base.output.writing import write_file
from ..errors import FigureWarning, OptionError
from .artwork import figure_of, measured, nothing_known
from .journals import Journal, journal_of
from .postscript import eps
from .style import style
from .tables.content import Table
from .tables.files import WRITERS

# What each format writes of date and maker is left out, so that a second run gives the same file.
METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None},
    "svg": {"Date": None},
    "png": {"Software": None},
}
# In a third of the time less, for a seventh of the bytes more.
PACKED: dict[str, dict[str, Any]] = {"png": {"pil_kwargs": {"compress_level": 3}}}
TIFF = ("tif", "tiff")
PIXELS = ("png", *TIFF)
FIGURES = (*METADATA, "eps", *TIFF)
WANTED = (
    "a figure, its axes or a table is wanted, not {}: draw it as with plot.forest, make its table(), or write a result "
    "with its to_json()."
)
DPI = 600  # what most journals want of line art, or more
LOWEST, HIGHEST = 20, 4800  # below, letters have no pixels; above, no journal asks, and memory does not hold


@known_arguments
def save(thing: Axes | Figure | Table, path: str | Path, *, journal: str | None = None, dpi: int | None = None) -> Path:
    """Write a figure or a table to a file.

    Parameters
    ----------
    thing : matplotlib Axes, matplotlib Figure or Table
        What a plot function returned, a matplotlib Figure, or what ``table`` returned.
    path : str or path
        Where to; the suffix says how. Figures: ``.pdf``, ``.svg`` and ``.eps`` as vectors, ``.png`` and ``.tif`` as
        pixels; a TIFF is RGB without transparency, packed without loss (LZW), as journals want it. PDF and EPS hold
        their fonts; the text of SVG is text. Tables: ``.docx``, ``.xlsx``, ``.tex`` and ``.html`` as printed, the
        workbook with the numbers on a second sheet; ``.csv`` the numbers alone.
    journal : str, optional
        Whose rules the figure is held against, one of ``plot.JOURNALS``; see ``plot.check_artwork``.
    dpi : int, optional
        Pixels an inch of a PNG or a TIFF: 600 when None, more where the journal wants more.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OptionError
        When the suffix is none of these, there is no record of the journal, `dpi` is no number from 20 to 4800, a
        table is to be held against a journal's rules, or a library for the format is not installed.
    DataError
        When `thing` is no figure and no table, or the file cannot be written.

    Warns
    -----
    FigureWarning
        When the file breaks a rule of the journal, nothing is known of its rules, or the format cannot hold the figure
        as it is drawn. It is written all the same.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.save(mo.plot.forest(r), "forest.png", dpi=300).name, mo.save(mo.table(r), "table.csv").name
    ('forest.png', 'table.csv')
    """
    drawn = thing if isinstance(thing, Table) else figure_of(thing, WANTED)
    formats = WRITERS if isinstance(drawn, Table) else FIGURES
    kind = one_of("suffix of path", Path(path).suffix.lstrip(".").lower(), formats)
    if dpi is not None and (isinstance(dpi, bool) or not isinstance(dpi, Real) or not LOWEST <= dpi <= HIGHEST):
        raise OptionError(f"dpi={dpi!r} must be a number from {LOWEST} to {HIGHEST}.")
    if isinstance(drawn, Table):
        if journal is not None:
            raise OptionError("journal= has no use for the file of a table: give it to table().")
        return write_file(path, WRITERS[kind](drawn))
    figure, record = drawn, journal_of(journal)
    pixels = max(DPI, record.artwork.dpi) if dpi is None else dpi
    with style(figure):
        content = _drawn(figure, kind, pixels)
        _hold_against(figure, record, pixels if kind in PIXELS else None)
    return write_file(path, content)


def figure_bytes(thing: Axes | Figure, kind: str) -> bytes:
    """Return what `save` writes of a figure in one of ``FIGURES``, held against no journal's rules."""
    figure = figure_of(thing, WANTED)
    with style(figure):
        return _drawn(figure, kind, DPI)


def _drawn(figure: Figure, kind: str, dpi: int) -> bytes:
    if kind == "eps":
        return eps(figure)
    if kind in TIFF:
        return _tiff(figure, dpi)
    pack = BytesIO()
    figure.savefig(pack, format=kind, dpi=dpi, metadata=METADATA[kind], **PACKED.get(kind, {}))
    return pack.getvalue()


def _hold_against(figure: Figure, journal: Journal, dpi: int | None) -> None:
    rules = journal.artwork
    if not rules.is_known:
        warn(nothing_known(journal), FigureWarning)
    found = measured(figure, rules, dpi)
    broken = [
        f"{row.rule} is {row.found:g} {row.unit}, wanted {row.wanted}: {row.fix}"
        for row in found[~found["ok"]].itertuples()
    ]
    if broken:
        said = f"{journal.title} asks for more ({rules.source}; {rules.grade}): {'; '.join(broken)}."
        warn(said, FigureWarning)


def _tiff(figure: Figure, dpi: int) -> bytes:
    from PIL import Image  # what matplotlib itself writes pixels with

    pixels, pack = BytesIO(), BytesIO()
    figure.savefig(pixels, format="png", dpi=dpi, pil_kwargs={"compress_level": 0})  # is read again at once
    with Image.open(pixels) as image:
        image.convert("RGB").save(pack, format="TIFF", compression="tiff_lzw", dpi=(dpi, dpi))
    return pack.getvalue()
