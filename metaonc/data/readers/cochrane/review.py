"""What a RevMan file holds, whatever its format: kinds of analyses, their figures, and rows of studies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ....base.numbers import NotANumber, number_of
from ....errors import DataError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data that RevMan analyses.

    Attributes
    ----------
    name
        What it is called here.
    tag
        Start of its elements' names in an .rm5 file.
    web
        Its name in a data package of RevMan Web.
    figures
        Column here -> attribute of an .rm5 file, column of a data package.
    """

    name: str
    tag: str
    web: str
    figures: Mapping[str, tuple[str, str]]


_N = {"n_t": ("TOTAL_1", "Experimental N"), "n_c": ("TOTAL_2", "Control N")}
_COUNTS = {
    "events_t": ("EVENTS_1", "Experimental cases"),
    "n_t": _N["n_t"],
    "events_c": ("EVENTS_2", "Control cases"),
    "n_c": _N["n_c"],
}
_MEANS = {
    "mean_t": ("MEAN_1", "Experimental mean"),
    "sd_t": ("SD_1", "Experimental SD"),
    "n_t": _N["n_t"],
    "mean_c": ("MEAN_2", "Control mean"),
    "sd_c": ("SD_2", "Control SD"),
    "n_c": _N["n_c"],
}
DICHOTOMOUS = Kind("dichotomous", "DICH", "Dichotomous", _COUNTS)
INVERSE_VARIANCE = Kind("inverse variance", "IV", "Contrast level", {
    "yi": ("ESTIMATE", "GIV Mean"), "se": ("SE", "GIV SE"), **_N})  # fmt: skip
KINDS = (
    DICHOTOMOUS,
    Kind("continuous", "CONT", "Continuous", _MEANS),
    Kind("O-E and variance", "IPD", "O-E and variance", {
        "o_minus_e": ("O_E", "O-E"), "v": ("VAR", "Variance"), **_COUNTS}),
    INVERSE_VARIANCE,
)  # fmt: skip
_AGREES = 1e-3  # relative: RevMan rounds what it shows
_MEASURES = {
    "or": "OR", "odds ratio": "OR", "rr": "RR", "risk ratio": "RR", "rd": "RD", "risk difference": "RD",
    "peto_or": "PETO", "peto odds ratio": "PETO", "hr": "HR", "hazard ratio": "HR", "md": "MD", "mean difference": "MD",
    "smd": "SMD", "std. mean difference": "SMD", "standardized mean difference": "SMD",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis of a review: a comparison and an outcome."""

    number: str
    comparison: str
    outcome: str
    kind: Kind
    measure: str
    method: str
    model: str
    label_t: str
    label_c: str
    non_events: bool


@dataclass(frozen=True, slots=True)
class Study:
    """One study of an analysis: its figures by the names of its kind, and RevMan's own effect with its limits."""

    analysis: Analysis
    subgroup: str
    name: str
    year: str
    figures: Mapping[str, float]
    shown: tuple[float, float, float]
    log_scale: bool | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The studies of all analyses, and what of the file was left out."""

    format: str
    studies: tuple[Study, ...]
    left_out: tuple[str, ...]


def measure_of(name: str) -> str:
    """Return the code of a measure, or its name where RevMan's authors gave it one of their own."""
    text = " ".join(name.split())
    return _MEASURES.get(text.lower(), text)


def number(text: str | None, place: str, *, whole: bool = False) -> float:
    """Return a number of a file, NaN where it has none; `place` is what an error calls it, `whole` of a count."""
    plain = (text or "").strip()
    if plain in ("#N/A", "NaN"):
        return math.nan
    try:
        return number_of(plain, whole=whole)
    except NotANumber as problem:
        raise DataError(f"{place}: {plain!r} is not a number: {problem}.") from None


def entered(kind: Kind, figures: dict[str, float]) -> dict[str, float]:
    """Return figures with NaN for the numbers of patients that RevMan writes as 0 where none were entered."""
    if kind is DICHOTOMOUS or figures.get("n_t") or figures.get("n_c"):
        return figures
    counts = ("n_t", "n_c", "events_t", "events_c")
    return {name: math.nan if name in counts else x for name, x in figures.items()}


def shown_of(effect: float, low: float, high: float) -> tuple[float, float, float]:
    """Return RevMan's own effect with its limits: NaN where it has written zeros because it has none."""
    return (effect, low, high) if any((effect, low, high)) else (math.nan, math.nan, math.nan)


def scale_of(estimate: float, shown: float, stated: bool | None, place: str) -> tuple[bool | None, float]:
    """Return whether an estimate is a logarithm, and the estimate.

    Parameters
    ----------
    estimate
        As it was entered; NaN where the file has none.
    shown
        The effect that RevMan shows for it, which decides; NaN where there is none.
    stated
        What the file says.
    place
        What an error calls the study.
    """
    if math.isnan(estimate):
        if stated is None or math.isnan(shown):
            return None, math.nan
        return stated, math.log(shown) if stated else shown
    if math.isnan(shown):
        return stated, estimate
    if math.isclose(shown, math.exp(min(estimate, 700)), rel_tol=_AGREES):
        return True, estimate
    if math.isclose(shown, estimate, rel_tol=_AGREES, abs_tol=1e-6):
        return False, estimate
    raise DataError(
        f"{place}: the effect shown, {shown:g}, is neither the estimate, {estimate:g}, nor its exponential: open the "
        "review in RevMan so that it is calculated anew, and export it again."
    )
