"""Figures: each takes a result and draws it into axes; those ending in ``_data`` or ``_rows`` return what is drawn."""

from ..analysis.sensitivity.diagnostics import baujat as baujat_data
from ..analysis.sensitivity.diagnostics import p_value_function as drapery_data
from ..analysis.sensitivity.diagnostics import radial as radial_data
from ..analysis.sensitivity.diagnostics import regression_points as bubble_data
from .artwork import ARTWORK, check_artwork
from .baujat import baujat
from .bubble import bubble, bubble_line
from .drapery import drapery
from .forest import forest, forest_pages
from .forest_rows import forest_rows
from .funnel import funnel, funnel_data
from .interaction import interaction, interaction_data
from .journals import JOURNALS
from .km import km
from .labbe import labbe, labbe_data
from .orchard import orchard, orchard_data
from .overlay import overlay
from .posterior import posterior, posterior_data
from .radial import radial
from .risk_table import km_table
from .timeline import timeline, timeline_data

__all__ = [
    "ARTWORK",
    "JOURNALS",
    "baujat",
    "baujat_data",
    "bubble",
    "bubble_data",
    "bubble_line",
    "check_artwork",
    "drapery",
    "drapery_data",
    "forest",
    "forest_pages",
    "forest_rows",
    "funnel",
    "funnel_data",
    "interaction",
    "interaction_data",
    "km",
    "km_table",
    "labbe",
    "labbe_data",
    "orchard",
    "orchard_data",
    "overlay",
    "posterior",
    "posterior_data",
    "radial",
    "radial_data",
    "timeline",
    "timeline_data",
]
