"""How effects were pooled, in the words of a methods section (PRISMA 2020, item 13d)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ....analysis.methods.intervals import PREDICTION_METHODS
from ....analysis.results.pooled import PooledResult
from ...forest.notes import INTERVALS, OWN_INTERVALS
from ...texts.intervals import interval_method
from ...texts.preparation import corrected, dependent, measured, obtained
from ...texts.printer import Printer
from .words import words_of


def methods(r: PooledResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a pool."""
    return [measured(r.record), prepared(r, printer), dependence(r), synthesis(r, cited, printer)]


def prepared(r: PooledResult, printer: Printer) -> str:
    """Return where the effects are from, and what was changed; of pools of counts only what was changed."""
    s = r.studies
    own = "" if r.model_facts.pools_counts else obtained(r.record, s.data, s.labels, printer)
    return " ".join(filter(None, [own, corrected(r.provenance)]))


def dependence(r: PooledResult) -> str:
    """Say that rows of one trial were taken as independent, where they were."""
    told = r.model_facts.models_dependence or r.studies.covariance is not None
    return "" if told else dependent(r.k, r.trials)


def synthesis(r: PooledResult, cited: list[str], printer: Printer, what: str = "Effects were") -> str:
    """Return the paragraph on model, intervals and heterogeneity; `what` is pooled."""
    if r.is_single:
        kind = OWN_INTERVALS[str(r.study_table(transform=True)["interval"].iloc[0])]
        own = f"Its confidence interval ({printer.percent(r.level)}): {kind}."
        return f"One trial was available; nothing was pooled. {own}"
    words = words_of(r)
    model = printer.journal.decimal(words.model(r, what, cited))
    return " ".join(filter(None, [model, *_intervals(r, cited, printer), words.heterogeneity_method(r, printer)]))


def _intervals(r: PooledResult, cited: list[str], printer: Printer) -> Iterable[str]:
    percent, own = printer.percent(r.level), words_of(r).intervals
    yield interval_method(r.ci, percent, cited) if own is None else own(r, percent, cited)
    if not math.isnan(r.prediction_low):
        yield f"Prediction intervals ({percent}) are for the effect in a new trial ({_prediction(r)})."


def _prediction(r: PooledResult) -> str:
    if r.prediction == "predictive":
        return "posterior predictive"
    if r.prediction in PREDICTION_METHODS:
        return PREDICTION_METHODS[r.prediction].label.replace("k - ", "k − ")
    if r.prediction is not None and r.prediction in INTERVALS:
        return f"degrees of freedom as the {INTERVALS[r.prediction]} interval"  # of a robust result
    return str(r.prediction)
