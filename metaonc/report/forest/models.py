"""The rows of a forest plot of results that are no pool of trials: several interactions, and regressions."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ...analysis.interaction.several_levels_result import InteractionLevelsResult
from ...analysis.interaction.wording import LIMITS, natural_table
from ...analysis.numeric.normal_likelihood import weights
from ...analysis.pooling.inverse_variance.pool import pool
from ...analysis.pooling.regression.result import RegressionResult
from ...errors import DataError, OptionError
from ..journals import Journal
from .columns import Column
from .content import ForestRows, Note, Wish, note, row, titled
from .notes import INTERVALS, chi_square, inconsistency, moderator_test, own_intervals
from .pools import Block, assemble, axis_name, content, effect_header, form_for, form_of

Row = dict[str, Any]


def levels_content(result: InteractionLevelsResult, wish: Wish) -> ForestRows:
    """Return the rows of the differences from the reference level: within trials, and as pools by subgroup have them.

    Raises
    ------
    OptionError
        When the wish has no use for this result.
    """
    refuse(wish, "the differences between several levels")
    if wish.study_interval != "exact":
        raise OptionError("study_interval= has no use here: no single trials are shown.")
    journal, record, test = wish.journal, result.record, result.test
    within, by = result.interaction_table(transform=True), titled(result.reports.by)
    across = natural_table(result.across_interactions, record)
    form = form_for(record, within, result.level)

    def line(label: str, estimate: float, low: float, high: float) -> Row:
        text = journal.decimal(journal.interval(estimate, low, high, form))
        return row("pooled", label, estimate=estimate, low=low, high=high, effect=text)

    def block(title: str, table: pd.DataFrame) -> list[Row]:
        lines = zip(table["level"], *(table[name] for name in LIMITS), strict=True)
        return [row("group", title), *(line(f"{level} against {result.levels[0]}", *x) for level, *x in lines)]

    rows = block(f"{by}: within trials", within)
    rows[1:] = [
        {**one, "label": f"{one['label']} ({n} trial{'s' * (n != 1)})"}
        for one, n in zip(rows[1:], within["trials"], strict=True)
    ]
    if result.trend is not None:
        limits = (float(result.natural(getattr(result.trend, name))) for name in LIMITS)
        rows.append(line("Trend, by one unit of score", *limits))
    said = chi_square(journal, test.statistic, test.df, test.p_value)
    rows.append(row("text", journal.decimal(f"All differences together: {said}")))
    rows += [row("space"), *block(f"{by}: across trials", across)]
    axis = axis_name(record, wish)
    model = "common differences" if result.method == "CE" else f"random effects ({result.method}, {result.structure})"
    notes = [
        note(f"Within trials: {model}; Wald {100 * result.level:g}% confidence interval."),
        note("Across trials: each level pooled by itself, which mixes in how trials differ (aggregation bias)."),
    ]
    columns = {"effect": Column(header=effect_header(axis, result.level, wish), cells=[])}
    named = replace(wish, journal=replace(journal, study="Difference"))
    return content(rows, columns, named, record, pd.DataFrame(), axis, float(record.inverse(0.0)), notes)


def regression_content(result: RegressionResult, wish: Wish) -> ForestRows:
    """Return the rows of a regression: trials, and below each what the regression expects of it.

    Raises
    ------
    DataError
        When the measure has no back-transform by itself.
    OptionError
        When the wish has no use for this result.
    """
    refuse(wish, "a regression")
    record, journal, s = result.record, wish.journal, result.studies
    if record.inverse_needs is not None:
        raise DataError(f"measure {record.code!r} has no back-transform of its own; regress PLO, of rates IRLN.")
    # a pool of the same trials knows how each is shown, with its own interval
    trials = s.data.assign(yi=s.yi, vi=s.vi)
    shown = replace(pool(trials, measure=result.measure, method="CE", ci="wald", level=result.level), studies=s)
    w = weights(s.vi, float(np.nan_to_num(result.tau2)))
    block = Block(shown, {"share": 100 * w / w.sum()}, wish, form_of(shown))
    factor = 100 if record.scale == "percent" else 1
    fitted = factor * result.predict(s.data, transform=True)[list(LIMITS)].to_numpy()
    names = ("model", "model_low", "model_high")
    rows = [{**one, **dict(zip(names, x, strict=True))} for one, x in zip(block.trials(), fitted, strict=True)]
    rows += [row("text", text) for text in said_of(result, journal)]
    own = f"intervals of single trials: {own_intervals(shown, wish)}."
    notes = [
        note(f"Meta-regression {result.formula} ({result.method})."),
        Note(f"Open circles: mean effect by the regression; {INTERVALS[result.ci]} {100 * result.level:g}% confidence "
             "interval.", ""),
        Note(f"Square area: weight; {own}", own[:1].upper() + own[1:]),
    ]  # fmt: skip
    return assemble(block, rows, None, notes)


def said_of(result: RegressionResult, journal: Journal) -> list[str]:
    """Return what is left of heterogeneity, and the test of moderators."""
    left = inconsistency(f"τ² = {journal.tau2(result.tau2)}", result, journal, result.method == "CE")
    r2 = "" if math.isnan(result.r2) else f"; R² = {result.r2:.0f}%"
    # without an intercept the test is that all mean effects are 0 as well
    what = "moderators" if "intercept" in result.design.names[:-1] else "all coefficients"
    lines = (f"Residual heterogeneity: {left}{r2}", f"Test of {what}: {moderator_test(result, journal)}")
    return [journal.decimal(line) for line in lines]


def refuse(wish: Wish, what: str) -> None:
    """Raise an OptionError where columns of pools are wished for."""
    for name in ("common", "shrinkage"):
        if getattr(wish, name):
            raise OptionError(f"{name}= has no use for {what}.")
