"""Two arms of patients, and times to compare them at, read and checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.check import Floats, confidence_level, time_unit
from ....base.lazy import later
from ....base.numbers import floats
from ....base.result import Provenance
from ....errors import DataError, OptionError
from ...numeric.product_limit import Sample
from ..cox.of_patients import control_place, patients_of_arms
from ..patients import read_patients


class Arms(NamedTuple):
    """Treatment and control: patients, labels, what was changed in reading, and cautions."""

    treatment: Sample
    control: Sample
    names: tuple[str, str]
    corrected: tuple[str, ...]
    doubts: Callable[[], tuple[str, ...]] = tuple

    @property
    def samples(self) -> tuple[Sample, Sample]:
        """Treatment, then control."""
        return self.treatment, self.control

    def patients(self) -> pd.DataFrame:
        """Return a table of all, treatment first."""
        return patients_of_arms(self.samples, self.names)

    def counts(self) -> dict[str, int]:
        """Return the fields n_t, n_c, events_t and events_c of a result."""
        t, c = self.treatment.event, self.control.event
        return {"n_t": len(t), "n_c": len(c), "events_t": int(np.count_nonzero(t)),
                "events_c": int(np.count_nonzero(c))}  # fmt: skip

    def provenance(self, verb: str, notes: tuple[str, ...] = (), **settings: Any) -> Provenance:
        """Return how a result of these arms came about."""
        n = len(self.treatment.time) + len(self.control.time)
        own = {"control": self.names[1], **settings}
        return Provenance(verb=verb, settings=own, rows_in=n, rows_used=n, corrected=self.corrected,
                          notes=notes, cautions=later(self.doubts))  # fmt: skip


def read_arms(ipd: Any, *, control: Any, time: str, event: str, arm: str) -> Arms:
    """Return the two arms of a table of patients, or raise an error as `hazard_ratio` does."""
    patients = read_patients(ipd, time=time, event=event, by=arm, group="arm")
    base = control_place(patients.labels, control, arm)
    pair = patients.samples[1 - base], patients.samples[base]
    names = patients.labels[1 - base], patients.labels[base]
    return Arms(*pair, names, patients.remarks(), patients.doubts)


def times_of(values: ArrayLike, name: str) -> Floats:
    """Return times above 0, rising, each once."""
    if values is None:
        raise OptionError(f"{name}= is None; give one time or several, in the unit of the data.")
    found = floats(values if np.ndim(values) else [values], lambda i: f"{name}[{i}]")
    found = found if found.shape == (1,) else np.unique(found)
    if not len(found):
        raise OptionError(f"{name}= is empty; give one time or several, in the unit of the data.")
    if not (found[0] > 0 and found[-1] < np.inf):  # they rise, and what is missing is last
        wrong = found[~(np.isfinite(found) & (found > 0))]
        what = "a missing value" if np.isnan(wrong[0]) else f"{wrong[0]:g}"
        raise DataError(f"{name}: {what} is not a time above 0.")
    return found


class Compared(NamedTuple):
    """Two arms, the times to compare them at, and what their result carries of how it was asked for."""

    arms: Arms
    at: Floats
    asked: dict[str, Any]

    def fields(self, verb: str, name: str, notes: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the fields that results at times share; `name` is what the times are called by the verb."""
        arms = self.arms
        return {
            "times": self.at, "treatment": arms.names[0], "control": arms.names[1], **arms.counts(),
            "level": self.asked["level"], "unit": self.asked["unit"], "patients": later(arms.patients),
            "provenance": arms.provenance(verb, notes, **{name: self.at.tolist()}, **self.asked),
        }  # fmt: skip


def read_compared(
    ipd: Any, times: ArrayLike, name: str, *, control: Any, time: str, event: str, arm: str, level: float,
    unit: str | None,
) -> Compared:  # fmt: skip
    """Return the arms of a table, and times (called `name`) to which both are followed, or raise an error."""
    level = confidence_level(level)
    unit = time_unit(unit, ipd)
    arms = read_arms(ipd, control=control, time=time, event=event, arm=arm)
    at = times_of(times, name)
    within(arms, at, name)
    return Compared(arms, at, {"time": time, "event": event, "arm": arm, "level": level, "unit": unit})


def within(arms: Arms, times: Floats, name: str) -> None:
    """Refuse times beyond the follow-up of an arm, the largest time of its patients, unless its curve is 0 there."""
    if times[-1] <= min(arms.treatment.time[-1], arms.control.time[-1]):
        return
    ends = [s.known_to() for s in arms.samples]
    if times[-1] > min(ends):
        least = ends.index(min(ends))
        raise DataError(
            f"{name}: {times[-1]:g} is beyond the follow-up of {arms.names[least]!r}, whose last time is "
            f"{ends[least]:g}; both arms are known up to there. Take {ends[least]:g} or less."
        )
