"""What must be said with a number wherever it is printed: records that a result gives and every output prints.

No text holds code or numbers of rows, since it stands in manuscripts; what to call instead is the summary's advice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from .digits import in_percent, p_said, plain

AGAIN = "as said above"
ENDS = ("; ", ", since ", ", so that ")  # of the first clause of a caution, by which it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The estimate with another interval.

    Attributes
    ----------
    name
        What the interval is called, such as ``common-effect interval``.
    estimate, low, high
        On the natural scale, proportions as such.
    analysed
        The three on the scale of analysis.
    p
        Of the test that goes with the interval; NaN where nobody asks.
    level
        Of the interval.
    record
        The measure, which says how its values are printed.
    against
        By which distributions it and the result's own interval are, where these differ.
    """

    name: str
    estimate: float
    low: float
    high: float
    p: float
    level: float
    record: Any
    analysed: tuple[float, float, float]
    against: str = ""

    def __str__(self) -> str:
        unit, sign = (100.0, " %") if self.record.scale == "percent" else (1.0, "")
        return self._said((unit * self.estimate, unit * self.low, unit * self.high), sign)

    def on_analysis(self) -> str:
        """Return it on the scale of analysis, which is named."""
        return f"{self.record.label} {self._said(self.analysed, '')}"

    def _said(self, values: tuple[float, float, float], sign: str) -> str:
        estimate, low, high = plain.of(*values)
        test = "" if self.p != self.p else f", {p_said(self.p)}"
        against = f" ({self.against})" if self.against else ""
        return f"{estimate}{sign} ({in_percent(self.level)} % CI {low} to {high}){test}{against}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """What a reader must know of a number, wherever it is printed.

    Attributes
    ----------
    text
        A sentence without capital and end, which says it in short.
    more
        What else is to be said of it, in the same way; figures and tables beside words leave it out.
    of
        Whose number it is, where the result has several: a subgroup, a coefficient; empty of the result itself.
    beside
        Another interval to stand beside it.
    of_prediction
        Whether it is of the prediction interval alone, and has no place where that is not shown.
    of_summary
        Whether it is of a number that the summary alone shows.
    numeric
        Whether its text has numbers, which a journal prints in its own way; then no name of a trial stands in it.
    of_effects
        Whether it is of the effects as they entered, and so of everything made of them.
    """

    text: str
    more: str = ""
    of: str = ""
    beside: Beside | None = None
    of_prediction: bool = False
    of_summary: bool = False
    numeric: bool = False
    of_effects: bool = False

    @property
    def statement(self) -> tuple[str, str]:
        """What it says, of whomever: by this a document knows that it has said it."""
        return self.text, self.more

    def __str__(self) -> str:
        return told([self])[0]


def told(
    cautions: Iterable[Caution],
    form: Callable[[Beside], str] = str,
    *,
    short: bool = False,
    brief: bool = False,
    said: Collection[Caution] = (),
) -> list[str]:
    """Return what is said, without its end, once for all whom it is said of, who are named.

    Parameters
    ----------
    cautions
        In the order in which they are told.
    form
        Prints what is beside.
    short
        Whether only the first sentence of each is wanted.
    brief
        Whether only the first clause of each is wanted, with whom it is of.
    said
        Cautions that stand whole above. What is said again comes last, in one sentence of first clauses, each with
        whom it is of and, where it is of another number than above, the interval beside it.
    """
    whom: dict[tuple[str, str], list[Caution]] = {}
    again: dict[str, list[Caution]] = {}
    statements = {caution.statement for caution in said}
    for caution in cautions:
        clause = first_clause(caution.text)
        if caution.statement in statements:
            again.setdefault(clause, []).append(
                dataclasses.replace(caution, beside=None) if caution in said else caution
            )
        else:
            key = (caution.text, "" if short or brief else caution.more)
            whom.setdefault(key, []).append(dataclasses.replace(caution, beside=None) if brief else caution)
    new = ((_sentence(first_clause(text) if brief else text, same, form), more) for (text, more), same in whom.items())
    found = [f"{text}. {more[:1].upper()}{more[1:]}" if more else text for text, more in new]
    repeated = "; ".join(_sentence(text, same, form) for text, same in again.items())
    return [*found, f"{AGAIN}: {repeated}"] if again else found


def first_clause(text: str) -> str:
    """Return the first clause of a caution."""
    for end in ENDS:
        text = text.partition(end)[0]
    return text


def _sentence(text: str, same: list[Caution], form: Callable[[Beside], str]) -> str:
    beside = [(f" of {c.of}" if c.of else "", c.beside) for c in same if c.beside is not None]
    if beside:
        name, first = f"{text}; the {beside[0][1].name}", beside[0][1].against
        if first and all(other.against == first for _, other in beside):  # say it once
            name += f" ({first})"
            beside = [(of, dataclasses.replace(other, against="")) for of, other in beside]
        return name + ";".join(f"{of}: {form(other)}" for of, other in beside)
    names = ", ".join(c.of for c in same if c.of)
    return f"{text} ({names})" if names else text


def named(of: str, cautions: Iterable[Caution]) -> list[Caution]:
    """Return the cautions of a part of a result, under its name."""
    return [dataclasses.replace(c, of=f"{of}, {c.of}" if c.of else of) for c in cautions]
