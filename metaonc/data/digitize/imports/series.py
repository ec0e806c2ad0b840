"""From points by name, as another program has them, to curves: what their values are, and whether they can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option, setting
from ....errors import DataError, OptionError
from ..curve import DigitizedCurve, Found
from ..limits import POINTS, Source, listed
from ..options import Options, rgb

_ABOVE = 1.5  # no proportion: values are percent, or no survival
_FULL = (95.0, 101.0)  # percent at which a survival curve begins
_NEAR = 0.02  # by which a click may be off 0, 1 or the begin of time; of the time range
_LOW = 0.2  # below it a curve that rises begins: it shows events


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Points of one curve, in the order they were clicked.

    Attributes
    ----------
    name
        As the file has it.
    x, y
        Values of the axes.
    colour
        ``"#rrggbb"``, where the file has one.
    """

    name: str
    x: Floats
    y: Floats
    colour: str = "#000000"


def found(source: Source, series: Sequence[Series], options: Options, by: str) -> Found:
    """Return the curves of a file of points.

    Raises
    ------
    DataError
        When no curve has two points, a value cannot be survival or time, or there are not as many curves as said.
    OptionError
        When an option of figures is given.
    """
    _no_use(options)
    full = [s for s in series if len(s.x)]
    if sum(len(s.x) for s in full) > POINTS:
        raise source.problem("has more points than any figure needs.")
    if options.colours is not None:
        full = [_of_colour(source, full, colour) for colour in options.colours]
    names = [s.name for s in full]
    if not full:
        raise source.problem(f"has no curve with points ({by}).")
    if options.n_curves not in (None, len(full)):
        raise source.problem(
            f"has {len(full)} curves ({listed(names)}), and {setting('n_curves', options.n_curves)} was asked for."
        )
    notes = [f"Points were clicked in {by}; no figure was read."]
    for k, one in enumerate(full, 1):
        _check(source, one, one.name or f"Curve {k}")
    percent = _in_percent(source, full, options.kind)
    notes += ["The curves are taken as percent: each begins at 100."] if percent and options.kind is None else []
    curves = []
    for k, one in enumerate(full, 1):
        name = one.name or f"Curve {k}"
        if names.count(one.name) > 1:
            raise source.problem(f"has several curves named {name!r}: name each for its arm.")
        curve, said = _curve(source, one, name, options.kind, percent)
        curves.append(curve)
        notes += said
    return Found(curves=tuple(curves), calibration=None, notes=tuple(notes))


def _no_use(options: Options) -> None:
    for name in ("x_ticks", "y_ticks", "panel", "masks", "seeds"):
        if getattr(options, name) not in (None, ()):
            raise OptionError(f"{name}= has no use for a file of points, whose values are already on their scales.")


def _of_colour(source: Source, series: Sequence[Series], colour: str) -> Series:
    same = [s for s in series if rgb(s.colour) == rgb(colour)]
    if len(same) != 1:
        raise source.problem(f"has {len(same)} curves of colour {colour}; it has {listed([s.colour for s in series])}.")
    return same[0]


def _check(source: Source, one: Series, name: str) -> None:
    bad = np.flatnonzero(~(np.isfinite(one.x) & np.isfinite(one.y)))
    if len(bad):
        raise source.problem(f"has no number at point {bad[0] + 1} of curve {name!r}.")
    if len(one.x) < 2:
        raise source.problem(f"has {len(one.x)} point of curve {name!r}: a curve needs two or more.")


def _in_percent(source: Source, series: Sequence[Series], kind: str | None) -> bool:
    """Return whether the y axis, which all curves of a file share, runs in percent."""
    if kind == "percent":
        return True
    top = float(np.nanmax([np.max(s.y) for s in series]))
    if kind is None and top > _ABOVE:
        for one in series:
            begin = one.y[int(np.argmin(one.x))]
            if not _FULL[0] <= begin <= _FULL[1]:
                raise source.problem(
                    f"has {top:g} on the y axis, and the curve {one.name!r} begins at {begin:g}: these are no "
                    "proportions, and not all in percent from 100; give one scale to all, or say "
                    f"{option('kind', 'percent')} or {option('kind', 'event')}."
                )
    return top > _ABOVE


def _curve(source: Source, one: Series, name: str, kind: str | None, percent: bool) -> tuple[DigitizedCurve, list[str]]:
    said: list[str] = []
    shown = one.y / 100.0 if percent else one.y
    first, last = (shown[int(i)] for i in (np.argmin(one.x), np.argmax(one.x)))
    if kind == "event":
        shown = 1.0 - shown
    elif last > first + _NEAR or (first < _LOW and last > first):
        raise source.problem(
            f"has a curve {name!r} that rises from {first:.3g} to {last:.3g}: say {option('kind', 'event')}."
        )
    survival, time = _within(source, name, shown), one.x
    if time.min() < -_NEAR * np.ptp(time):
        raise source.problem(f"has time {time.min():g} in curve {name!r}, before 0.")
    count = int(((shown < 0) | (shown > 1)).sum() + (time < 0).sum())
    said += [f"{count} points of curve {name!r} a click beyond 0 or 1 were set there."] if count else []
    curve = DigitizedCurve(
        label=name, colour=one.colour, time=np.maximum(time, 0.0), survival=survival, points="clicks",
        censor_times=np.array([]),
    )  # fmt: skip
    return curve, said


def _within(source: Source, name: str, survival: Floats) -> Floats:
    far = np.flatnonzero((survival < -_NEAR) | (survival > 1 + _NEAR))
    if len(far):
        at = f"at point {far[0] + 1} of curve {name!r}"
        raise source.problem(f"has survival {survival[far[0]]:.4g} {at}; it lies between 0 and 1.")
    return np.clip(survival, 0.0, 1.0)


def problem_of(source: Source, problem: DataError) -> DataError:
    """Return an error that names the file."""
    return source.problem(f"cannot be used: {problem}")
