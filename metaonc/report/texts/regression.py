"""Meta-regression, in the words of a manuscript (PRISMA 2020, items 13e and 20c)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ...analysis.methods.tau2 import TAU2_METHODS
from ...analysis.pooling.regression.result import RegressionResult
from ..forest.models import said_of
from .pool_methods import interval_method
from .preparation import dependent, left_out, measured, obtained
from .printer import Printer, listed, plural, several
from .terms import Term, listed_moderators, terms_of


def methods(r: RegressionResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a meta-regression."""
    s = r.studies
    return [
        measured(r.record),
        obtained(r.record, s.data, s.labels, printer),
        dependent(r.k, len(set(s.labels))),
        " ".join([_model(r, cited), *_tests(r, cited, printer)]),
    ]


def results(r: RegressionResult, printer: Printer) -> list[str]:
    """Return the paragraphs on a meta-regression: rows used, coefficients, test of moderators, what is left."""
    terms = terms_of(r)
    moderators = [term for term in terms if term.moderator]
    means = [term for term in terms if not term.moderator and not (term.name == "Intercept" and moderators)]
    left, test = (f"{printer.plain(text)}." for text in said_of(r, printer.whole))
    trials = len(set(r.studies.labels))
    rows = several(r.k) if trials == r.k else f"{several(r.k, 'row')} of {several(trials)}"
    tested = moderators or r.record.null is not None  # nobody asks whether a mean rate is 50 %
    return [
        left_out(r.provenance),
        f"The regression rests on {rows}.",
        _means(means, bool(moderators), r, printer),
        _moderators(moderators, r, printer),
        f"{test} {left}" if tested else left,
    ]


def _model(r: RegressionResult, cited: list[str]) -> str:
    moderators = listed_moderators(r.design)
    on = f"regressed on {listed(moderators)}" if moderators else "pooled without moderators"
    if r.method == "CE":
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
        yield f"Moderators were tested together by {'a Wald chi-square' if r.ci == 'wald' else 'an F'} test."
    if not math.isnan(r.r2):
        yield "R² is the share of the variance between trials that the model explains."
    left = "" if r.method == "CE" else "τ², "
    yield f"Residual heterogeneity was described by {left}I² and {printer.cochran}."


def _means(terms: list[Term], beside: bool, r: RegressionResult, printer: Printer) -> str:
    if not terms:
        return ""
    each = (
        printer.interval(term.values, term.form, r.level, unit=term.unit or printer.unit_of(r.record))
        + (" over all trials" if term.name == "Intercept" else f" for {term.name}")
        for term in terms
    )
    others = ", the other moderators being 0 or at their reference" if beside else ""
    return f"The mean {terms[0].what} was {listed(each)}{others}."


def _moderators(terms: list[Term], r: RegressionResult, printer: Printer) -> str:
    if not terms:
        return ""
    each = [f"{printer.interval(t.values, t.form, r.level, unit=t.unit)}, {printer.p(t.p)}" for t in terms]
    if len(terms) == 1:
        return f"The {terms[0].what} was {each[0]}, {_for(terms[0])}."
    shown = "; ".join(f"{value}, {_for(term)}" for term, value in zip(terms, each, strict=True))
    crossed = any(" × " in term.name for term in terms)
    fixed = "" if crossed else ", each with the other moderators held fixed"
    return f"Coefficients ({plural(terms[0].what)}){fixed}: {shown}."


def _for(term: Term) -> str:
    return f"for {term.name}" if " against " in term.name else f"per unit of {term.name}"
