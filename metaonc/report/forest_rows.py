"""What a forest plot shows, as data: one row of the figure a row, before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from .._check import Floats
from ..analysis.pooling.glmm import GlmmResult
from ..analysis.pooling.intervals import PREDICTION_METHODS
from ..analysis.pooling.results import MetaResult, PooledResult
from ..analysis.pooling.subgroups import SubgroupResult
from ..errors import DataError
from .numbers import interval, number, p_value, ratio, significant

FIELDS = ("kind", "label", "estimate", "low", "high", "weight", "effect", "share", "counts", "counts_c")
MODELS = {"CE": "Common effect (inverse variance)", "GLMM": "Binomial-normal model (maximum likelihood)"}
INTERVALS = {
    "wald": "Wald",
    "t": "t",
    "HKSJ": "Hartung-Knapp",
    "HKSJ-adhoc": "Hartung-Knapp (ad hoc)",
    "exact": "exact",
}

OWN_INTERVALS = {"exact": "exact (Clopper-Pearson)", "reported": "as reported", "wald": "Wald, from the variance"}


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


def forest_rows(result: PooledResult | SubgroupResult, *, effect: str | None = None, unit: str = "") -> ForestRows:
    """Return what a forest plot of a result shows.

    Parameters
    ----------
    result
        What ``pool``, ``pool_glmm`` or ``pool_subgroups`` returned.
    effect
        Name of the effect, such as ``ORR``; the measure's own name when None.
    unit
        Unit of times, such as ``months``.

    Raises
    ------
    DataError
        When `result` is none of these.
    """
    if isinstance(result, SubgroupResult):
        overall = result.overall
        levels = overall.studies.data[result.by].astype(str).to_numpy()
        rows: list[dict[str, Any]] = []
        for level, part in result.groups.items():
            rows += [_row("group", f"{_title(result.by)}: {level}"), *_studies(part, overall.weights[levels == level])]
            rows += [*(_pooled(part, "Subtotal") if part.k > 1 else ()), _row("space")]
    elif isinstance(result, PooledResult):
        overall = result
        rows = _studies(overall, overall.weights)
    else:
        raise DataError(f"a pooled result is wanted, not {type(result).__name__}.")
    several = overall.trials > 1  # subgroups of one trial are shown, not pooled
    if several:
        rows += [*_pooled(overall, "Overall"), *_prediction(overall)]
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
        footnotes=_footnotes(result, overall),
    )


def _title(column: str) -> str:
    """Return a column's name as a heading; a short one is an acronym, such as KRAS."""
    return column.upper() if len(column) <= 4 else column.replace("_", " ").capitalize()


def _row(kind: str, label: str = "", **cells: Any) -> dict[str, Any]:
    empty = {"estimate": math.nan, "low": math.nan, "high": math.nan, "weight": math.nan}
    return {"kind": kind, "label": label, **empty, **cells}


def _scaled(r: PooledResult, x: float) -> float:
    return float(r.natural(x)) * (100 if r.record.scale == "percent" else 1)


def _form(r: PooledResult) -> Callable[[float], str]:
    """Return how numbers of the measure are printed: ratios by their size, times and rates to one decimal."""
    if r.record.scale == "log" and r.record.null is not None:
        return ratio
    return partial(number, digits=2 if r.record.scale == "linear" else 1)


def _studies(r: PooledResult, shares: Floats) -> list[dict[str, Any]]:
    table = r.study_table(transform=True)
    factor = 100 if r.record.scale == "percent" else 1
    rows = []
    for i, (study, estimate, low, high) in enumerate(
        zip(table["study"], table["estimate"], table["ci_low"], table["ci_high"], strict=True)
    ):
        cells = {"estimate": factor * estimate, "low": factor * low, "high": factor * high}
        texts = {"effect": interval(**cells, form=_form(r)), "share": number(shares[i], 1), **_counts(r, i)}
        rows.append(_row("study", study, **cells, weight=shares[i], **texts))
    return rows


def _counts(r: PooledResult, i: int) -> dict[str, str]:
    """Return events/n of a trial's arm or arms, as far as their columns are known."""
    texts = {}
    for cell, end in (("counts", ""), ("counts", "_t"), ("counts_c", "_c")):
        events, n = r.studies.counts("events" + end), r.studies.counts("n" + end)
        if events is not None and n is not None:
            texts[cell] = f"{events[i]:.0f}/{n[i]:.0f}"
    return texts


def _pooled(r: PooledResult, name: str) -> list[dict[str, Any]]:
    limits = {"estimate": r.estimate, "low": r.ci_low, "high": r.ci_high}
    cells = {name: _scaled(r, x) for name, x in limits.items()}
    totals = {}
    for cell, end in (("counts", ""), ("counts", "_t"), ("counts_c", "_c")):
        events, n = r.studies.counts("events" + end), r.studies.counts("n" + end)
        if events is not None and n is not None:
            totals[cell] = f"{events.sum():.0f}/{n.sum():.0f}"
    pooled = _row("pooled", f"{name} ({r.trials} trials)", **cells, effect=interval(**cells, form=_form(r)), **totals)
    return [pooled, _row("text", _heterogeneity(r))]


def _heterogeneity(r: PooledResult) -> str:
    if isinstance(r, MetaResult):
        q = f"Q = {significant(r.q)} (df {r.q_df}), {p_value(r.q_p)}"
        return _tied(q if r.method == "CE" else f"τ² = {significant(r.tau2)}; I² = {r.i2:.0f}%; {q}")
    test = f"; equal rates: {p_value(r.q_lrt_p)}" if isinstance(r, GlmmResult) else ""
    return _tied(f"τ² = {significant(r.tau2)}{test}")


def _tied(text: str) -> str:
    """Keep each equation on one line."""
    return text.replace(" = ", "\u00a0=\u00a0").replace(" < ", "\u00a0<\u00a0").replace("(df ", "(df\u00a0")


def _prediction(r: PooledResult) -> list[dict[str, Any]]:
    if math.isnan(r.prediction_low):
        return []
    low, high = _scaled(r, r.prediction_low), _scaled(r, r.prediction_high)
    text = f"({_form(r)(low)} to {_form(r)(high)})"
    return [_row("prediction", "Prediction interval", low=low, high=high, effect=text)]


def _headers(r: PooledResult, axis: str) -> dict[str, str]:
    percent = f"{100 * r.level:g}% CI"
    headers = {"label": "Trial", "effect": f"{axis} ({percent})".replace("% CI", "%\u00a0CI")}
    roles = r.studies.roles
    if "events" in roles and "n" in roles:
        headers["counts"] = "Events/n"
    if "events_t" in roles and "events_c" in roles:
        headers |= {"counts": "Treatment", "counts_c": "Control"}
    if not isinstance(r, GlmmResult) and r.trials > 1:
        headers["share"] = "Weight (%)"
    return headers


def _footnotes(result: PooledResult | SubgroupResult, r: PooledResult) -> list[str]:
    lines = []
    if isinstance(result, SubgroupResult) and len(result.groups) > 1:
        test = f"Q = {significant(result.q_between)} (df {result.q_between_df}), {p_value(result.q_between_p)}"
        lines.append(f"Test between subgroups: {'not available' if math.isnan(result.q_between) else _tied(test)}.")
    if r.trials > 1:
        lines.append(f"{_model(r)}.")
    kinds = r.study_table(transform=True)["interval"].unique()
    own = ", ".join(OWN_INTERVALS[kind] for kind in kinds)
    area = "number of patients" if isinstance(r, GlmmResult) else "weight"
    lines.append(f"Intervals of single trials: {own}; square area: {area}.")
    return lines


def _model(r: PooledResult) -> str:
    name = MODELS.get(r.method, f"Random effects ({r.method})")
    text = f"{name}; {INTERVALS[r.ci]} {100 * r.level:g}% confidence interval"
    if r.prediction and not math.isnan(r.prediction_low):
        text += f"; prediction interval: {PREDICTION_METHODS[r.prediction].label}"
    return text
