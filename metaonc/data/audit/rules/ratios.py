"""Hazard and odds ratios beside their intervals, p values, medians and counts."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log
from typing import NamedTuple

from scipy import special

from ....base.digits import fixed, in_percent
from ....base.digits import ratio as as_ratio
from ...schema.magnitudes import CLEAR, FAR_MEDIANS
from ..records import AuditRule, Finding, Reading
from ..rows import Number, Row
from .limits import LEVELS, normal_quantile

# A log-rank or stratified p is not the Wald test of the interval: this far apart, in standard errors, is common.
_OTHER_TEST = 0.3


class Ratio(NamedTuple):
    """The columns of a ratio: itself, its limits and their level."""

    name: str
    low: str
    high: str
    level: str


_RATIOS = (Ratio("hr", "hr_low", "hr_high", "hr_level"), Ratio("odds_ratio", "or_low", "or_high", "or_level"))


class Printed(NamedTuple):
    """A ratio as printed, with its limits, in order and above 0."""

    columns: Ratio
    value: Number
    low: Number
    high: Number

    def __str__(self) -> str:
        return f"{self.columns.name}={self.value} ({self.low}-{self.high})"

    def centre(self) -> tuple[float, float]:
        """Return the ends of the range of the limits' geometric mean."""
        ends = zip(_ends(self.low), _ends(self.high), strict=True)
        a, b = ((low * high) ** 0.5 for low, high in ends)
        return a, b

    def errors(self, level: float) -> tuple[float, float]:
        """Return the ends of the range of the logarithm's standard error."""
        (low_a, low_b), (high_a, high_b) = _ends(self.low), _ends(self.high)
        width = 2 * normal_quantile(level)
        return max(log(high_a / low_b), 1e-9) / width, log(high_b / low_a) / width

    def z(self, level: float) -> tuple[float, float]:
        """Return the ends of the range of the logarithm over its standard error."""
        logs = [log(end) for end in _ends(self.value)]
        every = [x / se for x in logs for se in self.errors(level)]
        return min(every), max(every)


def _ends(printed: Number) -> tuple[float, float]:
    return max(printed.low, 1e-9), printed.high


def _printed(row: Row) -> Iterator[Printed]:
    for columns in _RATIOS:
        value, low, high = (row.num(c) for c in columns[:3])
        if value and low and high and 0 < low.value <= value.value <= high.value and low.value < high.value:
            yield Printed(columns, value, low, high)


def _off_centre(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        for ratio in _printed(row):
            low, high = ratio.centre()
            if ratio.value.meets(low, high):
                continue
            names = ratio.columns
            place = ratio.value.decimals
            upper, lower = ratio.value.value**2 / ratio.low.value, ratio.value.value**2 / ratio.high.value
            yield Finding(
                (row,),
                names[:3],
                str(ratio),
                f"{names.name} between {' and '.join(fixed(place + 1, ends=(0.0,)).of(low, high))}, "
                f"or {names.high} near {upper:.{place}f}, or {names.low} near {lower:.{place}f}",
                f"{ratio} is not at the geometric centre of its interval, even once rounding is undone.",
                "Look up all three; one may be misprinted, or the interval is no log scale one (bootstrap, profile).",
            )


def _p_range(printed: Number, sides: int) -> tuple[float, float]:
    """Return the ends of the range of |z|, or of z for one side, that gives a printed p."""
    low, high = max(printed.low, 1e-300), min(printed.high, 1.0)
    return float(-special.ndtri(high / sides)), float(-special.ndtri(low / sides))


def _gap(ratio: Printed, p: Number, sides: int, level: float) -> float:
    """Return how far, in standard errors, p is from the interval; 0 within rounding."""
    a, b = ratio.z(level)
    low, high = _p_range(p, sides)
    ways = [(a, b), (-b, -a)] if sides == 1 else [(0.0 if a <= 0 <= b else min(abs(a), abs(b)), max(abs(a), abs(b)))]
    return min(max(low - y, x - high, 0.0) for x, y in ways)


def _p_of_interval(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        p, ratio = row.num("p_value"), next(_printed(row), None)
        if p is None or ratio is None or not 0 < p.value <= 1:
            continue
        sides = row.count("p_sided")
        level = row.confidence(ratio.columns.level) or 0.95
        asked = [sides] if sides in (1, 2) else [2, 1]
        if min(_gap(ratio, p, s, level) for s in asked) <= _OTHER_TEST:
            continue
        others = (at for at in LEVELS if at != level and min(_gap(ratio, p, s, at) for s in asked) <= 0.05)
        other = [f"{in_percent(at)}%" for at in others]
        fits = f"; p={p} goes with an interval of {' or '.join(other)}" if other else ""
        yield Finding(
            (row,),
            ("p_value", *ratio.columns[:3]),
            f"p={p}{f', {sides}-sided' if sides else ''}; {ratio}",
            f"p between {_p(ratio, level, asked[0])} ({asked[0]}-sided, {in_percent(level)}% interval){fits}",
            f"p={p} is not that of {ratio}.",
            "Look up p, its sides, the limits and their level; it may be the p of another test or of another contrast.",
        )


def _p(ratio: Printed, level: float, sides: int) -> str:
    a, b = ratio.z(level)
    near = 0.0 if a <= 0 <= b else min(abs(a), abs(b))
    tails = [sides * float(special.ndtr(-z)) for z in (max(abs(a), abs(b)), near)]
    return " and ".join(f"{min(t, 1):.2g}" for t in tails)


class _Medians(NamedTuple):
    """A hazard ratio beside the medians of its two arms: logs, the rows that report them, and the columns."""

    hr: float
    medians: float
    certain: bool  # the medians differ once rounding is undone
    here: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...]


def _beside_medians(reading: Reading, row: Row) -> _Medians | None:
    """Return what a hazard ratio stands beside: medians of one row, or of its arm's row and the comparator's."""
    hr = row.num("hr")
    if hr is None or hr.value <= 0 or row.kind != "time":
        return None
    here, there = row.num("estimate"), row.num("estimate_comparator")
    if here and there:  # in one unit, whichever it is
        text = f"medians {here} and {there} {row.text('unit')}".strip()
        ends = ((here.low, here.high), (there.low, there.high))
        return _medians(log(hr.value), ends, text, (row,), ("hr", "estimate", "estimate_comparator"))
    own = row.months()
    if own is None or not row.text("comparator"):
        return None
    for other in reading.comparators(row):
        theirs = other.months()
        if theirs is not None and min(*own, *theirs) > 0:
            text = f"medians {_time(row)} and {_time(other)}"
            return _medians(log(hr.value), (own, theirs), text, (row, other), ("hr", "estimate", "comparator"))
    return None


def _medians(
    hr: float, ends: tuple[tuple[float, float], tuple[float, float]], text: str, rows: tuple[Row, ...],
    columns: tuple[str, ...],
) -> _Medians | None:  # fmt: skip
    here, there = ends
    if min(*here, *there) <= 0:
        return None
    certain = here[1] < there[0] or there[1] < here[0]
    return _Medians(hr, log(sum(there) / sum(here)), certain, text, rows, columns)


def _time(row: Row) -> str:
    return f"{row.num('estimate')} {row.text('unit')}"


def _points_away(found: _Medians) -> bool:
    """Tell whether ratio and medians clearly say that different arms did better."""
    return found.certain and found.hr * found.medians < 0 and min(abs(found.hr), abs(found.medians)) > CLEAR


def _inverted(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        found = _beside_medians(reading, row)
        if found and _points_away(found):
            better = "longer" if found.medians < 0 else "shorter"
            yield Finding(
                found.rows,
                found.columns,
                f"hr={row.num('hr')}; {found.here}",
                f"hr near {as_ratio(exp(found.medians))}, the ratio of the medians; 1/hr is {as_ratio(exp(-found.hr))}",
                f"hr={row.num('hr')} though the median is {better} than the comparator's: the ratio may be inverted.",
                "Look up which arm is the reference; if it is this arm, write 1/hr, 1/hr_high and 1/hr_low.",
            )


def _far_from_medians(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        found = _beside_medians(reading, row)
        if found and abs(found.hr - found.medians) > FAR_MEDIANS and not _points_away(found):
            yield Finding(
                found.rows,
                (*found.columns[:-1], "unit") if len(found.rows) > 1 else found.columns,
                f"hr={row.num('hr')}; {found.here}",
                f"hr near {as_ratio(exp(found.medians))}, the ratio of the medians",
                f"hr={row.num('hr')} is far from the ratio of the medians.",
                "Look up both medians, their units (weeks or months) and the ratio.",
            )


def _odds_ratio_of_counts(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        counts = [row.count(c) for c in ("events", "n", "events_comparator", "n_comparator")]
        printed = row.num("odds_ratio")
        if printed is None or printed.value <= 0 or any(c is None for c in counts):
            continue
        a, n, c, m = (count or 0 for count in counts)
        if not (0 < a < n and 0 < c < m):
            continue
        ratio = a * (m - c) / ((n - a) * c)
        adjusted = abs(log(ratio / printed.value)) <= log(1.25)
        if printed.prints(ratio) or adjusted:
            continue
        inverted = printed.prints(1 / ratio)
        yield Finding(
            (row,),
            ("odds_ratio", "events", "n", "events_comparator", "n_comparator"),
            f"odds_ratio={printed}; {a}/{n} and {c}/{m}",
            fixed(printed.decimals, ends=(0.0,))(ratio),
            f"odds_ratio={printed} is not that of {a}/{n} and {c}/{m}{': it is inverted' if inverted else ''}.",
            "Look up the counts, and which arm is the reference.",
        )


_HR = ("hr", "hr_low", "hr_high")
_OR = ("odds_ratio", "or_low", "or_high")
_BOTH_MEDIANS = (("trial", "hr", "estimate", "unit", "comparator"), ("hr", "estimate", "estimate_comparator"))
RULES = (
    AuditRule(
        "ratio_off_centre",
        "a hazard or odds ratio is at the geometric centre of its interval",
        "warning",
        (_HR, _OR),
        _off_centre,
    ),
    AuditRule(
        "p_of_interval",
        "a p value is that of the interval, as near as another test is",
        "warning",
        ((*_HR, "p_value"), (*_OR, "p_value")),
        _p_of_interval,
    ),
    AuditRule(
        "hr_inverted",
        "a hazard ratio and the medians of its arms point the same way",
        "warning",
        _BOTH_MEDIANS,
        _inverted,
        caution="hazard ratios that point away from the medians of their arms, and may be inverted, are those of",
    ),
    AuditRule(
        "hr_far_from_medians",
        "a hazard ratio is within a factor of 2.5 of the ratio of the medians",
        "warning",
        _BOTH_MEDIANS,
        _far_from_medians,
        caution="hazard ratios that are far from the ratio of the medians of their arms are those of",
    ),
    AuditRule(
        "odds_ratio_of_counts",
        "an odds ratio is that of its counts, within 25 % for adjustment",
        "warning",
        (("odds_ratio", "events", "n", "events_comparator", "n_comparator"),),
        _odds_ratio_of_counts,
    ),
)
