"""How journals want a forest plot: columns, numbers, colours and places, a frozen record a journal.

Values of RevMan5, JAMA and BMJ are those of the layouts of R's package meta (8.4-0); the rest of a record follows the
journal's own pages as far as its ``grade`` says. What no source states is as in the default layout.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ..base.check import one_of
from .numbers import number, significant
from .style import PAGE

BLUE = "#0072B2"
DATA = ("binary", "continuous", "generic")  # kinds of data that RevMan tells apart by colour


def _all(colour: str) -> Mapping[str, str]:
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
        p below `fine` has three decimals, above it `digits`.
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
        sign, shown = ("<", f"{self.least:g}") if small else ("=", f"{p:.{3 if p < self.fine else self.digits}f}")
        if not small and not self.zero and float(shown) == 1:  # without the zero, 1.00 has no place
            sign, shown = ">", "0.99"
        return f"{self.symbol} {sign} {shown if self.zero else shown.removeprefix('0')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A layout.

    Attributes
    ----------
    title
        Name of the journal or program.
    width
        Of the figure, in mm.
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
    squares, diamond
        Colours of trials by the kind of data, and of pooled effects.
    directions, bold_directions
        Whether labels of direction stand at the ``top`` or ``bottom``, and in bold type.
    effect_label
        Whether the name of the effect stands ``above`` or ``below`` the panel.
    blank
        Height of the blank row between blocks, in lines.
    source, grade, checked
        Where the values are from; how well they are known: ``primary`` (the journal's or the program's own page or
        source), ``secondary``, ``none`` (nothing found for a forest plot); and what of the record that concerns.
    """

    title: str
    width: float = PAGE
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
    squares: Mapping[str, str] = field(default_factory=lambda: _all(BLUE))
    diamond: str = BLUE
    directions: str = "bottom"
    bold_directions: bool = False
    effect_label: str = "below"
    blank: float = 0.5
    source: str = ""
    grade: str = "none"
    checked: str = ""

    def decimal(self, text: str) -> str:
        """Return a text with the journal's decimal point within its numbers."""
        return re.sub(r"(?<=\d)\.(?=\d)", self.point, text)

    def between(self, low: float, high: float, form: Callable[[float], str]) -> str:
        """Return confidence limits; one not reached is NR."""
        template = self.signed if low < 0 or high < 0 else self.limits
        first, last = ("NR" if math.isnan(x) else form(x) for x in (low, high))
        return template.format(low=first, high=last)

    def interval(self, estimate: float, low: float, high: float, form: Callable[[float], str]) -> str:
        """Return an estimate with its limits, as in ``0.48 (0.36 to 0.64)``."""
        return f"{form(estimate)} {self.between(low, high, form)}"

    def tau2(self, value: float) -> str:
        """Return a variance between trials as the journal prints it."""
        return significant(value) if self.tau2_digits is None else number(value, self.tau2_digits)


_META = "R package meta 8.4-0, settings.meta.R and the help of forest.meta"

JOURNALS: Mapping[str, Journal] = MappingProxyType({
    "default": Journal(title="metaonc"),
    "RevMan5": Journal(
        title="Review Manager 5",
        study="Study or Subgroup",
        left=("events", "n", "time", "events_t", "n_t", "time_t", "events_c", "n_c", "time_c", "o_minus_e", "v",
              "share", "share_common", "effect"),
        right=(),
        limits="[{low}, {high}]",
        signed="[{low}, {high}]",
        p=PStyle(symbol="P"),
        differ=("tau2", "q", "i2"),
        before="Heterogeneity: ",
        q="χ² = {q}, df = {df} ({p})",
        tau2_digits=3,
        overall_test=True,
        squares=MappingProxyType({"binary": "#0000FF", "continuous": "#00B000", "generic": "#FF0000"}),
        diamond="#000000",
        effect_label="above",
        blank=1.0,
        source=_META,
        grade="primary",
        checked="header, order of columns, intervals, tau2 and I2, tests, colours, labels, blank rows; not the width",
    ),
    "JAMA": Journal(
        title="JAMA",
        width=127.0,
        study="Source",
        left=("counts", "counts_c", "effect"),
        right=(),
        limits="({low}-{high})",
        p=PStyle(symbol="P", zero=False, fine=0.01),
        differ=("q", "i2"),
        before="Heterogeneity: ",
        q="χ² = {q} (df {df}; {p})",
        overall_test=True,
        squares=_all("#00008B"),
        diamond="#ADD8E6",
        directions="top",
        bold_directions=True,
        blank=0.0,
        source=f"{_META}; AMA Manual of Style, an older edition, for width and p-values",
        grade="primary",
        checked="header, order of columns, intervals, tau2 and I2, tests, colours, labels, blank rows, p-values, width",
    ),
    "BMJ": Journal(
        title="BMJ",
        study="Study",
        left=("counts", "counts_c"),
        right=("share", "share_common", "effect"),
        p=PStyle(symbol="P", least=0.01, fine=0.0),
        differ=("tau2", "q", "i2"),
        before="Test for heterogeneity: ",
        q="χ² = {q}, df = {df}, {p}",
        overall_test=True,
        squares=_all("#737373"),
        diamond="#BFBFBF",
        blank=1.0,
        source=f"{_META}; the journal's page asks that figures survive print in black and white",
        grade="primary",
        checked="order of columns, intervals, tau2 and I2, tests, p-values, blank rows; not header, labels, width",
    ),
    "Lancet": Journal(
        title="The Lancet",
        width=154.0,
        point="·",
        limits="({low}–{high})",
        source="The Lancet's artwork guidelines: a copy of 2012, and transcriptions that cite those of August 2015",
        grade="primary",
        checked="the midline decimal point; widths of 75 and 154 mm are secondary; the dash within limits is "
        "unverified, nothing on columns of forest plots",
    ),
    "NEJM": Journal(
        title="New England Journal of Medicine",
        p=PStyle(symbol="P"),
        source="transcriptions that cite the Technical Guidelines for Figures; sans serif type, vector files",
        grade="secondary",
        checked="type and files only; no width, columns or numbers of forest plots were found",
    ),
    "JCO": Journal(
        title="Journal of Clinical Oncology",
        right=("effect", "difference", "share", "share_common"),
        p=PStyle(symbol="P", zero=False, fine=0.01),
        source="Journal of Clinical Oncology, page on statistics",
        grade="primary",
        checked="an absolute difference beside the ratio, p-values to two digits above .01; no width was found",
    ),
})  # fmt: skip


def journal_of(name: str | None) -> Journal:
    """Return the record of a journal, the default when None.

    Raises
    ------
    OptionError
        When there is none of this name.
    """
    return JOURNALS[one_of("journal", name or "default", JOURNALS)]
