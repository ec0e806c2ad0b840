"""Names of the curves of a picture: text beside a piece of a curve's colour that stands alone, or in that colour."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from ..options import apart, rgb
from ..primitives import Word
from ..scale.raster_lines import runs
from ..vector.texts import Phrase, joined, tells

_NO_NAME = re.compile(r"at\s*risk|hazard|\bHR\b|p\s*[=<]", re.IGNORECASE)
_SAME, _OTHER = 70.0, 110.0  # distance of colours, 0 to 441, of one line and of two
_KEY = (0.8, 7.0)  # of the height of type: how long the line of a key is
_REACH = 8.0  # of the height of type: how far from its text it may begin
_AROUND = 0.5  # of the height of type: how far around the line of a key nothing of its colour lies
_GAP = 2.5  # of the height of type: the widest between the line and its text


def phrases_of(words: Sequence[Word]) -> list[tuple[Phrase, list[Word]]]:
    """Return the pieces of level text with letters, each with its words."""
    level = [w for w in words if w.rotation == 0]
    groups = [list(group) for _, group in groupby(level, key=lambda w: w.phrase)]
    return [(joined(group), group) for group in groups if re.search(r"[^\W\d_]{2}", "".join(w.text for w in group))]


def names_of(
    rgb_: np.ndarray, phrases: Sequence[Phrase], colours: Sequence[str], floor: float
) -> list[tuple[int, Phrase] | None]:
    """Return for each curve the number of the phrase that names it; None where none does, or several do.

    Parameters
    ----------
    rgb_
        The image.
    phrases
        Its text.
    colours
        Of the curves; those of one colour have no names.
    floor
        Row of the x axis: names stand above it.
    """
    above = {i: p for i, p in enumerate(phrases) if p.y < floor and not _NO_NAME.search(p.text)}
    ways = [[(i, k) for i, p in above.items() for k, c in enumerate(colours) if tell(p, c)] for tell in _ways(rgb_)]
    told = [next((way for way in ways[1:] if way), []), ways[0]]  # keys stand on one side of all names
    own: list[set[int]] = [set() for _ in colours]
    for i, k in {pair for way in told for pair in way}:
        if len({other for way in told for j, other in way if j == i}) == 1:
            own[k].add(i)
    first = [min(found) if len(found) == 1 and _alone(colours, k) else None for k, found in enumerate(own)]
    return [None if i is None else (i, replace(phrases[i], text=_plain(phrases[i].text))) for i in first]


def _plain(text: str) -> str:
    """Return a name without what the line of its key was read as."""
    return re.sub(r"^[^\w(]+\s*|\s+[^\w)%]+$", "", text)


def _ways(image: np.ndarray) -> tuple[Callable[[Phrase, str], bool], ...]:
    """Return the ways in which a phrase may name the curve of a colour: by its own, by a key left or right of it."""
    return (
        lambda p, c: tells(p.colour) and tells(c) and apart(p.colour, c) < _SAME,
        lambda p, c: _has_key(image, p, c, -1),
        lambda p, c: _has_key(image, p, c, 1),
    )


def _alone(colours: Sequence[str], k: int) -> bool:
    return all(apart(c, colours[k]) > _OTHER for i, c in enumerate(colours) if i != k)


def _has_key(image: np.ndarray, phrase: Phrase, colour: str, side: int) -> bool:
    """Return whether a short line of a colour, with nothing of it beyond, stands to one side of a phrase."""
    left, top, right, bottom = phrase.box
    size = bottom - top
    a, b = (left - _REACH * size, left - 1) if side < 0 else (right + 1, right + _REACH * size)
    rows = slice(max(int(top), 0), int(bottom) + 1)
    columns = slice(max(int(a), 0), max(int(b), 0))
    part = image[rows, columns]
    if min(part.shape[:2]) < 2:
        return False
    near = np.linalg.norm(part - np.array(rgb(colour), dtype=float), axis=-1) < _SAME
    starts, ends = runs(near.any(axis=0))
    if not len(starts):
        return False
    first, last = int(starts[0]), int(ends[-1])
    gap = part.shape[1] - last if side < 0 else first
    outside = first if side < 0 else part.shape[1] - last
    if not (_KEY[0] * size <= last - first <= _KEY[1] * size and gap <= _GAP * size and outside > 0.3 * size):
        return False
    return _is_alone(image, (columns.start + first, rows.start, columns.start + last, rows.stop), colour, size)


def _is_alone(image: np.ndarray, box: tuple[int, int, int, int], colour: str, size: float) -> bool:
    """Return whether nothing of a colour lies around a box: what is in it is no part of a curve."""
    left, top, right, bottom = box
    wide, high = int(0.3 * size) + 1, int(_AROUND * size) + 1
    rows = slice(max(top - high, 0), bottom + high)
    columns = slice(max(left - wide, 0), right + wide)
    near = np.linalg.norm(image[rows, columns] - np.array(rgb(colour), dtype=float), axis=-1) < _SAME
    near[top - rows.start : bottom - rows.start, left - columns.start : right - columns.start] = False
    return not near.any()
