"""The ends of a line of pixels.

It begins at survival 1, or later from under another line. It ends with its last drop, and what of its last mark stands
beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....base.check import Floats
from .edges import Edges
from .marks import are_centred, juts, least_jut

_ON = 0.5  # covered part of a pixel that is of a colour
_TAIL = (8.0, 4)  # widths, and columns, before its end in which its last drop may stand
_TALL = (4.0, 8.0)  # widths, and pixels, below the line from which a stroke that it hardly shows is one
_BESIDE = 1.5  # widths of the line between a mark and the drop or the end beside it
_HALF = 0.5  # of the usual height of marks: what is lower is none
_ALONE = 0.25  # quantile of the heights of marks that those of a mark alone have
_OTHERS, _DEEPER = 2, 1.5  # marks that show how far one reaches out, and times that, by which a drop does
_SOFT = 2  # columns by which the rims of a stroke widen it
_SLANT, _FEWEST = (0.3, 3.0), 3  # rows by which the leg of a cross falls in each column; columns that show it
_OBLIQUE = 3.5  # widths that a leg takes of a column at most, or the legs of two crosses
_ALIKE, _SEVERAL = 1.5, 0.2  # rows by which what marks reach out differs; part of them that reach out as far
_NEAR_ONE = 0.1  # of the axis: how far from survival 1 what is drawn first may lie
_FIRST = 5  # columns in which a line reaches survival 1
_LATE = 0.03  # of the panel: after which no curve begins
_UNDER = 0.35  # of the panel: the longest part at the start that may lie under another line
_LEADS = 0.4  # of the rows from survival 1 to where a line begins that are drawn


def may_begin(own: Floats, others: Floats, first_row: float, span: float, start: int) -> bool:
    """Return whether anything is drawn near survival 1 where a curve may begin."""
    low = max(int(first_row + _NEAR_ONE * span), 1)
    columns = slice(start, start + int(_UNDER * own.shape[1]) + _FIRST)
    return bool((own[:low, columns] > _ON).any() or (others[:low, columns] > _ON).any())


def hidden_before(
    own: Floats, others: Floats, edges: Edges, start: int, beginning: tuple[float, float], faint: float
) -> int | None:
    """Return how many columns another line hides before a line is seen, None where it does not begin at survival 1.

    Parameters
    ----------
    own, others
        Part of each pixel that its colour, and all other colours, cover.
    edges
        Of the line, from time 0.
    start
        Column of time 0.
    beginning
        Row of survival 1, and how far off it a line may begin.
    faint
        Part of a pixel that strokes which lead to it cover at least: bands may tint them, and a JPEG smear them.
    """
    (first_row, slack), drawn = beginning, np.maximum(own, others)
    wide, first = own.shape[1], int(np.argmax(edges.seen))
    if not _comes_down(drawn[:, start : start + first + _FIRST] > faint, edges, first, first_row + slack):
        return None
    if first <= _LATE * wide:
        return 0
    reach = int(np.ceil(edges.width)) + 1
    level = int(edges.top[first] + edges.width / 2)  # it may begin with a drop from the line that covers it
    beside = 2 * reach if faint < _ON else reach  # a smear of both colours may part the drop from it
    before = near(drawn[:, start : start + first], np.full(first, level), beside, faint)
    above = own[: int(max(first_row - slack, 0)), max(start + first - reach, 0) : start + first + 1]
    if first > _UNDER * wide or not before[-4:].any() or (above > _ON).any():  # it comes from above survival 1
        return None
    return first


def _comes_down(drawn: np.ndarray, edges: Edges, first: int, row: float) -> bool:
    """Return whether a line begins at survival 1, or what is drawn before leads down to where it begins."""
    columns = slice(first, first + _FIRST)
    begins = int(edges.top[columns][edges.seen[columns]].min() - edges.width)
    return begins <= row or bool(drawn[int(max(row, 0)) : begins].any(axis=1).mean() >= _LEADS)


def near(others: Floats, path: np.ndarray, reach: int, least: float = _ON) -> np.ndarray:
    """Return in which columns another line, which covers more than a part of a pixel, is within some rows of a path."""
    rows = np.clip(path + np.arange(-reach, reach + 1)[:, None], 0, len(others) - 1)
    return np.asarray((others[rows, np.arange(len(path))] > least).any(axis=0))


@dataclass(frozen=True, slots=True)
class LastLevel:
    """The level with which a line ends.

    Attributes
    ----------
    column
        From where on, counted from the line's first.
    row
        The level.
    """

    column: int
    row: float


def with_whole_stroke(edges: Edges, own: Floats, others: Floats) -> Edges:
    """Return a line whose last strokes go on below other lines that they cross, and end on one that they touch.

    Parameters
    ----------
    edges
        Of the line, to its end.
    own, others
        Part of each pixel that its colour, and all other colours, cover; columns as those of the line.
    """
    bottom, lower, last = edges.bottom.copy(), edges.lower.copy(), len(edges.top) - 1
    if last < 0 or edges.bottom[last] < edges.top[last]:
        return edges
    first, reach = _tail(edges), int(np.ceil(edges.width)) + 1
    tall = edges.bottom - edges.top + 1 - edges.width > least_jut(edges)
    for column in first + np.flatnonzero(tall[first:]):
        theirs = others[:, max(column - reach, 0) : column + reach + 1].max(axis=1)
        end = _end_below(own[:, column], theirs, int(bottom[column]), edges.width)
        if end > bottom[column]:
            bottom[column], lower[column] = end, _lower_edge(own[:, column], end) - edges.width / 2
        elif np.isnan(lower[column]):
            lower[column] = end + 0.5 - edges.width / 2
    # a stroke that lies over two columns covers neither, and one may begin under a line on which this one lies
    mine = np.minimum(own[:, max(last - 1, 0) : last + 3].sum(axis=1), 1.0)
    theirs = others[:, max(last - reach, 0) : last + reach + 2].max(axis=1)
    end = _end_below(mine, theirs, int(bottom[last]), edges.width)
    above = int(np.argmin(np.append(mine[: edges.top[last]][::-1] > _ON, False)))
    if end - bottom[last] > max(_TALL[0] * edges.width, _TALL[1], above / _HALF):
        bottom[last], lower[last] = end, end + 0.5 - edges.width / 2
    return Edges(edges.upper, lower, edges.top, bottom, edges.width)


def _tail(edges: Edges) -> int:
    """Return the first of the columns in which a last drop may stand."""
    return max(len(edges.top) - int(np.ceil(_TAIL[0] * edges.width)) - _TAIL[1], 0)


def _end_below(mine: Floats, theirs: Floats, bottom: int, width: float) -> int:
    """Return the last row of a stroke that goes on below a row, and below others that it crosses."""
    reach = int(np.ceil(2 * width)) + 2
    while True:
        bottom += int(np.argmin(np.append(mine[bottom + 1 :] > _ON, False)))
        again = np.flatnonzero(mine[bottom + 1 : bottom + 2 + reach] > _ON)
        if not len(again) or not (theirs[bottom + 1 : bottom + 1 + int(again[0])] > _ON).any():
            return bottom
        bottom += int(again[0])


def _lower_edge(mine: Floats, bottom: int) -> float:
    """Return where ink ends, to a part of a pixel."""
    padded = np.pad(mine, (0, 2))
    return float(bottom - 0.5 + padded[bottom + 1] + padded[bottom])


def leg(edges: Edges) -> int:
    """Return how many of the last columns are of the leg of a cross: it slants beyond the end, as no line does."""
    drawn = edges.bottom >= edges.top
    thin = drawn & (edges.bottom - edges.top <= _OBLIQUE * edges.width)
    by = np.stack([np.diff(edges.top), np.diff(edges.bottom)])
    slants = (by.min(axis=0) >= 0) & (by.max(axis=0) > 0) & (by.max(axis=0) <= _SLANT[1]) & thin[1:] & thin[:-1]
    columns = int(np.argmin(np.append(slants[::-1], False))) + 1
    if columns < _FEWEST or edges.top[-1] - edges.top[-columns] < _SLANT[0] * (columns - 1):
        return 0
    start = len(drawn) - columns
    before = slice(max(start - columns - int(np.ceil(edges.width)) - _SOFT, 0), start)
    return columns if (juts(edges)[before] > 0).any() else 0


def last_level(edges: Edges, jut: Floats, last_row: float) -> LastLevel | None:
    """Return the level after the drop with which a line ends, or under a last mark; None where it ends level.

    Parameters
    ----------
    edges
        Of the line.
    jut
        By how much something juts out of it in each column.
    last_row
        Row of survival 0, or the last that the panel shows.
    """
    return _beside_a_mark(edges, jut, last_row) or _at_the_end(edges, jut, last_row)


def _at_the_end(edges: Edges, jut: Floats, last_row: float) -> LastLevel | None:
    stop, row, stroke = len(edges.lower), float(edges.lower[-1]), _last_stroke(edges)
    if stroke == stop or (jut[stroke:] > 0).any():
        return None
    heights = _heights(edges, jut)[0]
    if _are_alike(row - edges.upper[stroke], heights) and not _is_last(row, edges, last_row):
        return LastLevel(stroke, float(edges.upper[stroke]))  # half a tick that hangs from the line's end
    half = (row - edges.upper[-1]) / 2
    before = edges.upper[max(stroke - int(np.ceil(edges.width)) - _SOFT, 0) : stroke]
    below = edges.upper[-1] - np.nanmin(before, initial=edges.upper[-1]) > least_jut(edges)
    if below and _are_alike(half, heights) and are_centred(edges, jut):
        row -= float(half)  # of a mark on the level after the drop
    return LastLevel(min(stroke + round(edges.width / 2), stop - 1), row)


def _last_stroke(edges: Edges) -> int:
    """Return where the columns begin that show whole the stroke with which a line ends; their end if it ends level."""
    tall = (edges.lower - edges.upper > least_jut(edges)) & (edges.lower > edges.lower[-1] - least_jut(edges))
    return len(tall) - int(np.argmin(np.append(tall[::-1], False)))


def _are_alike(height: float, heights: Floats) -> bool:
    """Return whether several marks reach out as far, which those on drops do not."""
    return _are_several(np.abs(heights - height) <= _ALIKE)


def _are_several(alike: np.ndarray) -> bool:
    return int(alike.sum()) >= max(_OTHERS, _SEVERAL * len(alike))


def hangs_to_zero(edges: Edges, last_row: float) -> float | None:
    """Return the level from which the stroke that ends a line at survival 0 may hang as half a tick, None if it cannot.

    A last drop looks as a tick does that the axis cuts, where others hang from the line as far or further.

    Parameters
    ----------
    edges
        Of the line.
    last_row
        Row of survival 0, or the last that the panel shows.
    """
    jut, row, stroke = juts(edges), float(edges.lower[-1]), _last_stroke(edges)
    if stroke == len(jut) or (jut[stroke:] > 0).any() or not _is_last(row, edges, last_row):
        return None
    level = float(edges.upper[stroke])
    below = edges.lower - np.minimum.accumulate(np.where(np.isnan(edges.lower), np.inf, edges.lower)[::-1])[::-1]
    hanging = _heights(edges, np.where(np.nan_to_num(below) > least_jut(edges), below, 0.0))[0]
    if are_centred(edges, jut) or not _are_several(hanging >= row - level - _ALIKE):
        return None
    return level


def _beside_a_mark(edges: Edges, jut: Floats, last_row: float) -> LastLevel | None:
    """Return a drop that ends a line beside a mark, below which it reaches.

    It reaches down to survival 0, or much further below the line than marks do, and than that one reaches above.
    """
    heights, last = _heights(edges, jut)
    if last is None or not last[0]:
        return None
    end = np.arange(last[0], len(jut))
    usual, before = _usual(heights), int(np.flatnonzero(edges.seen[: end[0]])[-1])
    row, top = float(np.fmax.reduce(edges.lower[end])), float(np.fmin.reduce(edges.upper[end]))  # NaN if not seen
    to_zero = _is_last(row, edges, last_row)
    if usual is None and not to_zero:
        return None
    usual = usual or max(edges.upper[before] - top, 0.0)
    if len(jut) - last[-1] > usual + _BESIDE * edges.width:  # the last mark's own end
        return None
    reach = _DEEPER * usual + least_jut(edges)
    above = _DEEPER * (edges.upper[before] - top) + least_jut(edges)
    if not row - edges.lower[before] > max(reach, above):
        return None
    deep = end[edges.lower[end] > row - 1]
    after = edges.upper[deep[-1] + 1 :]
    if (np.diff(deep) > 1).any() or (after > edges.upper[before] + reach).any():
        return None  # the line goes on, where only the end of its mark may
    return LastLevel(min(int(deep[0]) + round(edges.width / 2), len(jut) - 1), row)


def _heights(edges: Edges, jut: Floats) -> tuple[Floats, np.ndarray | None]:
    """Return by how much marks jut out, but for the last, and the columns of that."""
    out = np.flatnonzero(jut > 0)
    if not len(out):
        return np.array([]), None
    groups = np.split(out, np.flatnonzero(np.diff(out) > max(_BESIDE * edges.width, _SOFT)) + 1)
    return np.array([jut[group].max() for group in groups[:-1]]), groups[-1]


def _usual(heights: Floats) -> float | None:
    """Return by how much a mark alone juts out, None where too few show it.

    Some are of marks that stand together on a steep part, and some of none.
    """
    if len(heights) < _OTHERS:
        return None
    return float(np.quantile(heights[heights >= _HALF * np.median(heights)], _ALONE))


def _is_last(row: float, edges: Edges, last_row: float) -> bool:
    """Return whether a stroke's lowest level is that of survival 0, or leaves the panel."""
    return bool(row >= last_row - edges.width)
