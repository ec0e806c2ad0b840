"""Coefficients of a meta-regression by names that readers know."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ...analysis.effects.measures import Measure
from ...analysis.interaction.wording import LIMITS, difference_record
from ...analysis.pooling.regression.design import Design
from ...analysis.pooling.regression.result import RegressionResult
from ..forest.content import Form, titled
from ..numbers import decimals, number, ratio
from ..texts.printer import listed

FACTOR = re.compile(r"(?P<factor>.+?)\[(?P<coding>T\.)?(?P<level>[^\[\]]*)\]")


SAME: dict[str, Any] = {"inverse": lambda x: x, "inverse_needs": None, "scale": "linear"}
BETWEEN = re.compile(r":(?![^\[]*\])")  # the colon of an interaction, not one in the name of a level


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient.

    Attributes
    ----------
    name
        What it is of.
    moderator
        Whether it says how effects differ; otherwise it is a mean effect, as an intercept is.
    what
        What its value is, such as a ratio of hazard ratios.
    values, unit
        Estimate and limits on the natural scale, and their unit.
    form
        How these are printed.
    p
        Of the test that it is 0 on the scale of analysis; NaN where nobody asks.
    """

    name: str
    moderator: bool
    what: str
    values: tuple[float, float, float]
    unit: str
    form: Form
    p: float


def terms_of(r: RegressionResult) -> list[Term]:
    """Return the coefficients: differences of logarithms as ratios, mean effects on the natural scale of the measure.

    Differences of other measures have no natural scale and stay on that of analysis, as do means whose back-transform
    needs sample sizes.
    """
    return [_term(r, str(name), row) for name, row in r.coefficients.to_dict("index").items()]


def is_mean(name: str, design: Design) -> bool:
    """Return whether a column stands for a mean effect: the intercept, or a level of a model without one."""
    found = FACTOR.fullmatch(name)
    level = found is not None and found["coding"] is None and found["factor"] in design.factors
    return name == "intercept" or (level and "intercept" not in design.names)


def named(name: str, design: Design) -> str:
    """Return a column of a design by a name that readers know."""
    if name == "intercept":
        return "Intercept"
    return " × ".join(_piece(piece, design) for piece in BETWEEN.split(name))


def listed_moderators(design: Design) -> list[str]:
    """Return the moderators, the levels of each factor together: ``Line``, ``KRAS (wild-type against mutant)``."""
    found: dict[str, list[str]] = {}
    for name in design.names:
        if name != "intercept":
            words = named(name, design)
            column, colon, level = ("", "", "") if " × " in words else words.partition(": ")
            found.setdefault(column if colon else words, []).extend([level] if colon else [])
    return [f"{column} ({_levels(levels)})" if levels else column for column, levels in found.items()]


def _levels(levels: list[str]) -> str:
    """Return levels, those against one reference with it once."""
    references = {level.partition(" against ")[2] for level in levels}
    if len(references) > 1 or references == {""}:
        return listed(levels)
    return f"{listed(level.partition(' against ')[0] for level in levels)} against {references.pop()}"


def _term(r: RegressionResult, name: str, row: Mapping[Any, Any]) -> Term:
    mean = is_mean(name, r.design)
    record = _mean_record(r.record) if mean else difference_record(r.measure)
    values = record.inverse(np.array([row[limit] for limit in LIMITS]))
    percent = record.scale == "percent"
    estimate, low, high = (100 * values if percent else values).tolist()
    p = math.nan if record.null is None else row["p_value"]
    return Term(named(name, r.design), not mean, record.natural, (estimate, low, high), "%" if percent else "",
                _form(record, row["se"]), p)  # fmt: skip


def _mean_record(record: Measure) -> Measure:
    return record if record.inverse_needs is None else replace(record, **SAME, natural=record.label)


def _form(record: Measure, se: float) -> Form:
    """Return a form with as many decimals as the standard error asks for, of ratios two or more."""
    if record.scale == "percent":
        return partial(number, digits=1)
    digits = decimals(se)
    return ratio if record.scale == "log" and digits <= 2 else partial(number, digits=digits)


def _piece(piece: str, design: Design) -> str:
    found = FACTOR.fullmatch(piece)
    if not found or found["factor"] not in design.factors:
        return titled(piece) if piece.isidentifier() else piece
    factor, level = found["factor"], found["level"]
    column = re.sub(r"^C\((\w+).*\)$", r"\1", factor)
    if not column.isidentifier():
        return piece
    if found["coding"] is None:
        return f"{titled(column)}: {level}"
    pieces = {part for name in design.names for part in BETWEEN.split(name)}
    absent = [other for other in design.factors[factor] if f"{factor}[T.{other}]" not in pieces]
    return f"{titled(column)}: {level}" + (f" against {absent[0]}" if len(absent) == 1 else "")
