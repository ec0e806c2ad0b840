"""The schema of the evidence, and the check that a table keeps to it.

``TABLES`` is the one description of the columns: the loader takes its types from it, ``validate`` its limits, the data
package and the documentation its words. A collection has the tables ``arms``, ``evidence`` and ``sources``, and may
have ``curves`` with their coordinates; ``trials`` and ``own_curves`` are a user's own tables, the columns of
``evidence`` and ``curves`` with fewer of them required.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base import check as _check
from ...base.frames import to_pandas
from ...base.labels import blanks
from ...base.numbers import numbers
from ...errors import ColumnError
from .curve_fields import CURVE_TABLES
from .dates import ISO_DATE
from .fields import EVIDENCE_TABLES, OUTCOMES, UNITS, VERIFICATIONS
from .links import check_superseded, refuse_circles
from .records import Field, Outcome, Table
from .row_rules import ROW_RULES, check_needs

__all__ = ["OUTCOMES", "SYNONYMS", "TABLES", "UNITS", "VERIFICATIONS", "Field", "Outcome", "Table", "validate"]

TABLES = EVIDENCE_TABLES | CURVE_TABLES
SYNONYMS = {
    "study": "trial", "study_id": "trial", "trial_name": "trial", "endpoint": "outcome",
    "responders": "events", "responses": "events", "events_or_responders": "events", "n_patients": "n", "total": "n",
    "hazard_ratio": "hr", "hr_lower": "hr_low", "hr_upper": "hr_high", "hr_ci_low": "hr_low", "hr_ci_high": "hr_high",
    "ci_lower": "ci_low", "ci_upper": "ci_high", "median": "estimate", "units": "unit",
    "p": "p_value", "data_cutoff": "data_cut", "comparator_arm": "comparator",
}  # fmt: skip
_WITH_FIGURES = ("evidence", "trials", "curves", "own_curves")


def validate(frame: object, table_name: str, *, others: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
    """Return the table with its columns typed, or say which value is wrong.

    Parameters
    ----------
    frame
        A dataframe.
    table_name
        Which of ``TABLES`` it is.
    others
        The other tables of the collection, by name; references to a table that is not given are not checked.

    Returns
    -------
    pandas.DataFrame
        A copy: numbers as float64, text as text, blanks as NaN, other columns as they are.

    Raises
    ------
    ColumnError
        A column is missing, unknown or goes by another name here.
    DataError
        A value cannot be; the message names trial, row, column, value and what to do.
    """
    table = TABLES[_check.one_of("table_name", table_name, TABLES)]
    given = to_pandas(frame)
    _check_columns([str(c) for c in given.columns], table)
    labels = _labels(given, table)
    typed = given.assign(**{f.name: _typed(given[f.name], f, labels) for f in table.fields if f.name in given})
    for f in table.fields:
        if f.name in typed:
            _check_field(typed[f.name], f, labels)
    _check_key(typed, table, labels)
    for rule in ROW_RULES:
        if set(rule.columns) <= set(typed.columns) and table.name in _WITH_FIGURES:
            rule.check(typed, labels)
    if "supersedes" in typed and "row_id" in typed:
        check_superseded(typed, labels)
    if table.name in ("evidence", "trials"):
        check_needs(typed, labels, explained=table.name == "evidence")
    _check_references(typed, table, others or {}, labels)
    return typed


def _check_columns(present: list[str], table: Table) -> None:
    known = table.names()
    strange = next((column for column in present if column not in known), None)
    if strange is not None and not table.takes_others:
        raise ColumnError(f"{table.name} has no column {strange!r}; it has {known}.")
    wanted = [f.name for f in table.fields if f.required]
    missing = [name for name in wanted if name not in present]
    if missing:
        other = next((c for c in present if SYNONYMS.get(c.lower(), c.lower()) == missing[0]), None)
        if other is not None:
            raise ColumnError(f"column {other!r} goes by the name {missing[0]!r} here: rename it.")
        raise ColumnError(f"column {missing[0]!r} is missing; the table has {present}. Wanted: {', '.join(wanted)}.")


def _labels(frame: pd.DataFrame, table: Table) -> list[str]:
    names = [c for c in ("trial", table.key or "curve_id") if c in frame]
    return [
        ", ".join(str(v) for v in row if pd.notna(v)) or str(i)
        for i, row in enumerate(zip(*(frame[c] for c in names), strict=True))
    ]


def _typed(column: pd.Series, f: Field, labels: list[str]) -> pd.Series:
    if f.kind not in ("number", "count"):
        return column.astype(str).str.strip().mask(blanks(column))
    _refuse_printed(column, f, labels)
    values = numbers(column, f.name, labels, whole=f.kind == "count")
    _check.refuse(np.isinf(values), labels, lambda i: f"{f.name}={values[i]} is not a number: leave it blank.")
    return pd.Series(values, index=column.index)


def _refuse_printed(column: pd.Series, f: Field, labels: list[str]) -> None:
    """Refuse what papers print in place of a number, with where it is to go."""
    if column.dtype.kind in "fiu":
        return
    texts = [x.strip() if isinstance(x, str) else "" for x in column]
    open_ = [x.upper() in ("NE", "NR", "NA", "NOT REACHED", "NOT ESTIMABLE") for x in texts]
    fix = f": leave it blank and write {f.name} in the column not_reached."
    _check.refuse(np.array(open_), labels, lambda i: f"{f.name}={texts[i]!r} is not a number{fix}")
    percent = np.array(["%" in x for x in texts])
    fix = ": write the percentage without the sign."
    _check.refuse(percent, labels, lambda i: f"{f.name}={texts[i]!r} is not a number{fix}")


def _check_field(column: pd.Series, f: Field, labels: list[str]) -> None:
    if f.required:
        _check.refuse(column.isna().to_numpy(), labels, lambda i: f"{f.name} is blank; every row needs it.")
    for bad, say in field_problems(column, replace(f, allowed=()) if f.free else f):
        _check.refuse(bad, labels, say)


def field_problems(column: pd.Series, f: Field) -> Iterator[tuple[NDArray[np.bool_], Callable[[int], str]]]:
    """Return, for each thing asked of a typed column, which rows break it, and what is wrong with row `i`."""
    there = column.notna().to_numpy()
    if f.kind == "count":
        yield there & (column % 1 != 0).to_numpy(), lambda i: f"{f.name}={column[i]:g} is not a whole number."
    if f.minimum is not None:
        yield (column < f.minimum).to_numpy(), lambda i: f"{f.name}={column[i]:g} must be at least {f.minimum:g}."
    if f.maximum is not None:
        yield (column > f.maximum).to_numpy(), lambda i: f"{f.name}={column[i]:g} must be at most {f.maximum:g}."
    if f.kind == "date":
        bad = there & ~column.astype(str).str.fullmatch(ISO_DATE).to_numpy()
        yield bad, lambda i: f"{f.name}={column[i]!r} is no ISO date: write 2024-06-30, 2024-06 or 2024."
    if f.allowed:
        words = [str(v).split() if f.kind == "words" else [str(v)] for v in column]
        bad = np.array([pd.notna(v) and not set(w) <= set(f.allowed) for v, w in zip(column, words, strict=True)])
        yield bad, lambda i: f"{f.name}={column[i]!r} is not one of {', '.join(map(repr, f.allowed))}."


def _check_key(frame: pd.DataFrame, table: Table, labels: list[str]) -> None:
    if table.key in frame:
        keys = frame[table.key]
        bad = (keys.notna() & keys.duplicated()).to_numpy()
        _check.refuse(
            bad, labels, lambda i: f"{table.key}={keys[i]!r} stands in an earlier row too: each row needs its own."
        )


def _check_known(column: pd.Series, known: pd.Series, target: str, labels: list[str]) -> None:
    bad = (column.notna() & ~column.isin(known)).to_numpy()
    _check.refuse(bad, labels, lambda i: f"{column.name}={column[i]!r} is not in {target}.")


def _check_references(frame: pd.DataFrame, table: Table, others: Mapping[str, pd.DataFrame], labels: list[str]) -> None:
    for column, target in table.refers.items():
        name, key = target.split(".")
        home = frame if name == table.name else others.get(name)
        if home is not None and column in frame:
            _check_known(frame[column], home[key], target, labels)
    if table.name in ("evidence", "curves") and "arms" in others:
        trial = frame["arm_id"].map(others["arms"].set_index("arm_id")["trial"])
        bad = (trial != frame["trial"]).to_numpy()
        _check.refuse(bad, labels, lambda i: f"arm_id={frame['arm_id'][i]!r} is an arm of {trial[i]!r}.")
    if table.name == "arms" and "nested_in" in frame:
        held = [[] if pd.isna(v) else [str(v)] for v in frame["nested_in"]]
        refuse_circles("nested_in", dict(zip(frame["arm_id"], held, strict=True)), labels)
