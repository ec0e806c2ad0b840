"""The hazard ratio of two arms from their patients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ....base.check import confidence_level, one_of
from ....base.result import Provenance
from ....errors import DataError
from ...numeric.distributions import chi2_p
from ...numeric.product_limit import Sample
from ..patients import Patients, read_patients
from .partial_likelihood import TIES, LogRank, Terms, event_times, has_maximum, log_rank, maximise, partial_likelihood
from .result import CoxHazardRatio, wald


def hazard_ratio(
    ipd: Any,
    *,
    control: Any,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    ties: str = "efron",
    level: float = 0.95,
) -> CoxHazardRatio:
    r"""Estimate the hazard ratio of two arms by Cox's model, with the log-rank test.

    The numbers are those of R's ``coxph`` and ``survdiff``, the model's likelihood at its maximum to machine precision.

    Parameters
    ----------
    ipd
        Any dataframe (pandas, polars, pyarrow, ...) or a mapping of columns; one row a patient, real or reconstructed.
    control
        The value of `arm` that the other arm is compared with.
    time
        Column of follow-up, >= 0, in any unit.
    event
        Column of the event: 1 (or True) where follow-up ended with it, 0 where it was censored.
    arm
        Column of the arm, of two values.
    ties
        How the partial likelihood treats events at the same time: "efron" (the default of R's ``coxph``) or "breslow".
    level
        Coverage of the interval.

    Returns
    -------
    CoxHazardRatio
        Log hazard ratio with standard error, Wald interval and test; O - E, V and chi-square of the log-rank test.
        ``.row(study=...)`` is a row for a table of trials.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When a row cannot be used (none is dropped), `arm` does not have two values or none is `control`, no patient
        has the event, or the hazard ratio is 0 or infinite: all events with both arms at risk are of one arm.
    OptionError
        When `ties` or `level` is none that exists.
    ConvergenceError
        When the likelihood's maximum is not found.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 1], "arm": list("aaaabbbb")}
    >>> result = mo.survival.hazard_ratio(patients, control="b")
    >>> round(result.hr, 3), round(result.logrank_p, 3)
    (0.361, 0.212)
    """
    level = confidence_level(level)
    ties = one_of("ties", ties, TIES)
    patients = read_patients(ipd, time=time, event=event, by=arm)
    base = _control(patients, control, arm)
    treatment, reference = patients.samples[1 - base], patients.samples[base]
    if not (treatment.event.any() or reference.event.any()):
        raise DataError(f"no patient has the event: {event!r} is 0 in all {patients.n} rows.")
    names = patients.labels[1 - base], patients.labels[base]
    table = event_times(treatment, reference)
    test, terms = log_rank(table), partial_likelihood(table, ties)
    if not has_maximum(terms):
        raise DataError(_no_ratio(terms, test, *names))
    chi2 = test.o_minus_e**2 / test.v if test.v > 0 else float("nan")
    return CoxHazardRatio(
        **wald(*maximise(terms), level),
        o_minus_e=test.o_minus_e,
        v=test.v,
        n_t=len(treatment.time),
        n_c=len(reference.time),
        events_t=int(treatment.event.sum()),
        events_c=int(reference.event.sum()),
        method=f"patients: Cox, {ties} ties",
        logrank_chi2=chi2,
        logrank_p=float(chi2_p(chi2, 1)),
        treatment=names[0],
        control=names[1],
        patients=_table((treatment, reference), names),
        provenance=Provenance(
            verb="survival.hazard_ratio",
            settings={
                "time": time,
                "event": event,
                "arm": arm,
                "control": names[1],
                "ties": ties,
                "level": level,
            },
            rows_in=patients.n,
            rows_used=patients.n,
            corrected=patients.remarks(),
        ),
    )


def _table(samples: tuple[Sample, Sample], names: tuple[str, str]) -> pd.DataFrame:
    time, event = (np.concatenate(parts) for parts in zip(*samples, strict=True))
    arm = np.repeat(np.array(names, dtype=object), [len(sample.time) for sample in samples])
    return pd.DataFrame({"time": time, "event": event, "arm": arm})


def _control(patients: Patients, control: Any, arm: str) -> int:
    """Return the place of the control arm among the two."""
    if len(patients.labels) != 2:
        raise DataError(f"{arm!r} has {len(patients.labels)} values, {list(patients.labels)}; two arms are compared.")
    label = f"{control:g}" if isinstance(control, float) else str(control)
    if label not in patients.labels:
        raise DataError(f"control={control!r} is no value of {arm!r}, which has {list(patients.labels)}.")
    return patients.labels.index(label)


def _no_ratio(terms: Terms, test: LogRank, treatment: str, control: str) -> str:
    if not len(terms.offset):
        return f"no event happened while patients of both {treatment!r} and {control!r} were at risk: nothing compares."
    size = "infinite" if terms.events_t else "0"
    return (
        f"the hazard ratio of {treatment!r} to {control!r} is {size}: all {len(terms.offset)} events with both arms at "
        f"risk are of {treatment if terms.events_t else control!r}. The log-rank test is defined: take its "
        f"o_minus_e={test.o_minus_e:.6g} and v={test.v:.6g} to effect_sizes."
    )
