"""The log-rank test of several groups. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..distributions import chi2_p
from ..product_limit import Floats, Sample


class LogRank(NamedTuple):
    """The test of k groups.

    Attributes
    ----------
    observed, expected
        Events of each group, and those expected were the hazard the same in all, shape (k,).
    chi2, df, p_value
        The test; NaN where no event happened with several groups at risk.
    """

    observed: Floats
    expected: Floats
    chi2: float
    df: int
    p_value: float


def log_rank(samples: Sequence[Sample]) -> LogRank:
    r"""Return the log-rank test of samples, with delayed entry where they have it.

    With d events among n at risk at a time, :math:`n_j` of them in group j, a group expects :math:`d n_j / n` of them
    with the hypergeometric covariance :math:`d (n_j/n) (\delta_{jl} - n_l/n) (n - d)/(n - 1)`. Groups that expect none
    are left out of the test, as by R's ``survdiff``.
    """
    at = np.unique(np.concatenate([s.time[s.event] for s in samples]))
    events, n_risk = (np.array(rows, dtype=float) for rows in zip(*(_counts(s, at) for s in samples), strict=True))
    d, n = events.sum(0), n_risk.sum(0)
    share = n_risk / n
    spread = d * np.divide(n - d, n - 1, out=np.zeros_like(n), where=n > 1)
    observed, expected = events.sum(1), (d * share).sum(1)
    covariance = np.diag((spread * share).sum(1)) - (spread * share) @ share.T
    chi2, df = _statistic(observed - expected, covariance, expected > 0)
    return LogRank(observed, expected, chi2, df, float(chi2_p(chi2, df)) if np.isfinite(chi2) else np.nan)


def _counts(sample: Sample, at: Floats) -> tuple[Floats, Floats]:
    died = sample.time[sample.event]
    events = np.searchsorted(died, at, side="right") - np.searchsorted(died, at)
    return events.astype(float), sample.n_risk(at).astype(float)


def _statistic(
    excess: Floats, covariance: Floats, there: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[float, int]:
    """Return chi-square and its degrees of freedom, of all groups but one: those of the last follow from the others."""
    some = np.flatnonzero(there)[1:]
    part = covariance[np.ix_(some, some)]
    if not len(some) or np.linalg.matrix_rank(part, hermitian=True) < len(some):
        return np.nan, len(some)
    return float(excess[some] @ np.linalg.solve(part, excess[some])), len(some)
