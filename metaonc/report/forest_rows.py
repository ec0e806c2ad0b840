"""What a forest plot shows, as data: one row of the figure a row, before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from .._check import Floats
from ..analysis.distributions import critical
from ..analysis.pooling.bayes import BayesResult
from ..analysis.pooling.count_results import CountResult
from ..analysis.pooling.results import PooledResult
from ..analysis.pooling.subgroup_result import SubgroupResult
from ..errors import DataError
from .forest_notes import footnotes, heterogeneity
from .numbers import decimals, interval, number, ratio

FIELDS = ("kind", "label", "estimate", "low", "high", "weight", "effect", "share", "counts", "counts_c")
# Short names of columns are acronyms, such as KRAS, but for these.
WORDS = ("age", "arm", "cut", "dose", "drug", "line", "race", "risk", "sex", "site", "size", "type", "year")


Form = Callable[[float], str]  # of a number, as it is printed


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRows:
    """The content of a forest plot.

    Attributes
    ----------
    rows
        Columns ``kind`` (group, study, pooled, prediction, text, space), ``label``, ``estimate``, ``low``, ``high`` on
        the scale drawn (percent of proportions), ``weight`` in percent, and the texts ``effect``, ``share``,
        ``counts`` and ``counts_c``.
    headers
        Text column -> its header; columns without content are not there.
    scale, null
        ``log``, ``percent`` or ``linear``; and the value of no effect, None where there is none.
    axis
        Label of the axis.
    reference
        The overall estimate, where the dotted line stands; NaN without one.
    footnotes
        Lines below the figure.
    """

    rows: pd.DataFrame
    headers: dict[str, str]
    scale: str
    null: float | None
    axis: str
    reference: float
    footnotes: list[str]


def forest_rows(
    result: PooledResult | SubgroupResult, *, effect: str | None = None, unit: str = "", study_interval: str = "exact"
) -> ForestRows:
    """Return what a forest plot of a result shows.

    Parameters
    ----------
    result
        What ``pool``, ``pool_glmm`` or ``pool_subgroups`` returned.
    effect
        Name of the effect, such as ``ORR``; the measure's own name when None.
    unit
        Unit of times, such as ``months``.
    study_interval
        Interval of single trials, of proportions whose counts are known: ``exact``, ``wilson``, ``agresti-coull`` or
        ``jeffreys``.

    Raises
    ------
    DataError
        When `result` is none of these.
    OptionError
        When `study_interval` does not exist, or has no use here.
    """
    if not isinstance(result, (PooledResult, SubgroupResult)):
        raise DataError(f"a pooled result is wanted, not {type(result).__name__}.")
    overall = result.overall if isinstance(result, SubgroupResult) else result
    form = _form(overall)
    rows: list[dict[str, Any]] = []
    if isinstance(result, SubgroupResult):
        levels = overall.studies.data[result.by].astype(str).to_numpy()
        for level, part in result.groups.items():
            shares = overall.weights[levels == level]
            rows += [_row("group", f"{_title(result.by)}: {level}"), *_studies(part, shares, form, study_interval)]
            if part.k > 1:
                rows += [_pooled(part, "Subtotal", shares, form), _row("text", heterogeneity(part))]
            rows.append(_row("space"))
    else:
        rows += _studies(overall, overall.weights, form, study_interval)
    several = overall.trials > 1  # subgroups of one trial are shown, not pooled
    if several:
        rows += [_pooled(overall, "Overall", overall.weights, form), *_prediction(overall, form)]
        rows.append(_row("text", heterogeneity(overall)))
    name = effect or overall.record.natural.capitalize()
    axis = f"{name}, {'%' if overall.record.scale == 'percent' else unit}".rstrip(", ")
    table = pd.DataFrame([{field: row.get(field, "") for field in FIELDS} for row in rows])
    numeric = ["estimate", "low", "high", "weight"]
    table[numeric] = table[numeric].apply(pd.to_numeric)
    return ForestRows(
        rows=table,
        headers=_headers(overall, axis),
        scale=overall.record.scale,
        null=None if overall.record.null is None else float(overall.natural(overall.record.null)),
        axis=axis,
        reference=_scaled(overall, overall.estimate) if several else math.nan,
        footnotes=footnotes(result, overall, study_interval),
    )


def _title(column: str) -> str:
    """Return a column's name as a heading: what has capitals keeps them, an acronym gets them."""
    if column != column.lower():
        return column
    acronym = len(column) <= 4 and column not in WORDS
    return column.upper() if acronym else column.replace("_", " ").capitalize()


def _row(kind: str, label: str = "", **cells: Any) -> dict[str, Any]:
    empty = {"estimate": math.nan, "low": math.nan, "high": math.nan, "weight": math.nan}
    return {"kind": kind, "label": label, **empty, **cells}


def _scaled(r: PooledResult, x: float) -> float:
    return float(r.natural(x)) * (100 if r.record.scale == "percent" else 1)


def _form(r: PooledResult) -> Form:
    """Return how numbers of the measure are printed: ratios by their size, what is drawn linearly by its precision.

    Percentages have one decimal; times and rates as well, and two significant digits.
    """
    if r.record.scale == "percent":
        return partial(number, digits=1)
    if r.record.scale == "log" and r.record.null is not None:
        return ratio
    table = r.study_table(transform=True)
    if r.record.scale == "linear":
        width = (table["ci_high"] - table["ci_low"]).median()
        return partial(number, digits=decimals(width / (2 * float(critical(r.level)))))
    smallest = table["estimate"][table["estimate"] > 0].min()
    return partial(number, digits=max(1, 1 - math.floor(math.log10(smallest))))


def _studies(r: PooledResult, shares: Floats, form: Form, study_interval: str) -> list[dict[str, Any]]:
    table = r.study_table(transform=True, interval=study_interval)
    factor = 100 if r.record.scale == "percent" else 1
    rows = []
    for i, (study, estimate, low, high) in enumerate(
        zip(table["study"], table["estimate"], table["ci_low"], table["ci_high"], strict=True)
    ):
        cells = {"estimate": factor * estimate, "low": factor * low, "high": factor * high}
        none = math.isnan(estimate)  # such as of a trial without events in both arms, in a pool of counts
        effect = "not estimable" if none else interval(**cells, form=form)
        texts = {"effect": effect, "share": number(shares[i], 1), **_counts(r, itemgetter(i))}
        rows.append(_row("study", study, **cells, weight=shares[i], **texts))
    return rows


def _arms(r: PooledResult) -> dict[str, tuple[str, str]]:
    """Return the text columns of counts, with the roles of their events and patients, or person-time, as known."""
    known = {}
    for cell, end in (("counts", ""), ("counts", "_t"), ("counts_c", "_c")):
        for size in ("n", "time"):
            if r.studies.counts("events" + end) is not None and r.studies.counts(size + end) is not None:
                known[cell] = ("events" + end, size + end)
    return known


def _counts(r: PooledResult, of: Callable[[Floats], float]) -> dict[str, str]:
    """Return events/n of the arm or the arms, as far as their columns are known; `of` picks a trial or adds them up."""
    return {
        cell: "/".join(f"{of(np.asarray(r.studies.counts(role))):.6g}" for role in roles)
        for cell, roles in _arms(r).items()
    }


def _pooled(r: PooledResult, name: str, shares: Floats, form: Form) -> dict[str, Any]:
    limits = {"estimate": r.estimate, "low": r.ci_low, "high": r.ci_high}
    cells = {name: _scaled(r, x) for name, x in limits.items()}
    texts = {"effect": interval(**cells, form=form), "share": number(shares.sum(), 1), **_counts(r, np.sum)}
    several = f"{r.trials} trials, " if r.trials < r.k else ""
    return _row("pooled", f"{name} ({several}k\u00a0=\u00a0{r.k})", **cells, **texts)


def _prediction(r: PooledResult, form: Form) -> list[dict[str, Any]]:
    if math.isnan(r.prediction_low):
        return []
    low, high = _scaled(r, r.prediction_low), _scaled(r, r.prediction_high)
    text = f"({form(low)} to {form(high)})"
    return [_row("prediction", "Prediction interval", low=low, high=high, effect=text)]


def _headers(r: PooledResult, axis: str) -> dict[str, str]:
    kind = "CrI" if isinstance(r, BayesResult) else "CI"
    headers = {"label": "Trial", "effect": f"{axis} ({100 * r.level:g}%\u00a0{kind})"}
    whose = {"events": "", "events_t": "Treatment ", "events_c": "Control "}
    for cell, (events, size) in _arms(r).items():
        text = f"{whose[events]}events/{size.partition('_')[0]}"
        headers[cell] = text[0].upper() + text[1:]
    if not isinstance(r, CountResult) and r.trials > 1:
        headers["share"] = "Weight (%)"
    return headers
