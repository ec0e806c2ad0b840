"""Sentences and cells on coefficients, whatever the random effects of the regression."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...analysis.pooling.moderators.coefficients import CoefficientsResult
from ...base.digits import in_percent
from ...base.words import plural
from ..journals import Journal
from ..tables.coefficients import VALUES, coefficients, p_cell
from ..tables.content import Table
from ..texts.cautions import said_beside
from ..texts.printer import Printer, capital, listed, several
from .terms import Term, listed_moderators, named, terms_of


def estimated(r: CoefficientsResult, printer: Printer) -> list[str]:
    """Return the paragraphs on what a regression rests on, on mean effects, and on moderators."""
    terms = terms_of(r)
    moderators = [term for term in terms if term.moderator]
    means = [term for term in terms if not term.moderator and not (term.name == "Intercept" and moderators)]
    trials = len(set(r.studies.labels))
    rows = several(r.k) if trials == r.k else f"{several(r.k, 'row')} of {several(trials)}"
    curves = dict.fromkeys(term.curve for term in moderators if term.curve)
    return [
        f"The regression rests on {rows}.",
        _means(means, bool(moderators), r, printer),
        _moderators([term for term in moderators if not term.curve], r, printer),
        " ".join(_curve(curve, r, printer) for curve in curves),
    ]


def _curve(curve: str, r: CoefficientsResult, printer: Printer) -> str:
    """Return the sentence on a transform of several columns, whose coefficients mean nothing one by one."""
    columns = [name for name in r.design.names if r.design.curve(name) == curve]
    p = r.test_of(columns)
    test = "" if math.isnan(p) else f" (that it is flat: {printer.p(p)})"
    return f"The {len(columns)} coefficients of {curve} are of one curve{test} and mean nothing one by one."


def is_tested(r: CoefficientsResult) -> bool:
    """Whether the test of all coefficients is told: nobody asks whether a mean rate is 50 %."""
    return r.record.null is not None or any(term.moderator for term in terms_of(r))


def _means(terms: list[Term], beside: bool, r: CoefficientsResult, printer: Printer) -> str:
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


def _moderators(terms: list[Term], r: CoefficientsResult, printer: Printer) -> str:
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
    text = f"for {term.name}" if " against " in term.name else f"per unit of {term.name}"
    return f"{text} where {term.where}" if term.where else text


def regressed_on(r: CoefficientsResult) -> str:
    """Return on what effects were regressed, after a word before it."""
    moderators = listed_moderators(r.design)
    return f" on {listed(moderators)}" if moderators else " without moderators"


def table_of(r: CoefficientsResult, journal: Journal, *, title: str, texts: Sequence[str], footnote: str) -> Table:
    """Return the table of the coefficients, with lines of text below them and a footnote."""
    terms = terms_of(r)
    percent = journal.decimal(f"{in_percent(r.level)}%")
    return coefficients(
        title=f"{title} in {several(len(set(r.studies.labels)))}",
        headers=("Term", "Measure", f"Estimate ({percent} CI)", capital(journal.p.symbol)),
        rows=[(_label(t), capital(t.what), _cell(journal, t.values, t), p_cell(journal, t.p)) for t in terms],
        texts=texts,
        footnotes=(footnote,),
        numbers=[
            {"label": t.name, **dict(zip(VALUES, t.values, strict=True)), "p_value": t.p} for t in terms
        ],
    )  # fmt: skip


def _label(term: Term) -> str:
    plain = not term.moderator or " against " in term.name or term.curve
    return term.name if plain else f"{term.name}, per unit"


def _cell(journal: Journal, values: tuple[float, float, float], term: Term) -> str:
    text = journal.decimal(journal.interval(*values, form=term.form))
    return text.replace(" ", f"{term.unit} ", 1)


def beside_said(r: CoefficientsResult) -> list[str]:
    """Return the coefficients that the results paragraphs name."""
    return [term.column for term in terms_of(r) if term.column not in unsaid(r)]


def unsaid(r: CoefficientsResult) -> list[str]:
    """Return those that they do not: an intercept beside moderators, and the columns of a curve."""
    terms = terms_of(r)
    alone = all(not term.moderator for term in terms)
    return [term.column for term in terms if term.curve or (term.name == "Intercept" and not alone)]


def named_of(r: CoefficientsResult, term: str) -> str:
    """Return a coefficient by a name that readers know."""
    return named(term, r.design)
