"""Names beside points: each where it covers no other name and no point, with a line to its point where that is far."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from ...base.check import Floats, one_of
from ...errors import OptionError
from ..typeset import LINE, text_width, wrap

NAMED = 6  # as many trials as stand out most are named unless told otherwise
CHOICES = ("outlying", "all", "none")
WIDEST = 0.4  # of the panel, that a name may take before it is broken into lines
NEAR = 2.0  # pt between a point and its name
FAR = (0, 5, 10, 16, 24, 34, 48, 64, 84)  # pt more, one after the other, where there is no room
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
Box = tuple[float, float, float, float]  # left, bottom, right, top in points
Labels = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A name with its place in the panel, in points from its lower left corner.

    Attributes
    ----------
    row
        Number of its point.
    text
        The name, in lines.
    box
        Left, bottom, right, top.
    leader
        Ends of the line to the point; None where the name stands beside it.
    """

    row: int
    text: str
    box: Box
    leader: tuple[float, float, float, float] | None


def chosen(labels: Labels, studies: Sequence[str], score: Floats, least: float) -> list[int]:
    """Return the rows to be named, the most remarkable first.

    Parameters
    ----------
    labels
        ``outlying``, ``all``, ``none``, or names of trials.
    studies
        Name of each row.
    score
        How far each stands out; NaN is not drawn.
    least
        Scores above it are outlying.

    Raises
    ------
    OptionError
        When a name is not there.
    """
    order = [int(i) for i in np.argsort(-score, kind="stable") if np.isfinite(score[i])]
    if isinstance(labels, str):
        one_of("labels", labels, CHOICES)
        return {"all": order, "none": []}.get(labels, [i for i in order if score[i] > least][:NAMED])
    names = [one_of("name in labels", name, studies) for name in labels]
    return [i for i in order if studies[i] in names]


def place(
    points: Floats, radii: Floats, rows: Sequence[int], studies: Sequence[str], labels: Labels,
    width: float, height: float, size: float, shun: Floats | None = None,
) -> list[Placed]:  # fmt: skip
    """Return where the names of these rows go.

    Parameters
    ----------
    points, radii
        All points (k, 2), from the lower left corner of the panel, and their sizes (k,), in points.
    rows
        Which to name, the most important first.
    studies
        Name of each row.
    labels
        What was asked for: names that were asked for must all find a place.
    width, height, size
        Of the panel and the type, in points.
    shun
        Places (m, 2) that names should not cover, such as points on a line, but may where nothing else is free.

    Raises
    ------
    OptionError
        When a name that was asked for finds no place.
    """
    done: list[Placed] = []
    marks = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(points, radii, strict=True) if np.isfinite(x + y)]
    lines = [] if shun is None else [(float(x), float(y), float(x), float(y)) for x, y in shun]
    for row in rows:
        found = _free(row, points[row], float(radii[row]), studies[row], done, marks, lines, width, height, size)
        if found is not None:
            done.append(found)
        elif labels != "outlying":
            raise OptionError(
                f"there is no room for the name {studies[row]!r}: make the figure larger or name fewer in labels=."
            )
    return done


def _free(
    row: int, point: Floats, radius: float, name: str, done: list[Placed], marks: list[Box], lines: list[Box],
    width: float, height: float, size: float,
) -> Placed | None:  # fmt: skip
    """Return the nearest place without anything else; one upon a line where there is no other."""
    text = wrap(name, WIDEST * width, size)
    wide, high = max(text_width(t, size) for t in text), len(text) * size * LINE
    taken = [p.box for p in done] + marks
    second = None
    for box, leader in _around(float(point[0]), float(point[1]), radius + NEAR, wide, high):
        if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height or _hits(box, taken):
            continue
        if leader and (any(_crosses(leader, p.box) for p in done) or any(_meet(leader, p.leader) for p in done)):
            continue
        here = Placed(row, "\n".join(text), box, leader)
        if not _hits(box, lines):
            return here
        second = second or here
    return second


def _around(x: float, y: float, near: float, wide: float, high: float) -> Iterator[tuple[Box, Box | None]]:
    for far, (right, up) in product(FAR, DIRECTIONS):
        gap = near + far
        if right and up:
            gap /= math.sqrt(2)
        left = x + gap if right > 0 else x - gap - wide if right < 0 else x - wide / 2
        bottom = y + gap if up > 0 else y - gap - high if up < 0 else y - high / 2
        box = (left, bottom, left + wide, bottom + high)
        leader = None
        if far:
            end = min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
            reach = math.hypot(end[0] - x, end[1] - y)
            start = (near - NEAR) / reach
            leader = (x + start * (end[0] - x), y + start * (end[1] - y), *end)
        yield box, leader


def _hits(box: Box, others: list[Box]) -> bool:
    return any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in others)


def _crosses(line: Box, box: Box) -> bool:
    """Tell whether a line goes through a box, seen at every tenth of its length."""
    x0, y0, x1, y1 = line
    steps = ((x0 + t / 10 * (x1 - x0), y0 + t / 10 * (y1 - y0)) for t in range(11))
    return any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in steps)


def _meet(a: Box, b: Box | None) -> bool:
    """Tell whether two lines cross."""
    if b is None:
        return False

    def side(p: Box, x: float, y: float) -> float:
        return (p[2] - p[0]) * (y - p[1]) - (p[3] - p[1]) * (x - p[0])

    return side(a, b[0], b[1]) * side(a, b[2], b[3]) < 0 and side(b, a[0], a[1]) * side(b, a[2], a[3]) < 0
