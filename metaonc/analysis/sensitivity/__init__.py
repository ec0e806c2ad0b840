"""How far a result rests on single trials and on its assumptions: the names of ``mo.sensitivity``."""

from ...base.lazy import homes_of, lazy

_HOMES = homes_of(
    "metaonc.analysis.sensitivity",
    {
        "all_subsets.gosh": ("gosh",),
        "all_subsets.result": ("GoshResult",),
        "blups.blup": ("blup",),
        "blups.result": ("BlupResult",),
        "case_deletion.influence": ("influence",),
        "case_deletion.result": ("InfluenceResult",),
        "case_deletion.rules": ("INFLUENCE_RULES",),
        "choices.multiverse": ("multiverse",),
        "choices.result": ("MultiverseResult",),
        "event_changes.fragility": ("fragility", "fragility_of_trials"),
        "event_changes.result": ("FragilityResult", "TrialFragilityResult"),
        "event_changes.tests": ("TRIAL_TESTS",),
        "permutation": ("permutation_test",),
        "permutation_result": ("PermutationResult",),
        "subsets": ("cumulative", "leave_one_out"),
        "subsets_result": ("SubsetsResult",),
    },
)

__all__ = [
    "INFLUENCE_RULES",
    "TRIAL_TESTS",
    "BlupResult",
    "FragilityResult",
    "GoshResult",
    "InfluenceResult",
    "MultiverseResult",
    "PermutationResult",
    "SubsetsResult",
    "TrialFragilityResult",
    "blup",
    "cumulative",
    "fragility",
    "fragility_of_trials",
    "gosh",
    "influence",
    "leave_one_out",
    "multiverse",
    "permutation_test",
]
__getattr__, __dir__ = lazy(__name__, _HOMES)
