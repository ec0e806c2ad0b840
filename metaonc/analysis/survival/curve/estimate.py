"""Kaplan-Meier curves from individual patients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ....base.check import confidence_level, one_of
from ....base.result import Provenance, versions
from ...fits.coefficient import package_of, refuse_options
from ...numeric.product_limit import Sample, product_limit
from ..patients import patients_of_fit, read_patients
from .intervals import CI_TYPES, greenwood, half_time, pointwise
from .result import Curve, KaplanMeier

UNITS = ("days", "weeks", "months", "years")


def kaplan_meier(
    ipd: Any,
    *,
    time: str = "time",
    event: str = "event",
    by: str | None = None,
    level: float = 0.95,
    ci: str = "log-log",
    unit: str | None = None,
) -> KaplanMeier:
    r"""Estimate the survival of one or more groups of patients.

    .. math::

        \hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr), \qquad
        \widehat{\operatorname{var}} \log \hat S(t) = \sum_{t_i \le t} \frac{d_i}{n_i (n_i - d_i)}

    The numbers are those of R's ``survfit``: at risk at t are all followed up to t or longer, patients censored at the
    time of a death are at risk of it, the variance is Greenwood's, and the median's interval inverts the bands.

    Parameters
    ----------
    ipd
        Any dataframe (pandas, polars, pyarrow, ...) or a mapping of columns; one row a patient. Or a fitted
        ``KaplanMeierFitter`` of lifelines, for the curve and the intervals of its patients by the conventions here.
    time
        Column of follow-up, >= 0.
    event
        Column of the event: 1 (or True) where follow-up ended with it, 0 where it was censored.
    by
        Column that splits the patients into groups; None for one curve. Groups come in the order of a categorical
        column, else sorted.
    level
        Coverage of the intervals.
    ci
        Type of the pointwise intervals: "log-log", "log" (the default of R's ``survfit``) or "plain".
    unit
        Unit of `time` for the axes and texts: "days", "weeks", "months" or "years".

    Returns
    -------
    KaplanMeier
        The curves, their medians, and counts at any time by ``.at(times)``.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When a row cannot be used; none is dropped. When a ``KaplanMeierFitter`` is not fitted, or its patients enter
        late, are censored otherwise than on the right, or have weights that are no counts.
    OptionError
        When `ci`, `unit` or `level` is none that exists, or a column is named beside a ``KaplanMeierFitter``.

    Warns
    -----
    DataWarning
        Groups that differ by what no reader sees were joined.

    Examples
    --------
    >>> import metaonc as mo
    >>> km = mo.survival.kaplan_meier({"time": [3, 5, 5, 8], "event": [1, 0, 1, 1]}, unit="months")
    >>> km.medians["median"].tolist()  # S is 0.5 from 5 to 8
    [6.5]
    """
    level = confidence_level(level)
    ci = one_of("ci", ci, CI_TYPES)
    unit = None if unit is None else one_of("unit", unit, UNITS)
    fitted = package_of(ipd) == "lifelines"
    if fitted:
        refuse_options(ipd, {"time": (time, "time"), "event": (event, "event"), "by": (by, None)})
    patients = patients_of_fit(ipd) if fitted else read_patients(ipd, time=time, event=event, by=by)
    curves = {
        label: _curve(sample, ci=ci, level=level)
        for label, sample in zip(patients.labels, patients.samples, strict=True)
    }
    own = {"fit": type(ipd).__name__} if fitted else {"time": time, "event": event, "by": by}
    return KaplanMeier(
        curves=curves,
        medians=pd.DataFrame([{"group": label} | _median(curve) for label, curve in curves.items()]),
        level=level,
        ci=ci,
        unit=unit,
        by=by,
        provenance=Provenance(
            verb="survival.kaplan_meier",
            settings={**own, "level": level, "ci": ci, "unit": unit},
            rows_in=patients.n,
            rows_used=patients.n,
            corrected=patients.remarks(),
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


def _median(curve: Curve) -> dict[str, Any]:
    return {
        "n": curve.n,
        "events": int(curve.n_event.sum()),
        "median": half_time(curve.time, curve.survival),
        "ci_low": half_time(curve.time, curve.ci_low),
        "ci_high": half_time(curve.time, curve.ci_high),
    }
