"""What the columns of a table were read as, in words and as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os import PathLike
from typing import Any

import pandas as pd

from ....base.frames import to_pandas
from ....base.html import Listing
from ....base.messages.advice import in_python, option
from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...schema.synonyms import NAMES, WORDS, parts
from .columns import Columns
from .forms import FIELDS, LIMITS
from .names import name_of
from .wide import rows_wanted

_TURNED = re.compile(r"\b(control|placebo|comparator|standard|soc)\s*(vs\.?|versus|to|over|/)", re.IGNORECASE)


@known_arguments
def read_as(table: Any) -> pd.DataFrame:
    """Return what the columns of a table were read as.

    Parameters
    ----------
    table : dataframe
        What ``read_trials`` or ``read_escalc`` returned.

    Returns
    -------
    pandas.DataFrame
        One row a column of the source that was read or holds numbers: `column`, its name there; `read_as`, its name
        here, with the outcome in front where a row holds several, blank where it was not read; `how`: "asked" by the
        caller, "own name", "recognised" by what people call it, or why it was not read.

    Raises
    ------
    DataError
        The table was not made by a reader, or is the name of a file.

    Examples
    --------
    >>> import metaonc as mo
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     trials = mo.read_trials({"Study": ["A", "B"], "Responders": [3, 4], "N": [10, 12], "age": [61, 58]})
    >>> mo.read_as(trials)[["column", "read_as"]].values.tolist()
    [['Study', 'trial'], ['Responders', 'events'], ['N', 'n'], ['age', '']]
    """
    if isinstance(table, str | PathLike):
        raise DataError(
            f"a table that was read is wanted, not the name of a file: read_as(read_trials({str(table)!r}))."
        )
    reading = to_pandas(table).attrs.get("reading", {})
    if "read_as" not in reading:
        raise DataError("the table says nothing of its source: give what read_trials or read_escalc returned.")
    rows = [(old, new, reading["how"][old]) for old, new in reading["read_as"].items()]
    rows += [(old, "", why) for old, why in reading["not_read"].items()]
    return Listing(rows, columns=["column", "read_as", "how"])


def told(columns: Columns) -> dict[str, dict[str, str]]:
    """Return what is kept of a reading: of each column what it was read as and how, or why not."""
    why = {old: reason for olds, reason in columns.questions.items() for old in olds}
    return {
        "read_as": dict(columns.read),
        "how": {
            old: "asked" if old in columns.asked else "own name" if old == new else "recognised"
            for old, new in columns.read.items()
        },
        "not_read": why | {old: "not read" for old in columns.not_read if old not in why},
    }


def advice(columns: Columns, names: Sequence[str]) -> str:
    """Return how to say which column is which, of those that the caller has not named.

    Parameters
    ----------
    columns
        What they were read as.
    names
        Those of the table, by their names here.
    """
    why = "".join(f" Not read: {', '.join(map(repr, old))} ({reason})." for old, reason in columns.questions.items())
    unread = [old for old in columns.not_read if not any(old in olds for olds in columns.questions)]
    also = f" Columns of numbers that were not read: {', '.join(map(repr, unread))}." if unread else ""
    known = ", ".join(
        f"{old!r} as {new}" for old, new in columns.read.items() if new in (*FIELDS, *LIMITS) or "." in new
    )
    read = f" Read: {known}." if known else ""
    fix = _lacking(columns) or ("" if columns.asked else _example(columns, names, unread))
    if turned := [old for old in unread if _TURNED.search(old)]:
        also += (
            f" {turned[0]!r} says that it is of the control arm to the other; ratios are read as of treatment to "
            "control: write one over each figure, the limits exchanged."
        )
    there = {new: old for old, new in columns.read.items()}
    fix = rows_wanted([there.get(name, name) for name in names if name in there or name not in FIELDS]) or fix
    return f"{read}{why}{also}{fix}"


def _lacking(columns: Columns) -> str:
    """Return what the figures lack that were read, and how it is given."""
    fields = {new.rpartition(".")[2]: (old, new) for old, new in columns.read.items()}
    if "estimate" in fields and "unit" not in fields:
        old, _ = fields["estimate"]
        unit = option("constants", {"unit": "months"})
        return f" The unit of {old!r} is not known: give {unit}, or 'weeks', 'days' or 'percent'."
    timed = any(new.endswith("_rate.events") for new in columns.read.values())
    if not timed or {"outcome", "time_months"} & fields.keys():
        return ""
    return f" Give the time, as by {option('constants', {'time_months': 60})}."


def _example(columns: Columns, names: Sequence[str], unread: Sequence[str]) -> str:
    """Return how a column is said to be what it may be, by one that was not read."""
    if other := _of_another_kind(columns, unread):
        return other
    words = [name for name in names if name not in (*FIELDS, *columns.read, *columns.not_read)]
    if "trial" not in columns.read.values() and words:
        return f" To say which column names the trials, give {option('columns', {words[0]: 'trial'})}."
    asked = next(((olds[0], why) for olds, why in columns.questions.items()), None)
    if asked and "columns" in asked[1]:  # the question says how
        return ""
    name = asked[0] if asked else _likeliest(unread)
    could = re.search(r"each could be (\w+)", asked[1]) if asked else None
    if could:
        return f" To say which it is, give {option('columns', {name: could[1]})}."
    target = _target(name)
    unit = target.partition(".")[2] == "estimate" and (said := name_of(name)) is not None and said.field == "median"
    also = f" and {option('constants', {'unit': 'months'})}" if unit else ""
    return f" To say what a column is, give {option('columns', {name: target})}{also}."


def _of_another_kind(columns: Columns, unread: Sequence[str]) -> str:
    """Return where a table goes that holds no counts, ratios or medians of trials: patients, means, rates."""
    there = {word for name in unread for word in parts(name)}
    read = {new.rpartition(".")[2] for new in columns.read.values()}
    if "time" in there and "events" in read and not read & {"n", "hr"}:
        return f" If each row is a patient, the table is one for survival.pool_ipd{in_python()}."
    if {"mean", "sd"} <= there or {"me", "se", "mc", "sc"} <= there:
        return f" Means and standard deviations are read by effect_sizes{in_python()}, as by the measure 'MD'."
    if "irr" in there and not read & {"hr", "events"}:
        return (
            " A ratio of incidence rates is no hazard, odds or risk ratio, and is read as none; pool takes its "
            f"logarithm and variance, as yi and vi{in_python()}."
        )
    return ""


def _likeliest(unread: Sequence[str]) -> str:
    """Return the column that a figure most likely stands in: one whose name says a figure, else the last."""
    figures = [name for name in unread if (said := name_of(name)) is not None and said.field not in NAMES]
    return (figures or list(reversed(unread)) or ["ORR"])[0]


def _target(name: str) -> str:
    """Return what a column could be, by its name."""
    said = name_of(name)
    if said is None:
        return _by_its_words(name)
    if said.field in NAMES:
        return "orr.estimate"
    of = {"median": "estimate", "value": "estimate"}.get(said.field, said.field)
    outcome = said.outcome or ("pfs" if said.field in ("median", "hr") else "orr")
    return f"{outcome}.{of if of in FIELDS else 'estimate'}"


def _by_its_words(name: str) -> str:
    """Return what a column could be some of whose words are known: a ratio, and of which outcome."""
    known = [WORDS[word] for word in parts(name) if word in WORDS]
    ratio = next((word.value for word in known if word.kind == "measure" and word.value in FIELDS), None)
    if ratio is None:
        return "orr.estimate"
    outcome = next((word.value for word in known if word.kind == "outcome"), "pfs" if ratio == "hr" else "orr")
    return f"{outcome}.{ratio}"
