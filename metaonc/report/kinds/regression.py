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
from ...base.words import plural
from ...errors import DataError
from ..blocks import Block
from ..document.look import Look
from ..forest.assemble import refuse
from ..forest.content import ForestRows, ForestSpec, Note, note, row
from ..forest.notes import INTERVALS, chi_square, inconsistency
from ..journals import Journal
from ..tables.coefficients import VALUES, coefficients, p_cell
from ..tables.content import Table
from ..texts.cautions import said_beside
from ..texts.intervals import interval_method
from ..texts.preparation import dependent, left_out, measured, obtained
from ..texts.printer import Printer, capital, listed, several
from . import Kind
from .pool.rows import PoolBlock, assemble
from .terms import Term, listed_moderators, named, terms_of


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
    terms = terms_of(r)
    moderators = [term for term in terms if term.moderator]
    means = [term for term in terms if not term.moderator and not (term.name == "Intercept" and moderators)]
    left, *test = (f"{printer.plain(text)}." for text in _said(r, printer.whole))
    trials = len(set(r.studies.labels))
    rows = several(r.k) if trials == r.k else f"{several(r.k, 'row')} of {several(trials)}"
    tested = moderators or r.record.null is not None  # nobody asks whether a mean rate is 50 %
    return [
        left_out(r),
        f"The regression rests on {rows}.",
        _means(means, bool(moderators), r, printer),
        _moderators(moderators, r, printer),
        " ".join([*test, left]) if tested else left,
    ]


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


def _means(terms: list[Term], beside: bool, r: RegressionResult, printer: Printer) -> str:
    if not terms:
        return ""
    each = (
        printer.interval(term.values, term.form, r.level, unit=term.unit or printer.unit_of(r.record))
        + (" over all trials" if term.name == "Intercept" else f" for {term.name}")
        + said_beside(r.cautions, printer, term.form, term.column)
        for term in terms
    )
    others = ", the other moderators being 0 or at their reference" if beside else ""
    return f"The mean {terms[0].what} was {listed(each)}{others}."


def _moderators(terms: list[Term], r: RegressionResult, printer: Printer) -> str:
    if not terms:
        return ""
    each = [
        f"{printer.interval(t.values, t.form, r.level, unit=t.unit)}, {_tested(t, printer)}, {_for(t)}"
        f"{said_beside(r.cautions, printer, t.form, t.column)}"
        for t in terms
    ]
    if len(terms) == 1:
        return f"The {terms[0].what} was {each[0]}."
    shown = "; ".join(each)
    crossed = any(" × " in term.name for term in terms)
    fixed = "" if crossed else ", each with the other moderators held fixed"
    return f"Coefficients ({plural(terms[0].what)}){fixed}: {shown}."


def _tested(term: Term, printer: Printer) -> str:
    return "without a test" if math.isnan(term.p) else printer.p(term.p)


def _for(term: Term) -> str:
    return f"for {term.name}" if " against " in term.name else f"per unit of {term.name}"


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
        note(f"Meta-regression{_on(result)} ({model})."),
        Note(f"Open circles: mean effect by the regression; {INTERVALS[result.ci]} {in_percent(result.level)}% "
             "confidence interval.", ""),
        note(own),
    ]  # fmt: skip
    return assemble(block, rows, None, notes, model="mean effect by the regression")


def _on(r: RegressionResult) -> str:
    moderators = listed_moderators(r.design)
    return f" on {listed(moderators)}" if moderators else " without moderators"


def _said(result: RegressionResult, journal: Journal) -> list[str]:
    """Return what is left of heterogeneity, and the test of moderators, with its scale at least 1 where it is less."""
    left = inconsistency(f"τ² = {journal.tau2(result.tau2)}", result, journal, is_common(result.method))
    r2 = "" if math.isnan(result.r2) else f"; R² = {whole_percent(result.r2)}%"
    # without an intercept the test is that all mean effects are 0 as well
    what = "moderators" if "intercept" in result.design.names[:-1] else "all coefficients"
    lines = [f"Residual heterogeneity: {left}{r2}", f"Test of {what}: {_test(result, journal)}"]
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
    return "; ".join([_on(r).strip(), *parts, f"{INTERVALS[r.ci]} {in_percent(r.level)}% confidence interval"])


def _table(r: RegressionResult, journal: Journal, effect: str | None) -> Table:
    """Return the coefficients of a meta-regression, the test of moderators and what heterogeneity is left."""
    terms = terms_of(r)
    rows = [
        (_label(t), capital(t.what), _cell(journal, t.values, t), p_cell(journal, t.p))
        for t in terms
    ]  # fmt: skip
    model = "Common effect" if is_common(r.method) else f"Random effects ({r.method})"
    percent = journal.decimal(f"{in_percent(r.level)}%")
    numbers = [
        {"label": t.name, **dict(zip(VALUES, t.values, strict=True)), "p_value": t.p}
        for t in terms
    ]  # fmt: skip
    return coefficients(
        title=f"Meta-regression: {effect or r.record.natural} in {several(len(set(r.studies.labels)))}",
        headers=("Term", "Measure", f"Estimate ({percent} CI)", capital(journal.p.symbol)),
        rows=rows,
        texts=_said(r, journal),
        footnotes=(f"{model}; {INTERVALS[r.ci]} {percent} confidence interval.",),
        numbers=numbers,
    )


def _label(term: Term) -> str:
    plain = not term.moderator or " against " in term.name
    return term.name if plain else f"{term.name}, per unit"


def _cell(journal: Journal, values: tuple[float, float, float], term: Term) -> str:
    text = journal.decimal(journal.interval(*values, form=term.form))
    return text.replace(" ", f"{term.unit} ", 1)


def _figures(r: RegressionResult, look: Look) -> tuple[Block, ...]:
    from ..document.figures import forest_blocks, printed

    return *printed(r, look), *forest_blocks(r, look)


def _beside_said(r: RegressionResult) -> list[str]:
    """Return the coefficients that the results paragraphs name: not an intercept beside moderators."""
    alone = all(not term.moderator for term in terms_of(r))
    return [term.column for term in terms_of(r) if alone or term.name != "Intercept"]


def _named(r: RegressionResult, term: str) -> str:
    return named(term, r.design)


KIND = Kind(
    verbs="regress", methods=_methods, results=_results, rows=_rows, table=_table, figures=_figures, named=_named,
    beside_said=_beside_said, model=_by,
)  # fmt: skip
