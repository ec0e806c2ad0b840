"""What must be said with a number wherever it is printed: records that a result gives and every output prints."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The estimate with another interval.

    Attributes
    ----------
    estimate, low, high
        On the natural scale, proportions as such.
    p
        Of the test that goes with the interval; NaN where nobody asks.
    level
        Of the interval.
    record
        The measure, which says how its values are printed.
    """

    estimate: float
    low: float
    high: float
    p: float
    level: float
    record: Any

    def __str__(self) -> str:
        unit, sign = (100.0, " %") if self.record.scale == "percent" else (1.0, "")
        estimate, low, high = (unit * x for x in (self.estimate, self.low, self.high))
        test = "" if self.p != self.p else f", p {self.p:.3g}"
        return f"{estimate:.4g}{sign} ({100 * self.level:g} % CI {low:.4g} to {high:.4g}){test}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """What a reader must know of a number, wherever it is printed.

    Attributes
    ----------
    text
        A sentence without capital and end; where `beside` is there, its last words name that.
    of
        Whose number it is, where the result has several: a subgroup, a coefficient; empty of the result itself.
    beside
        Another interval to stand beside it.
    """

    text: str
    of: str = ""
    beside: Beside | None = None

    def __str__(self) -> str:
        return told([self])[0]


def told(cautions: Iterable[Caution], form: Callable[[Beside], str] = str) -> list[str]:
    """Return a sentence a text, without its end, that names all whom it is said of; `form` prints what is beside."""
    whom: dict[str, list[Caution]] = {}
    for caution in cautions:
        whom.setdefault(caution.text, []).append(caution)
    return [_sentence(text, same, form) for text, same in whom.items()]


def _sentence(text: str, same: list[Caution], form: Callable[[Beside], str]) -> str:
    beside = [(f" of {c.of}" if c.of else "", form(c.beside)) for c in same if c.beside is not None]
    if beside:
        return text + ";".join(f"{of}: {shown}" for of, shown in beside)
    names = ", ".join(c.of for c in same if c.of)
    return f"{text} ({names})" if names else text


def named(of: str, cautions: Iterable[Caution]) -> list[Caution]:
    """Return the cautions of a part of a result, under its name."""
    return [dataclasses.replace(c, of=f"{of}, {c.of}" if c.of else of) for c in cautions]
