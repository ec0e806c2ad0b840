"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from .adjusted.limit import limit_meta_analysis as limit_meta_analysis
from .adjusted.pet_peese import pet_peese as pet_peese
from .adjusted.prior_bias import bias_adjusted as bias_adjusted
from .adjusted.trim_fill import trim_fill as trim_fill
from .asymmetry.named import begg as begg
from .asymmetry.named import egger as egger
from .asymmetry.named import harbord as harbord
from .asymmetry.named import peters as peters
from .asymmetry.predictors import PREDICTORS as PREDICTORS
from .asymmetry.rank_test import RANK_TESTS as RANK_TESTS
from .asymmetry.rank_test import rank_test as rank_test
from .asymmetry.regression_test import regression_test as regression_test
from .asymmetry.tests import REGRESSION_TESTS as REGRESSION_TESTS
from .copas_model.copas import copas as copas
from .selection.p_uniform import p_uniform as p_uniform
from .selection.selection_model import selection_model as selection_model
from .selection.weight_functions import WEIGHT_FUNCTIONS as WEIGHT_FUNCTIONS
from .significance.excess import excess_significance as excess_significance
from .significance.fail_safe import fail_safe_n as fail_safe_n

__all__ = [
    "PREDICTORS",
    "RANK_TESTS",
    "REGRESSION_TESTS",
    "WEIGHT_FUNCTIONS",
    "begg",
    "bias_adjusted",
    "copas",
    "egger",
    "excess_significance",
    "fail_safe_n",
    "harbord",
    "limit_meta_analysis",
    "p_uniform",
    "pet_peese",
    "peters",
    "rank_test",
    "regression_test",
    "selection_model",
    "trim_fill",
]
