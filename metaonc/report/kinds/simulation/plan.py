"""Plans of meta-analyses, in the words of a manuscript."""

from __future__ import annotations

from ....analysis.simulation.plan_result import PlanResult
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer
from .. import Kind


def _methods(r: PlanResult, cited: list[str], printer: Printer) -> list[str]:
    by = "Power was computed"
    if r.measure == "HR":
        by += ", with the variance of a log hazard ratio by its events,"
    test = "Student's t (Hartung-Knapp)" if r.test == "t" else "a normal test"
    level = printer.significant(100 * (1 - r.level))
    return [
        f"{by} for trials of one size and {test}, two-sided at {level}%, with a standard deviation of "
        f"{printer.significant(r.tau)} of the log ratio between trials."
    ]


def _results(r: PlanResult, printer: Printer) -> list[str]:
    in_all = f", {r.patients} patients in all" if r.patients else ""
    return [
        f"{r.k} trials of {r.size} {r.unit} each{in_all} have a power of {printer.significant(100 * r.power)}% to "
        f"detect {printer.plain(r.what)}."
    ]


def _figures(r: PlanResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable

    return (Grid(readable(r.tidy(transform=True)[["term", "estimate", "k", r.unit, "power"]]), "Plan"),)


KIND = Kind(verbs="plan", heading=lambda _: "Plan of trials", methods=_methods, results=_results, figures=_figures)
