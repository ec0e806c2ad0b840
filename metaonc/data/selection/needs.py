"""What a row must report to be pooled."""

from __future__ import annotations

from dataclasses import dataclass


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
