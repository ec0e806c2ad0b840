"""The judgements of risk of bias of several trials by one tool."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...base.html import html_lines, listed, styled
from ...base.labels import as_written, spelling
from ...base.messages.warning import warn
from ...errors import DataError, DataWarning, OptionError
from .tools import ROB_TOOLS, Tool

OVERALL = "overall"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RiskOfBias:
    """Risk of bias of trials, as people judged it.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    tool
        Name of the tool, one of ``ROB_TOOLS``.
    table
        One row a trial: ``trial``, its domains (``D1`` and so on) and, where it was judged, ``overall``: words of the
        tool, empty where nothing was judged; and ``weight`` where the table had one.
    notes
        What was read otherwise than it was written, what is not judged, and what contradicts the tool.
    """

    tool: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def record(self) -> Tool:
        """The record of the tool."""
        return ROB_TOOLS[self.tool]

    @property
    def columns(self) -> list[str]:
        """The domains, and ``overall`` where it was judged."""
        return [*self.record.domains, *([OVERALL] if OVERALL in self.table else [])]

    @property
    def trials(self) -> list[str]:
        """Names of the trials."""
        return [str(name) for name in self.table["trial"]]

    def column(self, name: str) -> str:
        """Return the name of a column of judgements, whatever its case.

        Raises
        ------
        OptionError
            When there is none of this name.
        """
        for column in self.columns:
            if str(name).lower() == column.lower():
                return column
        if str(name).lower() == OVERALL:
            raise OptionError(
                f"these judgements by {self.tool} have no column 'overall', and none is guessed: judge the whole, or "
                f"name one of {', '.join(self.record.domains)}."
            )
        raise OptionError(f"{name!r} is no domain of {self.tool}; choose from {', '.join(map(repr, self.columns))}.")

    def judgements(self, labels: Sequence[str]) -> pd.DataFrame:
        """Return the judgements of trials by their names, a row a name; empty where a trial has none.

        Raises
        ------
        DataError
            When a name differs from one here by case alone.
        """
        there = self.trials
        place = {name: i for i, name in enumerate(there)}
        names = {str(x): as_written(str(x), there, "the result", "the judgements") for x in dict.fromkeys(labels)}
        rows = [None if (name := names[str(label)]) is None else place[name] for label in labels]
        columns = {c: ["" if i is None else str(self.table[c].iloc[i]) for i in rows] for c in self.columns}
        return pd.DataFrame(columns, index=range(len(rows)))

    def without(self, labels: Iterable[str]) -> list[str]:
        """Return those of these trials that have no row here, each once."""
        known = {spelling(name) for name in self.trials}
        return [name for name in dict.fromkeys(map(str, labels)) if spelling(name) not in known]

    def matched(self, labels: Sequence[str]) -> tuple[str, ...]:
        """Return a sentence on each trial that is written otherwise here, by what no reader sees.

        Raises
        ------
        DataError
            When none of these trials has a row here, as names of another table have not; or one differs by case alone.

        Warns
        -----
        DataWarning
            A trial is written otherwise; says which.
        """
        names = {str(x): as_written(str(x), self.trials, "the result", "the judgements") for x in labels}
        if len(self.without(labels)) == len(set(map(str, labels))):
            raise DataError(
                f"no trial of the result has a judgement of risk of bias: the result has {labels[0]!r}, the judgements "
                f"have {self.trials[0]!r}. Names of trials must be the same in both."
            )
        notes = tuple(
            f"trial {there!r} of the judgements is taken as {name!r}, the same but for blanks, dashes or Unicode form."
            for name, there in names.items()
            if there is not None and there != name
        )
        if notes:
            warn(f"{notes[0]}{f' ({len(notes) - 1} more like it.)' if len(notes) > 1 else ''}", DataWarning)
        return notes

    def levels(self, column: str) -> list[str]:
        """Return the words of a column that occur, from the least risk to the largest."""
        there = set(self.table[column])
        return [one.word for one in self.record.judgements if one.word in there]

    def _lines(self) -> list[str]:
        counts = {c: self.table[c].value_counts() for c in self.columns}
        words = [one.word for one in self.record.judgements]
        table = pd.DataFrame({word: [int(counts[c].get(word, 0)) for c in self.columns] for word in words})
        names = [f"{c}: {self.record.domains[c]}" if c in self.record.domains else c for c in self.columns]
        table.insert(0, "domain", names)
        table["not judged"] = [int(counts[c].get("", 0)) for c in self.columns]
        return [
            f"Risk of bias by {self.tool} of {len(self.table)} trials",
            listed(table.loc[:, (table != 0).any()], str),
            *(f"Note: {note}" for note in self.notes),
        ]

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        return styled(html_lines(self._lines()))


def severities(words: Iterable[str], tool: Tool) -> list[float]:
    """Return how severe judgements are, NaN of what was not judged."""
    by_word = {one.word: float(one.severity) for one in tool.judgements}
    return [by_word.get(word, np.nan) for word in words]
