"""Studies of methods by simulation, in the words of a manuscript (aims, data, estimands, methods, performance)."""

from __future__ import annotations

import pandas as pd

from ....analysis.simulation.result import SHOWN, SimulationResult
from ...blocks import Block, Grid
from ...document.look import Look
from ...journals import Journal
from ...tables.content import Table
from ...tables.numbers import of_numbers
from ...texts.printer import Printer, several
from .. import Kind

MORRIS = "Morris, White and Crowther 2019, doi:10.1002/sim.8086"
TITLE = "Performance in simulated meta-analyses"
NAMED = ("scenario", "analysis")
NAMES = {
    "scenario": "Scenario", "analysis": "Analysis", "bias": "Bias", "empirical_se": "Empirical SE",
    "coverage": "Coverage", "width": "Width", "rejection": "Rejections", "prediction_coverage": "Prediction coverage",
    "failed": "Failed",
}  # fmt: skip


def _methods(r: SimulationResult, cited: list[str], printer: Printer) -> list[str]:
    cited.append(MORRIS)
    t = r.table
    scenarios, methods = several(t["scenario"].nunique(), "scenario"), several(t["analysis"].nunique(), "method")
    drawn = f"{r.n} meta-analyses were drawn in each of {scenarios} (seed {r.seed}) and analysed by {methods}"
    return [
        f"Performance was found by simulation: {drawn}. Measures were bias, empirical standard error, coverage and "
        "rejections, with Monte Carlo standard errors."
    ]


def _results(r: SimulationResult, printer: Printer) -> list[str]:
    t = r.table[r.table["coverage"].notna()]
    if not len(t):
        return ["No analysis gave an interval."]
    low, high, error = (
        printer.significant(100 * x)
        for x in (float(t["coverage"].min()), float(t["coverage"].max()), float(t["coverage_mcse"].max()))
    )
    level = printer.percent(r.level)
    return [
        f"Coverage of {level} intervals was between {low}% and {high}% over scenarios and methods; its largest Monte "
        f"Carlo standard error was {error} percentage points."
    ]


def _shown(r: SimulationResult) -> pd.DataFrame:
    """Return what is shown of its performance, scenarios and methods in words."""
    shown = [name for name in SHOWN if r.table[name].notna().any()]
    named = {name: r.table[name].astype(str).str.replace("=", " = ").str.replace("'", "") for name in NAMED}
    return r.table[[*NAMED, *shown]].assign(**named).rename(columns=NAMES)


def _table(r: SimulationResult, journal: Journal, effect: str | None) -> Table:
    return of_numbers(_shown(r), journal, TITLE)


def _figures(r: SimulationResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable

    return (Grid(readable(_shown(r)), TITLE),)


KIND = Kind(verbs="simulation.study", methods=_methods, results=_results, table=_table, figures=_figures)
