"""Figures: each takes a result and draws it into axes; those ending in ``_data`` or ``_rows`` return what is drawn.

Names are loaded when first used, so that one figure does not wait for the modules of all. ``plot.pyi`` beside this file
tells type checkers and editors the same table; a test holds the two together.
"""

from ..base.lazy import homes_of, lazy

_NAMES = {
    "artwork": ("check_artwork",),
    "figures.baujat": ("baujat",),
    "figures.bias.copas": ("copas",),
    "figures.bias.selection": ("selection",),
    "figures.bubble": ("bubble", "bubble_line"),
    "figures.doi": ("doi",),
    "figures.drapery": ("drapery",),
    "forest.figure": ("forest", "forest_pages"),
    "forest.rows": ("forest_rows",),
    "figures.funnel": ("funnel",),
    "figures.funnel_data": ("funnel_data",),
    "figures.sensitivity.gosh": ("gosh",),
    "figures.sensitivity.influence": ("influence",),
    "figures.sensitivity.monitoring": ("monitoring", "monitoring_data"),
    "figures.sensitivity.robustness": ("robustness",),
    "figures.sensitivity.specification": ("specification",),
    "figures.sensitivity.tipping_point": ("tipping_point",),
    "figures.interaction": ("interaction", "interaction_data"),
    "journals.table": ("JOURNALS",),
    "km.figure": ("km",),
    "figures.labbe": ("labbe", "labbe_data"),
    "figures.orchard": ("orchard", "orchard_data"),
    "km.on_figure": ("on_figure",),
    "km.overlay": ("overlay",),
    "figures.posterior": ("posterior", "posterior_data"),
    "figures.prisma.data": ("prisma_data",),
    "figures.prisma.figure": ("prisma",),
    "figures.radial": ("radial",),
    "figures.quality.traffic_lights": ("risk_of_bias", "risk_of_bias_data"),
    "figures.quality.summary": ("risk_of_bias_summary", "risk_of_bias_summary_data"),
    "figures.synthesis.pooled_curves": ("pooled_curves", "pooled_curves_data"),
    "km.risk_table": ("km_table",),
    "figures.survival.hr_over_time": ("hr_over_time", "hr_over_time_data"),
    "figures.survival.model_curves": ("model_curves",),
    "figures.survival.model_data": ("model_curves_data",),
    "figures.survival.model_grid": ("model_grid",),
    "figures.survival.rmst": ("rmst", "rmst_data"),
    "figures.timeline": ("timeline", "timeline_data"),
}
_DIAGNOSTICS = {
    "baujat_data": "baujat",
    "bubble_data": "regression_points",
    "drapery_data": "p_value_function",
    "radial_data": "radial",
}
_HOMES = homes_of("metaonc.report", _NAMES)
_HOMES |= {name: ("metaonc.analysis.sensitivity.diagnostics", theirs) for name, theirs in _DIAGNOSTICS.items()}
_HOMES["doi_data"] = ("metaonc.analysis.bias.asymmetry.doi", "doi_data")

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy(__name__, _HOMES)
