"""Points on the survival curves of two arms: read and checked."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....base.check import Floats
from ....base.numbers import count_of, sequence
from ....errors import DataError, OptionError

RISE = 1e-9  # a curve computed, not read, may rise by rounding


class TwoCurves(NamedTuple):
    """Checked points of two curves, and what is known of their patients.

    Attributes
    ----------
    time
        The times, rising from 0, shape (k + 1,).
    survival
        Of treatment and control, each of shape (k + 1,), falling from 1.
    at_risk
        Of treatment and control, each of shape (k + 1,); None where the follow-up is given instead.
    n
        Patients of treatment and control at time 0.
    follow_up
        Shortest and longest follow-up; None where the numbers at risk are given.
    """

    time: Floats
    survival: tuple[Floats, Floats]
    at_risk: tuple[Floats, Floats] | None
    n: tuple[int, int]
    follow_up: tuple[float, float] | None


def read_curves(
    time: Any,
    survival: tuple[Any, Any],
    at_risk: tuple[Any, Any],
    n: tuple[Any, Any],
    follow_up: Any,
) -> TwoCurves:
    """Return the curves, or raise an error that names what cannot be true.

    Raises
    ------
    DataError
        When a value or its place cannot be true.
    OptionError
        When neither, or both, of the numbers at risk and of patients with follow-up are given.
    """
    by_table = _by_table(at_risk, n, follow_up)
    times = _times(time)
    s_t, s_c = (_survival(s, f"survival{arm}", times) for s, arm in zip(survival, ("_t", "_c"), strict=True))
    if by_table:
        r_t, r_c = (_at_risk(r, f"at_risk{arm}", times) for r, arm in zip(at_risk, ("_t", "_c"), strict=True))
        return TwoCurves(times, (s_t, s_c), (r_t, r_c), (int(r_t[0]), int(r_c[0])), None)
    n_t, n_c = (_patients(count, name) for count, name in zip(n, ("n_t", "n_c"), strict=True))
    return TwoCurves(times, (s_t, s_c), None, (n_t, n_c), _follow_up(follow_up, float(times[-1])))


def _by_table(at_risk: tuple[Any, Any], n: tuple[Any, Any], follow_up: Any) -> bool:
    """Return whether the numbers at risk are given; refuse half of a route, or parts of two."""
    table = {"at_risk_t": at_risk[0], "at_risk_c": at_risk[1]}
    span = {"n_t": n[0], "n_c": n[1], "follow_up": follow_up}
    given = {name for name, value in (table | span).items() if value is not None}
    if given not in (set(table), set(span)):
        shown = ", ".join(name for name in table | span if name in given) or "neither"
        raise OptionError(f"give either at_risk_t and at_risk_c, or n_t, n_c and follow_up; given: {shown}.")
    return given == set(table)


def _refuse(bad: NDArray[np.bool_], say: Any) -> None:
    if bad.any():
        raise DataError(say(int(np.argmax(bad))))


def _times(values: Any) -> Floats:
    time = sequence(values, "time")
    if len(time) < 2:
        raise DataError(f"time has {len(time)} values; two or more make an interval.")
    if time[0] != 0:
        raise DataError(f"time begins at {time[0]:g}; it must begin at 0, where both curves are 1.")
    _refuse(np.diff(time) <= 0, lambda i: f"time must rise: time[{i}]={time[i]:g} is followed by {time[i + 1]:g}.")
    return time


def _same_length(values: Floats, name: str, time: Floats) -> None:
    if len(values) != len(time):
        raise DataError(f"{name} has {len(values)} values but time has {len(time)}; one each time is wanted.")


def _survival(values: Any, name: str, time: Floats) -> Floats:
    s = sequence(values, name)
    _same_length(s, name, time)
    if s.max(initial=0) > 1 + RISE:
        raise DataError(f"{name} goes up to {s.max():g}; give proportions, {name}/100 where they are per cent.")
    _refuse(s < 0, lambda i: f"{name}[{i}]={s[i]:g} is negative.")
    if s[0] != 1:
        raise DataError(f"{name}[0]={s[0]:g} must be 1, as all are alive at time 0.")
    rise = np.diff(s) > RISE
    _refuse(
        rise, lambda i: f"{name} rises from {s[i]:g} to {s[i + 1]:g} at time {time[i + 1]:g}; a survival curve falls."
    )
    if s[-1] == 1:
        raise DataError(f"{name} never falls: without events in both arms curves give no hazard ratio.")
    return np.minimum.accumulate(s)


def _at_risk(values: Any, name: str, time: Floats) -> Floats:
    n = sequence(values, name, whole=True)
    _same_length(n, name, time)
    _refuse((n < 0) | (n != np.floor(n)), lambda i: f"{name}[{i}]={n[i]:g} is not a count.")
    if n[0] == 0:
        raise DataError(f"{name}[0] is 0: there is no patient at time 0.")
    rise = np.diff(n) > 0
    _refuse(rise, lambda i: f"{name} rises from {n[i]:g} to {n[i + 1]:g} at time {time[i + 1]:g}; it can only fall.")
    return n


def _patients(value: Any, name: str) -> int:
    patients = count_of(value, name)
    if patients < 1:
        raise DataError(f"{name}={value!r} is not a number of patients, 1 or more.")
    return patients


def _follow_up(value: Any, last: float) -> tuple[float, float]:
    span = sequence(value, "follow_up")
    if len(span) != 2 or not 0 <= span[0] < span[1]:
        raise DataError(f"follow_up={value!r} is not (shortest, longest), with 0 <= shortest < longest.")
    if span[1] < last:
        raise DataError(f"follow_up ends at {span[1]:g}, before the last time {last:g}; leave later points out.")
    return float(span[0]), float(span[1])
