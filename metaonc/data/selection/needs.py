"""What a row must report to be pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ...base.check import one_of
from ...base.messages.advice import option, setting
from ...errors import OptionError


@dataclass(frozen=True, slots=True)
class Need:
    """What a row must report to be pooled.

    Attributes
    ----------
    code, title
        Its name, and what it is in words.
    forms
        Sets of columns; a row must fill one of them.
    kind
        The kind of outcome that it can be asked of.
    is_comparison
        Whether the row must name a comparator, where the table has that column.
    """

    code: str
    title: str
    forms: tuple[tuple[str, ...], ...]
    kind: str
    is_comparison: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of its forms."""
        return tuple(column for form in self.forms for column in form)


_BOTH = ("n", "events", "n_comparator", "events_comparator")
_HAZARD = (("hr", "hr_low", "hr_high"), ("o_minus_e", "v"), ("log_hr", "log_hr_se"))
_ODDS = (("odds_ratio", "or_low", "or_high"), ("log_or", "log_or_se"))
_RISKS = (("risk_ratio", "rr_low", "rr_high"), ("log_rr", "log_rr_se"))
NEEDS = {
    n.code: n
    for n in (
        Need("counts", "number of patients and of events", (("n", "events"),), "proportion"),
        Need("two_arms", "number of patients and of events in both arms", (_BOTH,), "proportion", True),
        Need("odds_ratio", "odds ratio with both limits", _ODDS, "proportion", True),
        Need("risk_ratio", "risk ratio with both limits", _RISKS, "proportion", True),
        Need("hazard_ratio", "hazard ratio with both limits, or log-rank statistics", _HAZARD, "time", True),
        Need("median", "median with at least its lower limit", (("estimate", "ci_low"),), "time"),
    )
}


@dataclass(frozen=True, slots=True)
class HazardRoute:
    """What gives a hazard ratio its variance, or itself.

    Attributes
    ----------
    code, title
        Its name, and what a row reports in words.
    forms
        Sets of columns; a row must fill one of them.
    """

    code: str
    title: str
    forms: tuple[tuple[str, ...], ...]


_EVENTS = ("events", "events_comparator")
_MEDIANS = ("estimate", "estimate_comparator")
HAZARD_ROUTES = {
    r.code: r
    for r in (
        HazardRoute("ci", "both limits, or log-rank statistics", _HAZARD),
        HazardRoute("p", "its p-value", (("hr", "p_value"),)),
        HazardRoute("events", "the events of each arm", (("hr", *_EVENTS),)),
        HazardRoute(
            "medians",
            "the median of each arm and its events, or its limits, as of constant hazards",
            ((*_MEDIANS, *_EVENTS), (*_MEDIANS, "ci_low", "ci_low_comparator")),
        ),
    )
}
BY_INTERVAL = ("ci",)  # what is taken where no routes are asked for


def check_routes(routes: Sequence[str] | None) -> tuple[str, ...]:
    """Return codes of routes, checked; those that are taken where none are asked for when None."""
    if routes is None:
        return BY_INTERVAL
    if isinstance(routes, str) or not routes:
        raise OptionError(f"{setting('routes', routes)}: give a list, as in {option('routes', ['ci', 'p'])}.")
    return tuple(dict.fromkeys(one_of("routes", route, HAZARD_ROUTES) for route in routes))


def by_routes(need: Need, routes: Sequence[str]) -> Need:
    """Return a need that these routes fill, where it is one of hazard ratios; else itself."""
    if need.code != "hazard_ratio" or tuple(routes) == BY_INTERVAL:
        return need
    taken = [HAZARD_ROUTES[code] for code in HAZARD_ROUTES if code in routes]
    title = f"hazard ratio by any of: {'; '.join(r.title for r in taken)}"
    return replace(need, title=title, forms=tuple(form for r in taken for form in r.forms))


def columns_of(need: Need) -> tuple[str, ...]:
    """Return all columns of its forms, of hazard ratios those of all routes."""
    others = HAZARD_ROUTES.values() if need.code == "hazard_ratio" else ()
    return tuple(dict.fromkeys((*need.columns, *(c for r in others for form in r.forms for c in form))))


def advice(need: Need, routes: Sequence[str], row: Mapping[Any, Any]) -> str:
    """Return the route not asked for that would take a row; nothing where none would."""
    if need.code != "hazard_ratio":
        return ""
    for other in HAZARD_ROUTES.values():
        if other.code not in routes and any(all(pd.notna(row[c]) for c in form) for form in other.forms):
            return f"; {option('routes', [*routes, other.code])} takes it by {other.title}"
    return ""
