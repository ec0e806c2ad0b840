"""Which of two cuts of the same patients is older: by the dates of the cuts, or of their publication."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class Dates(NamedTuple):
    """When the data of a row were cut and when it was published: ISO dates, may be partial; empty where not known."""

    cut: str = ""
    published: str = ""

    @property
    def known(self) -> str:
        """The date of the cut, or of publication where the cut has none."""
        return self.cut or self.published

    @property
    def said(self) -> str:
        """The date in words."""
        return f"cut {self.cut}" if self.cut else f"published {self.published}" if self.published else "no date"

    def before(self, other: Dates) -> bool:
        """Tell whether this lies before another for certain: 2023 and 2023-05 cannot be told apart.

        Cuts are compared where both have a date, otherwise publications; what was published before the data of the
        other were cut is older too.
        """
        if self.cut and other.cut:
            return _before(self.cut, other.cut)
        return _before(self.published, other.published) or _before(self.published, other.cut)


def _before(a: str, b: str) -> bool:
    shared = min(len(a), len(b))
    return shared > 0 and a[:shared] < b[:shared]


def dates_of(cut: str, published: str) -> Dates:
    """Return the dates of a row; a column `published` of words, such as yes and no, holds none."""
    return Dates(cut, published if ISO_DATE.fullmatch(published) else "")


def _texts(frame: pd.DataFrame, column: str) -> pd.Series:
    held = frame[column] if column in frame else pd.Series(None, index=frame.index, dtype=object)
    return held.astype(object).where(held.notna(), "").astype(str)


def dates(frame: pd.DataFrame) -> list[Dates]:
    """Return the dates of each row of a table."""
    return [dates_of(*pair) for pair in zip(_texts(frame, "data_cut"), _texts(frame, "published"), strict=True)]


def cut_dates(frame: pd.DataFrame) -> pd.Series:
    """Return the date of each row's cut, or of its publication where the cut has none; None where neither is known."""
    return pd.Series([d.known or None for d in dates(frame)], index=frame.index, dtype=object)
