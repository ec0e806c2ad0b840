"""What figures, tables and texts say alike of intervals, tests and judgements of bias."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import pandas as pd

from ...analysis.effects.study_intervals import STUDY_INTERVALS
from ...analysis.methods.interval_labels import IntervalLabels
from ...base.digits import UNKNOWN, statistic
from ...data.risk_of_bias.assessment import RiskOfBias
from ...data.risk_of_bias.tools import JUDGEMENTS, Judgement, judgement_of, signs_said
from ...errors import DataError, OptionError
from ..journals import Journal
from .columns import is_light
from .content import TRIALS, Note

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


def caution_note(text: str, whole: str, brief: str) -> Note:
    """Return a caution as a note, and the whole for tables: in figures short of room its first clause, `brief`."""
    first = f"{text.partition('. ')[0].rstrip('.')}."
    less = tuple(tied(one) for one in dict.fromkeys((first, brief)) if one != text)
    return Note(tied(text), tied(whole), less, needed=True, is_caution=True)


def tied(text: str) -> str:
    """Return a text that keeps each equation on one line."""
    for sign in (" = ", " < ", " > ", " (df ", " not ", "equal rates: ", "equal effects: "):
        text = text.replace(sign, sign.replace(" ", "\u00a0"))
    return text


def notes_on_lights(rows: pd.DataFrame, align: dict[str, str], rob: RiskOfBias | None) -> list[Note]:
    """Return what signs of a user's columns mean, what the domains are, and which trials have no judgement.

    Raises
    ------
    OptionError
        When the rows of the figure are no trials.
    DataError
        When no trial has a judgement.
    """
    lights = [column for column, how in align.items() if how == "light"]
    own = [column for column in lights if not is_light(column)]
    found = [Note(f"Risk of bias: {signs_said(judgements_in(rows, own))}.", "")] if own else []
    if rob is None:
        return found
    judged = [column for column in lights if is_light(column)]
    trials = rows[rows["kind"].isin(TRIALS)]
    if not judged or trials.empty:
        raise OptionError("risk_of_bias= has no use here: the rows of this figure are no trials. Leave it out.")
    blank = (trials[judged] == "").all(axis=1)
    if blank.all():
        raise DataError(
            f"no trial of this figure has a judgement of risk of bias: its first is {trials['label'].iloc[0]!r}, the "
            f"judgements have {rob.trials[0]!r}. Names of trials must be the same in both."
        )
    domains = "; ".join(f"{code} {name}" for code, name in rob.record.domains.items())
    found.append(Note("", f"Risk of bias by {rob.tool}: {domains}."))  # a figure has it in its key
    if blank.any():
        lacking = f"Risk of bias not judged: {', '.join(dict.fromkeys(trials['label'][blank]))}."
        found.append(Note(lacking, lacking, needed=True))
    return found


def judgements_in(rows: pd.DataFrame, columns: Iterable[str]) -> list[Judgement]:
    """Return the judgements that columns hold, from the least risk to the largest."""
    words = {one for column in columns for text in rows[column] if (one := judgement_of(text)) is not None}
    return [one for one in JUDGEMENTS.values() if one in words]
