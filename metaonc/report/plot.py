"""Figures: each takes a result and draws it into axes."""

from .forest import forest as forest
from .forest_rows import forest_rows as forest_rows
from .km import km as km
from .overlay import overlay as overlay
from .risk_table import km_table as km_table

__all__ = ["forest", "forest_rows", "km", "km_table", "overlay"]
