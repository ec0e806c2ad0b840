"""The public names, for type checkers and editors; ``plot.py`` loads them when first used."""

from ..analysis.sensitivity.diagnostics import baujat as baujat_data
from ..analysis.sensitivity.diagnostics import p_value_function as drapery_data
from ..analysis.sensitivity.diagnostics import radial as radial_data
from ..analysis.sensitivity.diagnostics import regression_points as bubble_data
from .artwork import ARTWORK as ARTWORK
from .artwork import check_artwork as check_artwork
from .baujat import baujat as baujat
from .bubble import bubble as bubble
from .bubble import bubble_line as bubble_line
from .drapery import drapery as drapery
from .forest import forest as forest
from .forest import forest_pages as forest_pages
from .forest_rows import forest_rows as forest_rows
from .funnel import funnel as funnel
from .funnel import funnel_data as funnel_data
from .interaction import interaction as interaction
from .interaction import interaction_data as interaction_data
from .journals import JOURNALS as JOURNALS
from .km import km as km
from .labbe import labbe as labbe
from .labbe import labbe_data as labbe_data
from .orchard import orchard as orchard
from .orchard import orchard_data as orchard_data
from .overlay import overlay as overlay
from .posterior import posterior as posterior
from .posterior import posterior_data as posterior_data
from .radial import radial as radial
from .risk_table import km_table as km_table
from .timeline import timeline as timeline
from .timeline import timeline_data as timeline_data

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
