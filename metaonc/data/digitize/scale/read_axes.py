"""Axes of an image by their labels as read: all that agree make the scale, and the ticks beside them place it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....base.check import Floats
from ....errors import DataError
from ..primitives import Word
from .calibration import AxisFit
from .raster_axes import axis_lines, in_file, pair_of, side_of
from .raster_fit import Side
from .raster_lines import Line
from .read_labels import ReadLabels, places_of, read_labels, rows_on_scale

_FEWEST = 3  # ticks that a scale rests on; of fewer the labels themselves say more
_OFF = 0.5  # of the height of type: by which the scale of the ticks may be off the middles of labels
_PERCENT = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class ReadAxis:
    """An axis with its labels.

    Attributes
    ----------
    fit
        Its scale.
    labels
        Its labels as read, in pixels of the image.
    """

    fit: AxisFit
    labels: ReadLabels


def read_axes(
    darkness: Floats, ink: Floats, words: Sequence[Word], unit: int = 1, *, partial: bool = False
) -> dict[str, ReadAxis]:
    """Return the axes ``"x"`` and ``"y"`` of an image.

    Parameters
    ----------
    darkness, ink
        How dark each pixel is, and how far from white in any colour.
    words
        Recognised, in pixels of the image as it was before it was reduced.
    unit
        Side of the squares of pixels that were made one; positions are those before.
    partial
        Whether one axis will do, where scales are stated and the labels of x still say where numbers at risk stand.

    Raises
    ------
    DataError
        When fewer than three labels of an axis agree, or they contradict its ticks. The message names what was read.
    """
    small = [replace(w, box=_reduced(w.box, unit), size=w.size / unit) for w in words]
    turned = darkness.T[::-1]
    lines = dict(zip("xy", axis_lines(darkness, ink), strict=True))
    read: dict[str, dict[int, ReadLabels]] = {"x": {}, "y": {}}
    sides: dict[str, list[Side]] = {}
    for name, image in (("x", darkness), ("y", turned)):
        sides[name] = []
        for line, labels in _labelled(small, lines[name], image, name):
            side = side_of(image, line, [labels.labels] if labels.step else [])
            sides[name].append(side)
            read[name][id(side)] = labels
    missing = [name for name in "xy" if not sides[name]]
    if missing and (not partial or len(missing) > 1):
        raise DataError(" ".join(_unread(name, small) for name in missing))
    pair = pair_of(sides["x"], sides["y"], darkness.shape)
    out: dict[str, ReadAxis] = {}
    for name, axis in zip("xy", pair, strict=True):
        if axis is None:
            continue
        labels = read[name][id(axis)]
        own = {id(one): word for one, word in zip(small, words, strict=True)}
        kept, left = (tuple(own[id(w)] for w in some) for some in (labels.words, labels.off))
        labels = replace(labels, words=kept, off=left, at=labels.at * unit + (unit - 1) / 2)
        out[name] = _axis(name, in_file(axis, unit), labels)
    return out


def _labelled(words: Sequence[Word], lines: Sequence[Line], image: Floats, name: str) -> list[tuple[Line, ReadLabels]]:
    """Return lines with the labels beside them, else rows of labels as lines; labels of y may stand on their side."""
    wide = len(image) if name == "y" else image.shape[1]
    ways = [places_of(words, name, wide, rotation) for rotation in ((0, 90) if name == "y" else (0,))]
    for places in ways:
        beside = ((line, read_labels(places, line, len(image), name)) for line in lines)
        found = [(line, labels) for line, labels in beside if labels is not None]
        if found:
            return found
    rows = (rows_on_scale(places, name) for places in ways)
    return [(Line(at, at, a, b), labels) for some in rows for at, a, b, labels in some]


def _reduced(box: tuple[float, float, float, float], unit: int) -> tuple[float, float, float, float]:
    left, top, right, bottom = ((v - (unit - 1) / 2) / unit for v in box)
    return left, top, right, bottom


def _axis(name: str, side: Side, labels: ReadLabels) -> ReadAxis:
    """Return the scale by the ticks beside the labels, or by the middles of these where it has hardly any."""
    doubts: tuple[str, ...] = ()
    size = float(np.median([w.size for w in labels.words]))
    if labels.step and side.kind != "labels" and len(side.at) >= min(_FEWEST, len(labels.words)):
        at, values = side.at, np.round(labels.values[0] + labels.step * side.steps, 10)
        slope, intercept = np.polyfit(at, values, 1)
        off = np.abs((labels.values - intercept) / slope - labels.at)
        if off.max() > _OFF * size:
            raise DataError(
                f"the labels of the {name} axis ({_texts(labels)}) stand up to {off.max():.0f} pixels off what was "
                f"taken for its ticks."
            )
    else:
        at, values = labels.at, labels.values
        doubts = (f"the {name} axis has no ticks that were found: its scale rests on the middles of its labels.",)
    _check_range(name, labels)
    slope, intercept = np.polyfit(at, values, 1)
    residual = float(np.abs((values - intercept) / slope - at).max() / abs(np.ptp(at)))
    fit = AxisFit(
        name, tuple((at).tolist()), tuple(values.tolist()), float(slope), float(intercept), residual, "read",
        doubts=doubts,
    )  # fmt: skip
    return ReadAxis(fit, labels)


def _check_range(name: str, labels: ReadLabels) -> None:
    low, high = float(labels.values.min()), float(labels.values.max())
    if name == "y" and not (low >= 0 and (high <= 1.0 + 1e-9 or 1.5 < high <= _PERCENT + abs(labels.step))):
        raise DataError(f"the labels of the y axis were read as {_texts(labels)}: neither proportions nor percent.")


def _unread(name: str, words: Sequence[Word]) -> str:
    numbers = [w.text for w in words if any(c.isdigit() for c in w.text)]
    return (
        f"no three labels of the {name} axis were read that lie on one straight scale (numbers read: "
        f"{', '.join(numbers[:40]) or 'none'}): it is logarithmic, broken, or its labels are not legible."
    )


def _texts(labels: ReadLabels) -> str:
    return ", ".join(w.text for w in labels.words)
