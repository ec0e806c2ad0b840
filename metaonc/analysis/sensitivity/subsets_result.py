"""What leave_one_out and cumulative return: a pool of each subset of the trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...base.caution import Caution
from ...base.check import confidence_level
from ...base.columns import limits
from ...base.digits import in_percent, plain
from ...base.result import Provenance, Result, Text
from ...errors import DataError
from ..effects.measures import MEASURES, Measure
from ..interaction.wording import LIMITS
from ..methods.narrower import is_narrower
from ..numeric.distributions import critical, two_sided_p
from ..numeric.normal_likelihood import weights
from ..results.back_transform import difference_record
from ..results.cautions import narrower
from ..results.studies import Studies
from . import rcode

BETWEEN = ("estimate", "tau2", "i2")  # columns whose ends `glance` shows
TITLES = {"leave_one_out": "Pools without each trial in turn", "cumulative": "Pools of ever more trials"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SubsetsResult(Result):
    """Pools of subsets of the trials, one a trial left out or added, on the scale of analysis.

    ``result["estimate"]`` is a column of `table`.

    Attributes
    ----------
    table
        One row a pool: study (left out, or added last), estimate, se, df (infinite for z), ci_low, ci_high, tau2, q, i2
        (percent).
    verb
        ``leave_one_out`` or ``cumulative``.
    measure, method, ci, level
        As of the pool of all trials.
    given_tau2
        Variance between trials where it was given; None where each pool has its own estimate.
    differences
        Whether the pooled effects are differences between subgroups, as of ``interaction``.
    studies
        All trials.
    provenance
        That of the pool of all trials.
    """

    table: pd.DataFrame
    verb: str
    measure: str
    method: str
    ci: str
    level: float
    given_tau2: float | None
    differences: bool
    studies: Studies
    provenance: Provenance

    def __getitem__(self, column: str) -> pd.Series:
        return self.table[column]

    def __len__(self) -> int:
        return len(self.table)

    @property
    def record(self) -> Measure:
        """The record of the measure, of differences worded as such."""
        return difference_record(self.measure) if self.differences else MEASURES[self.measure]

    def natural(self, x: Any) -> Any:
        """Return values of the analysis scale on the natural scale, such as a log odds ratio as an odds ratio.

        Raises
        ------
        DataError
            When the measure has no back-transform without sample sizes, which differ from pool to pool.
        """
        record = self.record
        if record.inverse_needs is not None:
            raise DataError(
                f"measure {record.code!r} has no back-transform without sample sizes; use PLO, of rates IRLN."
            )
        return record.inverse(x)

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the confidence limits of each pool at another level, by the same method.

        Parameters
        ----------
        level : float, optional
            The result's own level when not given.
        transform : bool
            Whether to return the natural scale.

        Returns
        -------
        pandas.DataFrame
            ci_low, ci_high, one row a pool with the name of its trial as index.
        """
        level = self.level if level is None else confidence_level(level)
        estimate, se, df = (self.table[name].to_numpy() for name in ("estimate", "se", "df"))
        half = critical(level, df) * se
        ends = (self.natural(x) if transform else x for x in (estimate - half, estimate + half))
        return limits(ends, pd.Index(self.table["study"], name="term"))

    def _cautions(self) -> list[Caution]:
        """Return which intervals are narrower than those by the variances as they are, each with that."""
        t, trials = self.table, np.arange(len(self))
        inside = (np.not_equal if self.verb == "leave_one_out" else np.greater_equal)(trials[:, None], trials)
        w = np.where(inside, weights(self.studies.vi, t["tau2"].to_numpy()), 0.0)
        plain = w.sum(-1) ** -0.5
        short = is_narrower(self.ci, t["se"].to_numpy(), t["df"].to_numpy(), plain, self.level) & (inside.sum(-1) > 1)
        which = "without" if self.verb == "leave_one_out" else "up to"
        rows = zip(t["study"][short], t["estimate"][short], t["tau2"][short], plain[short], strict=True)
        return [
            narrower(self.ci, tau2, value, se, self.level, self.record, of=f"the pool {which} {study}")
            for study, value, tau2, se in rows
        ]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a pool; a test is there where the measure has a value of no effect."""
        rows = self.table.rename(columns={"study": "term"}).assign(type="pool", interval=self.ci)
        if self.record.null is not None:
            rows["statistic"] = rows["estimate"] / rows["se"]
            rows["p_value"] = two_sided_p(rows["statistic"].to_numpy(), rows["df"].to_numpy())
        if transform:
            rows[list(LIMITS)] = np.column_stack([self.natural(rows[name].to_numpy()) for name in LIMITS])
            rows["se"] = np.nan  # on the natural scale a standard error means nothing
        return rows.drop(columns="df")

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: number of pools, between what they lie, and how they were made."""
        ends = {f"{name}_low": float(self.table[name].min()) for name in BETWEEN}
        ends |= {f"{name}_high": float(self.table[name].max()) for name in BETWEEN}
        return self._row(k=len(self), **ends)

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at each of the pools."""
        s = self.studies
        return Text(
            rcode.subsets(self.verb, s.labels, s.yi, s.vi, method=self.method, ci=self.ci, level=self.level,
                          tau2=self.table["tau2"], given=self.given_tau2)
        )  # fmt: skip

    def _lines(self) -> list[str]:
        try:
            shown, name = self.tidy(transform=True), self.record.natural
        except DataError:  # no back-transform: say it on the scale of analysis
            shown, name = self.tidy(), self.record.label
        columns = ["term", *LIMITS, "tau2", "i2"]
        return [
            f"{TITLES[self.verb]}: {name}, {self.method}, {self.ci} intervals ({in_percent(self.level)} %)",
            shown[columns].to_string(index=False, float_format=plain),
        ]
