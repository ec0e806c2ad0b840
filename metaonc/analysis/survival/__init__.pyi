"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from ..synthesis.curves.curve import PooledCurve as PooledCurve
from ..synthesis.curves.pool import pool_curves as pool_curves
from ..synthesis.curves.result import PooledCurves as PooledCurves
from ..synthesis.medians.landmark import pool_landmark as pool_landmark
from ..synthesis.medians.pool import pool_medians as pool_medians
from ..synthesis.medians.result import PooledMedians as PooledMedians
from ..synthesis.mixed.pool import pool_mixed as pool_mixed
from ..synthesis.mixed.result import MixedPool as MixedPool
from ..synthesis.one_stage.frailty import FrailtyPool as FrailtyPool
from ..synthesis.one_stage.frailty import pool_frailty as pool_frailty
from ..synthesis.one_stage.interaction import IpdInteraction as IpdInteraction
from ..synthesis.one_stage.interaction import ipd_interaction as ipd_interaction
from ..synthesis.one_stage.pool import pool_ipd as pool_ipd
from ..synthesis.one_stage.result import IpdPool as IpdPool
from .comparison import LogRankTest as LogRankTest
from .comparison import log_rank as log_rank
from .comparison import pairwise_hazard_ratios as pairwise_hazard_ratios
from .cox.fitted import FittedHazardRatio as FittedHazardRatio
from .cox.hazard_ratio import hazard_ratio as hazard_ratio
from .cox.result import CoxHazardRatio as CoxHazardRatio
from .cox.result import CurveHazardRatio as CurveHazardRatio
from .curve.curve import Curve as Curve
from .curve.estimate import kaplan_meier as kaplan_meier
from .curve.result import KaplanMeier as KaplanMeier
from .ensembles.combine import Combined as Combined
from .ensembles.combine import combine as combine
from .ensembles.hazard_ratio import EnsembleHazardRatio as EnsembleHazardRatio
from .ensembles.hazard_ratio import hazard_ratio_of_ensemble as hazard_ratio_of_ensemble
from .from_curves.hazard_ratio import hazard_ratio_from_curves as hazard_ratio_from_curves
from .published import PublishedCheck as PublishedCheck
from .published import check_published as check_published

__all__ = [
    "Combined",
    "CoxHazardRatio",
    "Curve",
    "CurveHazardRatio",
    "EnsembleHazardRatio",
    "FittedHazardRatio",
    "FrailtyPool",
    "IpdInteraction",
    "IpdPool",
    "KaplanMeier",
    "LogRankTest",
    "MixedPool",
    "PooledCurve",
    "PooledCurves",
    "PooledMedians",
    "PublishedCheck",
    "check_published",
    "combine",
    "hazard_ratio",
    "hazard_ratio_from_curves",
    "hazard_ratio_of_ensemble",
    "ipd_interaction",
    "kaplan_meier",
    "log_rank",
    "pairwise_hazard_ratios",
    "pool_curves",
    "pool_frailty",
    "pool_ipd",
    "pool_landmark",
    "pool_medians",
    "pool_mixed",
]
