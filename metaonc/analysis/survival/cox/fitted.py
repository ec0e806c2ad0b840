"""The hazard ratio of a term of Cox's model that another package has fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ....base.result import Provenance, Text, versions
from ....errors import DataError
from ...fits.read import read_coefficient
from .. import rcode
from .result import LogHazardRatio, wald


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FittedHazardRatio(LogHazardRatio):
    """A hazard ratio from a fitted model; the fields of `LogHazardRatio`, and these.

    Attributes
    ----------
    term
        The covariate; the ratio is that of one unit more of it, of 1 to 0 where it tells the arms.
    n, events
        Rows of the fit, and those with the event.
    ties
        How the fit treats events at the same time.
    covariates, strata
        What else the model holds.
    """

    term: str
    n: int
    events: int
    ties: str
    covariates: tuple[str, ...]
    strata: tuple[str, ...]
    _shown: ClassVar[tuple[str, ...]] = ("n", "events", "ties")

    def r_code(self) -> Text:
        """Return a script of R that makes interval and test of the coefficient; the fit has no covariates to give."""
        return Text(rcode.fitted(self.term, self.method, self.estimate, self.se, self.level))

    def _lines(self) -> list[str]:
        return [self.term, *LogHazardRatio._lines(self), f"{self.n} rows, {self.events} events"]


def from_fit(fit: Any, *, term: str, level: float) -> FittedHazardRatio:
    """Return the hazard ratio of a term of Cox's model; see `hazard_ratio`."""
    found = read_coefficient(fit, term, "arm")
    if found.ties is None or found.events is None:
        raise DataError(f"the coefficient of {term!r} is no log hazard ratio: the fit is a {found.model}, not Cox's.")
    return FittedHazardRatio(
        **wald(found.estimate, found.se, level),
        method=found.method,
        term=found.term,
        n=found.n,
        events=found.events,
        ties=found.ties,
        covariates=found.covariates,
        strata=found.strata,
        provenance=Provenance(
            verb="survival.hazard_ratio",
            settings={"fit": type(fit).__name__, "arm": found.term, "ties": found.ties, "level": level},
            rows_in=found.n,
            rows_used=found.n,
            notes=found.remarks,
            versions=versions() | {found.package: found.version},
        ),
    )
