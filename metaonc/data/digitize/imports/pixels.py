"""Curves from pixels that a user reads off a figure by hand, with points of its axes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ....base.check import one_of
from ....base.messages.arguments import known_arguments
from ....base.numbers import known_number, number, sequence
from ....base.result import Provenance
from ....errors import DataError, OptionError
from ..limits import Source
from ..options import KINDS_OF_CURVE, Options
from ..result import Digitized, collected
from .scale import AxisPoint, fit_scale
from .series import Series, found


@known_arguments
def from_pixels(
    curves: Mapping[str, Any],
    axes: Sequence[AxisPoint],
    *,
    kind: Literal["survival", "event", "percent"] | None = None,
) -> Digitized:
    """Return curves from the pixels of points that were read off a figure, however it lies.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    curves : mapping of label to sequence of (float, float)
        Label -> points, each (right, down) in pixels, in any order along the curve.
    axes : sequence of AxisPoint
        Points of the axes with their values: two of x and two of y, or three with both.
    kind : {"survival", "event", "percent"}, optional
        What the y axis shows, where it is not to be inferred, see ``digitize``.

    Returns
    -------
    Digitized
        With ``points="clicks"``. There is no file that ``to_project`` could refer to: keep the script.

    Raises
    ------
    DataError
        When the points of the axes are too few, on one line or contradict each other, or a value cannot be.
    OptionError
        When `kind` does not exist.

    Examples
    --------
    >>> import metaonc as mo
    >>> P = mo.curves.AxisPoint
    >>> axes = [P(100, 500, x=0), P(700, 500, x=60), P(100, 500, y=0), P(100, 100, y=1)]
    >>> read = mo.curves.from_pixels({"drug": [(100, 100), (220, 180), (400, 300)]}, axes)
    >>> read.curves[0].time.round(6).tolist(), read.curves[0].survival.round(6).tolist()
    ([0.0, 12.0, 30.0], [1.0, 0.8, 0.5])
    """
    options = Options(kind=None if kind is None else one_of("kind", kind, KINDS_OF_CURVE))
    if not all(isinstance(point, AxisPoint) for point in axes):
        raise OptionError("axes= wants AxisPoint(right, down, x=..., y=...) for each point.")
    scale = fit_scale([_checked(point) for point in axes])
    pixels = {str(label): _pixels(str(label), points) for label, points in curves.items()}
    series = [Series(label, *scale.values(at).T) for label, at in pixels.items()]
    record = json.dumps([{label: at.tolist() for label, at in pixels.items()}, list(map(repr, axes))])
    source = Source(Path("curves="), record.encode(), hashlib.sha256(record.encode()).hexdigest())
    read = found(source, series, options, "a figure")
    count = sum(len(c.time) for c in read.curves)
    settings = {"file": None, "sha256": source.sha256, "options": options.plain()}
    return collected(
        read,
        Provenance(verb="curves.from_pixels", settings=settings, rows_in=count, rows_used=count, notes=read.notes),
    )


def _checked(point: AxisPoint) -> AxisPoint:
    right, down = (number(getattr(point, side), f"{side} of a point of the axes") for side in ("right", "down"))
    x, y = (known_number(getattr(point, axis), f"{axis} of a point of the axes") for axis in ("x", "y"))
    return AxisPoint(right, down, x, y)


def _pixels(label: str, points: Any) -> Any:
    try:
        at = np.array([sequence(point, label) for point in points])
    except (TypeError, ValueError):
        at = np.empty(0)
    if at.ndim != 2 or at.shape[1] != 2:
        raise DataError(f"the points of curve {label!r} are no pairs of numbers (right, down).")
    return at
