"""Which public names are provisional, and what the version number promises of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

NOTE = ".. note:: Provisional: arguments, columns and fields may still change in a minor version."

PROMISE = """# What is stable

metaonc numbers its versions by [semantic versioning](https://semver.org). Each public name, that is each name on the
pages of the reference, is **stable** or **provisional**.

Of a **stable** name these stay within a major version, and before 1.0.0 within a minor one: the name, its arguments and
their defaults, the columns of `tidy()` and `glance()`, and the documented fields of a result; files that `to_json`
wrote are read. From 1.0.0, what is to go warns for at least one minor version first (`MetaoncWarning`, which names what
takes its place); before, the [change log](../changelog.md) says what has gone and what takes its place.

A **provisional** name is tested as all others are, and its numbers have the same witnesses; its arguments, columns and
fields may still change in a minor version, without a warning before. The change log tells it. Its docstring says that
it is provisional, and so does the page that lists it.

A number that was wrong is mended in the next version, whatever the name, and the change log says which results change.
Texts, messages, the look of figures, the wording of cautions and the form of R scripts are no part of the promise; nor
is what is imported by another way than the pages of the reference show.

What is provisional:

| what | why | names |
| --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Provisional:
    """Names that belong together, and why they may still change; ``*`` stands for any end."""

    what: str
    why: str
    names: str


PROVISIONAL = (
    Provisional("Figures read by hand", "how a figure is calibrated may want more than it has",
                "page curves.from_pixels curves.AxisFit curves.AxisPoint curves.Calibration"),
    Provisional("Patients made up from a summary", "a young method with little use so far",
                "curves.ipd_from_summary results.ModelledPatients"),
    Provisional("Risk of bias and certainty", "tools of judgement change, and with them their domains",
                "read_risk_of_bias ROB_TOOLS certainty absolute_effect summary_of_findings sensitivity.risk_of_bias"
                " plot.risk_of_bias* results.AbsoluteEffect results.CertaintyResult results.RiskOfBias*"),
    Provisional("Updates", "new here, without a model elsewhere",
                "compare over_cuts results.EvidenceChanges results.UpdateResult results.OverCutsResult"),
    Provisional("Simulation and planning", "scenarios are added, and their options with them",
                "simulate plan simulation.* results.PlanResult results.SimulationResult"),
    Provisional("Survival across trials", "several models do one thing; options are being made alike",
                "survival.pool_* survival.ipd_interaction plot.pooled_curves* plot.hr_over_time*"
                " results.FlexibleResult results.FrailtyPool results.IpdPool results.IpdInteraction results.MixedPool"
                " results.PooledCurve* results.PooledMedians results.PooledRmstResult results.TimeVaryingResult"),
    Provisional("Models of time", "which distributions and what a comparison shows may still change",
                "survival.parametric survival.royston_parmar survival.cure_model survival.compare_models"
                " plot.model_* results.SurvivalModelResult results.ModelComparison"),
    Provisional("Some corrections of bias", "assumptions that cannot be checked; options may be narrowed",
                "bias.copas bias.p_uniform bias.bias_adjusted plot.copas"
                " results.CopasResult results.PUniformResult results.BiasAdjustedResult"),
    Provisional("Some questions of robustness", "what is varied, and how it is summed up, may still change",
                "robustness sensitivity.TRIAL_TESTS sensitivity.leave_k_out sensitivity.multiverse"
                " sensitivity.tipping_point sensitivity.fragility_of_trials sensitivity.monitor"
                " plot.robustness plot.specification plot.tipping_point plot.monitoring*"
                " results.RobustnessResult results.LeaveKOutResult results.MultiverseResult"
                " results.TippingPointResult results.TrialFragilityResult results.MonitoringResult"),
)  # fmt: skip


def matches(name: str, wanted: str) -> bool:
    """Return whether a pattern, which may end in ``*``, holds a name."""
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted


def is_provisional(name: str) -> bool:
    """Return whether a public name is provisional; it is stable otherwise."""
    return any(matches(name, wanted) for one in PROVISIONAL for wanted in one.names.split())


def rows(names: list[str]) -> Iterator[str]:
    """Yield the lines of the table."""
    for one in PROVISIONAL:
        held = [f"`{name}`" for name in names if any(matches(name, wanted) for wanted in one.names.split())]
        yield f"| {one.what} | {one.why} | {', '.join(held)} |"


def page(names: list[str]) -> str:
    """Return the page for these public names."""
    return PROMISE + "\n".join(rows(names)) + "\n"
