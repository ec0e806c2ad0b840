"""Other cuts that could stand in a pool in place of those used, or beside them: the choice, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..schema.dates import cut_dates
from .cuts import Trials, outermost


@dataclass(frozen=True, slots=True)
class Alternative:
    """A cut that was left out by the choice of cuts, though its figures could be pooled.

    Attributes
    ----------
    trial, cut
        The trial, and the date of the cut or of its publication; empty where not known.
    rows
        Labels of its rows.
    replaces
        Labels of the rows used that are about the same patients; empty where none is.
    reason
        Why it was left out.
    """

    trial: str
    cut: str
    rows: tuple[int, ...]
    replaces: tuple[int, ...]
    reason: str


def alternatives(
    trials: Trials, used: Sequence[int], left: Mapping[int, str], level: str | None
) -> tuple[Alternative, ...]:
    """Return the cuts that could be used instead, or as well, of the trials of which one is used.

    A trial without a row that is used was left out for another reason than its cuts.

    Parameters
    ----------
    trials
        The trials of the whole table.
    used
        Labels of the rows that are used.
    left
        Label of a row that reports what is needed -> why the choice of cuts left it out.
    level
        Column of the subgroup of patients; None without.
    """
    frame, found = trials.frame, []
    pooled = set(frame["trial"][list(used)])
    out = frame.loc[[i for i in sorted(left) if frame["trial"][i] in pooled]]
    arms = out["arm_id"].where(out["arm_id"].notna(), out["arm"])
    keys = [out["trial"].astype(str), arms.fillna("").astype(str), cut_dates(out).fillna(""),
            out["assessor"].fillna("").astype(str)]  # fmt: skip
    for (trial, _, cut, _), rows in out.groupby(keys, sort=False, observed=True):
        roots = outermost(trials[rows["trial"].iloc[0]])
        replaced = tuple(
            i for i in used if i in roots and roots[i] == roots[rows.index[0]]
            and (level is None or frame[level][i] in set(rows[level]))
        )  # fmt: skip
        if level is None or not rows[level].duplicated().any():  # two rows of one level are two cuts, not told apart
            found.append(Alternative(str(trial), str(cut), tuple(rows.index), replaced, left[rows.index[0]]))
    return tuple(found)
