"""Which results have words: one record a family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from ...analysis.interaction.several_levels_result import InteractionLevelsResult
from ...analysis.interaction.two_levels_result import InteractionResult
from ...analysis.pooling.multivariate.result import MultivariateResult
from ...analysis.pooling.regression.result import RegressionResult
from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.results.pooled import PooledResult
from ...analysis.sensitivity.permutation_result import PermutationResult
from ...analysis.survival.cox.fitted import FittedHazardRatio
from ...analysis.survival.cox.result import CoxHazardRatio, CurveHazardRatio
from ...analysis.survival.curve.result import KaplanMeier
from ...analysis.survival.ensembles.hazard_ratio import EnsembleHazardRatio
from ...errors import DataError
from . import interactions, multivariate, pool_methods, pool_results, regression, sensitivity, subgroups, survival
from .printer import Printer

Methods = Callable[[Any, list[str], Printer], list[str]]
Results = Callable[[Any, Printer], list[str]]


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a family of results.

    Attributes
    ----------
    verbs
        Functions that return them.
    methods
        (result, references to add to, printer) -> paragraphs of a methods section.
    results
        (result, printer) -> paragraphs of a results section.
    """

    verbs: str
    methods: Methods
    results: Results


KINDS: Mapping[type, Words] = MappingProxyType({
    PooledResult: Words(
        "pool, pool_mantel_haenszel, pool_peto, pool_glmm, pool_beta_binomial, pool_bayes, pool_multilevel",
        pool_methods.methods, pool_results.results),
    SubgroupResult: Words("pool_subgroups", subgroups.methods, subgroups.results),
    InteractionResult: Words("interaction", interactions.methods_of_two, interactions.results_of_two),
    InteractionLevelsResult: Words("interaction", interactions.methods_of_several, interactions.results_of_several),
    RegressionResult: Words("regress", regression.methods, regression.results),
    MultivariateResult: Words("pool_multivariate", multivariate.methods, multivariate.results),
    PermutationResult: Words("sensitivity.permutation_test", sensitivity.permutation_methods,
                             sensitivity.permutation_results),
    pd.DataFrame: Words("sensitivity.leave_one_out, sensitivity.cumulative", sensitivity.subset_methods,
                        sensitivity.subset_results),
    KaplanMeier: Words("survival.kaplan_meier", survival.curve_methods, survival.curve_results),
    CoxHazardRatio: Words("survival.hazard_ratio", survival.cox_methods, survival.cox_results),
    FittedHazardRatio: Words("survival.hazard_ratio", survival.fitted_methods, survival.fitted_results),
    CurveHazardRatio: Words("survival.hazard_ratio_from_curves", survival.ratio_methods, survival.ratio_results),
    EnsembleHazardRatio: Words("survival.hazard_ratio_of_ensemble", survival.ensemble_methods,
                               survival.ensemble_results),
})  # fmt: skip


def words_of(result: Any) -> Words:
    """Return the words of the nearest family that a result is of.

    Raises
    ------
    DataError
        When it is of none; lists what is.
    """
    for kind in type(result).__mro__:
        if kind in KINDS:
            return KINDS[kind]
    verbs = ", ".join(dict.fromkeys(words.verbs for words in KINDS.values()))
    raise DataError(f"no words for the type {type(result).__name__}, but for what these return: {verbs}.")
