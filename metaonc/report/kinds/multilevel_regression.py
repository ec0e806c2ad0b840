"""Multilevel meta-regression: words and the table of coefficients."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ...analysis.pooling.multilevel.regression_result import MultilevelRegressionResult
from ...base.digits import in_percent, plain, significant, statistic
from ..blocks import Block
from ..document.look import Look
from ..forest.notes import INTERVALS, chi_square
from ..journals import Journal
from ..tables.content import Table
from ..texts.preparation import left_out, measured, obtained
from ..texts.printer import Printer, listed, several
from . import Kind
from .coefficients import beside_said, estimated, is_tested, named_of, regressed_on, table_of, unsaid
from .pool.multilevel import REFERENCE, nested_in, robust_over


def _methods(r: MultilevelRegressionResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a multilevel meta-regression."""
    s = r.studies
    return [
        measured(r.record),
        obtained(r.record, s.data, s.labels, printer, cited),
        " ".join([_model(r, cited), *_tests(r, printer)]),
    ]


def _model(r: MultilevelRegressionResult, cited: list[str]) -> str:
    cited.append(REFERENCE)
    robust = robust_over(r, cited)
    return f"Effects were regressed{regressed_on(r)} by a multilevel model {nested_in(r)}.{f' {robust}' * bool(robust)}"


def _tests(r: MultilevelRegressionResult, printer: Printer) -> Iterable[str]:
    yield f"Confidence intervals of coefficients ({printer.percent(r.level)}) are {INTERVALS[r.ci]} intervals."
    if "intercept" in r.design.names[:-1] and not math.isnan(r.q_model):
        yield f"Moderators were tested together by {'a Wald chi-square' if r.ci == 'wald' else 'an F'} test."
    yield f"Residual heterogeneity was described by the variance of each level (σ²) and {printer.cochran}."


def _results(r: MultilevelRegressionResult, printer: Printer) -> list[str]:
    """Return the paragraphs on it: rows used, coefficients, test of moderators, what is left."""
    left, *test = (f"{printer.plain(text)}." for text in _said(r, printer.whole))
    return [left_out(r), *estimated(r, printer), " ".join([*test, left]) if is_tested(r) else left]


def _said(r: MultilevelRegressionResult, journal: Journal) -> list[str]:
    """Return what is left of heterogeneity, and the test of moderators where there is one."""
    variances = zip(r.components, r.sigma2, strict=True)
    parts = listed(f"σ² = {significant(value)} for {name}" for name, value in variances)
    left = f"Residual heterogeneity: {parts}; {journal.q.format(q=statistic(r.q), df=r.q_df, p=journal.p(r.q_p))}"
    if math.isnan(r.q_model):
        return [journal.decimal(left)]
    return [journal.decimal(left), journal.decimal(f"Test of {r.tested}: {_test(r, journal)}")]


def _test(r: MultilevelRegressionResult, journal: Journal) -> str:
    if r.ci == "wald":
        return chi_square(journal, r.q_model, r.q_model_df, r.q_model_p)
    df = plain(float(r.q_df) if r.clusters is None else _robust_df(r))
    return f"F = {statistic(r.q_model)} (df {r.q_model_df} and {df}), {journal.p(r.q_model_p)}"


def _robust_df(r: MultilevelRegressionResult) -> float:
    """Return the denominator's degrees of freedom: those of the one moderator, or of all by CR1."""
    tested = [name for name in r.design.names if name != "intercept"] or list(r.design.names)
    return float(r.coefficients["df"][tested[0]])


def _table(r: MultilevelRegressionResult, journal: Journal, effect: str | None) -> Table:
    title = f"Multilevel meta-regression: {effect or r.record.natural}"
    return table_of(r, journal, title=title, texts=_said(r, journal), footnote=f"{_note(r, journal)}.")


def _note(r: MultilevelRegressionResult, journal: Journal) -> str:
    units = listed(f"{name} ({several(count, 'unit')})" for name, count in zip(r.components, r.units, strict=True))
    percent = journal.decimal(f"{in_percent(r.level)}%")
    return f"Random effects of {units} ({r.method}); {INTERVALS[r.ci]} {percent} confidence interval"


def _figures(r: MultilevelRegressionResult, look: Look) -> tuple[Block, ...]:
    from ..document.figures import printed

    return printed(r, look)


def _by(r: MultilevelRegressionResult) -> str:
    nesting = f"random effects of {listed(r.components)} ({r.method})"
    return "; ".join([regressed_on(r).strip(), nesting,
                      f"{INTERVALS[r.ci]} {in_percent(r.level)}% confidence interval"])  # fmt: skip


KIND = Kind(
    verbs="regress_multilevel", methods=_methods, results=_results, table=_table, figures=_figures, named=named_of,
    beside_said=beside_said, unsaid=unsaid, model=_by,
)  # fmt: skip
