"""How well the patients agree with what was given: errors against the raw points, the table and the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .clean import Floats
from .inputs import Inputs

_MISSED = 0.02  # root mean square error that no careful reading has


@dataclass(frozen=True, slots=True)
class Quality:
    """Agreement of the reconstructed patients with the input.

    Errors are reconstructed minus read, in survival as a proportion, at the raw points; a point beside a vertical
    part of the staircase is measured to the nearer end of that part.

    Attributes
    ----------
    bias, mean_abs, rmse, max_abs
        Mean signed, mean absolute, root mean square and largest absolute error.
    row_time, row_given, row_found
        The at-risk table and the reconstructed numbers at risk (time >= t).
    events_given, events_found
        Total of events; None when it was not given.
    flags
        What the input leaves open or contradicts, one sentence each.
    """

    bias: float
    mean_abs: float
    rmse: float
    max_abs: float
    row_time: tuple[float, ...]
    row_given: tuple[int, ...]
    row_found: tuple[int, ...]
    events_given: int | None
    events_found: int
    flags: tuple[str, ...]

    @property
    def row_difference(self) -> tuple[int, ...]:
        """Reconstructed minus given numbers at risk."""
        return tuple(f - g for f, g in zip(self.row_found, self.row_given, strict=True))

    @property
    def events_difference(self) -> int | None:
        """Reconstructed minus given events."""
        return None if self.events_given is None else self.events_found - self.events_given


def kaplan_meier(time: Floats, event: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the distinct times and, at each, the number at risk, the events and the survival after it."""
    order = np.argsort(time, kind="stable")
    t, first = np.unique(time[order], return_index=True)
    at_risk = (len(time) - first).astype(float)
    deaths = np.add.reduceat(event[order], first)
    return t, at_risk, deaths, np.cumprod(1.0 - deaths / at_risk)


def assess(given: Inputs, time: Floats, event: Floats, remarks: Sequence[str] = ()) -> Quality:
    """Compare patients with the input they were made from; `remarks` join the flags."""
    error = errors(given, time, event)
    found = (time[:, None] >= given.row_time).sum(axis=0)
    events = int(event.sum())
    return Quality(
        bias=float(error.mean()),
        mean_abs=float(np.abs(error).mean()),
        rmse=float(np.sqrt((error**2).mean())),
        max_abs=float(np.abs(error).max()),
        row_time=tuple(given.row_time.tolist()),
        row_given=tuple(int(k) for k in given.row_n),
        row_found=tuple(int(k) for k in found),
        events_given=given.events,
        events_found=events,
        flags=(*remarks, *_flags(given, error, found, events, float(time.max()), unseen_events(given, time, event))),
    )


def errors(given: Inputs, time: Floats, event: Floats) -> Floats:
    """Return reconstructed minus read survival at the raw points; see `Quality`."""
    t, _, _, s = kaplan_meier(time, event)
    level = np.append(1.0, s)
    slack = 1e-9 * max(float(t[-1]), 1e-300)
    after = level[np.searchsorted(t, given.time + slack, side="right")]
    before = level[np.searchsorted(t, given.time - slack, side="left")]
    return np.maximum(after - given.survival, 0.0) + np.minimum(before - given.survival, 0.0)


def misses(error: Floats, unseen: int) -> bool:
    """Return whether patients with these errors at the points, and these unseen events, are not those of the curve."""
    return bool(np.sqrt((error**2).mean()) > _MISSED or unseen)


def unseen_events(given: Inputs, time: Floats, event: Floats) -> int:
    """Return the events where the curve ends that no fall shows.

    The points are met there whatever falls behind the last of them; but of one event, as that of a last patient alone,
    a trace may not show the fall.
    """
    here = int(event[time >= float(time.max())].sum())
    _, _, _, s = kaplan_meier(time, event)
    return here if fall_unseen(here, float(given.survival.min()), float(s[-1])) else 0


def fall_unseen(events: int, read: float, level: float) -> bool:
    """Return whether events where a curve ends, to a level below the one read, are more than a trace may not show."""
    return events > 1 and read - level > _MISSED


def _flags(given: Inputs, error: Floats, found: Floats, events: int, end: float, unseen: int) -> list[str]:
    flags = []
    rmse = float(np.sqrt((error**2).mean()))
    if rmse > _MISSED:
        flags.append(
            f"the patients miss the curve by {rmse:.2g} (root mean square) and up to {np.abs(error).max():.2g}: check "
            "that its points, totals and numbers at risk are those of one curve."
        )
    if unseen:
        flags.append(
            f"{unseen} events stand where the curve ends, at survival {given.survival.min():.3g}, and no fall shows "
            "them: fewer had the event, or the curve goes on."
        )
    for i in np.flatnonzero(found != given.row_n):
        flags.append(
            f"at-risk row {i} (time {given.row_time[i]:g}) gives {given.row_n[i]:g}, the patients have {found[i]:g}: "
            "it contradicts the curve or the rows beside it."
        )
    if given.events is not None and events != given.events:
        flags.append(f"{given.events} events were given, {events} fit the curve and the table.")
    later = given.row_time[given.row_time > 0]
    if not given.identified:
        flags.append("the censoring is not identified: these patients are one of many sets that fit; use the ensemble.")
    elif not len(later):
        flags.append("no at-risk table: when patients were censored follows from the totals and an assumed shape only.")
    elif given.row_n[-1] > 0 and given.row_time[-1] < 0.95 * end and given.events is None:
        flags.append(
            f"no at-risk row after {later[-1]:g}: how many of the last {given.row_n[-1]:g} had an event is not "
            "identified there, and rests on the height of the last steps and an assumed shape of the censoring."
        )
    return flags
