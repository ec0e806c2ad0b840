"""A figure of one panel with two axes: a key above it, notes below, names beside its points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from ...base.check import Floats
from ...errors import OptionError
from ..slot import EDGE, Slot
from ..style import MM, PALETTE, new_axes
from ..ticks import Scale
from ..typeset import LINE, family, text_width, wrap
from .point_labels import Labels, chosen, place

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE, SMALL = 7.0, 6.5  # pt: ticks, key and names; notes
GREY, PALE, INK, BLUE = "0.35", "0.6", "#000000", PALETTE[0]
MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # of subgroups: a second cue, for print in grey
SAMPLE, GAP = 14.0, 9.0  # pt: length of a sample in the key, and between two entries
TICK, PAD = 2.5, 3.0  # pt
LEAST = (75.0, 60.0)  # pt: a panel narrower or lower than this cannot be read
HEIGHT = (48.0, 92.0)  # mm: least and greatest height of the panel of a figure of our own
LOWEST = 22.0  # mm: of a panel of rows
TYPICAL = 200.0  # pt, height of a panel when its own is not known yet
RIGHT = 5.0  # pt left free at the right of a panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An entry of the key.

    Attributes
    ----------
    text
        What the sample stands for.
    kind
        ``line`` (with a marker where the look says so) or ``patch``.
    look
        How matplotlib draws it.
    """

    text: str
    kind: str = "line"
    look: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The panel of a figure, laid out; `width` and `height` in points."""

    ax: Axes
    slot: Slot
    width: float
    height: float

    def points(self, x: Any, y: Any) -> Floats:
        """Return places in the panel in points from its lower left corner, (k, 2)."""
        (x0, x1), (y0, y1) = self.ax.get_xlim(), self.ax.get_ylim()
        across = (np.asarray(x, dtype=float) - x0) / (x1 - x0) * self.width
        return np.column_stack([across, (np.asarray(y, dtype=float) - y0) / (y1 - y0) * self.height])

    def name(
        self, x: Any, y: Any, diameter: Any, studies: Sequence[str], labels: Labels, score: Floats, least: float,
        shun: Floats | None = None,
    ) -> None:  # fmt: skip
        """Write names beside points of these diameters; see ``point_labels`` for which, and where."""
        points = self.points(x, y)
        with np.errstate(invalid="ignore"):
            inside = ((points >= 0) & (points <= [self.width, self.height])).all(1)
        rows = chosen(labels, studies, np.where(inside, score, np.nan), least)
        radii = np.broadcast_to(np.asarray(diameter, dtype=float) / 2, (len(points),))
        for it in place(points, radii, rows, studies, labels, self.width, self.height, SIZE, shun):
            left, bottom, right, top = it.box
            where: dict[str, Any] = {"transform": self.ax.transAxes, "zorder": 6}
            self.ax.text(
                (left + right) / 2 / self.width, (bottom + top) / 2 / self.height, it.text, fontsize=SIZE, ha="center",
                va="center", parse_math=False, fontfamily=family(), linespacing=LINE / 1.15, **where,
            )  # fmt: skip
            if it.leader:
                x0, y0, x1, y1 = it.leader
                self.ax.plot(
                    [x0 / self.width, x1 / self.width], [y0 / self.height, y1 / self.height], color=GREY, linewidth=0.5,
                    label="_leader", **where,
                )  # fmt: skip


def open_panel(
    ax: Axes | None, x: Scale, y: Scale, *, width: float, key: Sequence[Key] = (), notes: Sequence[str] = (),
    aspect: float = 0.8, tall: float | None = None, square: bool = False, down: bool = False,
) -> Panel:  # fmt: skip
    """Lay out a figure of one panel, and draw its axes, key and notes.

    Parameters
    ----------
    ax
        Axes to draw into; a figure `width` millimetres wide is made when None.
    x, y
        The axes.
    key, notes
        Entries above the panel, and lines below it.
    aspect
        Height of the panel over its width, in a figure of our own.
    tall
        Height of the panel in mm instead, in a figure of our own.
    square
        Whether the panel must be a square.
    down
        Whether the y axis points downwards.

    Raises
    ------
    OptionError
        When the place is too small, or the axes share their scale with others.
    """
    across = width * MM * 72 - 2 * EDGE if ax is None else Slot(ax).width
    rows = _key_rows(key, across)
    lines = [line for note in notes for line in wrap(note, across, SMALL)]
    names = wrap(x.label, across - _left(y, TYPICAL)[0] - RIGHT, SIZE)
    top = len(rows) * SIZE * LINE + (4 if rows else 0)
    bottom = TICK + PAD + SIZE * LINE * (1 + len(names)) + (3 if lines else 0) + len(lines) * SMALL * LINE
    if ax is None:
        inner = min(max(aspect * (across - 36) / 72 / MM, HEIGHT[0]), HEIGHT[1]) if tall is None else max(tall, LOWEST)
        ax = new_axes(width, inner + (top + bottom + 2 * EDGE) / 72 / MM)
        ax.set_position((0.0, 0.0, 1.0, 1.0))
    slot = Slot(ax)
    refuse_shared(ax)
    high = slot.height - top - bottom
    left, title, at, labels = _left(y, max(high, 1.0))
    wide = slot.width - left - RIGHT
    _refuse_small(slot, wide, high)
    if square:
        wide = high = min(wide, high)
    slot.shrink(left, top, left + wide, top + high)
    _draw_axes(ax, x, y, x.ticks(wide, SIZE), (at, labels), down)
    ax.set_xlabel("\n".join(names), fontfamily=family(), fontsize=SIZE, labelpad=2, parse_math=False)
    ax.set_ylabel("\n".join(title), fontfamily=family(), fontsize=SIZE, labelpad=PAD, parse_math=False)
    _draw_key(slot, rows)
    for i, line in enumerate(lines):
        down_to = top + high + bottom - (len(lines) - 1 - i) * SMALL * LINE
        slot.text(0, down_to - 0.3 * SMALL, line, size=SMALL, color=GREY)
    return Panel(ax=ax, slot=slot, width=wide, height=high)


def _left(y: Scale, high: float) -> tuple[float, list[str], Floats, list[str]]:
    """Return the room left of a panel `high` points high, the lines of the y axis' name, and its ticks with labels."""
    at, labels = y.ticks(high, SIZE, upright=True)
    title = wrap(y.label, max(high, 40.0), SIZE) if y.label else []
    widest = max(text_width(line, SIZE) for label in labels for line in label.split("\n"))
    return len(title) * SIZE * LINE + widest + TICK + 2 * PAD + 2, title, at, labels


def point_looks(groups: Sequence[str], size: float) -> dict[str, dict[str, Any]]:
    """Return how points are drawn by subgroup, in order of first appearance: a colour and, for print in grey, a marker.

    Raises
    ------
    OptionError
        When there are more subgroups than looks.
    """
    names = list(dict.fromkeys(groups))
    if len(names) > len(MARKERS):
        raise OptionError(f"{len(names)} subgroups cannot be told apart in one figure: show {len(MARKERS)} or fewer.")
    return {
        name: {"linestyle": "", "marker": marker, "markersize": size, "markerfacecolor": colour,
               "markeredgecolor": "white", "markeredgewidth": 0.4}
        for name, marker, colour in zip(names, MARKERS, PALETTE, strict=False)
    }  # fmt: skip


def refuse_shared(ax: Axes) -> None:
    """Raise an OptionError when axes share their scale with others, which would change with them."""
    if any(len(shared.get_siblings(ax)) > 1 for shared in (ax.get_shared_x_axes(), ax.get_shared_y_axes())):
        raise OptionError("these axes share their scale with others, which this figure would change: do not share.")


def _refuse_small(slot: Slot, wide: float, high: float) -> None:
    if wide < LEAST[0] or high < LEAST[1]:
        sizes = ((slot.width, wide, LEAST[0]), (slot.height, high, LEAST[1]))
        need = [math.ceil((have + max(least - inside, 0) + 2 * EDGE) / 72 / MM) for have, inside, least in sizes]
        have = [(size + 2 * EDGE) / 72 / MM for size in (slot.width, slot.height)]
        raise OptionError(
            f"{have[0]:.0f} x {have[1]:.0f} mm are too small for this figure: make it {need[0]} x {need[1]} mm or more."
        )


def _draw_axes(
    ax: Axes, x: Scale, y: Scale, x_ticks: tuple[Floats, list[str]], y_ticks: tuple[Floats, list[str]], down: bool
) -> None:
    ax.set(xlim=(x.low, x.high), ylim=(y.high, y.low) if down else (y.low, y.high))
    for axis, (at, labels) in ((ax.xaxis, x_ticks), (ax.yaxis, y_ticks)):
        axis.set_minor_locator(NullLocator())
        axis.set_major_locator(FixedLocator(list(at)))
        axis.set_major_formatter(FixedFormatter(labels))
    ax.tick_params(labelsize=SIZE, labelfontfamily=family(), length=TICK, pad=PAD)
    ax.spines[["top", "right"]].set_visible(False)
    ax.patch.set_visible(False)


def _key_rows(key: Sequence[Key], width: float) -> list[list[tuple[float, str, Key | None]]]:
    """Return the rows of the key: in each, where an entry stands, its line of text, and its sample (first line)."""
    rows: list[list[tuple[float, str, Key | None]]] = []
    x = math.inf
    for entry in key:
        lines = wrap(entry.text, width - SAMPLE - PAD, SIZE)
        wide = SAMPLE + PAD + max(text_width(t, SIZE) for t in lines)
        if x + wide > width or len(lines) > 1:
            rows.append([])
            x = 0.0
        rows[-1].append((x, lines[0], entry))
        rows += [[(x, line, None)] for line in lines[1:]]
        x = x + wide + GAP if len(lines) == 1 else math.inf
    return rows


def _draw_key(slot: Slot, rows: list[list[tuple[float, str, Key | None]]]) -> None:
    for i, row in enumerate(rows):
        y = (i + 1) * SIZE * LINE
        for x, text, entry in row:
            slot.text(x + SAMPLE + PAD, y - 0.3 * SIZE, text, size=SIZE)
            if entry is not None:
                sample(slot, entry, x, y - 0.62 * SIZE)


def sample(slot: Slot, entry: Key, x: float, y: float) -> None:
    """Draw the sample of an entry of a key: its left end at `x`, its middle at height `y`, in points of the slot."""
    look = {"transform": slot.host.transSubfigure, "clip_on": False, "label": "_key", **entry.look}
    if entry.kind == "patch":
        (x0, y0), (x1, y1) = slot.place(x, y + 0.42 * SIZE), slot.place(x + SAMPLE, y - 0.42 * SIZE)
        slot.ax.add_artist(Rectangle((x0, y0), x1 - x0, y1 - y0, **look))
        return
    ends = [slot.place(x, y), slot.place(x + SAMPLE / 2, y), slot.place(x + SAMPLE, y)]
    slot.ax.add_artist(Line2D([p[0] for p in ends], [p[1] for p in ends], markevery=[1], **look))
