"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from .analyses.counts import PoolBayes as PoolBayes
from .analyses.counts import PoolGlmm as PoolGlmm
from .analyses.effects import Pool as Pool
from .analyses.subgroups import BetweenSubgroups as BetweenSubgroups
from .analyses.subgroups import WithinTrials as WithinTrials
from .result import SimulationResult as SimulationResult
from .scenarios.effects import EffectTrials as EffectTrials
from .scenarios.grid import grid as grid
from .scenarios.heterogeneity import HETEROGENEITY as HETEROGENEITY
from .scenarios.responses import ResponseTrials as ResponseTrials
from .scenarios.simulated import Simulated as Simulated
from .scenarios.survival import PatientTimes as PatientTimes
from .scenarios.survival import SurvivalTrials as SurvivalTrials
from .studies import study as study

__all__ = [
    "HETEROGENEITY",
    "BetweenSubgroups",
    "EffectTrials",
    "PatientTimes",
    "Pool",
    "PoolBayes",
    "PoolGlmm",
    "ResponseTrials",
    "Simulated",
    "SimulationResult",
    "SurvivalTrials",
    "WithinTrials",
    "grid",
    "study",
]
