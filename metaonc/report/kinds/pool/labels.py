"""Labels of trials in a figure: rows of one trial are told apart by what differs in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
from pandas.api.types import is_numeric_dtype

from ....analysis.effects.compute import MADE
from ....analysis.results.pooled import PooledResult
from ....base.labels import folded


def told_apart(labels: Sequence[str], data: pd.DataFrame, levels: Sequence[str] = ()) -> list[str]:
    """Return the labels; those of several rows with what tells them apart, as in ``RAMP 201 (combination)``.

    Parameters
    ----------
    labels
        One a row.
    data
        The rows of the table: the column of arms, or else the first column of words that differs in each two rows of a
        trial, tells them apart. Where there is none, labels stay as they are.
    levels
        Columns that the model tells rows apart by, taken first, be they words or numbers.
    """
    names = pd.Series(list(labels), dtype=object)
    twice = names.duplicated(keep=False)
    if not twice.any():
        return list(labels)
    for column in (*(c for c in levels if c in data.columns), *_words(data)):
        texts = data[column].reset_index(drop=True).map(_said)
        pairs = pd.DataFrame({"name": names, "text": texts})[twice]
        if not pairs.duplicated().any() and (pairs["text"] != "").all():
            return [f"{n} ({t})" if more else n for n, t, more in zip(names, texts, twice, strict=True)]
    return list(labels)


def _said(x: object) -> str:
    if isinstance(x, float):
        return "" if pd.isna(x) else f"{x:.10g}"
    return "" if pd.isna(x) else str(x)  # type: ignore[call-overload]


def levels_of(r: PooledResult) -> list[str]:
    """Return the columns of a model's levels, the innermost first, which is what tells rows apart."""
    return [str(c) for c in (r.provenance.settings.get("levels") or ())][::-1]


def _words(data: pd.DataFrame) -> Iterator[str]:
    """Yield the columns of words, those of arms first."""
    words = [str(c) for c in data.columns if not is_numeric_dtype(data[c]) and c not in MADE]
    yield from sorted(words, key=lambda c: "arm" not in folded(c).replace("_", " ").split())
