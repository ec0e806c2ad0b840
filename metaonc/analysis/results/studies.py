"""The trials that a result rests on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.check import Labels
from ...base.missing import limits_empty
from ...base.numbers import numbers
from ..effects.levels import USUAL
from ..effects.measures import Measure
from ..effects.roles import LIMITS
from ..effects.route import records_of
from ..numeric.wls import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeftOut:
    """Trials of the table that a result does not rest on; its provenance says why.

    Attributes
    ----------
    labels
        One a trial.
    before
        How many of the trials that it does rest on stand before each in the table.
    yi, vi
        Effects on the analysis scale and their variances, NaN where there is none, one a trial.
    data
        Their rows of the table.

    Examples
    --------
    >>> import warnings
    >>> import metaonc as mo
    >>> table = {"trial": ["A", "B", "C"], "yi": [0.1, None, 0.3], "vi": [0.01, 0.02, 0.03]}
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", mo.DataWarning)
    ...     pooled = mo.pool(table, study="trial")
    >>> pooled.studies.left_out.labels
    ('B',)
    """

    labels: tuple[str, ...]
    before: tuple[int, ...]
    yi: Floats
    vi: Floats
    data: pd.DataFrame = field(repr=False)

    @classmethod
    def of(
        cls, labels: Labels, there: NDArray[np.bool_], yi: Floats, vi: Floats, frame: pd.DataFrame
    ) -> LeftOut | None:
        """Return the rows that are not flagged; None where all are."""
        if there.all():
            return None
        before = tuple(int(n) for n in np.cumsum(there)[~there])
        data = frame[~there].reset_index(drop=True)
        return cls(labels=labels.kept(~there), before=before, yi=yi[~there], vi=vi[~there], data=data)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Studies:
    """The trials that a result rests on.

    Attributes
    ----------
    labels
        One a trial.
    yi, vi
        Effect on the analysis scale and its sampling variance, each (k,).
    data
        The rows of the table that was given, with all its columns.
    roles
        Which columns hold what: ``events``, ``n``, ...; as far as they are known.
    reported_level
        Level of the intervals in the reports, a number or a column; None where it is not known.
    covariance
        Sampling covariances, (k, k), of rows that share patients; None where rows are independent.
    notes
        A sentence on what is not known of the columns though ``effect_sizes`` knew it.
    left_out
        The trials of the table that it does not rest on; None where there are none.

    Examples
    --------
    >>> import metaonc as mo
    >>> trials = mo.pool({"trial": ["A", "B"], "yi": [0.1, 0.2], "vi": [0.01, 0.02]}, study="trial").studies
    >>> trials.labels, trials.yi.tolist()
    (('A', 'B'), [0.1, 0.2])
    """

    labels: tuple[str, ...]
    yi: Floats
    vi: Floats
    data: pd.DataFrame = field(repr=False)
    roles: dict[str, str]
    reported_level: float | str | None = None
    covariance: Floats | None = None
    notes: tuple[str, ...] = ()
    left_out: LeftOut | None = field(default=None, repr=False)

    def reported(self, level: float, needed: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return the rows whose report has an interval of this level, none of the roles `needed` for it missing."""
        if isinstance(self.reported_level, str):
            said = self.column(self.reported_level)
            have = np.where(np.isnan(said), USUAL, said)
        else:
            have = np.asarray(np.nan if self.reported_level is None else self.reported_level, float)
        rows = np.broadcast_to(have == level, len(self.yi))
        there: NDArray[np.bool_] = np.isfinite(np.stack([self.column(self.roles[role]) for role in needed], axis=1))
        return rows & there.all(axis=1)

    def at_bounds(self, record: Measure) -> NDArray[np.bool_]:
        """Return the rows whose estimate was not reached, and stands at a bound that it exceeds."""
        if "route" not in self.data.columns:
            return np.zeros(len(self.yi), dtype=bool)
        found = records_of(record.routes, self.data["route"])
        return np.array([one is not None and one.at_bound for one in found], dtype=bool)

    def shown_beside(self) -> Studies:
        """Return the trials left out as trials, to be shown with what they reported."""
        out = self.left_out
        if out is None:
            return replace(self, labels=(), yi=self.yi[:0], vi=self.vi[:0], data=self.data.iloc[:0])
        return replace(self, labels=out.labels, yi=out.yi, vi=out.vi, data=out.data, left_out=None)

    @property
    def sizes(self) -> Floats:
        """Patients, or person-time, of all arms of each trial; NaN where no column has them."""
        arms = [x for role in self.roles if role.startswith(("n", "time")) and (x := self.counts(role)) is not None]
        return np.sum(arms, axis=0) if arms else np.full(len(self.yi), np.nan)

    def taken(self, rows: NDArray[np.bool_]) -> Studies:
        """Return these of the trials, each with the number that it has in the table of the user."""
        named = self.labels if isinstance(self.labels, Labels) else Labels(self.labels, range(len(self.labels)))
        yi, vi = self.yi[rows], self.vi[rows]
        yi.flags.writeable = vi.flags.writeable = False
        data = self.data[rows].reset_index(drop=True)
        covariance = None if self.covariance is None else self.covariance[np.ix_(rows, rows)]
        return replace(
            self, labels=named.kept(rows), yi=yi, vi=vi, data=data, covariance=covariance, left_out=None
        )  # fmt: skip

    def counts(self, role: str) -> Floats | None:
        """Return the numbers of a role such as ``n``, or None where its column is not known."""
        column = self.roles.get(role)
        if column is None or column not in self.data.columns:
            return None
        return self.column(column)

    def column(self, column: str) -> Floats:
        """Return the numbers of a column of the table; limits that are printed as not reached are NaN."""
        values = self.data[column]
        if any(own == column and role.startswith(LIMITS) for role, own in self.roles.items()):
            values = limits_empty(values)
        return numbers(values, column, self.labels)
