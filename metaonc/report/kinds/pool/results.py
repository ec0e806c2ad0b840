"""What a pool found, in the words of a results section (PRISMA 2020, items 16, 19 and 20)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from ....analysis.results.pooled import PooledResult
from ....base.digits import NO_ERROR
from ....base.words import plural
from ...forest.columns import all_patients
from ...texts.cautions import said_beside
from ...texts.preparation import left_out
from ...texts.printer import Printer, capital, several, trial
from .labels import levels_of, told_apart
from .rows import form_of, scaled
from .words import words_of

FEW = 5  # trials: of fewer heterogeneity is hardly known


def results(r: PooledResult, printer: Printer) -> list[str]:
    """Return the paragraphs on a pool: rows used, single trials, and what they give together."""
    return [left_out(r), single_trials(r, printer), capital(found(r, printer))]


def found(r: PooledResult, printer: Printer) -> str:
    """Return the sentence on a pool, without a capital."""
    form, unit = form_of(r), printer.unit_of(r.record)
    effect = printer.interval(_shown(r), form, r.level, kind=r.model_facts.interval_label, unit=unit)
    name = r.record.natural
    start = f"the {name} of the one trial{_patients(r)}" if r.is_single else f"the pooled {name} of {_size(r)}"
    parts = [
        f"{start} was {effect}" + _tested(r, printer) + said_beside(r.cautions, printer, form),
        *_differ(r, printer),
    ]
    if r.lacks_width:
        parts.append(f"no prediction interval can be estimated, as {NO_ERROR}")
    if r.predicts:
        low, high = printer.together(form, *(scaled(r, x) for x in (r.prediction_low, r.prediction_high)))
        parts.append(
            f"in a new trial it is expected between {low} and {high}{unit} "
            f"({printer.percent(r.level)} prediction interval)"
        )
    return "; ".join(parts) + "."


def _tested(r: PooledResult, printer: Printer) -> str:
    """Return the p-value of a pool, or why there is none where one is looked for."""
    if r.record.null is None or not r.model_facts.has_test:
        return ""
    if r.is_certain:
        return f", without a test, as {NO_ERROR}"
    return "" if math.isnan(r.p_value) else f", {printer.p(r.p_value)}"


def _differ(r: PooledResult, printer: Printer) -> Iterable[str]:
    """Yield how much trials differ, and that few of them hardly tell it."""
    parts = list(words_of(r).heterogeneity_found(r, printer))
    yield from parts
    if parts and r.trials < FEW:
        yield f"heterogeneity is hardly known from {several(r.trials)}"


def single_trials(r: PooledResult, printer: Printer, what: str = "", names: Sequence[str] = ()) -> str:
    """Return between which effects the trials lie, by name; nothing of one trial.

    `what` they are, if not single, and their `names` where those of the rows do not tell what is known of them.
    """
    table, unit = r.study_table(transform=True), printer.unit_of(r.record)
    apart = told_apart(r.studies.labels, r.studies.data, levels_of(r))
    table["at_bound"] = r.studies.at_bounds(r.record)
    table["study"] = names or _within_brackets(r.studies.labels, apart)
    factor = 100 if unit == "%" else 1
    table = table[np.isfinite(table["estimate"])]
    if len(table) < 2:
        return ""
    ends = [table.loc[place] for place in (table["estimate"].idxmin(), table["estimate"].idxmax())]
    low, high = (f"{text}{unit}" for text in printer.together(form_of(r), *(factor * row["estimate"] for row in ends)))
    low, high = (f"more than {text}" if row["at_bound"] else text for text, row in zip((low, high), ends, strict=True))
    what = what or f"single {'trials' if r.trials == r.k else 'rows'}"
    what = f"{capital(plural(r.record.natural))} of {what}"
    if low == high:
        return f"{what} were all {low}."
    first, last = (trial(str(row["study"])) for row in ends)
    without = r.k - len(table)
    more = f"; {several(without)} had no effect of {'its' if without == 1 else 'their'} own" if without else ""
    return f"{what} ranged from {low} ({first}) to {high} ({last}){more}."


def _within_brackets(labels: Sequence[str], apart: Sequence[str]) -> list[str]:
    """Return labels for brackets: what tells rows of one trial apart follows a comma."""
    pairs = zip(labels, apart, strict=True)
    return [name if name == label else f"{label}, {name[len(label) + 2 : -1]}" for label, name in pairs]


def _size(r: PooledResult) -> str:
    return f"{several(r.trials)} ({r.k} rows)" if r.trials < r.k else f"{several(r.trials)}{_patients(r)}"


def _patients(r: PooledResult) -> str:
    """Return the number of patients, where it is known."""
    n = all_patients(r.studies, r.trials)
    return "" if n is None else f" ({several(n, 'patient')})"


def _shown(r: PooledResult) -> tuple[float, float, float]:
    """Return the estimate and its limits as figures show them; of one trial its own, as it was reported."""
    if r.is_single:
        factor = 100 if r.record.scale == "percent" else 1
        estimate, low, high, _ = r.own
        return factor * estimate, factor * low, factor * high
    return scaled(r, r.estimate), scaled(r, r.ci_low), scaled(r, r.ci_high)
