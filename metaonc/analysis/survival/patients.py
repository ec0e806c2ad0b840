"""Individual patients: follow-up, event and group, read from a table and checked row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.check import Floats, columns_exist
from ...base.frames import columns_of, once, rows_of
from ...base.labels import join_column
from ...base.numbers import floats
from ...errors import DataError
from ..numeric.product_limit import Sample, by_group, by_time, close_near_ties
from .doubts import of_groups
from .event_words import refuse_words
from .groups import groups_of
from .row_errors import refuse_missing, refuse_rows

ALL = "all"  # label of the one group when the table is not split
TRIAL_COLUMNS = ("trial", "study")  # as collections and sheets name the column; and as read_adtte and effect_sizes do
DRAW = "draw"  # column of the set, as ensembles of reconstructed patients have it
Columns = pd.DataFrame | Mapping[Any, "pd.Series[Any]"]  # a table, or its columns by name


class Patients(NamedTuple):
    """Checked patients.

    Attributes
    ----------
    labels
        The groups: in the order of a categorical column, else sorted.
    samples
        Follow-up of each group's patients; times that differ by rounding only are made one.
    merged
        How many patients' times were moved onto a neighbour's.
    versions
        Package -> version of what they were read from, where that is a fit.
    joined
        A sentence for each group that is written in two ways.
    trials
        Of patients of several trials who are taken as of one, the column of the trial and how many there are.
    names
        What cautions on patients who can hardly be as they are given call the groups; empty where none is asked for.
    """

    labels: tuple[str, ...]
    samples: tuple[Sample, ...]
    merged: int
    versions: Mapping[str, str] = MappingProxyType({})
    joined: tuple[str, ...] = ()
    trials: tuple[str, int] | None = None
    names: tuple[str, ...] = ()

    def odd(self) -> tuple[str, ...]:
        """Return the cautions on patients who can hardly be as they are given, see `of_groups`."""
        return of_groups(list(zip(self.names, self.samples, strict=True))) if self.names else ()

    def doubts(self) -> tuple[str, ...]:
        """Return the cautions on odd patients, and where those of several trials are compared as if of one."""
        if self.trials is None:
            return self.odd()
        _, n = self.trials
        return (f"patients of {n} trials are compared as if they were of one. Where trials differ "
                "in prognosis and in how many are treated, that confounds the comparison; survival.pool_ipd compares "
                "within trials", *self.odd())  # fmt: skip

    def doubts_of_curves(self) -> tuple[str, ...]:
        """Return the cautions on odd patients, and where a curve is of patients of several trials."""
        if self.trials is None:
            return self.odd()
        _, n = self.trials
        return (f"patients of {n} trials are merged as if they were of one trial, which is no pool "
                "of trials. Trials differ in prognosis and in the length of follow-up: large trials weigh most, and "
                "late times are of the trials that were followed longest", *self.odd())  # fmt: skip

    @property
    def n(self) -> int:
        """Number of patients."""
        return sum(len(sample.time) for sample in self.samples)

    def remarks(self) -> tuple[str, ...]:
        """Return a sentence for what was changed in reading, if anything was."""
        return (*self.joined, *closed(self.merged))


def closed(moved: int) -> tuple[str, ...]:
    """Return a sentence on the patients whose times were made those of a neighbour, if there are any."""
    said = f"times of {moved} patients set to a neighbouring time from which they differed by rounding."
    return (said,) if moved else ()


def read_patients(
    ipd: Any, *, time: str, event: str, by: str | None, entry: str | None = None, group: str = "by"
) -> Patients:
    """Return the patients of a table, or raise an error that names the first row that cannot be true.

    Parameters
    ----------
    ipd
        Any dataframe, or a mapping of columns; one row a patient.
    time, event, by, entry
        Names of the columns of follow-up, of the event (1 event, 0 censored), of the group, and of delayed entry.
    group
        By which option the group was named, for messages.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When the table is empty or has several sets of the same patients, or a value is missing, no number, negative,
        infinite, an event neither 0 nor 1, or an entry that is not before the end of follow-up.
    """
    columns = columns_of(ipd)
    columns_exist(columns, {"time": time, "event": event, group: by, "entry": entry})
    joined: tuple[str, ...] = ()
    if by is not None:
        columns[by], joined = join_column(columns[by], by, lambda: rows_of(ipd, len(columns[time])))
    read = checked(columns, time=time, event=event, by=by, entry=entry)
    codes, labels = (None, (ALL,)) if by is None else groups_of(columns[by], by)
    whole, moved = closed_up(read, time, entry)
    samples = (by_time(*whole),) if codes is None else by_group(whole, codes, len(labels))
    return Patients(labels, samples, moved, joined=joined, trials=_as_one(columns, (time, event, by, entry)),
                    names=("the table",) if codes is None else labels)  # fmt: skip


def checked(table: Columns, *, time: str, event: str, by: str | None, entry: str | None) -> Sample:
    """Return patients in the order of the table, or raise an error that names the first row that cannot be true.

    The columns are there; of that of the group only what is missing was not looked at.
    """
    one_set(table, (time, event, by, entry))
    follow_up, died = followed(table, time, event)
    return Sample(follow_up, died, None if entry is None else _entries(table[entry], entry, follow_up, time))


def closed_up(patients: Sample, time: str, entry: str | None) -> tuple[Sample, int]:
    """Return patients, of whom times that differ by rounding only are made one, and how many have another time now.

    Raises
    ------
    DataError
        The entry of one is no longer before the end of follow-up.
    """
    own = (patients.time,) if patients.entry is None else (patients.time, patients.entry)
    (follow_up, *entered), moved = close_near_ties(*own)
    if follow_up is patients.time:
        return patients, 0
    if entered and (entered[0] >= follow_up).any():
        raise DataError(f"a patient's {entry} and {time} differ by rounding only; take the patient out.")
    return Sample(follow_up, patients.event, *entered), moved


def followed(table: Columns, time: str, event: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Return follow-up and whether it ended with the event, or raise an error that names the first row in error."""
    follow_up = floats(table[time], lambda i: f"patient in row {i}: {time}")
    if np.count_nonzero((follow_up >= 0) & (follow_up < np.inf)) < len(follow_up):  # NaN is neither
        _refuse_times(follow_up, time)
    return follow_up, _events(table[event], event)


def _refuse_times(follow_up: Floats, time: str) -> None:
    refuse_missing(np.isnan(follow_up), time)
    refuse_rows(~np.isfinite(follow_up), lambda i: f"{time}={follow_up[i]:g} is not finite.")
    refuse_rows(follow_up < 0, lambda i: f"{time}={follow_up[i]:g} is negative; follow-up is counted from 0.")


def one_set(table: Columns, used: Sequence[str | None]) -> None:
    """Refuse plausible sets of the same patients below each other, which would count as so many more patients."""
    if DRAW not in table or DRAW in used:
        return
    found = table[DRAW].unique()
    if len(found) > 1:
        raise DataError(
            f"the table has {len(found)} sets of the same patients below each other (column {DRAW!r}), each of which "
            f"would count as patients of its own. survival.hazard_ratio_of_ensemble, pool_ipd, pool_frailty, "
            f"ipd_interaction and pool_curves combine sets by draw={DRAW!r}; or take one, as by "
            f"df[df[{DRAW!r}] == {found.tolist()[0]!r}]. If the column is another thing, rename it."
        )


def _as_one(table: Columns, used: Sequence[str | None]) -> tuple[str, int] | None:
    """Return the column of trials and their number, of patients of several trials of which nothing tells them apart."""
    for name in TRIAL_COLUMNS:
        if name in table and name not in used:
            different = list(once(table[name]))
            if different.count(different[0]) < len(different) and (n := table[name].nunique()) > 1:
                return name, n
    return None


def _entries(column: pd.Series[Any], entry: str, follow_up: Floats, time: str) -> Floats:
    """Return times of entry, which lie from 0 to before the end of follow-up."""
    values = floats(column, lambda i: f"patient in row {i}: {entry}")
    refuse_missing(np.isnan(values), entry)
    refuse_rows(~np.isfinite(values), lambda i: f"{entry}={values[i]:g} is not finite.")
    refuse_rows(values < 0, lambda i: f"{entry}={values[i]:g} is negative; entry is counted from 0, as follow-up is.")
    late = f"patients are at risk from {entry!r} to {time!r}; correct it, or take the patient out"
    refuse_rows(values >= follow_up, lambda i: f"{entry}={values[i]:g} is not before {time}={follow_up[i]:g}: {late}.")
    return values


def patients_of_fit(fit: Any) -> Patients:
    """Return the patients of a Kaplan-Meier estimate that lifelines has fitted.

    Raises
    ------
    DataError
        When it is no such estimate, or not of patients as they are taken here.
    """
    from ..fits import lifelines_fits

    whole, moved = closed_up(Sample(*lifelines_fits.patients_of(fit)), "time", "entry")
    return Patients((ALL,), (by_time(*whole),), moved, {"lifelines": lifelines_fits.version()})


def _events(column: pd.Series[Any], name: str) -> NDArray[np.bool_]:
    refuse_words(column, name)
    values = floats(column, lambda i: f"patient in row {i}: {name}", truths=True)
    died: NDArray[np.bool_] = values == 1.0
    if np.count_nonzero(died) < np.count_nonzero(values):  # NaN is not 0
        _refuse_events(values, name)
    return died


def _refuse_events(values: Floats, name: str) -> None:
    refuse_missing(np.isnan(values), name)
    two = values == 2
    if two.any() and (two | (values == 1)).all():
        raise DataError(
            f"{name!r} is coded 1 and 2, as R's Surv() reads it (1 censored, 2 event); "
            f"0 (censored) and 1 (event) are wanted: subtract 1."
        )
    refuse_rows((values != 1) & (values != 0), lambda i: f"{name}={values[i]:g} is neither 0 (censored) nor 1 (event).")
