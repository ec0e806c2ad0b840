"""What is asked of the ways to fill one span of follow-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clean import Floats, Reading
from .place import Span, falls_to_zero, lowest

_LOWEST = 1e-3  # survival at a censoring, at least


def fall_of_each(reading: Reading, times: Floats) -> Floats:
    """Return by how much a patient who is censored at each time lowers N G: 1 / S there."""
    return np.asarray(1.0 / np.maximum(reading.at(times), _LOWEST))


@dataclass(frozen=True, slots=True)
class Task:
    """A span to be filled: the curve, the Kaplan-Meier level at its start, and what is known of it.

    Attributes
    ----------
    target
        Number of events to be met, or None.
    ticks
        Censoring marks inside it.
    all_marked
        Whether they are of all who were censored; else each is one who was, and others were too, anywhere.
    share
        Part of G expected to be lost before the curve's end; the rest is censored there (last span only).
    total
        Whether a total of events is to be shared out over several spans.
    """

    reading: Reading
    span: Span
    level: float
    target: int | None
    ticks: Floats
    all_marked: bool
    share: float
    total: bool

    @property
    def gone(self) -> int:
        """Patients who leave in the span."""
        return self.span.n_a - self.span.n_b

    @property
    def unmarked(self) -> int:
        """Patients who leave in the span, less one a mark."""
        return max(self.gone - len(self.ticks), 0)

    def fall(self, end_g: float) -> float:
        """Return by how much N G falls to `end_g` beside the marks: each lowers it by 1 / S."""
        fallen = self.big_g - end_g
        return max(fallen - float(self.per_mark.sum()), 0.0) if len(self.ticks) else fallen

    @property
    def per_mark(self) -> Floats:
        """By how much N G falls at each mark."""
        return fall_of_each(self.reading, self.ticks)

    @property
    def big_g(self) -> float:
        """N G at the start: what the number at risk would be had nobody had an event."""
        return self.span.n_a / self.level

    def end_g(self, kept: float = 1.0) -> float:
        """Return N G at the end, before the patients who are censored with the curve's last point."""
        if not self.span.last:
            return min(self.span.n_b / max(self.reading.level(self.span.b), 1e-9), self.big_g)
        if not falls_to_zero(self.reading, self.span, self.level):
            return (1.0 - kept) * self.big_g
        above = self.reading.y[self.reading.y > lowest(self.span, self.level)]
        return 1.0 / min(float(above[-1]), self.level)  # the curve falls to 0: its last patient has the event
