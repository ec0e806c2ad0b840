"""The public names, for type checkers and editors; ``plot.py`` loads them when first used."""

from ..analysis.bias.asymmetry.doi import doi_data as doi_data
from ..analysis.sensitivity.diagnostics import baujat as baujat_data
from ..analysis.sensitivity.diagnostics import p_value_function as drapery_data
from ..analysis.sensitivity.diagnostics import radial as radial_data
from ..analysis.sensitivity.diagnostics import regression_points as bubble_data
from .artwork import check_artwork as check_artwork
from .figures.baujat import baujat as baujat
from .figures.bias.copas import copas as copas
from .figures.bias.selection import selection as selection
from .figures.bubble import bubble as bubble
from .figures.bubble import bubble_line as bubble_line
from .figures.doi import doi as doi
from .figures.drapery import drapery as drapery
from .figures.funnel import funnel as funnel
from .figures.funnel_data import funnel_data as funnel_data
from .figures.interaction import interaction as interaction
from .figures.interaction import interaction_data as interaction_data
from .figures.labbe import labbe as labbe
from .figures.labbe import labbe_data as labbe_data
from .figures.orchard import orchard as orchard
from .figures.orchard import orchard_data as orchard_data
from .figures.posterior import posterior as posterior
from .figures.posterior import posterior_data as posterior_data
from .figures.prisma.data import prisma_data as prisma_data
from .figures.prisma.figure import prisma as prisma
from .figures.quality.summary import risk_of_bias_summary as risk_of_bias_summary
from .figures.quality.summary import risk_of_bias_summary_data as risk_of_bias_summary_data
from .figures.quality.traffic_lights import risk_of_bias as risk_of_bias
from .figures.quality.traffic_lights import risk_of_bias_data as risk_of_bias_data
from .figures.radial import radial as radial
from .figures.sensitivity.gosh import gosh as gosh
from .figures.sensitivity.influence import influence as influence
from .figures.sensitivity.monitoring import monitoring as monitoring
from .figures.sensitivity.monitoring import monitoring_data as monitoring_data
from .figures.sensitivity.robustness import robustness as robustness
from .figures.sensitivity.specification import specification as specification
from .figures.sensitivity.tipping_point import tipping_point as tipping_point
from .figures.survival.hr_over_time import hr_over_time as hr_over_time
from .figures.survival.hr_over_time import hr_over_time_data as hr_over_time_data
from .figures.survival.model_curves import model_curves as model_curves
from .figures.survival.model_data import model_curves_data as model_curves_data
from .figures.survival.model_grid import model_grid as model_grid
from .figures.survival.rmst import rmst as rmst
from .figures.survival.rmst import rmst_data as rmst_data
from .figures.synthesis.pooled_curves import pooled_curves as pooled_curves
from .figures.synthesis.pooled_curves import pooled_curves_data as pooled_curves_data
from .figures.timeline import timeline as timeline
from .figures.timeline import timeline_data as timeline_data
from .forest.figure import forest as forest
from .forest.figure import forest_pages as forest_pages
from .forest.rows import forest_rows as forest_rows
from .journals.table import JOURNALS as JOURNALS
from .km.figure import km as km
from .km.on_figure import on_figure as on_figure
from .km.overlay import overlay as overlay
from .km.risk_table import km_table as km_table

__all__ = [
    "JOURNALS",
    "baujat",
    "baujat_data",
    "bubble",
    "bubble_data",
    "bubble_line",
    "check_artwork",
    "copas",
    "doi",
    "doi_data",
    "drapery",
    "drapery_data",
    "forest",
    "forest_pages",
    "forest_rows",
    "funnel",
    "funnel_data",
    "gosh",
    "hr_over_time",
    "hr_over_time_data",
    "influence",
    "interaction",
    "interaction_data",
    "km",
    "km_table",
    "labbe",
    "labbe_data",
    "model_curves",
    "model_curves_data",
    "model_grid",
    "monitoring",
    "monitoring_data",
    "on_figure",
    "orchard",
    "orchard_data",
    "overlay",
    "pooled_curves",
    "pooled_curves_data",
    "posterior",
    "posterior_data",
    "prisma",
    "prisma_data",
    "radial",
    "radial_data",
    "risk_of_bias",
    "risk_of_bias_data",
    "risk_of_bias_summary",
    "risk_of_bias_summary_data",
    "rmst",
    "rmst_data",
    "robustness",
    "selection",
    "specification",
    "timeline",
    "timeline_data",
    "tipping_point",
]
