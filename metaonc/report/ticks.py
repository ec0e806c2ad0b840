"""Axes on the scale of analysis that are labelled on the natural scale: a log axis of ratios, a logit axis of rates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy
from matplotlib.ticker import Formatter, Locator, MaxNLocator

from ..analysis.pooling.moderators.coefficients import CoefficientsResult
from ..analysis.results.pooled import PooledResult
from ..base.check import Floats
from ..base.digits import ROUNDING
from .forest.axis import tick_label
from .typeset import LINE, text_width, wrap

STEPS = (6, 5, 4, 3, 2, 1)  # numbers of even steps that are tried, from the most
FINER = (7, 8, 9, 10)  # and then, where the ends of an axis leave fewer than three of them
LEAST = 3  # ticks, by which a scale is read
DECADE = ((1, 1.5, 2, 3, 4, 5, 7), (1, 2, 5), (1, 3), (1,))  # ticks in each decade of a log axis, from the most
CLOSE = 5.0  # times as far from an end of 0 to 100 % as the other end: such an axis of logits has ticks by decades
PERCENTS = (1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99), (5, 10, 25, 50, 75, 90, 95), (10, 50, 90)
APART = 4.0  # pt between two tick labels
BESIDE = 5.0  # pt beyond the right end of an axis that its last label may take


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
        How the natural scale is read: ``linear``, ``whole`` (ticks at whole numbers where three fit), ``log`` or
        ``percent``.
    """

    label: str
    low: float
    high: float
    natural: Callable[[Any], Any] | None = None
    kind: str = "linear"

    def ticks(self, length: float, size: float, *, upright: bool = False) -> tuple[Floats, list[str]]:
        """Return the ticks, in the units drawn, and their labels, as many as fit on `length` points.

        Labels have type of `size` points and stand side by side, or one above the other when `upright`. There are three
        at least, unless not even two have room.
        """
        for least, some in ((LEAST, False), (LEAST, True), (2, False)):  # all ticks of a choice, three of it, two
            for values in self._choices():
                inside, places = self._inside(values)
                if not upright and self._reaches_beyond(inside, places, length, size):
                    inside, places = inside[:-1], places[:-1]
                if len(inside) < least:
                    continue
                part = slice(None, None, (len(inside) - 1) // 2 if some else 1)
                labels = [self.text(v) for v in inside[part]]
                if self._fit(places[part], labels, length, size, upright):
                    return places[part], labels
        return np.array([self.low, self.high]), [self.text(v) for v in self._ends()]

    def text(self, value: float) -> str:
        """Return the label of a value on the natural scale."""
        return tick_label(value)

    def label_at(self, x: float) -> str:
        """Return the label of a place, in the units drawn."""
        return self.text(self._shown(x))

    def _shown(self, x: float) -> float:
        factor = 100 if self.kind == "percent" else 1
        return factor * (x if self.natural is None else float(self.natural(x)))

    def _ends(self) -> tuple[float, float]:
        return self._shown(self.low), self._shown(self.high)

    def _choices(self) -> Iterator[Floats]:
        low, high = self._ends()
        if self.kind == "log" and high / low >= 3:
            yield from _by_decades(low, high)
        if self.kind == "percent" and self.natural is not None and high - low <= 60:  # close to an end a logit is a log
            if 0 < CLOSE * low <= high:
                yield from _by_decades(low, high)
            elif 0 < CLOSE * (100 - high) <= 100 - low:
                yield from (100 - some[::-1] for some in _by_decades(100 - high, 100 - low))
        if self.kind == "percent" and self.natural is not None and high - low > 60:
            yield from (np.array(some, dtype=float) for some in PERCENTS)
        for steps in ([1, 2, 5, 10],) * (self.kind == "whole") + ([1, 2, 2.5, 5, 10],):
            for most in (*STEPS, *FINER):
                values = np.asarray(MaxNLocator(most, steps=steps).tick_values(low, high), dtype=float)
                if len(steps) > 4 or (values % 1 == 0).all():
                    yield values

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
        found = float(scipy.optimize.brentq(gap, self.low, self.high, xtol=1e-14, rtol=1e-14))
        return 0.0 if abs(found) < ROUNDING * (self.high - self.low) else found  # whose label would be of the rounding

    def _fit(self, at: Floats, labels: list[str], length: float, size: float, upright: bool) -> bool:
        share = (at - self.low) / (self.high - self.low) * length
        half = np.array([size * LINE / 2 if upright else text_width(t, size) / 2 + APART / 2 for t in labels])
        return bool(np.all(np.diff(share) >= half[1:] + half[:-1]))

    def _reaches_beyond(self, inside: Floats, at: Floats, length: float, size: float) -> bool:
        """Return whether the last label takes more than there is beside the axis."""
        if not len(at):
            return False
        rest = (self.high - at[-1]) / (self.high - self.low) * length
        return bool(text_width(self.text(inside[-1]), size) / 2 > rest + BESIDE)


def _by_decades(low: float, high: float) -> Iterator[Floats]:
    """Yield ticks of an axis of decades, from the most."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    yield from (np.array([s * 10.0**d for d in decades for s in some]) for some in DECADE)
    yield from (np.array([10.0**d for d in decades[::step]]) for step in (2, 3, 4, 5))
    yield np.array([1.0, 10.0 ** np.floor(np.log10(high)), 10.0 ** np.ceil(np.log10(low))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates(Scale):
    """An axis of dates in years: whole years are labelled, or months where there are too few."""

    def text(self, value: float) -> str:
        """Return the label of a date."""
        year, month = divmod(round(12 * value), 12)
        return f"{year}-{month + 1:02}" if month else f"{year}"

    def _choices(self) -> Iterator[Floats]:
        for months in (*(12 * years for years in (1, 2, 5, 10, 20, 50)), 6, 3, 2, 1):
            step = months / 12
            yield np.array([k * step for k in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(Scale):
    """An axis whose ticks stand at places chosen for it, or at every second, third ... of them where it is short.

    Attributes
    ----------
    at
        The places, rising.
    """

    at: tuple[float, ...]

    def _choices(self) -> Iterator[Floats]:
        yield from (np.array(self.at[::step]) for step in range(1, len(self.at) + 1))


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

    def label_at(self, x: float) -> str:
        """Return the name of a row."""
        return self.names[round(x)]

    def lines(self) -> int:
        """Return how many lines the longest name has."""
        return max(1 + name.count("\n") for name in self.names)

    def broken(self, width: float, size: float) -> Levels:
        """Return the same rows, their names in lines of type of a size at most so wide."""
        lines = ([line for part in name.split("\n") for line in wrap(part, width, size)] for name in self.names)
        return replace(self, names=tuple("\n".join(each) for each in lines))


class ScaleLocator(Locator):
    """Ticks of a scale, those of the part in view when somebody changes the limits of its axis."""

    def __init__(self, scale: Scale, length: float, size: float, upright: bool) -> None:
        self.scale, self.length, self.size, self.upright = scale, length, size, upright
        self.seen: dict[tuple[float, float], list[float]] = {}

    def __call__(self) -> Sequence[float]:
        """Return the ticks in view."""
        assert self.axis is not None
        return self.tick_values(*self.axis.get_view_interval())

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        """Return the ticks between two ends of the axis."""
        low, high = sorted((float(vmin), float(vmax)))
        if (low, high) not in self.seen:
            part = replace(self.scale, low=low, high=high)
            self.seen = {(low, high): part.ticks(self.length, self.size, upright=self.upright)[0].tolist()}
        return self.seen[low, high]


class ScaleFormatter(Formatter):
    """Labels of a scale."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of a place on the axis."""
        return self.scale.label_at(x)


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


def effect_name(r: PooledResult | CoefficientsResult, effect: str | None, unit: str) -> str:
    """Return what the axis of the effect is called, with its unit."""
    name = effect or r.record.natural[:1].upper() + r.record.natural[1:]
    return f"{name}, {'%' if r.record.scale == 'percent' else unit}".rstrip(", ")


def effect_scale(r: PooledResult, low: float, high: float, label: str) -> Scale:
    """Return an axis of effects: drawn on the scale of analysis, labelled on the natural scale."""
    return Scale(label=label, low=low, high=high, natural=r.natural, kind=r.record.scale)
