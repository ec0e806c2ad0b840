"""Which of several cuts of the same patients is used: the rules of `select`, one function each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from ...base.check import one_of
from ...base.labels import blank, folded
from ...base.messages.advice import option
from ...errors import DataError
from ..schema.dates import Dates, dates
from ..schema.synonyms import key
from ..schema.tables import TABLES

UNPAIRED = "a subgroup without its complement"
LEAVE_OUT, KEEP = ALONE = ("leave out", "keep")  # what becomes of it
_KNOWN = frozenset((*TABLES["trials"].names(), *TABLES["arms"].names(), "read_as"))
_YEARS = ("year", "pubyear", "yearofpublication", "publicationyear", "yearpublished", "jahr", "año", "année")


class Cut(NamedTuple):
    """What one arm reported at one time by one assessor: its rows, all of one outcome and subgroup variable."""

    arm: str
    dates: Dates
    assessor: str
    rows: tuple[int, ...]


class Known(NamedTuple):
    """What the table says about one trial: its rows, arms and dates, what replaces what, and which arm holds which."""

    frame: pd.DataFrame
    arms: pd.Series
    dates: Mapping[int, Dates]  # of all rows of the table
    replaces: Mapping[str, set[str]]
    held_by: Mapping[str, list[str]]

    def name(self, i: int) -> str:
        """Name a row for a reason."""
        return name_of(self.frame, i)

    def newer(self, rows: Iterable[int], others: Iterable[int]) -> list[str]:
        """Return the row_id of those among `others` that replace one of `rows`."""
        old = {str(self.frame["row_id"][i]) for i in rows}
        names = (str(self.frame["row_id"][i]) for i in others)
        return [name for name in names if not old.isdisjoint(self.replaces.get(name, ()))]


class Trials:
    """What a table says about each of its trials, found when it is first asked for.

    Parameters
    ----------
    frame
        The whole table, with the columns that `select` reads.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame, self._arms = frame, _arms(frame)
        self.dates = dict(zip(map(int, frame.index), dates(frame), strict=True))
        self._known: dict[Any, Known] = {}

    def __getitem__(self, trial: Any) -> Known:
        if trial not in self._known:
            rows = self.frame["trial"].eq(trial)
            self._known[trial] = _known_of(self.frame[rows], self._arms[rows], self.dates)
        return self._known[trial]


def check_alone(alone: str | None) -> str:
    """Return what becomes of a subgroup without its complement, checked; left out when None."""
    return LEAVE_OUT if alone is None else one_of("alone", alone, ALONE)


def is_within_arms(usable: pd.DataFrame, level: str) -> bool:
    """Return whether the levels split the patients of an arm, as a biomarker does, or describe whole arms."""
    return bool(usable.groupby([usable["trial"], _arms(usable)])[level].nunique().gt(1).any())


def choose(
    trials: Trials, usable: pd.DataFrame, level: str | None, *, keep_alone: bool = False
) -> tuple[list[int], dict[int, str]]:
    """Return the rows of one cut for each set of patients, and for the other rows why they are not used.

    Parameters
    ----------
    trials
        The trials of the whole table.
    usable
        Its rows that could be pooled, of one outcome and subgroup variable.
    level
        Column that holds the subgroup of patients; None without, and where it describes whole arms.
    keep_alone
        Whether an arm of which no cut reports two levels is used: each level by its own newest cut.

    Raises
    ------
    DataError
        Two cuts of the same patients remain.
    """
    used: list[int] = []
    out: dict[int, str] = {}
    for trial, of_trial in usable.groupby("trial", sort=False, observed=True):
        known = trials[trial]
        roots = pd.Series(outermost(known)).reindex(of_trial.index)
        for _, rows in of_trial.groupby(roots, sort=False, observed=True):
            why: dict[int, str] = {}
            sets = [_cuts(rows, level, known, why)]
            if keep_alone and not sets[0]:
                why = {}
                sets = [_cuts(own, None, known, why) for _, own in rows.groupby(level, sort=False, observed=True)]
            for cuts in sets:
                for rule in (_nested, _superseded, _older, _not_reviewed):
                    for cut, reason in list(rule(cuts, known)):
                        why |= dict.fromkeys(cut.rows, reason)
                    cuts = [cut for cut in cuts if cut.rows[0] not in why]
                _refuse_two(cuts, known, level)
                used += [i for cut in cuts for i in cut.rows]
            out |= why
    return used, out


def most_unpaired(frame: pd.DataFrame, used: Iterable[int], left: Mapping[int, str], by: str | None) -> tuple[str, ...]:
    """Return what is said where more trials are left out, as they report one level alone, than are used."""
    taken = set(frame["trial"][list(used)])
    without = {frame["trial"][i] for i, why in left.items() if why.startswith(UNPAIRED)} - taken
    if len(without) <= len(taken):
        return ()
    return (
        f"{len(without)} of {len(without) + len(taken)} trials report one level of {by} alone and are left out: what "
        f"is pooled is of the other{'s' * (len(taken) != 1)}; {option('alone', KEEP)} takes them",
    )


def outermost(known: Known) -> dict[int, str]:
    """Return for each row of a trial the arm that holds all its patients and is in no other."""
    rows = zip(known.frame.index, known.arms, strict=True)
    return {int(i): (known.held_by[arm] or [arm])[-1] for i, arm in rows}


def _known_of(of_trial: pd.DataFrame, arms: pd.Series, when: Mapping[int, Dates]) -> Known:
    parent = {arm: str(above) for arm, above in zip(arms, of_trial["nested_in"], strict=True) if pd.notna(above)}
    return Known(of_trial, arms, when, _replaces(of_trial), {arm: _holders(parent, arm) for arm in arms.unique()})


def name_of(frame: pd.DataFrame, i: Any) -> str:
    """Name a row by its row_id, or by its number in the table."""
    named = "row_id" in frame and pd.notna(frame["row_id"][i])
    return f"row {frame['row_id'][i]}" if named else f"row {i}"


def _text(column: pd.Series) -> pd.Series:
    return column.astype(str).where(column.notna(), "")


def _arms(frame: pd.DataFrame) -> pd.Series:
    by_id = _text(frame["arm_id"])
    return by_id.where(by_id.ne(""), _text(frame["arm"]))


def _holders(parent: Mapping[str, str], arm: str) -> list[str]:
    """Return the arms that hold all patients of this one, the nearest first."""
    holders: list[str] = []
    above = parent.get(arm)
    while above is not None:
        if above == arm or above in holders:
            raise DataError(f"nested_in of arm {arm!r} leads in a circle.")
        holders.append(above)
        above = parent.get(above)
    return holders


def _replaces(frame: pd.DataFrame) -> dict[str, set[str]]:
    """Return for each row_id all that it replaces, directly or by way of others."""
    rows = zip(frame["row_id"], frame["supersedes"], strict=True)
    found = {str(k): set(str(v).split()) for k, v in rows if pd.notna(k) and pd.notna(v)}
    for _ in range(len(found)):
        found = {k: v.union(*(found.get(older, set()) for older in v)) for k, v in found.items()}
    circle = next((k for k, v in found.items() if k in v), None)
    if circle is not None:
        raise DataError(f"supersedes of row {circle} leads in a circle back to it.")
    return found


def _cuts(rows: pd.DataFrame, level: str | None, known: Known, out: dict[int, str]) -> list[Cut]:
    """Return the cuts in the rows; to `out` goes what is replaced inside a cut, and a cut with a single level."""
    cuts = []
    alike: dict[tuple[str, str, str], list[int]] = {}
    for i, arm, assessor in zip(rows.index, known.arms[rows.index], _text(rows["assessor"]), strict=True):
        alike.setdefault((arm, known.dates[i].known, assessor), []).append(i)
    for (arm, _, assessor), together in alike.items():
        old = {i: newer[0] for i in together if (newer := known.newer([i], together))}
        out |= {i: f"superseded by row {name}" for i, name in old.items()}
        mine = [i for i in together if i not in old]
        cut = Cut(arm, known.dates[mine[0]], assessor, tuple(mine))
        levels = None if level is None else rows.loc[mine, level]
        if levels is not None and levels.nunique() == 1:
            reason = f"{UNPAIRED}: at this cut only {levels.iloc[0]!r} can be pooled"
            out |= dict.fromkeys(cut.rows, reason)
        else:
            cuts.append(cut)
    return cuts


def _nested(cuts: list[Cut], known: Known) -> Iterator[tuple[Cut, str]]:
    arms = {cut.arm for cut in cuts}
    for cut in cuts:
        above = [arm for arm in known.held_by[cut.arm] if arm in arms]
        if above:
            yield cut, f"its patients are part of arm {above[0]!r}, which is used"


def _superseded(cuts: list[Cut], known: Known) -> Iterator[tuple[Cut, str]]:
    others = [i for cut in cuts for i in cut.rows]
    for cut in cuts:
        newer = known.newer(cut.rows, others)
        for i in cut.rows if newer else ():
            own = known.newer([i], others) or newer
            yield cut._replace(rows=(i,)), f"superseded by row {own[0]}"


def _older(cuts: list[Cut], known: Known) -> Iterator[tuple[Cut, str]]:
    for cut in cuts:
        newer = [c for c in cuts if cut.dates.before(c.dates)]
        if newer:
            own, other = cut.dates.known, newer[0].dates.known
            yield cut, f"older cut ({own}) of the same patients than {known.name(newer[0].rows[0])} ({other})"


def _not_reviewed(cuts: list[Cut], known: Known) -> Iterator[tuple[Cut, str]]:
    for cut in cuts:
        reviewed = [c for c in cuts if c.assessor == "BICR" and (c.arm, c.dates.known) == (cut.arm, cut.dates.known)]
        if reviewed and cut.assessor != "BICR":
            yield cut, f"{known.name(reviewed[0].rows[0])} is the same cut by independent review"


def _refuse_two(cuts: list[Cut], known: Known, level: str | None) -> None:
    """Raise a DataError where two rows about the same patients are left."""
    if len(cuts) > 1:
        raise DataError(_same_patients(known, cuts[0].rows[0], cuts[1].rows[0]))
    first: dict[str, int] = {}
    for i in (i for cut in cuts for i in cut.rows):
        name = str(known.frame[level][i]) if level else ""
        if name in first:
            raise DataError(_same_patients(known, first[name], i))
        first[name] = i


def _same_patients(known: Known, a: int, b: int) -> str:
    trial = known.frame["trial"][a]
    return (
        f"trial {trial!r}: {known.name(a)} and {known.name(b)} report the same patients: {_way_out(known.frame, a, b)}."
    )


def _way_out(frame: pd.DataFrame, a: int, b: int) -> str:
    """Return what tells two rows apart, or how to say so: the time, a column of the user's own, or what is newer."""
    times = [float(f"{t:g}") for t in frame.loc[[a, b], "time_months"].dropna().unique()]
    if len(times) == 2:
        time = int(times[0]) if times[0].is_integer() else times[0]
        return f"choose with {option('where', {'time_months': time})}"
    usual = "say in supersedes which replaces which, or give data_cut; name arm if they are different patients"
    own = [c for c in frame if c not in _KNOWN and _differ(frame[c][a], frame[c][b])]
    year = next((c for c in own if key(str(c)) in _YEARS), None)
    if year is not None:
        there = {new: old for old, new in frame.attrs.get("reading", {}).get("read_as", {}).items()}
        both = option("columns", {there.get("trial", "trial"): "trial", year: "trial"})
        return (
            f"{year} is {_plain(frame[year][a])!r} and {_plain(frame[year][b])!r}; if they are two trials, name them "
            f"by both columns, {both}. Otherwise {usual}"
        )
    column = next((c for c in own if isinstance(frame[c][a], str)), next(iter(own), None))
    if column is None:
        return usual
    return (
        f"{column} is {_plain(frame[column][a])!r} and {_plain(frame[column][b])!r}; if it names subgroups, give "
        f"{option('by', column)}; if arms, read it as such, by {option('columns', {column: 'arm_id'})}; or choose with "
        f"{option('where', {column: _plain(frame[column][a])})}. Otherwise {usual}"
    )


def _plain(value: Any) -> Any:
    """Return a value of a table as Python writes it."""
    return value.item() if hasattr(value, "item") else value


def _differ(a: object, b: object) -> bool:
    """Whether two cells hold something, and not the same."""
    return not (blank(a) or blank(b)) and folded(str(a)) != folded(str(b))
