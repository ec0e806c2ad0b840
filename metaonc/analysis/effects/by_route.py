"""Rows of a table of reports, each by the first route whose numbers it has, the others as checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...base.check import refuse
from .agreement import Remark, Told, of_route_and_p, of_routes, told
from .route import Route

Arrays = Mapping[str, Any]
Columns = Mapping[str, str]
Bools = NDArray[np.bool_]
OF_ALL = ("level", "p_sides")  # not numbers of a row's own
ALONE = ("hr", "p")  # each says something beside another route's numbers, without a variance of its own


class Way(NamedTuple):
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

    def told(self) -> Told:
        """Return what it says of each row, with its rounding."""
        return told(self.route.text(self.c), self.route.compute, self.c, self.route.roles, self.route.assumes)


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
    ways = [_way(route, c, columns, labels) for route in routes]
    first = _first([way.good for way in ways], _first([way.known for way in ways], np.full(len(labels), len(ways))))
    yi, vi = np.full((2, len(labels)), np.nan)
    texts, remarks = np.full(len(labels), "", dtype=object), []
    for number, way in enumerate(ways):
        mine = first == number
        _refuse_without_variance(way, mine, columns, labels)
        yi, vi = np.where(mine, way.yi, yi), np.where(mine, way.vi, vi)
        texts[mine] = way.route.text(way.c)[mine]
        for check in [_own_check(way), *_cross_checks(way, mine, ways, c)]:
            agrees = mine & check.agrees
            texts[agrees] += "; as by " + check.what[agrees]
            remarks += [remark for remark in check.remarks if mine[remark.row]]
    for remark in remarks:
        texts[remark.row] += f"; {remark.brief}"
    none = np.flatnonzero(first == len(ways))
    texts[none] = _what_lacks(ways, columns, none)
    return Obtained(yi, vi, list(texts), remarks)


def _first(rows: list[Bools], otherwise: Any) -> Any:
    """Return for each row the first way in whose rows it is."""
    return np.where(np.any(rows, axis=0), np.argmax(rows, axis=0), otherwise)


def _way(route: Route, c: Arrays, columns: Columns, labels: Sequence[str]) -> Way:
    uses = route.uses(columns)
    own = {role: x for role, x in c.items() if role in uses or role in OF_ALL}
    route.check(own, {role: column for role, column in columns.items() if role in uses}, labels)
    with np.errstate(divide="ignore", invalid="ignore"):  # missing rows, and rows without a variance
        yi, vi = route.compute(own)
    return Way(route, own, np.all([~np.isnan(own[role]) for role in route.needed], axis=0), yi, vi)


def _refuse_without_variance(way: Way, mine: Bools, columns: Columns, labels: Sequence[str]) -> None:
    masked = {role: x if role in OF_ALL else np.where(mine, x, np.nan) for role, x in way.c.items()}
    way.route.suffices(masked, columns, labels)
    refuse(mine & ~way.good, labels, lambda i: f"no effect with a variance follows from {_shown(way, i)}.")


def _shown(way: Way, row: int) -> str:
    return ", ".join(f"{role}={way.c[role][row]:g}" for role in way.route.roles)


def _own_check(way: Way) -> Check:
    """Return what the route itself says of the numbers of its rows that are not needed."""
    extra = [~np.isnan(way.c[role]) for role in way.route.optional if role in way.c]
    rows: Bools = np.all(extra, axis=0) if extra else np.zeros(len(way.known), dtype=bool)
    return Check(_everywhere(way.route.optional_label, rows), rows, way.route.review(way.c))


def _everywhere(text: str, rows: Bools) -> Any:
    return np.full(len(rows), text, dtype=object)


def _cross_checks(way: Way, mine: Bools, ways: Sequence[Way], c: Arrays) -> list[Check]:
    """Compare with numbers of other routes in the rows of one, of which its own check does not know."""
    others = [other for other in ways if not other.takes.intersection(other.route.roles) <= way.takes.union(ALONE)]
    others = [other for other in others if (mine & other.good).any()]
    alone = [role for role in ALONE if role in c and role not in way.takes and (mine & ~np.isnan(c[role])).any()]
    if not (others or alone):
        return []
    own, checks = way.told(), []
    for other in others:
        theirs = other.told()
        remarks = [remark for remark in of_routes(own, theirs) if other.good[remark.row]]
        checks.append(Check(theirs.label, other.good, remarks))
    if "hr" in alone:
        ratio = told(_everywhere("hr", mine), _ratio_alone, c, ["hr"])
        checks.append(Check(ratio.label, ~np.isnan(c["hr"]), of_routes(own, ratio)))
    if "p" in alone and not way.route.assumes:
        checks.append(Check(_everywhere("p", mine), ~np.isnan(c["p"]), of_route_and_p(c, own)))
    return checks


def _ratio_alone(c: Arrays) -> tuple[Any, Any]:
    return np.log(c["hr"]), np.full(len(c["hr"]), np.nan)


def _what_lacks(ways: Sequence[Way], columns: Columns, rows: Any) -> list[str]:
    """Return for each of the rows what lacks of the nearest route: the one of which it has most numbers."""
    there = np.array([np.sum([~np.isnan(way.c[role][rows]) for role in way.route.roles], axis=0) for way in ways])
    nearest = there.argmax(0)
    texts = [_lacking(ways[way], row, columns) for way, row in zip(nearest, rows, strict=True)]
    if len(ways) == 1:
        return texts
    labels = [way.route.text(way.c) for way in ways]
    return [
        f"{text}, for {labels[way][row]}" if most else "missing: the numbers of every route"
        for text, way, row, most in zip(texts, nearest, rows, there.max(0), strict=True)
    ]


def _lacking(way: Way, row: int, columns: Columns) -> str:
    roles = [role for role in columns if role in way.route.needed and np.isnan(way.c[role][row])]
    if not roles:
        return ""
    return f"missing: {'an interval' if roles[0].startswith('ci_') else columns[roles[0]]}"
