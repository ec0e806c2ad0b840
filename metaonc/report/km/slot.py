"""The place of a Kaplan-Meier figure: its axes, and the texts around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import blended_transform_factory

from ...errors import OptionError
from ..slot import EDGE, Slot
from ..style import MM
from ..typeset import family
from .layout import SAMPLE, Layout
from .options import SIZE

SMALLEST = (110.0, 95.0)  # pt: axes narrower or lower than this cannot be read


def apart(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Return the middles of texts of these heights, between `top` and `bottom`, near where wanted, none upon another.

    Raises
    ------
    OptionError
        When there is no room for all.
    """
    if sum(heights) > bottom - top:
        raise OptionError("the names are too long to stand at the ends of the curves: shorten them, or leave "
                          "direct_labels out.")  # fmt: skip
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    middle, edge = list(wanted), top
    for i in order:
        middle[i] = max(middle[i], edge + heights[i] / 2)
        edge = middle[i] + heights[i] / 2
    edge = bottom
    for i in reversed(order):
        middle[i] = min(middle[i], edge - heights[i] / 2)
        edge = middle[i] - heights[i] / 2
    return middle


class KmSlot(Slot):
    """The place of a Kaplan-Meier figure: its axes, and the texts around them."""

    def inset(self, layout: Layout) -> None:
        """Shrink the axes so that all else of the layout fits around them."""
        around = np.array([layout.left + layout.right, layout.top + layout.bottom])
        size = np.array([self.width, self.height])
        if np.any(size - around < np.array(SMALLEST) - 0.01):
            have, need = ((v + 2 * EDGE) / 72 / MM for v in (size, around + SMALLEST))
            raise OptionError(
                f"axes of {have[0]:.0f} x {have[1]:.0f} mm are too small for the curves, their key and their table: "
                f"make them {np.ceil(need[0]):.0f} x {np.ceil(need[1]):.0f} mm or larger, or set table=False."
            )
        self.shrink(layout.left, layout.top, self.width - layout.right, self.height - layout.bottom)

    def number(self, time: float, y: float, text: str, size: float) -> Text:
        """Write a text centred at a time of the axis, its base line at `y`."""
        # x in the axis' own units: the numbers stay below their ticks, whatever becomes of the axis
        across = blended_transform_factory(self.ax.transData, self.host.transSubfigure)
        look: dict[str, Any] = {"fontsize": size, "fontfamily": family(), "ha": "center", "clip_on": False}
        return self.ax.text(time, self.place(0, y)[1], text, transform=across, **look)

    def sample(self, y: float, size: float, **look: Any) -> None:
        """Draw the piece of line that stands before a name of this size whose base line is at `y`."""
        (x0, height), (x1, _) = self.place(0, y - 0.35 * size), self.place(SAMPLE * size / SIZE, y)
        line = Line2D([x0, x1], [height] * 2, transform=self.host.transSubfigure, clip_on=False, label="_key", **look)
        self.ax.add_artist(line)
