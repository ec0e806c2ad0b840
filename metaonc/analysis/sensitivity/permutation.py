"""permutation_test: what p-values are without a distribution of effects and of test statistics."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...base.check import seed_of
from ...base.messages.arguments import known_arguments
from ...errors import DataError, OptionError
from ..pooling.inverse_variance.result import MetaResult
from ..pooling.regression.result import RegressionResult
from ..pooling.subgroups.result import SubgroupResult
from ..results.inside import pool_in
from .permutation_result import PermutationResult
from .rearrangements import Rearrangements, RowOrders, SignFlips
from .refits import BetweenRefit, PoolRefit, RegressionRefit, can_refit

AUTOMATIC = 10_000  # rearrangements up to which the test is exact unless told otherwise
LIMIT = 10_000_000  # rearrangements above which an exact test is refused
TIE = np.finfo(float).eps ** 0.5  # what differs by less is a tie that rounding has parted
NUMBERS = 200_000  # in a block of rearranged data: memory stays bounded


Permuted = MetaResult | RegressionResult | SubgroupResult


class Plan(NamedTuple):
    """The rearrangements of a result, the model refitted to them, and the one that was observed, (1, k)."""

    rearrangements: Rearrangements
    refit: PoolRefit | RegressionRefit | BetweenRefit
    observed: Any
    size: int


@known_arguments
def permutation_test(
    result: Permuted, *, exact: bool | None = None, n: int = 1000, seed: int | None = None
) -> PermutationResult:
    r"""Test a pooled effect, the coefficients of a regression, or the difference of subgroups, by permutation.

    Of a pool the signs of the effects are flipped: without an effect each is as likely as its mirror image. Of a
    regression the rows of the design are permuted against effects and variances, of subgroups the levels; the statistic
    then is F of one mean a subgroup and one tau². tau² and the test statistic are made
    anew each time, by the method and the interval of the result.

    .. math:: p = \#\{|t^*| \ge |t|\} / N

    Parameters
    ----------
    result : MetaResult, RegressionResult or SubgroupResult
        What ``pool``, ``regress`` or ``pool_subgroups`` returned; of subgroups each trial must be of one level.
    exact : bool, optional
        Whether to go through all rearrangements: 2^k signs, or the orders of the design's rows that differ. When not
        given, where there are at most 10 000 or `n`.
    n : int, default 1000
        Number of rearrangements where they are drawn at random; the first is the one observed, so that p is never 0.
    seed : int, optional
        Of the random draws; when not given, one is drawn, and the provenance says which.

    Returns
    -------
    PermutationResult
        The p-values of the coefficients, and of the test of moderators where there are any.

    Raises
    ------
    DataError
        When `result` is none of these; one trial; an effect without a line of no effect; no moderators; effects that
        are all 0.
    OptionError
        Too many rearrangements for an exact test; a result with ``HC`` intervals, GENQ weights or correlated sampling
        errors; subgroups of the same trials, whose levels cannot be exchanged with those of others.

    Notes
    -----
    With few trials p cannot be small: of k effects it is at least 2/2^k.

    References
    ----------
    Follmann and Proschan 1999, doi:10.1111/j.0006-341x.1999.00732.x; Higgins and Thompson 2004, doi:10.1002/sim.1752;
    Viechtbauer et al. 2015, doi:10.1037/met0000023.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1, -0.4], "vi": [0.04, 0.03, 0.05, 0.09]})
    >>> mo.sensitivity.permutation_test(r).p_value
    0.125
    """
    result = pool_in(result)
    plan = _plan(result)
    exact = _is_exact(exact, plan.rearrangements.count, n)
    seed = None if exact else seed_of(seed)
    statistic = plan.refit.statistics(plan.observed)[0]
    if not np.isfinite(statistic).all():
        raise DataError(
            f"the test statistic of the result is no number: by ci={_ci(result)!r} the standard error is 0 where "
            "effects are as the model has them. Take another ci, such as 'wald'."
        )
    p = _shares(plan, np.abs(statistic), exact, n, seed)
    count = plan.rearrangements.count if exact else n
    provenance = replace(
        result.provenance,
        verb="sensitivity.permutation_test",
        settings={**result.provenance.settings, "exact": exact, "n": count, "seed": seed},
        notes=_notes(result, plan.rearrangements.count),
    )
    return PermutationResult(
        **_by_term(result, "statistic", statistic),
        **_by_term(result, "p", p),
        n_permutations=count,
        exact=exact,
        result=result,
        provenance=provenance,
    )


def _plan(result: Permuted) -> Plan:
    if isinstance(result, SubgroupResult):
        return _levels(result)
    if not isinstance(result, (MetaResult, RegressionResult)):
        raise DataError(f"a result of pool, regress or pool_subgroups is wanted, not {type(result).__name__}.")
    can_refit(result.ci, result.method, "permutations of its trials")
    return _signs(result) if isinstance(result, MetaResult) else _orders(result)


def _signs(r: MetaResult) -> Plan:
    if r.studies.covariance is not None:
        raise OptionError(
            "the rows of this pool have correlated sampling errors: the sign of one row alone would change its "
            "covariances with others too, so that p would be of other data. Pool one row a trial, without covariances."
        )
    if r.k < 2:
        raise DataError("one trial has no signs to permute; two are the least.")
    if r.record.null is None:
        raise DataError(f"a {r.record.label} has no line of no effect about which signs could be flipped.")
    refit = PoolRefit(r.studies.yi, r.studies.vi, r.method, r.ci, r.provenance.settings["tau2"])
    return Plan(SignFlips(r.k), refit, np.ones((1, r.k)), r.k)


def _orders(r: RegressionResult) -> Plan:
    q, triangle = np.linalg.qr(r.design.x)
    _, first, kinds = np.unique(r.design.x, axis=0, return_index=True, return_inverse=True)
    if len(first) == 1:
        raise DataError(f"{r.formula!r} has no moderators whose rows could be permuted; use pool.")
    kinds = kinds.ravel()
    tested = [i for i, name in enumerate(r.design.names) if name != "intercept"]
    refit = RegressionRefit(
        r.studies.yi, r.studies.vi, q[first], np.linalg.inv(triangle), tested, r.method, r.ci
    )  # fmt: skip
    return Plan(RowOrders(kinds), refit, kinds[None], q.size)


def _levels(r: SubgroupResult) -> Plan:
    """Return the plan of subgroups: orders of their levels."""
    parts = [r.overall, *r.groups.values()]
    pools = [part for part in parts if isinstance(part, MetaResult)]
    if len(pools) < len(parts):
        raise DataError("subgroups of pool are wanted; of counts, test their log odds: pool_subgroups of effect_sizes.")
    if any(part.studies.covariance is not None for part in pools) or not r.independent:
        raise OptionError("these subgroups share patients, so that their levels cannot be permuted.")
    if len(set(r.row_units)) < len(r.row_units):
        raise OptionError(
            "trials have rows in several subgroups, and a level cannot leave its trial: compare within trials by "
            "interaction."
        )
    if r.provenance.settings["tau2"] is not None:
        raise OptionError("these subgroups have a tau² that was given; pool them without it.")
    groups = pools[1:]
    if len(groups) < 2 or len(r.row_units) == len(groups):
        raise DataError("two subgroups or more are wanted, one of them of two trials or more.")
    can_refit("HKSJ", r.overall.method, "permutations of its trials")
    y, v = (np.concatenate([getattr(g.studies, name) for g in groups]) for name in ("yi", "vi"))
    kinds = np.repeat(np.arange(len(groups)), [g.k for g in groups])
    x = np.column_stack([np.ones(len(y)), *(kinds == i for i in range(1, len(groups)))])
    q, triangle = np.linalg.qr(x)
    first = np.unique(kinds, return_index=True)[1]
    tested = list(range(1, len(groups)))
    refit = RegressionRefit(y, v, q[first], np.linalg.inv(triangle), tested, r.overall.method, "HKSJ")
    return Plan(RowOrders(kinds), BetweenRefit(refit), kinds[None], q.size)


def _is_exact(exact: bool | None, count: int, n: int) -> bool:
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 2:
        raise OptionError(f"n={n!r} must be a whole number from 2.")
    if exact is None:
        return count <= max(n, AUTOMATIC)
    if exact and count > LIMIT:
        raise OptionError(f"{count:.3g} rearrangements are too many for an exact test; use exact=False with n=10_000.")
    return bool(exact)


def _shares(plan: Plan, observed: Any, exact: bool, n: int, seed: int | None) -> Any:
    """Return the share of rearrangements whose statistics are as extreme as those observed, or more."""
    least = observed - TIE * np.maximum(observed, 1.0)
    rng = np.random.default_rng(seed)
    total = plan.rearrangements.distinct if exact else n
    extreme = np.zeros(len(observed), dtype=np.int64) if exact else np.ones(len(observed), dtype=np.int64)
    block = max(NUMBERS // plan.size, 1)
    for start in range(0 if exact else 1, total, block):  # random draws begin with the observed one
        ranks = np.arange(start, min(start + block, total))
        some = plan.rearrangements.numbered(ranks) if exact else plan.rearrangements.drawn(len(ranks), rng)
        extreme += (np.abs(plan.refit.statistics(some)) >= least).sum(0)
    return extreme / total


def _ci(r: Permuted) -> str:
    return "HKSJ" if isinstance(r, SubgroupResult) else r.ci


def _by_term(r: Permuted, name: str, values: Any) -> dict[str, Any]:
    """Return the fields of a statistic or a p-value."""
    field = "p_value" if name == "p" else name
    if not isinstance(r, RegressionResult):
        return {field: float(values[0]), f"omnibus_{name}": np.nan}
    terms = pd.Index(r.design.names, name="term")
    return {field: pd.Series(values[:-1], index=terms, name=field), f"omnibus_{name}": float(values[-1])}


def _notes(r: Permuted, count: int) -> tuple[str, ...]:
    least = 2 / count if isinstance(r, MetaResult) else 1 / count
    if least > 0.05:
        return (f"with {count} rearrangements p cannot be below {least:.3g}, whatever the effects.",)
    return ()
