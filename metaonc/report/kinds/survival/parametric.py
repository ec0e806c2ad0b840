"""Parametric models of two arms: words, and a table of parameters."""

from __future__ import annotations

from ....analysis.numeric.time_to_event.distributions import DISTRIBUTIONS
from ....analysis.survival.models.result import SurvivalModelResult
from ....base.digits import significant
from ...blocks import Block
from ...document.look import Look
from ...journals import Journal
from ...tables.content import Table
from ...texts.preparation import corrected
from ...texts.printer import Printer
from .. import Kind
from .shared import CRITERION, figures, heading, interval, table_of

SPLINES = "Royston and Parmar 2002"
AT_ONE = {"hazard": "ratio of cumulative hazards", "odds": "ratio of odds of the event",
          "normal": "difference of normal quantiles"}  # fmt: skip
LOG_TIMES = {"meanlog": "time ratio (of medians)", "mu": "time ratio (of exp(mu))"}  # what is the log of a time
CURES = "Maller and Zhou 1996"


def _methods(r: SurvivalModelResult, cited: list[str], printer: Printer) -> list[str]:
    cited += [SPLINES] if r.model == "spline" else [CURES] if r.cure else []
    change = ", its effect changing with time" if r.changing else ""
    refused = " Follow-up was long enough by the measure of Maller and Zhou." if r.cure else ""
    return [
        f"The {r.label} model of {r.treatment} against {r.control}{change} was fitted by maximum likelihood, with Wald "
        f"{printer.percent(r.level)} confidence intervals.{refused}",
        corrected(r.provenance),
    ]


def _rows(r: SurvivalModelResult) -> list[tuple[str, list[float], float]]:
    table = r.tidy(transform=True).to_dict("records")
    return [(row["term"].removeprefix("log "), [row["estimate"], row["ci_low"], row["ci_high"]], row["p_value"])
            for row in table]  # fmt: skip


def _results(r: SurvivalModelResult, printer: Printer) -> list[str]:
    effects = [(name, values, p) for name, values, p in _rows(r) if name.startswith("treatment")]
    said = [
        f"The {_named(name, r)} was {interval(values, significant, r.level, printer)}, {printer.p(p)}."
        for name, values, p in effects
    ]
    aic = printer.journal.decimal(CRITERION(r.aic))
    return [f"The event happened in {r.events} of {r.n} patients.", *said, f"Akaike's criterion was {aic}."]


def _named(name: str, r: SurvivalModelResult) -> str:
    """Return what a treatment effect is on the natural scale."""
    arms = f"of {r.treatment} to {r.control}"
    if name == "treatment":
        if r.model == "spline":
            return f"{r.form.effect or f'{AT_ONE[r.scale]} at t = 1'} {arms}"
        location = DISTRIBUTIONS[r.model].parameters[DISTRIBUTIONS[r.model].location]
        ratio = LOG_TIMES.get(location, f"ratio of {location}")
        return f"{r.form.effect or ratio} {arms}"
    if name.endswith("log time"):
        return "factor of that ratio for one unit more of log time"
    what = name.removeprefix("treatment on ")
    if not what.startswith("log "):  # a parameter of either sign
        return f"difference of {what}, {r.treatment} less {r.control},"
    return f"ratio of {what.removeprefix('log ')} {arms}"


def _table(r: SurvivalModelResult, journal: Journal, effect: str | None) -> Table:
    rows = [((name,), values, p) for name, values, p in _rows(r)]
    return table_of(
        effect or f"{r.label} model", ("Term", *heading(journal, r.level)), rows, journal, [significant] * len(rows),
        (f"{r.n} patients, {r.events} events; treatment: {r.treatment} against {r.control}; maximum likelihood.",),
    )  # fmt: skip


def _figures(r: SurvivalModelResult, look: Look) -> tuple[Block, ...]:
    from ...figures.survival.model_curves import model_curves

    return look.drawing(model_curves(r), "Model over the Kaplan-Meier estimates"), *figures(r, look)


KIND = Kind(
    verbs="survival.parametric, survival.royston_parmar, survival.cure_model", methods=_methods, results=_results,
    table=_table, figures=_figures,
)  # fmt: skip
