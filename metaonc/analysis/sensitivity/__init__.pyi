"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from .all_subsets.gosh import gosh as gosh
from .all_subsets.result import GoshResult as GoshResult
from .bias_levels.result import RiskOfBiasResult as RiskOfBiasResult
from .bias_levels.risk_of_bias import risk_of_bias as risk_of_bias
from .blups.blup import blup as blup
from .blups.result import BlupResult as BlupResult
from .case_deletion.influence import influence as influence
from .case_deletion.result import InfluenceResult as InfluenceResult
from .case_deletion.rules import INFLUENCE_RULES as INFLUENCE_RULES
from .choices.multiverse import multiverse as multiverse
from .choices.result import MultiverseResult as MultiverseResult
from .event_changes.fragility import fragility as fragility
from .event_changes.fragility import fragility_of_trials as fragility_of_trials
from .event_changes.result import FragilityResult as FragilityResult
from .event_changes.result import TrialFragilityResult as TrialFragilityResult
from .event_changes.tests import TRIAL_TESTS as TRIAL_TESTS
from .monitoring.monitor import monitor as monitor
from .monitoring.result import MonitoringResult as MonitoringResult
from .overturning.e_value import e_value as e_value
from .overturning.e_value_result import EValueResult as EValueResult
from .overturning.tipping_point import tipping_point as tipping_point
from .overturning.tipping_result import TippingPointResult as TippingPointResult
from .permutation import permutation_test as permutation_test
from .permutation_result import PermutationResult as PermutationResult
from .resampling.bootstrap import bootstrap as bootstrap
from .resampling.result import BootstrapResult as BootstrapResult
from .several_left_out.leave_k_out import leave_k_out as leave_k_out
from .several_left_out.result import LeaveKOutResult as LeaveKOutResult
from .subsets import cumulative as cumulative
from .subsets import leave_one_out as leave_one_out
from .subsets_result import SubsetsResult as SubsetsResult

__all__ = [
    "INFLUENCE_RULES",
    "TRIAL_TESTS",
    "BlupResult",
    "BootstrapResult",
    "EValueResult",
    "FragilityResult",
    "GoshResult",
    "InfluenceResult",
    "LeaveKOutResult",
    "MonitoringResult",
    "MultiverseResult",
    "PermutationResult",
    "RiskOfBiasResult",
    "SubsetsResult",
    "TippingPointResult",
    "TrialFragilityResult",
    "blup",
    "bootstrap",
    "cumulative",
    "e_value",
    "fragility",
    "fragility_of_trials",
    "gosh",
    "influence",
    "leave_k_out",
    "leave_one_out",
    "monitor",
    "multiverse",
    "permutation_test",
    "risk_of_bias",
    "tipping_point",
]
