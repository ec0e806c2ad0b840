"""Where the labels of an axis stand in an image: not what they say, but which ticks are labelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ....base.check import Floats
from .raster_lines import Line, runs

_INK = 0.3  # darkness of a character
_DEEP = 0.22  # of the image: how far from its axis a label may reach
_BEYOND = 0.06  # of the axis: how far beyond its ends
_LEAST = 4  # pixels: height of the smallest character
_TALL = 0.08  # of the image: the tallest
_JOIN = {  # of a character's height: gaps across and along the axis within labels, those of y level or turned
    "x": ((0.3, 0.65),),
    "y": ((0.25, 0.4), (0.3, 0.65)),
}
_SPECK = 0.4  # of a character: what is smaller, as a point, is none
_OFF = 0.22  # of the distance of labels: by which one may be off its place
_FEWEST, _LEFT_OUT = 2, 0.5  # labels of an axis; what each step without a label takes off
_MOST = 6  # ways in which labels may be spaced


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The labels of evenly spaced ticks.

    Attributes
    ----------
    at
        Their middles along the axis.
    step
        Number of each, counted in steps from the first.
    """

    at: Floats
    step: np.ndarray

    def __len__(self) -> int:
        return len(self.at)

    @property
    def line(self) -> tuple[float, float]:
        """Place of the first and distance of one step."""
        if len(self) < 2:
            return float(self.at[0]) if len(self) else 0.0, 0.0
        slope, start = np.polyfit(self.step, self.at, 1)
        return float(start), float(slope)


NONE = Labels(np.array([]), np.array([], int))


def find_labels(darkness: Floats, line: Line, name: str) -> list[Labels]:
    """Return the labels below a line (of an axis of y that lies on its side) that stand at even distances.

    Which they are may be open, where other words stand among them: the likeliest come first.
    """
    boxes = _characters(darkness, line)
    return [labels for gaps in _JOIN[name] for labels in _joined(boxes, *gaps)]


def _joined(boxes: np.ndarray, across: float, along: float) -> list[Labels]:
    """Return the labels that characters make by the gaps within them, as `find_labels` does."""
    band, size = boxes, float(_LEAST)
    for _ in range(2):  # words further off may be of another size
        sizes = _sides(band)
        if not (sizes >= _LEAST).any():
            return []
        size = float(np.quantile(sizes[sizes >= _LEAST], 0.7))
        band = _nearest(boxes, across * size, max(_SPECK * size, _LEAST))
    groups = _grouped(band, along * size, _SPECK * size)
    return _even(np.array([(low + high) / 2 for low, high in groups]))


def _sides(boxes: np.ndarray) -> np.ndarray:
    """Return the longer side of each box: the height of a character, whichever way it is turned."""
    return np.asarray(np.maximum(boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]))


def _characters(darkness: Floats, line: Line) -> np.ndarray:
    """Return boxes (first and last row, first and last column) of what stands below a line and does not touch it."""
    high, wide = darkness.shape
    beyond = int(_BEYOND * line.length) + 2
    a, b = max(line.start - beyond, 0), min(line.stop + beyond, wide)
    deep = min(line.last + 1 + int(_DEEP * high), high)
    strip = darkness[line.first : deep, a:b]
    strip = strip - np.minimum(np.median(strip), 0.25)
    numbers, _ = ndimage.label(strip > _INK, structure=np.ones((3, 3)))
    touching = np.unique(numbers[: line.last - line.first + 2])
    found = []
    for k, box in enumerate(ndimage.find_objects(numbers), 1):
        rows, columns = box
        if k in touching or max(rows.stop - rows.start, columns.stop - columns.start) > _TALL * max(high, wide):
            continue
        found.append((rows.start, rows.stop, columns.start + a, columns.stop + a))
    return np.array(found).reshape(-1, 4)


def _nearest(boxes: np.ndarray, gap: float, least: float) -> np.ndarray:
    """Return the boxes in the band nearest to the line, up to the first gap across it."""
    filled = np.zeros(int(boxes[:, 1].max()) + 1, dtype=bool)
    for first, stop, *_ in boxes:
        filled[first:stop] = True
    starts, ends = runs(filled)
    first = int(np.argmax(ends - starts >= least))  # what is lower is a speck
    wide = first + np.flatnonzero(starts[first + 1 :] - ends[first:-1] > gap)
    stop = ends[wide[0]] if len(wide) else ends[-1]
    return np.asarray(boxes[(boxes[:, 1] <= stop) & (boxes[:, 0] >= starts[first])])


def _grouped(boxes: np.ndarray, gap: float, least: float) -> list[tuple[int, int]]:
    """Return the extents along the line of boxes that lie closer than a gap, but for specks alone."""
    groups: list[list[int]] = []
    for box, side in sorted(zip(boxes.tolist(), _sides(boxes).tolist(), strict=True), key=lambda one: one[0][2]):
        low, high = box[2], box[3] - 1
        if groups and low - groups[-1][1] <= gap:
            groups[-1] = [groups[-1][0], max(groups[-1][1], high), max(groups[-1][2], side)]
        else:
            groups.append([low, high, side])
    return [(low, high) for low, high, side in groups if side > least]


def _even(middles: Floats) -> list[Labels]:
    """Return places that stand at whole steps from each other: many of them, with few steps left out."""
    found: list[tuple[float, Labels]] = []
    for step in np.unique(np.round(np.diff(middles), 1)):
        for origin in middles if step > 0 else ():
            away = (middles - origin) / step
            off = np.abs(away - np.round(away))
            nearest = np.argsort(off, kind="stable")
            on = np.sort(nearest[np.unique(np.round(away[nearest]), return_index=True)[1]])  # one a step
            on = on[off[on] <= _OFF]
            steps = np.round(away[on]).astype(int)
            if len(steps) < _FEWEST:
                continue
            worth = len(steps) - _LEFT_OUT * (np.ptp(steps) + 1 - len(steps)) - np.abs(away[on] - steps).mean()
            found.append((float(worth), Labels(middles[on], steps - steps[0])))
    found.sort(key=lambda one: -one[0])
    best: dict[int, Labels] = {}
    for _, labels in found:
        best.setdefault(round(labels.line[1]), labels)
    return list(best.values())[:_MOST]
