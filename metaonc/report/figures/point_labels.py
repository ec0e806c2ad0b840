"""Names beside points: each where it covers no other name, no point and no line, with a leader where that is far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...base.check import Floats, one_of
from ..typeset import LINE, text_width, wrap

NAMED = 6  # as many trials as stand out most are named unless told otherwise
CHOICES = ("outlying", "all", "none")
WIDEST = 0.4  # of the panel, that a name may take before it is broken into lines
MOST_LINES = 2  # of a name: of one that takes more a number is written
NEAR = 2.0  # pt between a point and its name
FAR = (
    0.0,
    5.0,
    10.0,
    16.0,
    24.0,
    34.0,
    48.0,
    64.0,
    84.0,
    110.0,
    140.0,
)  # pt more, one after the other, where there is no room
_ROUND = [(x, y) for part in (0.5, 0.25, 0.75) for x in (1, -1) for y in (part, -part)]
DIRECTIONS = np.array([  # of a name from its point, the best first
    (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1), *_ROUND, *((y, x) for x, y in _ROUND)
])  # fmt: skip
Box = tuple[float, float, float, float]  # left, bottom, right, top in points
Flags = NDArray[np.bool_]
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
    leader: Box | None


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
    points: Floats, radii: Floats, rows: Sequence[int], studies: Sequence[str], panel: Floats, size: float,
    lines: Floats,
) -> list[Placed]:  # fmt: skip
    """Return where the names of these rows go; a name for which nothing is free has no place.

    Parameters
    ----------
    points, radii
        All points (k, 2), from the lower left corner of the panel, and their sizes (k,), in points.
    rows
        Which to name, the most important first.
    studies
        Name of each row.
    panel
        Its width and height in points, (2,).
    size
        Of the type, in points.
    lines
        What is drawn of lines: pieces (m, 4), each from its first to its second end.
    """
    known = np.flatnonzero(np.isfinite(points).all(1))
    marks = np.hstack([points[known] - radii[known, None], points[known] + radii[known, None]])
    done: list[Placed] = []
    for row in rows:
        text = wrap(studies[row], WIDEST * float(panel[0]), size)
        wide, high = max(text_width(t, size) for t in text), len(text) * size * LINE
        names = np.array([it.box for it in done]).reshape(-1, 4)
        leaders = np.array([it.leader for it in done if it.leader]).reshape(-1, 4)
        others = marks[known != row]
        for far in FAR:
            boxes, leads = _around(points[row], float(radii[row]), far, wide, high)
            free = (boxes[:, :2] >= 0).all(1) & (boxes[:, 2:] <= panel).all(1)
            free &= ~_meet(boxes, np.vstack([names, marks]))
            if far:
                free &= ~_cross(leads, np.vstack([names, others])).any(1) & ~_cut(leads, leaders)
            free[free] = ~_cross(np.vstack([lines, leaders]), boxes[free]).any(0)
            if free.any():
                i = int(np.argmax(free))
                done.append(Placed(row, "\n".join(text), _four(boxes[i]), _four(leads[i]) if far else None))
                break
    return done


def numbered(
    rows: Sequence[int], studies: Sequence[str], names: Sequence[Placed], width: float, size: float
) -> dict[int, int]:
    """Return a number for each row whose name found no place in a panel of this width, or takes many lines there."""
    there = {it.row for it in names}
    out = [row for row in rows if row not in there or len(wrap(studies[row], WIDEST * width, size)) > MOST_LINES]
    return {row: n for n, row in enumerate(out, start=1)}


def _four(values: Floats) -> Box:
    left, bottom, right, top = (float(v) for v in values)
    return left, bottom, right, top


def _around(point: Floats, radius: float, far: float, wide: float, high: float) -> tuple[Floats, Floats]:
    """Return boxes about a point at a distance, and the lines from the point to each; (n, 4) both."""
    half = np.array([wide, high]) / 2
    gap = (radius + NEAR + far) * DIRECTIONS / np.hypot(*DIRECTIONS.T)[:, None]
    middle = point + DIRECTIONS * half + gap
    boxes = np.hstack([middle - half, middle + half])
    ends = np.clip(point, boxes[:, :2], boxes[:, 2:])
    away = np.hypot(*(ends - point).T)[:, None]
    starts = point + (ends - point) * np.divide(radius, away, out=np.zeros_like(away), where=away > 0)
    return boxes, np.hstack([starts, ends])


def _meet(boxes: Floats, others: Floats) -> Flags:
    """Return which boxes (n, 4) lie upon any other (m, 4)."""
    x0, y0, x1, y1 = (side[:, None] for side in boxes.T)
    left, bottom, right, top = others.T
    upon = (x0 < right) & (left < x1) & (y0 < top) & (bottom < y1)
    found: Flags = np.any(upon, axis=1)
    return found


def _cross(lines: Floats, boxes: Floats) -> Flags:
    """Return which pieces of lines (m, 4) go through which boxes (n, 4), as (m, n): Liang and Barsky's clipping."""
    (in_x, out_x), (in_y, out_y) = (_passage(lines[:, [i, i + 2]], boxes[:, [i, i + 2]]) for i in (0, 1))
    found: Flags = np.maximum(np.maximum(in_x, in_y), 0.0) < np.minimum(np.minimum(out_x, out_y), 1.0)
    return found


def _passage(lines: Floats, edges: Floats) -> tuple[Floats, Floats]:
    """Return which parts of lines (m, 2) lie between two edges (n, 2) of one direction: where each comes in and out."""
    start, (low, high) = lines[:, :1], edges.T
    step = lines[:, 1:] - start
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (low - start) / step, (high - start) / step
    first, last = np.minimum(one, two), np.maximum(one, two)
    still = step[:, 0] == 0  # along an edge: never in, or in all the way
    if still.any():
        inside = (start[still] > low) & (start[still] < high)
        first[still], last[still] = np.where(inside, -np.inf, np.inf), np.where(inside, np.inf, -np.inf)
    return first, last


def _cut(lines: Floats, others: Floats) -> Flags:
    """Return which lines (n, 4) cut any of the others (m, 4)."""
    a, b = lines[:, None], others[None]

    def side(p: Floats, q: Floats) -> Floats:
        along = p[..., 2:] - p[..., :2]
        return np.asarray(along[..., 0] * (q[..., 1] - p[..., 1]) - along[..., 1] * (q[..., 0] - p[..., 0]))

    apart = (side(a, b[..., :2]) * side(a, b[..., 2:]) < 0) & (side(b, a[..., :2]) * side(b, a[..., 2:]) < 0)
    found: Flags = np.any(apart, axis=1)
    return found
