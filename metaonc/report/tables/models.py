"""Tables of results whose rows are no trials: coefficients of a regression, several outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ...analysis.effects.measures import MEASURES
from ...analysis.pooling.multivariate.result import MultivariateResult
from ...analysis.pooling.regression.result import RegressionResult
from ..forest.content import titled
from ..forest.models import said_of
from ..forest.notes import INTERVALS
from ..journals import Journal
from ..numbers import number, significant
from ..texts.multivariate import correlations, outcome_form, values_of
from ..texts.printer import capital, several
from ..texts.terms import Term, terms_of
from .content import Table

LIMITS = ("estimate", "low", "high")


def regression_table(r: RegressionResult, journal: Journal, effect: str | None) -> Table:
    """Return the coefficients of a meta-regression, the test of moderators and what heterogeneity is left."""
    terms = terms_of(r)
    rows = [
        (_label(t), capital(t.what), _interval(journal, t.values, t), p_cell(journal, t.p))
        for t in terms
    ]  # fmt: skip
    model = "Common effect" if r.method == "CE" else f"Random effects ({r.method})"
    percent = journal.decimal(f"{100 * r.level:g}%")
    numbers = [
        {"label": t.name, **dict(zip(LIMITS, t.values, strict=True)), "p_value": t.p}
        for t in terms
    ]  # fmt: skip
    return _table(
        title=f"Meta-regression: {effect or r.record.natural} in {several(len(set(r.studies.labels)))}",
        headers=("Term", "Measure", f"Estimate ({percent} CI)", capital(journal.p.symbol)),
        rows=rows,
        texts=said_of(r, journal),
        footnotes=(f"{model}; {INTERVALS[r.ci]} {percent} confidence interval.",),
        numbers=numbers,
    )


def multivariate_table(r: MultivariateResult, journal: Journal, effect: str | None) -> Table:
    """Return the pooled effects of several outcomes, with their heterogeneity and correlations."""
    percent = journal.decimal(f"{100 * r.level:g}%")
    rows, numbers = [], []
    for i, name in enumerate(r.outcomes):
        record, form = MEASURES[r.measures[i]], outcome_form(r, i)
        unit = ", %" if record.scale == "percent" else ""
        estimate, low, high = values_of(r, i, "estimate", "ci_low", "ci_high")
        first, last = values_of(r, i, "prediction_low", "prediction_high")
        p = math.nan if record.null is None else float(r.p_value[i])
        shown = (
            journal.interval(estimate, low, high, form), journal.between(first, last, form).strip("()[]"),
            journal.tau2(float(r.tau2[i, i])),
        )  # fmt: skip
        effects, prediction, tau2 = map(journal.decimal, shown)
        what = (titled(name), capital(f"{record.natural}{unit}"), str(r.reported[i]))
        rows.append((*what, effects, p_cell(journal, p), prediction, tau2))
        numbers.append({"label": name, **dict(zip(LIMITS, (estimate, low, high), strict=True)), "p_value": p})
    symbol = capital(journal.p.symbol)
    return _table(
        title=f"{effect or 'Pooled effects'} of {len(r.outcomes)} outcomes in {several(r.k)}",
        headers=("Outcome", "Measure", "Trials", f"Estimate ({percent} CI)", symbol, f"{percent} prediction interval",
                 "τ²"),
        rows=rows,
        texts=list(_spread(r, journal)),
        footnotes=(f"Multivariate random effects ({r.method}, {r.structure}); Wald {percent} confidence interval.",),
        numbers=numbers,
    )  # fmt: skip


def p_cell(journal: Journal, p: float) -> str:
    """Return a p-value without its symbol, such as ``0.012`` or ``<0.001``; empty where there is none."""
    if np.isnan(p):
        return ""
    text = journal.decimal(journal.p(p)).removeprefix(f"{journal.p.symbol} ")
    return text.removeprefix("= ").replace(" ", "")


def _label(term: Term) -> str:
    plain = not term.moderator or " against " in term.name
    return term.name if plain else f"{term.name}, per unit"


def _interval(journal: Journal, values: tuple[float, float, float], term: Term) -> str:
    text = journal.decimal(journal.interval(*values, form=term.form))
    return text.replace(" ", f"{term.unit} ", 1)


def _spread(r: MultivariateResult, journal: Journal) -> Iterable[str]:
    q = journal.q.format(q=significant(r.q), df=r.q_df, p=journal.p(r.q_p))
    yield journal.decimal(f"Heterogeneity over all outcomes: {q}")
    if r.structure == "unstructured":
        for first, second, value in correlations(r):
            shown = "not estimable" if math.isnan(value) else journal.decimal(number(value, 2))
            yield f"Correlation between trials, {first} and {second}: {shown}"


def _table(
    *,
    title: str,
    headers: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    texts: Sequence[str],
    footnotes: tuple[str, ...],
    numbers: Sequence[dict[str, object]],
) -> Table:
    lines = [(text, *[""] * (len(headers) - 1)) for text in texts]
    return Table(
        title=title,
        headers=headers,
        left=tuple(header in ("Term", "Outcome", "Measure") for header in headers),
        rows=(*rows, *lines),
        kinds=(*["term"] * len(rows), *["text"] * len(lines)),
        footnotes=footnotes,
        data=pd.DataFrame([{"kind": "term", **row} for row in numbers]),
    )
