"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from .selection.p_uniform import p_uniform as p_uniform
from .selection.p_uniform_result import PUniformResult as PUniformResult
from .selection.result import SelectionResult as SelectionResult
from .selection.selection_model import selection_model as selection_model
from .selection.weight_functions import WEIGHT_FUNCTIONS as WEIGHT_FUNCTIONS

__all__ = [
    "WEIGHT_FUNCTIONS",
    "PUniformResult",
    "SelectionResult",
    "p_uniform",
    "selection_model",
]
