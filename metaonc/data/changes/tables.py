"""Two tables of evidence, made alike so that their rows can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from ...base.frames import to_pandas
from ...base.labels import blank, join_labels, spelling
from ...base.numbers import NotANumber, number_of
from ...errors import DataError
from ..schema.dates import ISO_DATE

WHICH = ("older", "newer")
WHO = ("trial", "arm_id", "arm", "outcome", "subgroup_variable", "subgroup_level")
DATES = ("data_cut", "published")


class Tables(NamedTuple):
    """Two tables with one writing of each trial, arm and level; only what both know of a row is compared.

    `fields` are the columns of both, `only` those of one alone; `notes` say which labels were joined.
    """

    old: pd.DataFrame
    new: pd.DataFrame
    fields: tuple[str, ...]
    only: tuple[tuple[str, ...], tuple[str, ...]]
    notes: tuple[str, ...]


def tables(old: Any, new: Any, outcome: str | None) -> Tables:
    """Return two tables of evidence to be compared: collections, registries, selections, or dataframes.

    Raises
    ------
    DataError
        A table without trials, or without one of the outcome; tables of other outcomes or without a trial in common; a
        row that stands twice; a date that cannot be read.
    """
    frames = [_read(table, which, outcome) for table, which in zip((old, new), WHICH, strict=True)]
    for column, what in (("outcome", "outcome"), ("trial", "trial")):
        _refuse_apart(frames, column, what)
    for frame, which in zip(frames, WHICH, strict=True):
        _refuse_twice(frame, which)
        check_dates(frame, which)
    k = len(frames[0])
    both = pd.DataFrame({c: [x for f in frames for x in (f[c].tolist() if c in f else [None] * len(f))] for c in WHO})
    joined = join_labels(both, WHO)
    names = joined.frame
    placed = [
        frame.assign(**{c: part[c].tolist() for c in WHO if c in frame})
        for frame, part in zip(frames, (names.iloc[:k], names.iloc[k:]), strict=True)
    ]
    there = [dict.fromkeys(map(str, frame.columns)) for frame in frames]
    fields = tuple(c for c in there[0] if c in there[1])
    only = tuple(tuple(c for c in mine if c not in other) for mine, other in (there, there[::-1]))
    return Tables(placed[0], placed[1], fields, only, joined.notes)  # type: ignore[arg-type]


def _read(table: Any, which: str, outcome: str | None) -> pd.DataFrame:
    held = getattr(table, "evidence", getattr(table, "used", table))
    frame = to_pandas(held)
    if "trial" not in frame:
        raise DataError(f"the {which} table has no column 'trial', by which rows are compared; it has "
                        f"{', '.join(map(repr, frame.columns))}.")  # fmt: skip
    lacking = next((i for i, x in enumerate(frame["trial"]) if blank(x)), None)
    if lacking is not None:
        raise DataError(f"row {lacking} of the {which} table names no trial: fill it in, or leave the row out.")
    if outcome is None or "outcome" not in frame or frame["outcome"].isna().all():
        return frame
    rows = frame[frame["outcome"].eq(outcome)]
    if rows.empty:
        known = ", ".join(map(repr, frame["outcome"].dropna().unique()))
        raise DataError(f"no row of the {which} table is on {outcome!r}; it has {known}.")
    return rows


def _refuse_apart(frames: list[pd.DataFrame], column: str, what: str) -> None:
    """Raise a DataError where two tables have no value of a column in common."""
    if not all(column in frame and frame[column].notna().any() for frame in frames):
        return
    held = [{spelling(str(x)): str(x) for x in frame[column].dropna()} for frame in frames]
    if not held[0].keys() & held[1].keys():
        some = [", ".join(sorted(own.values())[:4]) + ", ..." * (len(own) > 4) for own in held]
        raise DataError(f"the tables have no {what} in common: {some[0]} in the older, {some[1]} in the newer.")


def _refuse_twice(frame: pd.DataFrame, which: str) -> None:
    cells = pd.DataFrame({c: [text_of(x) for x in frame[c].tolist()] for c in frame}, index=frame.index)
    for columns, what in ((["row_id"], "have the same row_id"), (list(cells.columns), "say the same")):
        if any(c not in cells for c in columns):
            continue
        known = cells[(cells[columns] != "").any(axis=1)]
        twice = known.duplicated(columns, keep=False)
        if twice.any():
            first = known.index[twice][0]
            alike = [i for i, row in zip(known.index, known[columns].itertuples(index=False), strict=True)
                     if tuple(row) == tuple(known.loc[first, columns])]  # fmt: skip
            raise DataError(
                f"rows {alike[0]} and {alike[1]} of the {which} table, trial {frame['trial'][first]!r}, {what}: leave "
                "one out, or give each its own."
            )


def check_dates(frame: pd.DataFrame, which: str) -> None:
    """Raise a DataError where a date of a table cannot be read; `which` of two it is, empty of one."""
    of = f"of the {which} table, " if which else "of "
    trials = frame["trial"].tolist()
    for column in DATES:
        for n, value in enumerate(frame[column].tolist() if column in frame else ()):
            if blank(value) or isinstance(value, date):
                continue
            text = str(value)
            words = column == "published" and not any(c.isdigit() for c in text)  # yes and no hold no date
            if not words and not ISO_DATE.fullmatch(text):
                raise DataError(
                    f"row {frame.index[n]} {of}trial {trials[n]!r}: {column}={text!r} is no date; write "
                    "YYYY, YYYY-MM or YYYY-MM-DD."
                )


def text_of(value: Any) -> str:
    """Return what a cell says: empty where it is blank, numbers as they are compared, dates as ISO writes them."""
    return _text_of_text(value) if type(value) is str else _text_of(value)


@lru_cache(maxsize=1 << 14)
def _text_of_text(value: str) -> str:
    """Return the same of a text: tables repeat theirs, and two of them most."""
    return _text_of(value)


def _text_of(value: Any) -> str:
    if blank(value):
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return f"{number_of(value):.12g}"
    except NotANumber:
        return spelling(str(value))


def key_of(row: Mapping[str, Any], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return what tells a row from others of its table."""
    arm = text_of(row.get("arm_id")) or text_of(row.get("arm"))
    return (arm, *(text_of(row.get(c)) for c in columns))
