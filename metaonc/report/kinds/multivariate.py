"""Pools of several outcomes together: words, and a table with a row an outcome."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from ...analysis.effects.measures import MEASURES, Measure
from ...analysis.methods.tau2 import TAU2_METHODS
from ...analysis.pooling.multivariate.result import SINGULAR, MultivariateResult
from ...base.digits import UNKNOWN, Form, in_percent, number, statistic
from ..blocks import Block
from ..document.look import Look
from ..forest.assemble import form_for
from ..forest.content import titled
from ..journals import Journal
from ..tables.coefficients import VALUES, coefficients, p_cell
from ..tables.content import Table
from ..texts.multivariate import together
from ..texts.preparation import left_out
from ..texts.printer import Printer, capital, listed, several
from . import Kind

REFERENCE = "Berkey et al. 1998"
MOMENTS = "Jackson, White and Riley 2013"


def _methods(r: MultivariateResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a pool of several outcomes."""
    records = [MEASURES[m] for m in r.measures]
    names = [titled(name) for name in r.outcomes]
    pairs = zip(names, records, strict=True)
    own = listed(f"the {record.natural} of {name}{_analysed(record)}" for name, record in pairs)
    cited += [REFERENCE, MOMENTS if r.method == "MM" else TAU2_METHODS[r.method].reference]
    percent = printer.percent(r.level)
    predicted = "" if r.method == "CE" else f"Prediction intervals ({percent}) are for the effects in a new trial. "
    correlated = (r.structure == "unstructured" and r.method != "CE") or bool(
        (np.triu(np.abs(r.within), 1) > 0).any()  # else outcomes are pooled as if each were alone
    )
    borrowed = " A trial that reports some of the outcomes also informs the others." if correlated else ""
    return [
        f"The effect measures were {own}.",
        f"Effects and their sampling variances and covariances were analysed as given{_within(r, printer)}.",
        f"The {len(names)} outcomes were pooled together by {_model(r)}.{borrowed} "
        f"Confidence intervals ({percent}) are Wald intervals. "
        f"{predicted}"
        f"Heterogeneity was described by τ² of each outcome and {printer.cochran} over all outcomes.",
    ]


def _within(r: MultivariateResult, printer: Printer) -> str:
    """Return the correlations of sampling errors within trials that the covariances say."""
    said = []
    sd = np.sqrt(np.diagonal(r.within, axis1=1, axis2=2))
    for i in range(len(r.outcomes)):
        for j in range(i):
            there = np.isfinite(r.yi[:, [i, j]]).all(axis=1) & (sd[:, i] * sd[:, j] > 0)
            both = r.within[there, i, j] / (sd[there, i] * sd[there, j])
            if len(both):
                low, high = (printer.journal.decimal(number(float(x), 2)) for x in (both.min(), both.max()))
                names = f"{titled(r.outcomes[j])} and {titled(r.outcomes[i])}"
                said.append(f"{low if low == high else f'{low} to {high}'} ({names})")
    return f"; the covariances are those of correlations within trials of {listed(said)}" if said else ""


def _model(r: MultivariateResult) -> str:
    if r.method == "CE":
        return "a multivariate common-effect model"
    how = "the method of moments" if r.method == "MM" else TAU2_METHODS[r.method].label
    shape = "with" if r.structure == "unstructured" else "without"
    return (
        f"a multivariate random-effects model, {shape} correlation of true effects between outcomes; the covariance "
        f"between trials was estimated by {how}"
    )


def _results(r: MultivariateResult, printer: Printer) -> list[str]:
    """Return the paragraphs on a pool of several outcomes."""
    form = {name: _form(r, i) for i, name in enumerate(r.outcomes)}
    q = printer.plain(printer.journal.q.format(q=statistic(r.q), df=r.q_df, p=printer.journal.p(r.q_p)))
    return [
        left_out(r),
        f"{several(r.k)} contributed.",
        *(_outcome(r, i, form[name], printer) for i, name in enumerate(r.outcomes)),
        *_correlations(r, printer),
        f"Heterogeneity over all outcomes: {q}.",
    ]


def _form(r: MultivariateResult, i: int) -> Form:
    """Return how numbers of an outcome are printed."""
    rows = r.tidy(transform=True)
    return form_for(
        MEASURES[r.measures[i]], rows[(rows["outcome"] == r.outcomes[i]) & (rows["type"] == "study")], r.level
    )


def _values(r: MultivariateResult, i: int, *fields: str) -> list[float]:
    """Return numbers of an outcome on the scale shown: percent of proportions."""
    factor = 100 if MEASURES[r.measures[i]].scale == "percent" else 1
    return [factor * float(r.natural(np.asarray(getattr(r, field)))[i]) for field in fields]


def _pairs(r: MultivariateResult) -> Iterable[tuple[str, str, float]]:
    """Return the pairs of outcomes with the correlation of their true effects."""
    for i in range(len(r.outcomes)):
        for j in range(i):
            yield titled(r.outcomes[j]), titled(r.outcomes[i]), float(r.tau_correlation[i, j])


def _analysed(record: Measure) -> str:
    return "" if record.label == record.natural else f" (as {record.label})"


def _outcome(r: MultivariateResult, i: int, form: Form, printer: Printer) -> str:
    record = MEASURES[r.measures[i]]
    unit = printer.unit_of(record)
    effect = printer.interval(_values(r, i, "estimate", "ci_low", "ci_high"), form, r.level, unit=unit)
    tested = "" if record.null is None else f", {printer.p(float(r.p_value[i]))}"
    pooled = f"The pooled {record.natural} of {titled(r.outcomes[i])} ({several(r.reported[i])}) was {effect}{tested}"
    if r.method == "CE":
        return f"{pooled}."
    first, last = _values(r, i, "prediction_low", "prediction_high")
    low, high = printer.together(form, first, last)
    predicted = (
        f"in a new trial it is expected between {low} and {high}{unit} ({printer.percent(r.level)} prediction interval)"
    )
    if not first < last:
        predicted = "no prediction interval can be estimated"
    return f"{pooled}; τ² = {printer.significant(float(r.tau2[i, i]))}; {predicted}."


def _correlations(r: MultivariateResult, printer: Printer) -> Iterable[str]:
    if r.structure != "unstructured" or r.method == "CE":
        return
    for first, second, value in _pairs(r):
        shown = "not estimable" if math.isnan(value) else printer.journal.decimal(number(value, 2))
        yield f"Between trials, the correlation of true effects of {first} and {second} was {shown}."
    if f"{SINGULAR}." in r.provenance.notes:
        yield f"{capital(SINGULAR)}."


def _table(r: MultivariateResult, journal: Journal, effect: str | None) -> Table:
    """Return the pooled effects of several outcomes, with their heterogeneity and correlations."""
    percent = journal.decimal(f"{in_percent(r.level)}%")
    rows, numbers = [], []
    for i, name in enumerate(r.outcomes):
        record, form = MEASURES[r.measures[i]], _form(r, i)
        unit = ", %" if record.scale == "percent" else ""
        estimate, low, high = _values(r, i, "estimate", "ci_low", "ci_high")
        first, last = _values(r, i, "prediction_low", "prediction_high")
        p = math.nan if record.null is None else float(r.p_value[i])
        common = r.method == "CE"
        shown = (
            journal.interval(estimate, low, high, form),
            "" if common else journal.between(first, last, form).strip("()[]") if first < last else UNKNOWN,
            "" if common else journal.tau2(float(r.tau2[i, i])),
        )
        effects, prediction, tau2 = map(journal.decimal, shown)
        what = (titled(name), capital(f"{record.natural}{unit}"), str(r.reported[i]))
        rows.append((*what, effects, p_cell(journal, p), prediction, tau2))
        numbers.append({"label": name, **dict(zip(VALUES, (estimate, low, high), strict=True)), "p_value": p})
    symbol = capital(journal.p.symbol)
    return coefficients(
        title=f"{effect or 'Pooled effects'} of {len(r.outcomes)} outcomes in {several(r.k)}",
        headers=("Outcome", "Measure", "Trials", f"Estimate ({percent} CI)", symbol, f"{percent} prediction interval",
                 "τ²"),
        rows=rows,
        texts=list(_spread(r, journal)),
        footnotes=(f"{capital(together(r.method, r.structure))}; Wald {percent} confidence interval.",),
        numbers=numbers,
    )  # fmt: skip


def _spread(r: MultivariateResult, journal: Journal) -> Iterable[str]:
    q = journal.q.format(q=statistic(r.q), df=r.q_df, p=journal.p(r.q_p))
    yield journal.decimal(f"Heterogeneity over all outcomes: {q}")
    if r.structure == "unstructured" and r.method != "CE":
        for first, second, value in _pairs(r):
            shown = "not estimable" if math.isnan(value) else journal.decimal(number(value, 2))
            yield f"Correlation between trials, {first} and {second}: {shown}"


def _figures(r: MultivariateResult, look: Look) -> tuple[Block, ...]:
    from ..document.figures import printed

    return printed(r, look)


KIND = Kind(verbs="pool_multivariate", methods=_methods, results=_results, table=_table, figures=_figures)
