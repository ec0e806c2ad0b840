"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from .permutation import permutation_test as permutation_test
from .permutation_result import PermutationResult as PermutationResult
from .subsets import cumulative as cumulative
from .subsets import leave_one_out as leave_one_out
from .subsets_result import SubsetsResult as SubsetsResult

__all__ = [
    "PermutationResult",
    "SubsetsResult",
    "cumulative",
    "leave_one_out",
    "permutation_test",
]
