"""Coefficients of a meta-regression by names that readers know."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...analysis.effects.measures import Measure
from ...analysis.interaction.wording import LIMITS
from ...analysis.pooling.moderators.coefficients import CoefficientsResult
from ...analysis.pooling.moderators.design import BETWEEN, FACTOR, Design
from ...base.digits import Form, decimals, fixed, percentage, ratio
from ..forest.content import titled
from ..texts.printer import listed


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient.

    Attributes
    ----------
    column, name
        Its name in the design, and what readers know it by.
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
    curve
        The transform of which it is one of several columns, such as a spline; empty where it is by itself.
    where
        Where it holds, of a moderator that interacts with others; empty where it does not.
    """

    column: str
    name: str
    moderator: bool
    what: str
    values: tuple[float, float, float]
    unit: str
    form: Form
    p: float
    curve: str = ""
    where: str = ""


def terms_of(r: CoefficientsResult) -> list[Term]:
    """Return the coefficients on the natural scale, as far as they have one: see ``tidy`` of the result."""
    return [_term(r, str(name), row) for name, row in r.coefficients.to_dict("index").items()]


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
            words = design.curve(name) or named(name, design)
            column, colon, level = ("", "", "") if " × " in words else words.partition(": ")
            found.setdefault(column if colon else words, []).extend([level] if colon else [])
    return [f"{column} ({_levels(levels)})" if levels else column for column, levels in found.items()]


def _levels(levels: list[str]) -> str:
    """Return levels, those against one reference with it once."""
    references = {level.partition(" against ")[2] for level in levels}
    if len(references) > 1 or references == {""}:
        return listed(levels)
    return f"{listed(level.partition(' against ')[0] for level in levels)} against {references.pop()}"


def _term(r: CoefficientsResult, name: str, row: Mapping[Any, Any]) -> Term:
    record = r.record_of(name)
    values = record.inverse(np.array([row[limit] for limit in LIMITS]))
    percent = record.scale == "percent"
    estimate, low, high = (100 * values if percent else values).tolist()
    p = math.nan if record.null is None else row["p_value"]
    return Term(name, named(name, r.design), not r.design.is_mean(name), record.natural, (estimate, low, high),
                "%" if percent else "", _form(record, row["se"]), p, curve=r.design.curve(name),
                where=_where(name, r.design))  # fmt: skip


def _where(name: str, design: Design) -> str:
    """Return where a moderator's coefficient holds that has interactions: where the others are 0, or at a reference."""
    others = [set(BETWEEN.split(other)) - {name} for other in design.names if name in BETWEEN.split(other)]
    found = dict.fromkeys(_at_reference(piece, design) for pieces in others for piece in sorted(pieces))
    return listed(found) if found else ""


def _at_reference(piece: str, design: Design) -> str:
    words = _piece(piece, design)
    column, _, levels = words.partition(": ")
    _, against, reference = levels.partition(" against ")
    return f"{column} is {reference}" if against else f"{words} is 0"


def _form(record: Measure, se: float) -> Form:
    """Return a form with as many decimals as the standard error asks for, of ratios two or more."""
    if record.scale == "percent":
        return percentage
    digits = decimals(se)
    return ratio if record.scale == "log" and digits <= 2 else fixed(digits)


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
