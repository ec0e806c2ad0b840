"""The axis of a forest plot: how far it reaches, and the ticks that fit on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from matplotlib.ticker import Formatter, Locator, MaxNLocator

from ...base.check import Floats
from ..typeset import text_width
from .content import TRIALS, ForestRows
from .style import PLAIN, ForestStyle

# How far an axis reaches beyond the outermost estimate, wider intervals end in arrows: a factor of ratios and times; of
# differences the number of typical half intervals.
BEYOND = 4.0
STEPS = (6, 4, 3, 2, 1)  # numbers of equal steps that are tried, from the most
CLOSE = 75.0  # percent: what lies no farther from an end leaves a quarter of 0 to 100 empty, and has an axis of its own
HALF, TENTHS = 50.0, 10  # above half an axis ends at one of ten steps, not to leave empty again what it gained
FINE = 2.0  # an axis of ratios that spans less than this factor has ticks at equal distances
FULL = (1, 1.5, 2, 3, 4, 5, 7)  # of each decade of an axis of ratios: where it ends, and its ticks where it is short
BETWEEN = 4.0  # pt between two tick labels
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LEAST = 3  # ticks, of which a reader can tell a scale


def tick_label(tick: float) -> str:
    """Return the label of a tick, no minus before a zero; numbers of many digits as powers of ten, as in 3×10⁻⁶."""
    digits, _, power = f"{tick + 0.0:g}".partition("e")
    if not power:
        return digits.replace("-", "−")
    ten = f"10{f'{int(power)}'.translate(RAISED)}"
    return ten if digits == "1" else f"{digits.replace('-', '−')}×{ten}"


def axis_range(
    content: ForestRows, width: float, size: float, style: ForestStyle = PLAIN
) -> tuple[float, float, Floats]:
    """Return the limits of the axis and its ticks, on the scale drawn: those asked for, else as the data want them.

    Parameters
    ----------
    content
        What is drawn.
    width, size
        Of the panel and of the tick labels, in points.
    style
        What is asked of the drawing.
    """
    of = {"percent": _percent_limits, "linear": _linear_limits}.get(content.scale, _log_limits)
    low, high = of(content) if style.xlim is None else style.xlim
    if style.ticks is None:
        return low, high, ticks_between(low, high, content.scale, width, size)
    if style.xlim is None:
        low, high = min(low, style.ticks[0]), max(high, style.ticks[-1])
    return low, high, np.array(style.ticks)


def labelled(axis: tuple[float, float, Floats], null: float | None, log: bool, width: float, size: float) -> Floats:
    """Return those of the ticks that have room for their labels: no effect first, the ends, then the roundest."""
    low, high, ticks = axis
    first = [x for x in (null, ticks[0], ticks[-1]) if x is not None and x in ticks]
    roundest = sorted(ticks.tolist(), key=lambda x: (len(f"{x:.9e}".partition("e")[0].rstrip("0")), -x))
    kept: list[float] = []
    for x in dict.fromkeys([*first, *roundest]):
        more = sorted([*kept, x])
        if _fit(np.array(more), low, high, width, size, log):
            kept = more
    return np.array(kept)


def ticks_between(low: float, high: float, scale: str, width: float, size: float) -> Floats:
    """Return as many round numbers as have room on an axis `width` points long, three at least where they fit."""
    choices: Iterator[Floats] = (_even(low, high, most) for most in STEPS)
    if scale == "percent" and (low, high) == (0.0, 100.0):
        choices = (np.linspace(0, 100, k) for k in (5, 3))
    elif scale == "log":
        choices = _log_choices(low, high)
    slack, log = 1e-9, scale == "log"
    inside = []
    for some in choices:
        along = _along(some, low, high, log)
        inside.append(some[(along >= -slack) & (along <= 1 + slack)])
        if len(inside[-1]) >= LEAST and _fit(inside[-1], low, high, width, size, log):
            return inside[-1]
    round_ones = np.unique(np.concatenate(inside))
    for some in (round_ones, np.unique([*round_ones, low, high])):
        if len(some) >= LEAST and len(found := _apart(some, low, high, width, size, log)) >= LEAST:
            return found
    return found


class TickLabels(Formatter):
    """The labels of ticks with a decimal point of their own."""

    def __init__(self, point: str) -> None:
        self.point = point

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of a tick."""
        return tick_label(x).replace(".", self.point)


class Ticks(Locator):
    """Round numbers within whatever limits the axis has, also those that are set after it was drawn.

    Parameters
    ----------
    scale
        ``log``, ``percent`` or ``linear``.
    width, size
        Of the panel and of the tick labels, in points.
    """

    def __init__(self, scale: str, width: float, size: float) -> None:
        self.scale, self.width, self.size = scale, width, size

    def __call__(self) -> Any:
        """Return the ticks."""
        low, high = sorted(self.axis.get_view_interval())  # type: ignore[union-attr]
        return self.tick_values(low, high)

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Return the ticks between two limits."""
        return ticks_between(vmin, vmax, self.scale, self.width, self.size)


def _drawn(content: ForestRows, *columns: str) -> Floats:
    """Return the finite numbers of these columns, with the value of no effect."""
    drawn = content.rows[content.rows["kind"].isin([*TRIALS, "pooled", "common", "prediction"])]
    values = drawn[list(columns)].to_numpy(dtype=float).ravel()
    return np.append(values[np.isfinite(values)], [] if content.null is None else [content.null])


def _percent_limits(content: ForestRows) -> tuple[float, float]:
    """Return all percentages; where what is drawn lies close to an end, round numbers from there that hold it."""
    for steps, most in ((STEPS[0], HALF), (TENTHS, CLOSE)):
        low, high = _linear_limits(content, steps)
        if high <= most:
            return 0.0, high
        if low >= 100 - most:
            return low, 100.0
    return 0.0, 100.0


def _linear_limits(content: ForestRows, steps: int = STEPS[0]) -> tuple[float, float]:
    """Return round numbers that hold all intervals, but not what lies far beyond all estimates."""
    edges, centre = _drawn(content, "low", "high"), _drawn(content, "estimate")
    study = content.rows[content.rows["kind"] == ("study" if "study" in set(content.rows["kind"]) else "pooled")]
    reach = BEYOND * float((study["high"] - study["low"]).median()) / 2
    low, high = max(edges.min(), centre.min() - reach), min(edges.max(), centre.max() + reach)
    ends = _even(low, high, steps)
    return float(ends[0]), float(ends[-1])


def _log_limits(content: ForestRows) -> tuple[float, float]:
    """Return round numbers that hold all intervals, but not what lies far beyond all estimates.

    Both directions from no effect are on the axis.
    """
    edges, centre = _drawn(content, "low", "high"), _drawn(content, "estimate")
    edges, centre = edges[edges > 0], centre[centre > 0]
    low, high = max(edges.min(), centre.min() / BEYOND), min(edges.max(), centre.max() * BEYOND)
    if content.null is not None:
        low, high = min(low, 0.999 * content.null), max(high, 1.001 * content.null)
    steps = _even(low, high, STEPS[0]) if high / low < FINE else _steps(low, high, FULL)
    return float(steps[steps <= low * (1 + 1e-9)].max()), float(steps[steps >= high * (1 - 1e-9)].min())


def _even(low: float, high: float, most: int) -> Floats:
    """Return round numbers at equal distances from `low` or below to `high` or above, about `most` steps."""
    return np.asarray(MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(low, high), dtype=float)


def _steps(low: float, high: float, of: tuple[float, ...]) -> Floats:
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    return np.array([s * 10.0**d for d in decades for s in of])


def _log_choices(low: float, high: float) -> Iterator[Floats]:
    """Yield ticks from many to few."""
    if high / low < 1.5 * FINE:  # limits of less than FINE, rounded outwards
        yield from (_even(low, high, most) for most in STEPS)
    for of in ((1, 2, 5), (1, 5), (1, 3), (1,)):
        yield _steps(low, high, of)
    yield _steps(low, high, FULL)
    most = math.ceil(max(abs(math.log10(low)), abs(math.log10(high))))
    for step in (2, 3, 5, 10, 20, 50, 100):  # decades, 1 among them
        if step <= most:
            yield np.array([10.0**power for power in range(-step * (most // step), most + 1, step)])


def _fit(ticks: Floats, low: float, high: float, width: float, size: float, log: bool) -> bool:
    """Return whether the labels of ticks leave room between them."""
    at = width * _along(ticks, low, high, log)
    half = _halves(ticks, size)
    return bool(np.all(np.diff(at) >= half[1:] + half[:-1] + BETWEEN))


def _apart(ticks: Floats, low: float, high: float, width: float, size: float, log: bool) -> Floats:
    """Return the first and the last of these ticks, and between them the one that lies nearest to the middle."""
    first, *between, last = ticks
    at = _along(np.array(between), low, high, log)
    middle = [between[i] for i in np.argsort(np.abs(at - 0.5))]
    threes = [np.array([first, x, last]) for x in middle]
    return next((some for some in threes if _fit(some, low, high, width, size, log)), np.array([first, last]))


def _along(ticks: Floats, low: float, high: float, log: bool) -> Floats:
    """Return how far along the axis each tick stands."""
    if log:
        return np.asarray(np.log(ticks / low) / np.log(high / low))
    return (ticks - low) / (high - low)


def _halves(ticks: Iterable[float], size: float) -> Floats:
    return np.array([text_width(tick_label(t), size) for t in ticks]) / 2
