"""Groups of a Kaplan-Meier estimate compared by the log-rank test of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from ...base.digits import p_said, plain
from ...base.html import listed
from ...base.result import Provenance, Result, Text
from ...errors import DataError
from ..numeric.product_limit import Sample, by_time
from ..numeric.time_to_event import log_rank as numeric
from . import rcode
from .curve.result import KaplanMeier


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LogRankTest(Result):
    """The log-rank test of several groups.

    Attributes
    ----------
    chi2, df, p_value
        Chi-square, its degrees of freedom and p; NaN but for df where no event happened with groups at risk together.
    groups
        One row a group: group, n, observed, expected (events).
    by
        Column that split the patients, or None.
    patients
        Patients counted: time, event, group, patients (how many are alike), and entry where it is late.
    """

    chi2: float
    df: int
    p_value: float
    groups: pd.DataFrame
    by: str | None
    patients: pd.DataFrame
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("chi2", "df")

    def r_code(self) -> Text:
        """Return the R script, data inline, of the test by ``survdiff`` of R's survival."""
        rows = {str(name): column.tolist() for name, column in self.patients.items()}
        return Text(rcode.log_rank(self.groups["group"].tolist(), rows))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the test (type ``test``), and a row a group with its events observed and expected (``group``)."""
        groups = self.groups.rename(columns={"group": "term"}).assign(type="group")
        test = {"term": "log-rank", "type": "test", "statistic": self.chi2, "df": self.df, "p_value": self.p_value}
        return pd.concat([pd.DataFrame([test]), groups], ignore_index=True)

    def _lines(self) -> list[str]:
        said = "no event happened with groups at risk together"
        if np.isfinite(self.chi2):
            said = f"chi-square {plain(self.chi2)} on {self.df} df, {p_said(self.p_value)}"
        return [f"Log-rank test of {len(self.groups)} groups: {said}", "", listed(self.groups, plain)]


def log_rank(result: KaplanMeier) -> LogRankTest:
    """Test whether the hazard is the same in all groups of a Kaplan-Meier estimate.

    The numbers are those of R's ``survdiff``. With delayed entry patients are at risk from it on, which ``survdiff``
    does not take.

    Parameters
    ----------
    result : KaplanMeier
        What ``mo.survival.kaplan_meier`` returned, of two groups or more.

    Returns
    -------
    LogRankTest
        The test of all groups together, on one degree of freedom less than groups.

    Raises
    ------
    DataError
        When `result` is no Kaplan-Meier estimate of groups, or no patient had the event.

    References
    ----------
    Mantel 1966; Peto and Peto 1972 (neither read; numbers are those of R's survdiff).

    Examples
    --------
    >>> import metaonc as mo
    >>> arms = {"time": [3, 5, 7, 2, 4, 6, 1, 2, 3], "event": [1, 0, 1, 1, 1, 1, 1, 1, 1], "arm": list("aaabbbccc")}
    >>> test = mo.survival.log_rank(mo.survival.kaplan_meier(arms, by="arm"))
    >>> round(test.chi2, 3), test.df, round(test.p_value, 4)
    (5.335, 2, 0.0694)
    """
    samples = samples_of(result)
    found = numeric.log_rank(list(samples.values()))
    groups = pd.DataFrame({
        "group": list(samples), "n": [len(s.time) for s in samples.values()], "observed": found.observed,
        "expected": found.expected,
    })  # fmt: skip
    made = Provenance(
        verb="survival.log_rank", settings={"by": result.by}, rows_in=result.provenance.rows_in,
        rows_used=result.provenance.rows_used, corrected=result.provenance.corrected,
        cautions=result.provenance.cautions,
    )  # fmt: skip
    return LogRankTest(chi2=found.chi2, df=found.df, p_value=found.p_value, groups=groups, by=result.by,
                       patients=result.counted(), provenance=made)  # fmt: skip


def samples_of(result: KaplanMeier) -> dict[str, Sample]:
    """Return the patients of each group, or raise an error where there is nothing to compare."""
    if not isinstance(result, KaplanMeier):
        raise DataError(f"a result of survival.kaplan_meier is wanted, not {type(result).__name__}.")
    if len(result.curves) < 2:
        raise DataError("there is one curve, and nothing to compare it with: give by= to kaplan_meier.")
    if not result.medians["events"].any():
        raise DataError("no patient had the event: nothing is compared.")
    if result.patients is None:
        counted = {group: curve.counted().reset_index(drop=True) for group, curve in result.curves.items()}
        parts = {group: rows.loc[rows.index.repeat(rows["patients"])] for group, rows in counted.items()}
    else:
        parts = {str(group): rows for group, rows in result.patients.groupby("group", sort=False)}
    return {group: _sample(parts[group]) for group in result.curves}


def _sample(rows: pd.DataFrame) -> Sample:
    entry = rows["entry"].to_numpy(dtype=float) if "entry" in rows else None
    return by_time(rows["time"].to_numpy(dtype=float), rows["event"].to_numpy() == 1, entry)
