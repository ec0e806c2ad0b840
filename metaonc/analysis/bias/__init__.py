"""Whether trials are missing, and what the pool would be with them: the names of ``mo.bias``."""

from ...base.lazy import homes_of, lazy

_HOMES = homes_of(
    "metaonc.analysis.bias",
    {
        "selection.p_uniform": ("p_uniform",),
        "selection.p_uniform_result": ("PUniformResult",),
        "selection.result": ("SelectionResult",),
        "selection.selection_model": ("selection_model",),
        "selection.weight_functions": ("WEIGHT_FUNCTIONS",),
    },
)

__all__ = [
    "WEIGHT_FUNCTIONS",
    "PUniformResult",
    "SelectionResult",
    "p_uniform",
    "selection_model",
]
__getattr__, __dir__ = lazy(__name__, _HOMES)
