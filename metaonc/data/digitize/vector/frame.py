"""Lines of a panel that are no curves: its ticks, its axes and its frame, however few sides of it are drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..primitives import Box, Stroke
from ..scale.axes import SHORT, Panel, Ticks

_ON = 0.3  # points: what is nearer to an axis lies on it
_ACROSS = 0.9  # of the panel: a straight line as long as this is no part of a curve


def without_axes(strokes: Sequence[Stroke], panel: Panel) -> list[Stroke]:
    """Return the strokes without those of the axes: a curve may begin where a tick ends, and look like it."""
    return [s for s in strokes if not (_of_axis(s.box, panel.y) or _of_axis(_turned(s.box), panel.x))]


def frames(stroke: Stroke, box: Box) -> bool:
    """Return whether every part of a line goes across the panel: of a grid, or of a frame of one to four sides."""
    across = np.abs(np.diff(stroke.points, axis=0)) > _ACROSS * np.array([box[2] - box[0], box[3] - box[1]])
    return bool(across.any(axis=1).all())


def _of_axis(box: Box, own: Ticks) -> bool:
    """Return whether a box, with the axis on its left, is that of a tick or of the line that the ticks stand on."""
    outward = 1.0 if own.name == "y" else -1.0
    line = own.outer + outward * own.length if own.length <= SHORT else own.outer
    left, top, right, bottom = box
    if not outward * (line - left) > -_ON or not outward * (line - right) > -_ON:
        return False
    if bottom - top <= _ON:
        return True
    reaches = top <= own.at.min() + 1.0 and bottom >= own.at.max() - 1.0
    return abs(left - line) < _ON and abs(right - line) < _ON and bool(reaches)


def _turned(box: Box) -> Box:
    """Return a box with down and right exchanged."""
    return box[1], box[0], box[3], box[2]
