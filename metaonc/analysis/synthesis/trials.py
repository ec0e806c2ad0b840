"""Patients of several two-arm trials, read and checked."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.check import Floats, columns_exist
from ...base.frames import columns_of, rows_of
from ...base.labels import blank, join_column
from ...base.result import Provenance
from ...base.text import refuse_unseen
from ...errors import DataError
from ..numeric.product_limit import Sample, by_group, close_near_ties, groups_with_near_ties
from ..survival.cox.of_patients import control_place
from ..survival.doubts import median_time, of_copies, of_mixed_units, of_twins, of_units, of_unlike_arms
from ..survival.groups import coded, groups_of
from ..survival.patients import TRIAL_COLUMNS, closed, followed, one_set
from .names import study_column


class Trial(NamedTuple):
    """One trial: its name, and the patients of treatment and control."""

    label: str
    treatment: Sample
    control: Sample

    @property
    def end(self) -> float:
        """Up to where both arms are known: the smaller of the last times."""
        return float(min(self.treatment.time[-1], self.control.time[-1]))

    @property
    def known_to(self) -> float:
        """Up to where both curves are known: the smaller of the last times, of curves that do not come to 0."""
        return min(self.treatment.known_to(), self.control.known_to())

    @property
    def n(self) -> int:
        """Number of patients."""
        return len(self.treatment.time) + len(self.control.time)


class Trials(NamedTuple):
    """Trials in the order of the table, arms and column of trials as it names them, its rows, and what was changed."""

    trials: tuple[Trial, ...]
    treatment: str
    control: str
    study: str
    rows: int
    corrected: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the trials."""
        return tuple(t.label for t in self.trials)

    def provenance(self, verb: str, dropped: tuple[str, ...], notes: tuple[str, ...], **settings: Any) -> Provenance:
        """Return how a result came about whose rows are trials."""
        return Provenance(
            verb=verb, settings={"control": self.control, "study": self.study, **settings}, rows_in=len(self.trials),
            rows_used=len(self.trials) - len(dropped), dropped=dropped, corrected=self.corrected, notes=notes,
            cautions=self._doubts(),
        )  # fmt: skip

    def provenance_of_patients(self, verb: str, **settings: Any) -> Provenance:
        """Return how a result came about whose rows are patients, none of whom is left out."""
        return Provenance(verb=verb, settings=settings, rows_in=self.rows, rows_used=self.rows,
                          corrected=self.corrected, cautions=self._doubts())  # fmt: skip

    def _doubts(self) -> tuple[str, ...]:
        pairs = [[(f"{self.treatment} of {t.label}", t.treatment), (f"{self.control} of {t.label}", t.control)]
                 for t in self.trials]  # fmt: skip
        arms = [arm for pair in pairs for arm in pair]
        units = of_units(self.labels, [median_time(t.treatment, t.control) for t in self.trials])
        return units + of_unlike_arms(pairs) + of_twins(arms) + of_copies(arms) + of_mixed_units(arms)


class Rows(NamedTuple):
    """Patients of trials, row by row.

    Attributes
    ----------
    time, event, treated, trial
        Follow-up, whether it ended with the event, whether of treatment, and the number of the trial; (n,).
    labels
        Names of the trials, in the order of the table.
    treatment, control, study
        Arms and column of trials as the table names them.
    corrected
        A sentence for each label that is written in two ways.
    """

    time: Floats
    event: NDArray[np.bool_]
    treated: NDArray[np.bool_]
    trial: NDArray[np.intp]
    labels: tuple[str, ...]
    treatment: str
    control: str
    study: str
    corrected: tuple[str, ...]

    def trials(self) -> Trials:
        """Return them trial by trial, times of a trial that differ by rounding made one."""
        time = self.closed()
        samples = iter(by_group(Sample(time, self.event), 2 * self.trial + ~self.treated, 2 * len(self.labels)))
        trials = tuple([Trial(*each) for each in zip(self.labels, samples, samples, strict=True)])
        moved = int((time != self.time).sum())
        return Trials(trials, self.treatment, self.control, self.study, len(time), (*closed(moved), *self.corrected))

    def closed(self) -> Floats:
        """Return follow-up, of which times of a trial that differ by rounding only are made one."""
        time = self.time
        for i in groups_with_near_ties(self.time, self.trial):
            own = self.trial == i
            time = time.copy() if time is self.time else time
            time[own] = close_near_ties(self.time[own])[0][0]
        return time


def read_rows(ipd: Any, *, study: str | None, control: Any, time: str, event: str, arm: str) -> Rows:
    """Return the patients of a table with one row a patient.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When a row cannot be true, `arm` does not have two values, or a trial lacks one of them: names it.
    """
    columns = columns_of(ipd, TRIAL_COLUMNS if study is None else (study,))
    study = study_column(columns, study)
    columns_exist(columns, {"study": study, "time": time, "event": event, "arm": arm})
    one_set(columns, (study, time, event, arm))
    codes, found, joined = _trials_of(columns, study, lambda: rows_of(ipd, len(columns[time])))
    columns[arm], also = join_column(columns[arm], arm, lambda: rows_of(ipd, len(columns[time])))
    follow_up, died = followed(columns, time, event)
    group, arms = groups_of(columns[arm], arm)
    base = control_place(arms, control, arm)
    empty = [i for i, label in enumerate(found) if blank(label)]
    if empty or codes.min() < 0:
        row = np.argmax((codes < 0) | np.isin(codes, empty))
        raise DataError(f"patient in row {row}: {study} is missing; name the trial, or take the patient out.")
    labels, treated = tuple(_said(label) for label in found), group != base
    rows = Rows(follow_up, died, treated, codes, labels, arms[1 - base], arms[base], study, (*joined, *also))
    for there, name in ((treated, rows.treatment), (~treated, rows.control)):
        lacking = np.bincount(codes[there], minlength=len(labels)) == 0
        if lacking.any():
            raise DataError(
                f"trial {labels[int(np.argmax(lacking))]!r} has no patient with {arm}={name!r}: nothing is compared. "
                "Take the trial out, or correct its arms."
            )
    return rows


def _trials_of(
    columns: dict[Any, pd.Series[Any]], study: str, rows: Any
) -> tuple[NDArray[np.intp], Any, tuple[str, ...]]:
    """Return the number of each row's trial, the trials as they are named, and what was joined; each is read once."""
    codes, found = coded(columns[study], study)
    refuse_unseen(found, f"column {study!r}")
    columns[study], joined = join_column(columns[study], study, rows, found)
    return (*(coded(columns[study], study) if joined else (codes, found)), joined)


def read_trials(ipd: Any, *, study: str | None, control: Any, time: str, event: str, arm: str) -> Trials:
    """Return the trials of a table with one row a patient; errors are those of `read_rows`."""
    return read_rows(ipd, study=study, control=control, time=time, event=event, arm=arm).trials()


def _said(label: Any) -> str:
    return f"{label:g}" if isinstance(label, float) else str(label)
