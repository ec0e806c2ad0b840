"""risk_of_bias: the pool of trials at low risk of bias, of ever more of the others, and the test between levels."""

from __future__ import annotations

import dataclasses
import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.messages.arguments import known_arguments
from ....data.risk_of_bias.assessment import OVERALL, RiskOfBias
from ....errors import DataError, MetaoncError, MetaoncWarning
from ...pooling.subgroups.comparison import compared
from ...pooling.subgroups.result import SubgroupResult
from ...results.inside import no_pool
from ...results.pooled import PooledResult
from ..subset_refits import estimates_of
from .result import RiskOfBiasResult
from .steps import Step, levels_of, steps_of


@known_arguments
def risk_of_bias(result: PooledResult, rob: RiskOfBias, *, domain: str = OVERALL) -> RiskOfBiasResult:
    """Pool the trials at low risk of bias alone, then with ever more of the others, and compare the levels of risk.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Each pool is made by the same model and options as the result. Levels are compared as subgroups, by the test that
    ``pool_subgroups`` states.

    Parameters
    ----------
    result : PooledResult
        What a pooling function returned.
    rob : RiskOfBias
        What ``read_risk_of_bias`` returned; trials are matched by name.
    domain : str, default "overall"
        The judgement by which trials are told apart: ``overall``, or one domain such as ``D2``.

    Returns
    -------
    RiskOfBiasResult
        Its `table` has one row a step: low risk only, with some concerns (moderate, unclear), with high (serious,
        critical), with no information, and all trials, where some are not judged.

    Raises
    ------
    DataError
        When these are of another kind, or no trial of the result is judged.
    OptionError
        A domain that the tool does not have, or an overall judgement that was not made: none is guessed.

    Notes
    -----
    A difference between levels is one between trials: what else differs between them may be its cause, and with few
    trials a level the test finds little. Trials whose domain is not judged are in no step but that of all.

    References
    ----------
    Higgins et al. 2019, Cochrane Handbook for Systematic Reviews of Interventions, 2nd ed., 7.6.2 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": list("ABCD"), "yi": [-0.5, -0.3, -0.4, -0.9], "vi": [0.04, 0.03, 0.05, 0.04]}
    >>> words = ["Low", "Low", "Some concerns", "High"]
    >>> rows = {"Study": list("ABCD"), **{f"D{i}": words for i in range(1, 6)}, "Overall": words}
    >>> rob = mo.read_risk_of_bias(rows, tool="RoB 2")
    >>> r = mo.sensitivity.risk_of_bias(mo.pool(t, study="trial", measure="HR", method="DL", ci="wald"), rob)
    >>> r["step"].tolist(), r["estimate"].round(3).tolist()
    (['Low only', 'Low, some concerns', 'all trials'], [-0.386, -0.389, -0.52])
    """
    if not isinstance(result, PooledResult):
        raise no_pool(result)
    if not isinstance(rob, RiskOfBias):
        raise DataError(f"what read_risk_of_bias returned is wanted, not {type(rob).__name__}.")
    matched = rob.matched(result.studies.labels)
    column = rob.column(domain)
    words = [str(word) for word in rob.judgements(result.studies.labels)[column]]
    levels = levels_of(words, rob.record)
    if not levels:
        raise DataError(f"no trial of the result is judged in {column}.")
    settings = {**result.provenance.settings, "domain": column, "tool": rob.tool}
    return RiskOfBiasResult(
        table=pd.concat([_row(result, step) for step in steps_of(words, rob.record)], ignore_index=True),
        levels=tuple(words),
        by_level=_compared(result, np.array(words), levels, column),
        domain=column,
        assessment=rob,
        whole=result,
        provenance=dataclasses.replace(
            result.provenance,
            verb="sensitivity.risk_of_bias",
            settings=settings,
            notes=(*result.provenance.notes, *rob.notes, *matched),
        ),
    )


def _row(result: PooledResult, step: Step) -> pd.DataFrame:
    """Return the estimates of a step, one row."""
    inside = step.inside
    trials = len({label for label, there in zip(result.studies.labels, inside, strict=True) if there})
    gives = result.model_facts.gives_weights and np.isfinite(result.weights).any()
    share = float(np.nansum(result.weights[inside])) if gives else np.nan
    found = estimates_of(result, inside)
    if inside.sum() == 1:  # one row differs from nothing
        found = found.fillna({"tau2": 0.0, "q": 0.0, "i2": 0.0})
    found.insert(0, "step", step.name)
    return found.assign(trials=trials, k=int(inside.sum()), share=share)


def _compared(result: PooledResult, words: NDArray[Any], levels: list[str], column: str) -> SubgroupResult | None:
    """Return the pools of the levels with the test between them; None where there are not two that can be pooled."""
    judged, by = words != "", f"risk of bias ({column})"
    if len(levels) < 2:
        return None
    data = result.studies.data.assign(**{by: words})  # the column that subgroups are by
    result = dataclasses.replace(result, studies=dataclasses.replace(result.studies, data=data))
    with warnings.catch_warnings():  # what is said of the whole need not be said of each level
        warnings.simplefilter("ignore", MetaoncWarning)
        try:
            groups = {word: result.refit(words == word) for word in levels}
            whole = result if judged.all() else result.refit(judged)
        except MetaoncError:
            return None
    places = {word: tuple(int(i) for i in np.flatnonzero(words == word)) for word in levels}
    return compared(
        groups,
        whole,
        places=places,
        pooled={word: tuple(True for _ in at) for word, at in places.items()},
        model=whole,
        asked={"by": by, "common_tau2": False, "singletons": "keep"},
        provenance=dataclasses.replace(whole.provenance, notes=()),
        split=False,
        caution="",
        independent=result.studies.covariance is None,
    )
