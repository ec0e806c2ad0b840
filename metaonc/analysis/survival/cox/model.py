"""Cox's model of patients with a few covariates and strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import Floats, columns_exist, confidence_level, one_of
from ....base.columns import limits
from ....base.digits import in_percent, p_said, plain, statistic_said
from ....base.frames import rows_of, to_pandas
from ....base.html import listed
from ....base.labels import join_labels
from ....base.lazy import later
from ....base.messages.arguments import known_arguments
from ....base.numbers import floats
from ....base.result import Provenance, Result, Text
from ....errors import ConvergenceError, DataError, OptionError
from ...numeric.distributions import chi2_p, critical, two_sided_p
from ...numeric.time_to_event.cox import Fit, Stratum, fit
from .. import rcode
from ..patients import Patients, read_patients
from .partial_likelihood import TIES

MOST = 20_000_000  # events times different rows of covariates: what is held at once


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CoxModelResult(Result):
    """Cox's model: log hazard ratios of covariates.

    Attributes
    ----------
    covariates
        Their names, p of them.
    estimate, se, ci_low, ci_high, statistic, p_value
        Log hazard ratios of one unit more, standard errors, Wald limits and tests, shape (p,).
    cov
        Covariance of the estimates, (p, p).
    loglik, loglik_null
        Log partial likelihood at the maximum, and without covariates.
    lr_statistic, lr_p
        Likelihood ratio test of all covariates together, on p df.
    n, events, strata
        Patients, events, and the number of strata.
    ties, level
        Method for tied events; coverage of the limits.
    patients
        DataFrame, one row a patient: time, event, the covariates, and stratum where there are several.
    """

    covariates: tuple[str, ...]
    estimate: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    statistic: Floats
    p_value: Floats
    cov: Floats
    loglik: float
    loglik_null: float
    lr_statistic: float
    lr_p: float
    n: int
    events: int
    strata: int
    ties: str
    level: float
    patients: pd.DataFrame
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = (
        "n", "events", "strata", "ties", "loglik", "loglik_null", "lr_statistic", "lr_p",
    )  # fmt: skip

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each log hazard ratio at another level, one row a covariate."""
        half = float(critical(self.level if level is None else confidence_level(level))) * self.se
        change = np.exp if transform else np.asarray
        return limits(
            (change(self.estimate - half), change(self.estimate + half)), pd.Index(self.covariates, name="term")
        )

    def r_code(self) -> Text:
        """Return the R script, data inline, by which coxph of R's survival arrives at this model."""
        data = {str(name): self.patients[name].tolist() for name in self.patients.columns}
        return Text(rcode.cox_model(self.covariates, data, ties=self.ties, level=self.level))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        change = np.exp if transform else np.asarray
        return pd.DataFrame({
            "term": list(self.covariates), "type": "coefficient", "estimate": change(self.estimate),
            "se": np.nan if transform else self.se, "statistic": self.statistic, "p_value": self.p_value,
            "ci_low": change(self.ci_low), "ci_high": change(self.ci_high), "interval": "wald",
        })  # fmt: skip

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(measure="HR", estimate=np.nan, p_value=np.nan, ci_low=np.nan, ci_high=np.nan)

    def _lines(self) -> list[str]:
        by = f", {self.strata} strata" if self.strata > 1 else ""
        rows = [plain.of(*x) for x in np.exp(np.stack([self.estimate, self.ci_low, self.ci_high], 1))]
        shown = pd.DataFrame({
            "term": list(self.covariates),
            f"hazard ratio ({in_percent(self.level)} % CI)": [f"{e} ({low} to {high})" for e, low, high in rows],
            "p": [p_said(p).removeprefix("p ") for p in self.p_value],
        })  # fmt: skip
        return [
            f"Cox's model: {self.n} patients, {self.events} events{by}, {self.ties} ties",
            "",
            listed(shown, plain),
            statistic_said("likelihood ratio", self.lr_statistic, len(self.covariates), self.lr_p),
        ]


@known_arguments
def cox_model(
    ipd: Any,
    *,
    covariates: Sequence[str],
    strata: str | None = None,
    time: str = "time",
    event: str = "event",
    entry: str | None = None,
    ties: str = "efron",
    level: float = 0.95,
) -> CoxModelResult:
    r"""Fit Cox's model with a few covariates, each stratum with its own baseline hazard.

    .. math:: h_s(t | x) = h_{0s}(t) \exp(x^T \beta)

    The numbers are those of R's ``coxph``, at the maximum of the likelihood.

    Parameters
    ----------
    ipd : dataframe
        One row a patient.
    covariates : list of str
        Columns of numbers: an arm coded 0 and 1, an age. A factor of several levels takes a column of 0 and 1 a level.
    strata : str, optional
        Column of the stratum, such as the trial.
    time, event : str
        Columns of follow-up (>= 0) and of the event (1, or 0 where it was censored).
    entry : str, optional
        Column of delayed entry (left truncation): the time, >= 0 and before that of `time`, from when the patient was
        under observation.
    ties : {"efron", "breslow"}
        How events at the same time are treated.
    level : float, default 0.95
        Coverage of the limits.

    Returns
    -------
    CoxModelResult
        Log hazard ratios with their covariance and tests.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A row that cannot be true, a covariate that is the same in all patients, no event.
    ConvergenceError
        When a hazard ratio is 0 or infinite, or a covariate follows from others.

    References
    ----------
    Cox 1972; Efron 1977, of ties (neither read; numbers are those of R's coxph).

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "old": [0, 1, 0, 0, 1, 0, 1, 1],
    ...      "arm": [1, 1, 1, 1, 0, 0, 0, 0]}
    >>> mo.survival.cox_model(d, covariates=["arm", "old"]).estimate.round(3).tolist()
    [-0.625, 0.046]
    """
    level, ties = confidence_level(level), one_of("ties", ties, TIES)
    names = _names(covariates)
    frame = to_pandas(ipd)
    columns_exist(list(frame.columns), {**{f"covariates[{i}]": c for i, c in enumerate(names)}, "strata": strata})
    frame, joined = join_labels(frame, [strata], rows_of(ipd, len(frame)))
    patients = read_patients(frame, time=time, event=event, by=strata, entry=entry)
    table = _table(frame, names, strata, time, event, entry, patients)
    if not table["event"].any():
        raise DataError(f"no patient has the event: {event!r} is 0 in all {len(table)} rows.")
    parts = [rows for _, rows in table.groupby("stratum", sort=False)] if "stratum" in table else [table]
    try:
        found = fit([_stratum(rows, names) for rows in parts], ties)
    except ConvergenceError as problem:
        raise ConvergenceError(f"{problem}{_one_sided(table, names)}") from None
    return _result(found, names, table, len(parts), ties, level, Provenance(
        verb="survival.cox_model",
        settings={"covariates": list(names), "strata": strata, "time": time, "event": event, "ties": ties,
                  "level": level} | ({} if entry is None else {"entry": entry}),
        rows_in=len(table), rows_used=len(table), corrected=(*patients.remarks(), *joined),
        cautions=later(patients.odd if patients.trials and patients.trials[0] in names else patients.doubts),
    ))  # fmt: skip


def _one_sided(table: pd.DataFrame, names: Sequence[str]) -> str:
    """Return which covariate is at one end in all patients with the event, and what to do."""
    died = table[table["event"] == 1]
    for name in names:
        values = died[name].unique()
        if len(values) == 1 and values[0] in (table[name].min(), table[name].max()):
            return (f" {name!r} is {values[0]:g} in all patients with the event: take it out; of two arms "
                    "survival.hazard_ratio gives the one limit that there is.")  # fmt: skip
    return ""


def _names(covariates: Sequence[str]) -> tuple[str, ...]:
    if isinstance(covariates, str) or not len(covariates):
        raise OptionError(f"covariates={covariates!r} is no list of columns, such as ['arm'].")
    if len(set(covariates)) < len(covariates):
        raise OptionError(f"covariates={list(covariates)!r}: a column stands there twice.")
    taken = [name for name in covariates if name in ("entry", "time", "event", "stratum")]
    if taken:
        raise OptionError(f"covariates={list(covariates)!r}: {taken[0]!r} is what the model calls a column of its own; "
                          "rename the covariate.")  # fmt: skip
    return tuple(covariates)


def _table(
    frame: pd.DataFrame,
    names: Sequence[str],
    strata: str | None,
    time: str,
    event: str,
    entry: str | None,
    patients: Patients,
) -> pd.DataFrame:
    """Return the patients: time, event, covariates and stratum; times that differ by rounding only are one."""
    times = floats(frame[time], lambda i: time)
    known = [part for s in patients.samples for part in (s.time, s.entry) if part is not None]
    distinct = np.unique(np.concatenate(known))

    def closed(values: Floats) -> Floats:
        found: Floats = distinct[np.maximum(np.searchsorted(distinct, values, side="right") - 1, 0)]
        return found

    table = pd.DataFrame(
        {"time": closed(times), "event": floats(frame[event], lambda i: event, truths=True).astype(int)}
    )
    if entry is not None:
        table.insert(0, "entry", closed(floats(frame[entry], lambda i: entry)))
    for name in names:
        x = floats(frame[name], partial(_patient, name))
        bad = np.flatnonzero(~np.isfinite(x))
        if len(bad):
            raise DataError(f"patient in row {bad[0]}: {name} is missing or infinite; complete the row or take it out.")
        if np.ptp(x) == 0:
            raise DataError(f"covariate {name!r} is {x[0]:g} in all patients: it tells nothing; leave it out.")
        table[name] = x
    if strata is not None:
        table["stratum"] = [f"{v:g}" if isinstance(v, float) else str(v) for v in frame[strata]]
    return table


def _patient(name: str, row: int) -> str:
    return f"patient in row {row}: {name}"


def _stratum(rows: pd.DataFrame, names: Sequence[str]) -> Stratum:
    rows = rows.sort_values("time", kind="stable")
    died: NDArray[np.bool_] = rows["event"].to_numpy() == 1
    x = rows[list(names)].to_numpy(dtype=float)
    patterns = len(np.unique(x, axis=0))
    if patterns * int(died.sum()) > MOST:
        raise DataError(
            f"{patterns} different rows of covariates and {int(died.sum())} events are more than this model takes at "
            f"once: round covariates, such as an age to years."
        )
    entry = rows["entry"].to_numpy() if "entry" in rows else None
    return Stratum(rows["time"].to_numpy(), died, x, entry=entry)


def _result(
    found: Fit, names: tuple[str, ...], table: pd.DataFrame, strata: int, ties: str, level: float, made: Provenance
) -> CoxModelResult:
    se = np.sqrt(np.diag(found.cov))
    half, z = float(critical(level)) * se, found.beta / se
    lr = max(2 * (found.loglik - found.loglik_null), 0.0)
    return CoxModelResult(
        covariates=names, estimate=found.beta, se=se, ci_low=found.beta - half, ci_high=found.beta + half, statistic=z,
        p_value=np.asarray(two_sided_p(z)), cov=found.cov, loglik=found.loglik, loglik_null=found.loglik_null,
        lr_statistic=lr, lr_p=float(chi2_p(lr, len(names))), n=len(table), events=int(table["event"].sum()),
        strata=strata, ties=ties, level=level, patients=table, provenance=made,
    )  # fmt: skip
