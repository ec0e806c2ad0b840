"""All that a figure prints of its trial's results, beside its curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..primitives import Box, Word
from .medians import PrintedMedian, printed_medians
from .printed import PrintedRatio, printed_ratios

_AROUND = 0.06  # of a panel's sides: how far beyond it words are its own


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNumbers:
    """Hazard ratios and medians that a figure prints: a check of what is read of its curves, and nothing else.

    Attributes
    ----------
    ratios
        Hazard ratios with their intervals.
    medians
        Medians, each with its curve where the figure tells it.
    """

    ratios: tuple[PrintedRatio, ...] = ()
    medians: tuple[PrintedMedian, ...] = ()

    def lines(self) -> list[str]:
        """Return what was read, for a summary."""
        return [f"  Printed: {one}" for one in (*self.ratios, *self.medians)]


NO_NUMBERS = PrintedNumbers()


def printed_numbers(
    words: Sequence[Word], labels: Sequence[str], colours: Sequence[str], panel: Box | None = None
) -> PrintedNumbers:
    """Return the hazard ratios and medians among words, of a page those in and around its panel."""
    own = [w for w in words if panel is None or _within(w, panel)]
    return PrintedNumbers(ratios=printed_ratios(own), medians=printed_medians(own, labels, colours))


def _within(word: Word, panel: Box) -> bool:
    left, top, right, bottom = panel
    wide, high = _AROUND * (right - left), _AROUND * (bottom - top)
    return left - wide <= word.x <= right + wide and top - high <= word.y <= bottom
