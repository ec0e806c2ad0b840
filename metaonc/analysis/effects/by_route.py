"""Rows of a table of reports, each by the first route whose numbers it has, the others as checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...base.check import refuse
from .agreement import Remark, RouteValue, of_route_and_p, of_routes, value
from .route import Route

Arrays = Mapping[str, Any]
Columns = Mapping[str, str]
Bools = NDArray[np.bool_]
OF_ALL = ("level", "p_sides")  # not numbers of a row's own
ALONE = ("hr", "p")  # each says something beside another route's numbers, without a variance of its own


class RouteEffects(NamedTuple):
    """A route and what it makes of a table: its own numbers, the rows that have them all, and the effects."""

    route: Route
    c: dict[str, Any]
    known: Bools
    yi: Any
    vi: Any

    @property
    def takes(self) -> frozenset[str]:
        """The columns that it and its own checks take."""
        return frozenset(self.c).difference(OF_ALL)

    @property
    def good(self) -> Bools:
        """The rows in which an effect with a variance follows."""
        good: Bools = self.known & np.isfinite(self.yi) & (self.vi > 0) & np.isfinite(self.vi)
        return good

    def value(self) -> RouteValue:
        """Return what it says of each row, with its rounding."""
        return value(self.route.text(self.c), self.route.compute, self.c, self.route.roles, bool(self.route.assumes))


class Check(NamedTuple):
    """A comparison of effects with what else their rows report.

    Attributes
    ----------
    what
        What they are compared with, one a row.
    rows
        The rows that report it.
    remarks
        What does not agree.
    """

    what: Any
    rows: Bools
    remarks: list[Remark]

    @property
    def agrees(self) -> Bools:
        """The rows in which all agrees."""
        found: Bools = self.rows.copy()
        found[[remark.row for remark in self.remarks]] = False
        return found


class Obtained(NamedTuple):
    """Effects with their variances, how each row was obtained with what agrees, and what does not agree."""

    yi: Any
    vi: Any
    texts: list[str]
    remarks: list[Remark]


def obtain(routes: Sequence[Route], c: Arrays, columns: Columns, labels: Sequence[str]) -> Obtained:
    """Return each row's effect by the first route whose numbers it has, and whose numbers give it a variance.

    Parameters
    ----------
    routes
        In order of preference.
    c
        Role -> numbers, (k,), with ``level`` and ``p_sides``.
    columns
        Role -> column, as the user gave them.
    labels
        One a row.

    Raises
    ------
    DataError
        Numbers that cannot be true, of any route; numbers of a row's own route that give no variance.
    """
    found = [_by_one(route, c, columns, labels) for route in routes]
    first = _first([one.good for one in found], _first([one.known for one in found], np.full(len(labels), len(found))))
    yi, vi = np.full((2, len(labels)), np.nan)
    texts, remarks = np.full(len(labels), "", dtype=object), []
    for number, one in enumerate(found):
        mine = first == number
        _refuse_without_variance(one, mine, columns, labels)
        yi, vi = np.where(mine, one.yi, yi), np.where(mine, one.vi, vi)
        texts[mine] = one.route.text(one.c)[mine]
        for check in [_own_check(one), *_cross_checks(one, mine, found, c)]:
            agrees = mine & check.agrees
            texts[agrees] += "; as by " + check.what[agrees]
            remarks += [remark for remark in check.remarks if mine[remark.row]]
    for remark in remarks:
        texts[remark.row] += f"; {remark.brief}"
    none = np.flatnonzero(first == len(found))
    texts[none] = _what_lacks(found, columns, none)
    texts[none[_lack_the_sign(c, none)]] += "; or sign (-1 or 1), for p and events"
    return Obtained(yi, vi, list(texts), remarks)


def _first(rows: list[Bools], otherwise: Any) -> Any:
    """Return for each row the first one in whose rows it is."""
    return np.where(np.any(rows, axis=0), np.argmax(rows, axis=0), otherwise)


def _by_one(route: Route, c: Arrays, columns: Columns, labels: Sequence[str]) -> RouteEffects:
    uses = route.uses(columns)
    own = {role: x for role, x in c.items() if role in uses or role in OF_ALL}
    route.check(own, {role: column for role, column in columns.items() if role in uses}, labels)
    with np.errstate(divide="ignore", invalid="ignore"):  # missing rows, and rows without a variance
        yi, vi = route.compute(own)
    return RouteEffects(route, own, np.all([~np.isnan(own[role]) for role in route.needed], axis=0), yi, vi)


def _refuse_without_variance(one: RouteEffects, mine: Bools, columns: Columns, labels: Sequence[str]) -> None:
    masked = {role: x if role in OF_ALL else np.where(mine, x, np.nan) for role, x in one.c.items()}
    one.route.suffices(masked, columns, labels)
    refuse(mine & ~one.good, labels, lambda i: f"no effect with a variance follows from {_shown(one, i)}.")


def _shown(one: RouteEffects, row: int) -> str:
    return ", ".join(f"{role}={one.c[role][row]:g}" for role in one.route.roles)


def _own_check(one: RouteEffects) -> Check:
    """Return what the route itself says of the numbers of its rows that are not needed."""
    extra = [~np.isnan(one.c[role]) for role in one.route.optional if role in one.c]
    rows: Bools = np.all(extra, axis=0) if extra else np.zeros(len(one.known), dtype=bool)
    return Check(_everywhere(one.route.optional_label, rows), rows, one.route.review(one.c))


def _everywhere(text: str, rows: Bools) -> Any:
    return np.full(len(rows), text, dtype=object)


def _cross_checks(one: RouteEffects, mine: Bools, found: Sequence[RouteEffects], c: Arrays) -> list[Check]:
    """Compare with numbers of other routes in the rows of one, of which its own check does not know."""
    others = [other for other in found if not other.takes.intersection(other.route.roles) <= one.takes.union(ALONE)]
    others = [other for other in others if (mine & other.good).any()]
    alone = [role for role in ALONE if role in c and role not in one.takes and (mine & ~np.isnan(c[role])).any()]
    if not (others or alone):
        return []
    own, checks = one.value(), []
    for other in others:
        theirs = other.value()
        remarks = [remark for remark in of_routes(own, theirs) if other.good[remark.row]]
        checks.append(Check(theirs.label, other.good, remarks))
    if "hr" in alone:
        ratio = value(_everywhere("hr", mine), _ratio_alone, c, ["hr"])
        checks.append(Check(ratio.label, ~np.isnan(c["hr"]), of_routes(own, ratio)))
    if "p" in alone and not one.route.assumes:
        checks.append(Check(_everywhere("p", mine), ~np.isnan(c["p"]), of_route_and_p(c, own)))
    return checks


def _ratio_alone(c: Arrays) -> tuple[Any, Any]:
    return np.log(c["hr"]), np.full(len(c["hr"]), np.nan)


def _what_lacks(found: Sequence[RouteEffects], columns: Columns, rows: Any) -> list[str]:
    """Return for each of the rows what lacks of the nearest route: the one of which it has most numbers."""
    there = np.array([np.sum([~np.isnan(one.c[role][rows]) for role in one.route.roles], axis=0) for one in found])
    nearest = there.argmax(0)
    texts = [_lacking(found[one], row, columns) for one, row in zip(nearest, rows, strict=True)]
    if len(found) == 1:
        return texts
    labels = [one.route.text(one.c) for one in found]
    return [
        f"{text}, for {labels[one][row]}" if most else "missing: the numbers of every route"
        for text, one, row, most in zip(texts, nearest, rows, there.max(0), strict=True)
    ]


def _lack_the_sign(c: Arrays, rows: Any) -> Bools:
    """Return in which of the rows p and events stand without the direction of the effect, which no column says."""
    events = [role for role in ("events_t", "events") if role in c]
    if "sign" in c or "p" not in c or not events:
        return np.zeros(len(rows), dtype=bool)
    lacking: Bools = np.any([~np.isnan(c["p"] + c[role])[rows] for role in events], axis=0)
    return lacking


def _lacking(one: RouteEffects, row: int, columns: Columns) -> str:
    roles = [role for role in columns if role in one.route.needed and np.isnan(one.c[role][row])]
    if not roles:
        return ""
    return f"missing: {'an interval' if roles[0].startswith('ci_') else columns[roles[0]]}"
