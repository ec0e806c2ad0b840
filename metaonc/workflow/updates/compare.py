"""compare: two tables of evidence, or two pools, and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Unpack

from ...analysis.updates.compare_pools import compare_pools
from ...analysis.updates.result import UpdateResult
from ...base.messages.advice import option
from ...base.messages.arguments import known_arguments_and
from ...base.result import Result
from ...data.changes.compare_tables import compare_tables
from ...data.changes.result import EvidenceChanges
from ...data.readers.trials import Reading
from ...errors import DataError, OptionError
from ..analyse import analyse
from ..models import check_asked
from ..sources import source_of


@known_arguments_and(Reading.__annotations__)
def compare(
    old: Any,
    new: Any,
    *,
    outcome: str | None = None,
    by: str | None = None,
    measure: str | None = None,
    where: Mapping[str, str] | None = None,
    method: str | None = None,
    ci: str | None = None,
    prediction: str | None = None,
    level: float | None = None,
    routes: Sequence[str] | None = None,
    alone: str | None = None,
    **reading: Unpack[Reading],
) -> UpdateResult | EvidenceChanges:
    r"""Tell what changed between two tables of evidence or two pools, and what moved the estimate, by trial.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    What moved the estimate is divided among the trials that were added, changed or removed: of each it is the mean,
    over all orders in which their changes could come in, of what the pool changes by (Shapley's value),

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!}
              \left(\hat\mu_{S \cup i} - \hat\mu_S\right),

    where the pool of S has these trials as they are after and the others as they were before. The parts sum to the
    difference of the pools, and so do those of τ² and of the p-value. A trial's part tells of the pool, not of the
    trial: what is added last to many weighs less than it would alone, which stands beside it.

    Parameters
    ----------
    old, new : result, or evidence as of ``analyse``
        Two results of pooling functions or of ``pool_subgroups``, of one measure (of ``survival.pool_mixed`` and its
        like, the pool within); or two tables of evidence: what
        ``analyse`` takes, and selections.
    outcome, by, measure : str, optional
        Of tables: what is pooled in both and how, as ``analyse`` takes them; without `outcome` the rows alone are
        compared. When `measure` is not given it is what the newer table is pooled by.
    where : mapping of str to str, optional
        As of ``analyse``, where tables are pooled.
    method, ci, prediction : str, optional
        As of ``analyse``, where tables are pooled.
    level : float, optional
        As of ``analyse``, where tables are pooled.
    routes : sequence of {"ci", "p", "events", "medians"}, optional
        As of ``analyse``, where tables are pooled.
    alone : {"leave out", "keep"}, optional
        As of ``analyse``, where tables are pooled.
    **reading
        How files are read, as ``read_trials`` takes it; the same for both.

    Returns
    -------
    UpdateResult or EvidenceChanges
        Of pools, and of tables with `outcome`: both pools, and in `table` what each trial moved; of tables it holds the
        other too, as `changes`. Of tables alone: in `table` a row a field that changed. Rows are the same by their
        row_id, else by trial, arm, comparator, outcome, subgroup, assessor and dates; a row of the same patients with a
        newer date, or one that `supersedes` names, has replaced the older.

    Raises
    ------
    DataError
        Results of other kinds or measures; tables or pools without an outcome or a trial in common; a row that stands
        twice; a date that cannot be read.
    OptionError
        Options for tables, of results; options of a pool without an outcome.

    Notes
    -----
    Of 12 changes or fewer (7 where pools are not of inverse variance) the mean is over all orders, else over random
    ones, each with its reverse (seed 1); the parts sum to the difference in either case. Where the model changed too,
    or its options, the old trials are first pooled by the new one, which is a part of its own.

    References
    ----------
    Shapley 1953, A value for n-person games (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> old = {"trial": ["A", "B", "C"], "yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}
    >>> new = {"trial": ["A", "B", "C", "D"], "yi": [-0.5, -0.2, -0.1, 0.4], "vi": [0.04, 0.02, 0.05, 0.03]}
    >>> before, after = (mo.pool(t, study="trial", measure="HR", method="DL", ci="wald") for t in (old, new))
    >>> update = mo.compare(before, after)
    >>> dict(zip(update["trial"], update["moved"].round(3)))
    {'B': 0.039, 'D': 0.178}
    >>> bool(abs(update["moved"].sum() - (after.estimate - before.estimate)) < 1e-12)
    True
    """
    asked = {"by": by, "measure": measure, "where": where, "method": method, "ci": ci, "prediction": prediction,
             "level": level, "routes": routes, "alone": alone}  # fmt: skip
    given = {name: value for name, value in {"outcome": outcome, **asked, **reading}.items() if value is not None}
    check_asked(outcome, by, measure, where)
    if isinstance(old, Result) or isinstance(new, Result):
        return _results(old, new, given)
    if outcome is None:
        lost = next((name for name in asked if name in given), None)
        if lost:
            raise OptionError(f"{option(lost)} is of a pool: say of which outcome, by {option('outcome', 'os')}.")
        return compare_tables(_rows(old, reading), _rows(new, reading))
    found = analyse(new, outcome=outcome, since=old, **asked, **reading).update  # type: ignore[arg-type]
    assert found is not None  # as there is a table before
    return found


def _results(old: Any, new: Any, given: Mapping[str, Any]) -> UpdateResult:
    for what, thing in (("older", old), ("newer", new)):
        if not isinstance(thing, Result):
            raise DataError(f"a result is compared with a result, and the {what} is {type(thing).__name__}.")
    if given:
        raise OptionError(f"{option(next(iter(given)))} is for tables of evidence; results are compared as they are.")
    return compare_pools(old, new)


def _rows(table: Any, reading: Reading) -> Any:
    """Return a table as it stands, or as it is read from a file or the package."""
    return source_of(table, reading).evidence if isinstance(table, (str, PathLike)) else table
