"""Censoring marks: what sits on a line and juts out of it."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ....base.check import Floats
from .edges import Edges

_JUT, _PART = 1.0, 0.5  # pixels, and widths, by which a mark juts out
_DASHED = 0.9  # of the columns: a line that is seen in fewer may have dashes
_TALL = 0.5  # of the usual height of marks: what is lower is none
_BESIDE = 3  # columns beside a mark in which the line is seen again
_CENTRED = 0.6  # of the longer part of a mark, above or below the line: as long is the other where it is in the middle
_KNOWN = 2  # marks between columns of one level: as many show how they sit on the line
_ON = 0.5  # covered part of a pixel that is of a colour
_RING = 4  # holes of one width: as many are those of marks
_LARGEST = 0.08  # of the panel's height: the widest mark
_SMALLEST = 3  # pixels: the narrowest hole
_ALIKE = (1.0, 0.12)  # pixels, and part, by which the widths of such holes differ
_SHAPE, _FILLED = (0.8, 2.8), 0.55  # their width to their height, from a ring to its half; part of their box
_LARGER = 1.2  # of that width: what marks that overlap leave between them is no larger


def without_holes(cover: Floats) -> Floats:
    """Return which part of each pixel colours cover, where rings, such as circles for marks, are filled.

    Rings through which a line of another colour is seen stay as they are.

    Parameters
    ----------
    cover
        Colours by rows by columns.
    """
    filled = cover
    for k, own in enumerate(cover):
        holes = _holes(own)
        if holes is None:
            continue
        others = np.max(np.delete(cover, k, axis=0), axis=0, initial=0.0) > _ON
        crossed = np.bincount(holes[others], minlength=holes.max() + 1) > 0
        crossed[0] = True
        filled = filled.copy() if filled is cover else filled
        filled[k] = np.where(crossed[holes], own, np.float32(1.0))
    return filled


def in_rings(drawn: Floats) -> np.ndarray | None:
    """Return which pixels lie in rings, which hide what is below them if they are white; None where there are none."""
    holes = _holes(drawn)
    return None if holes is None else np.asarray(holes > 0)


def _holes(own: Floats) -> np.ndarray | None:
    """Return the numbers of the holes that pixels are in, from 1, of rings of one width; None where there are none."""
    holes, count = ndimage.label(own <= _ON)
    if count <= _RING:
        return None
    boxes = ndimage.find_objects(holes)
    high, wide = (np.array([box[axis].stop - box[axis].start for box in boxes]) for axis in (0, 1))
    most = max(_LARGEST * len(own), 2.0 * _SMALLEST)
    small = (high <= most) & (wide <= most)
    area = np.bincount(holes.ravel(), minlength=count + 1)[1:]
    shape = wide / high
    ring = small & (high * 2 >= _SMALLEST) & (wide >= _SMALLEST) & (area >= _FILLED * high * wide)
    ring &= (shape >= _SHAPE[0]) & (shape <= _SHAPE[1])
    if ring.sum() < _RING:
        return None
    widths = wide[ring]
    alike = np.abs(widths - widths[:, None]) <= np.maximum(_ALIKE[0], _ALIKE[1] * widths[:, None])
    usual = int(alike.sum(axis=1).argmax())
    if alike[usual].sum() < _RING:
        return None
    filled = np.append(False, small & (np.maximum(high, wide) <= _LARGER * widths[usual] + 1))
    return np.where(filled[holes], holes, 0)


def least_jut(edges: Edges) -> float:
    """Return the rows by which what sits on a line juts out of it at least."""
    return max(_JUT, _PART * edges.width)


def are_centred(edges: Edges, jut: Floats) -> bool:
    """Return whether marks reach as far above the line as below, going by those between columns of one level."""
    out = np.flatnonzero(jut > 0)
    if not len(out):
        return False
    share = []
    for group in np.split(out, np.flatnonzero(np.diff(out) > 1) + 1):
        first, last = max(group[0] - _BESIDE, 0), min(group[-1] + _BESIDE, len(jut) - 1)
        before, after = ((edges.upper[c], edges.lower[c]) for c in (first, last))
        upper, lower = edges.upper[group], edges.lower[group]
        if (
            jut[first]
            or jut[last]
            or not np.abs(np.subtract(before, after)).max() < _JUT
            or np.isnan([upper, lower]).any()
        ):
            continue
        above, below = before[0] - upper.min(), lower.max() - before[1]
        share.append(min(above, below) / max(above, below))
    return len(share) >= _KNOWN and float(np.median(share)) > _CENTRED


def juts(edges: Edges) -> Floats:
    """Return by how many rows something juts out of the line in each column, above or below; 0 where nothing does."""
    upper = np.where(np.isnan(edges.upper), -np.inf, edges.upper)
    lower = np.where(np.isnan(edges.lower), np.inf, edges.lower)
    out_above = np.maximum.accumulate(upper) - edges.upper
    out_below = edges.lower - np.minimum.accumulate(lower[::-1])[::-1]
    least = least_jut(edges)
    out = np.fmax(np.nan_to_num(out_above, nan=0.0), np.nan_to_num(out_below, nan=0.0))
    return np.where(out > least, out, 0.0)


def without_rising(edges: Edges) -> Edges:
    """Return a line without the columns that lie wholly above others before them, which no line does that falls.

    They are of marks that slant, as a slash has half of it beyond the line's end; of two that contradict each other,
    that one goes which contradicts more.
    """
    least = least_jut(edges)
    before = np.maximum.accumulate(np.where(np.isnan(edges.upper), -np.inf, edges.upper))
    after = np.minimum.accumulate(np.where(np.isnan(edges.lower), np.inf, edges.lower)[::-1])[::-1]
    high, low = (np.flatnonzero(off > least) for off in (before - edges.lower, edges.upper - after))
    if not len(high):
        return edges
    against = (high[:, None] > low) & (edges.upper[low] - edges.lower[high][:, None] > least)
    gone = np.zeros(len(edges.upper), dtype=bool)
    while against.any():
        by_high, by_low = against.sum(axis=1), against.sum(axis=0)
        if by_high.max() >= by_low.max():
            gone[high[by_high.argmax()]] = True
        else:
            gone[low[by_low.argmax()]] = True
        against[gone[high]] = False
        against[:, gone[low]] = False
    upper, lower = np.where(gone, np.nan, edges.upper), np.where(gone, np.nan, edges.lower)
    return Edges(upper, lower, np.where(gone, 0, edges.top), np.where(gone, -1, edges.bottom), edges.width)


def marks(edges: Edges) -> Floats:
    """Return the middles of the columns where marks sit on the line."""
    jut = juts(edges)
    out = np.flatnonzero(jut > 0)
    if not len(out):
        return np.array([])
    groups = np.split(out, np.flatnonzero(np.diff(out) > max(1.5 * edges.width, 2)) + 1)
    heights = np.array([jut[g].max() for g in groups])
    least = edges.width if edges.seen.mean() < _DASHED else 0.0  # drops that end between dashes jut out by less
    tall = heights >= max(_TALL * np.median(heights), least)
    return np.array([np.average(g, weights=jut[g]) for g, high in zip(groups, tall, strict=True) if high])
