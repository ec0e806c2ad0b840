"""Small-study effects, and what may be behind them: the names of ``mo.bias``."""

from ...base.lazy import homes_of, lazy

_HOMES = homes_of(
    "metaonc.analysis.bias",
    {
        "asymmetry.tests": ("REGRESSION_TESTS",),
        "asymmetry.predictors": ("PREDICTORS",),
        "asymmetry.regression_test": ("regression_test",),
        "asymmetry.rank_test": ("RANK_TESTS", "rank_test"),
        "asymmetry.named": ("begg", "egger", "harbord", "peters"),
        "adjusted.prior_bias": ("bias_adjusted",),
        "adjusted.trim_fill": ("trim_fill",),
        "adjusted.pet_peese": ("pet_peese",),
        "adjusted.limit": ("limit_meta_analysis",),
        "copas_model.copas": ("copas",),
        "selection.p_uniform": ("p_uniform",),
        "selection.selection_model": ("selection_model",),
        "selection.weight_functions": ("WEIGHT_FUNCTIONS",),
        "significance.excess": ("excess_significance",),
        "significance.fail_safe": ("fail_safe_n",),
    },
)

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
__getattr__, __dir__ = lazy(__name__, _HOMES)
