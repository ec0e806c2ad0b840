"""Numbers in a figure, put together from parts that some programs place one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....base.check import Floats
from ..primitives import Box, Word

_ADJOIN = 0.3  # of the font: parts of one number lie nearer
_OPEN = 20  # numbers of a line that a part may still belong to
_PART = r"[-−–+\d.,·×%]+"


@dataclass(frozen=True, slots=True)
class Number:
    """Characters of a number, which some programs place one by one.

    Attributes
    ----------
    text, box, size
        As of a word.
    raised
        Whether a smaller number follows, as an exponent does.
    """

    text: str
    box: Box
    size: float
    raised: bool = False


def numbers_of(words: Sequence[Word]) -> list[Number]:
    """Return the numbers; parts side by side are one, whatever number a part of it would be alone."""
    level = [w for w in words if w.rotation == 0 and re.fullmatch(_PART, w.text)]
    out = [Number(w.text, w.box, w.size) for w in words if w.rotation != 0 and any(c.isdigit() for c in w.text)]
    size = float(np.median([w.size for w in level])) if level else 1.0
    for line in clusters(np.array([w.y for w in level]), 0.5 * size):
        open_: list[Number] = []
        for word in sorted((level[i] for i in line), key=lambda w: w.box[0]):
            before = next((n for n in reversed(open_[-_OPEN:]) if _adjoin(n, word)), None)
            if before is None:
                open_.append(Number(word.text, word.box, word.size))
            else:
                open_[open_.index(before)] = _with(before, word)
        out += [n for n in open_ if any(c.isdigit() for c in n.text)]
    return out


def _adjoin(number: Number, word: Word) -> bool:
    gap = word.box[0] - number.box[2]
    overlap = min(word.box[3], number.box[3]) - max(word.box[1], number.box[1])
    return -0.3 * word.size < gap < _ADJOIN * word.size and overlap > 0.3 * min(word.size, number.size)


def _with(number: Number, word: Word) -> Number:
    a, b = number.box, word.box
    box = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
    raised = number.raised or not 0.9 < word.size / number.size < 1.1
    return Number(number.text + word.text, box, number.size, raised)


def clusters(values: Floats, gap: float) -> list[np.ndarray]:
    """Return indices of values in groups whose neighbours differ by no more than `gap`."""
    order = np.argsort(values, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(values[order]) > gap) + 1) if len(order) else []
