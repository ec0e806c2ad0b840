"""Cox's model and the log-rank test of the patients of two arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ....base.labels import find
from ....base.lazy import later
from ....base.messages.advice import setting
from ....base.result import Provenance
from ....errors import DataError, OptionError
from ...numeric.distributions import chi2_p
from ...numeric.product_limit import Sample
from ..patients import read_patients
from .bounded import BoundedHazardRatio, bounded
from .partial_likelihood import (
    EventTimes,
    LogRank,
    Terms,
    event_times,
    has_maximum,
    log_rank,
    maximise,
    partial_likelihood,
)
from .result import CoxHazardRatio, wald


def ratio_of_patients(
    ipd: Any, *, control: Any, time: str, event: str, arm: str, ties: str, level: float, entry: str | None = None,
    bound: bool = False,
) -> CoxHazardRatio:  # fmt: skip
    """Return the hazard ratio of patients; see `hazard_ratio`. One of 0 or infinity is refused unless to be bound."""
    patients = read_patients(ipd, time=time, event=event, by=arm, entry=entry, group="arm")
    base = control_place(patients.labels, control, arm)
    treatment, reference = patients.samples[1 - base], patients.samples[base]
    if not (treatment.event.any() or reference.event.any()):
        raise DataError(f"no patient has the event: {event!r} is 0 in all {patients.n} rows.")
    names = patients.labels[1 - base], patients.labels[base]
    table = event_times(treatment, reference)
    test, terms = log_rank(table), partial_likelihood(table, ties)
    finite = has_maximum(terms)
    if not finite and not (bound and len(terms.offset)):
        raise DataError(_no_ratio(terms, test, *names))
    chi2 = _chi2(test)
    made = CoxHazardRatio if finite else BoundedHazardRatio
    return made(
        **(wald(*maximise(terms), level) if finite else bounded(terms, level)),
        o_minus_e=test.o_minus_e,
        v=test.v,
        n_t=len(treatment.time),
        n_c=len(reference.time),
        events_t=float(treatment.event.sum()),
        events_c=float(reference.event.sum()),
        method=f"patients: Cox, {ties} ties",
        logrank_chi2=chi2,
        logrank_p=float(chi2_p(chi2, 1)),
        treatment=names[0],
        control=names[1],
        patients=patients_of_arms((treatment, reference), names),
        provenance=Provenance(
            verb="survival.hazard_ratio",
            settings={
                "time": time,
                "event": event,
                "arm": arm,
                "entry": entry,
                "control": names[1],
                "ties": ties,
                "level": level,
            },
            rows_in=patients.n,
            rows_used=patients.n,
            corrected=patients.remarks(),
            cautions=later(patients.doubts),
        ),
    )


def doubted(found: CoxHazardRatio, arms: Sequence[str]) -> CoxHazardRatio:
    """Return the ratio with a caution of the arms, if any, of which nothing tells how many were censored, nor when."""
    if not arms:
        return found
    names = " and ".join(map(repr, arms))
    said = (
        f"the censoring of {names} is not identified: the hazard ratio is that of one of many sets of patients that "
        "fit. Its range over them is that of hazard_ratio_of_ensemble"
    )
    cautions = (*found.provenance.cautions, said)
    return replace(found, provenance=replace(found.provenance, cautions=cautions))


def _chi2(test: LogRank) -> float:
    return test.o_minus_e**2 / test.v if test.v > 0 else float("nan")


def log_rank_p(table: EventTimes) -> float:
    """Return the p-value of the log-rank test of two arms."""
    return float(chi2_p(_chi2(log_rank(table)), 1))


def patients_of_arms(samples: tuple[Sample, Sample], names: tuple[str, str]) -> pd.DataFrame:
    """Return the patients of two arms, one row each, treatment first."""
    found = {
        name: np.concatenate([getattr(sample, name) for sample in samples])
        for name in Sample._fields
        if getattr(samples[0], name) is not None
    }
    arm = np.repeat(np.array(names, dtype=object), [len(s.time) for s in samples])
    return pd.DataFrame(found | {"arm": arm})


def control_place(labels: Sequence[str], control: Any, arm: str) -> int:
    """Return the place of the control arm among the two, or raise an error."""
    there = list(labels)
    if len(there) != 2:
        raise DataError(f"{arm!r} has {len(there)} values, {there}; two arms are compared.")
    if control is None:
        raise OptionError(f"control= is not given: the value of {arm!r} to compare with, of {there}.")
    label = find(f"{control:g}" if isinstance(control, float) else control, there)
    if label is None:
        raise DataError(f"{setting('control', control)} is no value of {arm!r}, which has {there}.")
    return there.index(label)


def _no_ratio(terms: Terms, test: LogRank, treatment: str, control: str) -> str:
    if not len(terms.offset):
        return f"no event happened while patients of both {treatment!r} and {control!r} were at risk: nothing compares."
    size = "infinite" if terms.events_t else "0"
    return (
        f"the hazard ratio of {treatment!r} to {control!r} is {size}: all {len(terms.offset)} events with both arms at "
        f"risk are of {treatment if terms.events_t else control!r}. The log-rank test is defined: take its "
        f"o_minus_e={test.o_minus_e:.6g} and v={test.v:.6g} to effect_sizes."
    )
