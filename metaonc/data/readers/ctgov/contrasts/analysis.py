"""Analyses of a measure as contrasts of two of its groups: ratios, their intervals, p values."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..record import Analysis
from ..words.values import is_open, number, p_value, proportion_of, two_sided
from .direction import Side, numerator

_LOG = re.compile(r"\b(?:log(?:_?(?:2|10))?|ln)\b(?![- ]?rank)|\blog[- ]?(?:hazard|odds|hr|or)\b|natural log", re.I)
_RATIOS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("hr", re.compile(r"hazards? ratio|(?-i:\bHR\b)|log[- ]?hazard", re.I)),
    ("or", re.compile(r"odds ratio|(?-i:\bOR\b)|log[- ]?odds", re.I)),
)
_SECONDARY = re.compile(r"sensitivity|\bunstratified|per[- ]protocol|exploratory|supportive|interim|unadjusted"
                        r"|ad hoc|post[- ]hoc",
                        re.I)  # fmt: skip
_COVARIATE = re.compile(
    r"\bcovariate effect|continuous|per (?:unit|doubling|log|sd\b|\d)|for each|one[- ]unit|relationship between"
    r"|expression level|association (?:between|of)|concentration",
    re.I,
)
_TEXTS = (
    *("estimateComment", "paramType", "statisticalComment", "groupDescription", "pValueComment"),
    *("nonInferiorityComment", "ciLowerLimitComment", "otherAnalysisDescription"),
)
_COLUMNS = {"hr": ("hr", "hr_low", "hr_high", "hr_level", "hr_sides"),
            "or": ("odds_ratio", "or_low", "or_high", "or_level", "or_sides")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contrast:
    """A contrast of two groups: which is over which, the columns it fills, and what must be known of it."""

    arm: str
    comparator: str
    measure: str
    values: Mapping[str, object]
    notes: tuple[str, ...] = ()
    about: str = ""
    secondary: bool = False
    said: bool = field(default=False)


def texts_of(analysis: Analysis) -> str:
    """Return all that an analysis says in words, for what it names: subgroups, assessors."""
    return " . ".join(analysis[name] for name in _TEXTS if analysis[name])


def contrast_of(analysis: Analysis, sides: Mapping[str, Side]) -> Contrast | str:
    """Return the contrast of an analysis, or why it is none.

    Parameters
    ----------
    analysis
        One analysis.
    sides
        The groups of the measure, by their id in it.
    """
    groups = analysis.groups
    if any(group not in sides for group in groups):
        strange = ", ".join(group for group in groups if group not in sides)
        return f"its groups {strange} are not among those of the measure: a nested cohort, kept apart"
    if len(set(groups)) != 2 or len(groups) != 2:
        return f"it is about {len(set(groups))} group(s), not a comparison of two"
    words = texts_of(analysis)
    kind = next((kind for kind, pattern in _RATIOS if pattern.search(analysis["paramType"])), "")
    if kind and _COVARIATE.search(words):
        return "its ratio is of a covariate, not of an arm over another"
    found = _ratio(analysis, kind) if kind else ({}, ())
    if isinstance(found, str):
        return found
    values, notes = found
    p_values, p_notes = _p(analysis)
    if not values and not p_values:
        return "it gives no hazard ratio, odds ratio or p value that is read"
    made = Contrast(groups[0], groups[1], kind, {**values, **p_values}, (*notes, *p_notes), words,
                    bool(_SECONDARY.search(words)))  # fmt: skip
    return _directed(made, analysis, sides) if kind else made


def _ratio(analysis: Analysis, kind: str) -> tuple[dict[str, object], tuple[str, ...]] | str:
    """Return the columns of a ratio, natural scale, and notes; or why it is not read."""
    value = number(analysis["paramValue"])
    if value is None:
        return f"its {analysis['paramType']} {analysis['paramValue']!r} is no number"
    low, high = (number(analysis[k]) for k in ("ciLowerLimit", "ciUpperLimit"))
    notes: list[str] = []
    if _LOG.search(f"{analysis['paramType']} {analysis['estimateComment']}"):
        if re.search(r"log\s*_?(?:2|10)\b", f"{analysis['paramType']} {analysis['estimateComment']}", re.I):
            return "its logarithm is not the natural one"
        if max(abs(x) for x in (value, low or 0.0, high or 0.0)) > 50:
            return f"{value:g} is no logarithm of a ratio"
        value, low, high = math.exp(value), *(None if x is None else math.exp(x) for x in (low, high))
        notes.append("ratio and limits printed as natural logarithms, turned back")
    if value <= 0 or any(x is not None and x <= 0 for x in (low, high)):
        return f"its {analysis['paramType']} is not above 0"
    if (low is not None and low > value) or (high is not None and high < value):
        return f"its {analysis['paramType']} {value:g} lies outside its interval ({low}, {high})"
    names = _COLUMNS[kind]
    values: dict[str, object] = {names[0]: value}
    level, sides, why = _level(analysis, low, high)
    if why:
        notes.append(why)
    if level is not None:
        values |= {names[1]: low, names[2]: high, names[3]: level, names[4]: sides}
    return values, tuple(notes)


def _level(analysis: Analysis, low: float | None, high: float | None) -> tuple[float | None, int | None, str]:
    """Return the level of an interval, its sides, and what is said of it: without a level, why it is left out."""
    if low is None and high is None:
        return None, None, ""
    level = proportion_of(analysis["ciPctValue"])
    if level is None:
        return None, None, f"limits ({low}, {high}) of a level that is not stated, left out"
    if analysis["ciNumSides"] != "ONE_SIDED":
        return level, 2 if analysis["ciNumSides"] == "TWO_SIDED" else None, ""
    if low is None or high is None:
        return level, 1, ""
    if level <= 0.5:
        return None, None, f"a one-sided level of {level:g} gives no interval of two limits, left out"
    return round(2 * level - 1, 12), 2, two_sided(level)


def _p(analysis: Analysis) -> tuple[dict[str, object], tuple[str, ...]]:
    if not analysis["pValue"] or is_open(analysis["pValue"]):
        return {}, ()
    if "NON_INFERIORITY" in analysis["nonInferiorityType"] or "EQUIVALENCE" in analysis["nonInferiorityType"]:
        return {}, (f"p {analysis['pValue']} is of a test of non-inferiority, left out",)
    p = p_value(
        analysis["pValue"], *(analysis[k] for k in ("pValueComment", "statisticalComment", "statisticalMethod"))
    )
    if p.bound is not None:
        return {"p_bound": p.bound, "p_sided": p.sides}, (f"p printed as a bound, {p.bound}",)
    return ({"p_value": p.value, "p_sided": p.sides}, ()) if p.value is not None else ({}, ())


def _directed(made: Contrast, analysis: Analysis, sides: Mapping[str, Side]) -> Contrast | str:
    """Return the contrast with the group first that its ratio is of."""
    pair = [sides[group] for group in analysis.groups]
    texts = [analysis[k] for k in _TEXTS[:4] if analysis[k]]
    first = numerator(texts, pair, lower_is_better=made.measure == "hr")
    if first is None:
        return made
    over, under = pair[first], pair[1 - first]
    made = replace(made, arm=analysis.groups[first], comparator=analysis.groups[1 - first], said=True)
    if under.is_experimental and over.is_comparator:
        turned = _inverse(made.values, _COLUMNS[made.measure])
        note = f"the record gives {over.title!r} over {under.title!r}: turned, ratio and limits are reciprocals"
        return replace(made, arm=made.comparator, comparator=made.arm, values=turned, notes=(*made.notes, note))
    if first == 1:
        note = f"by its comment the ratio is of {over.title!r} over {under.title!r}, not in the order of its groups"
        return replace(made, notes=(*made.notes, note))
    return made


def _inverse(values: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    value, low, high = (values.get(name) for name in names[:3])
    turned = {names[0]: value, names[1]: high, names[2]: low}
    return {**values, **{k: 1 / x if isinstance(x, float) else None for k, x in turned.items()}}


def against_order(contrast: Contrast, sides: Mapping[str, Side]) -> bool:
    """Tell whether arm types of the protocol say that the second group of an undirected ratio is the treatment."""
    return sides[contrast.arm].is_comparator and sides[contrast.comparator].is_experimental
