"""How effects were pooled, in the words of a methods section (PRISMA 2020, item 13d)."""

from __future__ import annotations

from collections.abc import Iterable

from ....analysis.methods.intervals import PREDICTION_METHODS
from ....analysis.results.pooled import PooledResult
from ...forest.notes import INTERVALS, OWN_INTERVALS
from ...texts.intervals import interval_method
from ...texts.preparation import dependent, measured, obtained
from ...texts.printer import Printer, several
from .words import words_of

MILLER = "Miller 1978, doi:10.1080/00031305.1978.10479283"


def methods(r: PooledResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a pool."""
    return [measured(r.record), prepared(r, printer, cited), dependence(r), synthesis(r, cited, printer)]


def prepared(r: PooledResult, printer: Printer, cited: list[str]) -> str:
    """Return where the effects are from; nothing of pools of counts."""
    s = r.studies
    return "" if r.model_facts.pools_counts else obtained(r.record, s.data, s.labels, printer, cited)


def dependence(r: PooledResult) -> str:
    """Say that rows of one trial were taken as independent, where they were."""
    told = r.model_facts.models_dependence or r.studies.covariance is not None
    return "" if told else dependent(r.k, r.trials)


def synthesis(r: PooledResult, cited: list[str], printer: Printer, what: str = "Effects were") -> str:
    """Return the paragraph on model, intervals and heterogeneity; `what` is pooled."""
    if r.is_single:
        kind = OWN_INTERVALS[r.own[-1]]
        own = f"Its confidence interval ({printer.percent(r.level)}): {kind}."
        return f"One trial was available; nothing was pooled. {own}"
    words = words_of(r)
    model = printer.journal.decimal(words.model(r, what, cited))
    said = [model, *_intervals(r, cited, printer), words.heterogeneity_method(r, printer), _transformed_back(r, cited)]
    return " ".join(filter(None, said))


def _transformed_back(r: PooledResult, cited: list[str]) -> str:
    """Return by which size a pooled effect is transformed back whose transform needs one."""
    if r.record.inverse_needs is None:
        return ""
    cited += [MILLER] * r.record.is_proportion
    what = "sample sizes" if r.record.is_proportion else "person-times"
    return f"Pooled effects were transformed back with the harmonic mean of the {what}."


def _intervals(r: PooledResult, cited: list[str], printer: Printer) -> Iterable[str]:
    percent, own = printer.percent(r.level), words_of(r).intervals
    yield interval_method(r.ci, percent, cited) if own is None else own(r, percent, cited)
    if r.predicts:
        yield predicted(r, printer)


def predicted(r: PooledResult, printer: Printer, of: str = "") -> str:
    """Return what prediction intervals are; `of` says whose."""
    return (
        f"Prediction intervals ({printer.percent(r.level)}){of} are for the effect in a new trial ({_prediction(r)})."
    )


def of_rows(r: PooledResult) -> str:
    """Say that k, in the name of a prediction interval, counts rows, where trials have several."""
    counts = r.prediction in PREDICTION_METHODS and "k - " in PREDICTION_METHODS[r.prediction].label
    return f", k being the {r.k} rows of {several(r.trials)}" if counts and r.trials < r.k else ""


def _prediction(r: PooledResult) -> str:
    if r.prediction == "predictive":
        return "posterior predictive"
    if r.prediction in PREDICTION_METHODS:
        return f"{PREDICTION_METHODS[r.prediction].label.replace('k - ', 'k − ')}{of_rows(r)}"
    if r.prediction is not None and r.prediction in INTERVALS:
        return f"degrees of freedom as the {INTERVALS[r.prediction]} interval"  # of a robust result
    return str(r.prediction)
