"""What there is to say of a journal: how it prints numbers and a forest plot, and what it asks of a figure's file."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from ...base.digits import Form, fixed, off_five, percentage, significant
from ..style import COLUMN, PAGE

BLUE = "#0072B2"
WIDTHS = ("column", "page")  # names of the widths of `Journal.columns`
DATA = ("binary", "continuous", "generic")  # kinds of data that RevMan tells apart by colour
SMALLEST_TYPE = 6.0  # pt: below it no journal prints


def all_alike(colour: str) -> Mapping[str, str]:
    """Return one colour for every kind of data."""
    return MappingProxyType(dict.fromkeys(DATA, colour))


@dataclass(frozen=True, slots=True, kw_only=True)
class PStyle:
    """How p-values are printed.

    Attributes
    ----------
    symbol
        ``p`` or ``P``.
    zero
        Whether a zero stands before the decimal point.
    least
        Below it only that p is smaller is said.
    fine, digits
        p below `fine` has three decimals, above it `digits`; more where it would be rounded to 0.05, which it is not.
    """

    symbol: str = "p"
    zero: bool = True
    least: float = 0.001
    fine: float = 0.1
    digits: int = 2

    def __call__(self, p: float) -> str:
        """Return the p-value with its symbol, such as ``p = 0.012`` or ``P < .001``."""
        if math.isnan(p):
            return f"{self.symbol} not available"
        small = p < self.least
        digits = off_five(p, 3 if p < self.fine else self.digits)
        sign, shown = ("<", f"{self.least:g}") if small else ("=", f"{p:.{digits}f}")
        if not small and not self.zero and float(shown) == 1:  # without the zero, 1.00 has no place
            sign, shown = ">", "0.99"
        return f"{self.symbol} {sign} {shown if self.zero else shown.removeprefix('0')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artwork:
    """What a journal asks of a figure's file.

    Attributes
    ----------
    narrowest, widest
        Width in mm; 0 and infinity where no rule is known, as 0 for the others.
    dpi
        Least pixels an inch of line art.
    type_size, line
        Smallest type and thinnest line, in points.
    source, grade
        Where the values are from, and how well they are known: ``primary`` (a page of the journal's own),
        ``secondary`` (a transcription of it) or ``none`` (nothing found). All are some years old: look at the journal's
        page before submission.
    """

    narrowest: float = 0.0
    widest: float = math.inf
    dpi: int = 0
    type_size: float = 0.0
    line: float = 0.0
    source: str = ""
    grade: str = "none"

    @property
    def is_known(self) -> bool:
        """Whether anything is known of what the journal asks."""
        return self.grade != "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A journal, a publisher, or a program whose layout is known: how numbers and forest plots are, and its artwork.

    Attributes
    ----------
    title
        Name of the journal or program.
    width
        Of the figure, in mm, where none is asked for.
    columns
        Width of a figure of one column and of one over the whole page, in mm.
    study
        Header of the trials.
    left, right
        Text columns left of the panel, after the trials, and right of it; those without content are not shown.
    limits, signed
        A confidence interval; and one with a limit below 0, in which a hyphen would be read as a minus.
    point
        The decimal point.
    p
        How p-values are printed.
    differ
        What a line of heterogeneity says, in this order: ``tau2``, ``i2``, ``q``.
    before
        The word that it begins with.
    q
        Cochran's Q, its degrees of freedom and p-value.
    tau2_digits, i2_digits
        Decimals; None prints three significant digits.
    overall_test
        Whether the test of no effect has a line.
    squares, diamond, prediction
        Colours of trials by the kind of data, of pooled effects, and of prediction intervals.
    directions, bold_directions
        Whether labels of direction stand at the ``top`` or ``bottom``, and in bold type.
    effect_label
        Whether the name of the effect stands ``above`` or ``below`` the panel.
    blank
        Height of the blank row between blocks, in lines.
    source, grade, checked
        Where the values are from; how well they are known: ``primary`` (the journal's or the program's own page or
        source), ``secondary``, ``none`` (nothing found for a forest plot); and what of the record that concerns.
    artwork
        What is asked of a figure's file.
    """

    title: str
    width: float = PAGE
    columns: tuple[float, float] = (COLUMN, PAGE)
    study: str = "Trial"
    left: tuple[str, ...] = ("counts", "counts_c")
    right: tuple[str, ...] = ("effect", "share", "share_common")
    limits: str = "({low} to {high})"
    signed: str = "({low} to {high})"
    point: str = "."
    p: PStyle = PStyle()
    differ: tuple[str, ...] = ("tau2", "i2", "q")
    before: str = ""
    q: str = "Q = {q} (df {df}), {p}"
    tau2_digits: int | None = None
    i2_digits: int = 0
    overall_test: bool = False
    squares: Mapping[str, str] = field(default_factory=lambda: all_alike(BLUE))
    diamond: str = BLUE
    prediction: str = BLUE
    directions: str = "bottom"
    bold_directions: bool = False
    effect_label: str = "below"
    blank: float = 0.5
    source: str = ""
    grade: str = "none"
    checked: str = ""
    artwork: Artwork = Artwork()

    @property
    def smallest_type(self) -> float:
        """The smallest type that the journal prints, in points."""
        return max(SMALLEST_TYPE, self.artwork.type_size)

    def mm(self, width: float | str | None) -> float:
        """Return a width in mm: the one given, that of a name, or where there is none the journal's own."""
        if width is None:
            return self.width
        return self.columns[WIDTHS.index(width)] if isinstance(width, str) else width

    def decimal(self, text: str) -> str:
        """Return a text with the journal's decimal point within its numbers, those without a leading zero too."""
        return re.sub(r"(?<![^\s\d])\.(?=\d)", self.point, text)

    def between(self, low: float, high: float, form: Form) -> str:
        """Return confidence limits; one not reached is NR."""
        return self._limits((low, high), form.of(low, high))

    def printed(self, estimate: float, low: float, high: float, form: Form) -> tuple[str, str]:
        """Return an estimate and its limits."""
        value, *limits = form.of(estimate, low, high)
        return value, self._limits((low, high), limits)

    def interval(self, estimate: float, low: float, high: float, form: Form) -> str:
        """Return an estimate with its limits, as in ``0.48 (0.36 to 0.64)``."""
        return " ".join(self.printed(estimate, low, high, form))

    def i2(self, value: float) -> str:
        """Return an I² as the journal prints it, in percent without its sign."""
        return fixed(self.i2_digits, ends=percentage.ends)(value)

    def tau2(self, value: float) -> str:
        """Return a variance between trials as the journal prints it."""
        return significant(value) if self.tau2_digits is None else fixed(self.tau2_digits, ends=(0.0,))(value)

    def _limits(self, values: Sequence[float], texts: Sequence[str]) -> str:
        template = self.signed if min(values) < 0 else self.limits
        low, high = ("NR" if math.isnan(x) else text for x, text in zip(values, texts, strict=True))
        return template.format(low=low, high=high)
