"""robustness: what moves the conclusion of a pool, and what does not."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable
from typing import Any

from ...base.messages.arguments import known_arguments
from ...errors import DataError, MetaoncError, MetaoncWarning
from ..bias.asymmetry.regression_result import RegressionTestResult
from ..bias.asymmetry.regression_test import regression_test
from ..bias.cautions import FEWEST
from ..pooling.inverse_variance.result import MetaResult
from ..results.inside import pool_in
from ..results.pooled import PooledResult
from ..sensitivity.all_subsets.gosh import gosh
from ..sensitivity.case_deletion.influence import influence
from ..sensitivity.choices.counts.multiverse import KINDS
from ..sensitivity.choices.multiverse import multiverse
from ..sensitivity.conclusions import null_on_analysis
from ..sensitivity.event_changes.fragility import fragility
from ..sensitivity.overturning.e_value import CONVERSIONS, e_value
from ..sensitivity.overturning.tipping_point import tipping_point
from ..sensitivity.refits import can_refit, refuse_correlated
from ..sensitivity.several_left_out.leave_k_out import leave_k_out
from .result import RobustnessResult

EXACT = 13  # trials up to which all subsets are pooled
SUBSETS = 5000  # drawn of more
SEED = 1  # of these, so that the same pool always gives the same page
LEAST = 3  # trials
COUNTED = ("OR", "RR", "RD")
TESTS = {"OR": "harbord", "PETO": "harbord"}  # of asymmetry; of other measures Egger's
FEW = f"fewer than {FEWEST} trials: asymmetry cannot be told from chance"
ONE_ARM = "the standard error of such an effect depends on the effect itself: asymmetry would say little"
NOT_COUNTED = "it is of odds ratios, risk ratios and risk differences of counted events"
NO_RATIO = "it is of hazard, odds, risk and rate ratios"
OF_EFFECTS = "it is of pools of effects; ask it of pool(effect_sizes(...))"
NO_LINE = "there is no line of no effect, and no benchmark was given"


@known_arguments
def robustness(result: PooledResult, *, benchmark: float | None = None) -> RobustnessResult:
    """Ask all that can be asked of a pool's conclusion, and say in plain words what moves it and what does not.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Each trial left out, each pair of them, influence, pools of all subsets (GOSH; of more than 13 trials of 5000 random
    ones), the multiverse of estimators or models, intervals and single trials left out, small-study effects (of ten
    trials or more, where a test says something), a further trial, fragility, and the E-value.

    Parameters
    ----------
    result : PooledResult
        What ``pool``, ``pool_mantel_haenszel``, ``pool_peto``, ``pool_glmm`` or ``pool_beta_binomial`` returned, of
        three trials or more.
    benchmark : float, optional
        What intervals are compared with, on the natural scale, such as 0.2 of a response rate; no effect when not
        given.

    Returns
    -------
    RobustnessResult
        Its parts are results of their own; printed, it is one page. ``mo.plot.robustness`` draws four figures of it.

    Raises
    ------
    DataError
        When `result` is of another kind, or of fewer than three trials.
    OptionError
        A result with ``HC`` intervals, GENQ weights or correlated sampling errors.

    Notes
    -----
    The E-value is that of a common outcome, which is the smaller one. The multiverse of a pool of counts is one of
    models; its subsets, small-study effects, further trial and fragility are not asked. What cannot be asked of a pool
    is listed with the reason.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": list("ABCDE"), "yi": [-0.5, -0.3, -0.4, -0.2, 0.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06]}
    >>> r = mo.robustness(mo.pool(t, study="trial", measure="HR", ci="wald"))
    >>> r.table[["check", "verdict"]].head(2).values.tolist()
    [['single trials', 'holds'], ['pairs of trials', 'moves']]
    """
    result = pool_in(result)
    if isinstance(result, MetaResult):
        can_refit(result.ci, result.method, "other pools of its trials")
        refuse_correlated(result, "other pools of its trials")
    elif not isinstance(result, KINDS):
        raise DataError(
            f"a result of pool is wanted, or of a pool of counts, not {type(result).__name__}: of other pools ask "
            "sensitivity.leave_one_out and sensitivity.influence, or pool the effects of effect_sizes by pool."
        )
    if len(set(result.row_units)) < LEAST:
        raise DataError(f"robustness is asked of {LEAST} trials or more; this pool has {len(set(result.row_units))}.")
    null = null_on_analysis(result, benchmark)
    skipped: dict[str, str] = {}

    def asked(name: str, why_not: str, make: Callable[[], Any]) -> Any:
        if why_not:
            skipped[name] = why_not
            return None
        with warnings.catch_warnings():  # what is said of the pool need not be said again
            warnings.simplefilter("ignore", MetaoncWarning)
            try:
                return make()
            except MetaoncError as problem:
                skipped[name] = str(problem).rstrip(".")
                return None

    of_effects = "" if isinstance(result, MetaResult) else OF_EFFECTS
    effects: Any = result  # what is asked of pools of effects alone is not reached by others
    of_ratio = result.measure in CONVERSIONS
    parts = {
        "single": asked("single trials", "", lambda: leave_k_out(result, k=1, benchmark=benchmark)),
        "pairs": asked("pairs of trials", "", lambda: leave_k_out(result, k=2, benchmark=benchmark)),
        "influence": asked("influence", "", lambda: influence(result)),
        "gosh": asked("subsets", of_effects, lambda: gosh(effects, **_drawn(result))),
        "multiverse": asked("choices", "", lambda: multiverse(
            result, exclude={"one trial": 1}, benchmark=benchmark)),
        "small_study": asked("small-study effects", untestable(result) or of_effects, lambda: asymmetry(result)),
        "tipping_point": asked("a further trial", NO_LINE if null is None else of_effects,
                               lambda: tipping_point(effects, benchmark=benchmark)),
        "fragility": asked("fragility", _uncounted(result) or of_effects, lambda: fragility(effects)),
        "e_value": asked("confounding", "" if of_ratio else NO_RATIO,
                         lambda: e_value(result, rare=False)),
    }  # fmt: skip
    settings = {**result.provenance.settings, "benchmark": benchmark}
    return RobustnessResult(
        **parts,
        skipped=skipped,
        benchmark=null,
        whole=result,
        provenance=dataclasses.replace(result.provenance, verb="robustness", settings=settings, notes=()),
    )


def _drawn(result: PooledResult) -> dict[str, int]:
    """Return which subsets are pooled: all of few trials."""
    return {} if result.k <= EXACT else {"subsets": SUBSETS, "seed": SEED}


def _uncounted(result: PooledResult) -> str:
    """Return why there is no fragility index; empty where there is."""
    counted = result.measure in COUNTED or (result.measure == "PETO" and result.model_facts.pools_counts)
    return "" if counted else NOT_COUNTED


def untestable(result: PooledResult) -> str:
    """Return why asymmetry is not tested; empty where it is."""
    return FEW if result.k < FEWEST else ONE_ARM if result.record.null is None else ""


def asymmetry(result: Any) -> RegressionTestResult:
    """Return the test of asymmetry that a measure allows; Egger's in a mixed model, as trials differ."""
    if result.measure in TESTS:
        return regression_test(result, test=TESTS[result.measure])
    return regression_test(result, test="egger", model="random")
