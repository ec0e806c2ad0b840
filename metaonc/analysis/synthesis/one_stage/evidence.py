"""The patients of trials of two arms, each trial as its partial likelihood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import Floats, columns_exist, labels_of, refuse
from ....base.frames import rows_of, to_pandas
from ....base.labels import blanks, find, join_labels
from ....base.messages.advice import setting
from ....errors import DataError, OptionError
from ...numeric.product_limit import Sample
from ...survival.cox.partial_likelihood import Terms
from ...survival.doubts import median_time, of_copies, of_mixed_units, of_twins, of_units, of_unlike_arms
from ...survival.groups import groups_of
from ...survival.patients import checked, closed_up
from ..names import numbered, study_column
from .likelihoods import piecewise
from .likelihoods.partial import partial_likelihoods

COLUMNS = ["study", "time", "event", "arm"]


class Trial(NamedTuple):
    """A trial: patients of treatment and of control, and its partial likelihood with that at 0."""

    label: str
    treatment: Sample
    control: Sample
    terms: Terms
    null: float

    @property
    def events(self) -> tuple[int, int]:
        """Events of treatment and of control."""
        return int(self.treatment.event.sum()), int(self.control.event.sum())


class Trials(NamedTuple):
    """Trials that tell of the treatment's effect.

    Attributes
    ----------
    trials
        In the order of the table.
    treatment, control, study
        The arms, and the column of trials.
    columns
        `COLUMNS` of all patients of these trials, by name; arm is 1 for treatment.
    rows_in
        Patients of the table.
    dropped, notes, one_sided
        Trials that tell nothing, labels that were joined, and trials without a hazard ratio of their own.
    """

    trials: tuple[Trial, ...]
    treatment: str
    control: str
    study: str
    columns: Mapping[str, Any]
    rows_in: int
    dropped: tuple[str, ...]
    notes: tuple[str, ...]
    one_sided: tuple[str, ...]

    @property
    def n(self) -> int:
        """Patients of these trials."""
        return len(self.columns["time"])

    @property
    def events(self) -> int:
        """Events of these trials."""
        return sum(sum(t.events) for t in self.trials)

    def patients(self) -> pd.DataFrame:
        """Return the columns as a table."""
        return pd.DataFrame(dict(self.columns), copy=False)

    def doubts(self, *, times: bool) -> tuple[str, ...]:
        """Return cautions on arms that stand there twice and, of a model that compares `times` of trials, on units."""
        pairs = [[(f"{self.treatment} of {t.label}", t.treatment), (f"{self.control} of {t.label}", t.control)]
                 for t in self.trials]  # fmt: skip
        arms = [arm for pair in pairs for arm in pair]
        middle = [median_time(t.treatment, t.control) for t in self.trials]
        units = of_units([t.label for t in self.trials], middle) if times else ()
        return units + of_unlike_arms(pairs) + of_twins(arms) + of_copies(arms) + of_mixed_units(arms)


def read_trials(
    table: Any, *, study: str | None, time: str, event: str, arm: str, control: Any, ties: str,
    extra: str | None = None, cuts: Floats | None = None, entry: str | None = None,
) -> Trials:  # fmt: skip
    """Return the trials of a table of patients, one row each.

    Their likelihoods are partial ones, or with `cuts` of hazards constant between these. With `entry` patients are at
    risk from it on, and the table of patients has it.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When a row cannot be used, `arm` has not two values, or no trial tells of the effect: names trial and row.
    """
    frame = to_pandas(table)
    study = study_column(frame.columns, study)
    columns_exist(list(frame.columns), {"study": study, "time": time, "event": event, "arm": arm, "by": extra,
                                        "entry": entry})  # fmt: skip
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study, arm, extra], rows)
    code, names = numbered(frame[study], study, rows)
    read = checked(frame, time=time, event=event, by=arm, entry=entry)  # errors name the rows of the whole table
    group, arms_there = groups_of(frame[arm], arm)
    whole, moved = closed_up(read, time, entry)  # of all patients, as R's coxph takes them
    follow_up, died, entered = whole
    if cuts is not None:
        labels = labels_of(frame[study].tolist(), rows)
        refuse((follow_up == 0) & died, labels, lambda i: f"{time}=0 and the event happened: no time at risk, which a "
               "piecewise constant hazard needs; correct the time.")  # fmt: skip
    treatment, base = _arms(arms_there, arm, control)
    treated = group == arms_there.index(treatment)
    order = np.lexsort((died, follow_up, code))
    ordered = whole.of(order)
    trial, of_treatment = code[order], treated[order]
    arms = [_of_each(ordered, trial, side, len(names)) for side in (of_treatment, ~of_treatment)]
    partial = partial_likelihoods(ordered, trial, of_treatment, len(names), ties) if cuts is None else []
    found, dropped, kept = [], [], np.zeros(len(frame), dtype=bool)
    for number, (name, of_t, of_c) in enumerate(zip(names, *arms, strict=True)):
        lacking = [which for which, of in ((treatment, of_t), (base, of_c)) if not len(of.time)]
        if lacking:
            dropped.append(f"trial {name!r}: has no patients of arm {lacking[0]!r}, so that nothing compares.")
            continue
        terms, null = partial[number] if cuts is None else piecewise.likelihood(of_t, of_c, cuts)
        if not len(terms.offset):
            dropped.append(f"trial {name!r}: no event happened while both arms had patients at risk.")
            continue
        kept |= code == number
        found.append(Trial(name, of_t, of_c, terms, null))
    if not found:
        raise DataError(f"no trial tells of the effect of {treatment!r}. {' '.join(dropped)}")
    two_sided(found, treatment, base)
    columns: dict[str, Any] = {"study": np.array(names, dtype=object)[code]}
    columns |= {} if entered is None else {"entry": entered}
    columns |= {"time": follow_up, "event": died.astype(float), "arm": treated.astype(float)}
    if extra is not None:
        _present(frame[extra], kept, extra, rows)
        columns["by"] = frame[extra].array
    if not kept.all():
        columns = {name: column[kept] for name, column in columns.items()}
    said = (f"times of {moved} patients set to a neighbouring time from which they differed by rounding",) * bool(moved)
    return Trials(tuple(found), treatment, base, study, columns, len(frame),
                  tuple(dropped), joined + said, _without(found, treatment, base))  # fmt: skip


def _of_each(patients: Sample, trial: NDArray[np.intp], arm: NDArray[np.bool_], k: int) -> list[Sample]:
    """Return the patients of an arm of each trial, given all trial by trial in the order of time."""
    own, ends = patients.of(arm), np.searchsorted(trial[arm], np.arange(k + 1)).tolist()
    return [own.of(slice(a, b)) for a, b in pairwise(ends)]


def refuse_one(found: Trials, model: str, ways: str) -> None:
    """Refuse one trial alone where a model asks how trials differ; `ways` says what to do instead."""
    if len(found.trials) == 1:
        left = f" {' '.join(found.dropped)}" if found.dropped else ""
        raise DataError(f"one trial alone tells of the effect, {found.trials[0].label!r}; {model} asks how trials "
                        f"differ, which it does not show: {ways}.{left}")  # fmt: skip


def _present(column: pd.Series, kept: NDArray[np.bool_], name: str, rows: Sequence[int]) -> None:
    empty = blanks(column) & kept
    if empty.any():
        raise DataError(f"patient in row {rows[int(np.argmax(empty))]}: {name} is missing; complete the row or take it "
                        f"out, as by df.dropna(subset=[{name!r}]).")  # fmt: skip


def _arms(there: Sequence[str], arm: str, control: Any) -> tuple[str, str]:
    values = sorted(there)
    if len(values) != 2:
        raise DataError(f"{arm!r} has {len(values)} values, {values}; two arms are compared.")
    if control is None:
        raise OptionError(f"control= is not given: the value of {arm!r} to compare with, of {values}.")
    base = find(f"{control:g}" if isinstance(control, float) else control, values)
    if base is None:
        raise DataError(f"{setting('control', control)} is no value of {arm!r}, which has {values}.")
    return next(x for x in values if x != base), base


def two_sided(trials: list[Trial], treatment: str, control: str) -> None:
    """Refuse trials whose events, with both arms at risk, are all of one arm."""
    of_treatment = sum(t.terms.events_t for t in trials)
    if not 0 < of_treatment < sum(len(t.terms.offset) for t in trials):
        size = "infinite" if of_treatment else "0"
        raise DataError(f"the hazard ratio of {treatment!r} to {control!r} is {size}: all events with both arms at "
                        f"risk are of {treatment if of_treatment else control!r}.")  # fmt: skip


def _without(trials: list[Trial], treatment: str, control: str) -> tuple[str, ...]:
    """Return a sentence for each trial whose own hazard ratio is 0 or infinite."""
    return tuple(
        f"trial {t.label!r}: all its events with both arms at risk are of "
        f"{treatment if t.terms.events_t else control!r}; alone its hazard ratio is "
        f"{'infinite' if t.terms.events_t else '0'}, and it is left out of the two-stage pools. Here its likelihood "
        "counts as it is."
        for t in trials
        if not 0 < t.terms.events_t < len(t.terms.offset)
    )
