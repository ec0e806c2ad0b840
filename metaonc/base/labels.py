"""The one rule by which labels are compared: of subgroups, arms, trials, patients.

Labels that differ only by what a reader does not see are one: by blanks (doubled, at an end, not breaking), by the kind
of a dash, by marks without width, or by the Unicode form of a character (composed or not, full width, a ligature).
They are joined under the label that stands first in the table, as it is written there, and a sentence says so.

Labels that differ by case alone are refused. ``KRAS G12c`` and ``KRAS G12C`` are one level, but ``Sato`` and ``SATO``
may be an author and an acronym, and no rule knows which: joined in error they hide a trial, kept apart in error they
split a subgroup, and either is a wrong number. The one who wrote them knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import DataError, DataWarning
from .messages.warning import warn

# a raised 2 or a circled one is not the figure 2: it may be the mark of a footnote
_KEPT = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>", "<font>")
_SIGN = re.compile(r"[^\w\s\-./]")  # one that may tell labels apart, such as ≥ and <
_LEAST = 3  # letters of a word in short
_MINUS = "\u2212"
Rows = Sequence[int] | Callable[[], Sequence[int]] | None  # of the table of the user, or what returns them


class Joined(NamedTuple):
    """A table whose labels are joined, and a sentence on each label that was written otherwise."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def spelling(label: str) -> str:
    """Return what a label is compared by: of labels that differ only by what no reader sees, the same text."""
    if not label.isascii():
        label = unicodedata.normalize("NFC", "".join(map(_plain, label)))
    return " ".join(label.split())


def folded(label: str) -> str:
    """Return the spelling of a label in lower case: what a name that a user asks for is looked up by."""
    return spelling(label).casefold()


def _plain(character: str) -> str:
    if character.isascii():
        return character
    kind = unicodedata.category(character)
    if kind == "Cf" or "\ufe00" <= character <= "\ufe0f":  # without width, and the choice of a glyph
        return ""
    if unicodedata.decomposition(character).startswith(_KEPT):
        return character
    plain = unicodedata.normalize("NFKC", character)
    return "-" if plain == _MINUS or unicodedata.category(plain[:1]) == "Pd" else plain


def blank(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, a missing or masked value, or a text without anything to see."""
    if isinstance(value, str):
        return not value.strip() or (not value.isascii() and not spelling(value))
    if value is None or value is np.ma.masked or value is pd.NA:
        return True
    return (isinstance(value, (float, np.floating)) and value != value) or value is pd.NaT or _not_a_time(value)


def _not_a_time(value: Any) -> bool:
    return isinstance(value, (np.datetime64, np.timedelta64)) and bool(np.isnat(value))


def blanks(column: pd.Series) -> NDArray[np.bool_]:
    """Return which rows of a column of labels have none."""
    if column.dtype.kind in "biufc":
        lacking: NDArray[np.bool_] = column.isna().to_numpy(dtype=bool)
        return lacking
    values = column.tolist()
    try:
        different: Iterable[Any] = set(values)
    except TypeError:  # lists and the like
        return np.array([blank(x) for x in values], dtype=bool)
    empty = {x for x in different if blank(x)}
    return np.array([x in empty for x in values], dtype=bool) if empty else np.zeros(len(values), dtype=bool)


def find(name: Any, known: Iterable[str]) -> str | None:
    """Return the label among `known` that `name` means: itself, or the one of the same spelling; else None."""
    text, labels = str(name), list(known)
    if text in labels:
        return text
    asked = spelling(text)
    return next((label for label in labels if spelling(label) == asked), None)


def one_word(one: str, other: str) -> bool:
    """Whether two labels look like one, though no rule knows it: written apart or together, in short or in full.

    >>> one_word("wild type", "wild-type"), one_word("mut", "mutant"), one_word("WT", "wild type")
    (True, True, True)
    >>> one_word("mutant", "wild type"), one_word("G12", "G12C"), one_word("male", "female")
    (False, False, False)
    """
    a, b = sorted((folded(one), folded(other)), key=len)
    short, full = (" ".join(re.split(r"[\W_]+", text)).strip() for text in (a, b))
    if not short or a == b:
        return False
    if short.replace(" ", "") == full.replace(" ", ""):
        return not _SIGN.search(a + b)
    initials = "".join(word[0] for word in full.split())
    begins = len(short) >= _LEAST and short.isalpha() and full.isalpha() and full.startswith(short)
    return begins or (len(initials) > 1 and short == initials)


def alike(labels: Iterable[str]) -> dict[str, str]:
    """Return label -> the first that it looks one with, of those that look one with an earlier label.

    >>> alike(["wild type", "mut", "wt", "wild-type", "mutant"])
    {'wt': 'wild type', 'wild-type': 'wild type', 'mutant': 'mut'}
    """
    first, found = dict[str, str](), dict[str, str]()
    for label in dict.fromkeys(labels):
        same = next((root for one, root in first.items() if folded(one) == folded(label)), None)
        like = next((root for one, root in first.items() if one_word(one, label)), None)
        if like is not None and same is None:
            found[label] = like
        first[label] = same or like or label
    return found


def by_case_alone(one: str, where: str, other: str, there: str) -> str:
    """Return what is said of two labels that differ by case alone, of which no rule knows whether they are one."""
    return (
        f"{one!r} ({where}) and {other!r} ({there}) differ only by case: write them alike if they are one, or add a "
        "word to one of them if they are two."
    )


def as_written(name: str, known: Iterable[str], where: str, there: str) -> str | None:
    """Return the label among `known` of the same spelling as `name`; None where there is none.

    Raises
    ------
    DataError
        When there is one that differs by case alone; `where` and `there` say where the two stand.
    """
    found = find(name, known)
    alike = None if found is not None else next((x for x in known if folded(x) == folded(name)), None)
    if alike is not None:
        raise DataError(f"{by_case_alone(name, where, alike, there)}")
    return found


def join_labels(frame: pd.DataFrame, columns: Iterable[str | None], rows: Rows = None) -> Joined:
    """Return the table with one label where a column writes one in several ways.

    Parameters
    ----------
    frame
        The table; it is not changed.
    columns
        Columns of labels; None, and those that are not in the table, are passed over. Values that are no text stay.
    rows
        Number of each row in the table of the user, or what returns them; from 0 when not given.

    Raises
    ------
    DataError
        Two labels of a column that differ by case alone: names both and their rows.

    Warns
    -----
    DataWarning
        Labels were joined; says which.

    Examples
    --------
    >>> import warnings
    >>> import pandas as pd
    >>> from metaonc.base.labels import join_labels
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     joined = join_labels(pd.DataFrame({"kras": ["wild-type", "mutant", "wild\u2010type "]}), ["kras"])
    >>> joined.frame["kras"].tolist()
    ['wild-type', 'mutant', 'wild-type']
    """
    notes: tuple[str, ...] = ()
    for name in dict.fromkeys(c for c in columns if c is not None and c in frame.columns):
        column, said = join_column(frame[name], name, rows)
        frame = frame.assign(**{name: column}) if said else frame
        notes += said
    return Joined(frame, notes)


def join_column(
    column: pd.Series, name: str, rows: Rows = None, different: Sequence[Any] | None = None
) -> tuple[pd.Series, tuple[str, ...]]:
    """Return what `join_labels` makes of one column, and a sentence on each label that was written otherwise.

    `different` are its values, each once in the order of the column, where they are known.
    """
    if column.dtype.kind in "biufc":
        return column, ()
    first = _first_written(column.tolist() if different is None else different)
    if first is None:
        return column, ()
    values = column.tolist()
    numbers = range(len(values)) if rows is None else rows() if callable(rows) else rows
    others = _others(first, values, name, numbers)
    if not others:
        return column, ()
    notes = tuple(_said(name, old, new, values, numbers) for old, new in others.items())
    warn(f"{notes[0]} ({len(notes) - 1} more like it.)" if len(notes) > 1 else notes[0], DataWarning)
    return _replaced(column, others), notes


def _first_written(values: Sequence[Any]) -> dict[str, str] | None:
    """Return spelling in lower case -> the label first written so; None where all differ by what is seen."""
    try:
        different = dict.fromkeys(values)  # in the order of the table
    except TypeError:  # lists and the like
        different = dict.fromkeys(x for x in values if isinstance(x, str))
    if _all_differ(different):
        return None
    labels = {x for x in different if isinstance(x, str)}
    first: dict[str, str] = {}
    for label in different:
        if isinstance(label, str):
            first.setdefault(folded(label), label)
    return first if len(first) < len(labels) else None


def repeated(labels: Sequence[str]) -> NDArray[np.bool_]:
    """Return which labels stand in an earlier row too, be it in another spelling or case."""
    different = set(labels)
    if len(different) == len(labels) and _all_differ(different):
        return np.zeros(len(labels), dtype=bool)
    return pd.Series([folded(label) for label in labels]).duplicated().to_numpy()


def all_seen(values: Sequence[Any]) -> bool:
    """Whether values are texts of which for certain none is blank: as one text, since some tables are long."""
    try:
        text = f"|{'|'.join(values)}|"
    except TypeError:  # not all are texts
        return False
    return text.isascii() and text.isprintable() and "||" not in text.replace(" ", "")


def _all_differ(labels: Collection[str]) -> bool:
    """Whether different labels differ by what is seen for certain: as one text, since some tables are long."""
    try:
        text = f"|{'|'.join(labels)}|"
    except TypeError:  # not all are texts
        return False
    even = text.count("|") == len(labels) + 1 and not any(uneven in text for uneven in ("  ", "| ", " |"))
    if not (even and text.isascii() and text.isprintable()):
        return False
    return text in (text.upper(), text.lower()) or len(set(text.lower().split("|"))) == len(labels) + 1


def _others(first: Mapping[str, str], values: Sequence[Any], column: str, rows: Sequence[int]) -> dict[str, str]:
    """Return label -> the one it is joined to, of those that are not written as the first."""
    others = {}
    for label in dict.fromkeys(x for x in values if isinstance(x, str)):
        written = first[folded(label)]
        if spelling(label) != spelling(written):
            raise DataError(
                f"column {column!r}: "
                + by_case_alone(
                    written, f"row {rows[values.index(written)]}", label, f"row {rows[values.index(label)]}"
                )
            )
        if label != written:
            others[label] = written
    return others


def _replaced(column: pd.Series, others: Mapping[str, str]) -> pd.Series:
    if isinstance(column.dtype, pd.CategoricalDtype):
        kept = [c for c in column.cat.categories if c not in others]
        values = [others.get(x, x) if isinstance(x, str) else x for x in column]
        joined = pd.Categorical(values, categories=kept, ordered=column.cat.ordered)
        return pd.Series(joined, index=column.index, name=column.name)
    return column.map(lambda x: others.get(x, x) if isinstance(x, str) else x)


def _said(column: str, old: str, new: str, values: Sequence[Any], rows: Sequence[int]) -> str:
    more = sum(x == old for x in values if isinstance(x, str)) - 1
    where = f"row {rows[values.index(old)]}" + (f" and {more} more" if more else "")
    return f"column {column!r}: {old!r} ({where}) is taken as {new!r}, the same but for blanks, dashes or Unicode form."
