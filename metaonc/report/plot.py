"""Figures: each takes a result and draws it into axes."""

from .km import km as km
from .risk_table import km_table as km_table

__all__ = ["km", "km_table"]
