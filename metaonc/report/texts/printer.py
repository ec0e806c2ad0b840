"""How numbers stand in sentences: as a journal prints them, names of trials untouched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...analysis.effects.measures import Measure
from ...base.digits import Form, in_percent, significant
from ..journals import Journal

_QUOTED = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
_NUMBERED = re.compile(r" \(rows? \d+(?: and \d+ more)?\)")
_MINUS = re.compile(r"(?<![\w.])-(?=\d)")
_P_VALUE = re.compile(r"\bp (?=\d)")
ALL = ("tau2", "i2", "q")  # a text names all of heterogeneity, also where a journal's figures do not


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints numbers as a journal does.

    Attributes
    ----------
    journal
        The journal.
    unit
        Of times and rates, such as ``months``; empty where it is not known.
    """

    journal: Journal
    unit: str = ""

    def unit_of(self, record: Measure) -> str:
        """Return what stands after a value of a measure; ratios and differences have no unit."""
        if record.scale == "percent":
            return "%"
        return f" {self.unit}" if self.unit and record.null is None else ""

    @property
    def whole(self) -> Journal:
        """The journal, with all that there is to say of heterogeneity."""
        return replace(self.journal, differ=ALL)

    @property
    def cochran(self) -> str:
        """The name of Cochran's statistic, by the symbol that the journal prints."""
        return f"Cochran's {self.symbol}{'' if self.symbol == 'Q' else ' test'}"

    @property
    def symbol(self) -> str:
        """The symbol that the journal prints for Cochran's statistic."""
        return self.journal.q.partition(" ")[0]

    def plain(self, text: str) -> str:
        """Return words and numbers with the journal's decimal point and plain spaces."""
        return self.journal.decimal(text).replace("\u00a0", " ")

    def figures(self, text: str) -> str:
        """Return words of a summary, with numbers in them, as a manuscript prints them."""
        signed = _MINUS.sub("−", text.replace(" %", "%"))
        return self.journal.decimal(_P_VALUE.sub("p = ", signed))

    def p(self, p: float) -> str:
        """Return a p-value with its symbol."""
        return self.journal.decimal(self.journal.p(p))

    def significant(self, x: float) -> str:
        """Return a number to three significant digits."""
        return self.journal.decimal(significant(x))

    def percent(self, level: float) -> str:
        """Return the level of an interval."""
        return self.journal.decimal(f"{in_percent(level)}%")

    def together(self, form: Form, *values: float) -> list[str]:
        """Return numbers that are read together, with the journal's decimal point."""
        return [self.journal.decimal(text) for text in form.of(*values)]

    def interval(
        self,
        values: Iterable[float],
        form: Form,
        level: float,
        *,
        kind: str = "CI",
        unit: str = "",
    ) -> str:
        """Return an estimate with its limits, as in ``0.48 (95% CI 0.36 to 0.64)``."""
        estimate, low, high = values
        value, limits = map(self.journal.decimal, self.journal.printed(estimate, low, high, form))
        return f"{value}{unit} {limits[0]}{self.percent(level)} {kind} {limits[1:]}"


def several(count: int, what: str = "trial") -> str:
    """Return a number with its noun, such as ``1 trial`` or ``3 trials``."""
    return f"{count} {what}{'s' * (count != 1)}"


def listed(items: Iterable[str], last: str = "and") -> str:
    """Return items as a sentence lists them: ``a``, ``a and b``, ``a, b and c``."""
    *first, end = items
    return f"{', '.join(first)} {last} {end}" if first else end


def capital(sentence: str) -> str:
    """Return a sentence with a capital; what begins with a symbol keeps it."""
    return sentence[:1].upper() + sentence[1:]


def unquoted(text: str) -> str:
    """Return a text without the quotes around names and without the numbers of rows, as a manuscript has it."""
    return _QUOTED.sub(r"\1", _NUMBERED.sub("", text))


def trial(label: str) -> str:
    """Return how a trial is named; one without a name by its number."""
    return f"trial {label}" if label.isdigit() else label
