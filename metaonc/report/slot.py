"""The part of a figure that a plot fills, measured in points."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import TransformedPatchPath

from .style import drawing
from .typeset import family

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE = 2.0  # pt left free at each side, so that no letter touches the edge of the figure


def _set_y(artist: Text | Line2D, moved: Callable[[Any], Any]) -> None:
    if isinstance(artist, Text):
        artist.set_y(float(moved(artist.get_position()[1])))
    else:
        artist.set_ydata(moved(artist.get_ydata()))


def clip_of(ax: Axes) -> TransformedPatchPath:
    """Return what axes clip their artists with: made once, for it takes longer than the text or line that it is for."""
    return TransformedPatchPath(ax.patch)


class Slot:
    """The place that axes have in their figure; places in it are in points from its upper left corner."""

    def __init__(self, ax: Axes) -> None:
        self.ax = ax
        self.clip = clip_of(ax)
        drawing().enter(ax)
        self.host: Any = ax.figure
        box = ax.get_position(original=True)
        points = np.array([self.host.bbox.width, self.host.bbox.height]) * 72 / self.host.dpi
        self.scale = 1 / points
        self.corner = np.array([box.x0, box.y1]) + np.array([EDGE, -EDGE]) * self.scale
        self.width, self.height = (float(v) for v in points * [box.width, box.height] - 2 * EDGE)

    @classmethod
    def of_figure(cls, ax: Axes) -> Slot:
        """Return the place of the whole figure that axes stand in; what is written there is theirs."""
        found = cls(ax)
        found.corner = np.array([0.0, 1.0]) + np.array([EDGE, -EDGE]) * found.scale
        found.width, found.height = (float(v) for v in 1 / found.scale - 2 * EDGE)
        return found

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return a place as fractions of the figure."""
        at = self.corner + np.array([x, -y]) * self.scale
        return float(at[0]), float(at[1])

    def shrink(self, left: float, top: float, right: float, bottom: float) -> None:
        """Set the axes to the box between these edges of the slot."""
        x0, y0 = self.place(left, bottom)
        x1, y1 = self.place(right, top)
        self.ax.set_position((x0, y0, x1 - x0, y1 - y0))

    def grow(self, points: float) -> None:
        """Make the figure, which the slot fills, higher by so many points; what is in it keeps its place from above."""
        share = self.host.get_figheight() / (self.host.get_figheight() + points / 72)

        def moved(y: Any) -> Any:
            return 1 - (1 - np.asarray(y)) * share

        self.host.set_figheight(self.host.get_figheight() + points / 72)
        self.scale = self.scale * [1.0, share]
        self.corner = np.array([self.corner[0], moved(self.corner[1])])
        self.height += points
        box = self.ax.get_position(original=True)
        self.ax.set_position((box.x0, moved(box.y0), box.width, box.height * share))
        for artist in self.ax.get_children():
            if artist.get_transform() is self.host.transSubfigure and isinstance(artist, (Text, Line2D)):
                _set_y(artist, moved)
            elif isinstance(artist, Rectangle) and artist.get_data_transform() is self.host.transSubfigure:
                artist.set(y=moved(artist.get_y()), height=artist.get_height() * share)

    def text(self, x: float, y: float, text: str, *, size: float, **look: Any) -> None:
        """Write a text at `x`, its base line at `y`."""
        where = self.host.transSubfigure
        look = {"transform": where, "clip_on": False, "clip_path": self.clip, "parse_math": False,
                "fontfamily": family(text), **look}  # fmt: skip
        self.ax.text(*self.place(x, y), text, fontsize=size, **look)
