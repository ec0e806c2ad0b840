"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from .blups.blup import blup as blup
from .blups.result import BlupResult as BlupResult
from .case_deletion.influence import influence as influence
from .case_deletion.result import InfluenceResult as InfluenceResult
from .case_deletion.rules import INFLUENCE_RULES as INFLUENCE_RULES
from .permutation import permutation_test as permutation_test
from .permutation_result import PermutationResult as PermutationResult
from .subsets import cumulative as cumulative
from .subsets import leave_one_out as leave_one_out
from .subsets_result import SubsetsResult as SubsetsResult

__all__ = [
    "INFLUENCE_RULES",
    "BlupResult",
    "InfluenceResult",
    "PermutationResult",
    "SubsetsResult",
    "blup",
    "cumulative",
    "influence",
    "leave_one_out",
    "permutation_test",
]
