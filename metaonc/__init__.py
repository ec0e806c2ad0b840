"""Meta-analysis of survival and response in oncology.

Names are loaded when first used, so that ``import metaonc`` costs next to nothing. ``__init__.pyi`` beside this
file tells type checkers and editors the same table; a test holds the two together.
"""

from ._version import __version__ as __version__
from .base.lazy import homes_of as _homes_of
from .base.lazy import lazy as _lazy

_MODULES = {
    "bias": "metaonc.analysis.bias",
    "curves": "metaonc.data.curves",
    "sensitivity": "metaonc.analysis.sensitivity",
    "simulation": "metaonc.analysis.simulation",
    "survival": "metaonc.analysis.survival",
    "plot": "metaonc.report.plot",
    "results": "metaonc.analysis.results",
}
_HOMES = {name: (module, "") for name, module in _MODULES.items()} | _homes_of(
    "metaonc",
    {
        "data.audit": ("audit",),
        "data.collections.collection": (
            "Collection",
            "datasets",
            "load",
        ),
        "data.readers.adtte": ("read_adtte",),
        "data.readers.ctgov": ("Registry", "ctgov_outcome", "read_ctgov"),
        "data.readers.curves": ("read_curves",),
        "data.readers.escalc": ("read_escalc",),
        "data.readers.kmdata": ("read_kmdata",),
        "data.readers.revman": ("read_revman",),
        "data.readers.risk_of_bias": ("read_risk_of_bias",),
        "data.readers.sheets.reading": ("read_as",),
        "data.readers.trials": ("read_trials",),
        "analysis.effects.compute": ("effect_sizes",),
        "analysis.fits.effects_from_fit": ("effects_from_fit",),
        "analysis.effects.study_intervals": ("proportion_interval",),
        "analysis.pooling.inverse_variance.pool": ("pool",),
        "analysis.pooling.inverse_variance.pool_many": ("pool_many",),
        "analysis.pooling.bayes.pool": ("pool_bayes",),
        "analysis.pooling.multilevel.pool": ("pool_multilevel",),
        "analysis.pooling.multilevel.regress": ("regress_multilevel",),
        "analysis.pooling.multivariate.pool": ("pool_multivariate",),
        "analysis.pooling.bayes.priors": (
            "HalfCauchy",
            "HalfNormal",
            "HalfT",
            "LogNormal",
            "Normal",
        ),
        "analysis.pooling.subgroups.pool": ("pool_subgroups",),
        "analysis.interaction.interaction": ("interaction",),
        "analysis.pooling.regression.regress": ("regress",),
        "analysis.certainty.absolute": ("absolute_effect",),
        "analysis.certainty.certainty": ("certainty",),
        "analysis.simulation.plan": ("plan",),
        "analysis.simulation.simulate": ("simulate",),
        "analysis.pooling.counts.glmm": ("pool_glmm",),
        "analysis.pooling.counts.beta_binomial": ("pool_beta_binomial",),
        "analysis.pooling.common_effect.mantel_haenszel": ("pool_mantel_haenszel",),
        "analysis.pooling.common_effect.peto": ("pool_peto",),
        "analysis.robustness.robustness": ("robustness",),
        "report.texts.methods_text": ("methods_text",),
        "report.texts.results_text": ("results_text",),
        "report.save": ("save",),
        "report.bibliography.write_sources": ("write_sources",),
        "report.tables.findings": ("summary_of_findings",),
        "report.tables.table": (
            "Table",
            "table",
        ),
        "report.document.write_report": ("write_report",),
        "errors": (
            "ArgumentError",
            "ColumnError",
            "ConvergenceError",
            "DataError",
            "DataWarning",
            "DatasetError",
            "MetaoncError",
            "MetaoncWarning",
            "FigureWarning",
            "MethodWarning",
            "OptionError",
        ),
        "data.risk_of_bias.assessment": ("RiskOfBias",),
        "data.risk_of_bias.tools": ("ROB_TOOLS",),
        "data.selection.select": ("select",),
        "analysis.effects.measures": ("MEASURES",),
        "analysis.methods.tau2": ("TAU2_METHODS",),
        "analysis.methods.intervals": (
            "CI_METHODS",
            "PREDICTION_METHODS",
        ),
        "workflow.analyse": ("analyse",),
        "workflow.updates.compare": ("compare",),
        "workflow.updates.over_cuts": ("over_cuts",),
        "workflow.page.page": ("page",),
        "workflow.reconstruct_figure": ("reconstruct_figure",),
        "report.journals.table": ("JOURNALS",),
        "base.versions": ("show_versions",),
    },
)

__all__ = ["__version__", *sorted(_HOMES)]
__getattr__, __dir__ = _lazy(__name__, {"__version__": ("metaonc._version", "__version__")} | _HOMES)
