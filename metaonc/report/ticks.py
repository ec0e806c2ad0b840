"""Axes on the scale of analysis that are labelled on the natural scale: a log axis of ratios, a logit axis of rates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from matplotlib.ticker import MaxNLocator

from ..analysis.pooling.regression.result import RegressionResult
from ..analysis.results.pooled import PooledResult
from ..base.check import Floats
from .forest.axis import tick_label
from .typeset import LINE, text_width

STEPS = (6, 5, 4, 3, 2, 1)  # numbers of even steps that are tried, from the most
DECADE = ((1, 1.5, 2, 3, 4, 5, 7), (1, 2, 5), (1, 3), (1,))  # ticks in each decade of a log axis, from the most
PERCENTS = (1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99), (5, 10, 25, 50, 75, 90, 95), (10, 50, 90)
APART = 4.0  # pt between two tick labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis.

    Attributes
    ----------
    label
        What stands beside it.
    low, high
        Its ends, in the units drawn.
    natural
        Units drawn -> units that the ticks are labelled in; None where they are the same.
    kind
        How the natural scale is read: ``linear``, ``log`` or ``percent``.
    whole
        Whether only whole numbers are labelled, such as years.
    """

    label: str
    low: float
    high: float
    natural: Callable[[Any], Any] | None = None
    kind: str = "linear"
    whole: bool = False

    def ticks(self, length: float, size: float, *, upright: bool = False) -> tuple[Floats, list[str]]:
        """Return the ticks, in the units drawn, and their labels, as many as fit on `length` points.

        Labels have type of `size` points and stand side by side, or one above the other when `upright`.
        """
        at, names = np.array([self.low, self.high]), [tick_label(v) for v in (self.low, self.high)]
        for values in self._choices():
            inside, places = self._inside(values)
            labels = [tick_label(v) for v in inside]
            if len(inside) > 1 and self._fit(places, labels, length, size, upright):
                return places, labels
        return at, names

    def _ends(self) -> tuple[float, float]:
        factor = 100 if self.kind == "percent" else 1
        if self.natural is None:
            return factor * self.low, factor * self.high
        return factor * float(self.natural(self.low)), factor * float(self.natural(self.high))

    def _choices(self) -> Iterator[Floats]:
        low, high = self._ends()
        if self.kind == "log" and high / low >= 3:
            decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
            yield from (np.array([s * 10.0**d for d in decades for s in some]) for some in DECADE)
            yield np.array([1.0, 10.0 ** np.floor(np.log10(high)), 10.0 ** np.ceil(np.log10(low))])
        if self.kind == "percent" and self.natural is not None and high - low > 60:
            yield from (np.array(some, dtype=float) for some in PERCENTS)
        for most in STEPS:
            even = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=self.whole)
            yield np.asarray(even.tick_values(low, high), dtype=float)

    def _inside(self, values: Floats) -> tuple[Floats, Floats]:
        """Return those of the values, on the natural scale, that lie on the axis, and where."""
        low, high = self._ends()
        slack = 1e-9 * (high - low)
        inside = np.unique(values[(values >= low - slack) & (values <= high + slack)])
        factor = 100 if self.kind == "percent" else 1
        return inside, np.array([self.place(v / factor) for v in inside])

    def place(self, value: float) -> float:
        """Return where a natural value stands, in the units drawn; at an end of the axis when it is beyond it."""
        if self.natural is None:
            return min(max(value, self.low), self.high)
        natural = self.natural

        def gap(x: float) -> float:
            return float(natural(x)) - value

        if gap(self.low) >= 0:
            return self.low
        if gap(self.high) <= 0:
            return self.high
        return float(scipy.optimize.brentq(gap, self.low, self.high, xtol=1e-14, rtol=1e-14))

    def _fit(self, at: Floats, labels: list[str], length: float, size: float, upright: bool) -> bool:
        share = (at - self.low) / (self.high - self.low) * length
        half = np.array([size * LINE / 2 if upright else text_width(t, size) / 2 + APART / 2 for t in labels])
        return bool(np.all(np.diff(share) >= half[1:] + half[:-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels(Scale):
    """An axis of named rows, at 0, 1, 2, ...

    Attributes
    ----------
    names
        One a row.
    """

    names: tuple[str, ...]

    def ticks(self, length: float, size: float, *, upright: bool = False) -> tuple[Floats, list[str]]:
        """Return every row and its name."""
        return np.arange(len(self.names), dtype=float), list(self.names)


def levels(names: Sequence[str]) -> Levels:
    """Return an axis with one row a name."""
    return Levels(label="", low=-0.6, high=len(names) - 0.4, names=tuple(names))


def around(values: Any, margin: float = 0.06) -> tuple[float, float]:
    """Return ends of an axis that holds all finite values with a margin, a share of their range, on both sides."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    low, high = float(known.min()), float(known.max())
    room = margin * (high - low) or 0.1 * abs(low) or 1.0
    return low - room, high + room


def effect_name(r: PooledResult | RegressionResult, effect: str | None, unit: str) -> str:
    """Return what the axis of the effect is called, with its unit."""
    name = effect or r.record.natural[:1].upper() + r.record.natural[1:]
    return f"{name}, {'%' if r.record.scale == 'percent' else unit}".rstrip(", ")


def effect_scale(r: PooledResult, low: float, high: float, label: str) -> Scale:
    """Return an axis of effects: drawn on the scale of analysis, labelled on the natural scale."""
    return Scale(label=label, low=low, high=high, natural=r.natural, kind=r.record.scale)
