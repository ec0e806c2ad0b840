"""Studies of methods by simulation, in the words of a manuscript (aims, data, estimands, methods, performance)."""

from __future__ import annotations

from ....analysis.simulation.result import SHOWN, SimulationResult
from ....base.digits import significant
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer, several
from .. import Kind

MORRIS = "Morris, White and Crowther 2019, doi:10.1002/sim.8086"
NAMES = {
    "scenario": "Scenario", "analysis": "Analysis", "bias": "Bias", "empirical_se": "Empirical SE",
    "coverage": "Coverage", "width": "Width", "rejection": "Rejections", "prediction_coverage": "Prediction coverage",
    "failed": "Failed",
}  # fmt: skip


def _methods(r: SimulationResult, cited: list[str], printer: Printer) -> list[str]:
    cited.append(MORRIS)
    t = r.table
    return [
        f"Methods were compared by simulation: {r.n} meta-analyses were drawn in each of "
        f"{several(t['scenario'].nunique(), 'scenario')} (seed {r.seed}) and analysed by {several(t['analysis'].nunique(), 'method')}. Performance was measured "
        "by bias, empirical standard error, coverage and rejections, with Monte Carlo standard errors."
    ]


def _results(r: SimulationResult, printer: Printer) -> list[str]:
    t = r.table[r.table["coverage"].notna()]
    if not len(t):
        return ["No analysis gave an interval."]
    order = t.sort_values("coverage", kind="stable")
    parts = [
        printer.plain(f"{significant(100 * float(row['coverage']))}% ({row['analysis']}; {row['scenario']})")
        for row in order.iloc[[0, -1]].to_dict("records")
    ]
    error = printer.significant(100 * float(t["coverage_mcse"].max()))
    return [
        f"Coverage of {printer.significant(100 * r.level)}% intervals was between {parts[0]} and {parts[1]}; its "
        f"largest Monte Carlo standard error was {error} percentage points."
    ]


def _figures(r: SimulationResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable

    shown = [name for name in SHOWN if r.table[name].notna().any()]
    table = readable(r.table[["scenario", "analysis", *shown]].rename(columns=NAMES))
    return (Grid(table, "Performance in simulated meta-analyses"),)


KIND = Kind(verbs="simulation.study", methods=_methods, results=_results, figures=_figures)
