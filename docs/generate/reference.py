"""The pages of the reference, one for each group of public names.

A name is in the first group that asks for it, so that each is documented once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import metaonc as mo

from . import stability

SPACES = ("results", "bias", "curves", "plot", "sensitivity", "simulation", "survival")


@dataclass(frozen=True, slots=True)
class Group:
    """A page of the reference: its file, its title, what stands there, and which names, ``*`` for all of a space."""

    name: str
    title: str
    about: str
    names: str


GROUPS = (
    Group("evidence", "Evidence", "Collections, tables of one's own, registry records, and what is wrong with them.",
          "datasets load Collection select audit read_trials read_as read_ctgov ctgov_outcome Registry read_curves"
          " read_adtte read_escalc read_kmdata read_revman"),
    Group("effects", "Effects", "From what trials report to an estimate and its variance.",
          "effect_sizes effects_from_fit proportion_interval"),
    Group("pooling", "Pooling", "Random and common effects, subgroups, regression.",
          "analyse pool pool_many pool_mantel_haenszel pool_peto pool_glmm pool_beta_binomial pool_bayes"
          " pool_multilevel pool_multivariate pool_subgroups interaction regress regress_multilevel"
          " HalfCauchy HalfNormal HalfT LogNormal Normal"),
    Group("sensitivity", "Would the conclusion survive?", "Influence, subsets, every combination of choices.",
          "robustness sensitivity.*"),
    Group("certainty", "Risk of bias and certainty", "Judgements by tool, GRADE's domains, absolute effects.",
          "read_risk_of_bias ROB_TOOLS certainty absolute_effect summary_of_findings"),
    Group("updates", "Updates", "What a newer table or cut changed, and what moved the estimate.", "compare over_cuts"),
    Group("bias", "Small-study effects", "Tests, corrections and selection models.", "bias.*"),
    Group("simulation", "Simulation and planning", "Trials made up, methods judged on them, and how many trials it"
          " takes.", "simulate plan simulation.*"),
    Group("survival_across_trials", "Survival across trials", "Curves, medians, restricted means and patients of"
          " several trials.", "survival.pool_* survival.ipd_interaction"),
    Group("survival", "Survival of one trial", "Kaplan-Meier, hazard ratios, restricted means, models of time.",
          "survival.*"),
    Group("curves", "From a figure to patients", "Figures read, and patients reconstructed.",
          "page reconstruct_figure curves.*"),
    Group("plot", "Figures", "Figures of the manuscript, and the data behind each.", "plot.* save"),
    Group("reporting", "Tables, words, reports", "What a manuscript takes over.",
          "table Table methods_text results_text write_report write_sources"),
    Group("results", "Results", "What verbs return. All share the protocol of ``Result``.", "results.*"),
    Group("options", "Options", "Records of methods, measures and journals by name; :doc:`as tables <../methods>`.",
          "MEASURES TAU2_METHODS CI_METHODS PREDICTION_METHODS JOURNALS"),
    Group("errors", "Errors and warnings", "Their kinds; each message names the row, the value and the way out.",
          "MetaoncError ArgumentError ColumnError ConvergenceError DataError DatasetError OptionError"
          " MetaoncWarning DataWarning FigureWarning MethodWarning"),
    Group("machine", "This machine", "What is installed.", "show_versions"),
)  # fmt: skip


def public() -> list[str]:
    """Return the public names, with their space; a class that results hold is there alone."""
    results = set(mo.results.__all__)
    names = [name for name in mo.__all__ if name not in {*SPACES, *results, "__version__"}]
    for space in SPACES:
        inside = getattr(mo, space).__all__
        names += [f"{space}.{name}" for name in inside if space == "results" or name not in results | {"JOURNALS"}]
    return names


def grouped() -> dict[str, list[str]]:
    """Return the names of each group, in the order in which it asks for them."""
    left, found = public(), {}
    for group in GROUPS:
        found[group.name] = [name for wanted in group.names.split() for name in left if stability.matches(name, wanted)]
        left = [name for name in left if name not in found[group.name]]
    if left:
        raise SystemExit(f"in no group of docs/generate/reference.py: {', '.join(left)}")
    return found


def pages() -> dict[str, str]:
    """Return the text of each page by its file."""
    names = grouped()
    groups = {f"{group.name}.rst": "\n".join(page(group, names[group.name])) for group in GROUPS}
    return groups | {"stability.md": stability.page(public())}


def page(group: Group, names: list[str]) -> Iterator[str]:
    """Yield the lines of a page, its provisional names below the others."""
    yield from (group.title, "=" * len(group.title), "", group.about, "")
    yield from (".. currentmodule:: metaonc", "")
    stable = [name for name in names if not stability.is_provisional(name)]
    yield from summary(stable)
    if provisional := [name for name in names if name not in stable]:
        yield from (".. rubric:: Provisional", "", "These may still change: :doc:`stability`.", "")
        yield from summary(provisional)


def summary(names: list[str]) -> Iterator[str]:
    """Yield the table of names, each with a page of its own."""
    if names:
        yield from (".. autosummary::", "   :toctree: generated", "", *(f"   {name}" for name in names), "")
