"""Kaplan-Meier curves: words and figures."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ...analysis.survival.comparison import log_rank
from ...analysis.survival.curve.result import KaplanMeier
from ..blocks import Block, Grid
from ..document.look import Look
from ..km.data import cautions, km_key, times
from ..texts.preparation import corrected
from ..texts.printer import Printer
from . import Kind
from .survival.tests import log_rank_said


def _methods(result: KaplanMeier, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on Kaplan-Meier curves."""
    groups = f" by {result.by}" if result.by else ""
    entry = result.provenance.settings.get("entry")
    late = f" Patients are at risk from their entry on ({entry}; left truncation)." if entry else ""
    asked = " Quantiles are where curve and limits cross." if result.asked else ""
    return [
        f"Survival was estimated{groups} by the method of Kaplan and Meier, with Greenwood's variance and pointwise "
        f"{printer.percent(result.level)} confidence intervals (type {result.ci}); the limits of a median are where "
        f"these cross one half.{asked}{late}" + " Groups were compared by the log-rank test." * result.is_compared,
        corrected(result.provenance),
    ]


def _results(result: KaplanMeier, printer: Printer) -> list[str]:
    """Return a sentence on each curve: patients, events and median."""
    key = km_key(result)
    median = key.columns[2]
    unit = f" {result.unit}" if result.unit else ""
    names = [f"{group}: " if result.by else "" for group in key[""]]
    level = f"({printer.percent(result.level)} CI "
    return [
        f"{name}{row.events} of {row.n} patients had the event; median "
        f"{printer.journal.decimal(shown).replace('(', level)}{unit}."
        for name, row, shown in zip(names, result.medians.itertuples(), key[median], strict=True)
    ] + [*_quantiles(result, printer, unit), *_test(result, printer), *cautions(result)]


def _test(result: KaplanMeier, printer: Printer) -> Iterable[str]:
    """Yield the log-rank test of all groups, as figures have it."""
    if not result.is_compared:
        return
    yield log_rank_said(log_rank(result), printer)


def _quantiles(result: KaplanMeier, printer: Printer, unit: str) -> Iterable[str]:
    """Return a sentence on each quantile that was asked for."""
    if not result.asked:
        return
    found = result.quantiles(result.asked)
    shown = times(found[["quantile", "ci_low", "ci_high"]], printer.journal)
    for (_, row), text in zip(found.iterrows(), shown, strict=True):
        group = f"{result.by} {row['group']}: " if result.by else ""
        when = printer.journal.decimal(text).replace("(", f"({printer.percent(result.level)} CI ")
        percent = printer.journal.decimal(f"{100 * row['q']:g}")
        yield f"{group}{percent}% had the event by {when}{unit}."


def _figures(result: KaplanMeier, look: Look) -> tuple[Block, ...]:
    from ..km.figure import km

    axes = km(result)
    if look.effect:
        axes.set_ylabel(look.effect)
    key = km_key(result, quantiles=result.asked).rename(columns={"": "Group"})
    return look.drawing(axes, "Kaplan-Meier curves"), Grid(key, "Events and medians of the curves")


def _numbers(result: KaplanMeier) -> pd.DataFrame:
    return result.tidy()


KIND = Kind(
    verbs="survival.kaplan_meier",
    heading=lambda _: "Kaplan-Meier estimates",
    methods=_methods,
    results=_results,
    figures=_figures,
    numbers=_numbers,
)
