"""ipd_from_summary: patients that agree with a published median, landmark rates and counts, where there is no curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import scipy
from scipy import special

from ...base.check import Floats
from ...base.digits import plain
from ...base.html import listed
from ...base.messages.arguments import known_arguments
from ...base.numbers import count_of, known_count, known_number, number, sequence
from ...base.result import Provenance, Result
from ...errors import DataError, OptionError
from .ensemble import CHECKED_IN_R
from .fits.median import half_time
from .fits.quality import kaplan_meier

GRID = 20_001  # times at which hazards are summed: counts are right to a thousandth of a patient
LATEST = 1e4  # times the last published time: beyond it no follow-up reaches
DOUBTFUL = 1.5  # factor between the width of the median's interval and the one that the events allow


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ModelledPatients(Result):
    """Patients made up from a summary: a model of what was published, never a reconstruction of who was treated.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    ipd
        DataFrame with `time` and `event` (1 event, 0 censored), one row a patient, sorted by time.
    agreement
        One row a published figure: what, time, published, model (survival and median of the patients made; the events
        that the follow-up gives, which differ from those published only where both were told).
    follow_up
        Shortest and longest possible follow-up: entry is taken as even between.
    provenance
        How it came about; its notes say what was assumed.
    """

    ipd: pd.DataFrame
    agreement: pd.DataFrame
    follow_up: tuple[float, float]
    provenance: Provenance
    _not_in_r: ClassVar[str] = CHECKED_IN_R

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return `agreement`, the model's figures as estimates; `transform` changes nothing."""
        return self.agreement.rename(columns={"what": "term", "model": "estimate"}).assign(type="model")

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: n, events, the shortest and longest follow-up."""
        first, last = self.follow_up
        row = {"n": len(self.ipd), "events": int(self.ipd["event"].sum()), "shortest": first, "longest": last}
        return self._row(**row)

    def _lines(self) -> list[str]:
        return [
            f"A model of {len(self.ipd)} patients with {int(self.ipd['event'].sum())} events, not a reconstruction",
            listed(self.agreement, plain),
        ]


@known_arguments
def ipd_from_summary(
    *,
    n: int,
    median: float | None = None,
    median_low: float | None = None,
    median_high: float | None = None,
    landmarks: Mapping[float, float] | None = None,
    events: int | None = None,
    follow_up: tuple[float, float] | None = None,
    level: float = 0.95,
) -> ModelledPatients:
    r"""Return patients that agree with a published summary of a survival curve.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Survival falls with a constant hazard between the published points, (0, 1), the landmarks and (median, 0.5), and
    goes on with the last one. Patients enter evenly, so that the share still followed falls linearly from the shortest
    to the longest follow-up:

    .. math:: n_{events} = n \int_0^{F} G(t) \, d(1 - S(t)), \quad G(t) = \frac{F - t}{F - f} \text{ for } f < t < F

    The longest follow-up F is the one that gives the events, unless both ends are told. Times are the quantiles of
    this model: the same summary gives the same patients.

    Parameters
    ----------
    n : int
        Patients.
    median : float, optional
        Median survival; None where it was not reached, with `landmarks`.
    median_low, median_high : float, optional
        Its interval at `level`, which is checked against the events and otherwise not used.
    landmarks : mapping of float to float, optional
        Time -> survival there, as a proportion.
    events : int, optional
        Number of events.
    follow_up : (float, float), optional
        Shortest and longest possible follow-up; the shortest is 0 where it is not told.
    level : float, default 0.95
        Of the interval.

    Returns
    -------
    ModelledPatients
        Patients that agree with the summary, and how nearly.

    Raises
    ------
    DataError
        Figures that contradict each other: survival that rises, more events than patients, an interval that does not
        hold the median, events that no follow-up gives.
    OptionError
        Nothing about survival is given, or neither events nor follow-up.

    Notes
    -----
    What is made up, the shape between the points, when patients were censored and everything beyond the last point,
    looks like data and is none. Pool medians or hazard ratios where they exist.

    Examples
    --------
    >>> import metaonc as mo
    >>> made = mo.curves.ipd_from_summary(n=100, median=8.0, landmarks={12: 0.31}, events=75)
    >>> int(made.ipd["event"].sum()), len(made.ipd)
    (75, 100)
    """
    n, events, median = count_of(n, "n"), known_count(events, "events"), known_number(median, "median")
    median_low, median_high = known_number(median_low, "median_low"), known_number(median_high, "median_high")
    landmarks = {number(t, "a time of landmarks"): number(s, f"landmarks[{t!r}]") for t, s in (landmarks or {}).items()}
    times, survival = _points(median, landmarks)
    _check_counts(n, events, median, median_low, median_high)
    if events is None and follow_up is None:
        raise OptionError(
            "how long patients were followed is not known: give events=, or follow_up=(shortest, longest)."
        )
    first, last = (0.0, np.nan) if follow_up is None else sequence(follow_up, "follow_up").tolist()
    if follow_up is not None and not 0 <= first < last:
        raise OptionError(f"follow_up={follow_up!r}: the shortest must be at least 0 and below the longest.")
    if follow_up is None:
        assert events is not None
        last = _longest(times, survival, events / n)
    grid = np.linspace(0, last, GRID)
    s, g = survival_at(grid, times, survival), _followed(grid, first, last)
    share = np.append(0.0, np.cumsum((g[1:] + g[:-1]) / 2 * -np.diff(s)))
    count = round(n * share[-1]) if events is None else events
    ipd = _patients(grid, share, s, g, n, count)
    return ModelledPatients(
        ipd=ipd,
        agreement=_agreement(ipd, median, landmarks, events, n * share[-1]),
        follow_up=(first, last),
        provenance=Provenance(
            verb="curves.ipd_from_summary",
            settings={"n": n, "events": events, "median": median, "landmarks": landmarks,
                      "follow_up": follow_up},
            rows_in=len(times) - 1,
            rows_used=len(times) - 1,
            notes=_notes(times, events, median, median_low, median_high, level),
        ),
    )  # fmt: skip


def survival_at(t: Floats, times: Floats, survival: Floats) -> Floats:
    """Return survival with a constant hazard between the points, and after the last one the last hazard."""
    log = np.log(survival)
    inside = np.interp(t, times, log)
    slope = (log[-1] - log[-2]) / (times[-1] - times[-2])
    values: Floats = np.exp(np.where(t > times[-1], log[-1] + slope * (t - times[-1]), inside))
    return values


def _points(median: float | None, landmarks: Mapping[float, float]) -> tuple[Floats, Floats]:
    """Return the published points of the curve, from (0, 1) on, checked."""
    known = dict(landmarks) | ({median: 0.5} if median is not None else {})
    if not known:
        raise OptionError("nothing about survival is given: give median= or landmarks={time: survival}.")
    for t, s in landmarks.items():
        if t <= 0 or not 0 < s < 1:
            raise DataError(
                f"landmarks[{t:g}]={s:g}: a time above 0 and a survival between 0 and 1 are wanted, not percent."
            )
    if median is not None and median <= 0:
        raise DataError(f"median={median:g} is not a time above 0.")
    if median is not None and landmarks.get(median, 0.5) != 0.5:
        raise DataError(f"median={median:g} and landmarks[{median:g}]={landmarks[median]:g} contradict each other.")
    times = np.array([0.0, *sorted(known)])
    survival = np.array([1.0, *(known[t] for t in times[1:])])
    rising = np.flatnonzero(np.diff(survival) >= 0)
    if len(rising):
        i = int(rising[0])
        ends = (f"time {times[k]:g} ({survival[k]:g})" for k in (i, i + 1))
        raise DataError(f"survival does not fall from {' to '.join(ends)}.")
    return times, survival


def _check_counts(n: int, events: int | None, median: float | None, low: float | None, high: float | None) -> None:
    if n < 1:
        raise DataError(f"n={n!r} is not a number of patients.")
    if events is not None and not 0 < events <= n:
        raise DataError(f"events={events!r} is not a number of events among n={n} patients.")
    for name, limit, sign in (("median_low", low, -1), ("median_high", high, 1)):
        if limit is not None and (median is None or limit <= 0 or sign * (limit - median) < 0):
            shown = "None" if median is None else f"{median:g}"
            raise DataError(f"{name}={limit:g} does not lie about median={shown}.")


def _followed(t: Floats, first: float, last: float) -> Floats:
    values: Floats = np.clip((last - t) / (last - first), 0, 1)
    return values


def _longest(times: Floats, survival: Floats, share: float) -> float:
    """Return the longest follow-up, entry being even from 0, that gives this share of events."""

    def short(last: float) -> float:
        grid = np.linspace(0, last, GRID)
        s, g = survival_at(grid, times, survival), _followed(grid, 0.0, last)
        return float(((g[1:] + g[:-1]) / 2 * -np.diff(s)).sum()) - share

    low, high = 1e-6 * times[-1], LATEST * times[-1]
    if short(low) > 0 or short(high) < 0:
        raise DataError(f"no follow-up gives {100 * share:.3g} % of patients with an event: check n and events.")
    return float(scipy.optimize.brentq(short, low, high, xtol=1e-10 * times[-1]))


def _patients(grid: Floats, share: Floats, s: Floats, g: Floats, n: int, events: int) -> pd.DataFrame:
    """Return the patients at the quantiles of the times of event and of censoring."""
    gone = 1 - s * g - share  # censored by then, as a share of all
    parts = []
    for count, by, event in ((events, share, 1), (n - events, gone, 0)):
        if count:
            at = np.interp((np.arange(count) + 0.5) / count * by[-1], by, grid)
            parts.append(pd.DataFrame({"time": at, "event": event}))
    return pd.concat(parts).sort_values(["time", "event"], ascending=[True, False], ignore_index=True)


def _agreement(
    ipd: pd.DataFrame, median: float | None, landmarks: Mapping[float, float], events: int | None, expected: float
) -> pd.DataFrame:
    t, _, _, s = kaplan_meier(ipd["time"].to_numpy(dtype=float), ipd["event"].to_numpy(dtype=float))
    rows = []
    for time in sorted(landmarks):
        before = int(np.searchsorted(t, time, side="right"))
        rows.append(("survival", time, landmarks[time], float(s[before - 1]) if before else 1.0))
    if median is not None:
        rows.append(("median", np.nan, median, half_time(t, s)))
    if events is not None:
        rows.append(("events", np.nan, float(events), float(expected)))
    return pd.DataFrame(rows, columns=["what", "time", "published", "model"])


def _notes(
    times: Floats, events: int | None, median: float | None, low: float | None, high: float | None, level: float
) -> tuple[str, ...]:
    notes = [
        "patients are a model: the hazard is constant between the published points, entry even, censoring unrelated to "
        "the outcome.",
        f"beyond time {times[-1]:g} nothing was published: the last hazard goes on.",
    ]
    if None not in (low, high, events) and median is not None:
        z = float(special.ndtri(0.5 + level / 2))
        printed, expected = np.log(high / low), 2 * z / np.sqrt(events)  # type: ignore[operator,arg-type]
        if not expected / DOUBTFUL < printed < expected * DOUBTFUL:
            ratios = f"a ratio of limits of {np.exp(printed):.2f}, not {np.exp(expected):.2f}"
            notes.append(
                f"the interval of the median ({low:g} to {high:g}) is not what {events} events of a constant hazard "
                f"give ({ratios}): check the events."
            )
    return tuple(notes)
