"""Printed numbers that reconstructed patients do not agree with, below the pictures of these patients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..style import MM, PAGE
from ..typeset import LINE, family, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...analysis.survival.published import PublishedCheck

_SIZE = 7.0  # points
_MARGIN = 0.03  # of the page: left and right
_PAD = 2.0  # mm above and below
_COLOUR = "#B00020"
_POINT = 1 / (72 * MM)  # mm


def disagreements(check: PublishedCheck | None) -> list[str]:
    """Return the lines that say which printed numbers do not agree; none where all do or nothing was compared."""
    if check is None or not check.provenance.notes:
        return []
    text = "Beside what is printed: " + " ".join(check.provenance.notes)
    return wrap(text, (1 - 2 * _MARGIN) * PAGE / _POINT, _SIZE)


def said_height(lines: Sequence[str]) -> float:
    """Return the height of the lines in mm, 0 of none."""
    return (len(lines) * LINE * _SIZE * _POINT + 2 * _PAD) if lines else 0.0


def draw_said(ax: Axes, lines: Sequence[str], high: float) -> None:
    """Draw the lines at the foot of a figure that is so many mm high."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    if lines:
        figure.text(
            _MARGIN, _PAD / high, "\n".join(lines), fontsize=_SIZE, color=_COLOUR, fontfamily=family(), va="bottom",
            linespacing=LINE, parse_math=False,
        )  # fmt: skip
