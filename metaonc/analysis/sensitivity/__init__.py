"""How far a result rests on single trials and on its assumptions: the names of ``mo.sensitivity``."""

from ...base.lazy import homes_of, lazy

_HOMES = homes_of(
    "metaonc.analysis.sensitivity",
    {
        "permutation": ("permutation_test",),
        "permutation_result": ("PermutationResult",),
        "subsets": ("cumulative", "leave_one_out"),
        "subsets_result": ("SubsetsResult",),
    },
)

__all__ = [
    "PermutationResult",
    "SubsetsResult",
    "cumulative",
    "leave_one_out",
    "permutation_test",
]
__getattr__, __dir__ = lazy(__name__, _HOMES)
