"""Meta-regression: words (PRISMA 2020, items 13e and 20c), forest rows, and the table of coefficients."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ...analysis.interaction.wording import LIMITS
from ...analysis.methods.intervals import CI_METHODS
from ...analysis.methods.tau2 import TAU2_METHODS, is_common
from ...analysis.numeric.normal_likelihood import weights
from ...analysis.pooling.inverse_variance.pool import pool
from ...analysis.pooling.regression.cautions import FITTED
from ...analysis.pooling.regression.result import RegressionResult
from ...base.digits import UNKNOWN, in_percent, significant, statistic, whole_percent
from ...errors import DataError
from ..blocks import Block
from ..document.look import Look
from ..forest.assemble import refuse
from ..forest.content import ForestRows, ForestSpec, Note, note, row
from ..forest.notes import INTERVALS, chi_square, inconsistency
from ..journals import Journal
from ..tables.content import Table
from ..texts.intervals import interval_method
from ..texts.preparation import dependent, left_out, measured, obtained
from ..texts.printer import Printer, listed
from . import Kind
from .coefficients import beside_said, estimated, is_tested, named_of, regressed_on, table_of, unsaid
from .pool.rows import PoolBlock, assemble
from .terms import listed_moderators


def _methods(r: RegressionResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a meta-regression."""
    s = r.studies
    return [
        measured(r.record),
        obtained(r.record, s.data, s.labels, printer, cited),
        dependent(r.k, len(set(s.labels))),
        " ".join([_model(r, cited), *_tests(r, cited, printer)]),
    ]


def _results(r: RegressionResult, printer: Printer) -> list[str]:
    """Return the paragraphs on a meta-regression: rows used, coefficients, test of moderators, what is left."""
    left, *test = (f"{printer.plain(text)}." for text in _said(r, printer.whole))
    return [left_out(r), *estimated(r, printer), " ".join([*test, left]) if is_tested(r) else left]


def _model(r: RegressionResult, cited: list[str]) -> str:
    moderators = listed_moderators(r.design)
    on = f"regressed on {listed(moderators)}" if moderators else "pooled without moderators"
    if is_common(r.method):
        return f"Effects were {on} by weighted least squares, without variance beyond that of sampling."
    record = TAU2_METHODS[r.method]
    cited.append(record.reference)
    return (
        f"Effects were {on} by a random-effects meta-regression; the residual variance between trials (τ²) "
        f"was estimated by {record.label}."
    )


def _tests(r: RegressionResult, cited: list[str], printer: Printer) -> Iterable[str]:
    yield interval_method(r.ci, printer.percent(r.level), cited, " of coefficients")
    if "intercept" in r.design.names[:-1]:
        test = "a Wald chi-square" if CI_METHODS[r.ci].is_normal else "an F"
        floor = ", also with its scale at least 1, since effects agree with the model by more than expected"
        yield f"Moderators were tested together by {test} test{floor * r.floor.is_fragile}."
    if not math.isnan(r.r2):
        yield "R² is the share of the variance between trials that the model explains."
    left = "" if is_common(r.method) else "τ², "
    yield f"Residual heterogeneity was described by {left}I² and {printer.cochran}."


def _rows(result: RegressionResult, spec: ForestSpec) -> ForestRows:
    """Return the rows of a regression: trials, and below each what the regression expects of it.

    Raises
    ------
    DataError
        When the measure has no back-transform by itself.
    OptionError
        When an option asked for has no use for this result.
    """
    refuse(spec, "a regression", ("common", "shrinkage", "prediction", "subgroup_label"))
    record, journal, s = result.record, spec.journal, result.studies
    if record.inverse_needs is not None:
        raise DataError(f"measure {record.code!r} has no back-transform of its own; regress PLO, of rates IRLN.")
    # a pool of the same trials knows how each is shown, with its own interval
    trials = s.data.assign(yi=s.yi, vi=s.vi)
    shown = replace(pool(trials, measure=result.measure, method="CE", ci="wald", level=result.level), studies=s)
    w = weights(s.vi, float(np.nan_to_num(result.tau2)))
    block = PoolBlock(shown, {"share": 100 * w / w.sum()}, spec)
    factor = 100 if record.scale == "percent" else 1
    fitted = factor * result.predict(s.data, transform=True)[list(LIMITS)].to_numpy()
    names = ("model", "model_low", "model_high")
    rows = [{**one, **dict(zip(names, x, strict=True))} for one, x in zip(block.pooled_trials(), fitted, strict=True)]
    rows = block.with_left_out(rows)
    rows += [row("text", text) for text in _said(result, journal)]
    own = f"Intervals of single trials: {block.own_intervals}."
    model = "common effect" if is_common(result.method) else f"random effects, {result.method}"
    notes = [
        note(f"Meta-regression{regressed_on(result)} ({model})."),
        Note(f"Open circles: mean effect by the regression; {INTERVALS[result.ci]} {in_percent(result.level)}% "
             "confidence interval.", ""),
        note(own),
    ]  # fmt: skip
    return assemble(block, rows, None, notes, model="mean effect by the regression")


def _said(result: RegressionResult, journal: Journal) -> list[str]:
    """Return what is left of heterogeneity, and the test of moderators, with its scale at least 1 where it is less."""
    left = inconsistency(f"τ² = {journal.tau2(result.tau2)}", result, journal, is_common(result.method))
    r2 = "" if math.isnan(result.r2) else f"; R² = {whole_percent(result.r2)}%"
    lines = [f"Residual heterogeneity: {left}{r2}", f"Test of {result.tested}: {_test(result, journal)}"]
    floor = result.floor
    if floor.is_fragile:
        scale = significant(floor.scale)
        lines.append(f"With its scale at least 1 (it is {scale}): {_f(result, floor.f, floor.p, journal)}")
    return [journal.decimal(line) for line in lines]


def _test(r: RegressionResult, journal: Journal) -> str:
    """Return the test of all moderators of a regression: chi-square, or F where intervals are of t."""
    if math.isnan(r.q_model):
        return f"{UNKNOWN}, as {FITTED}"
    if CI_METHODS[r.ci].is_normal:
        return chi_square(journal, r.q_model, r.q_model_df, r.q_model_p)
    return _f(r, r.q_model, r.q_model_p, journal)


def _f(r: RegressionResult, f: float, p: float, journal: Journal) -> str:
    return f"F = {statistic(f)} (df {r.q_model_df} and {r.q_df}), {journal.p(p)}"


def _by(r: RegressionResult) -> str:
    parts = ["common effect" if is_common(r.method) else f"random effects ({r.method})"]
    return "; ".join([regressed_on(r).strip(), *parts, f"{INTERVALS[r.ci]} {in_percent(r.level)}% confidence interval"])


def _table(r: RegressionResult, journal: Journal, effect: str | None) -> Table:
    """Return the coefficients of a meta-regression, the test of moderators and what heterogeneity is left."""
    model = "Common effect" if is_common(r.method) else f"Random effects ({r.method})"
    percent = journal.decimal(f"{in_percent(r.level)}%")
    return table_of(r, journal, title=f"Meta-regression: {effect or r.record.natural}", texts=_said(r, journal),
                    footnote=f"{model}; {INTERVALS[r.ci]} {percent} confidence interval.")  # fmt: skip


def _figures(r: RegressionResult, look: Look) -> tuple[Block, ...]:
    from ..document.figures import forest_blocks, printed

    return *printed(r, look), *forest_blocks(r, look)


KIND = Kind(
    verbs="regress", methods=_methods, results=_results, rows=_rows, table=_table, figures=_figures, named=named_of,
    beside_said=beside_said, unsaid=unsaid, model=_by,
)  # fmt: skip
