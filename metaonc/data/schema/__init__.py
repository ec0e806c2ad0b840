"""The columns of the evidence, and what each may hold."""

from .tables import OUTCOMES as OUTCOMES
from .tables import TABLES as TABLES

__all__ = ["OUTCOMES", "TABLES"]
