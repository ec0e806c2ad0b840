"""What readers see of results: one module a kind, and the table that names them. All other modules know no kind.

A kind is loaded when a result of it is first shown, so that a figure of one does not wait for the modules of all.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...errors import DataError
from .kind import Kind as Kind
from .kind import PoolWords as PoolWords

# Class of results in metaonc.analysis -> the module here, and the record in it.
_HOMES = {
    "pooling.inverse_variance.result.MetaResult": "pool.inverse_variance:KIND",
    "pooling.common_effect.result.CommonEffectResult": "pool.common_effect:KIND",
    "pooling.counts.result.CountResult": "pool.counts:KIND",
    "pooling.bayes.pool.BayesResult": "pool.bayes:KIND",
    "pooling.multilevel.result.MultilevelResult": "pool.multilevel:KIND",
    "pooling.subgroups.result.SubgroupResult": "subgroups:KIND",
    "interaction.two_levels_result.InteractionResult": "two_levels:KIND",
    "interaction.several_levels_result.InteractionLevelsResult": "several_levels:KIND",
    "pooling.regression.result.RegressionResult": "regression:KIND",
    "pooling.multivariate.result.MultivariateResult": "multivariate:KIND",
    "sensitivity.permutation_result.PermutationResult": "permutation:KIND",
    "sensitivity.subsets_result.SubsetsResult": "subsets:KIND",
    "survival.curve.result.KaplanMeier": "survival_curves:KIND",
    "survival.cox.result.CoxHazardRatio": "hazard_ratios:COX",
    "survival.cox.fitted.FittedHazardRatio": "hazard_ratios:FITTED",
    "survival.cox.result.CurveHazardRatio": "hazard_ratios:FROM_CURVES",
    "survival.ensembles.hazard_ratio.EnsembleHazardRatio": "hazard_ratios:OF_ENSEMBLE",
}
HOMES = {f"metaonc.analysis.{cls}": home for cls, home in _HOMES.items()}
_registered: dict[type, Kind] = {}


def register(cls: type, kind: Kind) -> None:
    """Say what readers see of results of a class, and of its subclasses that have no kind of their own.

    Parameters
    ----------
    cls
        A class of results, of whatever package: a subclass of ``metaonc.base.result.Result``.
    kind
        Its words, rows, table and figures.

    Examples
    --------
    >>> from metaonc.report.kinds import Kind, kind_of, register
    >>> from metaonc.analysis.pooling.inverse_variance.result import MetaResult
    >>> class Ours(MetaResult):
    ...     pass
    >>> said = lambda result, *_: [f"We pooled {result.k} trials."]
    >>> register(Ours, Kind(verbs="our_pool", methods=said, results=said))
    >>> kind_of(object.__new__(Ours)).verbs
    'our_pool'
    """
    _registered[cls] = kind


def kind_of(result: Any) -> Kind:
    """Return the nearest kind that a result is of.

    Raises
    ------
    DataError
        When it is of none; lists what returns results that are.
    """
    for cls in type(result).__mro__:
        if cls in _registered:
            return _registered[cls]
        home = HOMES.get(f"{cls.__module__}.{cls.__qualname__}")
        if home is not None:
            return _load(home)
    verbs = ", ".join(dict.fromkeys(kind.verbs for kind in kinds()))
    raise DataError(f"a result is wanted, as of {verbs}; this is of type {type(result).__name__}.")


def kinds() -> list[Kind]:
    """Return all kinds there are."""
    return [*map(_load, HOMES.values()), *_registered.values()]


def _load(home: str) -> Kind:
    module, _, name = home.partition(":")
    kind: Kind = getattr(import_module(f"{__name__}.{module}"), name)
    return kind
