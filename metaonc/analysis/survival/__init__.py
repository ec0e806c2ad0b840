"""Patients and curves."""

from .curve_ratio import hazard_ratio_from_curves as hazard_ratio_from_curves
from .ensemble_ratio import EnsembleHazardRatio as EnsembleHazardRatio
from .ensemble_ratio import hazard_ratio_of_ensemble as hazard_ratio_of_ensemble
from .estimate import kaplan_meier as kaplan_meier
from .published import PublishedCheck as PublishedCheck
from .published import check_published as check_published
from .ratio import hazard_ratio as hazard_ratio
from .ratio_result import CoxHazardRatio as CoxHazardRatio
from .ratio_result import CurveHazardRatio as CurveHazardRatio
from .result import Curve as Curve
from .result import KaplanMeier as KaplanMeier

__all__ = [
    "CoxHazardRatio",
    "Curve",
    "CurveHazardRatio",
    "EnsembleHazardRatio",
    "KaplanMeier",
    "PublishedCheck",
    "check_published",
    "hazard_ratio",
    "hazard_ratio_from_curves",
    "hazard_ratio_of_ensemble",
    "kaplan_meier",
]
