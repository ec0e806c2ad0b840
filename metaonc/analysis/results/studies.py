"""The trials that a result rests on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.check import Labels
from ..numeric.wls import Floats


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
    notes
        A sentence on what is not known of the columns though ``effect_sizes`` knew it.
    """

    labels: tuple[str, ...]
    yi: Floats
    vi: Floats
    data: pd.DataFrame = field(repr=False)
    roles: dict[str, str]
    reported_level: float | str | None = None
    notes: tuple[str, ...] = ()

    def reported(self, level: float, needed: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return the rows whose report has an interval of this level, none of the roles `needed` for it missing."""
        have = self.data[self.reported_level] if isinstance(self.reported_level, str) else self.reported_level
        rows = np.broadcast_to(np.asarray(have if have is not None else np.nan, float) == level, len(self.yi))
        there: NDArray[np.bool_] = self.data[[self.roles[role] for role in needed]].notna().all(axis=1).to_numpy()
        return rows & there

    def taken(self, rows: NDArray[np.bool_]) -> Studies:
        """Return these of the trials, each with the number that it has in the table of the user."""
        named = self.labels if isinstance(self.labels, Labels) else Labels(self.labels, range(len(self.labels)))
        yi, vi = self.yi[rows], self.vi[rows]
        yi.flags.writeable = vi.flags.writeable = False
        data = self.data[rows].reset_index(drop=True)
        return replace(self, labels=named.kept(rows), yi=yi, vi=vi, data=data)

    def counts(self, role: str) -> Floats | None:
        """Return the numbers of a role such as ``n``, or None where its column is not known."""
        column = self.roles.get(role)
        if column is None or column not in self.data.columns:
            return None
        return self.data[column].to_numpy(dtype=float)

    def numbers(self, role: str) -> Floats:
        """Return the numbers of a role whose column is known, as those of a pool of counts are."""
        found = self.counts(role)
        assert found is not None, role
        return found
