"""Survival of patients and curves: the names of ``mo.survival``."""

from ...base.lazy import homes_of, lazy

_HOMES = homes_of(
    "metaonc.analysis.survival",
    {
        "comparison": ("LogRankTest", "log_rank", "pairwise_hazard_ratios"),
        "cox.fitted": ("FittedHazardRatio",),
        "cox.hazard_ratio": ("hazard_ratio",),
        "cox.result": ("CoxHazardRatio", "CurveHazardRatio"),
        "curve.curve": ("Curve",),
        "curve.estimate": ("kaplan_meier",),
        "curve.result": ("KaplanMeier",),
        "ensembles.combine": ("Combined", "combine"),
        "ensembles.hazard_ratio": ("EnsembleHazardRatio", "hazard_ratio_of_ensemble"),
        "from_curves.hazard_ratio": ("hazard_ratio_from_curves",),
        "published": ("PublishedCheck", "check_published"),
    },
) | homes_of(
    "metaonc.analysis.synthesis",
    {
        "curves.pool": ("pool_curves",),
        "curves.result": ("PooledCurves",),
        "curves.curve": ("PooledCurve",),
        "medians.landmark": ("pool_landmark",),
        "medians.pool": ("pool_medians",),
        "medians.result": ("PooledMedians",),
        "one_stage.pool": ("pool_ipd",),
        "one_stage.frailty": ("FrailtyPool", "pool_frailty"),
        "one_stage.interaction": ("IpdInteraction", "ipd_interaction"),
        "one_stage.result": ("IpdPool",),
    },
)

__all__ = [
    "Combined",
    "CoxHazardRatio",
    "Curve",
    "CurveHazardRatio",
    "EnsembleHazardRatio",
    "FittedHazardRatio",
    "FrailtyPool",
    "IpdInteraction",
    "IpdPool",
    "KaplanMeier",
    "LogRankTest",
    "PooledCurve",
    "PooledCurves",
    "PooledMedians",
    "PublishedCheck",
    "check_published",
    "combine",
    "hazard_ratio",
    "hazard_ratio_from_curves",
    "hazard_ratio_of_ensemble",
    "ipd_interaction",
    "kaplan_meier",
    "log_rank",
    "pairwise_hazard_ratios",
    "pool_curves",
    "pool_frailty",
    "pool_ipd",
    "pool_landmark",
    "pool_medians",
]
__getattr__, __dir__ = lazy(__name__, _HOMES)
