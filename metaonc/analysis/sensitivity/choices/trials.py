"""Which rows each specification rests on: exclusions of trials, cuts of the data and assessors, as sets of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from math import comb
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import columns_exist
from ....base.labels import blanks, find, spelling
from ....base.messages.advice import option
from ....errors import DataError, OptionError
from ...results.studies import Studies

MOST = 20_000  # sets of trials
KEPT = "all kept"
Rows = NDArray[np.bool_]
Exclusions = Mapping[str, Any]


class Sets(NamedTuple):
    """Sets of rows, one an option, or one a combination of options of several choices.

    Attributes
    ----------
    names, options
        Of the choices, and of the options of each.
    codes
        The number of each set's option, (m, choices).
    rows
        The rows in each set, (m, k).
    """

    names: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int64]
    rows: Rows

    def crossed(self, other: Sets) -> Sets:
        """Return each set of rows with each of the other, as far as they have rows in common."""
        m, n = len(self.rows), len(other.rows)
        if m * n > MOST:
            raise OptionError(f"the choices of trials make {m * n} sets and more; {MOST} are the most.")
        codes = np.hstack([np.repeat(self.codes, n, axis=0), np.tile(other.codes, (m, 1))])
        rows = (self.rows[:, None] & other.rows).reshape(m * n, -1)
        return Sets((*self.names, *other.names), (*self.options, *other.options), codes, rows)


def _one(name: str, options: tuple[str, ...], rows: Rows) -> Sets:
    return Sets((name,), (options,), np.arange(len(options))[:, None], rows)


def sets_of(studies: Studies, units: Sequence[str], asked: Exclusions | None, cuts: str | None,
            assessors: str | None) -> Sets:  # fmt: skip
    """Return all sets of rows that the choices of trials make; the first is that of no choice."""
    found = reports(studies, units, cuts, assessors)
    for choice in exclusions(studies, units, asked):
        if choice.names[0] in found.names:
            raise OptionError(f"exclude: there are two choices of the name {choice.names[0]!r}.")
        found = found.crossed(choice)
    return found


def exclusions(studies: Studies, units: Sequence[str], asked: Exclusions | None) -> Iterator[Sets]:
    """Return the choices of trials.

    Parameters
    ----------
    studies
        All rows.
    units
        The trial that each is of.
    asked
        Name of a choice -> names of trials, column -> values, or how many trials leave at a time.
    """
    if asked is not None and not isinstance(asked, Mapping):
        raise OptionError(f"exclude={asked!r} must name each choice, as in exclude={{'early trials': ['A', 'B']}}.")
    for name, rule in ((str(name), rule) for name, rule in (asked or {}).items()):
        if isinstance(rule, Mapping):
            yield _two(name, ~_having(studies, rule, name), _said(rule))
        elif isinstance(rule, (int, np.integer)) and not isinstance(rule, bool):
            yield _each(name, units, int(rule))
        else:
            yield _two(name, ~_named(units, rule, name), name)


def _said(rule: Mapping[str, Any]) -> str:
    """Return which rows leave by their columns: of what they have, as the name of a choice may say the opposite."""
    return " and ".join(f"{column} {' or '.join(map(str, _values(value)))}" for column, value in rule.items())


def _values(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) or not isinstance(value, Sequence) else list(value)


def _two(name: str, rows: Rows, leaving: str) -> Sets:
    if rows.all() or not rows.any():
        raise DataError(
            f"exclude: {name!r} leaves out {'no' if rows.all() else 'every'} trial, so that it is no choice."
        )
    return _one(name, (KEPT, f"without {leaving}"), np.stack([np.ones_like(rows), rows]))


def _having(studies: Studies, rule: Mapping[str, Any], name: str) -> Rows:
    """Return the rows that have one of these values in each column."""
    columns_exist(list(studies.data.columns), {f"exclude {name!r}": column for column in rule})
    having = np.ones(len(studies.yi), dtype=bool)
    for column, value in rule.items():
        values = _values(value)
        cells = studies.data[column]
        there = {spelling(str(x)) for x in cells[~blanks(cells)]}
        lacking = [v for v in values if spelling(str(v)) not in there]
        if lacking:
            raise OptionError(f"exclude: column {column!r} has no {lacking[0]!r}; it has {sorted(there)}.")
        wanted = {spelling(str(v)) for v in values}
        having &= np.array([spelling(str(x)) in wanted for x in cells])
    return having


def _named(units: Sequence[str], rule: Any, name: str) -> Rows:
    if isinstance(rule, str) or not isinstance(rule, Sequence):
        raise OptionError(
            f"exclude: {name!r} must be a list of trials, a column with its values, as in {{'bias': 'high'}}, or how "
            f"many trials leave at a time, not {rule!r}."
        )
    known = dict.fromkeys(units)
    found = [find(trial, known) for trial in rule]
    if None in found:
        raise OptionError(f"exclude: {rule[found.index(None)]!r} is no trial; there are {list(known)}.")
    return np.isin(np.array(units, dtype=object), np.array(found, dtype=object))


def _each(name: str, units: Sequence[str], most: int) -> Sets:
    names = list(dict.fromkeys(units))
    if not 1 <= most < len(names):
        raise OptionError(f"exclude: {name!r} of {most} trials at a time must be from 1 to {len(names) - 1}.")
    count = sum(comb(len(names), size) for size in range(most + 1))
    if count > MOST:
        raise OptionError(f"exclude: up to {most} of {len(names)} trials make {count} sets; {MOST} are the most.")
    codes = pd.factorize(np.array(units, dtype=object))[0]
    sets = [some for size in range(most + 1) for some in combinations(range(len(names)), size)]
    rows = np.stack([~np.isin(codes, some) for some in sets])
    return _one(name, tuple(" and ".join(names[i] for i in some) or KEPT for some in sets), rows)


def reports(studies: Studies, units: Sequence[str], cuts: str | None, assessors: str | None) -> Sets:
    """Return the choice among several rows of a trial: whose reading goes first, and its newest or its oldest cut."""
    k = len(units)
    columns_exist(list(studies.data.columns), {"cuts": cuts, "assessors": assessors})
    names = tuple(name for name in (cuts, assessors) if name)
    if not names:
        return Sets((), (), np.zeros((1, 0), dtype=np.int64), np.ones((1, k), dtype=bool))
    codes = pd.factorize(np.array(units, dtype=object))[0]
    date = _order(studies.data[cuts], cuts) if cuts else np.zeros(k)
    who = np.array([str(x) for x in studies.data[assessors]] if assessors else [""] * k, dtype=object)
    orders = {"newest cut": -date, "oldest cut": date} if cuts else {"": date}
    whom = list(dict.fromkeys(who))
    both = list(product(orders.values(), whom))
    rows = np.stack([_one_each(codes, who != first, order, units, cuts, assessors) for order, first in both])
    options = tuple(o for o, there in ((tuple(orders), cuts), (tuple(f"{x} first" for x in whom), assessors)) if there)
    numbers = np.array(list(np.ndindex(*map(len, options))), dtype=np.int64)
    return Sets(names, options, numbers, rows)


def _order(dates: pd.Series, cuts: str) -> NDArray[np.float64]:
    """Return the order of dates, written as numbers or from the year on; what has none is the oldest."""
    texts = ["" if x else str(date) for x, date in zip(blanks(dates), dates, strict=True)]
    bad = [text for text in texts if text and not text[:4].isdigit()]
    if bad:
        raise DataError(
            f"column {cuts!r} must hold dates that begin with the year, such as 2024-06-30, not {bad[0]!r}."
        )
    return np.asarray(pd.Series(texts).rank(method="dense"), dtype=float)


def _one_each(
    codes: Any, behind: Any, order: Any, units: Sequence[str], cuts: str | None, assessors: str | None
) -> Rows:
    """Return one row a trial: by who read it, and among these by date."""
    chosen = np.zeros(len(codes), dtype=bool)
    for unit in range(codes.max() + 1):
        own = np.flatnonzero(codes == unit)
        rank = list(zip(behind[own], order[own], strict=True))
        best = [i for i, r in zip(own.tolist(), rank, strict=True) if r == min(rank)]
        if len(best) > 1:
            lacking = "cuts" if cuts is None else "assessors" if assessors is None else ""
            fix = f"name the column that tells them apart by {option(lacking)}" if lacking else "leave one of them out"
            raise DataError(f"trial {units[best[0]]!r} has {len(best)} rows that nothing tells apart; {fix}.")
        chosen[best] = True
    return chosen
