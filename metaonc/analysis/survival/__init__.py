"""Patients and curves."""

from .estimate import kaplan_meier as kaplan_meier
from .result import Curve as Curve
from .result import KaplanMeier as KaplanMeier

__all__ = ["Curve", "KaplanMeier", "kaplan_meier"]
