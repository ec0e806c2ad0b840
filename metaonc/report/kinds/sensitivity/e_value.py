"""E-values, in the words of a manuscript."""

from __future__ import annotations

from ....analysis.sensitivity.overturning.e_value_result import EValueResult
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer
from .. import Kind, kind_of

CITED = "VanderWeele and Ding 2017, doi:10.7326/M16-2607"


def _methods(r: EValueResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on E-values."""
    paragraphs = kind_of(r.whole).methods(r.whole, cited, printer)
    cited.append(CITED)
    return [
        *paragraphs,
        "The E-value is the least strength, as a risk ratio, that an unmeasured confounder must have with both "
        "treatment and outcome to explain the pooled ratio away; as a risk ratio this was taken "
        f"{printer.plain(r.conversion)}.",
    ]


def _results(r: EValueResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on its E-values."""
    e, limit = printer.significant(r.estimate), printer.significant(r.limit)
    return [
        *kind_of(r.whole).results(r.whole, printer),
        f"The E-value of the pooled {r.whole.record.natural} was {e}, that of the limit nearer to no effect {limit}.",
    ]


def _figures(r: EValueResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown

    return *shown(r.whole, look), Grid(readable(r.tidy()[["term", "estimate", "risk_ratio"]]), "E-values")


KIND = Kind(
    verbs="sensitivity.e_value", heading=lambda _: "E-value", methods=_methods, results=_results, figures=_figures
)
