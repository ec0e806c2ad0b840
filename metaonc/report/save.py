"""Write a figure to a file, the same bytes each time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from .._check import one_of
from ..errors import DataError
from .style import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What each format writes of date and maker is left out, so that a second run gives the same file.
METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None},
    "svg": {"Date": None},
    "png": {"Software": None},
}


def save(thing: Axes | Figure, path: str | Path, *, dpi: int = 600) -> Path:
    """Write a figure to a file.

    Parameters
    ----------
    thing
        What a plot function returned, or a matplotlib Figure.
    path
        Where to; the suffix says how: ``.pdf`` and ``.svg`` as vectors, ``.png`` as pixels.
    dpi
        Pixels an inch of a PNG.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OptionError
        When the suffix is none of these.
    """
    path = Path(path)
    kind = one_of("suffix of path", path.suffix.lstrip(".").lower(), METADATA)
    figure = thing if isinstance(thing, Figure) else thing.get_figure(root=True)
    if figure is None:
        raise DataError("these axes belong to no figure.")
    with style():
        figure.savefig(path, format=kind, dpi=dpi, metadata=METADATA[kind])
    return path
