"""The hazard ratio of two arms from their patients."""

from __future__ import annotations

from typing import Any

from ....base.check import confidence_level, one_of
from ....base.messages.arguments import known_arguments
from ...fits.coefficient import package_of, refuse_options
from .fitted import FittedHazardRatio, from_fit
from .of_patients import ratio_of_patients
from .partial_likelihood import TIES
from .result import CoxHazardRatio


@known_arguments
def hazard_ratio(
    ipd: Any,
    *,
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    entry: str | None = None,
    ties: str = "efron",
    level: float = 0.95,
) -> CoxHazardRatio | FittedHazardRatio:
    r"""Estimate the hazard ratio of two arms by Cox's model, with the log-rank test.

    The numbers are those of R's ``coxph`` and ``survdiff``, the model's likelihood at its maximum to machine precision.

    Parameters
    ----------
    ipd : dataframe
        Any dataframe (pandas, polars, pyarrow, ...) or a mapping of columns; one row a patient, real or reconstructed.
        Or Cox's model that was fitted to them: a ``CoxPHFitter`` of lifelines, or what ``PHReg(...).fit()`` of
        statsmodels returned.
    control : label, optional
        The value of `arm` that the other arm is compared with. A fitted model has its own.
    time : str
        Column of follow-up, >= 0, in any unit.
    event : str
        Column of the event: 1 (or True) where follow-up ended with it, 0 where it was censored.
    arm : str
        Column of the arm, of two values; of a fitted model, the covariate that tells the arms.
    entry : str, optional
        Column of delayed entry (left truncation): the time, >= 0 and before that of `time`, from when the patient was
        under observation. A patient is at risk at t with entry < t <= time, in Cox's model and in the log-rank test
        (whose witness in R is the score test of ``coxph`` with exact ties; ``survdiff`` takes no delayed entry).
    ties : str, default "efron"
        How the partial likelihood treats events at the same time: "efron" (the default of R's ``coxph``) or "breslow".
    level : float, default 0.95
        Coverage of the interval.

    Returns
    -------
    CoxHazardRatio
        Log hazard ratio with standard error, Wald interval and test; O - E, V and chi-square of the log-rank test.
        ``.row(study=...)`` is a row for a table of trials.
    BoundedHazardRatio
        Where all events with both arms at risk are of one arm: a hazard ratio of 0 or infinity, with the one limit
        that the likelihood has, and no row for a table of trials.
    FittedHazardRatio
        Of a fitted model: log hazard ratio with the standard error of the fit, Wald interval and test.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When a row cannot be used (none is dropped), `arm` does not have two values or none is `control`, no patient
        has the event, or none while both arms are at risk. When a model is not fitted, penalised, or not Cox's.
    OptionError
        When `ties` or `level` is none that exists, `control` is not given, a fitted model has no term `arm`, or an
        option is given that a fitted model leaves nothing to.
    ConvergenceError
        When the likelihood's maximum is not found.

    Warns
    -----
    DataWarning
        Arms that differ by what no reader sees were joined.

    References
    ----------
    Cox 1972; Efron 1977, of ties (neither read; numbers are those of R's coxph).

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 1], "arm": list("aaaabbbb")}
    >>> result = mo.survival.hazard_ratio(patients, control="b")
    >>> round(result.hr, 3), round(result.logrank_p, 3)
    (0.361, 0.212)
    """
    level = confidence_level(level)
    if package_of(ipd) is not None:
        own = {"control": (control, None), "time": (time, "time"), "event": (event, "event"), "ties": (ties, "efron"),
               "entry": (entry, None)}  # fmt: skip
        refuse_options(ipd, own)
        return from_fit(ipd, term=arm, level=level)
    ties = one_of("ties", ties, TIES)
    return ratio_of_patients(
        ipd, control=control, time=time, event=event, arm=arm, entry=entry, ties=ties, level=level, bound=True
    )
