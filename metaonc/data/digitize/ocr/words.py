"""From pieces of text that an engine recognised to words in their places, by the ink within each piece."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ....base.check import Floats
from ..primitives import Box, Word
from ..raster.image import Raster, least, resized
from ..scale.raster_lines import runs
from .engine import Piece, pieces_of

_SMALL, _ENLARGE = 1100, 2.0  # pixels of the longer side of images whose type is enlarged, and by how much
_INK = 0.3  # of the darkest pixel of a piece: what is drawn
_OPEN = 0.55  # of the height of digits: a gap between numbers that were read as one
_LINE = 0.85  # of the columns of a piece: a row that is drawn in more is a line's
_TALL, _TURNED = 1.3, 2  # times as high as wide: a number on its side; so many of them, and their strip is read anew
_SLIVER = 0.2  # of the height of a piece: what is narrower at the edge of its box is not its own
_MARKS = re.compile(r"^[-–—_.|\s]+(?=\d)|(?<=[\d%])[-–—_|\s]+$")  # a tick read as a part of its label


def read_words(image: Raster, zoom: float | None = None) -> list[Word]:
    """Return the words of an image, in its pixels.

    Parameters
    ----------
    image
        The image.
    zoom
        How much it is enlarged before; None for as much as small images take.
    """
    by = enlarged(image) if zoom is None else zoom
    words = _read(image, by)
    tall = [w for w in words if _is_tall(w)]
    return words if len(tall) < _TURNED else _read_again(words, tall, image, by)


def _is_tall(word: Word) -> bool:
    """Return whether a number stands on its side, as its box has it."""
    left, top, right, bottom = word.box
    return len(word.text) > 1 and any(c.isdigit() for c in word.text) and bottom - top > _TALL * (right - left)


def _read_again(words: list[Word], tall: list[Word], image: Raster, by: float) -> list[Word]:
    """Return words with those about some that stand on their side read anew, from the bottom up."""
    around = 2 * max(w.box[2] - w.box[0] for w in tall)
    left, top = (max(int(min(w.box[i] for w in tall) - around), 0) for i in (0, 1))
    right, bottom = (int(max(w.box[i] for w in tall) + around) for i in (2, 3))
    strip = np.rot90(image.rgb[top : bottom + 1, left : right + 1], -1)
    foot = top + strip.shape[1] - 1
    first = max(w.phrase for w in words) + 1
    turned = []
    for word in _read(Raster(np.ascontiguousarray(strip), image.blurred), by):
        if word.rotation == 0 and len(word.text) > 1:
            a, b, c, d = word.box
            box = (left + b, foot - c, left + d, foot - a)
            turned.append(replace(word, box=box, rotation=90, phrase=word.phrase + first))
    return [w for w in words if not any(_over(w.box, t.box) for t in turned)] + turned


def _over(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _read(image: Raster, by: float) -> list[Word]:
    """Return the words of an image that is enlarged before it is read."""
    high, wide = image.rgb.shape[:2]
    rgb = image.rgb if by == 1.0 else resized(image.rgb, (round(by * high), round(by * wide)))
    ink = 1.0 - least(image.rgb) / 255.0
    out: list[Word] = []
    for number, piece in enumerate(pieces_of(rgb)):
        left, top, right, bottom = (v / by for v in piece.box)
        out += _words(
            Piece(piece.text, (left, top, right, bottom), piece.confidence, piece.upright), image, ink, number
        )
    return out


def enlarged(image: Raster) -> float:
    """Return how much an image is enlarged before it is read."""
    return _ENLARGE if max(image.rgb.shape) < _SMALL else 1.0


def _words(piece: Piece, image: Raster, ink: Floats, phrase: int) -> list[Word]:
    """Return the words of a piece, each with the box of its ink."""
    texts = re.sub(r"(?<=\d)\s+%", "%", re.sub(r"(?<=\d)\(", " (", piece.text)).split()
    if not piece.upright or not texts:
        return [_word(piece.text, piece.box, image, piece, phrase)] if texts else []
    a, b = max(int(piece.box[0]), 0), min(int(np.ceil(piece.box[2])) + 1, ink.shape[1])
    top, bottom = max(int(piece.box[1]), 0), min(int(np.ceil(piece.box[3])) + 1, ink.shape[0])
    if b - a < 2 or bottom - top < 2:
        return []
    part = ink[top:bottom, a:b]
    part = part - np.median(part)
    least = _INK * max(float(part.max()), 0.1)
    drawn: np.ndarray = np.array(part > least)
    drawn[drawn.mean(axis=1) > _LINE] = False  # of an axis that its box takes in
    starts, ends = _own(*runs(np.asarray(drawn.any(axis=0))), drawn.shape)
    if not len(starts):
        return [_word(" ".join(texts), piece.box, image, piece, phrase)]
    gaps = starts[1:] - ends[:-1]
    cuts = np.sort(np.argsort(-gaps, kind="stable")[: len(texts) - 1])
    if len(cuts) < len(texts) - 1:
        texts, cuts = [" ".join(texts)], cuts[:0]
    edges = [0, *(cuts + 1).tolist(), len(starts)]
    out = []
    for text, (i, j) in zip(texts, pairwise(edges), strict=True):
        out += _numbers(text, starts[i:j], ends[i:j], 0.6 * (bottom - top))
    return [
        _word(text, _tight(drawn, low, high, (a, top)), image, piece, phrase) for text, low, high in out if high > low
    ]


def _own(starts: np.ndarray, ends: np.ndarray, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the runs of a piece's ink without a sliver of its neighbour that its box cuts off at either end."""
    thin = ends - starts < _SLIVER * shape[0]
    if len(starts) > 1 and starts[0] == 0 and thin[0]:
        starts, ends, thin = starts[1:], ends[1:], thin[1:]
    if len(starts) > 1 and ends[-1] == shape[1] and thin[-1]:
        starts, ends = starts[:-1], ends[:-1]
    return starts, ends


def _numbers(text: str, starts: np.ndarray, ends: np.ndarray, high: float) -> list[tuple[str, int, int]]:
    """Return a word with the columns it takes; digits with a wide gap between them are several numbers."""
    whole = [(text, int(starts[0]), int(ends[-1]))]
    wide = np.flatnonzero(starts[1:] - ends[:-1] > _OPEN * high)
    if not text.isdigit() or len(text) < 2 or not len(wide):
        return whole
    edges, out, done = [0, *(wide + 1).tolist(), len(starts)], [], 0
    spans = [(int(starts[i]), int(ends[j - 1])) for i, j in pairwise(edges)]
    total = sum(b - a for a, b in spans)
    for k, (a, b) in enumerate(spans):
        count = len(text) - done if k == len(spans) - 1 else max(round(len(text) * (b - a) / total), 1)
        out.append((text[done : done + count], a, b))
        done += count
    return out if all(part for part, _, _ in out) else whole


def _tight(drawn: np.ndarray, low: int, high: int, corner: tuple[int, int]) -> Box:
    rows = np.flatnonzero(drawn[:, low:high].any(axis=1))
    top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, len(drawn))
    return float(corner[0] + low), float(corner[1] + top), float(corner[0] + high - 1), float(corner[1] + bottom - 1)


def _word(text: str, box: Box, image: Raster, piece: Piece, phrase: int) -> Word:
    """Return a word in the pixels of the file, ticks beside a number left out."""
    plain = _MARKS.sub("", text)
    size = piece.box[3] - piece.box[1] if piece.upright else piece.box[2] - piece.box[0]
    return Word(plain, box, 0 if piece.upright else 90, size, _colour(image.rgb, box), phrase, piece.confidence)


def _colour(rgb: np.ndarray, box: Box) -> str:
    """Return the colour of the ink in a box where it is darkest."""
    left, top, right, bottom = (max(round(v), 0) for v in box)
    pixels = rgb[top : bottom + 1, left : right + 1].reshape(-1, 3)
    if not len(pixels):
        return "#000000"
    lack = 255.0 - least(pixels)
    dark = pixels[lack >= 0.8 * lack.max()]
    return "#" + "".join(f"{round(float(v)):02x}" for v in np.median(dark, axis=0))
