"""What a pool found, in the words of a results section (PRISMA 2020, items 16, 19 and 20)."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from ...analysis.pooling.bayes.pool import BayesResult
from ...analysis.pooling.common_effect.result import CommonEffectResult
from ...analysis.pooling.counts.result import CountResult
from ...analysis.pooling.inverse_variance.result import MetaResult
from ...analysis.pooling.multilevel.result import MultilevelResult
from ...analysis.results.pooled import PooledResult
from ..forest.columns import patients
from ..forest.notes import inconsistency
from ..forest.pools import form_of, scaled
from .pool_methods import is_common, is_single
from .preparation import left_out
from .printer import Printer, capital, listed, plural, several, trial


def results(r: PooledResult, printer: Printer) -> list[str]:
    """Return the paragraphs on a pool: rows used, single trials, and what they give together."""
    return [left_out(r.provenance), single_trials(r, printer), capital(found(r, printer))]


def found(r: PooledResult, printer: Printer) -> str:
    """Return the sentence on a pool, without a capital."""
    form, unit = form_of(r), printer.unit_of(r.record)
    effect = printer.interval(
        _shown(r), form, r.level, kind="CrI" if isinstance(r, BayesResult) else "CI", unit=unit
    )  # fmt: skip
    name = r.record.natural
    start = f"the {name} of the one trial{_patients(r)}" if is_single(r) else f"the pooled {name} of {_size(r)}"
    tested = r.record.null is not None and not math.isnan(r.p_value)
    parts = [f"{start} was {effect}" + (f", {printer.p(r.p_value)}" if tested else ""), *_differ(r, printer)]
    if not math.isnan(r.prediction_low):
        low, high = (printer.form(form)(scaled(r, x)) for x in (r.prediction_low, r.prediction_high))
        parts.append(
            f"in a new trial it is expected between {low} and {high}{unit} "
            f"({printer.percent(r.level)} prediction interval)"
        )
    return "; ".join(parts) + "."


def single_trials(r: PooledResult, printer: Printer) -> str:
    """Return between which effects the trials lie, by name; nothing of one trial."""
    table, unit = r.study_table(transform=True), printer.unit_of(r.record)
    factor = 100 if unit == "%" else 1
    table = table[np.isfinite(table["estimate"])]
    if len(table) < 2:
        return ""
    form = printer.form(form_of(r))
    ends = [table.loc[place] for place in (table["estimate"].idxmin(), table["estimate"].idxmax())]
    low, high = (f"{form(factor * row['estimate'])}{unit}" for row in ends)
    what = f"{capital(plural(r.record.natural))} of single {'trials' if r.trials == r.k else 'rows'}"
    if low == high:
        return f"{what} were all {low}."
    first, last = (trial(str(row["study"])) for row in ends)
    without = r.k - len(table)
    more = f"; {several(without)} had no effect of {'its' if without == 1 else 'their'} own" if without else ""
    return f"{what} ranged from {low} ({first}) to {high} ({last}){more}."


def _size(r: PooledResult) -> str:
    return f"{several(r.trials)} ({r.k} rows)" if r.trials < r.k else f"{several(r.trials)}{_patients(r)}"


def _patients(r: PooledResult) -> str:
    """Return the number of patients, where each trial has one row and says it."""
    counts = patients(r.studies) if r.trials == r.k else None
    return "" if counts is None or np.isnan(counts).any() else f" ({several(round(counts.sum()), 'patient')})"


def _shown(r: PooledResult) -> tuple[float, float, float]:
    """Return the estimate and its limits as figures show them; of one trial its own, as it was reported."""
    if is_single(r):
        factor = 100 if r.record.scale == "percent" else 1
        own = r.study_table(transform=True).iloc[0]
        return tuple(factor * float(own[name]) for name in ("estimate", "ci_low", "ci_high"))  # type: ignore[return-value]
    return scaled(r, r.estimate), scaled(r, r.ci_low), scaled(r, r.ci_high)


def _differ(r: PooledResult, printer: Printer) -> Iterable[str]:
    if isinstance(r, BayesResult):
        limits = printer.interval((r.tau.median, r.tau.low, r.tau.high), printer.significant, r.level, kind="CrI")
        yield f"τ was {limits}"
    elif isinstance(r, (MetaResult, CommonEffectResult)) and r.q_df:
        tau2 = f"τ² = {printer.whole.tau2(r.tau2)}"
        yield printer.plain(inconsistency(tau2, r, printer.whole, is_common(r)))
    elif isinstance(r, CountResult) and r.k > 1:
        symbol, value = r.spread
        shown = "not estimable" if math.isnan(value) else printer.journal.decimal(printer.journal.tau2(value))
        differ = f"{symbol} {shown}" if math.isnan(value) else f"{symbol} = {shown}"
        yield f"{differ}; likelihood-ratio test of {r.equal}: {printer.p(r.q_lrt_p)}"
    elif isinstance(r, MultilevelResult):
        variances = zip(r.components, np.asarray(r.sigma2), np.asarray(r.i2), strict=True)
        levels = (f"{printer.significant(v)} for {name} ({i2:.0f}% of the total)" for name, v, i2 in variances)
        yield f"the variance σ² was {listed(levels)}"
        yield printer.plain(printer.journal.q.format(q=printer.significant(r.q), df=r.q_df, p=printer.p(r.q_p)))
