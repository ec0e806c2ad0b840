"""A figure of one panel with two axes: a key above it, notes below, names beside its points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import NullLocator

from ...base.check import Floats
from ...errors import OptionError
from ..slot import EDGE, Slot
from ..style import COLUMN, MM, PAGE, PALETTE, new_axes
from ..ticks import BESIDE, Levels, Scale, ScaleFormatter, ScaleLocator
from ..typeset import LINE, family, text_width, wrap
from .key import PAD, SIZE, Key, draw_key, key_rows
from .point_labels import Labels, Placed, chosen, numbered, place

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SMALL = 6.5  # pt: notes
GREY, PALE, INK, BLUE = "0.35", "0.6", "#000000", PALETTE[0]
MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # of subgroups: a second cue, for print in grey
TICK = 2.5  # pt
LEAST = (75.0, 60.0)  # pt: a panel narrower or lower than this cannot be read
HEIGHT = (48.0, 92.0)  # mm: least and greatest height of the panel of a figure of our own
NAMES = 0.45  # of the width, at most, for names of rows
BELOW = 0.3  # of the panel, at most, for the names of numbered points, in axes of the user
APART = 5  # lines of notes up to which each begins a line of its own
MOST = 12  # lines of them in a figure of our own
LOWEST = 22.0  # mm: of a panel of rows
TYPICAL = 200.0  # pt, height of a panel when its own is not known yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The panel of a figure, laid out.

    Attributes
    ----------
    ax, slot
        Its axes, and the place of all.
    edges
        Left, top, right and bottom of the panel in the slot, in points.
    foot
        Where the notes begin, in points from the top of the slot.
    square
        Whether it must stay a square.
    own
        Whether the figure was made for it.
    """

    ax: Axes
    slot: Slot
    edges: tuple[float, float, float, float]
    foot: float
    square: bool
    own: bool

    @property
    def size(self) -> Floats:
        """Width and height in points."""
        left, top, right, bottom = self.edges
        return np.array([right - left, bottom - top])

    def points(self, x: Any, y: Any) -> Floats:
        """Return places in the panel in points from its lower left corner, (k, 2)."""
        (x0, x1), (y0, y1) = self.ax.get_xlim(), self.ax.get_ylim()
        shares = [(np.asarray(x, dtype=float) - x0) / (x1 - x0), (np.asarray(y, dtype=float) - y0) / (y1 - y0)]
        return np.column_stack(shares) * self.size

    def lines(self) -> Floats:
        """Return the pieces of the lines that are drawn, (m, 4), in points from the lower left corner."""
        pieces = [np.empty((0, 4))]
        for line in self.ax.lines:
            if line.get_linestyle() not in ("None", "none", " ", ""):
                # a few long pieces instead of hundreds of short ones: none is off by more than a ninth of a pixel
                path = line.get_path().cleaned(line.get_transform(), simplify=True)
                at = self.ax.transAxes.inverted().transform(path.vertices) * self.size
                drawn = np.asarray(path.codes)[1:] == path.LINETO
                pieces.append(np.hstack([at[:-1], at[1:]])[drawn])
        return np.vstack(pieces)

    def name(
        self, x: Any, y: Any, diameter: Any, studies: Sequence[str], labels: Labels, score: Floats, least: float
    ) -> None:
        """Write names beside points of these diameters, see ``point_labels``; where they have no room, numbers.

        Below the panel stands what the numbers mean, and how many found no room.
        """
        points = self.points(x, y)
        with np.errstate(invalid="ignore"):
            inside = ((points >= 0) & (points <= self.size)).all(1)
        rows = asked = chosen(labels, studies, np.where(inside, score, np.nan), least)
        radii = np.broadcast_to(np.asarray(diameter, dtype=float) / 2, (len(points),))

        def placed(panel: Panel, texts: Sequence[str]) -> list[Placed]:
            return place(panel.points(x, y), radii, rows, texts, panel.size, SIZE, panel.lines())

        texts = list(studies)
        panel, names = self, placed(self, texts)
        numbers = numbered(rows, studies, names, float(self.size[0]), SIZE)
        while len(told := self._told(numbers, studies)) > (MOST if self.own else BELOW * self.size[1] / SMALL / LINE):
            last, _ = numbers.popitem()  # of the least important
            rows = [row for row in rows if row != last]
        if numbers:
            texts = [str(numbers.get(row, name)) for row, name in enumerate(studies)]
            panel = self.with_notes(len(told))
            names = placed(panel, texts)
        if len(names) < len(asked):
            panel = panel.with_notes(1)
            names = placed(panel, texts)
            out = [studies[row] for row in asked if row not in {it.row for it in names}]
            told = [*([_no_room(out, len(asked), self.slot.width)] if out else []), *told]
        for it in names:
            panel.write(it)
        panel.note(told)

    def _told(self, numbers: Mapping[int, int], studies: Sequence[str]) -> list[str]:
        """Return the lines that say what numbers stand for."""
        return wrap("; ".join(f"{n} {studies[row]}" for row, n in numbers.items()), self.slot.width, SMALL) if numbers \
            else []  # fmt: skip

    def with_notes(self, count: int) -> Panel:
        """Return the panel with room for so many more notes: of a figure of our own below it, else taken from it."""
        if self.own:
            self.slot.grow(count * SMALL * LINE)
            return replace(self, foot=self.slot.height)
        left, top, right, bottom = self.edges
        high = bottom - top - count * SMALL * LINE
        right = left + high if self.square else right
        self.slot.shrink(left, top, right, top + high)
        return replace(self, edges=(left, top, right, top + high))

    def note(self, lines: Sequence[str]) -> None:
        """Write lines above the notes."""
        for i, line in enumerate(reversed(lines)):
            self.slot.text(0, self.foot - (i * LINE + 0.3) * SMALL, line, size=SMALL, color=GREY)

    def write(self, it: Placed) -> None:
        """Write a name at its place."""
        width, height = self.size
        left, bottom, right, top = it.box
        where: dict[str, Any] = {"transform": self.ax.transAxes, "zorder": 6}
        self.ax.text(
            (left + right) / 2 / width, (bottom + top) / 2 / height, it.text, fontsize=SIZE, ha="center", va="center",
            parse_math=False, fontfamily=family(it.text), linespacing=LINE / 1.15, **where,
        )  # fmt: skip
        if it.leader:
            x0, y0, x1, y1 = it.leader
            self.ax.plot(
                [x0 / width, x1 / width], [y0 / height, y1 / height], color=GREY, linewidth=0.5, label="_leader",
                **where,
            )  # fmt: skip


def _no_room(names: Sequence[str], asked: int, width: float) -> str:
    """Return the line that says which names were left out, or how many."""
    text = f"No room for the names of: {', '.join(names)}."
    return text if text_width(text, SMALL) <= width else f"No room for {len(names)} of {asked} names."


def in_mm(width: float | str) -> float:
    """Return a width in mm: a number of them, ``column`` or ``page``."""
    return {"column": COLUMN, "page": PAGE}[width] if isinstance(width, str) else width


def open_panel(
    ax: Axes | None, x: Scale, y: Scale, *, width: float | str, key: Sequence[Key] = (), notes: Sequence[str] = (),
    aspect: float = 0.8, tall: float | None = None, square: bool = False, down: bool = False, below: float = 0.0,
    beside: float = 0.0,
) -> Panel:  # fmt: skip
    """Lay out a figure of one panel, and draw its axes, key and notes.

    Parameters
    ----------
    ax
        Axes to draw into; a figure of this `width` is made when None, in mm or by its name.
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
    below, beside
        Room in points that the caller fills: between the x axis and the notes, and the least left of the panel.

    Raises
    ------
    OptionError
        When the place is too small, or the axes share their scale with others.
    """
    mm = in_mm(width)
    across = mm * MM * 72 - 2 * EDGE if ax is None else Slot(ax).width
    least = LEAST[1]
    if isinstance(y, Levels):
        y = y.broken(NAMES * across, SIZE)
        least = max(least, len(y.names) * y.lines() * SIZE * LINE)
        tall = max(tall or 0.0, least / 72 / MM)
    rows = key_rows(key, across)
    lines = [line for note in notes for line in wrap(note, across, SMALL)]
    if len(lines) > APART:
        lines = wrap(" ".join(notes), across, SMALL)
    names = wrap(x.label, across - max(_left(y, TYPICAL)[0], beside) - BESIDE, SIZE)
    top = len(rows) * SIZE * LINE + (4 if rows else 0)
    bottom = TICK + PAD + SIZE * LINE * (1 + len(names)) + below + (3 if lines else 0) + len(lines) * SMALL * LINE
    if own := ax is None:
        inner = min(max(aspect * (across - 36) / 72 / MM, HEIGHT[0]), HEIGHT[1]) if tall is None else max(tall, LOWEST)
        ax = new_axes(mm, inner + (top + bottom + 2 * EDGE) / 72 / MM)
        ax.set_position((0.0, 0.0, 1.0, 1.0))
    slot = Slot(ax)
    refuse_shared(ax)
    high = slot.height - top - bottom
    left, title = _left(y, max(high, 1.0))
    left = max(left, beside)
    wide = slot.width - left - BESIDE
    _refuse_small(slot, wide, high, least)
    if square:
        wide = high = min(wide, high)
    slot.shrink(left, top, left + wide, top + high)
    _draw_axes(ax, x, y, wide, high, down)
    ax.set_xlabel("\n".join(names), fontfamily=family(x.label), fontsize=SIZE, labelpad=2, parse_math=False)
    ax.set_ylabel("\n".join(title), fontfamily=family(y.label), fontsize=SIZE, labelpad=PAD, parse_math=False)
    draw_key(slot, rows)
    for i, line in enumerate(lines):
        down_to = top + high + bottom - (len(lines) - 1 - i) * SMALL * LINE
        slot.text(0, down_to - 0.3 * SMALL, line, size=SMALL, color=GREY)
    foot = top + high + bottom - len(lines) * SMALL * LINE
    return Panel(ax=ax, slot=slot, edges=(left, top, left + wide, top + high), foot=foot, square=square, own=own)


def _left(y: Scale, high: float) -> tuple[float, list[str]]:
    """Return the room left of a panel `high` points high, and the lines of the y axis' name."""
    labels = y.ticks(high, SIZE, upright=True)[1]
    title = wrap(y.label, max(high, 40.0), SIZE) if y.label else []
    widest = max(text_width(line, SIZE) for label in labels for line in label.split("\n"))
    return len(title) * SIZE * LINE + widest + TICK + 2 * PAD + 2, title


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


def _refuse_small(slot: Slot, wide: float, high: float, least: float) -> None:
    if wide < LEAST[0] or high < least - 0.01:
        sizes = ((slot.width, wide, LEAST[0]), (slot.height, high, least))
        need = [math.ceil((have + max(least - inside, 0) + 2 * EDGE) / 72 / MM) for have, inside, least in sizes]
        have = [(size + 2 * EDGE) / 72 / MM for size in (slot.width, slot.height)]
        raise OptionError(
            f"{have[0]:.0f} x {have[1]:.0f} mm are too small for this figure: make it {need[0]} x {need[1]} mm or more."
        )


def _draw_axes(ax: Axes, x: Scale, y: Scale, wide: float, high: float, down: bool) -> None:
    ax.set(xlim=(x.low, x.high), ylim=(y.high, y.low) if down else (y.low, y.high))
    for axis, scale, length in ((ax.xaxis, x, wide), (ax.yaxis, y, high)):
        axis.set_minor_locator(NullLocator())
        axis.set_major_locator(ScaleLocator(scale, length, SIZE, upright=axis is ax.yaxis))
        axis.set_major_formatter(ScaleFormatter(scale))
        words = " ".join(scale.names) if isinstance(scale, Levels) else ""
        axis.set_tick_params(labelsize=SIZE, labelfontfamily=family(words), length=TICK, pad=PAD)
    ax.spines[["top", "right"]].set_visible(False)
    ax.patch.set_visible(False)
