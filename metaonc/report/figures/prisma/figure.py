"""PRISMA 2020 flow diagrams: from records identified to studies included."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ....base.messages.warning import warn
from ....errors import DataWarning, OptionError
from ...checks import checked
from ...slot import EDGE, Slot
from ...style import MM, PAGE, new_axes, style
from ...typeset import LINE, wrap
from ..key import SIZE
from ..panel import GREY, INK, SMALL, in_mm, refuse_shared
from .boxes import BOXES, MAIN, OTHER, OTHER_OUT, OUT, PREVIOUS
from .data import table_of
from .layout import PAD, Layout, Rect, lay_out
from .reading import NAMES, read
from .sums import is_update

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SOURCE = "Flow diagram of the PRISMA 2020 statement (Page et al., BMJ 2021;372:n71)."
FILLS = {PREVIOUS: "0.93", OTHER: "0.93", OTHER_OUT: "0.93"}  # as in the template: grey beside the main stream
HEADING, PHASE = "#FCE8B8", "#CFE1F0"
EDGES = 0.6  # pt, lines
NOTES = 5.0  # pt above the notes
Point = tuple[float, float]


@checked(NAMES)
def prisma(counts: Any = None, *, ax: Axes | None = None, width: float | str = PAGE, **boxes: Any) -> Axes:
    """Draw the PRISMA 2020 flow diagram of a review from its counts.

    Any box may be left out: columns and headings follow from the boxes that there are. Counts that do not add up are
    drawn as they are given, and said below the diagram with both numbers.

    Parameters
    ----------
    counts : mapping or dataframe, optional
        Counts by name, or a table of them, as `prisma_data` takes them.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 176
        Width of the figure made: in mm, ``column`` (wide enough for databases and registers alone) or ``page``.
    **boxes
        Counts by name, see `prisma_data`.

    Returns
    -------
    Axes
        The diagram; its height follows from its boxes.

    Raises
    ------
    DataError, ColumnError, OptionError
        As `prisma_data`; when the place is too small.

    Warns
    -----
    DataWarning
        Counts that do not add up.

    References
    ----------
    Page MJ, McKenzie JE, Bossuyt PM, et al. The PRISMA 2020 statement: an updated guideline for reporting systematic
    reviews. BMJ 2021;372:n71. doi:10.1136/bmj.n71. Names of the counts are those of the R package PRISMA2020.

    Examples
    --------
    >>> import metaonc as mo
    >>> ax = mo.plot.prisma(
    ...     database_results=162, duplicates=23, records_screened=139, records_excluded=25, dbr_sought_reports=114,
    ...     dbr_notretrieved_reports=4, dbr_assessed=110, dbr_excluded={"Wrong population": 88}, new_studies=22)
    >>> mo.save(ax, "flow.svg").name
    'flow.svg'
    """
    given = read(counts, boxes)
    table = table_of(given)
    said = [message for message in table["finding"] if message]
    with style():
        if ax is not None:
            refuse_shared(ax)
        across = in_mm(width) * MM * 72 - 2 * EDGE if ax is None else Slot(ax).width
        layout = lay_out(table, given, across, update=is_update(given))
        texts = [*(f"Does not add up: {message}" for message in said), SOURCE]
        notes = [(line, INK if text != SOURCE else GREY) for text in texts for line in wrap(text, across, SMALL)]
        high = layout.height + NOTES + len(notes) * SMALL * LINE
        if ax is None:
            ax = new_axes(in_mm(width), (high + 2 * EDGE) / 72 / MM)
            ax.set_position((0.0, 0.0, 1.0, 1.0))
        slot = Slot(ax)
        if slot.height < high - 0.01:
            have, need = ((points + 2 * EDGE) / 72 / MM for points in (slot.height, high))
            raise OptionError(f"{have:.0f} mm are too low for this figure: make it {need + 0.5:.0f} mm high or more.")
        slot.shrink(0.0, 0.0, slot.width, slot.height)
        ax.set(xlim=(0.0, slot.width), ylim=(slot.height, 0.0))
        ax.set_axis_off()
        _draw(slot, layout)
        for i, (line, colour) in enumerate(notes):
            slot.text(0, layout.height + NOTES + (i + 0.8) * SMALL * LINE, line, size=SMALL, color=colour)
    if said:
        warn(" ".join(said), DataWarning)
    return ax


def _draw(slot: Slot, layout: Layout) -> None:
    for name, rect in layout.boxes.items():
        _box(slot, rect, FILLS.get(BOXES[name].column, "white"))
    for rect in layout.headings.values():
        _box(slot, rect, HEADING, rounding=3.0, weight="bold", centred=True)
    for rect in layout.phases.values():
        _patch(slot, rect, PHASE, 3.0)
        slot.text(*rect.centre, rect.lines[0][1], size=SIZE, weight="bold", rotation=90, ha="center", va="center")
    for path in _paths(layout):
        _arrow(slot, path)


def _box(slot: Slot, rect: Rect, fill: str, *, rounding: float = 0.0, weight: str = "normal", centred: bool = False) \
        -> None:  # fmt: skip
    _patch(slot, rect, fill, rounding)
    first = rect.centre[1] - len(rect.lines) * SIZE * LINE / 2
    x, side = (rect.centre[0], "center") if centred else (rect.left + PAD, "left")
    for i, (indent, line) in enumerate(rect.lines):
        slot.text(x + indent, first + (i + 0.78) * SIZE * LINE, line, size=SIZE, ha=side, weight=weight)


def _patch(slot: Slot, rect: Rect, fill: str, rounding: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    style = f"round,pad=0,rounding_size={rounding}" if rounding else "square,pad=0"
    place = (rect.left, rect.top), rect.right - rect.left, rect.bottom - rect.top
    slot.ax.add_patch(FancyBboxPatch(*place, boxstyle=style, facecolor=fill, edgecolor=INK, linewidth=EDGES,
                                     clip_on=False, zorder=2))  # fmt: skip


def _arrow(slot: Slot, path: list[Point]) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    slot.ax.add_patch(FancyArrowPatch(path=Path(path), arrowstyle="-|>", mutation_scale=6, color=INK, linewidth=EDGES,
                                      joinstyle="miter", capstyle="butt", clip_on=False, zorder=1))  # fmt: skip


def _paths(layout: Layout) -> list[list[Point]]:
    """Return the ways of all arrows: down each stream, out to what is removed, and into what is included."""
    out = []
    streams = {column: _stream(layout, column) for column in (PREVIOUS, MAIN, OTHER)}
    for boxes in streams.values():
        out += [[(a.centre[0], a.bottom), (b.centre[0], b.top)] for a, b in pairwise(boxes)]
    for trunk, branch in ((MAIN, OUT), (OTHER, OTHER_OUT)):
        for name, rect in layout.boxes.items():
            if BOXES[name].column == branch and trunk in layout.columns:
                beside = [
                    r for n, r in layout.boxes.items() if (BOXES[n].column, BOXES[n].row) == (trunk, BOXES[name].row)
                ]
                start = beside[0].right if beside else sum(layout.columns[trunk]) / 2
                out.append([(start, rect.centre[1]), (rect.left, rect.centre[1])])
    if "new" in layout.boxes and streams[OTHER]:
        into, last = layout.boxes["new"], streams[OTHER][-1]
        out.append([(last.centre[0], last.bottom), (last.centre[0], into.centre[1]), (into.right, into.centre[1])])
    if "total" in layout.boxes and streams[PREVIOUS]:
        into, last = layout.boxes["total"], streams[PREVIOUS][-1]
        out.append([(last.centre[0], last.bottom), (last.centre[0], into.centre[1]), (into.left, into.centre[1])])
    return out


def _stream(layout: Layout, column: str) -> list[Rect]:
    return [rect for name, rect in layout.boxes.items() if BOXES[name].column == column]
