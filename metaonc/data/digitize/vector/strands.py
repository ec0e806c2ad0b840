"""Staircases among the strokes of a figure: pieces of one look, joined end to end, that only ever fall or rise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....base.check import Floats
from ....errors import DataError
from ..limits import CURVES
from ..primitives import Box, Stroke
from .frame import frames

LEAN = 0.15  # points: a step that leans by less is upright or level (programs thin their lines out by a tenth)
_JOIN = 0.15  # points between the ends of two pieces of one line
_WIDE = 0.08  # of the panel: no curve is narrower
_TWIN = 0.05  # points: lines nowhere further apart are one line drawn twice
_SHARED = 0.95  # of the drops of a limit are those of its curve

Look = tuple[str | None, float, tuple[float, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Strand:
    """One staircase.

    Attributes
    ----------
    corners
        Shape (k, 2): its start, both ends of each upright step, its end.
    falls
        Whether it goes down the page.
    stroke
        A stroke it was drawn with, for its look.
    cut
        Whether it goes on outside what the figure shows.
    """

    corners: Floats
    falls: bool
    stroke: Stroke
    cut: bool = False

    @property
    def steps(self) -> Floats:
        """Positions of the upright steps."""
        x, y = self.corners.T
        return np.asarray(x[1:][np.abs(np.diff(y)) > 0])

    def level(self, x: Floats) -> tuple[Floats, Floats]:
        """Return the range of the line's heights at positions, NaN beyond its ends."""
        at = np.atleast_1d(np.asarray(x, dtype=float))
        near = 0.1
        left = np.searchsorted(self.corners[:, 0], at - near, side="left") - 1
        right = np.searchsorted(self.corners[:, 0], at + near, side="right") - 1
        inside = (at >= self.corners[0, 0] - near) & (at <= self.corners[-1, 0] + near)
        a, b = self.corners[np.clip(left, 0, None), 1], self.corners[np.clip(right, 0, None), 1]
        return np.where(inside, np.minimum(a, b), np.nan), np.where(inside, np.maximum(a, b), np.nan)


def strands(strokes: Sequence[Stroke], box: Box) -> list[Strand]:
    """Return the staircases that begin in a panel and cross a good part of it."""
    looks: dict[Look, list[Stroke]] = defaultdict(list)
    for stroke in strokes:
        if _may_be_part(stroke, box):
            looks[stroke.look].append(stroke)
    found = [s for parts in looks.values() for chain in _chains(parts) if (s := _staircase(chain, box)) is not None]
    if len(found) > CURVES:
        raise DataError(f"it draws {len(found)} staircases in one panel, more curves than any figure has.")
    return _once(found)


def level_strands(strokes: Sequence[Stroke], box: Box, known: Sequence[Strand]) -> list[Strand]:
    """Return the level lines of a panel, in looks that no staircase has: curves without an event, grids and others."""
    looks = {strand.stroke.look for strand in known}
    level = [
        s for s in strokes
        if _may_be_part(s, box) and s.look not in looks and s.box[3] - s.box[1] <= LEAN
        and s.box[2] - s.box[0] > _WIDE * (box[2] - box[0])
    ]  # fmt: skip
    ends = [(s, np.array([[s.box[0], s.box[1]], [s.box[2], s.box[1]]])) for s in level]
    return [Strand(corners, True, s) for s, corners in ends]


def slanted(strokes: Sequence[Stroke], box: Box) -> int:
    """Return how many long lines of a panel lean."""
    wide = 0.3 * (box[2] - box[0])
    return sum(
        s.colour is not None
        and not s.closed
        and len(s.points) > 5
        and s.box[2] - s.box[0] > wide
        and _within(s, box)
        and not _orthogonal(s.points)
        for s in strokes
    )


def without_limits(found: Sequence[Strand]) -> tuple[list[Strand], int]:
    """Return the strands that are no confidence limits of another, and how many limits there were.

    Two strands of one look between which a third of another look runs, whose steps they share, are its limits.
    """
    limits: set[int] = set()
    for k, curve in enumerate(found):
        shared = [i for i, s in enumerate(found) if i != k and s.stroke.look != curve.stroke.look and _shares(s, curve)]
        for i in shared:
            for j in shared:
                if i < j and found[i].stroke.look == found[j].stroke.look and _between(curve, found[i], found[j]):
                    limits |= {i, j}
    return [s for i, s in enumerate(found) if i not in limits], len(limits)


def _may_be_part(stroke: Stroke, box: Box) -> bool:
    usable = stroke.colour is not None and stroke.colour != "#ffffff" and not stroke.closed and not stroke.curved
    return usable and _within(stroke, box) and not frames(stroke, box) and _orthogonal(stroke.points)


def _within(stroke: Stroke, box: Box) -> bool:
    x0, y0, x1, y1 = stroke.box
    return x1 >= box[0] - 2 and x0 <= box[2] + 2 and y1 >= box[1] - 2 and y0 <= box[3] + 2


def _orthogonal(points: Floats) -> bool:
    return bool((np.abs(np.diff(points, axis=0)).min(axis=1) <= LEAN).all())


def _chains(parts: Sequence[Stroke]) -> list[tuple[Floats, Stroke]]:
    """Return lines joined from pieces, each going on where the one before it ended."""
    ordered = sorted(parts, key=lambda s: (round(s.box[0], 1), s.box[2]))
    tails: dict[tuple[int, int], list[int]] = defaultdict(list)
    chains: list[tuple[list[Floats], Stroke]] = []
    for stroke in ordered:
        points = stroke.points if stroke.points[0, 0] <= stroke.points[-1, 0] else stroke.points[::-1]
        upright = abs(points[0, 0] - points[-1, 0]) <= LEAN
        joined = _tail(points[0], tails, chains)
        if joined is None and upright:
            joined = _tail(points[-1], tails, chains)
            points = points[::-1] if joined is not None else points
        if joined is None:
            joined = len(chains)
            chains.append(([], stroke))
        else:
            tails[_cell(chains[joined][0][-1][-1])].remove(joined)
        chains[joined][0].append(points)
        tails[_cell(points[-1])].append(joined)
    return [(np.concatenate(pieces), stroke) for pieces, stroke in chains]


def _cell(point: Floats) -> tuple[int, int]:
    return round(float(point[0]) / _JOIN), round(float(point[1]) / _JOIN)


def _tail(
    point: Floats, tails: dict[tuple[int, int], list[int]], chains: list[tuple[list[Floats], Stroke]]
) -> int | None:
    i, j = _cell(point)
    near = [c for di in (-1, 0, 1) for dj in (-1, 0, 1) for c in tails.get((i + di, j + dj), ())]
    apart = {c: float(np.abs(chains[c][0][-1][-1] - point).max()) for c in near}
    best = min(apart, key=lambda c: apart[c], default=None)
    return best if best is not None and apart[best] <= _JOIN else None


def _staircase(chain: tuple[Floats, Stroke], box: Box) -> Strand | None:
    points, stroke = chain
    if len(points) < 3:
        return None
    clipped, cut = _clipped(points, stroke.clip)
    steps = np.diff(clipped, axis=0)
    if len(clipped) < 3 or (steps[:, 0] < -LEAN).any() or not (np.abs(steps[:, 1]) > LEAN).any():
        return None
    falls = bool(steps[np.abs(steps[:, 1]).argmax(), 1] > 0)
    wrong = -steps[:, 1] if falls else steps[:, 1]
    if (wrong > LEAN).any() or np.ptp(clipped[:, 0]) < _WIDE * (box[2] - box[0]):
        return None
    return Strand(_corners(clipped, falls), falls, stroke, cut)


def _clipped(points: Floats, clip: Box | None) -> tuple[Floats, bool]:
    """Return what shows of a line that leaves the box to the right, the top or the bottom."""
    if clip is None:
        return points, False
    x0, y0, x1, y1 = clip
    points = points[points[:, 0] >= x0 - LEAN]
    outside = np.flatnonzero((points[:, 0] > x1 + LEAN) | (points[:, 1] > y1 + LEAN) | (points[:, 1] < y0 - LEAN))
    if not len(outside):
        return points, False
    k = int(outside[0])
    if k == 0:
        return points[:0], True
    last = points[k - 1]
    beyond = points[k, 0] > x1
    end = np.array([[x1 if beyond else points[k, 0], last[1]]])
    return np.concatenate([points[:k], end]), True


def _corners(points: Floats, falls: bool) -> Floats:
    """Return start, both ends of each upright step, and end, exactly level and upright."""
    x = np.maximum.accumulate(points[:, 0])
    y = np.maximum.accumulate(points[:, 1]) if falls else np.minimum.accumulate(points[:, 1])
    dx, dy = np.diff(x), np.abs(np.diff(y))
    upright = dy > dx
    out = [(x[0], y[0])]
    for k in range(len(dx)):
        if not dx[k] and not dy[k]:
            continue
        if not upright[k]:  # what it leans by belongs to the next step
            out.append((x[k + 1], out[-1][1]))
        elif y[k + 1] != out[-1][1]:
            out.append((out[-1][0], y[k + 1]))
    corners = np.array(out)
    level = np.diff(corners[:, 1]) == 0
    keep = np.ones(len(corners), dtype=bool)
    keep[1:-1] = level[:-1] != level[1:]  # a point within a level or an upright part is no corner
    return corners[keep]


def _once(found: list[Strand]) -> list[Strand]:
    """Return the strands without those drawn over by another on the same course."""
    kept: list[Strand] = []
    for strand in found:
        same = [
            k
            for k, other in enumerate(kept)
            if len(other.corners) == len(strand.corners) and np.abs(other.corners - strand.corners).max() < _TWIN
        ]
        if not same:
            kept.append(strand)
        elif strand.stroke.width < kept[same[0]].stroke.width:  # a halo is the wider one
            kept[same[0]] = replace(strand)
    return kept


def _shares(limit: Strand, curve: Strand) -> bool:
    steps = curve.steps
    if not len(steps) or not len(limit.steps):
        return False
    nearest = np.abs(limit.steps[:, None] - steps[None, :]).min(axis=1)
    return bool((nearest < 2 * LEAN).mean() >= _SHARED)


def _between(curve: Strand, a: Strand, b: Strand) -> bool:
    end = min(a.corners[-1, 0], b.corners[-1, 0], curve.corners[-1, 0])
    x = np.linspace(curve.corners[0, 0], end, 50)[1:-1]
    levels = np.array([s.level(x)[1] for s in (curve, a, b)])
    low, high = levels[1:].min(axis=0), levels[1:].max(axis=0)
    return bool((levels[0] >= low - LEAN).all() and (levels[0] <= high + LEAN).all())
