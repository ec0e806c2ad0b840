"""From points that were clicked on the axes, with their values, to the scale of a figure that may lie askew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....base.check import Floats
from ....errors import DataError

_OFF = 0.01  # of an axis: by which a clicked point may be off the scale of the others
_FLAT = 1e-9  # of the square of the distances: points on one line make no scale


@dataclass(frozen=True, slots=True)
class AxisPoint:
    """A point that was clicked on an axis.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    right, down
        Where, in pixels.
    x, y
        What the axes show there; None of the axis that it says nothing of.

    Examples
    --------
    >>> import metaonc as mo
    >>> origin = mo.curves.AxisPoint(right=50, down=400, x=0, y=0)
    >>> origin.x, origin.y
    (0, 0)
    """

    right: float
    down: float
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Values as a linear function of right, down and 1: two rows, of x and of y."""

    matrix: Floats

    def values(self, pixels: Floats) -> Floats:
        """Return x and y of pixels, both with a row each point."""
        at = np.column_stack([pixels, np.ones(len(pixels))])
        return np.asarray(at @ self.matrix.T)


def fit_scale(points: Sequence[AxisPoint]) -> Scale:
    """Return the scale through clicked points, a figure that lies askew included.

    Three or more points with both values give it at once, or two with a value of x and two with one of y: then x does
    not change along the line through the latter, and y not along that through the former.

    Raises
    ------
    DataError
        When the points are too few, lie on one line or contradict each other.
    """
    both = [p for p in points if p.x is not None and p.y is not None]
    if len(both) >= 3:
        return _through(both)
    of_x, of_y = [p for p in points if p.x is not None], [p for p in points if p.y is not None]
    if len(of_x) < 2 or len(of_y) < 2:
        raise DataError(
            f"{len(of_x)} points of the x axis and {len(of_y)} of the y axis have values: two of each are needed."
        )
    if len(of_x) > 2 or len(of_y) > 2:
        raise DataError("more than two points of an axis are given, without both values each: give two.")
    (a, b), (c, d) = of_x, of_y
    along_x, along_y = _between(a, b), _between(c, d)
    rows = [
        _solved([_at(a), _at(b), along_y], [a.x, b.x, 0.0], "x"),
        _solved([_at(c), _at(d), along_x], [c.y, d.y, 0.0], "y"),
    ]
    return Scale(np.array(rows))


def unturned(points: Sequence[AxisPoint]) -> list[AxisPoint]:
    """Return two points of x and two of y moved onto axes that lie along the rows and columns of pixels.

    So a scale that knows no tilt takes them: of the pixels along each axis, whatever side the clicks fell to.
    """
    a, b, c, d = points
    level = abs((b.right - a.right) * (d.down - c.down)) > abs((b.down - a.down) * (d.right - c.right))
    if level:
        return [a, replace(b, down=a.down), c, replace(d, right=c.right)]
    return [a, replace(b, right=a.right), c, replace(d, down=c.down)]


def _through(points: Sequence[AxisPoint]) -> Scale:
    at = np.array([_at(p) for p in points])
    values = np.array([[p.x, p.y] for p in points], dtype=float)
    spread = at[:, :2] - at[:, :2].mean(axis=0)
    if (
        np.linalg.matrix_rank(spread, tol=_FLAT * max(float((spread**2).sum()), 1.0)) < 2
        or not np.ptp(values, axis=0).all()
    ):
        raise DataError("the points of the axes lie on one line, or have one value: click points of both axes.")
    matrix, *_ = np.linalg.lstsq(at, values, rcond=None)
    off = np.abs(at @ matrix - values).max(axis=0) / np.ptp(values, axis=0)
    if off.max() > _OFF:
        name = "xy"[int(off.argmax())]
        raise DataError(
            f"the points of the axes contradict each other by {100 * off.max():.2g} % of the {name} axis: one was "
            "misplaced or has a wrong value, or the axis is not linear."
        )
    return Scale(np.asarray(matrix.T))


def _at(point: AxisPoint) -> list[float]:
    return [point.right, point.down, 1.0]


def _between(first: AxisPoint, last: AxisPoint) -> list[float]:
    return [last.right - first.right, last.down - first.down, 0.0]


def _solved(rows: list[list[float]], values: list[float | None], name: str) -> Floats:
    if values[0] == values[1]:
        raise DataError(f"both points of the {name} axis have the value {values[0]:g}.")
    try:
        return np.asarray(np.linalg.solve(np.array(rows), np.array(values, dtype=float)))
    except np.linalg.LinAlgError:
        raise DataError(f"the points of the {name} axis lie on one place, or along the other axis.") from None
