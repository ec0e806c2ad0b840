"""rank_test: whether effects and the precision of trials are in like order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ....base.check import one_of
from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError
from ...effects.formulas.mantel_haenszel import odds_ratio
from ...numeric.asymmetry.hypergeometric import moments
from ...numeric.asymmetry.kendall import is_tied, kendall
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..checks import tables, taken
from .rank_result import RankTestResult

SAME = 1e-12  # in standard errors: what differs by less differs by rounding alone


class Ranked(NamedTuple):
    """What is put in order: standardised effects, and a measure of the precision of trials, each (k,)."""

    effect: Floats
    precision: Floats


@dataclass(frozen=True, slots=True)
class RankTest:
    """A rank correlation test.

    Attributes
    ----------
    code, label, reference
        Name in calls, in print, and its source.
    ranked
        (pool, name of the test) -> what is put in order; the measure of precision rises with the variance.
    measures
        Codes of the measures that it is for; empty where it is for all.
    """

    code: str
    label: str
    reference: str
    ranked: Callable[[MetaResult, str], Ranked]
    measures: tuple[str, ...] = ()


def _standardised(pool: MetaResult, _: str) -> Ranked:
    """Return distances from the common effect in their own standard errors."""
    y, v = pool.studies.yi, pool.studies.vi
    w = 1 / v
    common, of_common = float(w @ y / w.sum()), float(1 / w.sum())
    return Ranked((y - common) / np.sqrt(v - of_common), v)


def _cells(pool: MetaResult, verb: str) -> Ranked:
    """Return events beyond those expected at the common odds ratio, in standard deviations."""
    c = tables(pool.studies, verb)
    with np.errstate(divide="ignore", invalid="ignore"):
        common = float(np.exp(odds_ratio(c)[0]))  # Mantel and Haenszel's
    if not 0 < common < np.inf:
        raise DataError(f"{verb} rests on the common odds ratio, which is {common:g} here: one arm has no events.")
    rows = zip(c["events_t"] + c["events_c"], c["n_t"], c["n_c"], strict=True)
    mean, variance = np.array([moments(int(m), int(n_t), int(n_c), common) for m, n_t, n_c in rows]).T
    if not (variance > 0).all():
        raise DataError(f"{verb}: a trial has no events, or nothing else, and says nothing; leave it out.")
    return Ranked((c["events_t"] - mean) / np.sqrt(variance), 1 / variance)


RANK_TESTS = {
    t.code: t
    for t in (
        RankTest("begg", "Begg and Mazumdar's test", "Begg and Mazumdar 1994, doi:10.2307/2533446", _standardised),
        RankTest("schwarzer", "Schwarzer's test", "Schwarzer, Antes and Schumacher 2007", _cells, ("OR",)),
    )
}  # fmt: skip
"""Rank tests of a funnel's asymmetry, by their code in ``test=``."""


@known_arguments
def rank_test(result: MetaResult, *, test: str = "begg", exact: bool | None = None) -> RankTestResult:
    """Test whether effects and variances of trials are in like order, by Kendall's rank correlation.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned.
    test : {"begg", "schwarzer"}
        Effects standardised about the common effect, against variances; or, of odds ratios whose counts
        ``effect_sizes`` knew, events beyond those expected, against the inverse of their variance.
    exact : bool, optional
        Whether the p-value is of the exact distribution; when not given, where there are no ties (and not more than
        400 trials). Otherwise it is of the normal one, without a correction for continuity.

    Returns
    -------
    RankTestResult
        The rank correlation with its p-value.

    Raises
    ------
    DataError
        When `result` is none of ``pool``; fewer than three trials; variances or effects that are all the same.
    ColumnError, OptionError
        Counts that are not known; an option that does not exist; ties where `exact` is asked for; a measure that the
        test is not for; correlated rows.

    References
    ----------
    Begg and Mazumdar 1994, doi:10.2307/2533446; Schwarzer, Antes and Schumacher 2007, Statistics in Medicine 26:721.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}
    >>> t = mo.bias.rank_test(mo.pool(d, measure="HR"))
    >>> t.statistic, round(t.p_value, 4)
    (-1.0, 0.0167)
    """
    record = RANK_TESTS[one_of("test", test, RANK_TESTS)]
    pool = taken(result, record.label)
    if record.measures and pool.measure not in record.measures:
        raise OptionError(f"{record.label} is for measure 'OR', and this pool is of {pool.measure!r}.")
    effect, precision = record.ranked(pool, record.label)
    if np.ptp(precision) == 0:
        raise DataError("all trials are of the same precision: nothing can depend on it.")
    if np.ptp(effect) <= SAME:
        raise DataError("all effects are the same: they are in no order.")
    if exact and (is_tied(effect) or is_tied(precision)):
        raise OptionError(
            "exact=True: some values are tied, for which there is no exact distribution; use exact=False."
        )
    found = kendall(effect, precision, exact)
    return RankTestResult(
        test=test,
        statistic=found.tau,
        score=found.score,
        score_se=found.se,
        p_value=found.p,
        exact=found.exact,
        k=pool.k,
        measure=pool.measure,
        result=pool,
        provenance=replace(
            pool.provenance,
            verb="bias.rank_test",
            settings={**pool.provenance.settings, "test": test, "exact": found.exact},
            notes=(),
            cautions=(),
        ),
    )
