"""What over_cuts returns: the pool as it was at each date, by the newest cut of each arm that was known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import in_percent, plain
from ....base.html import listed
from ....base.result import Provenance, Result, TableResult, Text
from ....errors import DataError
from ...effects.measures import Measure
from ...pooling.subgroups.result import SubgroupResult
from ...results.pooled import PooledResult
from ...results.rtext import comment

ENDS = ("estimate", "ci_low", "ci_high")
LATER = (
    "which rows were pooled at an earlier date is told from the dates in the table. What was never entered, or was "
    "corrected since, is not as it was known then"
)
KNOWN = {"published": "by publication", "data_cut": "by data cut"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class OverCutsResult(TableResult):
    """The pool as it was at each date at which its rows changed.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a date (and subgroup): date, came (trials with new rows), subgroup (of subgroups), k, estimate, se,
        ci_low, ci_high (scale of analysis), tau2, q, i2, p_value, interval and reason (why there is no pool, otherwise
        empty).
    pools
        The pool at each date; dates without one are left out.
    dates
        ``published`` or ``data_cut``: what a date is of.
    provenance
        That of the last pool; rows without a date are among those dropped.
    """

    table: pd.DataFrame
    pools: tuple[Result, ...]
    dates: str
    provenance: Provenance

    @property
    def whole(self) -> Any:
        """The pool at the last date."""
        return self.pools[-1]

    @property
    def pool(self) -> PooledResult:
        """The pool at the last date; of subgroups that of all."""
        last: Any = self.whole.overall if isinstance(self.whole, SubgroupResult) else self.whole
        assert isinstance(last, PooledResult)
        return last

    @property
    def record(self) -> Measure:
        """The record of the measure."""
        return self.pool.record

    @property
    def level(self) -> float:
        """Coverage of the intervals."""
        return self.pool.level

    @property
    def parts(self) -> list[str]:
        """The subgroups and the pool of all; of one pool one empty name."""
        return list(dict.fromkeys(self.table["subgroup"])) if "subgroup" in self.table else [""]

    def rows_of(self, part: str) -> pd.DataFrame:
        """Return the rows of one of `parts`."""
        return self.table[self.table["subgroup"] == part] if part else self.table

    def _cautions(self) -> list[Caution]:
        short, _, more = LATER.partition(". ")
        return [*self.whole.cautions, Caution(text=short, more=more)]

    def natural(self, x: Any) -> Any:
        """Return values on the natural scale.

        Raises
        ------
        DataError
            When the measure has no back-transform without sample sizes.
        """
        if self.record.inverse_needs is not None:
            raise DataError(
                f"measure {self.record.code!r} has no back-transform without sample sizes; use PLO, of rates IRLN."
            )
        return self.record.inverse(x)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a pool."""
        rows = self.table.rename(columns={"date": "term"}).assign(type="pool")
        if transform:
            rows = rows.assign(**{name: self.natural(rows[name].to_numpy(dtype=float)) for name in ENDS}, se=np.nan)
        return rows

    def _glance(self) -> list[dict[str, Any]]:
        names = ("k", *ENDS, "p_value", "tau2", "method", "ci", "level", "measure")
        first = self.table["date"].iloc[0]
        return self._row(**{name: getattr(self.pool, name) for name in names}, pools=len(self.pools), first=first,
                         last=self.table["date"].iloc[-1])  # fmt: skip

    def r_code(self) -> Text:
        """Return the R scripts of the pools, one after the other."""
        there = self.table.loc[self.table["reason"] == "", "date"]
        dates = list(dict.fromkeys(there))
        scripts = (f"{comment(f'as of {date}')}\n{pool.r_code()}" for date, pool in zip(dates, self.pools, strict=True))
        return Text("\n\n".join(scripts))

    def _lines(self) -> list[str]:
        try:
            shown, name = self.tidy(transform=True), self.record.natural
        except DataError:  # no back-transform: say it on the scale of analysis
            shown, name = self.tidy(), self.record.label
        columns = ["term", "came", *(["subgroup"] if "subgroup" in shown else []), "k", *ENDS, "p_value", "tau2", "i2"]
        t = shown[columns].dropna(axis=1, how="all").rename(columns={"term": "date"})
        return [
            f"Pools over dates, {KNOWN[self.dates]}: {name}, {self.pool.method}, {self.pool.ci} intervals "
            f"({in_percent(self.level)} %)",
            listed(t, plain, blank=""),
            *(f"No pool: {row['date']}: {row['reason']}" for row in self.table.to_dict("records") if row["reason"]),
        ]
