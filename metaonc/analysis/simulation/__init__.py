"""Trials by simulation, and how methods of analysis perform on them: the names of ``mo.simulation``."""

from ...base.lazy import homes_of, lazy

_HOMES = homes_of(
    "metaonc.analysis.simulation",
    {
        "analyses.counts": ("PoolBayes", "PoolGlmm"),
        "analyses.effects": ("Pool",),
        "analyses.subgroups": ("BetweenSubgroups", "WithinTrials"),
        "scenarios.effects": ("EffectTrials",),
        "scenarios.grid": ("grid",),
        "scenarios.heterogeneity": ("HETEROGENEITY",),
        "scenarios.responses": ("ResponseTrials",),
        "scenarios.survival": ("PatientTimes", "SurvivalTrials"),
        "result": ("SimulationResult",),
        "scenarios.simulated": ("Simulated",),
        "studies": ("study",),
    },
)

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
__getattr__, __dir__ = lazy(__name__, _HOMES)
