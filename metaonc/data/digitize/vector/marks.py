"""Censoring marks: small shapes of one size that sit on the curves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....base.check import Floats
from ....errors import DataError
from ..limits import SHAPES
from ..primitives import Box, Drawing
from .strands import Strand

_LARGEST, _SMALLEST = 16.0, 0.8  # points
_SIZE = 0.25  # points: marks of one kind differ by less
_NEAR = 0.35  # points: from the middle, foot or head of a mark to its curve
_MOST = 0.6  # of the shapes of one kind sit on curves, or they are no marks
_SIGNS = "+|×✕"
Kind = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One shape: its box and colour."""

    box: Box
    colour: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Positions of the marks of each curve, and how many could belong to several."""

    of: list[Floats]
    unclear: int


def find_marks(drawing: Drawing, box: Box, curves: Sequence[Strand]) -> Marks:
    """Return the marks on each curve; one that could belong to several curves is counted, not given to any."""
    of: list[list[float]] = [[] for _ in curves]
    unclear = 0
    groups = [*_shapes(drawing, box), *_signs(drawing, box)]
    if len(groups) * len(curves) > SHAPES:
        raise DataError(f"it draws {len(groups)} kinds of small shapes in one panel, more than any figure has.")
    for group in groups:
        x, sits = _sitting(group, curves)
        if not len(x) or sits.any(axis=0).mean() < _MOST:
            continue
        for i in np.flatnonzero(sits.any(axis=0)):
            on = np.flatnonzero(sits[:, i]).tolist()
            alike = [k for k in on if curves[k].stroke.colour == group[i].colour] or on
            if len(alike) == 1:
                of[alike[0]].append(float(x[i]))
            else:
                unclear += 1
    return Marks([_distinct(places) for places in of], unclear)


def _distinct(places: list[float]) -> Floats:
    """Return the places once: a cross of two strokes is one mark."""
    ordered = np.sort(np.array(places, dtype=float))
    return ordered[np.append(True, np.diff(ordered) > 1e-3)] if len(ordered) else ordered


def _shapes(drawing: Drawing, box: Box) -> list[list[Mark]]:
    """Return small shapes in the panel by kind; level bars are left to the upright ones that they cross."""
    groups: dict[Kind, list[Mark]] = defaultdict(list)
    for stroke in drawing.strokes:
        x0, y0, x1, y1 = stroke.box
        wide, high = x1 - x0, y1 - y0
        inside = box[0] - 1 <= (x0 + x1) / 2 <= box[2] + 1 and box[1] - 8 <= (y0 + y1) / 2 <= box[3] + 1
        if not inside or not _SMALLEST < max(wide, high) < _LARGEST or high < 0.05 or wide > 2.5 * high:
            continue
        colour = stroke.colour or stroke.fill
        kind = (
            colour,
            stroke.colour is None,
            len(stroke.points),
            stroke.closed,
            round(wide / _SIZE),
            round(high / _SIZE),
        )
        groups[kind].append(Mark(stroke.box, colour))
    return list(groups.values())


def _signs(drawing: Drawing, box: Box) -> list[list[Mark]]:
    """Return marks set as text."""
    groups: dict[Kind, list[Mark]] = defaultdict(list)
    for word in drawing.words:
        if word.text in _SIGNS and box[0] - 1 <= word.x <= box[2] + 1 and box[1] - 8 <= word.y <= box[3] + 1:
            groups[word.text, word.colour, round(word.size, 1)].append(Mark(word.box, word.colour))
    return list(groups.values())


def _sitting(group: list[Mark], curves: Sequence[Strand]) -> tuple[Floats, np.ndarray]:
    """Return positions, and for each curve which marks sit on it: by the middle, the foot or the head, all alike."""
    boxes = np.array([m.box for m in group])
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    high = float((boxes[:, 3] - boxes[:, 1]).mean())
    levels = [curve.level(x) for curve in curves]
    best = np.zeros((len(curves), len(x)), dtype=bool)
    for share in (0.5, 1.0, 0.0, *_offsets(boxes, levels)):
        y = boxes[:, 1] + share * high
        sits = np.array([(y >= low - _NEAR) & (y <= top + _NEAR) for low, top in levels])
        if sits.any(axis=0).sum() > best.any(axis=0).sum():
            best = sits
    return x, best


def _offsets(boxes: Floats, levels: list[tuple[Floats, Floats]]) -> list[float]:
    """Return where in their height marks most often touch a curve: boxes of text are not those of the ink."""
    high = boxes[:, 3] - boxes[:, 1]
    shares = np.concatenate([(top - boxes[:, 1]) / high for _, top in levels])
    near = shares[np.isfinite(shares) & (shares > 0.3) & (shares < 0.8)]
    return [float(np.median(near))] if len(near) > 2 and np.ptp(near) < 0.5 else []
