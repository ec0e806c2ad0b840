"""The ways from a report's numbers to an effect: one record each, and which of them the given columns fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import ColumnError, OptionError
from . import agreement, checks, hazard, means, reported
from .roles import TWO_MEANS, TWO_MEDIANS

Numbers = Mapping[str, Any]


def _nothing(c: Numbers) -> list[agreement.Remark]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way from reported numbers to an effect and its variance.

    Attributes
    ----------
    id
        Its name in messages.
    label
        What each row obtained by it records; ``{level}`` stands for the interval's level in percent.
    roles
        Columns it needs.
    compute
        Roles -> (yi, vi).
    check
        Refuses what cannot be true.
    source
        Where it was published.
    optional
        Columns that only check the others.
    review
        Finds rows whose numbers do not agree with each other.
    label_open
        The label of rows whose upper limit was not reached, where such a row has an effect.
    """

    id: str
    label: str
    roles: tuple[str, ...]
    compute: Callable[[Any], tuple[Any, Any]]
    check: Callable[..., None]
    source: str
    optional: tuple[str, ...] = ()
    review: Callable[[Any], list[agreement.Remark]] = _nothing
    label_open: str = ""

    @property
    def takes(self) -> frozenset[str]:
        """All columns it has a use for."""
        return frozenset(self.roles + self.optional)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which a row has no effect."""
        return tuple(r for r in self.roles if not (self.label_open and r.startswith("ci_high")))

    def text(self, c: Numbers) -> list[str]:
        """Return what each row records of how it was obtained."""
        limits = [c[role] for role in self.roles if role.startswith("ci_high")]
        rows = [any(np.isnan(x) for x in row) for row in zip(*limits, strict=True)] if self.label_open else []
        return [
            (self.label_open if is_open else self.label).format(level=f"{100 * level:g}")
            for is_open, level in zip(rows or [False] * len(c["level"]), c["level"], strict=True)
        ]


TIERNEY = "Tierney 2007, doi:10.1186/1745-6215-8-16"
PARMAR = "Parmar, Torri and Stewart 1998"
_ARMS = ("events_t", "events_c")

HR_ROUTES = {
    r.id: r
    for r in (
        Route(
            id="interval",
            label="hr and {level} % interval",
            roles=("hr", "ci_low", "ci_high"),
            optional=("p",),
            compute=hazard.interval,
            check=checks.hazard_ratio,
            review=agreement.of_interval,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="standard error",
            label="hr and standard error of its logarithm",
            roles=("hr", "se"),
            optional=("p",),
            compute=hazard.standard_error,
            check=checks.hazard_ratio,
            review=agreement.of_standard_error,
            source=TIERNEY,
        ),
        Route(
            id="p",
            label="hr and p",
            roles=("hr", "p"),
            optional=_ARMS,
            compute=hazard.p_value,
            check=checks.hazard_ratio_with_p,
            review=agreement.of_p_value,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="p and events of each arm",
            label="p and events of each arm",
            roles=("p", "sign", *_ARMS),
            compute=hazard.p_and_events_by_arm,
            check=checks.p_with_sign,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="p and events, 1:1",
            label="p and all events, allocation 1:1",
            roles=("p", "sign", "events"),
            compute=hazard.p_and_events,
            check=checks.p_with_sign,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="p, events and allocation",
            label="p, all events and patients of each arm",
            roles=("p", "sign", "events", "n_t", "n_c"),
            compute=hazard.p_events_and_allocation,
            check=checks.p_with_sign,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="O - E and V",
            label="O - E and V",
            roles=("o_minus_e", "v"),
            compute=hazard.logrank,
            check=checks.logrank,
            source=f"Yusuf 1985; {TIERNEY}",
        ),
        Route(
            id="observed and expected",
            label="observed and expected events of each arm",
            roles=("observed_t", "expected_t", "observed_c", "expected_c"),
            compute=hazard.observed_expected,
            check=checks.all_positive,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="V",
            label="hr and V",
            roles=("hr", "v"),
            compute=hazard.information,
            check=checks.all_positive,
            source=f"{PARMAR}; {TIERNEY}",
        ),
        Route(
            id="medians and events",
            label="medians and events, constant hazards",
            roles=("median_t", "events_t", "median_c", "events_c"),
            compute=hazard.medians,
            check=checks.medians_with_events,
            source="ratio of two exponential hazards",
        ),
        Route(
            id="medians and intervals",
            label="medians and their {level} % intervals, constant hazards",
            roles=TWO_MEDIANS,
            compute=hazard.median_intervals,
            check=checks.two_medians,
            source="ratio of two exponential hazards",
            label_open="medians and limits of their {level} % intervals that were reached, constant hazards",
        ),
        Route(
            id="landmark survival",
            label="survival at one time, proportional hazards",
            roles=("surv_t", "se_surv_t", "surv_c", "se_surv_c"),
            compute=hazard.landmark,
            check=checks.landmark,
            source="delta method on log(-log S)",
        ),
    )
}

MEDIAN_ROUTE = Route(
    id="interval",
    label="median and {level} % interval",
    roles=("median", "ci_low", "ci_high"),
    compute=lambda c: reported.log_from_interval({**c, "estimate": c["median"]}),
    check=checks.median,
    source="Wald's interval on the log scale",
    label_open="median and lower limit of its {level} % interval",
)
MEDIANS_ROUTE = Route(
    id="medians and intervals",
    label="medians and their {level} % intervals",
    roles=TWO_MEDIANS,
    compute=hazard.ratio_of_medians,
    check=checks.two_medians,
    source="Wald's intervals on the log scale",
    label_open="medians and limits of their {level} % intervals that were reached",
)
DIFFERENCE_ROUTE = Route(
    id="means",
    label="means, standard deviations and patients",
    roles=TWO_MEANS,
    compute=means.difference,
    check=checks.means,
    source="difference of two independent means",
)
STANDARDISED_ROUTE = Route(
    id="means",
    label="means, standard deviations and patients",
    roles=TWO_MEANS,
    compute=means.standardised_difference,
    check=checks.means,
    source="Hedges 1981",
)


def usage(roles: Iterable[str]) -> str:
    """Return how columns are named in a call."""
    return ", ".join(f"{role}=..." for role in roles)


def choose(measure: str, routes: Sequence[Route], given: Mapping[str, str]) -> Route:
    """Return the one route that needs none but the columns given, and has a use for each of them.

    Raises
    ------
    ColumnError
        Every route that has a use for the columns needs one more.
    OptionError
        The columns fit two routes, or one of them is of no use with the others.
    """
    able = [r for r in routes if r.takes.issuperset(given)]
    ready = [r for r in routes if given.keys() >= set(r.roles)]
    fit = [r for r in able if r in ready]
    if len(fit) == 1:
        return fit[0]
    if fit or len(ready) > 1:
        raise OptionError(
            f"measure {measure!r}: the columns fit more than one route: {_listed(fit or ready)}. Give those of one."
        )
    nearest = max(able or ready or routes, key=lambda r: len(r.takes.intersection(given)))
    rest = [r for r in routes if r is not nearest]
    others = f" Other routes: {_listed(rest)}." if rest else ""
    if able:
        lack = next(role for role in nearest.roles if role not in given)
        raise ColumnError(f"measure {measure!r} needs {usage(nearest.roles)}; {lack} is not given.{others}")
    extra = next(role for role in given if role not in nearest.takes)
    takes = usage(nearest.roles + nearest.optional)
    raise OptionError(f"measure {measure!r} takes {takes}; it has no use for {extra}={given[extra]!r}.{others}")


def _listed(routes: Sequence[Route]) -> str:
    return "; ".join(usage(r.roles) for r in routes)
