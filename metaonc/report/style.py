"""The look that all figures share: a journal's type sizes, colours safe for colour-blind readers, editable text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MM = 1 / 25.4  # millimetres in inches
COLUMN, PAGE = 85.0, 176.0  # mm: one column and the full width that most medical journals print

# Okabe and Ito's palette without yellow, which is lost on white.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
LINESTYLES = ("-", (0, (5, 1.5)), (0, (1.5, 1)), (0, (5, 1.5, 1.5, 1.5)))  # a second cue, for print in grey

RC: Any = {  # matplotlib types its keys one by one since 3.11; older versions do not know that type
    "font.family": "sans-serif",
    "font.sans-serif": ["Arial", "Helvetica", "Liberation Sans", "DejaVu Sans"],
    "font.size": 8.0,
    "axes.labelsize": 8.0,
    "axes.titlesize": 8.0,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "lines.linewidth": 1.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "pdf.fonttype": 42,  # TrueType: text stays text for the journal's artist
    "ps.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "metaonc",  # the same figure is the same file
    "path.simplify": False,  # our own curves can be read back from the file without loss
    "figure.dpi": 150,
}


@cache
def add_fonts() -> None:
    """Let matplotlib know the fonts that come with this package, so that a figure looks alike on every machine.

    Liberation Sans has the widths of Arial, which few machines without an office have. Ours stands before one that is
    installed: versions differ in their outlines.
    """
    from matplotlib.font_manager import fontManager

    for path in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
        fontManager.addfont(path)
        fontManager.ttflist.insert(0, fontManager.ttflist.pop())


_DRAWING = RLock()  # matplotlib's settings are of the whole process: one thread draws at a time


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house style, whatever the caller's settings are, and leave those as they were.

    Threads wait for each other: settings, fonts and their glyphs are shared by all of a process.
    """
    import matplotlib.style  # when drawn with: texts and tables need only the sizes above

    from .screen import drawing

    with _DRAWING:
        add_fonts()
        with drawing(), matplotlib.style.context(["default", RC]):
            yield


def new_axes(width: float, height: float) -> Axes:
    """Return the axes of a new figure of `width` by `height` millimetres."""
    from .screen import ScreenAxes, new_figure

    return new_figure(width * MM, height * MM).add_subplot(axes_class=ScreenAxes)
