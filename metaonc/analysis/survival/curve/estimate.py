"""Kaplan-Meier curves from individual patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import confidence_level, one_of, time_unit
from ....base.lazy import later
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance, versions
from ....data.curves.fits.median import half_time
from ...fits.coefficient import package_of, refuse_options
from ...numeric.product_limit import Sample, gaps, product_limit
from ..patients import Patients, patients_of_fit, read_patients
from .curve import Curve
from .intervals import CI_TYPES, greenwood, pointwise
from .result import KaplanMeier, shares


@known_arguments
def kaplan_meier(
    ipd: Any,
    *,
    time: str = "time",
    event: str = "event",
    by: str | None = None,
    entry: str | None = None,
    level: float = 0.95,
    ci: str = "log-log",
    unit: str | None = None,
    quantiles: Sequence[float] = (),
) -> KaplanMeier:
    r"""Estimate the survival of one or more groups of patients.

    .. math::

        \hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr), \qquad
        \widehat{\operatorname{var}} \log \hat S(t) = \sum_{t_i \le t} \frac{d_i}{n_i (n_i - d_i)}

    The numbers are those of R's ``survfit``: at risk at t are all followed up to t or longer, patients censored at the
    time of a death are at risk of it, the variance is Greenwood's, and the median's interval inverts the bands.

    Parameters
    ----------
    ipd : dataframe
        Any dataframe (pandas, polars, pyarrow, ...) or a mapping of columns; one row a patient. Or a fitted
        ``KaplanMeierFitter`` of lifelines, for the curve and the intervals of its patients by the conventions here.
    time : str
        Column of follow-up, >= 0.
    event : str
        Column of the event: 1 (or True) where follow-up ended with it, 0 where it was censored.
    by : str, optional
        Column that splits the patients into groups; None for one curve. Groups come in the order of a categorical
        column, else sorted.
    entry : str, optional
        Column of delayed entry (left truncation): the time, >= 0 and before that of `time`, from when the patient was
        under observation, such as the start of a registry. A patient is at risk at t with entry < t <= time, as of R's
        ``Surv(entry, time, event)``.
    level : float, default 0.95
        Coverage of the intervals.
    ci : str, default "log-log"
        Type of the pointwise intervals: "log-log", "log" (the default of R's ``survfit``) or "plain".
    unit : str, optional
        Unit of `time` for the axes and texts: "days", "weeks", "months" or "years".
    quantiles : sequence of float, optional
        Shares of patients, such as (0.25, 0.5, 0.75): the times by which as many have had the event are shown in
        ``tidy``, summary, texts and figures; see ``KaplanMeier.quantiles``.

    Returns
    -------
    KaplanMeier
        The curves, their medians, and counts at any time by ``.at(times)``.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When a row cannot be used, as with an entry that is not before its time; none is dropped. When a
        ``KaplanMeierFitter`` is not fitted, or its patients enter late, are censored otherwise than on the right, or
        have weights that are no counts.
    OptionError
        When `ci`, `unit`, `level` or a quantile is none that exists, or a column is named beside a
        ``KaplanMeierFitter``.

    Warns
    -----
    DataWarning
        Groups that differ by what no reader sees were joined.

    Notes
    -----
    With delayed entry few may be at risk early on. Once all at risk have had the event S is 0 and stays there, though
    others enter later; a note says so, and names the groups. Where nobody is at risk for a while, S is that of before.

    References
    ----------
    Kaplan and Meier 1958; Greenwood 1926, of variances; Brookmeyer and Crowley 1982, of limits of medians (none
    of them read; numbers are those of R's survfit).

    Examples
    --------
    >>> import metaonc as mo
    >>> km = mo.survival.kaplan_meier({"time": [3, 5, 5, 8], "event": [1, 0, 1, 1]}, unit="months")
    >>> km.medians["median"].tolist()  # S is 0.5 from 5 to 8
    [6.5]
    >>> late = {"from": [0, 0, 2, 4], "time": [3, 5, 6, 8], "event": [1, 0, 1, 1]}
    >>> km = mo.survival.kaplan_meier(late, entry="from", quantiles=(0.25, 0.5))
    >>> km.curves["all"].n_risk.tolist()
    [2, 3, 3, 2, 1]
    """
    level = confidence_level(level)
    ci = one_of("ci", ci, CI_TYPES)
    asked = shares(quantiles)
    unit = time_unit(unit, ipd)
    fitted = package_of(ipd) == "lifelines"
    if fitted:
        refuse_options(
            ipd, {"time": (time, "time"), "event": (event, "event"), "by": (by, None), "entry": (entry, None)}
        )
    patients = patients_of_fit(ipd) if fitted else read_patients(ipd, time=time, event=event, by=by, entry=entry)
    curves = {
        label: _curve(sample, ci=ci, level=level)
        for label, sample in zip(patients.labels, patients.samples, strict=True)
    }
    own = {"fit": type(ipd).__name__} if fitted else {"time": time, "event": event, "by": by, "entry": entry}
    return KaplanMeier(
        curves=curves,
        medians=pd.DataFrame([{"group": label} | _median(curve) for label, curve in curves.items()]),
        level=level,
        ci=ci,
        unit=unit,
        by=by,
        asked=asked,
        patients=_delayed(patients),
        provenance=Provenance(
            verb="survival.kaplan_meier",
            settings={**own, "level": level, "ci": ci, "unit": unit},
            rows_in=patients.n,
            rows_used=patients.n,
            corrected=patients.remarks(),
            notes=_notes(patients, curves, by),
            cautions=later(patients.doubts_of_curves),
            versions={**versions(), **patients.versions},
        ),
    )


def _curve(sample: Sample, *, ci: str, level: float) -> Curve:
    steps = product_limit(sample)
    sigma = greenwood(steps.n_risk, steps.n_event)
    with np.errstate(invalid="ignore"):
        se = steps.survival * sigma  # where S = 0, 0 times infinity: NaN
    low, high = pointwise(steps.survival, sigma, ci=ci, level=level)
    low[0] = high[0] = 1.0
    return Curve(**steps._asdict(), se=se, ci_low=low, ci_high=high)


def _delayed(patients: Patients) -> pd.DataFrame | None:
    """Return the patients of delayed entry, one row each; None where all are there from the start."""
    tables = [
        pd.DataFrame({"group": label, "entry": s.entry, "time": s.time, "event": s.event.astype(int)})
        for label, s in zip(patients.labels, patients.samples, strict=True)
        if s.entry is not None
    ]
    return pd.concat(tables, ignore_index=True) if tables else None


def _notes(patients: Patients, curves: Mapping[str, Curve], by: str | None) -> tuple[str, ...]:
    """Say where a curve with delayed entry is no estimate of survival: nobody was at risk, or all of them died."""
    notes = []
    for label, sample in zip(patients.labels, patients.samples, strict=True):
        whose = "" if by is None else f"{by} {label}: "
        for start, end, entering in gaps(sample):
            if curves[label].at(np.array([start]))["survival"][0] > 0:
                notes.append(f"{whose}nobody is at risk between {start:g} and {end:g}: survival is not known there.")
                continue
            notes.append(
                f"{whose}at {start:g} all patients at risk had the event and the curve falls to 0 for good, though "
                f"{entering} enter later: it does not describe these. To do so keep the patients followed beyond a "
                "later start, and raise their entry to it."
            )
            break
    return tuple(notes)


def _median(curve: Curve) -> dict[str, Any]:
    return {
        "n": curve.n,
        "events": int(curve.n_event.sum()),
        "median": half_time(curve.time, curve.survival),
        "ci_low": half_time(curve.time, curve.ci_low),
        "ci_high": half_time(curve.time, curve.ci_high),
    }
