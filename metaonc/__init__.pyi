"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from ._version import __version__ as __version__
from .analysis import bias as bias
from .analysis import results as results
from .analysis import sensitivity as sensitivity
from .analysis import simulation as simulation
from .analysis import survival as survival
from .analysis.certainty.absolute import absolute_effect as absolute_effect
from .analysis.certainty.certainty import certainty as certainty
from .analysis.effects.compute import effect_sizes as effect_sizes
from .analysis.effects.measures import MEASURES as MEASURES
from .analysis.effects.study_intervals import proportion_interval as proportion_interval
from .analysis.fits.effects_from_fit import effects_from_fit as effects_from_fit
from .analysis.interaction.interaction import interaction as interaction
from .analysis.methods.intervals import CI_METHODS as CI_METHODS
from .analysis.methods.intervals import PREDICTION_METHODS as PREDICTION_METHODS
from .analysis.methods.tau2 import TAU2_METHODS as TAU2_METHODS
from .analysis.pooling.bayes.pool import pool_bayes as pool_bayes
from .analysis.pooling.bayes.priors import HalfCauchy as HalfCauchy
from .analysis.pooling.bayes.priors import HalfNormal as HalfNormal
from .analysis.pooling.bayes.priors import HalfT as HalfT
from .analysis.pooling.bayes.priors import LogNormal as LogNormal
from .analysis.pooling.bayes.priors import Normal as Normal
from .analysis.pooling.common_effect.mantel_haenszel import pool_mantel_haenszel as pool_mantel_haenszel
from .analysis.pooling.common_effect.peto import pool_peto as pool_peto
from .analysis.pooling.counts.beta_binomial import pool_beta_binomial as pool_beta_binomial
from .analysis.pooling.counts.glmm import pool_glmm as pool_glmm
from .analysis.pooling.inverse_variance.pool import pool as pool
from .analysis.pooling.inverse_variance.pool_many import pool_many as pool_many
from .analysis.pooling.multilevel.pool import pool_multilevel as pool_multilevel
from .analysis.pooling.multilevel.regress import regress_multilevel as regress_multilevel
from .analysis.pooling.multivariate.pool import pool_multivariate as pool_multivariate
from .analysis.pooling.regression.regress import regress as regress
from .analysis.pooling.subgroups.pool import pool_subgroups as pool_subgroups
from .analysis.robustness.robustness import robustness as robustness
from .analysis.simulation.plan import plan as plan
from .analysis.simulation.simulate import simulate as simulate
from .base.versions import show_versions as show_versions
from .data import curves as curves
from .data.audit import audit as audit
from .data.collections.collection import Collection as Collection
from .data.collections.collection import datasets as datasets
from .data.collections.collection import load as load
from .data.readers.adtte import read_adtte as read_adtte
from .data.readers.ctgov import Registry as Registry
from .data.readers.ctgov import ctgov_outcome as ctgov_outcome
from .data.readers.ctgov import read_ctgov as read_ctgov
from .data.readers.curves import read_curves as read_curves
from .data.readers.escalc import read_escalc as read_escalc
from .data.readers.kmdata import read_kmdata as read_kmdata
from .data.readers.revman import read_revman as read_revman
from .data.readers.risk_of_bias import read_risk_of_bias as read_risk_of_bias
from .data.readers.sheets.reading import read_as as read_as
from .data.readers.trials import read_trials as read_trials
from .data.risk_of_bias.assessment import RiskOfBias as RiskOfBias
from .data.risk_of_bias.tools import ROB_TOOLS as ROB_TOOLS
from .data.selection.select import select as select
from .errors import ArgumentError as ArgumentError
from .errors import ColumnError as ColumnError
from .errors import ConvergenceError as ConvergenceError
from .errors import DataError as DataError
from .errors import DatasetError as DatasetError
from .errors import DataWarning as DataWarning
from .errors import FigureWarning as FigureWarning
from .errors import MetaoncError as MetaoncError
from .errors import MetaoncWarning as MetaoncWarning
from .errors import MethodWarning as MethodWarning
from .errors import OptionError as OptionError
from .report import plot as plot
from .report.bibliography.write_sources import write_sources as write_sources
from .report.document.write_report import write_report as write_report
from .report.journals.table import JOURNALS as JOURNALS
from .report.save import save as save
from .report.tables.findings import summary_of_findings as summary_of_findings
from .report.tables.table import Table as Table
from .report.tables.table import table as table
from .report.texts.methods_text import methods_text as methods_text
from .report.texts.results_text import results_text as results_text
from .workflow.analyse import analyse as analyse
from .workflow.page.page import page as page
from .workflow.reconstruct_figure import reconstruct_figure as reconstruct_figure
from .workflow.updates.compare import compare as compare
from .workflow.updates.over_cuts import over_cuts as over_cuts

__all__ = [
    "CI_METHODS",
    "JOURNALS",
    "MEASURES",
    "PREDICTION_METHODS",
    "ROB_TOOLS",
    "TAU2_METHODS",
    "ArgumentError",
    "Collection",
    "ColumnError",
    "ConvergenceError",
    "DataError",
    "DataWarning",
    "DatasetError",
    "FigureWarning",
    "HalfCauchy",
    "HalfNormal",
    "HalfT",
    "LogNormal",
    "MetaoncError",
    "MetaoncWarning",
    "MethodWarning",
    "Normal",
    "OptionError",
    "Registry",
    "RiskOfBias",
    "Table",
    "__version__",
    "absolute_effect",
    "analyse",
    "audit",
    "bias",
    "certainty",
    "compare",
    "ctgov_outcome",
    "curves",
    "datasets",
    "effect_sizes",
    "effects_from_fit",
    "interaction",
    "load",
    "methods_text",
    "over_cuts",
    "page",
    "plan",
    "plot",
    "pool",
    "pool_bayes",
    "pool_beta_binomial",
    "pool_glmm",
    "pool_mantel_haenszel",
    "pool_many",
    "pool_multilevel",
    "pool_multivariate",
    "pool_peto",
    "pool_subgroups",
    "proportion_interval",
    "read_adtte",
    "read_as",
    "read_ctgov",
    "read_curves",
    "read_escalc",
    "read_kmdata",
    "read_revman",
    "read_risk_of_bias",
    "read_trials",
    "reconstruct_figure",
    "regress",
    "regress_multilevel",
    "results",
    "results_text",
    "robustness",
    "save",
    "select",
    "sensitivity",
    "show_versions",
    "simulate",
    "simulation",
    "summary_of_findings",
    "survival",
    "table",
    "write_report",
    "write_sources",
]
