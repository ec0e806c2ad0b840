"""From positions of ticks and the numbers beside them to the scale of an axis; a scale that does not fit is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option, setting
from ....errors import DataError
from ..limits import TICKS, listed
from ..options import Points
from .steps import agreeing, check_linear, is_logarithmic, is_usual, usual_ticks

RESIDUAL = 1e-3  # of the axis: no tick of a linear axis lies further off
_CLICKED = 5e-3  # of the axis: no point that is stated lies further off
_AGREE = 3  # ticks that must agree before others may be called wrong


@dataclass(frozen=True, slots=True)
class AxisFit:
    """The scale of one axis: value = intercept + slope * position.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    name
        ``"x"`` or ``"y"``.
    positions, values
        Of the ticks it rests on.
    slope, intercept
        The line through them.
    residual
        Largest distance of a tick from its place, as part of the axis from the first tick to the last.
    by
        Where the values come from: ``"labels"`` read in the figure, ``"given"`` for its ticks, or ``"stated"`` with
        their positions.
    valid
        Positions between which the scale holds; infinite for an unbroken axis.
    doubts
        Each a sentence on what could not be checked.
    """

    name: str
    positions: tuple[float, ...]
    values: tuple[float, ...]
    slope: float
    intercept: float
    residual: float
    by: str
    valid: tuple[float, float] = (-np.inf, np.inf)
    doubts: tuple[str, ...] = ()

    def at(self, position: Floats) -> Floats:
        """Return the values at positions."""
        return np.asarray(self.intercept + self.slope * position)

    def place(self, value: float) -> float:
        """Return the position of a value."""
        return (value - self.intercept) / self.slope

    def moved(self, origin: float, unit: float) -> AxisFit:
        """Return the scale by positions counted in units from an origin."""
        at = tuple((p - origin) / unit for p in self.positions)
        return replace(self, positions=at, slope=self.slope * unit, intercept=self.intercept + self.slope * origin)

    def __str__(self) -> str:
        """Return one line for a summary."""
        first, last = self.values[0], self.values[-1]
        if self.by == "stated":
            return f"{self.name} axis: stated as {first:g} at {self.positions[0]:g}, {last:g} at {self.positions[-1]:g}"
        return (
            f"{self.name} axis: {len(self.values)} ticks from {first:g} to {last:g} ({self.by}), "
            f"residual {100 * self.residual:.2g} % of it"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The scales of a panel.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    x, y
        The fits, from positions in the figure (x to the right, y down) to what the axes show.
    panel
        Left, top, right and bottom of the panel, in the figure's units (points, or pixels).
    kind
        ``"survival"``, or ``"event"`` where the axis shows 1 - S.
    percent
        Whether the y axis runs in percent.
    """

    x: AxisFit
    y: AxisFit
    panel: tuple[float, float, float, float]
    kind: str = "survival"
    percent: bool = False

    def survival(self, position: Floats) -> Floats:
        """Return survival as a proportion at positions along the y axis."""
        shown = self.y.at(position) / (100.0 if self.percent else 1.0)
        return 1.0 - shown if self.kind == "event" else shown


def numbers_in(texts: Sequence[str]) -> list[float | None]:
    """Return the number that each label shows, or None; a comma is a decimal mark unless all may be thousands."""
    cleaned = [re.sub("[−–]", "-", t).replace("·", ".").rstrip("%").strip() for t in texts]
    commas = [t for t in cleaned if "," in t]
    thousands = bool(commas) and all(re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+", t) for t in commas)
    plain = [t.replace(",", "" if thousands else ".") for t in cleaned]
    return [float(t) if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", t) else None for t in plain]


def fit_labels(name: str, positions: Floats, values: Floats, *, tolerance: float = RESIDUAL) -> AxisFit:
    """Return the scale that labelled ticks give.

    Parameters
    ----------
    name
        ``"x"`` or ``"y"``, for messages.
    positions, values
        One a labelled tick.
    tolerance
        Part of the axis by which a tick may be off its place.

    Raises
    ------
    DataError
        When fewer than two are labelled, or no straight line holds them: the message says whether the axis is
        logarithmic, broken, or which labels contradict the others.
    """
    order = np.argsort(positions, kind="stable")
    p, v = np.asarray(positions, dtype=float)[order], np.asarray(values, dtype=float)[order]
    if len(np.unique(v)) < 2 or len(v) < 2:
        raise DataError(
            f"the {name} axis has {len(np.unique(v))} ticks with a number that can be read; give the values of its "
            f"outermost labelled ticks, such as {option(f'{name}_ticks', (0, 1 if name == 'y' else 60))}."
        )
    if len(v) > TICKS:
        raise DataError(f"the {name} axis has {len(v)} ticks with numbers, more than any figure has.")
    inside = agreeing(p, v, tolerance)
    if inside.all():
        if len(v) == 2:
            check_linear(name, (float(v[0]), float(v[1])), 2, f"the {name} axis with two labels")
        doubts = () if len(v) > 2 else (f"the {name} axis has two labelled ticks only: its scale cannot be checked.",)
        return _line(name, p, v, "labels", tolerance, doubts=doubts)
    if is_logarithmic(p, v, tolerance):
        raise DataError(f"the {name} axis is logarithmic (labels {listed(_shown(v))}); linear axes only are read.")
    good, bad = np.flatnonzero(inside), np.flatnonzero(~inside)
    if len(good) < _AGREE or not (bad.max() < good.min() or bad.min() > good.max()):
        wrong = f"{listed(_shown(v[bad]))} not where " if len(good) >= _AGREE else "no three of which lie where "
        raise DataError(
            f"the {name} axis is not linear: its labels are {listed(_shown(v))}, {wrong}a straight scale has them. "
            "It is broken, or a label is misread."
        )
    said = (
        f"the {name} axis is broken: {listed(_shown(v[bad]))} lies off the scale of {listed(_shown(v[good]))}; "
        "only what lies within the latter was read."
    )
    return _line(
        name, p[good], v[good], "labels", tolerance, valid=(float(p[good[0]]), float(p[good[-1]])), doubts=(said,)
    )


def fit_stated(name: str, points: Points) -> AxisFit:
    """Return the scale through two points or more, each a position and its value.

    Raises
    ------
    DataError
        When three or more do not lie on one straight line.
    """
    at, values = (np.array(part, dtype=float) for part in zip(*points, strict=True))
    slope, intercept = np.polyfit(at, values, 1)
    if len(points) == 2:
        slope = (values[1] - values[0]) / (at[1] - at[0])
        intercept = values[0] - slope * at[0]
    off = (values - intercept) / slope - at
    residual = float(np.abs(off).max() / np.ptp(at))
    if residual > _CLICKED:
        told = listed([f"{v:g} at {p:g} ({o:+.1f})" for p, v, o in zip(at, values, off, strict=True)], 20)
        kind = (
            "logarithmic" if is_logarithmic(at, values, _CLICKED) else "broken or logarithmic, or a point is misplaced"
        )
        raise DataError(
            f"the points of {option(f'{name}_axis')} lie on no straight line: {told} from it. The axis is {kind}; "
            "linear axes only are read."
        )
    return AxisFit(name, tuple(at.tolist()), tuple(values.tolist()), float(slope), float(intercept), residual, "stated")


def fit_given(name: str, positions: Floats, given: tuple[float, float], *, tolerance: float = RESIDUAL) -> AxisFit:
    """Return the scale that the values of the outermost of evenly spaced ticks give.

    Parameters
    ----------
    name
        ``"x"`` or ``"y"``, for messages.
    positions
        Ticks from the one with the first value given to the one with the last, in either direction.
    given
        Values of the outermost.
    tolerance
        Part of the axis by which a tick may be off its place.

    Raises
    ------
    DataError
        When there are fewer than two ticks, or they are not evenly spaced.
    """
    p = np.asarray(positions, dtype=float)
    if len(p) < 2:
        raise DataError(
            f"the {name} axis has {len(p)} ticks; two at least are needed to place {setting(f'{name}_ticks', given)}."
        )
    even = np.linspace(p[0], p[-1], len(p))
    if np.abs(p - even).max() > tolerance * abs(p[-1] - p[0]):
        raise DataError(
            f"the ticks of the {name} axis are not evenly spaced ({listed([f'{x:.1f}' for x in p])}): it is "
            "logarithmic or broken, or lines that are no ticks were taken for some."
        )
    check_linear(name, given, len(p))
    doubts: tuple[str, ...] = ()
    if not is_usual(abs(given[1] - given[0]) / (len(p) - 1)):
        said = setting(f"{name}_ticks", given)
        doubts = (f"{said} makes {usual_ticks(given, len(p))}: check it.",)
    return _line(name, p, np.linspace(*given, len(p)), "given", tolerance, doubts=doubts)


def _line(
    name: str,
    p: Floats,
    v: Floats,
    by: str,
    tolerance: float,
    *,
    valid: tuple[float, float] = (-np.inf, np.inf),
    doubts: tuple[str, ...] = (),
) -> AxisFit:
    slope, intercept = (float(c) for c in np.polyfit(p, v, 1))
    residual = float(np.abs((v - intercept) / slope - p).max() / abs(p[-1] - p[0]))
    if not residual <= tolerance:
        raise DataError(f"the {name} axis is off a straight scale by {100 * residual:.2g} % of its length.")
    return AxisFit(name, tuple(p.tolist()), tuple(v.tolist()), slope, intercept, residual, by, valid, doubts)


def _shown(values: Floats) -> list[str]:
    return [f"{v:g}" for v in values]
