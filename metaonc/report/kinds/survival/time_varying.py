"""A hazard ratio that changes with time, pooled: words, and a table with a row a time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ....analysis.pooling.multivariate.result import MultivariateResult
from ....analysis.synthesis.flexible.result import FlexibleResult
from ....analysis.synthesis.time_varying.result import TimeVaryingResult
from ....base.digits import ratio, significant
from ...blocks import Block
from ...document.look import Look
from ...journals import Journal
from ...tables.content import Table
from ...texts.multivariate import together
from ...texts.preparation import corrected, left_out
from ...texts.printer import Printer, capital, listed, several
from .. import Kind, kind_of
from .shared import figures, heading, interval, of_unit, table_of, when

CITED: dict[str, tuple[str, ...]] = {
    "weibull": (), "fractional polynomial": ("Jansen 2011",), "royston-parmar": ("Royston and Parmar 2002",),
}  # fmt: skip
FORMS = {
    "weibull": "a Weibull model",
    "fractional polynomial": "a fractional polynomial of the log hazard (Poisson model of events and person-time in "
    "width {width})",
    "royston-parmar": "a Royston-Parmar model of the log cumulative hazard, treatment by log time,",
}
FIELDS = ("estimate", "ci_low", "ci_high")
WORDS = {"power": "power of time", "knots": "number of inner knots"}


def _methods(r: TimeVaryingResult, cited: list[str], printer: Printer) -> list[str]:
    between = "before and after" if len(r.cuts) == 1 else "in each interval between"
    how = (
        f"with one log hazard ratio {between} {when(r.cuts, r.unit, printer)}"
        if r.cuts
        else "with a log hazard ratio that is linear in the logarithm of time"
    )
    _, _, pooling = kind_of(r.pool).methods(r.pool, cited, printer)
    return [
        "The effect measure was the hazard ratio as a function of time.",
        f"In each trial Cox's model of {r.treatment} against {r.control} was fitted {how} (Efron's method for ties).",
        pooling.replace(f"{len(r.pool.outcomes)} outcomes", "coefficients").replace("outcome", "coefficient"),
        corrected(r.provenance),
    ]


def _flexible_methods(r: FlexibleResult, cited: list[str], printer: Printer) -> list[str]:
    _, _, pooling = kind_of(r.pool).methods(r.pool, cited, printer)
    cited += CITED[r.model]
    chosen = ""
    if len(r.choices) > 1:
        options = listed(printer.journal.decimal(f"{x:g}") for x in r.choices["choice"])
        chosen = (
            f" Of the {WORDS[r.record.choice]} {options} that with the least Akaike criterion, summed over trials, was "
            f"taken: {printer.journal.decimal(f'{r.chosen:g}')}."
        )
    elif r.record.choice:
        chosen = f" The {WORDS[r.record.choice]} was {printer.journal.decimal(f'{r.chosen:g}')}."
    form = FORMS[r.model].format(width=f"{printer.journal.decimal(f'{r.width:g}')}{of_unit(r.unit)}")
    what = f"was the {r.ratio} as a function of time" if r.ratio else "were effects on the log scale and the log shape"
    return [
        f"The effect measure{'' if r.ratio else 's'} {what}.",
        f"To each trial {form} was fitted, with two effects of {r.treatment} against {r.control}.{chosen}",
        pooling.replace(f"{len(r.pool.outcomes)} outcomes", "effects").replace("outcome", "effect"),
        corrected(r.provenance),
    ]


def _flexible_results(r: FlexibleResult, printer: Printer) -> list[str]:
    if r.ratio:
        return _results(r, printer)
    return [left_out(r), f"{several(r.k)} contributed.", *(_effect(r.pool, i, printer) for i in range(2))]


def _effect(pool: MultivariateResult, i: int, printer: Printer) -> str:
    values = [float(getattr(pool, field)[i]) for field in FIELDS]
    return (
        f"The pooled {pool.outcomes[i]} was {printer.interval(values, significant, pool.level)}, "
        f"{printer.p(float(pool.p_value[i]))}."
    )


def _flexible_table(r: FlexibleResult, journal: Journal, effect: str | None) -> Table:
    if r.ratio:
        return _table(r, journal, effect)
    pool = r.pool
    rows = [((pool.outcomes[i],), [float(getattr(pool, f)[i]) for f in FIELDS],
             float(pool.p_value[i])) for i in range(2)]  # fmt: skip
    return table_of(
        effect or f"Effects in {several(r.k)}", ("Term", *heading(journal, r.level)), rows, journal, [significant] * 2,
        (f"{r.treatment} to {r.control}; {r.record.label} model; two stages, {together(pool.method)}.",),
    )  # fmt: skip


def _results(r: TimeVaryingResult, printer: Printer) -> list[str]:
    table = r.hr_at(r.grid())
    rows = table if r.cuts else table.iloc[[0, len(table) // 2, -1]]
    so_far = "" if r.cuts else " followed so far"
    said = [
        f"{_at(r, row['time'], printer)} {_shown(row, r, printer)} ({several(int(row['trials']))}{so_far})"
        for row in rows.to_dict("records")
    ]
    slope = [] if r.cuts else [_slope(r, printer)]
    return [left_out(r), f"{several(r.k)} contributed. The pooled {r.ratio} was {'; '.join(said)}.", *slope,
            *_crossing(r, printer)]  # fmt: skip


def _at(r: TimeVaryingResult, time: float, printer: Printer) -> str:
    if r.cuts:
        return f"{r.names[int(np.searchsorted(r.cuts, time))].removeprefix('log HR ')}{of_unit(r.unit)}"
    return f"at {printer.journal.decimal(significant(time))}{of_unit(r.unit)}"


def _shown(row: Mapping[Any, Any], r: TimeVaryingResult, printer: Printer) -> str:
    return interval([row["hr"], row["ci_low"], row["ci_high"]], ratio, r.level, printer)


def _slope(r: TimeVaryingResult, printer: Printer) -> str:
    pool, on = r.pool, r.shape.removeprefix("linear in ")
    low, high = printer.together(significant, float(pool.ci_low[1]), float(pool.ci_high[1]))
    return (
        f"The log {r.ratio} changed by {printer.significant(float(pool.estimate[1]))} with one unit of "
        f"{printer.journal.decimal(on)} "
        f"({printer.percent(pool.level)} CI {low} to {high}), {printer.p(float(pool.p_value[1]))}."
    )


def _crossing(r: TimeVaryingResult, printer: Printer) -> list[str]:
    if not math.isfinite(r.crossing) or not r.first <= r.crossing <= r.until:
        return []
    when_ = printer.journal.decimal(significant(r.crossing))
    bounds = "its confidence limits are not bounded"
    if math.isfinite(r.crossing_low):
        low, high = printer.together(significant, r.crossing_low, r.crossing_high)
        bounds = f"{printer.percent(r.level)} CI {low} to {high}"
    return [f"It was 1 at {when_}{of_unit(r.unit)} ({bounds})."]


def _table(r: TimeVaryingResult, journal: Journal, effect: str | None) -> Table:
    unit = f", {r.unit}" if r.unit else ""
    rows = [
        ((_at(r, row["time"], Printer(journal)).removeprefix("at ").removesuffix(of_unit(r.unit)), f"{row['trials']}"),
         [row["hr"], row["ci_low"], row["ci_high"]], math.nan)
        for row in r.hr_at(r.grid()).to_dict("records")
    ]  # fmt: skip
    return table_of(
        effect or f"{capital(r.ratio)} over time in {several(r.k)}",
        (f"Time{unit}", "Trials" if r.cuts else "Trials followed", *heading(journal, r.level)), rows, journal,
        [ratio] * len(rows),
        (f"{r.treatment} to {r.control}; two stages, {together(r.pool.method)}; Wald intervals.",),
    )  # fmt: skip


def _figures(r: TimeVaryingResult, look: Look) -> tuple[Block, ...]:
    from ...figures.survival.hr_over_time import hr_over_time

    if not r.ratio:
        return figures(r, look)
    return look.drawing(hr_over_time(r), f"{capital(r.ratio)} over time"), *figures(r, look)


KIND = Kind(
    verbs="survival.pool_time_varying", methods=_methods, results=_results, table=_table, figures=_figures,
)  # fmt: skip
FLEXIBLE = Kind(
    verbs="survival.pool_flexible", methods=_flexible_methods, results=_flexible_results, table=_flexible_table,
    figures=_figures,
)  # fmt: skip
