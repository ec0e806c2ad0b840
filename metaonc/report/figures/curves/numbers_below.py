"""Numbers below a panel, such as patients at risk, and the ticks of its axis where these stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ...ticks import APART, Chosen, ScaleLocator
from ...typeset import LINE, text_width, wrap
from ..key import SIZE
from ..panel import INK, Panel

BESIDE = 0.3  # of the width of a figure, at most, for texts left of the panel


@dataclass(frozen=True, slots=True)
class NumbersBelow:
    """Rows of numbers below the axis of times.

    Attributes
    ----------
    texts
        What stands left of each row.
    counts
        Of each row time -> number; a time that is not there has none.
    across
        Width of the figure, in points: texts that want more than a part of it stand in lines of their own above their
        numbers.
    """

    texts: Sequence[str]
    counts: Sequence[pd.Series]
    across: float = math.inf

    @property
    def height(self) -> float:
        """Room below the axis, in points."""
        return sum(map(len, self._lines())) * SIZE * LINE + 2

    @property
    def beside(self) -> float:
        """Room left of the panel, in points, so that no number stands upon the text of its row."""
        first = max(_half(own, 0.0) for own in self.counts)
        return first + 1 if self._wide else max(text_width(text, SIZE) for text in self.texts) + first + 6

    @property
    def _wide(self) -> bool:
        return max(text_width(text, SIZE) for text in self.texts) > BESIDE * self.across

    def _lines(self) -> list[list[str]]:
        """Return the lines of each row; its numbers stand in the last one."""
        if not self._wide:
            return [[text] for text in self.texts]
        return [[*wrap(text, self.across, SIZE), ""] for text in self.texts]

    def draw(self, panel: Panel, across: Chosen) -> None:
        """Write the numbers, and set the ticks, at as many of the axis' times as have room in all rows."""
        left, _, right, _ = panel.edges
        top, free, shown = panel.foot - self.height, 0.0, []
        for time in across.at:
            half = max(text_width(across.text(time), SIZE) / 2, *(_half(own, time) for own in self.counts))
            x = left + time / across.high * (right - left)
            if x - half >= free:
                shown.append((time, x))
                free = x + half + APART
        scale = replace(across, at=tuple(time for time, _ in shown))
        panel.ax.xaxis.set_major_locator(ScaleLocator(scale, right - left, SIZE, upright=False))
        y = top - 0.2 * SIZE * LINE
        for own, lines in zip(self.counts, self._lines(), strict=True):
            for text in lines:
                y += SIZE * LINE
                if text:
                    panel.slot.text(0, y, text, size=SIZE, color=INK)
            for time, x in shown:
                if time in own.index:
                    number = f"{own[time]:.0f}"
                    panel.slot.text(x - text_width(number, SIZE) / 2, y, number, size=SIZE, color=INK)


def _half(own: pd.Series, time: float) -> float:
    """Return half the width of a number, in points; 0 where there is none at this time."""
    return text_width(f"{own[time]:.0f}", SIZE) / 2 if time in own.index else 0.0
