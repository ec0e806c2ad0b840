"""Published curves against what a Kaplan-Meier curve can be, and against what is printed beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ....base.check import Floats
from ...collections.published_curves import CURVE, PublishedCurve
from ...schema.curve_fields import NOISE
from ..records import AuditRule, Finding, Reading
from ..rows import Number, Row

_RISES = {"corners": 1e-4, "clicks": NOISE, "pixels": NOISE}  # of survival, that reading may make of a level
_MEDIAN = {"corners": 1e-3, "clicks": 0.01, "pixels": 0.01}  # about 0.5
_PRINTED = 0.01  # of survival, that rounding may make of printed medians and rates
_TIME = 0.005  # of the curve's length, that reading may make of a time
_CHECK = "Look at the figure and its table; read the coordinates again."
_Find = Callable[[Reading], Iterator[Finding]]


def _sorted(curve: PublishedCurve) -> tuple[Floats, Floats]:
    """Return the points by time, those of one time as they were read."""
    order = np.argsort(curve.time, kind="stable")
    return curve.time[order], curve.survival[order]


def _size(curve: PublishedCurve) -> int | None:
    """Return the number of patients: as printed, or at risk at time 0."""
    if curve.n is not None or curve.at_risk is None or curve.at_risk["time"].iloc[0] != 0:
        return curve.n
    return int(curve.at_risk["n_risk"].iloc[0])


def _of_curves(find: Callable[[Row, PublishedCurve], Finding | None]) -> _Find:
    """Return the finder of a rule about curves that were digitised, one curve at a time."""

    def found(reading: Reading) -> Iterator[Finding]:
        for row in reading.rows:
            curve = reading.curves.get(row.number)
            finding = find(row, curve) if curve is not None and curve.kind == CURVE else None
            if finding is not None:
                yield finding

    return found


def _outside(row: Row, curve: PublishedCurve) -> Finding | None:
    slack = 1e-6 if curve.points == "corners" else NOISE
    bad = np.flatnonzero((curve.survival < -slack) | (curve.survival > 1 + slack))
    if not len(bad):
        return None
    i = int(bad[0])
    message = f"survival at time {curve.time[i]:g} is {curve.survival[i]:g}{_more(len(bad))}."
    return Finding(
        (row,), ("survival",), f"{curve.survival[i]:g}", "0 to 1", message,
        "Write proportions; divide percentages by 100, and calibrate the axis anew where it is neither.",
    )  # fmt: skip


def _more(count: int) -> str:
    return f", and {count - 1} more points lie outside" if count > 1 else ""


def _rises(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        curve = reading.curves.get(row.number)
        if curve is None or len(curve.time) < 2:
            continue
        t, s = _sorted(curve)
        rise = s - np.minimum.accumulate(s)
        i = int(np.argmax(rise))
        if rise[i] <= _RISES.get(curve.points, _PRINTED):
            continue
        read = curve.kind == CURVE
        fix = "A probability of the event is 1 - survival: subtract it from 1." if s[-1] > s[0] else _CHECK
        yield Finding(
            (row,), ("survival",), f"{s[i]:.3g} at time {t[i]:g}", f"at most {s[i] - rise[i]:.3g}, as before it",
            f"survival rises by {rise[i]:.2g} up to time {t[i]:g}.",
            fix if read else "Look up both figures: a median and rates of one curve, at one data cut, do not rise.",
            "error" if curve.points == "corners" else "warning",
        )  # fmt: skip


def _table_rises(row: Row, curve: PublishedCurve) -> Finding | None:
    if curve.at_risk is None:
        return None
    t, k = (curve.at_risk[c].to_numpy(dtype=float) for c in ("time", "n_risk"))
    bad = np.flatnonzero((np.diff(t) <= 0) | (np.diff(k) > 0))
    if not len(bad):
        return None
    i = int(bad[0])
    got = f"{k[i]:g} at time {t[i]:g}, then {k[i + 1]:g} at time {t[i + 1]:g}"
    return Finding((row,), ("n_risk",), got, "later times, and no more at risk", f"of the numbers at risk, {got}.",
                   "Correct the table; a digit may be lost, or two arms mixed up.")  # fmt: skip


def _table_above_n(row: Row, curve: PublishedCurve) -> Finding | None:
    if curve.at_risk is None or curve.n is None:
        return None
    t, k = (float(curve.at_risk[c].iloc[0]) for c in ("time", "n_risk"))
    if k <= curve.n and (t > 0 or k == curve.n):
        return None
    return Finding(
        (row,), ("n", "n_risk"), f"n={curve.n}; {k:g} at risk at time {t:g}", f"{curve.n} at time 0",
        f"{k:g} are at risk at time {t:g}, of n={curve.n}.", "Look up which of the two is right.",
    )  # fmt: skip


def _table_above_curve(row: Row, curve: PublishedCurve) -> Finding | None:
    """Find more at risk than n S(t-), which the curve leaves at most; tables of two arms mixed up are seen so."""
    n = _size(curve)
    if curve.at_risk is None or n is None:
        return None
    t, s = _sorted(curve)
    s = np.minimum.accumulate(s)
    slack = _TIME * float(t[-1])
    for time, k in curve.at_risk[["time", "n_risk"]].itertuples(index=False):
        i = int(np.searchsorted(t, time - slack, side="left"))
        most = n * min((s[i - 1] if i else 1.0) + _RISES[curve.points], 1.0)
        if k > most + 0.5:
            return Finding(
                (row,), ("n_risk", "survival"), f"{k:g} at time {time:g}", f"at most {most:.1f}",
                f"{k:g} are at risk at time {time:g}, more than n S(t) = {most:.1f} that the curve leaves.",
                "The table may be of the other arm, or its times in another unit than the axis.",
            )  # fmt: skip
    return None


def _drops(row: Row, curve: PublishedCurve) -> Finding | None:
    if curve.points != "corners" or curve.events is None:
        return None
    t, s = _sorted(curve)
    drops = len(np.unique(t[1:][np.diff(s) < -_RISES["corners"]]))
    if drops <= curve.events:
        return None
    return Finding(
        (row,), ("events", "survival"), f"{curve.events} events", f"at least {drops}",
        f"the curve drops {drops} times, with {curve.events} events.",
        "Look up the total of events: that of another data cut or endpoint may have been taken.",
    )  # fmt: skip


def _marks(row: Row, curve: PublishedCurve) -> Finding | None:
    n = _size(curve)
    if n is None or len(curve.censor_times) <= n - (curve.events or 0):
        return None
    most = n - (curve.events or 0)
    marks = f"{len(curve.censor_times)} censoring marks"
    return Finding(
        (row,), ("n", "events"), marks, f"at most {most}", f"{marks}, but only {most} patients were censored.",
        "Look up n and events; marks of a second curve may have been read with this one.",
    )  # fmt: skip


def _median(row: Row, curve: PublishedCurve) -> Finding | None:
    printed = row.num("estimate")
    if printed is None or curve.median is None:
        return None
    earliest, latest = _half_time(curve)
    if _agrees(printed, earliest, latest, _TIME * float(curve.time.max())):
        return None
    seen = "is not reached" if np.isinf(earliest) else f"is {earliest:.3g}" + f" to {latest:.3g}" * (latest > earliest)
    return Finding(
        (row,), ("median", "survival"), f"median {printed}", f"the median of the curve, which {seen}",
        f"the median is printed as {printed} {curve.unit}; on the curve it {seen}.",
        "Look up the median; it may be of another subgroup or cut, or the time axis was misread.",
    )  # fmt: skip


def _half_time(curve: PublishedCurve) -> tuple[float, float]:
    """Return the first and the last time at which the curve may cross 0.5; infinite where it stays above."""
    t, s = _sorted(curve)
    s, slack = np.minimum.accumulate(s), _MEDIAN[curve.points]
    first, last = np.flatnonzero(s <= 0.5 + slack), np.flatnonzero(s < 0.5 - slack)
    return float(t[first[0]]) if len(first) else np.inf, float(t[last[0]]) if len(last) else np.inf


def _agrees(printed: Number, earliest: float, latest: float, slack: float) -> bool:
    return printed.meets(earliest - slack, latest + slack)


_NEEDS = (("curve_id",),)
RULES = (
    AuditRule("curve_outside", "survival lies between 0 and 1", "error", _NEEDS, _of_curves(_outside)),
    AuditRule(
        "curve_rises", "a curve, or the medians and rates printed of one, never rises", "error", _NEEDS, _rises
    ),
    AuditRule("at_risk_rises", "numbers at risk never rise", "error", _NEEDS, _of_curves(_table_rises)),
    AuditRule("at_risk_above_n", "all patients are at risk at time 0", "error", _NEEDS, _of_curves(_table_above_n)),
    AuditRule(
        "at_risk_above_curve",
        "no more are at risk than the curve leaves, n S(t)",
        "error",
        _NEEDS,
        _of_curves(_table_above_curve),
    ),
    AuditRule("drops_above_events", "a curve has no more drops than events", "error", _NEEDS, _of_curves(_drops)),
    AuditRule("marks_above_censored", "no more censoring marks than censored", "error", _NEEDS, _of_curves(_marks)),
    AuditRule("curve_median", "the printed median is that of the curve", "warning", _NEEDS, _of_curves(_median)),
)  # fmt: skip
