"""The colours of lines in an image, and how much of each pixel a line of a colour covers.

Ink is what a pixel lacks of white. A line that covers part of a pixel leaves part of its ink there, so that
all pixels of one colour lie in one direction from white, whatever part of them is covered; and a JPEG, which smears
colours, moves them towards grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ...._check import Floats
from .options import rgb

_BINS = 60  # of a share of the ink
_STRONG = (220.0, 90.0)  # ink of pixels whose directions are counted: those of lines first, then of pale ones
_RARE = 0.004  # of the largest peak: what has less ink is no line
_STRONGEST, _CORE = 99, 0.8  # percentile of the ink of a direction, and part of it that a line has where it is whole
_TURN = 0.09  # distance of directions that are one
_SPREAD = {
    False: 38.0,
    True: 75.0,
}  # ink off its direction at which a pixel is hardly of the colour; of a smeared image
_ON = 0.5  # covered part from which a pixel is of a colour
_AREA, _AREAS = 9, 0.02  # pixels, and part of the panel's height: no line is as thick
_FULL, _AREA_PART = (
    0.95,
    0.2,
)  # part of such a square that is covered in an area; part of a colour's pixels in such squares
_APART = 0.7  # part outside of the same for a colour that two others may make
_BETWEEN = 0.05  # distance from the directions that two colours make
_VEIL = 0.8  # of the ink of a line: what is paler may be an area
_HALO, _ALONE = 3, 0.15  # pixels around a line where JPEG and thin edges make other colours; part outside of these
_PALE = 12.0  # ink below which a pixel is white
_CHROMA = 0.06  # distance of a direction from grey


@dataclass(frozen=True, slots=True, eq=False)
class Inks:
    """Lines' colours as ink: 255 less red, green and blue."""

    ink: Floats
    blurred: bool

    def __len__(self) -> int:
        return len(self.ink)

    @property
    def hexes(self) -> list[str]:
        """Return the colours as ``"#rrggbb"``."""
        return ["#" + "".join(f"{round(255 - x):02x}" for x in ink) for ink in self.ink]

    @property
    def grey(self) -> np.ndarray:
        """Return which are black or grey."""
        share = self.ink / self.ink.sum(axis=1, keepdims=True)
        return np.asarray(np.abs(share - 1 / 3).max(axis=1) < _CHROMA)


def given(colours: Sequence[str], image: Floats, blurred: bool) -> Inks:
    """Return the inks of colours that are named; in a smeared image as they came out there."""
    wanted = np.array([255.0 - np.array(rgb(c)) for c in colours])
    wanted = np.maximum(wanted, 1.0)
    found = lines(image, blurred)
    for i, ink in enumerate(wanted if blurred else ()):
        apart = [np.abs(ink / ink.sum() - other / other.sum()).max() for other in found.ink]
        if apart and min(apart) < _TURN:
            wanted[i] = found.ink[int(np.argmin(apart))]
    return Inks(wanted, blurred)


def lines(image: Floats, blurred: bool) -> Inks:
    """Return the colours of an image that may be those of lines, the most frequent first."""
    ink = 255.0 - image.reshape(-1, 3)
    total = ink.sum(axis=1)
    ink, total = ink[total > _STRONG[-1]], total[total > _STRONG[-1]]
    found: list[Floats] = []
    turn = _TURN if blurred else _TURN / 2
    for least in _STRONG:
        for one in _peaks(ink[total > least]):
            if all(np.abs(one / one.sum() - other / other.sum()).max() > turn for other in found):
                found.append(one)
    return _of_lines(image, Inks(np.array(found).reshape(-1, 3), blurred))


def _peaks(ink: Floats) -> list[Floats]:
    """Return the inks in whose direction many pixels lie, where a line covers them whole; the most frequent first."""
    if not len(ink):
        return []
    total = ink.sum(axis=1)
    share = ink / total[:, None]
    at = np.minimum((share[:, :2] * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(at[:, 0] * _BINS + at[:, 1], total, minlength=_BINS**2).reshape(_BINS, _BINS)
    smooth = ndimage.gaussian_filter(counts, 1.0)
    peaks = np.argwhere((smooth == ndimage.maximum_filter(smooth, 5)) & (smooth > _RARE * smooth.max()))
    found = []
    for a, b in sorted(peaks.tolist(), key=lambda p: -smooth[tuple(p)]):
        near = np.abs(share[:, :2] - (np.array([a, b]) + 0.5) / _BINS).max(axis=1) < 1.5 / _BINS
        if near.any():
            core = total[near] >= _CORE * np.percentile(total[near], _STRONGEST)
            found.append(np.median(ink[near][core], axis=0))
    return found


def _of_lines(image: Floats, inks: Inks) -> Inks:
    """Return the colours without those of areas, and without those that only line others: halos and mixtures."""
    on = coverage(image, inks) > _ON
    side = max(_AREA, int(_AREAS * image.shape[0]))
    kept: list[int] = []
    beside = np.zeros(image.shape[:2], dtype=bool)
    for k, own in enumerate(on):
        count = max(int(own.sum()), 1)
        area = ndimage.uniform_filter(own.astype(np.float32), side) > _FULL
        alone = (own & ~beside).sum() / count
        crowded = alone < _ALONE or (alone < _APART and is_mixture(inks, k, kept))
        if area.sum() > _AREA_PART * count or crowded or _is_veil(inks, k):
            continue
        kept.append(k)
        beside |= ndimage.maximum_filter(own, 2 * _HALO + 1)
    return Inks(inks.ink[kept], inks.blurred)


def coverage(image: Floats, inks: Inks) -> Floats:
    """Return which part of each pixel lines of each colour cover, 0 to 1: colours by rows by columns.

    A pixel counts for the colour in whose direction its ink lies; black is always among those that it may be of.
    """
    ink = 255.0 - image.reshape(-1, 3)
    drawn = np.flatnonzero(ink.max(axis=1) > _PALE)
    known = np.vstack([inks.ink, np.full((1, 3), 255.0)])
    part = known @ ink[drawn].T / (known**2).sum(axis=1)[:, None]
    square = (ink[drawn] ** 2).sum(axis=1)
    off = np.sqrt(np.maximum(square - part**2 * (known**2).sum(axis=1)[:, None], 0.0))
    spread = _SPREAD[inks.blurred]
    near = np.exp(-((off / spread) ** 2))
    if inks.blurred:  # what is smeared is told by the nearest of the colours there are
        rivals = near / np.maximum(near.sum(axis=0), 1e-12)
        near = np.minimum(1.0, 1.6 * rivals) * (off < 2 * spread)
    out = np.zeros((len(inks), len(ink)), dtype=np.float32)
    out[:, drawn] = (np.clip(part, 0.0, 1.0) * near)[:-1]
    return np.asarray(out.reshape(len(inks), *image.shape[:2]))


def _is_veil(inks: Inks, k: int) -> bool:
    """Return whether a colour is that of translucent areas that lie over each other: pale, between two others."""
    total = inks.ink.sum(axis=1)
    strong = [i for i in range(len(inks)) if i != k and total[k] < _VEIL * total[i]]
    return len(strong) > 1 and is_mixture(inks, k, strong)


def is_mixture(inks: Inks, k: int, others: Sequence[int]) -> bool:
    """Return whether a colour is one that two of others make where their lines touch, or a shade of one of them."""
    total = inks.ink.sum(axis=1)
    share = (inks.ink / total[:, None])[:, :2]
    for i in others:
        for j in others:
            if max(total[i], total[j]) < total[k]:
                continue
            along = share[j] - share[i]
            length = float(along @ along)
            t = float(np.clip((share[k] - share[i]) @ along / length, 0.0, 1.0)) if length else 0.0
            if np.abs(share[k] - share[i] - t * along).max() < _BETWEEN:
                return True
    return False
