"""Patients of several two-arm trials, read and checked."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.check import Floats, columns_exist
from ...base.frames import rows_of, to_pandas
from ...base.labels import blanks, join_labels
from ...base.numbers import floats
from ...base.result import Provenance
from ...errors import DataError
from ..numeric.product_limit import Sample, by_time, close_near_ties
from ..survival.cox.of_patients import control_place
from ..survival.patients import read_patients
from .doubts import median_time, of_twins, of_units
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

    def _doubts(self) -> tuple[str, ...]:
        arms = [(f"{arm} of {t.label}", s) for t in self.trials
                for arm, s in ((self.treatment, t.treatment), (self.control, t.control))]  # fmt: skip
        return of_units(self.labels, [median_time(t.treatment, t.control) for t in self.trials]) + of_twins(arms)


def read_trials(ipd: Any, *, study: str | None, control: Any, time: str, event: str, arm: str) -> Trials:
    """Return the trials of a table with one row a patient.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When a row cannot be true, `arm` does not have two values, or a trial lacks one of them: names it.
    """
    frame = to_pandas(ipd)
    study = study_column(frame.columns, study)
    columns_exist(list(frame.columns), {"study": study, "time": time, "event": event, "arm": arm})
    frame, joined = join_labels(frame, [study, arm], rows_of(ipd, len(frame)))
    patients = read_patients(frame, time=time, event=event, by=arm)
    base = control_place(patients, control, arm)
    names = patients.labels[1 - base], patients.labels[base]
    empty = np.flatnonzero(blanks(frame[study]))
    if len(empty):
        raise DataError(f"patient in row {empty[0]}: {study} is missing; name the trial, or take the patient out.")
    times = floats(frame[time], lambda i: f"patient in row {i}: {time}")
    died = floats(frame[event], lambda i: f"patient in row {i}: {event}", truths=True) == 1
    treated = np.array([_said(x) == names[0] for x in frame[arm]])
    codes, found = pd.factorize(frame[study])
    trials = tuple(_trial(_said(label), times, died, treated, codes == i, arm, names) for i, label in enumerate(found))
    return Trials(trials, *names, study, len(frame), (*patients.remarks(), *joined))


def _said(label: Any) -> str:
    return f"{label:g}" if isinstance(label, float) else str(label)


def _trial(
    label: str, times: Floats, died: NDArray[np.bool_], treated: NDArray[np.bool_], here: NDArray[np.bool_], arm: str,
    names: tuple[str, str],
) -> Trial:  # fmt: skip
    samples = []
    for which, name in ((treated, names[0]), (~treated, names[1])):
        rows = here & which
        if not rows.any():
            raise DataError(
                f"trial {label!r} has no patient with {arm}={name!r}: nothing is compared. Take the trial out, or "
                "correct its arms."
            )
        samples.append(by_time(times[rows], died[rows]))
    return Trial(label, *close_near_ties(samples)[0])
