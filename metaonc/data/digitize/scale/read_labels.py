"""The labels of an axis that were recognised in an image: which of the words beside a line lie on one even scale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from ....base.check import Floats
from ..limits import TICKS
from ..primitives import Word
from .calibration import numbers_in
from .numerals import clusters
from .raster_labels import Labels
from .raster_lines import Line

_AGREE = 3  # labels that must lie on one scale
_MOST_OF = 0.6  # of the numbers in a row of labels that must
_OFF = 0.35  # of the height of type: by which the middle of a label may be off its place
_DEEP = 0.2  # of the image: how far from its axis a label may stand
_BEYOND = 0.06  # of the axis: how far beyond its ends
_TOUCH, _MORE = 2, 2.0  # pixels by which a label may touch its axis; times as much as is over it that is below it
_ROW = 0.6  # of the height of type: by which labels of one row may be out of line
_WHOLE = 0.02  # of a step: by which a label may be off a whole number of steps
_PARTS = (1, 2, 3, 4, 5, 6)  # of the least difference of labels that may be their step


@dataclass(frozen=True, slots=True, eq=False)
class ReadLabels:
    """Labels of one axis that lie on one scale.

    Attributes
    ----------
    words
        Those on it, along the axis.
    values
        What they say.
    at
        Their middles along the axis.
    off
        Words in the same row that do not lie on it.
    step
        Of the values: each is the first and a whole number of steps; 0 where they have none.
    """

    words: tuple[Word, ...]
    values: Floats
    at: Floats
    off: tuple[Word, ...]
    step: float

    @property
    def labels(self) -> Labels:
        """Places and steps, as of labels that were not read."""
        return Labels(self.at, np.round((self.values - self.values[0]) / self.step).astype(int))

    @property
    def columns(self) -> Floats:
        """Values from 0, or the first label, to the last, one a step: where a table has its columns."""
        first, last = float(self.values[0]), float(self.values[-1])
        if not self.step:
            return self.values
        first -= self.step * max(round(first / self.step), 0) if abs(first % self.step) < _WHOLE * self.step else 0.0
        return np.asarray(first + self.step * np.arange(round((last - first) / self.step) + 1))


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A word by its place: along an axis, and from where to where it stands away from it."""

    word: Word
    along: float
    away: float
    far: float


def places_of(words: Sequence[Word], name: str, wide: int, rotation: int = 0) -> list[Place]:
    """Return the words with digits by their places along x (and how far down), or along y (and how far to the left).

    Those of a rotation: labels of y may stand on their side.
    """
    kept = [w for w in words if w.rotation == rotation and re.search(r"\d", w.text) and len(w.text) <= 7]
    if name == "x":
        return [Place(w, w.x, w.box[1], w.box[3]) for w in kept]
    return [Place(w, w.y, wide - 1 - w.box[2], wide - 1 - w.box[0]) for w in kept]


def read_labels(places: Sequence[Place], line: Line, high: int, name: str) -> ReadLabels | None:
    """Return the labels below a line that lie on one scale; None where fewer than three do.

    An axis of y lies on its side, so that its labels are below it too.

    Parameters
    ----------
    places
        Of words, by `places_of`.
    line
        That may be the axis.
    high
        Of the image, across the line.
    name
        ``"x"``, whose numbers grow along it, or ``"y"``, whose numbers fall.
    """
    beyond = _BEYOND * line.length
    near = _beside([p for p in places if line.start - beyond <= p.along <= line.stop + beyond], line, _DEEP * high)
    if len(near) < _AGREE or len(near) > TICKS:
        return None
    size = float(np.median([p.word.size for p in near]))
    best: ReadLabels | None = None
    for row in clusters(np.array([p.away for p in near]), _ROW * size):
        found = on_scale(sorted((near[i] for i in row), key=lambda p: p.along), name)
        if found is not None and (best is None or len(found.words) > 1.5 * len(best.words)):
            best = found  # the nearest row, unless one further away says much more
    return best


def _beside(places: Sequence[Place], line: Line, deep: float) -> list[Place]:
    """Return the words below a line; one that reaches a little over it, as with an inward tick, ends at it."""
    below = [p for p in places if -_TOUCH <= p.away - line.last <= deep]
    over = [p for p in places if p.away - line.last < -_TOUCH and p.far - line.last >= _MORE * (line.last - p.away)]
    away = float(np.median([p.away for p in below])) if below else float(line.last)
    return below + [replace(p, away=away) for p in over]


def on_scale(row: Sequence[Place], name: str) -> ReadLabels | None:
    """Return those of a row of labels that most lie on one straight scale, None where too few do."""
    texts = [p.word.text for p in row]
    if any(re.fullmatch(r"0\d+", t) for t in texts):  # its decimal points were not read
        return None
    read = numbers_in(texts)
    has = [k for k, v in enumerate(read) if v is not None]
    v, at = np.array([read[k] for k in has], dtype=float), np.array([row[k].along for k in has])
    tolerance = max(_OFF * float(np.median([p.word.size for p in row])), 1.5)
    on = _most(v, at, tolerance, 1.0 if name == "x" else -1.0)
    if on.sum() < _AGREE or on.sum() < _MOST_OF * len(v):
        return None
    kept = [has[k] for k in np.flatnonzero(on)]
    left = tuple(p.word for k, p in enumerate(row) if k not in kept)
    return ReadLabels(tuple(row[k].word for k in kept), v[on], at[on], left, _step(v[on]))


def _most(v: Floats, at: Floats, tolerance: float, sign: float) -> np.ndarray:
    """Return which labels lie on the line through two of them that holds most; of each value the nearest."""
    best, least = np.zeros(len(v), dtype=bool), np.inf
    for i, j in combinations(range(len(v)), 2):
        if v[i] == v[j] or at[i] == at[j] or (at[j] - at[i]) / (v[j] - v[i]) * sign <= 0:
            continue
        off = np.abs(at[i] + (at[j] - at[i]) / (v[j] - v[i]) * (v - v[i]) - at)
        on = off <= tolerance
        if len(np.unique(v[on])) < on.sum():
            continue
        worst = float(off[on].sum())
        if on.sum() > best.sum() or (on.sum() == best.sum() and worst < least):
            best, least = on, worst
    return best


def _step(values: Floats) -> float:
    """Return the step of which all differences of some values are whole multiples, signed as they go; 0 for none."""
    apart = np.diff(values)
    least = float(np.abs(apart).min())
    for part in _PARTS:
        steps = apart * part / least
        if np.abs(steps - np.round(steps)).max() <= _WHOLE:
            return float(np.sign(apart[0])) * least / part
    return 0.0


def rows_on_scale(places: Sequence[Place], name: str) -> list[tuple[int, int, int, ReadLabels]]:
    """Return the rows of labels anywhere that lie on one scale, where no line is an axis; most labels first.

    Each with the place just before it, its first and last place along it, and the labels.
    """
    if not _AGREE <= len(places) <= TICKS:
        return []
    size = float(np.median([p.word.size for p in places]))
    out = []
    for row in clusters(np.array([p.away for p in places]), _ROW * size):
        found = on_scale(sorted((places[i] for i in row), key=lambda p: p.along), name)
        if found is not None:
            before = int(min(places[i].away for i in row) - 0.3 * size)
            out.append((max(before, 1), int(found.at[0]), int(found.at[-1]), found))
    return sorted(out, key=lambda one: -len(one[3].words))
