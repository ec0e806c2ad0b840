"""The differences between several subgroups within trials: words (PRISMA 2020, 13e and 20c), and forest rows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from ...analysis.interaction.several_levels_result import InteractionLevelsResult
from ...analysis.interaction.wording import LIMITS, natural_table
from ...analysis.methods.tau2 import TAU2_METHODS, is_common
from ...base.digits import Form, in_percent, statistic, with_digits
from ...errors import OptionError
from ..forest.assemble import axis_name, content, effect_header, form_for, refuse
from ..forest.columns import Column
from ..forest.content import ForestRows, ForestSpec, Row, note, row, titled
from ..forest.notes import chi_square
from ..texts.preparation import left_out, measured
from ..texts.printer import Printer, capital, listed, several
from . import Kind
from .interaction import REFERENCE, beside, levels_apart, prepared, reporting


def _methods(r: InteractionLevelsResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the differences between several levels."""
    cited.append(REFERENCE)
    reference, *others = r.levels
    return [
        measured(r.record, f" ({titled(r.reports.by)}: {listed(others)} against {reference}) within each trial"),
        prepared(r, printer, cited),
        _model(r, cited, printer),
        beside(r, cited),
    ]


def _results(r: InteractionLevelsResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the differences between several levels."""
    journal, within = printer.journal, r.interaction_table(transform=True)
    form = form_for(r.record, within, r.level)
    across = natural_table(r.across_interactions, r.record)
    test = printer.plain(chi_square(journal, r.test.statistic, r.test.df, r.test.p_value))
    q = printer.plain(journal.q.format(q=statistic(r.q), df=r.q_df, p=journal.p(r.q_p)))
    variances = (f"{printer.significant(r.tau2[i, i])} ({level})" for i, level in enumerate(r.levels[1:]))
    spread = "" if is_common(r.method) else f"; variance between trials (τ²) {listed(variances)}"
    return [
        left_out(r),
        reporting(r, r.levels, r.trials, "two subgroups or more"),
        f"Within trials, {_differences(r, within, form, printer)}; all differences together: {test}.",
        _trend(r, form, printer),
        f"Heterogeneity of the differences: {q}{spread}.",
        levels_apart(r, printer),
        f"Across trials, {_differences(r, across, form, printer)}.",
    ]


def _model(r: InteractionLevelsResult, cited: list[str], printer: Printer) -> str:
    how = "as common to all trials"
    if not is_common(r.method):
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


def _rows(result: InteractionLevelsResult, spec: ForestSpec) -> ForestRows:
    """Return the rows of the differences from the reference level: within trials, and as pools by subgroup have them.

    Raises
    ------
    OptionError
        When an option asked for has no use for this result.
    """
    refuse(spec, "the differences between several levels")
    if spec.study_interval != "exact":
        raise OptionError("study_interval= has no use here: no single trials are shown.")
    journal, record, test = spec.journal, result.record, result.test
    within, heading = result.interaction_table(transform=True), partial(spec.heading, result.reports.by)
    across = natural_table(result.across_interactions, record)
    form = with_digits(form_for(record, within, result.level), spec.digits)

    def line(label: str, estimate: float, low: float, high: float) -> Row:
        text = journal.decimal(journal.interval(estimate, low, high, form))
        return row("pooled", label, estimate=estimate, low=low, high=high, effect=text)

    def block(title: str, table: pd.DataFrame) -> list[Row]:
        lines = zip(table["level"], *(table[name] for name in LIMITS), strict=True)
        return [row("group", title), *(line(f"{level} against {result.levels[0]}", *x) for level, *x in lines)]

    rows = block(heading("within trials"), within)
    rows[1:] = [
        {**one, "label": f"{one['label']} ({n} trial{'s' * (n != 1)})"}
        for one, n in zip(rows[1:], within["trials"], strict=True)
    ]
    if result.trend is not None:
        limits = (float(result.natural(getattr(result.trend, name))) for name in LIMITS)
        rows.append(line("Trend, by one unit of score", *limits))
    said = chi_square(journal, test.statistic, test.df, test.p_value)
    rows.append(row("text", journal.decimal(f"All differences together: {said}")))
    rows += [row("space"), *block(heading("across trials"), across)]
    axis = axis_name(record, spec)
    random = f"random effects ({result.method}, {result.structure})"
    model = "common differences" if is_common(result.method) else random
    notes = [
        note(f"Within trials: {model}; Wald {in_percent(result.level)}% confidence interval."),
        note("Across trials: each level pooled by itself, which mixes in how trials differ (aggregation bias)."),
    ]
    columns = {"effect": Column(header=effect_header(axis, result.level, spec), cells=[])}
    named = replace(spec, journal=replace(journal, study="Difference"))
    return content(rows, columns, named, record, pd.DataFrame(), axis, float(record.inverse(0.0)), notes)


def _title(r: InteractionLevelsResult, effect: str | None) -> str:
    name = effect or capital(r.record.natural)
    return f"{name} between subgroups ({titled(r.reports.by)}: {listed(r.levels)}) in {several(r.trials)}"


KIND = Kind(verbs="interaction", methods=_methods, results=_results, rows=_rows, title=_title)
