"""The axis of a forest plot: how far it reaches, and the ticks that fit on it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from matplotlib.ticker import MaxNLocator

from ...base.check import Floats
from ..typeset import text_width
from .content import ForestRows

# How far an axis reaches beyond the outermost estimate, wider intervals end in arrows: a factor of ratios and times; of
# differences the number of typical half intervals.
BEYOND = 4.0
STEPS = (6, 4, 3, 2, 1)  # numbers of equal steps that are tried, from the most
CLOSE = 30.0  # percent: what lies no farther from an end of 0 to 100 has an axis of its own
FINE = 2.0  # an axis of ratios that spans less than this factor has ticks at equal distances
BETWEEN = 4.0  # pt between two tick labels


def tick_label(tick: float) -> str:
    """Return the label of a tick, no minus before a zero."""
    return f"{tick + 0.0:g}".replace("-", "−")


def axis_range(content: ForestRows, width: float, size: float) -> tuple[float, float, Floats]:
    """Return the limits of the axis and its ticks, on the scale drawn.

    Parameters
    ----------
    content
        What is drawn.
    width, size
        Of the panel and of the tick labels, in points.
    """
    if content.scale == "percent":
        low, high = _percent_limits(content)
        choices: Iterator[Floats] = (np.linspace(0, 100, k) for k in (5, 3, 2))
        if high - low < 100:
            choices = (_even(low, high, most) for most in STEPS)
    elif content.scale == "linear":
        low, high = _linear_limits(content)
        choices = (_even(low, high, most) for most in STEPS)
    else:
        low, high = _log_limits(content)
        choices = _log_choices(low, high)
    ticks = np.array([low, high])
    for some in choices:
        slack = 1e-9 * (high - low)
        ticks = some[(some >= low - slack) & (some <= high + slack)]
        if _fit(ticks, low, high, width, size, content.scale == "log"):
            break
    return low, high, ticks


def _drawn(content: ForestRows, *columns: str) -> Floats:
    """Return the finite numbers of these columns, with the value of no effect."""
    drawn = content.rows[content.rows["kind"].isin(["study", "pooled", "common", "prediction"])]
    values = drawn[list(columns)].to_numpy(dtype=float).ravel()
    return np.append(values[np.isfinite(values)], [] if content.null is None else [content.null])


def _percent_limits(content: ForestRows) -> tuple[float, float]:
    """Return all percentages; where what is drawn lies close to an end, round numbers from there that hold it."""
    low, high = _linear_limits(content)
    if high <= CLOSE:
        return 0.0, high
    return (low if low >= 100 - CLOSE else 0.0), 100.0


def _linear_limits(content: ForestRows) -> tuple[float, float]:
    """Return round numbers that hold all intervals, but not what lies far beyond all estimates."""
    edges, centre = _drawn(content, "low", "high"), _drawn(content, "estimate")
    study = content.rows[content.rows["kind"] == ("study" if "study" in set(content.rows["kind"]) else "pooled")]
    reach = BEYOND * float((study["high"] - study["low"]).median()) / 2
    low, high = max(edges.min(), centre.min() - reach), min(edges.max(), centre.max() + reach)
    ends = _even(low, high, STEPS[0])
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
    steps = _even(low, high, STEPS[0]) if high / low < FINE else _steps(low, high, (1, 1.5, 2, 3, 4, 5, 7))
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
    if low < 1 < high:
        yield np.array([low, 1.0, high])
    yield np.array([low, high])


def _fit(ticks: Floats, low: float, high: float, width: float, size: float, log: bool) -> bool:
    """Return whether there are two ticks or more and their labels leave room between them."""
    if len(ticks) < 2:
        return False
    scaled = np.log(ticks / low) / np.log(high / low) if log else (ticks - low) / (high - low)
    half = np.array([text_width(tick_label(t), size) for t in ticks]) / 2
    return bool(np.all(np.diff(scaled) * width >= half[1:] + half[:-1] + BETWEEN))
