"""Lines with their bands: one look in all figures, as entries of the key that also draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..key import Key
from ..panel import BLUE, GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 1.4  # pt, of an estimated curve
DASHES = (0, (3, 1.5))  # of what an estimate rests on little or nothing
DOTS = (0, (1, 1.5))  # of no effect


def line(text: str, colour: str = BLUE, **look: Any) -> Key:
    """Return the entry of an estimated curve."""
    return Key(text=text, look={"color": colour, "linewidth": WIDTH, **look})


def band(text: str, colour: str = BLUE) -> Key:
    """Return the entry of a band of confidence."""
    return Key(text=text, kind="patch", look={"facecolor": colour, "alpha": 0.18, "linewidth": 0})


def null(text: str) -> Key:
    """Return the entry of the line of no effect."""
    return Key(text=text, look={"color": GREY, "linewidth": 0.6, "linestyle": DOTS})


def draw_null(ax: Axes, key: Key, at: float = 0.0) -> None:
    """Draw the line of no effect across a panel."""
    ax.axhline(at, zorder=1, **key.look)


def draw_band(ax: Axes, x: Any, low: Any, high: Any, key: Key, zorder: float = 0.5) -> None:
    """Draw a band between two limits, behind the curves."""
    ax.fill_between(x, low, high, zorder=zorder, **key.look)


def draw_line(ax: Axes, x: Any, y: Any, key: Key, zorder: float = 3) -> None:
    """Draw a curve."""
    ax.plot(x, y, zorder=zorder, **key.look)
