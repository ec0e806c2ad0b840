"""How far a result rests on single trials and on its assumptions."""

from .permutation import permutation_test as permutation_test
from .permutation_result import PermutationResult as PermutationResult
from .subsets import cumulative as cumulative
from .subsets import leave_one_out as leave_one_out

__all__ = ["PermutationResult", "cumulative", "leave_one_out", "permutation_test"]
