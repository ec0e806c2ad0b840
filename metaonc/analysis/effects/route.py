"""A way from a report's numbers to an effect, and which ways the columns of a table open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...errors import ColumnError, OptionError
from .agreement import Remark

Numbers = Mapping[str, Any]
REPORTED = "report: "  # stands before a route where figures or patients of other trials stand beside it


def _nothing(c: Numbers) -> list[Remark]:
    return []


def _any_will_do(c: Numbers, columns: Mapping[str, str], labels: Sequence[str]) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way from reported numbers to an effect and its variance.

    Attributes
    ----------
    id
        Its name in messages.
    label
        What each row obtained by it records; ``{level}`` stands for the interval's level in percent.
    words
        The same in a methods section, after "Effects were".
    roles
        Columns it needs.
    compute
        Roles -> (yi, vi).
    check
        Refuses what cannot be true, in any row that has these numbers.
    suffices
        Refuses what may be true but gives no variance, in the rows that are to be obtained by this route.
    source
        Where it was published.
    optional, optional_label
        Columns that only check the others, all of them or none; and what they are called.
    review
        Finds rows whose numbers do not agree with each other.
    label_open
        The label of rows whose upper limit was not reached, where such a row has an effect.
    words_open
        The same in a methods section.
    label_bound, words_bound
        The same two of rows whose estimate was not reached itself, and stands at a time that it exceeds.
    assumes
        What must hold for it to be the effect, and what cannot show whether it does, as in ``constant hazards, which
        medians cannot show``; empty where nothing need be assumed that a report could contradict.
    """

    id: str
    label: str
    words: str
    roles: tuple[str, ...]
    compute: Callable[[Any], tuple[Any, Any]]
    check: Callable[..., None]
    source: str
    suffices: Callable[..., None] = _any_will_do
    optional: tuple[str, ...] = ()
    optional_label: str = ""
    review: Callable[[Any], list[Remark]] = _nothing
    label_open: str = ""
    words_open: str = ""
    label_bound: str = ""
    words_bound: str = ""
    assumes: str = ""

    def uses(self, given: Iterable[str]) -> frozenset[str]:
        """Return the columns it has a use for, of those given."""
        known = frozenset(given)
        return known.intersection(self.roles + (self.optional if known.issuperset(self.optional) else ()))

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which a row has no effect."""
        return tuple(r for r in self.roles if not (self.label_open and r.startswith("ci_high")))

    def text(self, c: Numbers) -> Any:
        """Return what each row records of how it was obtained, as an array of texts."""
        texts = by_level(self.label, c["level"])
        if self.label_open:
            is_open = np.any([np.isnan(c[role]) for role in self.roles if role.startswith("ci_high")], axis=0)
            texts = np.where(is_open, by_level(self.label_open, c["level"]), texts)
        return texts


class Recorded(NamedTuple):
    """What a row records of its route.

    Attributes
    ----------
    route
        The route.
    words
        Its words in a methods section, with the level.
    is_open, at_bound
        Whether the upper limit was not reached, and whether the estimate was not either.
    """

    route: Route
    words: str
    is_open: bool
    at_bound: bool


def recorded(routes: Iterable[Route], text: str) -> Recorded | None:
    """Return what a row says that records this text; None where it is of none of the routes."""
    for route in routes:
        ways = (route.label, route.words), (route.label_open, route.words_open), (route.label_bound, route.words_bound)
        for which, (label, words) in enumerate(ways):
            pattern = re.escape(label).replace(r"\{level\}", "(?P<level>[0-9.]+)")
            found = re.fullmatch(pattern, text) if label else None
            if found:
                return Recorded(route, words.format(**found.groupdict()), which > 0, which == 2)
    return None


def records_of(routes: Iterable[Route], texts: Iterable[Any]) -> list[Recorded | None]:
    """Return what each row records of its route, whatever stands before and after it."""
    ways = tuple(routes)
    return [recorded(ways, str(text).split("; ")[0].removeprefix(REPORTED)) for text in texts]


def by_level(label: str, level: Any) -> Any:
    """Return a label with the level of each row in it, in percent."""
    levels, which = np.unique(level, return_inverse=True)
    return np.array([label.format(level=f"{100 * one:g}") for one in levels], dtype=object)[which]


def usage(roles: Iterable[str]) -> str:
    """Return how columns are named in a call."""
    return ", ".join(f"{role}=..." for role in roles)


def choose(measure: str, routes: Sequence[Route], given: Mapping[str, str]) -> list[Route]:
    """Return the routes that need none but the columns given, in order; together they use each of them.

    A route that needs only part of another's columns is not among them: it assumes what the other is told, as that arms
    are of one size.

    Raises
    ------
    ColumnError
        Every route that has a use for the columns needs one more.
    OptionError
        One of the columns is of no use with the others.
    """
    whole = [r for r in routes if given.keys() >= set(r.roles)]
    ready = [r for r in whole if not any(set(r.roles) < set(other.roles) for other in whole)]
    used = frozenset[str]().union(*(r.uses(given) for r in ready))
    if ready and used == given.keys():
        return ready
    able = [r for r in routes if r.uses(given) == given.keys()]
    nearest = max(able or ready or routes, key=lambda r: len(r.uses(given)))
    if able:
        lack = next(role for role in nearest.roles if role not in given)
        others = _others(routes, [nearest])
        raise ColumnError(f"measure {measure!r} needs {usage(nearest.roles)}; {lack} is not given.{others}")
    shown = ready or [nearest]
    extra = next(role for role in given if role not in (used or nearest.uses(given)))
    takes = "; ".join(usage(r.roles + r.optional) for r in shown)
    for route in (r for r in shown if extra in r.optional):
        lack = next(role for role in route.optional if role not in given)
        raise ColumnError(f"measure {measure!r} has a use for {extra}={given[extra]!r} only with {lack}=... beside it.")
    raise OptionError(
        f"measure {measure!r} takes {takes}; it has no use for {extra}={given[extra]!r}.{_others(routes, shown)}"
    )


def _others(routes: Sequence[Route], shown: Sequence[Route]) -> str:
    rest = [usage(r.roles) for r in routes if r not in shown]
    return f" Other routes: {'; '.join(rest)}." if rest else ""
