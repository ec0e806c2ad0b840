"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from ...base.result import Provenance as Provenance
from ...base.result import Result as Result
from ...data.changes.result import EvidenceChanges as EvidenceChanges
from ...data.curves.arms import ReconstructedArms as ReconstructedArms
from ...data.curves.ensemble import Ensemble as Ensemble
from ...data.curves.reconstruction import Reconstruction as Reconstruction
from ...data.curves.summary import ModelledPatients as ModelledPatients
from ...data.digitize.result import Digitized as Digitized
from ...data.risk_of_bias.assessment import RiskOfBias as RiskOfBias
from ..bias.adjusted.prior_bias_result import BiasAdjustedResult as BiasAdjustedResult
from ..bias.adjusted.result import AdjustedEffect as AdjustedEffect
from ..bias.adjusted.result import LimitResult as LimitResult
from ..bias.adjusted.result import PetPeeseResult as PetPeeseResult
from ..bias.adjusted.trim_fill_result import TrimFillResult as TrimFillResult
from ..bias.asymmetry.rank_result import RankTestResult as RankTestResult
from ..bias.asymmetry.regression_result import RegressionTestResult as RegressionTestResult
from ..bias.copas_model.result import CopasResult as CopasResult
from ..bias.selected import CorrectedEffect as CorrectedEffect
from ..bias.selected import SelectedTrials as SelectedTrials
from ..bias.selection.p_uniform_result import PUniformResult as PUniformResult
from ..bias.selection.result import SelectionResult as SelectionResult
from ..bias.significance.result import ExcessResult as ExcessResult
from ..bias.significance.result import FailSafeResult as FailSafeResult
from ..certainty.absolute_result import AbsoluteEffect as AbsoluteEffect
from ..certainty.certainty_result import CertaintyResult as CertaintyResult
from ..interaction.several_levels_result import InteractionLevelsResult as InteractionLevelsResult
from ..interaction.two_levels_result import InteractionResult as InteractionResult
from ..pooling.bayes.pool import BayesResult as BayesResult
from ..pooling.common_effect.mantel_haenszel import MantelHaenszelResult as MantelHaenszelResult
from ..pooling.common_effect.peto import PetoResult as PetoResult
from ..pooling.common_effect.result import CommonEffectResult as CommonEffectResult
from ..pooling.counts.result import BetaBinomialResult as BetaBinomialResult
from ..pooling.counts.result import CountResult as CountResult
from ..pooling.counts.result import GlmmResult as GlmmResult
from ..pooling.inverse_variance.result import MetaResult as MetaResult
from ..pooling.multilevel.regression_result import MultilevelRegressionResult as MultilevelRegressionResult
from ..pooling.multilevel.result import MultilevelResult as MultilevelResult
from ..pooling.multivariate.result import MultivariateResult as MultivariateResult
from ..pooling.regression.result import RegressionResult as RegressionResult
from ..pooling.subgroups.result import SubgroupResult as SubgroupResult
from ..robustness.result import RobustnessResult as RobustnessResult
from ..sensitivity.all_subsets.result import GoshResult as GoshResult
from ..sensitivity.bias_levels.result import RiskOfBiasResult as RiskOfBiasResult
from ..sensitivity.blups.result import BlupResult as BlupResult
from ..sensitivity.case_deletion.result import InfluenceResult as InfluenceResult
from ..sensitivity.choices.result import MultiverseResult as MultiverseResult
from ..sensitivity.event_changes.result import FragilityResult as FragilityResult
from ..sensitivity.event_changes.result import TrialFragilityResult as TrialFragilityResult
from ..sensitivity.monitoring.over_cuts_result import OverCutsResult as OverCutsResult
from ..sensitivity.monitoring.result import MonitoringResult as MonitoringResult
from ..sensitivity.overturning.e_value_result import EValueResult as EValueResult
from ..sensitivity.overturning.tipping_result import TippingPointResult as TippingPointResult
from ..sensitivity.permutation_result import PermutationResult as PermutationResult
from ..sensitivity.resampling.result import BootstrapResult as BootstrapResult
from ..sensitivity.several_left_out.result import LeaveKOutResult as LeaveKOutResult
from ..sensitivity.subsets_result import SubsetsResult as SubsetsResult
from ..simulation.plan_result import PlanResult as PlanResult
from ..simulation.result import SimulationResult as SimulationResult
from ..survival.comparison import LogRankTest as LogRankTest
from ..survival.cox.bounded import BoundedHazardRatio as BoundedHazardRatio
from ..survival.cox.fitted import FittedHazardRatio as FittedHazardRatio
from ..survival.cox.model import CoxModelResult as CoxModelResult
from ..survival.cox.ph_test import PhTestResult as PhTestResult
from ..survival.cox.result import CoxHazardRatio as CoxHazardRatio
from ..survival.cox.result import CurveHazardRatio as CurveHazardRatio
from ..survival.cox.result import LogHazardRatio as LogHazardRatio
from ..survival.cox.result import TwoArmHazardRatio as TwoArmHazardRatio
from ..survival.curve.result import KaplanMeier as KaplanMeier
from ..survival.ensembles.combine import Combined as Combined
from ..survival.ensembles.hazard_ratio import EnsembleHazardRatio as EnsembleHazardRatio
from ..survival.models.comparison import ModelComparison as ModelComparison
from ..survival.models.result import SurvivalModelResult as SurvivalModelResult
from ..survival.pairwise import PairwiseHazardRatios as PairwiseHazardRatios
from ..survival.published import PublishedCheck as PublishedCheck
from ..survival.reverse import FollowUpResult as FollowUpResult
from ..survival.two_arms.estimates import TimesResult as TimesResult
from ..survival.two_arms.milestone import MilestoneResult as MilestoneResult
from ..survival.two_arms.rmst import RmstResult as RmstResult
from ..survival.two_arms.weighted import WeightedLogRankResult as WeightedLogRankResult
from ..synthesis.curves.curve import PooledCurve as PooledCurve
from ..synthesis.curves.result import PooledCurves as PooledCurves
from ..synthesis.flexible.result import FlexibleResult as FlexibleResult
from ..synthesis.medians.result import PooledMedians as PooledMedians
from ..synthesis.mixed.result import MixedPool as MixedPool
from ..synthesis.one_stage.frailty_result import FrailtyPool as FrailtyPool
from ..synthesis.one_stage.interaction import IpdInteraction as IpdInteraction
from ..synthesis.one_stage.result import IpdPool as IpdPool
from ..synthesis.rmst.by_trial_result import RmstByTrial as RmstByTrial
from ..synthesis.rmst.result import PooledRmstResult as PooledRmstResult
from ..synthesis.time_varying.result import TimeVaryingResult as TimeVaryingResult
from ..updates.result import UpdateResult as UpdateResult
from .pooled import PooledResult as PooledResult
from .reading import from_dict as from_dict
from .reading import from_json as from_json
from .studies import LeftOut as LeftOut
from .studies import Studies as Studies

__all__ = [
    "AbsoluteEffect",
    "AdjustedEffect",
    "BayesResult",
    "BetaBinomialResult",
    "BiasAdjustedResult",
    "BlupResult",
    "BootstrapResult",
    "BoundedHazardRatio",
    "CertaintyResult",
    "Combined",
    "CommonEffectResult",
    "CopasResult",
    "CorrectedEffect",
    "CountResult",
    "CoxHazardRatio",
    "CoxModelResult",
    "CurveHazardRatio",
    "Digitized",
    "EValueResult",
    "Ensemble",
    "EnsembleHazardRatio",
    "EvidenceChanges",
    "ExcessResult",
    "FailSafeResult",
    "FittedHazardRatio",
    "FlexibleResult",
    "FollowUpResult",
    "FragilityResult",
    "FrailtyPool",
    "GlmmResult",
    "GoshResult",
    "InfluenceResult",
    "InteractionLevelsResult",
    "InteractionResult",
    "IpdInteraction",
    "IpdPool",
    "KaplanMeier",
    "LeaveKOutResult",
    "LeftOut",
    "LimitResult",
    "LogHazardRatio",
    "LogRankTest",
    "MantelHaenszelResult",
    "MetaResult",
    "MilestoneResult",
    "MixedPool",
    "ModelComparison",
    "ModelledPatients",
    "MonitoringResult",
    "MultilevelRegressionResult",
    "MultilevelResult",
    "MultivariateResult",
    "MultiverseResult",
    "OverCutsResult",
    "PUniformResult",
    "PairwiseHazardRatios",
    "PermutationResult",
    "PetPeeseResult",
    "PetoResult",
    "PhTestResult",
    "PlanResult",
    "PooledCurve",
    "PooledCurves",
    "PooledMedians",
    "PooledResult",
    "PooledRmstResult",
    "Provenance",
    "PublishedCheck",
    "RankTestResult",
    "ReconstructedArms",
    "Reconstruction",
    "RegressionResult",
    "RegressionTestResult",
    "Result",
    "RiskOfBias",
    "RiskOfBiasResult",
    "RmstByTrial",
    "RmstResult",
    "RobustnessResult",
    "SelectedTrials",
    "SelectionResult",
    "SimulationResult",
    "Studies",
    "SubgroupResult",
    "SubsetsResult",
    "SurvivalModelResult",
    "TimeVaryingResult",
    "TimesResult",
    "TippingPointResult",
    "TrialFragilityResult",
    "TrimFillResult",
    "TwoArmHazardRatio",
    "UpdateResult",
    "WeightedLogRankResult",
    "from_dict",
    "from_json",
]
