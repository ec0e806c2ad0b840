"""What lies behind lines: grids, and pale areas, such as confidence bands, without which lines keep their colour.

A translucent area adds its ink to what it covers and pales that: less its own ink, a line below it has the direction of
its own colour, and so has one that is drawn over it. Both are paler by the part that the area covers.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ....base.check import Floats
from .image import most

_SIDE = 2.5  # widths of a line: what is narrower either way is no area
_NARROWEST = 7  # pixels of the same
_PALE, _STRONG = 12.0, 150.0  # ink of an area: less is white, more is a blot where marks lie over each other
_LINE = 200.0  # ink of a line: of what an area takes off it, as much is given back
_PART = 0.01  # of a panel: the least that areas take

_ON = 0.5  # covered part of a pixel that is of a colour
_STRAIGHT = 0.6  # of the panel that one row or column of a grid takes
_LINES = 2  # such rows or columns that no curve has


def without_areas(image: Floats, width: float) -> Floats:
    """Return an image without the pale areas of it that are wider than its lines.

    Parameters
    ----------
    image
        Of a panel, on white.
    width
        Of its lines.
    """
    side = max(int(_SIDE * width) | 1, _NARROWEST)
    ink = 255.0 - image
    if ndimage.minimum_filter(most(ink).astype(np.float32), side).max() <= _PALE:
        return image
    behind = ndimage.grey_opening(ink, size=(side, side, 1))
    deep = most(behind)
    deep[deep >= _STRONG] = 0.0
    if (deep > _PALE).mean() < _PART:
        return image
    lines = (ink - np.where(deep[..., None] > 0, behind, 0.0)) / (1.0 - deep / _LINE)[..., None]
    return np.asarray(np.maximum(255.0 - lines, 0.0))


def is_grid(cover: Floats) -> bool:
    """Return whether a colour, by which part of each pixel it covers, is that of a grid: long rows and columns."""
    on = cover > _ON
    straight = (on.mean(axis=1) > _STRAIGHT).sum() + (on.mean(axis=0) > _STRAIGHT).sum()
    return bool(straight > _LINES * 2)
