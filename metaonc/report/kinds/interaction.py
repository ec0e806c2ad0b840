"""What is said of differences between subgroups within trials, of two levels and of several."""

from __future__ import annotations

from collections.abc import Sequence

from ...analysis.effects.measures import MEASURES
from ...analysis.interaction.several_levels_result import InteractionLevelsResult
from ...analysis.interaction.two_levels_result import InteractionResult
from ...analysis.interaction.wording import LIMITS
from ...analysis.pooling.subgroups.between import one_tau2
from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.results.back_transform import own_scale
from ..forest.assemble import form_for
from ..forest.content import titled
from ..texts.preparation import obtained
from ..texts.printer import Printer, listed, several

Difference = InteractionResult | InteractionLevelsResult
REFERENCE = "Fisher et al. 2017, doi:10.1136/bmj.j573"
FLOATING = "Godolphin et al. 2023, doi:10.1002/jrsm.1590"


def prepared(r: Difference, printer: Printer, cited: list[str]) -> str:
    """Return where the effects are from."""
    reports = r.reports
    rows = [reports.labels[i] for i in reports.rows.trial]
    return obtained(MEASURES[reports.measure], reports.frame, rows, printer, cited)


def beside(r: Difference, cited: list[str]) -> str:
    """Return what else was estimated: subgroups' own effects, and the difference across trials."""
    cited.append(FLOATING)
    return (
        f"Effects of the subgroups themselves were estimated so that they differ as within trials ({r.floating_model}; "
        "all trials inform them). For comparison, the difference across trials was taken between subgroups pooled by "
        "themselves, which mixes in how trials differ (aggregation bias). Confidence intervals of these effects are "
        f"normal; of this difference they are {_across(r.across)}."
    )


def _across(r: SubgroupResult) -> str:
    if one_tau2(r.groups.values(), r.overall) is None:
        return "normal, too"
    return "of t, in a model with one mean a subgroup and one τ² (Knapp and Hartung)"


def reporting(r: Difference, levels: Sequence[str], trials: int, what: str) -> str:
    """Return how many trials report these levels."""
    who = several(trials) if r.k == trials else f"{r.k} of {several(trials)}"
    return f"{who} reported {what} ({titled(r.reports.by)}: {listed(levels)})."


def levels_apart(r: Difference, printer: Printer) -> str:
    """Return the sentence on each subgroup's own effect."""
    own, table = own_scale(r.measure), r.floating_table(transform=True)
    factor, unit = 100 if own.scale == "percent" else 1, printer.unit_of(own)
    form = form_for(own, table, r.level)
    shown = (
        f"{printer.interval(factor * values, form, r.level, unit=unit)} in the subgroup {titled(r.reports.by)}: {level}"
        for level, values in zip(table["level"], table[list(LIMITS)].to_numpy(dtype=float), strict=True)
    )
    return f"Consistent with this, the {own.natural} was {listed(shown)}."
