"""Differences between subgroups within trials, in the words of a manuscript (PRISMA 2020, items 13e and 20c)."""

from __future__ import annotations

import pandas as pd

from ...analysis.effects.measures import MEASURES
from ...analysis.interaction.several_levels_result import InteractionLevelsResult
from ...analysis.interaction.two_levels_result import InteractionResult
from ...analysis.interaction.wording import LIMITS, natural_table
from ...analysis.methods.tau2 import TAU2_METHODS
from ...analysis.results.back_transform import own_scale
from ..forest.content import Form, titled
from ..forest.notes import chi_square
from ..forest.pools import form_for
from ..numbers import significant
from .pool_methods import synthesis
from .pool_results import found, single_trials
from .preparation import corrected, left_out, measured, obtained
from .printer import Printer, listed, several
from .references import REFERENCES

Difference = InteractionResult | InteractionLevelsResult


def methods_of_two(r: InteractionResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the difference between two levels."""
    cited.append(REFERENCES["interaction"])
    first, second = r.contrast
    return [
        measured(r.record, f" ({titled(r.reports.by)}: {first} against {second}) within each trial"),
        _prepared(r, printer),
        synthesis(r, cited, printer, "Differences within trials were"),
        _beside(r, cited),
    ]


def results_of_two(r: InteractionResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the difference between two levels."""
    form = form_for(r.record, r.study_table(transform=True), r.level)
    across = [float(r.natural(x)) for x in (r.across_estimate, *r.across_interval)]
    return [
        left_out(r.provenance),
        _reporting(r, len(r.reports.labels), "both subgroups"),
        single_trials(r, printer),
        f"Within trials, {found(r, printer)}",
        _levels(r, printer),
        f"Across trials, the {r.record.natural} was {printer.interval(across, form, r.level)}, "
        f"{printer.p(r.across_p)}.",
    ]


def methods_of_several(r: InteractionLevelsResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the differences between several levels."""
    cited.append(REFERENCES["interaction"])
    reference, *others = r.levels
    return [
        measured(r.record, f" ({titled(r.reports.by)}: {listed(others)} against {reference}) within each trial"),
        _prepared(r, printer),
        _model(r, cited, printer),
        _beside(r, cited),
    ]


def results_of_several(r: InteractionLevelsResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the differences between several levels."""
    journal, within = printer.journal, r.interaction_table(transform=True)
    form = form_for(r.record, within, r.level)
    across = natural_table(r.across_interactions, r.record)
    test = printer.plain(chi_square(journal, r.test.statistic, r.test.df, r.test.p_value))
    q = printer.plain(journal.q.format(q=significant(r.q), df=r.q_df, p=journal.p(r.q_p)))
    variances = (f"{printer.significant(r.tau2[i, i])} ({level})" for i, level in enumerate(r.levels[1:]))
    spread = "" if r.method == "CE" else f"; variance between trials (τ²) {listed(variances)}"
    return [
        left_out(r.provenance),
        _reporting(r, r.trials, "two subgroups or more"),
        f"Within trials, {_differences(r, within, form, printer)}; all differences together: {test}.",
        _trend(r, form, printer),
        f"Heterogeneity of the differences: {q}{spread}.",
        _levels(r, printer),
        f"Across trials, {_differences(r, across, form, printer)}.",
    ]


def _prepared(r: Difference, printer: Printer) -> str:
    reports = r.reports
    rows = [reports.labels[i] for i in reports.rows.trial]
    own = obtained(MEASURES[reports.measure], reports.frame, rows, printer)
    return " ".join(filter(None, [own, corrected(r.provenance)]))


def _model(r: InteractionLevelsResult, cited: list[str], printer: Printer) -> str:
    how = "as common to all trials"
    if r.method != "CE":
        cited.append(TAU2_METHODS[r.method].reference)
        structure = "" if r.trend is not None else f"{r.structure} "
        how = f"with random effects ({structure}covariance between trials, {r.method})"
    text = (
        f"The differences from {r.levels[0]} were estimated together, with their covariance within trials, {how}. "
        f"Confidence intervals ({printer.percent(r.level)}) are Wald intervals; a Wald chi-square test asked whether "
        "any subgroup differs."
    )
    if r.trend is None:
        return text
    scores = ", ".join(f"{level} {score:g}" for level, score in zip(r.levels, r.trend.scores, strict=True))
    return f"{text} A linear trend was imposed on them, with the scores {printer.journal.decimal(scores)}."


def _beside(r: Difference, cited: list[str]) -> str:
    """Return what else was estimated: subgroups' own effects, and the difference across trials."""
    cited.append(REFERENCES["floating"])
    return (
        f"Effects of the subgroups themselves were estimated so that they differ as within trials ({r.floating_model}; "
        "all trials inform them). For comparison, the difference across trials was taken between subgroups pooled by "
        "themselves, which mixes in how trials differ (aggregation bias). Confidence intervals of these effects and of "
        "this difference are normal."
    )


def _reporting(r: Difference, trials: int, what: str) -> str:
    levels = r.contrast if isinstance(r, InteractionResult) else r.levels
    who = several(trials) if r.k == trials else f"{r.k} of {several(trials)}"
    return f"{who} reported {what} ({titled(r.reports.by)}: {listed(levels)})."


def _differences(r: InteractionLevelsResult, table: pd.DataFrame, form: Form, printer: Printer) -> str:
    limits = table[list(LIMITS)].to_numpy()
    more = [f" ({several(n)})" for n in table["trials"]] if "trials" in table else [""] * len(table)
    return f"the {r.record.natural} was " + listed(
        f"{printer.interval(values, form, r.level)}, {printer.p(p)}, for {level} against {r.levels[0]}{extra}"
        for level, values, p, extra in zip(table["level"], limits, table["p_value"], more, strict=True)
    )


def _trend(r: InteractionLevelsResult, form: Form, printer: Printer) -> str:
    if r.trend is None:
        return ""
    values = [float(r.natural(getattr(r.trend, name))) for name in LIMITS]
    effect = printer.interval(values, form, r.level)
    return f"By one unit of score, the {r.record.natural} was {effect}, {printer.p(r.trend.p_value)}."


def _levels(r: Difference, printer: Printer) -> str:
    """Return the sentence on each subgroup's own effect."""
    own, table = own_scale(r.measure), r.floating_table(transform=True)
    factor, unit = 100 if own.scale == "percent" else 1, printer.unit_of(own)
    form = form_for(own, table, r.level)
    shown = (
        f"{printer.interval(factor * values, form, r.level, unit=unit)} in the subgroup {titled(r.reports.by)}: {level}"
        for level, values in zip(table["level"], table[list(LIMITS)].to_numpy(dtype=float), strict=True)
    )
    return f"Consistent with this, the {own.natural} was {listed(shown)}."
