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

from ....base.check import Floats
from ....errors import DataError
from ..limits import COLOUR_PIXELS
from ..options import rgb
from .image import most

_BINS = {False: 120, True: 60}  # of a share of the ink; of a smeared image
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
    0.25,
)  # part of such a square that is covered in an area; part of a colour's pixels in such squares
_APART = 0.7  # part outside of the same for a colour that two others may make
_BETWEEN = {False: 0.03, True: 0.05}  # distance from the directions that two colours make; in a smeared image
_DARKER = (
    1.1  # times the ink of the stronger of two colours that what they make has at most, where lines lie over each other
)
_VEIL = 0.8  # of the ink of a line: what is paler may be an area
_HALO, _ALONE = 3, 0.15  # pixels around a line where JPEG and thin edges make other colours; part outside of these
_PALE = 12.0  # ink below which a pixel is white
_CHROMA = 0.06  # distance of a direction from grey
_SHADE_BINS = 40  # of the strength of a direction
_SHADE_PART = {True: 0.02, False: 0.08}  # of its ridges that a shade has, where it is the only one and among others
_SMEARED_PART = 0.2  # the same of black and grey among colours that are smeared towards grey
_VALLEY = 0.3  # of the lesser of two shades, to which their ridges thin out between them
_SAME = 0.02  # distance of the directions of two shades of one colour
_OTHER_SHADE = 0.3  # of the logarithm of ink, by which shades differ
_PALEST = 0.25  # of the strongest shade: the frame of a key is paler


@dataclass(frozen=True, slots=True, eq=False)
class Inks:
    """Lines' colours as ink: 255 less red, green and blue.

    Attributes
    ----------
    ink
        A row a colour.
    blurred
        Whether the image is smeared.
    beside
        How many of the last are not asked for, but other shades of those that are, or lie over them.
    """

    ink: Floats
    blurred: bool
    beside: int = 0

    def __len__(self) -> int:
        return len(self.ink)

    @property
    def hexes(self) -> list[str]:
        """Return the colours as ``"#rrggbb"``."""
        return ["#" + "".join(f"{round(255 - x):02x}" for x in ink) for ink in self.ink]

    @property
    def families(self) -> list[list[int]]:
        """Return the numbers of the colours, the shades of one together, the strongest first."""
        share = _share(self.ink)
        found: list[list[int]] = []
        for k in np.argsort(-self.ink.sum(axis=1), kind="stable").tolist():
            mine = next((f for f in found if np.abs(share[f[0]] - share[k]).max() < _SAME), None)
            if mine is None:
                found.append([k])
            else:
                mine.append(k)
        return found

    @property
    def grey(self) -> np.ndarray:
        """Return which are black or grey."""
        return np.asarray(np.abs(_share(self.ink) - 1 / 3).max(axis=1) < _CHROMA)


def given(colours: Sequence[str], known: Inks) -> Inks:
    """Return the inks of colours that are named, as they came out in a smeared image, and other shades of them.

    `known` are those of the image's lines.
    """
    wanted = np.maximum(np.array([255.0 - np.array(rgb(c)) for c in colours]), 1.0)
    found = known.ink
    apart = np.abs(_share(wanted)[:, None] - _share(found)[None]).max(axis=2)
    darker = np.abs(np.log(wanted.sum(axis=1)[:, None] / found.sum(axis=1)[None]))
    if known.blurred and len(found):
        nearest = np.argmin(apart + _TURN * darker, axis=1)
        near = apart[np.arange(len(wanted)), nearest] < _TURN
        wanted[near] = found[nearest[near]]
    shades = (apart < _SAME).any(axis=0) & (darker > _OTHER_SHADE).all(axis=0)
    others = found[shades | (apart > _TURN).all(axis=0)]  # marks of another colour hide a line too
    return Inks(np.vstack([wanted, others]), known.blurred, beside=len(others))


def _share(ink: Floats) -> Floats:
    return np.asarray(ink / ink.sum(axis=1, keepdims=True))


def lines(image: Floats, blurred: bool) -> Inks:
    """Return the colours of an image that may be those of lines, the most frequent first."""
    ink = 255.0 - image.reshape(-1, 3)
    total = ink.sum(axis=1)
    ink, total = ink[total > _STRONG[-1]], total[total > _STRONG[-1]]
    found: list[Floats] = []
    turn = _TURN if blurred else _TURN / 2
    for least in _STRONG:
        for one in _peaks(ink[total > least], _BINS[blurred]):
            if all(_differ(one, other, turn, blurred) for other in found):
                found.append(one)
    alone, grey = len(found) == 1, Inks(np.array(found).reshape(-1, 3), blurred).grey
    shades: list[Floats] = []
    for one, smear in zip(found, grey & blurred & (not alone), strict=True):  # colours are smeared towards grey
        part = _SMEARED_PART if smear else _SHADE_PART[alone]
        shades += _shades(255.0 - image, one, blurred, part)
    return _of_lines(image, Inks(np.array(shades).reshape(-1, 3), blurred))


def _shades(ink: Floats, one: Floats, blurred: bool, part: float) -> list[Floats]:
    """Return the strengths of a colour, as of a black and a grey line, the strongest first.

    The rims of a line have all strengths, so that only ridges are counted: pixels with no stronger one around.
    """
    strength = ink @ one / (one @ one)
    stronger = ndimage.maximum_filter(strength, _window(blurred))
    ridge = np.flatnonzero((strength * one.sum() > _STRONG[-1]) & (strength >= stronger - 0.02))
    near = np.abs(_share(ink.reshape(-1, 3)[ridge]) - _share(one[None])).max(axis=1) < _TURN / 2
    ridges = np.minimum(strength.ravel()[ridge[near]], 1.1)
    counts, edges = np.histogram(ridges, bins=_SHADE_BINS, range=(0.0, 1.2))
    smooth = ndimage.gaussian_filter1d(counts.astype(float), 1.0)
    peaks = np.flatnonzero((smooth == ndimage.maximum_filter1d(smooth, 5)) & (smooth > 0))
    middles, kept = (edges[1:] + edges[:-1]) / 2, list[int]()
    for p in sorted(peaks.tolist(), reverse=True):
        mass = counts[max(p - 2, 0) : p + 3].sum()
        apart = not kept or smooth[p : kept[-1] + 1].min() < _VALLEY * min(smooth[p], smooth[kept[-1]])
        if mass >= part * counts.sum() and apart and middles[p] >= _PALEST:
            kept.append(p)
    return [one, *(one * middles[p] for p in kept[1:])]


def _window(blurred: bool) -> int:
    return 5 if blurred else 3


def _differ(one: Floats, other: Floats, turn: float, blurred: bool) -> bool:
    """Return whether two inks are of two colours: by their directions, or, of dark ones, by their distance."""
    if np.abs(one / one.sum() - other / other.sum()).max() > turn:
        return True
    off = one - other * float(one @ other) / float(other @ other)
    return not blurred and float(np.linalg.norm(off)) > _SPREAD[False]


def _peaks(ink: Floats, bins: int) -> list[Floats]:
    """Return the inks in whose direction many pixels lie, where a line covers them whole; the most frequent first."""
    if not len(ink):
        return []
    total = ink.sum(axis=1)
    share = ink / total[:, None]
    at = np.minimum((share[:, :2] * bins).astype(int), bins - 1)
    counts = np.bincount(at[:, 0] * bins + at[:, 1], total, minlength=bins**2).reshape(bins, bins)
    smooth = ndimage.gaussian_filter(counts, 1.0)
    peaks = np.argwhere((smooth == ndimage.maximum_filter(smooth, 5)) & (smooth > _RARE * smooth.max()))
    found = []
    for a, b in sorted(peaks.tolist(), key=lambda p: -smooth[tuple(p)]):
        near = np.abs(share[:, :2] - (np.array([a, b]) + 0.5) / bins).max(axis=1) < 1.5 / bins
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
    drawn = np.flatnonzero(most(ink) > _PALE)
    if len(inks) * max(len(ink), 2 * len(drawn)) > COLOUR_PIXELS:
        raise DataError(
            f"it has {len(inks)} colours on {len(ink) / 1e6:.0f} million pixels: crop it to the panel, scale it down, "
            "or save it with fewer colours."
        )
    near = _nearness(ink[drawn], inks)
    part = inks.ink @ ink[drawn].T / (inks.ink**2).sum(axis=1)[:, None]
    out = np.zeros((len(inks), len(ink)), dtype=np.float32)
    out[:, drawn] = np.clip(part, 0.0, 1.0) * near
    cover: Floats = np.asarray(out.reshape(len(inks), *image.shape[:2]))
    for shades in inks.families:
        if len(shades) > 1:
            _tell_shades(cover, image, inks, shades)
    return cover


def _nearness(ink: Floats, inks: Inks) -> Floats:
    """Return how near to the direction of each colour, 0 to 1, pixels lie: colours by pixels.

    What is smeared is told by the nearest direction there is, black among them, which shades of one colour share.
    """
    families = inks.families
    known = [*(inks.ink[shades[0]] for shades in families), np.full(3, 255.0)]
    direction = np.array(known) / np.linalg.norm(known, axis=1)[:, None]
    off = np.sqrt(np.maximum((ink**2).sum(axis=1) - (direction @ ink.T) ** 2, 0.0))
    near = np.exp(-((off / _SPREAD[inks.blurred]) ** 2))
    if inks.blurred:
        rivals = near / np.maximum(near.sum(axis=0), 1e-12)
        near = np.minimum(1.0, 1.6 * rivals) * (off < 2 * _SPREAD[True])
    out = np.empty((len(inks), ink.shape[0]))
    for direction_near, shades in zip(near, families, strict=False):
        out[shades] = direction_near
    return out


def _tell_shades(cover: Floats, image: Floats, inks: Inks, shades: list[int]) -> None:
    """Leave each pixel to the shade that the strongest pixel around it has, since the rims of a line are paler."""
    group = sorted(shades, key=lambda k: inks.ink[k].sum())
    strongest = inks.ink[group[-1]]
    strength = (255.0 - image) @ strongest / (strongest @ strongest)
    around = ndimage.maximum_filter(strength, _window(inks.blurred))
    levels = inks.ink[group].sum(axis=1) / strongest.sum()
    mine = np.searchsorted((levels[1:] + levels[:-1]) / 2, around)
    for i, k in enumerate(group):
        cover[k] = np.where(mine == i, cover[k], 0.0)


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
            if _DARKER * max(total[i], total[j]) < total[k]:
                continue
            along = share[j] - share[i]
            length = float(along @ along)
            t = float(np.clip((share[k] - share[i]) @ along / length, 0.0, 1.0)) if length else 0.0
            if np.abs(share[k] - share[i] - t * along).max() < _BETWEEN[inks.blurred]:
                return True
    return False
