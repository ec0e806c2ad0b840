"""The look that all figures share: a journal's type sizes, colours safe for colour-blind readers, editable text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ..base.messages.warning import warn
from ..errors import FigureWarning

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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


class Drawing:
    """What is being drawn.

    Attributes
    ----------
    axes
        The axes drawn into.
    figures
        Their figures, or the one that is written to a file.
    lacking
        Characters of its texts that no font has.
    """

    def __init__(self) -> None:
        self.axes: list[Axes] = []
        self.figures: list[Figure] = []
        self.lacking: set[str] = set()

    def enter(self, ax: Axes, *, own: bool = False) -> None:
        """Note axes to be drawn into; those not made here get the looks of the house first."""
        if any(ax is known for known in self.axes):
            return
        if not own:
            dress(ax)
        self.axes.append(ax)
        figure = ax.get_figure(root=True)
        if figure is not None:
            self.figures.append(figure)


_CURRENT: list[Drawing] = []  # of the thread that holds the lock
_TOLD: WeakKeyDictionary[Figure, set[str]] = WeakKeyDictionary()  # characters that were warned of


def drawing() -> Drawing:
    """Return what is being drawn; outside of `style` one that nobody reads."""
    return _CURRENT[-1] if _CURRENT else Drawing()


@contextmanager
def style(written: Figure | None = None) -> Iterator[None]:
    """Draw in the house style, whatever the caller's settings are, and leave those as they were.

    Threads wait for each other: settings, fonts and their glyphs are shared by all of a process. Characters that no
    font has are warned of once, when a figure is drawn, or when it is `written` if it was not drawn here.
    """
    import matplotlib.style  # when drawn with: texts and tables need only the sizes above

    from .screen import showing

    with _DRAWING:
        add_fonts()
        if _CURRENT:
            yield
            return
        now = Drawing()
        with showing(), matplotlib.style.context(["default", RC]), ExitStack() as stack:
            _CURRENT.append(now)
            stack.callback(_CURRENT.clear)
            if written is not None:
                _read(written, now, stack)
            yield
            for ax in now.axes:
                _settle(ax)
        news = now.lacking - set().union(*(_TOLD.get(figure, set()) for figure in now.figures))
        for figure in now.figures:
            _TOLD[figure] = _TOLD.get(figure, set()) | news
    if news:
        from .glyphs import quiet, told

        quiet(now.figures)
        warn(told(news), FigureWarning)


def _read(figure: Figure, now: Drawing, stack: ExitStack) -> None:
    """Give the texts of a figure that is written the fonts that have their characters, and note what none has."""
    from matplotlib.text import Text

    from .glyphs import fallbacks, unwarned, wanting

    now.figures.append(figure)
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            if axis.get_visible():
                axis.get_ticklabels()  # are written now, not when the figure is drawn
    for text in figure.findobj(Text):
        families = text.get_fontfamily()
        if text.get_visible() and (lacking := wanting(text.get_text(), families)):
            more, left = fallbacks(lacking)
            text.set_fontfamily([*families, *more])
            now.lacking |= left
    if now.lacking:
        stack.enter_context(unwarned())


def dress(ax: Axes) -> None:
    """Give axes that were made in any style the looks of those made in this one, and a white ground to black type."""
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Rectangle

    ax.grid(False, which="both")
    ax.set_axisbelow("line")
    ax.set_facecolor("white")
    for side, spine in ax.spines.items():
        spine.set(color="black", linewidth=RC["axes.linewidth"], visible=side in ("left", "bottom"), sketch_params=None,
                  path_effects=[])  # fmt: skip
    sides = {"bottom": True, "labelbottom": True, "top": False, "labeltop": False}
    ax.tick_params(axis="x", which="both", reset=True, **sides)
    ax.tick_params(axis="y", which="both", reset=True, left=True, labelleft=True, right=False, labelright=False)
    for label in (ax.xaxis.label, ax.yaxis.label, ax.title):
        label.set(color="black", fontweight="normal", fontstyle="normal", path_effects=[])
    host, place = ax.figure, ax.get_position(original=True)
    if to_rgba(host.get_facecolor()) not in ((1.0, 1.0, 1.0, 1.0), (1.0, 1.0, 1.0, 0.0)):
        ground = Rectangle(place.p0, place.width, place.height, facecolor="white", linewidth=0, zorder=-1)
        host.add_artist(ground).set_transform(host.transSubfigure)


def _settle(ax: Axes) -> None:
    """Make the ticks that are seen, which matplotlib else makes when it draws, in the style of then."""
    for axis in (ax.xaxis, ax.yaxis):
        if axis.get_visible():
            axis.get_major_ticks(max(1, len(axis.get_majorticklocs())))


def new_axes(width: float, height: float) -> Axes:
    """Return the axes of a new figure of `width` by `height` millimetres."""
    from .screen import ScreenAxes, new_figure

    ax = new_figure(width * MM, height * MM).add_subplot(axes_class=ScreenAxes)
    drawing().enter(ax, own=True)
    return ax
