"""Numbers as readers see them: in the style of their kind, and with more digits where that style would erase them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import combinations, count

MORE = 3  # digits beyond those of the style, at most
NO_ERROR = "effects are equal but for rounding"  # a standard error by their scatter then is 0
NOISE = 1e-9  # numbers that differ by less, as a share of them, are one number
FIVE = 0.05  # where p-values are read as on one side or the other
FINEST = 6  # decimals; what needs more to have significant digits stands with an exponent
UNKNOWN = "not estimable"
ROUNDING = 1e-12  # a statistic below it is what rounding leaves of 0; above its inverse, what 0 leaves of a divisor


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How numbers of one kind are printed.

    Attributes
    ----------
    decimals
        A number -> its decimals, where these tell it.
    ends
        What a number may come near without being it, such as 0 and 100 of percentages; it is never printed as one.
    huge, finest
        From this size on, or with more decimals than this, a number stands with an exponent.
    trim
        Whether zeros at its end are left out.
    minus
        The sign of negative numbers.
    noise
        What is not larger is rounding noise and printed as 0.
    tiny
        Estimates below it have two significant digits.
    """

    decimals: Callable[[float], int]
    ends: tuple[float, ...] = ()
    huge: float = 1e15
    finest: int = 15
    trim: bool = False
    minus: str = "−"
    noise: float = 0.0
    tiny: float = 0.0

    def __call__(self, x: float) -> str:
        """Return a number as it is printed by itself."""
        return self.of(x)[0]

    def of(self, *values: float) -> tuple[str, ...]:
        """Return the numbers of one interval: those that differ differ in print, as far as three more digits do it.

        Numbers of the same decimals share those that one of them needs.
        """
        places = [self.decimals(x) if math.isfinite(x) else 0 for x in values]
        more = self.needs(*values)
        return tuple(self._text(x, p, more[p]) for x, p in zip(values, places, strict=True))

    def needs(self, *values: float) -> dict[int, int]:
        """Return decimals of the style -> how many more the numbers of one interval that have these need."""
        places = [self.decimals(x) if math.isfinite(x) else 0 for x in values]
        return {p: self._more(p, [x for x, q in zip(values, places, strict=True) if q == p]) for p in set(places)}

    def _more(self, places: int, values: list[float]) -> int:
        """Return how many more digits these numbers take: the fewest that leave the fewest of them untold."""
        known = [x for x in values if math.isfinite(x)]

        def untold(more: int) -> int:
            shown = [self._text(x, places, more) for x in known]
            pairs = combinations(range(len(known)), 2)
            alike = sum(shown[a] == shown[b] and not math.isclose(known[a], known[b], rel_tol=NOISE) for a, b in pairs)
            return alike + sum(self._erased(x, places + more) for x in known) + self._coarse(known, places + more)

        if not untold(0):  # ordinary numbers, at once
            return 0
        return min(range(MORE + 1), key=untold)

    def _coarse(self, known: list[float], digits: int) -> bool:
        """Return whether the middle one of an interval is tiny and has less than two significant digits."""
        middle = abs(sorted(known)[len(known) // 2]) if known else 0.0
        return 0 < middle < self.tiny and float(f"{middle:.{digits}f}") < 9.5 * 10.0**-digits

    def _erased(self, x: float, places: int) -> bool:
        """Return whether these decimals show a number as an end, which it is not."""
        near = (end for end in self.ends if float(f"{x:.{places}f}") == end)
        return any(abs(x - end) > max(NOISE * end, self.noise) for end in near)

    def _text(self, x: float, places: int, more: int) -> str:
        digits = places + more
        if not math.isfinite(x):
            return UNKNOWN if math.isnan(x) else number(x, 0)
        if self.noise and abs(x) <= self.noise:
            return number(0.0, self.decimals(0.0) and self.decimals(0.0) + more)
        small = abs(x) < 0.5 and self._erased(x, digits)
        if small or abs(x) >= self.huge or digits > self.finest:
            text = f"{x:.{1 if small else max(self.decimals(1.0), 2) + more}e}"
        else:
            text = number(x, next(d for d in count(digits) if not self._erased(x, d)))
        return (_trimmed(text) if self.trim else text).replace("−", "-").replace("-", self.minus)


def fixed(digits: int, ends: tuple[float, ...] = ()) -> Form:
    """Return the form of numbers that all have so many decimals."""
    return Form(decimals=lambda _: digits, ends=ends)


def difference(digits: int) -> Form:
    """Return the form of differences of so many decimals, of which none that is not 0 is printed as 0."""
    return Form(decimals=lambda _: digits, ends=(0.0,), noise=ROUNDING)


def with_digits(form: Form, digits: int | None) -> Form:
    """Return the form with so many decimals; itself when None."""
    return form if digits is None else replace(form, decimals=lambda _: digits, tiny=0.0)


def in_column(form: Form, intervals: Iterable[tuple[float, ...]]) -> Form:
    """Return the form of intervals that stand below each other, so that they have the same decimals.

    A digit that one interval needs is given to all; what needs more than that by far is printed by itself.
    """
    needs = sorted(max(form.needs(*interval).values()) for interval in intervals)
    if not needs:
        return form
    most = needs[len(needs) // 2] + 1
    more = max(need for need in needs if need <= most)
    widest = form.decimals(1.0)
    return replace(form, decimals=lambda x: widest + more if form.decimals(x) else 0)


def number(x: float, digits: int) -> str:
    """Return a number with fixed decimals, a true minus sign, and no minus before a zero."""
    if math.isnan(x):
        return UNKNOWN
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    text = f"{x:.{digits}f}"
    if float(text) == 0:
        text = f"{0:.{digits}f}"
    return text.replace("-", "−")


def decimals(error: float) -> int:
    """Return how many decimals numbers of this standard error need: two, more where it is small, fewer where large."""
    if not (math.isfinite(error) and error > ROUNDING):
        return 2
    power = math.floor(math.log10(error))
    return max(-power, min(2, 2 - power), 0)


def in_percent(level: float) -> str:
    """Return a level such as 0.975 in percent, without its sign: ``97.5``."""
    return f"{100 * level:.10g}"


def off_five(p: float, digits: int) -> int:
    """Return how many decimals, from so many up to six, a p-value needs not to be printed as 0.05, which it is not.

    As it then is never rounded across 0.05, its print tells on which side it lies.

    >>> [off_five(p, 2) for p in (0.05, 0.052, 0.0496, 0.04996, 0.055)]
    [2, 3, 4, 5, 2]
    """
    return next(d for d in count(digits) if float(f"{p:.{d}f}") != FIVE or abs(p - FIVE) <= NOISE or d >= FINEST)


def p_said(p: float, equals: str = "") -> str:
    """Return a p-value as a summary prints it, such as ``p 0.0123``; ``p < 0.001`` where it is too small for a float.

    `equals` stands between its symbol and its number.
    """
    if math.isnan(p):
        return "p not available"
    return f"p{equals} {_of_p(p)}" if p > 0 else "p < 0.001"


def statistic_said(statistic: str, value: float, df: int, p: float) -> str:
    """Return a test as a summary prints it: ``Q 12.3 (4 df), p 0.0153``."""
    return f"{statistic} {plain_statistic(value)} ({df} df), {p_said(p)}"


def _of_digits(digits: int) -> Callable[[float], int]:
    def places(x: float) -> int:
        return max(digits - 1 - int(f"{x:.{digits - 1}e}".partition("e")[2]), 0) if x else 0

    return places


def _of_ratio(x: float) -> int:
    return 2 if round(x, 2) < 10 else 1 if round(x, 1) < 100 else 0


def _trimmed(text: str) -> str:
    mantissa, e, power = text.partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + e + power


# Ratios have two decimals, fewer where they are large.
ratio = Form(decimals=_of_ratio, ends=(0.0,), huge=1e6, tiny=0.1)
percentage, whole_percent = (fixed(digits, ends=(0.0, 100.0)) for digits in (1, 0))
rate = replace(percentage, tiny=1.0)  # a percentage that is an estimate
significant = Form(decimals=_of_digits(3), finest=FINEST, huge=1e7)
# Of tests, which have no unit: Q, F, chi-square, t. What is smaller than rounding leaves is 0.
statistic = replace(significant, noise=ROUNDING)
# Numbers of a summary: four significant digits or five, of large numbers all before the point.
plain = Form(decimals=_of_digits(4), ends=(1.0, 100.0), finest=7, huge=1e6, trim=True, minus="-")
plain_statistic = replace(plain, noise=ROUNDING)
finer = replace(plain, decimals=_of_digits(5), finest=8)
_of_p = Form(decimals=lambda p: off_five(p, _of_digits(3)(p)), ends=(1.0,), finest=FINEST, trim=True, minus="-")
