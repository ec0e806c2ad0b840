"""Shrunken effects of trials, in the words of a manuscript."""

from __future__ import annotations

from ....analysis.sensitivity.blups.result import BlupResult
from ....errors import DataError
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer, trial
from .. import Kind, kind_of
from .said import printed

CITED = "Raudenbush and Bryk 1985"


def _methods(r: BlupResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the model, and on what was predicted of its trials."""
    paragraphs = kind_of(r.whole).methods(r.whole, cited, printer)
    cited.append(CITED)
    return [
        *paragraphs,
        "The true effect of each trial was predicted by the model (best linear unbiased prediction): its own effect, "
        "shrunken towards the expected one by how little of its variance lies between trials.",
    ]


def _results(r: BlupResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the model, and between what the predictions lie."""
    paragraphs = kind_of(r.whole).results(r.whole, printer)
    try:
        values, name = r.tidy(transform=True), r.whole.record.natural
    except DataError:  # no back-transform without sizes
        values, name = r.tidy(), r.whole.record.label
    x = values["estimate"]
    low, high = int(x.argmin()), int(x.argmax())
    first, last = printed(r.whole.record, [float(x[low]), float(x[high])], values, r.level, printer)
    names = [trial(str(values["term"][i])) for i in (low, high)]
    if r["shrinkage"].eq(1).all():
        return [*paragraphs, "As τ² is 0, the predicted effects of all trials are what the model expects of each."]
    said = f"The {name} predicted for single trials lay between {first} ({names[0]}) and {last} ({names[1]})."
    return [*paragraphs, said]


def _figures(r: BlupResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import natural_numbers, readable, shown

    return *shown(r.whole, look), Grid(readable(natural_numbers(r)), "Shrunken effects of trials")


def _named(r: BlupResult, part: str) -> str:
    own = kind_of(r.whole).named
    return own(r.whole, part) if own else part


KIND = Kind(
    verbs="sensitivity.blup",
    heading=lambda _: "Effects of single trials, shrunken to the pool",
    methods=_methods,
    results=_results,
    figures=_figures,
    named=_named,
)
