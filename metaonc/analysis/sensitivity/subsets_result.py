"""What leave_one_out and cumulative return: a result of each subset of the trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...base.caution import Caution
from ...base.check import confidence_level
from ...base.columns import limits
from ...base.digits import in_percent, plain
from ...base.html import listed
from ...base.result import Provenance, Result, TableResult, Text
from ...errors import DataError
from ..effects.measures import Measure
from ..interaction.wording import LIMITS
from ..numeric.distributions import to_error, two_sided_p
from ..pooling.common_effect.result import CommonEffectResult
from ..pooling.inverse_variance.result import MetaResult
from ..pooling.subgroups.result import SubgroupResult
from ..results.pooled import PooledResult
from . import rcode
from .members import Members
from .members import members as members_of_rows
from .subset_refits import fits, in_batches, narrower, table_of

BETWEEN = ("estimate", "tau2", "i2")  # columns whose ends `glance` shows
TITLES = {"leave_one_out": "without each trial in turn", "cumulative": "of ever more trials"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SubsetsResult(TableResult):
    """Results of subsets of the trials, one a trial left out or added, on the scale of analysis.

    ``result["estimate"]`` is a column of `table`.

    Attributes
    ----------
    table
        One row a pool: study (left out, or added last), estimate, se, df (infinite for z), ci_low, ci_high, tau2, q, i2
        (percent), interval (its type) and reason (why there is no estimate, otherwise empty). Where the result has
        several estimates, each has a row, named in the column subgroup, outcome or coefficient; of subgroups those that
        the trial is of, and ``overall`` with the tests between them, as ``glance`` of subgroups
        has them, and stated_test and stated_p, the one to be stated first and its p, with beside_p, that of F with its
        scale at least 1, where effects within subgroups agree by more than their variances allow.
    verb
        ``leave_one_out`` or ``cumulative``.
    by
        Whether all rows of a trial leave or come together (``trial``), or each row alone (``row``).
    whole
        The result of all trials.
    provenance
        That of the result of all trials.
    """

    table: pd.DataFrame
    verb: str
    by: str
    whole: Result
    provenance: Provenance

    @property
    def pool(self) -> Any:
        """The result of all trials; of subgroups the pool of all."""
        return self.whole.overall if isinstance(self.whole, SubgroupResult) else self.whole

    @property
    def studies(self) -> Any:
        """The trials that `pool` rests on."""
        return self.pool.studies

    @property
    def record(self) -> Measure:
        """The record of the measure, of several that of the first row."""
        return self.records[0]

    @property
    def part(self) -> str | None:
        """The column that names one of several estimates: subgroup, outcome or coefficient; None of one estimate."""
        return next((name for name in ("subgroup", "outcome", "coefficient") if name in self.table.columns[1:2]), None)

    @property
    def parts(self) -> list[str]:
        """The subgroups and ``all``, the outcomes, or the coefficients; of one estimate one empty name."""
        if self.part is None:
            return [""]
        there = dict.fromkeys(map(str, self.table[self.part]))
        order = [*self.whole.groups, self.whole.overall_name] if isinstance(self.whole, SubgroupResult) else there
        return [name for name in order if name in there]

    def rows_of(self, part: str) -> pd.DataFrame:
        """Return the rows of the table of one of `parts`."""
        return self.table if self.part is None else self.table[self.table[self.part] == part]

    @property
    def trials(self) -> int:
        """Number of trials, or of rows, that leave or come in turn."""
        return int(self.table["study"].nunique())

    @property
    def measure(self) -> str | None:
        """Code of the measure; None of several."""
        codes = {record.code for record in self.records}
        return codes.pop() if len(codes) == 1 else None

    @property
    def method(self) -> str:
        """Code of the model of all trials."""
        return str(self.pool.method)

    @property
    def ci(self) -> str:
        """Type of the interval of all trials."""
        return str(getattr(self.pool, "ci", "wald"))

    @property
    def level(self) -> float:
        """Coverage of the intervals."""
        return float(self.pool.level)

    @property
    def given_tau2(self) -> float | None:
        """Variance between trials where it was given; None where each pool has its own estimate."""
        return self.pool.provenance.settings.get("tau2") if isinstance(self.pool, MetaResult) else None

    @property
    def records(self) -> list[Measure]:
        """The record of the measure of each row."""
        if isinstance(self.pool, PooledResult):
            return [self.pool.record] * len(self)
        return [self.pool.record_of(part) for part in self.table.iloc[:, 1]]

    def natural(self, values: Any) -> Any:
        """Return a value a row on the natural scale, such as a log odds ratio as an odds ratio.

        Raises
        ------
        DataError
            When the measure has no back-transform without sample sizes, which differ from pool to pool.
        """
        records = self.records
        for record in records:
            if record.inverse_needs is not None:
                raise DataError(
                    f"measure {record.code!r} has no back-transform without sample sizes; use PLO, of rates IRLN."
                )
        if isinstance(self.pool, PooledResult):
            return self.pool.record.inverse(values)
        return np.array([float(one.inverse(x)) for one, x in zip(records, np.asarray(values), strict=True)])

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the confidence limits of each row at another level, by the same method.

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
        found = self.table if level == self.level else table_of(self.whole, self._members, level)
        columns = (found[name].to_numpy() for name in ("ci_low", "ci_high"))
        ends = (self.natural(x) if transform else x for x in columns)
        return limits(ends, pd.Index(self.table["study"], name="term"))

    @property
    def lacking(self) -> dict[str, str]:
        """Trial -> why there is no estimate."""
        rows = self.table[self.table["reason"] != ""]
        return dict(zip(rows["study"], rows["reason"], strict=True))

    @property
    def _members(self) -> Members:
        return members(self.whole, self.verb, self.by)

    def _cautions(self) -> list[Caution]:
        """Return effects by assumption, and intervals of pools narrower than those by the variances as they are."""
        found = [caution for caution in self.whole.cautions if caution.of_effects]
        return [*found, *narrower(self.whole, self._members, self.table)]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a pool; a test is there where the measure has a value of no effect."""
        rows = self.table.rename(columns={"study": "term"}).assign(type="pool")
        tested = np.array([record.null is not None for record in self.records])
        if tested.any() and self._has_test:
            rows["statistic"] = np.where(tested, to_error(rows["estimate"], rows["se"]), np.nan)
            rows["p_value"] = two_sided_p(rows["statistic"].to_numpy(), rows["df"].to_numpy())
        if transform:
            rows[list(LIMITS)] = np.column_stack([self.natural(rows[name].to_numpy()) for name in LIMITS])
            rows["se"] = np.nan  # on the natural scale a standard error means nothing
        return rows.drop(columns="df")

    @property
    def _has_test(self) -> bool:
        return not isinstance(self.pool, PooledResult) or self.pool.model_facts.has_test

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: number of pools, between what they lie, and how they were made; of several one row each."""
        rows = []
        for name in self.parts:
            table = self.rows_of(name)
            ends = {f"{column}_low": float(table[column].min()) for column in BETWEEN}
            ends |= {f"{column}_high": float(table[column].max()) for column in BETWEEN}
            own = {} if self.part is None else {self.part: name}
            rows += self._row(k=len(table), not_estimable=int((table["reason"] != "").sum()), **own, **ends)
        return rows

    def r_code(self) -> Text:
        """Return the R script, data inline, by which R arrives at each of the pools."""
        whole: Any = self.whole
        subsets = self._members
        alone = len(subsets.names) == len(subsets.codes)
        if isinstance(whole, CommonEffectResult) and alone:
            return Text(rcode.metafor_subsets(self.verb, str(whole.r_code())))
        if in_batches(whole):
            s = whole.studies
            return Text(
                rcode.subsets(self.verb, s.labels, s.yi, s.vi, method=self.method, ci=self.ci, level=self.level,
                              tau2=self.table["tau2"], given=self.given_tau2,
                              units=None if alone else [subsets.names[code] for code in subsets.codes])
            )  # fmt: skip
        columns = ("value", "df", "df2", "p") if isinstance(whole, SubgroupResult) else ("estimate", "se")
        parts = [rcode.part_of(name, found) for name, found in fits(whole, subsets)]
        chosen = [np.flatnonzero(subsets.rows(number)) + 1 for number in range(len(subsets.names))]
        return Text(rcode.refits(str(whole.r_code()), parts, chosen, columns))

    def _lines(self) -> list[str]:
        several = self.part is not None
        try:
            shown = self.tidy(transform=True)
            name = self.record.natural
        except DataError:  # no back-transform: say it on the scale of analysis
            shown, name = self.tidy(), self.record.label
        columns = ["term", *([str(self.part)] if several else []), *LIMITS, "tau2", "i2"]
        columns += ["stated_test", "stated_p", "beside_p"] if "stated_p" in shown else []
        name = name if len({record.natural for record in self.records}) == 1 else "several estimates"
        title = "Pools" if isinstance(self.pool, PooledResult) else "Fits"
        return [
            f"{title} {TITLES[self.verb]}: {name}, {self.method}, {self.ci} intervals ({in_percent(self.level)} %)",
            listed(shown[columns].dropna(axis=1, how="all"), plain),
            *(f"No estimate: {study}: {reason}" for study, reason in self.lacking.items()),
        ]


def members(whole: Any, verb: str, by: str) -> Members:
    """Return the subsets of the rows of a result."""
    labels = whole.labels if hasattr(type(whole), "labels") else whole.studies.labels
    return members_of_rows(labels, whole.row_units, verb, by)
