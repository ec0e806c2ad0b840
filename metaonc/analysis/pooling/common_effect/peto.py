"""pool_peto: odds ratios of rare events pooled by observed minus expected events, without corrections."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....base.check import confidence_level
from ....base.messages.arguments import known_arguments
from ....base.result import Text
from ...effects.roles import TWO_ARMS
from ..counts.read_counts import CountTable, part_of, read
from . import rcode
from .result import CommonEffectResult, Counts, Pooled, common_effect, own_effects


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PetoResult(CommonEffectResult):
    """A pool of odds ratios by Peto's method; weights are shares of the hypergeometric variance."""

    def refit(self, rows: NDArray[np.bool_]) -> PetoResult:
        """Return the pool of these of its rows."""
        return pooled(part_of(self.studies, rows, self.measure), self.level)

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        return Text(rcode.peto(rcode.data_of(self.studies), self.level))


def peto(c: Counts) -> Pooled:
    """Return Peto's pooled log odds ratio; trials whose patients all have one outcome carry nothing."""
    a, n1, b, n2 = c["events_t"], c["n_t"], c["events_c"], c["n_c"]
    total, events = n1 + n2, a + b
    excess = a - events * n1 / total
    v = n1 * n2 * events * (total - events) / (total**2 * (total - 1))
    there = v > 0
    information = v.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate, variance = excess.sum() / information, 1 / information
    # as squares of differences, not as a difference of squares: no digits cancel
    q = float((v[there] * (excess[there] / v[there] - estimate) ** 2).sum())
    return Pooled(float(estimate), float(variance), v, q, max(int(there.sum()) - 1, 0))


@known_arguments
def pool_peto(
    table: Any,
    *,
    events_t: str,
    n_t: str,
    events_c: str,
    n_c: str,
    study: str | None = None,
    level: float = 0.95,
) -> PetoResult:
    r"""Pool odds ratios of rare events by Peto's method, with a common effect.

    .. math:: \hat\theta = \frac{\sum (O_i - E_i)}{\sum V_i}, \quad Var(\hat\theta) = \frac{1}{\sum V_i}

    with O the events under treatment, and E and V their hypergeometric mean and variance. Empty cells need no
    correction. It is biased where the effect is large or the arms of a trial differ much in size.

    Parameters
    ----------
    table : dataframe
        One row a trial.
    events_t, n_t, events_c, n_c : str
        Columns of events and patients, of treatment and control.
    study : str, optional
        Column that names the trial.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    PetoResult
        On the scale of the log odds ratio. A trial without any event in both arms, or with events only, is left out.

    Raises
    ------
    DataError
        Events above n, counts that are none, no complete row, no trial with both outcomes: names trial, row and value.

    Warns
    -----
    DataWarning
        Rows left out: numbers that are missing; trials that say nothing of a ratio. Labels that differ by what no
        reader sees were joined.

    References
    ----------
    Yusuf et al. 1985, doi:10.1016/s0033-0620(85)80003-7.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"a": [0, 4, 6], "n1": [20, 44, 107], "b": [1, 0, 4], "n2": [43, 44, 110]}
    >>> r = mo.pool_peto(d, events_t="a", n_t="n1", events_c="b", n_c="n2")
    >>> round(r.estimate, 3), round(r.se, 3)
    (0.769, 0.529)
    """
    confidence_level(level)
    columns = {"events_t": events_t, "n_t": n_t, "events_c": events_c, "n_c": n_c}
    return pooled(read(table, "PETO", TWO_ARMS, columns, study), level)


def pooled(counted: CountTable, level: float) -> PetoResult:
    """Return the pool of complete rows."""
    yi, vi = own_effects("PETO", counted.counts, "none")
    counted = counted._replace(studies=replace(counted.studies, yi=yi, vi=vi), halved=())
    found = peto(counted.counts)
    return PetoResult(**common_effect(counted, found, verb="pool_peto", measure="PETO", method="PETO", level=level))
