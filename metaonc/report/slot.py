"""The part of a figure that a plot fills, measured in points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .style import drawing
from .typeset import family

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE = 2.0  # pt left free at each side, so that no letter touches the edge of the figure


class Slot:
    """The place that axes have in their figure; places in it are in points from its upper left corner."""

    def __init__(self, ax: Axes) -> None:
        self.ax = ax
        drawing().enter(ax)
        self.host: Any = ax.figure
        box = ax.get_position(original=True)
        points = np.array([self.host.bbox.width, self.host.bbox.height]) * 72 / self.host.dpi
        self.scale = 1 / points
        self.corner = np.array([box.x0, box.y1]) + np.array([EDGE, -EDGE]) * self.scale
        self.width, self.height = (float(v) for v in points * [box.width, box.height] - 2 * EDGE)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return a place as fractions of the figure."""
        at = self.corner + np.array([x, -y]) * self.scale
        return float(at[0]), float(at[1])

    def shrink(self, left: float, top: float, right: float, bottom: float) -> None:
        """Set the axes to the box between these edges of the slot."""
        x0, y0 = self.place(left, bottom)
        x1, y1 = self.place(right, top)
        self.ax.set_position((x0, y0, x1 - x0, y1 - y0))

    def text(self, x: float, y: float, text: str, *, size: float, **look: Any) -> None:
        """Write a text at `x`, its base line at `y`."""
        where = self.host.transSubfigure
        look = {"transform": where, "clip_on": False, "parse_math": False, "fontfamily": family(text), **look}
        self.ax.text(*self.place(x, y), text, fontsize=size, **look)
