"""Whether the numbers of one report agree with each other, as far as their rounding lets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.schema.reciprocal import COMPUTED, printed_places
from ..numeric.distributions import critical
from .formulas import hazard

Numbers = Mapping[str, Any]
Floats = NDArray[np.float64]

# The p of a report is mostly a log-rank test's, its interval a Cox model's: of one trial their z-values differ by some
# hundredths. More than this, and one of the numbers belongs to another analysis or is a typing error.
Z_SLACK = 0.3
# Rounding of hr and p may move the standard error by this share before a remark is due.
SE_SLACK = 0.1
# By two routes of one trial, each of its whole follow-up, log hazard ratios are within half a standard error and a
# tenth of their size (as O - E and V is too near 0 where hazards are as 1 to 3), their standard errors within a sixth:
# in eight figures of five trials the farthest apart are 0.45 standard errors and 11 %.
ROUTES_SLACK, ROUTES_SHARE, SPREAD_SLACK = 0.5, 0.1, 0.15
MOST = 22  # decimals up to which a power of ten is an exact number, so that a division by it rounds once


class Remark(NamedTuple):
    """What does not agree in a row: in brief, for the row's route, and in a sentence, for the warning."""

    row: int
    brief: str
    message: str


def decimals(values: Floats) -> Floats:
    """Return the decimals of each number, as it was printed in the report (0.50 counts as one); 0 of a missing one."""
    out = np.zeros(len(values))
    left = np.flatnonzero(np.isfinite(values))
    for places in range(MOST + 1):
        unit = 10.0**places
        left = left[np.rint(values[left] * unit) / unit != values[left]]
        out[left] = places + 1
        if not len(left):
            return out
    out[left] = [_decimals(v) for v in values[left].tolist()]
    return out


def _decimals(value: float) -> int:
    digits, _, power = repr(value).partition("e")
    return max(len(digits.partition(".")[2].rstrip("0")) - int(power or 0), 0)


def half_unit(x: Floats) -> Floats:
    """Return half a unit in the last decimal of each number, what its rounding may have taken.

    Reports print two decimals or more; that 0.50 was printed so is no longer seen in 0.5.
    """
    half: Floats = 0.5 * 10.0 ** -np.maximum(decimals(x), 2)
    return half


_NOT_AS, DISAGREE, OFF_CENTRE = "not as by ", " disagree", "hr not at the centre of its interval"


def disagreements(route: str) -> list[str]:
    """Return what the text of a row's route says that does not agree, in brief."""
    return [
        part for part in route.split("; ")[1:]
        if part.startswith(_NOT_AS) or part.endswith(DISAGREE) or part == OFF_CENTRE
    ]  # fmt: skip


class RouteValue(NamedTuple):
    """What one route says of each row, with what rounding may have taken from it; ``v`` is NaN where it says none."""

    label: Sequence[str]
    y: Floats
    v: Floats
    y_error: Floats
    log_se_error: Floats
    assumes: bool = False


def value(
    label: Sequence[str],
    compute: Callable[[Numbers], tuple[Any, Any]],
    c: Numbers,
    roles: Iterable[str],
    assumes: bool = False,
) -> RouteValue:
    """Return what a route says, its error being that of each number's last decimal, all in the worst direction."""
    with np.errstate(divide="ignore", invalid="ignore"):  # missing rows, and ends beyond the range of a number
        y, v = compute(c)
        y_error, log_se_error = np.zeros(len(y)), np.zeros(len(y))
        for role in roles:
            half = half_unit(c[role])
            ends = [compute({**c, role: c[role] + end}) for end in (-half, half)]
            y_error += np.fmax(*(np.abs(end[0] - y) for end in ends))
            log_se_error += np.fmax(*(np.abs(np.log(end[1] / v)) / 2 for end in ends))
    return RouteValue(label, y, v, y_error, log_se_error, assumes)


def of_routes(first: RouteValue, other: RouteValue) -> list[Remark]:
    """Return remarks on rows where the effect by one route is not that by another.

    Of a route that assumes more than the other, such as constant hazards, the difference must be one that chance would
    hardly make between two trials.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(first.y - other.y) - first.y_error - other.y_error
        if first.assumes or other.assumes:
            off = apart > critical(0.95) * np.sqrt(first.v + np.nan_to_num(other.v))
        else:
            se = np.sqrt(np.fmax(first.v, other.v))
            off = apart > ROUTES_SLACK * se + ROUTES_SHARE * np.abs(first.y)
            spread = np.abs(np.log(first.v / other.v)) / 2 - first.log_se_error - other.log_se_error
            off |= spread > SPREAD_SLACK
    return [
        Remark(
            i,
            f"{_NOT_AS}{other.label[i]}",
            f"{_apart(first, other, i)}, or different analyses.",
        )
        for i in map(int, np.flatnonzero(off))
    ]


def _apart(first: RouteValue, other: RouteValue, row: int) -> str:
    """Return in what two routes differ, and what it may come from: the ratio, or its standard error alone."""
    own, theirs = first.label[row], other.label[row]
    ratios = [f"{np.exp(t.y[row]):.3g}" for t in (first, other)]
    if ratios[0] != ratios[1]:
        return (f"hazard ratio {_shown(first, row)} by {own}, but {_shown(other, row)} by {theirs}: a typing error, "
                "another level, arms exchanged")  # fmt: skip
    errors = [f"{np.sqrt(t.v[row]):.3g}" for t in (first, other)]
    return (f"hazard ratio {ratios[0]} by both, but the standard error of its logarithm is {errors[0]} by {own} and "
            f"{errors[1]} by {theirs}: a typing error, another level")  # fmt: skip


def _shown(t: RouteValue, row: int) -> str:
    se = f" (standard error of its logarithm {np.sqrt(t.v[row]):.3g})" if t.v[row] > 0 else ""
    return f"{np.exp(t.y[row]):.3g}{se}"


def of_route_and_p(c: Numbers, first: RouteValue) -> list[Remark]:
    """Return remarks on p that is not that of the effect by a route which does not need it."""
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.abs(first.y) / np.sqrt(first.v)
        slack = ROUTES_SLACK + ROUTES_SHARE * own + first.y_error / np.sqrt(first.v) + own * first.log_se_error
    return _of_p(c, own, slack, "the other numbers", lambda i: first.label[i])


def of_interval(c: Numbers) -> list[Remark]:
    """Return remarks on estimates that are not at the centre of their interval, and on p that is not the interval's."""
    hr, low, high = c["hr"], c["ci_low"], c["ci_high"]
    of_hr, of_low, of_high = _shares(hr, low, high)
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.abs(np.log(hr) - (np.log(low) + np.log(high)) / 2) > of_hr + (of_low + of_high) / 2 + 1e-9
        relative = (of_low + of_high) / (np.log(high) - np.log(low))
        centre = np.sqrt(low * high)
    remarks = [
        Remark(
            i,
            OFF_CENTRE,
            f"{hr[i]:g} is not at the centre ({centre[i]:.3g}) of its interval "
            f"{low[i]:g} to {high[i]:g} on the log scale: check the numbers and the level.",
        )
        for i in map(int, np.flatnonzero(off))
    ]
    if "p" not in c:
        return remarks
    with np.errstate(invalid="ignore"):
        se = np.sqrt(hazard.interval(c)[1])
    return remarks + _of_hr_and_p(c, se, of_hr, relative, "its interval")


def _shares(hr: Floats, low: Floats, high: Floats) -> Floats:
    """Return what rounding may have taken from a ratio and its limits, as shares of each, (3, k).

    They are printed alike, with as many decimals as the longest of them shows. A number that was computed shows too
    many: one over a printed one has the decimals of that, and any other tells nothing of how the others are printed.
    """
    own = np.array([hr, low, high])
    places = np.array([decimals(x) for x in own])
    computed = places >= COMPUTED
    out: Floats = np.where(computed, 0.5 * 10.0**-places, 0.5 * 10.0 ** -np.where(computed, 0, places).max(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        out = out / own
    for i, j in np.argwhere(computed):
        inverse = printed_places(float(own[i, j]), int(places[i, j]))
        if inverse is not None:
            out[i, j] = 0.5 * 10.0**-inverse * own[i, j]
    return out


def of_standard_error(c: Numbers) -> list[Remark]:
    """Return remarks on p that is not that of the estimate and its standard error."""
    if "p" not in c:
        return []
    return _of_hr_and_p(c, c["se"], half_unit(c["hr"]) / c["hr"], half_unit(c["se"]) / c["se"], "its standard error")


def of_p_value(c: Numbers) -> list[Remark]:
    """Return remarks on standard errors that rounding leaves uncertain, and on p that the events do not explain."""
    if "events_t" in c:
        with np.errstate(divide="ignore", invalid="ignore"):  # rows of other routes may have no events
            se = 1 / np.sqrt(hazard.v_from_arms(c))
        return _of_hr_and_p(c, se, half_unit(c["hr"]) / c["hr"], np.zeros(len(se)), "the events")
    hr, z = c["hr"], hazard.z_of(c["p"], c["p_sides"])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = half_unit(hr) / hr / np.abs(np.log(hr)) + _z_rounding(c) / z
    return [
        Remark(
            i,
            "standard error uncertain by rounding",
            f"hr={hr[i]:g} and p={c['p'][i]:g} are rounded too much to tell the standard error "
            f"(± {100 * share[i]:.0f} %): use the interval, or p with the events of each arm.",
        )
        for i in map(int, np.flatnonzero(share > SE_SLACK))
    ]


def _z_rounding(c: Numbers) -> Floats:
    """Return how far z may be off because p was rounded."""
    p, half = c["p"], half_unit(c["p"])
    z = hazard.z_of(p, c["p_sides"])
    ends = (np.clip(p + step, 1e-300, 1) for step in (-half, half))
    worst: Floats = np.max([np.abs(hazard.z_of(end, c["p_sides"]) - z) for end in ends], axis=0)
    return worst


def _of_hr_and_p(c: Numbers, se: Floats, y_error: Floats, se_error: Floats, what: str) -> list[Remark]:
    """Return remarks on rows whose p is not that of log hr / se."""
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.abs(np.log(c["hr"])) / se
        slack = Z_SLACK + y_error / se + own * se_error
    return _of_p(c, own, slack, what, lambda i: f"hr={c['hr'][i]:g} with {what}")


def _of_p(c: Numbers, own: Floats, slack: Floats, what: str, shown: Callable[[int], str]) -> list[Remark]:
    """Return remarks on rows whose p is not that of the normal statistic `own`."""
    z = hazard.z_of(c["p"], c["p_sides"])
    with np.errstate(invalid="ignore"):
        off = np.abs(z - own) > slack + _z_rounding(c)
    return [
        Remark(
            i,
            f"p and {what}{DISAGREE}",
            f"p={c['p'][i]:g} is z = {z[i]:.3g}, but {shown(i)} is z = {own[i]:.3g}: "
            "a typing error, another level, one side instead of two, p a bound, or p and hr of different analyses.",
        )
        for i in map(int, np.flatnonzero(off))
    ]
