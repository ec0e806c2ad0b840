"""What figures, tables and texts say alike of intervals and tests."""

from __future__ import annotations

from typing import Protocol

from ...analysis.effects.study_intervals import STUDY_INTERVALS
from ...analysis.methods.interval_labels import IntervalLabels
from ...base.digits import UNKNOWN, statistic
from ..journals import Journal
from .content import Note

INTERVALS = IntervalLabels()
NO_PREDICTION = f"Prediction interval {UNKNOWN} (equal effects)"
OWN_INTERVALS = {code: record.label for code, record in STUDY_INTERVALS.items()}
OWN_INTERVALS |= {"reported": "as reported", "wald": "Wald (from the variance)"}


class Inconsistent(Protocol):
    """What has Cochran's Q and I²."""

    @property
    def i2(self) -> float: ...  # noqa: D102
    @property
    def q(self) -> float: ...  # noqa: D102
    @property
    def q_df(self) -> int: ...  # noqa: D102
    @property
    def q_p(self) -> float: ...  # noqa: D102


def inconsistency(differ: str, r: Inconsistent, journal: Journal, common: bool = False) -> str:
    """Return variance between trials as it is worded, I² and Q, as far and in the order that the journal has them."""
    parts = {
        "tau2": differ,
        "i2": f"I² = {journal.i2(r.i2)}%",
        "q": journal.q.format(q=statistic(r.q), df=r.q_df, p=journal.p(r.q_p)),
    }
    return "; ".join(parts[name] for name in journal.differ if not (common and name == "tau2"))


def chi_square(journal: Journal, value: float, df: int, p: float) -> str:
    """Return a Wald test as the journal prints Cochran's Q; it is no Q, and is not called so."""
    return journal.q.format(q=statistic(value), df=df, p=journal.p(p)).replace("Q = ", "χ² = ")


def caution_note(text: str, whole: str) -> Note:
    """Return a caution as a note, and the whole for tables: in figures short of room its first clause."""
    first = text
    shorter = []
    for end in (". ", "; ", ", since ", ", so that "):
        first = f"{first.partition(end)[0].rstrip('.')}."
        shorter.append(first)
    return Note(tied(text), tied(whole), tuple(tied(one) for one in dict.fromkeys(shorter) if one != text), needed=True)


def tied(text: str) -> str:
    """Return a text that keeps each equation on one line."""
    for sign in (" = ", " < ", " > ", " (df ", " not ", "equal rates: ", "equal effects: "):
        text = text.replace(sign, sign.replace(" ", "\u00a0"))
    return text
