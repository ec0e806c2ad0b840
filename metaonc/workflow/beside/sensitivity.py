"""How far the pool of an analysis hangs on single trials, and whether small trials differ from large ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...base.messages.advice import option
from ...base.words import plural
from ...errors import OptionError
from ..analysis import Analysis, overall_of

if TYPE_CHECKING:
    from ...analysis.bias.adjusted.trim_fill_result import TrimFillResult
    from ...analysis.bias.asymmetry.regression_result import RegressionTestResult
    from ...analysis.pooling.inverse_variance.result import MetaResult
    from ...analysis.sensitivity.subsets_result import SubsetsResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """Results on the pool of all; None of what was not asked for.

    Attributes
    ----------
    subsets
        The pool without each trial.
    asymmetry, filled
        The test of asymmetry of the funnel, and the pool with trials filled in.
    """

    subsets: SubsetsResult | None = None
    asymmetry: RegressionTestResult | None = None
    filled: TrimFillResult | None = None

    @property
    def results(self) -> dict[str, Any]:
        """The results by their headings in a report."""
        each = {
            "Leaving one trial out": self.subsets,
            "Asymmetry of the funnel": self.asymmetry,
            "Trim and fill": self.filled,
        }
        return {heading: result for heading, result in each.items() if result is not None}


def sensitivity(analysis: Analysis, *, leave_one_out: bool = False, bias: str | None = None) -> Sensitivity:
    """Return what the pool of all comes to without each trial, and what its funnel shows.

    Parameters
    ----------
    analysis
        What `analyse` returned.
    leave_one_out
        Whether each trial is left out in turn.
    bias
        A code of ``mo.bias.REGRESSION_TESTS``, or "default": the test that the measure has of its own, where the counts
        it takes are known (odds ratios: Harbord's), else Egger's. None for no test, and no trim and fill.

    Raises
    ------
    DataError
        As ``sensitivity.leave_one_out``, ``bias.regression_test`` and ``bias.trim_fill``.
    OptionError
        A test that does not exist, or that is not for the measure; a test of rates, which are pooled by a model of
        their counts.
    """
    pool = overall_of(analysis.result)
    found: dict[str, Any] = {}
    if leave_one_out:
        from ...analysis.sensitivity.subsets import leave_one_out as each_left_out

        found["subsets"] = each_left_out(pool)
    if bias is not None:
        from ...analysis.bias.adjusted.trim_fill import trim_fill
        from ...analysis.bias.asymmetry.regression_test import regression_test
        from ...analysis.pooling.inverse_variance.result import MetaResult

        if not isinstance(pool, MetaResult):
            raise OptionError(
                f"{option('bias')} is of pools of effects, and {plural(pool.record.natural)} are pooled by a model of "
                f"their counts: leave {option('bias')} out."
            )
        found["asymmetry"] = regression_test(pool, test=_default(pool) if bias == "default" else bias)
        found["filled"] = trim_fill(pool)
    return Sensitivity(**found)


def _default(pool: MetaResult) -> str:
    from ...analysis.robustness.robustness import TESTS

    own = TESTS.get(pool.measure)
    return own if own is not None and pool.studies.counts("events_t") is not None else "egger"
