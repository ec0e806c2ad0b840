"""Survival of trials at common times: read from a long table, from patients, or from their curves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....base.check import Floats, Labels, columns_exist, labels_of, refuse
from ....base.frames import rows_of, to_pandas
from ....base.labels import join_labels
from ....base.messages.advice import option
from ....base.numbers import numbers
from ....errors import DataError
from ...effects.outcomes import refuse_several
from ...numeric.product_limit import Sample, product_limit
from ...survival.curve.curve import Curve
from ...survival.curve.result import KaplanMeier
from ...survival.doubts import median_time, of_copies, of_mixed_units, of_twins, of_units
from ...survival.patients import read_patients
from ..names import named, study_column
from .grid import (
    COLUMNS,
    at_given_times,
    from_counts_at_times,
    on_common_times,
    once_each,
    ordered,
    patients_fall,
    survival_falls,
)
from .times import absent, given_times, read_off, unused

ALL = "all"


class Evidence(NamedTuple):
    """What trials give.

    Attributes
    ----------
    rows
        One row a trial and time: `COLUMNS`; survival at the time, n_risk at the start of the interval that ends there.
    given, used
        Rows, patients or curves given, and those of the curves that `rows` has.
    unit
        What is counted: ``row``, ``patient`` or ``curve``.
    dropped
        A sentence on each curve of which nothing is used.
    absent
        A sentence on the times asked for that no trial has.
    corrected, notes
        What was changed, and what a reader must know.
    cautions
        What is doubtful.
    """

    rows: pd.DataFrame
    given: int
    used: int
    unit: str
    dropped: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def of_table(
    table: Any, study: str | None, time: str, survival: str, n_risk: str, by: str | None, times: Any, *, at_time: bool,
    isotonic: bool,
) -> Evidence:  # fmt: skip
    """Return what a long table has, one row a trial and time; see `pool_curves`."""
    frame = to_pandas(table)
    study = study_column(frame.columns, study)
    columns_exist(list(frame.columns), {"study": study, "time": time, "survival": survival, "n_risk": n_risk, "by": by})
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study, by], rows)
    named(frame[study], study, rows)
    refuse_several(frame, (by,) if by else ())
    labels = labels_of(frame[study].tolist(), rows)
    t, s, n = (numbers(frame[c], c, labels) for c in (time, survival, n_risk))
    _check(t, s, n, (time, survival, n_risk), labels, at_time=at_time)
    group = [ALL] * len(frame) if by is None else _groups(frame[by], by, labels)
    found = pd.DataFrame({"study": list(labels), "group": group, "time": t, "survival": s, "n_risk": n, "row": rows})
    found, first = ordered(found)
    once_each(found, first, by)
    patients_fall(found, first, by, n_risk)
    found, corrected = survival_falls(found, first, by, survival, isotonic=isotonic)
    if at_time:
        found = from_counts_at_times(found, first, by, time)
    latest = found.groupby(["study", "group"], sort=False)["time"].max()
    ends = {(str(name), str(of)): float(end) for (name, of), end in zip(latest.index, latest, strict=True)}
    sizes = Counter(zip(labels, group, strict=True))
    notes: tuple[str, ...] = joined
    dropped: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    if times is not None:
        at = given_times(times)
        found = at_given_times(found, at)
        dropped, lacking = unused(found, ends, at, by=by), absent(found, at)
        notes = (*joined, f"pooled at the {found['time'].nunique()} times given; numbers at other times are not used.")
    on_common_times(found)
    used = _used(found, sizes)
    return Evidence(found[COLUMNS].reset_index(drop=True), len(frame), used, "row", dropped, lacking, corrected, notes)


def of_patients(table: Any, study: str | None, time: str, event: str, by: str | None, times: Any) -> Evidence:
    """Return Kaplan-Meier estimates of each trial's patients at given times; see `pool_curves`."""
    frame = to_pandas(table)
    study = study_column(frame.columns, study)
    columns_exist(list(frame.columns), {"study": study, "time": time, "event": event, "by": by})
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study, by], rows)
    named(frame[study], study, rows)
    labels = labels_of(frame[study].tolist(), rows)
    group = [ALL] * len(frame) if by is None else _groups(frame[by], by, labels)
    read_patients(frame, time=time, event=event, by=None)  # errors name the rows of the whole table
    at, parts, ends, sizes = given_times(times), [], {}, {}
    samples: dict[tuple[str, str], Sample] = {}
    for (name, of), part in frame.groupby([np.array(list(labels), dtype=object), np.array(group, dtype=object)]):
        sample = read_patients(part, time=time, event=event, by=None).samples[0]
        steps = product_limit(sample)
        samples[str(name), str(of)] = sample
        left = len(sample.time) - sample.time.searchsorted(np.append(0.0, at[:-1]), side="right")
        parts.append(read_off(str(name), str(of), at, steps.time, steps.survival, left))
        ends[str(name), str(of)], sizes[str(name), str(of)] = float(sample.time.max()), len(part)
    found = _some(parts)
    return Evidence(found, len(frame), _used(found, sizes), "patient", unused(found, ends, at, by=by),
                    absent(found, at), (), joined, _doubts(samples))  # fmt: skip


def _doubts(samples: Mapping[tuple[str, str], Sample]) -> tuple[str, ...]:
    names = [name if of == ALL else f"{name} ({of})" for name, of in samples]
    middle = [median_time(sample) for sample in samples.values()]
    arms = list(zip(names, samples.values(), strict=True))
    return of_units(names, middle) + of_twins(arms) + of_copies(arms) + of_mixed_units(arms)


def of_curves(curves: Mapping[Any, Any], times: Any) -> Evidence:
    """Return given curves, a `Curve` or a `KaplanMeier` of one group each, at given times."""
    at, parts, ends = given_times(times), [], {}
    for name, given in curves.items():
        curve = given
        if isinstance(given, KaplanMeier):
            if len(given.curves) != 1:
                raise DataError(
                    f"trial {name!r} has {len(given.curves)} curves, {list(given.curves)}; give one of them."
                )
            curve = next(iter(given.curves.values()))
        if not isinstance(curve, Curve):
            raise DataError(f"trial {name!r}: a Curve or KaplanMeier is wanted, not {type(given).__name__}.")
        gone = np.append(0, np.cumsum(curve.n_event + curve.n_censor))
        left = curve.n - gone[np.searchsorted(curve.time, np.append(0.0, at[:-1]), side="right")]
        parts.append(read_off(str(name), ALL, at, curve.time, curve.survival, left))
        ends[str(name), ALL] = float(curve.time[-1])
    found = _some(parts)
    used = found["study"].nunique()
    return Evidence(found, len(curves), used, "curve", unused(found, ends, at, by=None), absent(found, at))


def _used(found: pd.DataFrame, sizes: Mapping[Any, int]) -> int:
    """Return the rows of the table that belong to curves found, given how many each has."""
    return sum(sizes[curve] for curve in set(zip(found["study"], found["group"], strict=True)))


def _some(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    rows = pd.concat(parts, ignore_index=True)
    if not len(rows):
        raise DataError("no trial is followed up to the first of times=; begin earlier.")
    return pd.DataFrame(rows[COLUMNS])


def _groups(column: pd.Series, by: str, labels: Labels) -> list[str]:
    refuse(column.isna().to_numpy(), labels, lambda i: f"{by} is missing; name the group, or leave the row out.")
    return [f"{x:g}" if isinstance(x, float) else str(x) for x in column]


def _check(t: Floats, s: Floats, n: Floats, names: Sequence[str], labels: Labels, *, at_time: bool) -> None:
    time, survival, n_risk = names
    for values, name in zip((t, s, n), names, strict=True):
        refuse(~np.isfinite(values), labels, lambda i, name=name: f"{name} is missing or infinite; complete the row or "
               "leave it out.")  # fmt: skip
    refuse(t < 0, labels, lambda i: f"{time}={t[i]:g} is negative.")
    if not at_time:
        refuse(t == 0, labels, lambda i: f"{time}=0 ends no interval. Where n_risk is counted at the time itself, as "
               f"tables of patients at risk print it, say {option('n_risk_at', 'time')}; else leave the row "
               "out.")  # fmt: skip
    refuse(s > 1, labels, lambda i: f"{survival}={s[i]:g} is above 1; survival is a proportion: divide percent by 100.")
    refuse(s < 0, labels, lambda i: f"{survival}={s[i]:g} is below 0.")
    refuse(n < 0, labels, lambda i: f"{n_risk}={n[i]:g} is negative.")
    if not at_time:
        refuse(n == 0, labels, lambda i: f"{n_risk}=0: nobody is at risk in the interval that ends at {t[i]:g}; leave "
               "the row out.")  # fmt: skip
