"""Events of patients that are words, such as Yes and No: what to write in their place."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...base.labels import blank
from ...errors import DataError

_EVENT = frozenset(("yes", "y", "true", "event", "dead", "death", "died", "deceased", "progressed", "progression"))
_CENSORED = frozenset(("no", "n", "false", "censored", "cens", "alive", "none", "no event", "event-free"))


def refuse_words(column: pd.Series[Any], name: str) -> None:
    """Raise a DataError where events are words, with how numbers are made of them.

    Parameters
    ----------
    column
        The events of patients.
    name
        What messages call the column.
    """
    if column.dtype.kind in "fiubc":
        return
    words = [*dict.fromkeys(x for x in column if isinstance(x, str) and not blank(x))]
    if not words or any(sign.isdigit() for word in words for sign in word):
        return
    plain = {word: word.strip().casefold() for word in words}
    known = set(plain.values()) <= _EVENT | _CENSORED
    codes = {word: str(int(plain[word] in _EVENT)) if known else "..." for word in words[:4]}
    row = next(i for i, x in enumerate(column) if isinstance(x, str) and not blank(x))
    said = ", ".join(f"{word!r}: {code}" for word, code in codes.items())
    raise DataError(
        f"patient in row {row}: {name}={words[0]!r} is a word: write 1 for an event and 0 for a patient who is "
        f"censored, as by df[{name!r}].map({{{said}}})."
    )
