"""The axis of a forest plot: how far it reaches, and the ticks that fit on it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from matplotlib.ticker import MaxNLocator

from .._check import Floats
from .forest_rows import ForestRows
from .typeset import text_width

BEYOND = 4.0  # a ratio's axis reaches so many times beyond the outermost estimate; wider intervals end in arrows
BETWEEN = 4.0  # pt between two tick labels


def tick_label(tick: float) -> str:
    """Return the label of a tick."""
    return f"{tick:g}".replace("-", "−")


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
        low, high = 0.0, 100.0
        choices: Iterator[Floats] = (np.linspace(0, 100, k) for k in (5, 3, 2))
    elif content.scale == "linear":
        edges = _edges(content)
        ends = MaxNLocator(5).tick_values(edges.min(), edges.max())
        low, high = float(ends[0]), float(ends[-1])
        choices = (np.asarray(MaxNLocator(k).tick_values(low, high), float) for k in (5, 3, 2, 1))
    else:
        low, high = _log_limits(content)
        choices = _log_choices(low, high)
    ticks = np.array([low, high])
    for some in choices:
        ticks = some[(some >= low * (1 - 1e-9)) & (some <= high * (1 + 1e-9))] if low > 0 else some
        if _fit(ticks, low, high, width, size, content.scale == "log"):
            break
    return low, high, ticks


def _edges(content: ForestRows) -> Floats:
    drawn = content.rows[content.rows["kind"].isin(["study", "pooled", "prediction"])]
    edges = drawn[["low", "high"]].to_numpy(dtype=float).ravel()
    null = [] if content.null is None else [content.null]
    return np.append(edges[np.isfinite(edges)], null)


def _log_limits(content: ForestRows) -> tuple[float, float]:
    """Return steps of 1, 2 and 5 that hold all intervals, but not what lies far beyond all estimates."""
    edges = _edges(content)
    centre = content.rows["estimate"].to_numpy(dtype=float)
    centre = np.append(centre[np.isfinite(centre) & (centre > 0)], [] if content.null is None else [content.null])
    low = max(edges[edges > 0].min(), centre.min() / BEYOND)
    high = min(edges.max(), centre.max() * BEYOND)
    steps = _steps(low, high, (1, 2, 5))
    return float(steps[steps <= low * (1 + 1e-9)].max()), float(steps[steps >= high * (1 - 1e-9)].min())


def _steps(low: float, high: float, of: tuple[int, ...]) -> Floats:
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    return np.array([s * 10.0**d for d in decades for s in of])


def _log_choices(low: float, high: float) -> Iterator[Floats]:
    """Yield ticks from many to few."""
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
