"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from ..synthesis.curves.curve import PooledCurve as PooledCurve
from ..synthesis.curves.pool import pool_curves as pool_curves
from ..synthesis.curves.result import PooledCurves as PooledCurves
from ..synthesis.flexible.pool import pool_flexible as pool_flexible
from ..synthesis.flexible.result import FlexibleResult as FlexibleResult
from ..synthesis.medians.landmark import pool_landmark as pool_landmark
from ..synthesis.medians.pool import pool_medians as pool_medians
from ..synthesis.medians.result import PooledMedians as PooledMedians
from ..synthesis.mixed.pool import pool_mixed as pool_mixed
from ..synthesis.mixed.result import MixedPool as MixedPool
from ..synthesis.one_stage.frailty import pool_frailty as pool_frailty
from ..synthesis.one_stage.frailty_result import FrailtyPool as FrailtyPool
from ..synthesis.one_stage.interaction import IpdInteraction as IpdInteraction
from ..synthesis.one_stage.interaction import ipd_interaction as ipd_interaction
from ..synthesis.one_stage.pool import pool_ipd as pool_ipd
from ..synthesis.one_stage.result import IpdPool as IpdPool
from ..synthesis.rmst.by_trial import rmst_by_trial as rmst_by_trial
from ..synthesis.rmst.by_trial_result import RmstByTrial as RmstByTrial
from ..synthesis.rmst.pool import pool_rmst as pool_rmst
from ..synthesis.rmst.result import PooledRmstResult as PooledRmstResult
from ..synthesis.time_varying.pool import pool_time_varying as pool_time_varying
from ..synthesis.time_varying.result import TimeVaryingResult as TimeVaryingResult
from .comparison import LogRankTest as LogRankTest
from .comparison import log_rank as log_rank
from .cox.bounded import BoundedHazardRatio as BoundedHazardRatio
from .cox.fitted import FittedHazardRatio as FittedHazardRatio
from .cox.hazard_ratio import hazard_ratio as hazard_ratio
from .cox.model import CoxModelResult as CoxModelResult
from .cox.model import cox_model as cox_model
from .cox.ph_test import PhTestResult as PhTestResult
from .cox.ph_test import ph_test as ph_test
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
from .models.compare import compare_models as compare_models
from .models.comparison import ModelComparison as ModelComparison
from .models.cure import cure_model as cure_model
from .models.distribution import parametric as parametric
from .models.result import SurvivalModelResult as SurvivalModelResult
from .models.spline import royston_parmar as royston_parmar
from .pairwise import PairwiseHazardRatios as PairwiseHazardRatios
from .pairwise import pairwise_hazard_ratios as pairwise_hazard_ratios
from .published import PublishedCheck as PublishedCheck
from .published import check_published as check_published
from .reverse import FollowUpResult as FollowUpResult
from .reverse import follow_up as follow_up
from .two_arms.milestone import MilestoneResult as MilestoneResult
from .two_arms.milestone import milestone as milestone
from .two_arms.rmst import RmstResult as RmstResult
from .two_arms.rmst import rmst as rmst
from .two_arms.weighted import WeightedLogRankResult as WeightedLogRankResult
from .two_arms.weighted import max_combo as max_combo
from .two_arms.weighted import weighted_log_rank as weighted_log_rank

__all__ = [
    "BoundedHazardRatio",
    "Combined",
    "CoxHazardRatio",
    "CoxModelResult",
    "Curve",
    "CurveHazardRatio",
    "EnsembleHazardRatio",
    "FittedHazardRatio",
    "FlexibleResult",
    "FollowUpResult",
    "FrailtyPool",
    "IpdInteraction",
    "IpdPool",
    "KaplanMeier",
    "LogRankTest",
    "MilestoneResult",
    "MixedPool",
    "ModelComparison",
    "PairwiseHazardRatios",
    "PhTestResult",
    "PooledCurve",
    "PooledCurves",
    "PooledMedians",
    "PooledRmstResult",
    "PublishedCheck",
    "RmstByTrial",
    "RmstResult",
    "SurvivalModelResult",
    "TimeVaryingResult",
    "WeightedLogRankResult",
    "check_published",
    "combine",
    "compare_models",
    "cox_model",
    "cure_model",
    "follow_up",
    "hazard_ratio",
    "hazard_ratio_from_curves",
    "hazard_ratio_of_ensemble",
    "ipd_interaction",
    "kaplan_meier",
    "log_rank",
    "max_combo",
    "milestone",
    "pairwise_hazard_ratios",
    "parametric",
    "ph_test",
    "pool_curves",
    "pool_flexible",
    "pool_frailty",
    "pool_ipd",
    "pool_landmark",
    "pool_medians",
    "pool_mixed",
    "pool_rmst",
    "pool_time_varying",
    "rmst",
    "rmst_by_trial",
    "royston_parmar",
    "weighted_log_rank",
]
