"""What a reconstruction is given, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import one_of
from ....base.frames import to_pandas
from ....base.messages.advice import in_python, option
from ....base.numbers import known_count, sequence
from ....errors import DataError
from .clean import Floats
from .place import Span

N_RISK = ("nrisk", "n")  # what numbers at risk are called by others
POINTS = ("corners", "clicks", "pixels")
_OUTSIDE = {"corners": 1e-6, "clicks": 0.02, "pixels": 0.02}  # how far noise may carry a point beyond 0 or 1
_RISE = 0.05  # a survival curve does not end this much above its start


@dataclass(frozen=True, slots=True)
class Inputs:
    """Checked input: the points as given, the at-risk table by columns (empty when none), and what else is known."""

    time: Floats
    survival: Floats
    points: str
    n: int
    row_time: Floats
    row_n: Floats
    events: int | None
    ticks: Floats

    @property
    def all_marked(self) -> bool:
        """Whether the censoring marks are of all who were censored, not the fewest that there were.

        A file of lines holds each mark that was drawn. In a picture those that touch count as one, and others cannot be
        told from the line: there they are all only where they and the total of events add up to n.
        """
        return self.points == "corners" or (self.events is not None and len(self.ticks) == self.n - self.events)

    @property
    def identified(self) -> bool:
        """Whether anything but the curve tells how many were censored, or when."""
        marked = len(self.ticks) > 0 and self.all_marked
        return self.events is not None or marked or bool(np.any(self.row_time > 0))


def check(
    time: Any,
    survival: Any,
    points: str,
    n: int | None,
    at_risk: Any,
    events: int | None,
    censor_times: Any,
    *,
    unidentified: bool = False,
) -> Inputs:
    """Return the input as arrays; what leaves the censoring unidentified is refused unless `unidentified`.

    Raises
    ------
    DataError
        Names what cannot be true or is missing, where, and what to give instead.
    OptionError
        When `points` is none of its options.
    """
    points = one_of("points", points, POINTS)
    t, s = sequence(time, "time"), sequence(survival, "survival")
    if len(t) != len(s):
        raise DataError(f"time has {len(t)} values and survival {len(s)}; give one survival a time.")
    if len(t) < 2:
        raise DataError(f"a curve needs at least 2 points, not {len(t)}.")
    _times(t, "time")
    _heights(t, s, points)
    row_time, row_n = _table(at_risk)
    n, events = _size(known_count(n, "n"), row_time, row_n), known_count(events, "events")
    ticks = np.zeros(0) if censor_times is None else np.sort(sequence(censor_times, "censor_times"))
    _times(ticks, "censor_times")
    _known(n, events, ticks)
    given = Inputs(t, s, points, n, row_time, row_n, events, ticks)
    if not (unidentified or given.identified):
        raise DataError(_unidentified(given))
    return given


def spans(given: Inputs, end: float) -> list[Span]:
    """Return the spans between the rows of the table, the last to the curve's end.

    A row beyond the end with patients still at risk, or a censoring mark there, carries the flat curve on to its time.
    """
    end = max(end, float(given.ticks.max(initial=0.0)))
    alive = (given.row_n > 0) & (given.row_time > 0)
    times, sizes = [0.0, *given.row_time[alive].tolist()], [given.n, *given.row_n[alive].astype(int).tolist()]
    edges = [*times, max(end, times[-1])]
    sizes = [*sizes, 0]
    return [Span(edges[i], edges[i + 1], sizes[i], sizes[i + 1], i == len(times) - 1) for i in range(len(times))]


def _unidentified(given: Inputs) -> str:
    if len(given.ticks):
        why = (
            f"neither an at-risk table nor a total of events was given, and the {len(given.ticks)} censoring marks are "
            f"of {given.points}: where marks touch or lie on a steep line fewer are read than were drawn, so that they "
            "are the least that was censored and do not tell how many were; give "
        )
        more = f" or {option('events')} (n={given.n} less the marks, where each is one patient and none is missed)"
    else:
        why = (
            "neither an at-risk table nor a total of events was given: the curve alone does not tell how many were "
            "censored, nor when; give "
        )
        lines = given.points == "corners"
        more = f", {option('events')} or {option('censor_times')}" if lines else f" or {option('events')}"
    return (
        f"{why}{option('at_risk')} (columns time, n_risk, with rows after time 0){more}. Without them no single set of "
        "patients stands for the curve; analyse many: reconstruct_ipd(..., accept_unidentified=True)"
        f".ensemble(20, seed=1){in_python()}."
    )


def _times(t: Floats, name: str) -> None:
    if (t < 0).any():
        i = int(np.argmax(t < 0))
        raise DataError(f"{name}[{i}]={t[i]:g} is negative; times count from 0, so set a point left of the axis to 0.")


def _heights(t: Floats, s: Floats, points: str) -> None:
    if 1.5 < s.max() <= 100:
        raise DataError(f"survival goes up to {s.max():g}: it is read as percent; pass survival / 100.")
    bad = (s < -_OUTSIDE[points]) | (s > 1 + _OUTSIDE[points])
    if bad.any():
        i = int(np.argmax(bad))
        raise DataError(f"survival[{i}]={s[i]:g} lies outside [0, 1]; give proportions between 0 and 1.")
    order = np.argsort(t, kind="stable")
    first, last = s[order[0]], s[order[-1]]
    if last > first + _RISE:
        raise DataError(
            f"the curve rises from {first:g} to {last:g}: it looks like a probability of the event; pass 1 - x."
        )
    if t.max() <= 0:
        raise DataError("all times are 0; give times along the axis.")


def _table(at_risk: Any) -> tuple[Floats, Floats]:
    if at_risk is None:
        return np.zeros(0), np.zeros(0)
    times, sizes = _columns(at_risk)
    t, k = sequence(times, "at_risk time"), sequence(sizes, "at_risk n_risk", whole=True)
    if len(t) != len(k):
        raise DataError(f"at_risk has {len(t)} times and {len(k)} numbers; give one number a time.")
    _times(t, "at_risk time")
    for i in range(len(t)):
        row = f"at_risk row {i} (time {t[i]:g}, n_risk {k[i]:g})"
        if k[i] < 0 or k[i] != np.round(k[i]):
            raise DataError(f"{row}: n_risk is not a count; give whole numbers of patients with time >= t.")
        if i and t[i] <= t[i - 1]:
            raise DataError(f"{row}: its time is not after {t[i - 1]:g}; give one row a time, in order.")
        if i and k[i] > k[i - 1]:
            raise DataError(f"{row}: more are at risk than the {k[i - 1]:g} of the row before; mend the table.")
    return t, k


def _columns(at_risk: Any) -> tuple[Any, Any]:
    if not isinstance(at_risk, Mapping) and isinstance(at_risk, Sequence):
        if len(at_risk) != 2:
            raise DataError("at_risk is a table with columns time and n_risk, or two sequences: times, numbers.")
        return at_risk[0], at_risk[1]
    frame = risk_table(to_pandas(at_risk))
    missing = [c for c in ("time", "n_risk") if c not in frame.columns]
    if missing:
        raise DataError(f"at_risk has no column {missing[0]!r} but {list(frame.columns)}; name them time and n_risk.")
    return frame["time"], frame["n_risk"]


def risk_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of numbers at risk whose column of numbers has its name here, whichever of the usual it had."""
    usual = [name for name in N_RISK if name in frame.columns]
    return frame if "n_risk" in frame.columns or not usual else frame.rename(columns={usual[0]: "n_risk"})


def _size(n: int | None, row_time: Floats, row_n: Floats) -> int:
    at_zero = len(row_time) > 0 and row_time[0] == 0
    if n is None:
        if not at_zero:
            raise DataError(f"n is missing: give {option('n')}, or an at-risk table with a row at time 0.")
        n = int(row_n[0])
    if n < 1:
        raise DataError(f"n={n} is not a number of patients; give a whole number of at least 1.")
    if len(row_n) and row_n[0] > n:
        raise DataError(f"at_risk row 0 (time {row_time[0]:g}, n_risk {row_n[0]:g}): more are at risk than n={n}.")
    if at_zero and row_n[0] != n:
        raise DataError(f"n={n} contradicts the {row_n[0]:g} at risk at time 0; leave n out or mend the table.")
    return n


def _known(n: int, events: int | None, ticks: Floats) -> None:
    if events is not None and events > n:
        raise DataError(f"events={events} is not a count between 0 and n={n}; give the arm's total of events.")
    if len(ticks) > n - (events or 0):
        raise DataError(
            f"censor_times has {len(ticks)} marks, but n={n} less {events or 0} events leaves {n - (events or 0)}; "
            "give one time a mark."
        )
