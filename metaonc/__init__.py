"""Meta-analysis of survival and response in oncology.

Names are loaded when first used, so that ``import metaonc`` costs next to nothing. ``__init__.pyi`` beside this
file tells type checkers and editors the same table; a test holds the two together.
"""

from importlib import import_module as _import_module
from typing import Any as _Any

from ._version import __version__ as __version__

_MODULES = {
    "curves": "metaonc.data.curves",
    "sensitivity": "metaonc.analysis.sensitivity",
    "survival": "metaonc.analysis.survival",
    "plot": "metaonc.report.plot",
}
_NAMES = {
    "metaonc.data.audit": ("audit",),
    "metaonc.data.collections": ("Collection", "datasets", "load"),
    "metaonc.data.readers": (
        "read_adtte",
        "read_curves",
        "read_escalc",
        "read_kmdata",
        "read_revman",
        "read_trials",
    ),
    "metaonc.analysis.effects.compute": ("effect_sizes",),
    "metaonc.analysis.effects.study_intervals": ("proportion_interval",),
    "metaonc.analysis.pooling.pool": ("pool",),
    "metaonc.analysis.pooling.bayes": ("pool_bayes",),
    "metaonc.analysis.pooling.multilevel": ("pool_multilevel",),
    "metaonc.analysis.pooling.multivariate": ("pool_multivariate",),
    "metaonc.analysis.pooling.priors": ("HalfCauchy", "HalfNormal", "HalfT", "LogNormal", "Normal"),
    "metaonc.analysis.pooling.subgroups": ("pool_subgroups",),
    "metaonc.analysis.interaction.interaction": ("interaction",),
    "metaonc.analysis.pooling.regression": ("regress",),
    "metaonc.analysis.pooling.glmm": ("pool_glmm",),
    "metaonc.analysis.pooling.beta_binomial": ("pool_beta_binomial",),
    "metaonc.analysis.pooling.mantel_haenszel": ("pool_mantel_haenszel",),
    "metaonc.analysis.pooling.peto": ("pool_peto",),
    "metaonc.report.texts.methods_text": ("methods_text",),
    "metaonc.report.texts.results_text": ("results_text",),
    "metaonc.report.save": ("save",),
    "metaonc.report.tables.table": ("Table", "table"),
    "metaonc.report.document.write_report": ("write_report",),
    "metaonc.errors": (
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
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = ["__version__", *sorted(_MODULES), *sorted(_HOME)]


def __getattr__(name: str) -> _Any:
    if name in _MODULES:
        value: _Any = _import_module(_MODULES[name])
    elif name in _HOME:
        value = getattr(_import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'metaonc' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
