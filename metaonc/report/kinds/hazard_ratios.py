"""Hazard ratios of two arms, in words: from patients, from two curves, and from plausible sets of patients."""

from __future__ import annotations

import math
from functools import partial

from ...analysis.survival.cox.fitted import FittedHazardRatio
from ...analysis.survival.cox.result import CoxHazardRatio, CurveHazardRatio, LogHazardRatio, TwoArmHazardRatio
from ...analysis.survival.ensembles.hazard_ratio import EnsembleHazardRatio
from ...base.digits import fixed, percentage, ratio
from ...base.result import versions
from ..blocks import Block, Grid
from ..document.look import Look
from ..forest.notes import chi_square
from ..texts.preparation import corrected, left_out
from ..texts.printer import Printer, listed
from . import Kind

REFERENCE = "Tierney 2007, doi:10.1186/1745-6215-8-16"


def _cox_methods(r: CoxHazardRatio, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a hazard ratio from patients."""
    ties = r.provenance.settings["ties"].capitalize()
    entry = r.provenance.settings.get("entry")
    late = f" Patients are at risk from their entry on ({entry}; left truncation)." if entry else ""
    how = (
        "a Wald {level} confidence interval and test"
        if r.ci == "wald"
        else ("a {level} confidence interval by profile likelihood and the likelihood-ratio test")
    )
    return [
        f"The hazard ratio of {r.treatment} to {r.control} was estimated by Cox's model with {ties}'s method for tied "
        f"events, with {how.format(level=printer.percent(r.level))}, beside the log-rank test.{late}",
        corrected(r.provenance),
    ]


def _cox_results(r: CoxHazardRatio, printer: Printer) -> list[str]:
    """Return the paragraphs on a hazard ratio from patients."""
    logrank = printer.plain(chi_square(printer.journal, r.logrank_chi2, 1, r.logrank_p)) if r.v > 0 else "not available"
    return [
        f"{_ratio(r, printer)}; log-rank test: {logrank}.",
        _arms(r, r.treatment, r.control, printer),
    ]


def _fitted_methods(r: FittedHazardRatio, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a hazard ratio from a fitted model."""
    parts = {"adjusted for": r.covariates, "stratified by": r.strata}
    beside = [f"{what} {listed(names)}" for what, names in parts.items() if names]
    own = versions()
    fitted = listed(name for name in r.provenance.versions if name not in own)
    return [
        f"The hazard ratio of {r.term}{f', {listed(beside)},' if beside else ''} is that of Cox's model "
        f"fitted by {fitted} with {r.ties.capitalize()}'s method for tied events; confidence interval "
        f"({printer.percent(r.level)}) and test are Wald's.",
        *(f"Of the fit: {note}." for note in r.provenance.notes),
    ]


def _fitted_results(r: FittedHazardRatio, printer: Printer) -> list[str]:
    """Return the paragraphs on a hazard ratio from a fitted model."""
    return [f"{_ratio(r, printer)}.", f"The event happened in {r.events} of {r.n} patients."]


def _ratio_methods(r: CurveHazardRatio, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a hazard ratio from curves."""
    cited.append(REFERENCE)
    settings = r.provenance.settings
    censored = (
        "the numbers at risk at the same times"
        if settings["route"] == "numbers at risk"
        else "the patients at the start, and censoring spread over the follow-up"
    )
    pooled = {
        "ratio": "the mean of the logarithms of the intervals' ratios of risks, weighted by inverse variance",
        "log-rank": "that of the log-rank test on these numbers",
    }[settings["pooling"]]
    return [
        f"The hazard ratio of treatment to control was computed from points on both published survival curves: events "
        f"in each of {len(r.intervals)} intervals followed from the curves and {censored}; it is {pooled}. The "
        f"confidence interval ({printer.percent(r.level)}) and the test are Wald's.",
    ]


def _ratio_results(r: CurveHazardRatio, printer: Printer) -> list[str]:
    """Return the paragraphs on a hazard ratio from curves."""
    return [left_out(r, "interval"), f"{_ratio(r, printer)}.", _arms(r, "treatment", "control", printer)]


def _ensemble_methods(r: EnsembleHazardRatio, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a hazard ratio from plausible sets of patients."""
    ties = r.provenance.settings["ties"].capitalize()
    return [
        f"The patients behind the published curves were reconstructed {r.combined.k} times: reading errors of the "
        "figure, and what it leaves open of the censoring, were drawn anew each time. The hazard ratio of treatment to "
        f"control was estimated in each set by Cox's model with {ties}'s method for tied events, and combined by "
        f"Rubin's rules, so that the confidence interval ({printer.percent(r.level)}, Student's t) holds the "
        "uncertainty of the reconstruction."
    ]


def _ensemble_results(r: EnsembleHazardRatio, printer: Printer) -> list[str]:
    """Return the paragraphs on a hazard ratio from plausible sets of patients."""
    low, high = printer.together(ratio, math.exp(r.range_low), math.exp(r.range_high))
    spread = f"the estimates of the {r.combined.k} sets lay between {low} and {high} (5% to 95%)"
    missing = f"{printer.together(percentage, 100 * r.combined.missing)[0]}% of the information is missing"
    return [f"{_ratio(r, printer)}; {spread}; {missing}.", _arms(r, "treatment", "control", printer)]


def _ratio(r: LogHazardRatio, printer: Printer) -> str:
    low, high = r.tidy(transform=True)[["ci_low", "ci_high"]].iloc[0]
    arms = "treatment to control"
    if isinstance(r, CoxHazardRatio):
        arms = f"{r.treatment} to {r.control}"
    if isinstance(r, FittedHazardRatio):
        arms = r.term
    return (
        f"The hazard ratio of {arms} was {printer.interval((r.hr, low, high), ratio, r.level)}, {printer.p(r.p_value)}"
    )


def _arms(r: TwoArmHazardRatio, treatment: str, control: str, printer: Printer) -> str:
    whole = isinstance(r, CoxHazardRatio)
    form = fixed(0 if whole else 1)
    about = "" if whole else "about "
    counts = ((treatment, r.events_t, r.n_t), (control, r.events_c, r.n_c))
    each = " and ".join(
        f"{about}{printer.together(form, events)[0]} of {n} patients ({arm})" for arm, events, n in counts
    )
    return f"The event happened in {each}."


def _figures(r: LogHazardRatio, look: Look) -> tuple[Block, ...]:
    from ..document.figures import natural_numbers, readable

    numbers = natural_numbers(r)[["estimate", "ci_low", "ci_high", "p_value"]]
    return (Grid(readable(numbers), look.effect or "Hazard ratio"),)


_kind = partial(Kind, heading=lambda _: "Hazard ratio", figures=_figures)
COX = _kind(verbs="survival.hazard_ratio", methods=_cox_methods, results=_cox_results)
FITTED = _kind(verbs="survival.hazard_ratio", methods=_fitted_methods, results=_fitted_results)
FROM_CURVES = _kind(verbs="survival.hazard_ratio_from_curves", methods=_ratio_methods, results=_ratio_results)
OF_ENSEMBLE = _kind(verbs="survival.hazard_ratio_of_ensemble", methods=_ensemble_methods, results=_ensemble_results)
