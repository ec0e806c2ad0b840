"""A hazard ratio that changes with time, pooled: words, and a table with a row a time."""

from __future__ import annotations

import math

import numpy as np

from ....analysis.pooling.multivariate.result import MultivariateResult
from ....analysis.synthesis.time_varying.result import TimeVaryingResult
from ....base.digits import plain, ratio
from ...journals import Journal
from ...tables.content import Table
from ...texts.preparation import corrected, left_out
from ...texts.printer import Printer, several
from .. import Kind, kind_of
from .shared import figures, heading, interval, of_unit, table_of, when


def _methods(r: TimeVaryingResult, cited: list[str], printer: Printer) -> list[str]:
    how = (
        f"with one log hazard ratio in each interval between {when(r.cuts, r.unit, printer)}"
        if r.cuts
        else "with a log hazard ratio that is linear in the logarithm of time"
    )
    measures, _, pooling = kind_of(r.pool).methods(r.pool, cited, printer)
    return [
        measures,
        f"In each trial Cox's model of {r.treatment} against {r.control} was fitted {how} (Efron's method for ties).",
        pooling.replace(f"{len(r.pool.outcomes)} outcomes", "coefficients"),
        corrected(r.provenance),
    ]


def _results(r: TimeVaryingResult, printer: Printer) -> list[str]:
    table = r.hr_at(r.grid())
    rows = table if r.cuts else table.iloc[[0, len(table) // 2, -1]]
    said = [
        f"{_at(r, row['time'], printer)} {_shown(row, r, printer)} ({several(int(row['trials']))} followed so far)"
        for row in rows.to_dict("records")
    ]
    slope = [] if r.cuts else [_slope(r.pool, printer)]
    return [left_out(r), f"{several(r.k)} contributed. The pooled hazard ratio was {'; '.join(said)}.", *slope,
            *_crossing(r, printer)]  # fmt: skip


def _at(r: TimeVaryingResult, time: float, printer: Printer) -> str:
    if r.cuts:
        return f"{r.names[int(np.searchsorted(r.cuts, time))].removeprefix('log HR ')}{of_unit(r.unit)}"
    return f"at {printer.journal.decimal(plain(time))}{of_unit(r.unit)}"


def _shown(row: dict[str, float], r: TimeVaryingResult, printer: Printer) -> str:
    return interval([row["hr"], row["ci_low"], row["ci_high"]], ratio, r.level, printer)


def _slope(pool: MultivariateResult, printer: Printer) -> str:
    low, high = printer.together(plain, float(pool.ci_low[1]), float(pool.ci_high[1]))
    return (
        f"The log hazard ratio changed by {printer.significant(float(pool.estimate[1]))} with one unit of log time "
        f"({printer.percent(pool.level)} CI {low} to {high}), {printer.p(float(pool.p_value[1]))}."
    )


def _crossing(r: TimeVaryingResult, printer: Printer) -> list[str]:
    if not math.isfinite(r.crossing) or not r.first <= r.crossing <= r.last:
        return []
    when_ = printer.journal.decimal(plain(r.crossing))
    bounds = "its confidence limits are not bounded"
    if math.isfinite(r.crossing_low):
        low, high = printer.together(plain, r.crossing_low, r.crossing_high)
        bounds = f"{printer.percent(r.level)} CI {low} to {high}"
    return [f"It was 1 at {when_}{of_unit(r.unit)} ({bounds})."]


def _table(r: TimeVaryingResult, journal: Journal, effect: str | None) -> Table:
    unit = f", {r.unit}" if r.unit else ""
    rows = [
        ((_at(r, row["time"], Printer(journal)).removeprefix("at ") if r.cuts else journal.decimal(plain(row["time"])),
          f"{row['trials']}"), [row["hr"], row["ci_low"], row["ci_high"]], math.nan)
        for row in r.hr_at(r.grid()).to_dict("records")
    ]  # fmt: skip
    return table_of(
        effect or f"Hazard ratio over time in {several(r.k)}",
        (f"Time{unit}", "Trials followed", *heading(journal, r.level)), rows, journal, [ratio] * len(rows),
        (f"{r.treatment} to {r.control}; two stages, multivariate {r.pool.method}; Wald intervals.",),
    )  # fmt: skip


KIND = Kind(
    verbs="survival.pool_time_varying", methods=_methods, results=_results, table=_table, figures=figures,
)  # fmt: skip
