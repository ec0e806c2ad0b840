"""Judgements of risk of bias beside the trials of a forest plot: signs on discs of colour, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from ...data.risk_of_bias.assessment import OVERALL, RiskOfBias
from ...data.risk_of_bias.tools import JUDGEMENTS, Judgement, judgement_of, signs_said
from ...errors import DataError, OptionError
from .content import TRIALS, Note

PREFIX = "risk of bias: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Lights:
    """A column of judgements: its name among the columns of a forest plot, its header, and a word a trial."""

    name: str
    header: str
    words: list[str]


def lights_of(rob: RiskOfBias | None, labels: Sequence[str]) -> list[Lights]:
    """Return the columns of judgements of these trials; none without an assessment."""
    if rob is None:
        return []
    table = rob.judgements(labels)
    return [Lights(name=f"{PREFIX}{c}", header="Overall" if c == OVERALL else c, words=table[c].tolist())
            for c in rob.columns]  # fmt: skip


def is_light(column: str) -> bool:
    """Return whether a column is one of an assessment."""
    return column.startswith(PREFIX)


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
