"""Which of two cuts of the same patients is older: by the dates of the cuts, or of their publication."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

import pandas as pd

ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SEPTEMBER = 9
_NAMED = r"(?P<name>[a-z]{3,9})\.?"
_SPLIT = r"[\s./,-]+"
_FORMS = (  # of which each says one date only; 03/04/2020 is two, and 12-Jan-20 has no century
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_SPLIT}{_NAMED}{_SPLIT}(?P<year>\d{{4}})",
    rf"{_NAMED}{_SPLIT}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_SPLIT}(?P<year>\d{{4}})",
    rf"{_NAMED}{_SPLIT}(?P<year>\d{{4}})",
    r"(?P<month>\d{1,2})[./](?P<year>\d{4})",
    r"(?P<day>1[3-9]|2\d|3[01])[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})",
    r"(?P<month>\d{1,2})[./-](?P<day>1[3-9]|2\d|3[01])[./-](?P<year>\d{4})",
    r"(?P<year>\d{4})[./](?P<month>\d{1,2})[./](?P<day>\d{1,2})",
)


def iso_date(text: str) -> str | None:
    """Return a date by ISO that is written in another way; None where it is none, or may be several.

    >>> iso_date("08-Jan-2020"), iso_date("March 2018"), iso_date("03/2018"), iso_date("03/04/2020")
    ('2020-01-08', '2018-03', '2018-03', None)
    """
    plain = text.strip().casefold()
    for found in filter(None, (re.fullmatch(form, plain) for form in _FORMS)):
        said = found.groupdict()
        month = _month(said["name"]) if said.get("name") else int(said["month"])
        if not 1 <= month <= len(_MONTHS):
            continue
        if not said.get("day"):
            return f"{said['year']}-{month:02d}"
        try:
            return datetime.date(int(said["year"]), month, int(said["day"])).isoformat()
        except ValueError:
            continue
    return None


def _month(name: str) -> int:
    """Return the number of a month by its name, whole or its first three letters or Sept; 0 where it is none."""
    return next(
        (i for i, month in enumerate(_MONTHS, 1) if name in (month, month[:3], month[:4] * (i == _SEPTEMBER))), 0
    )


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
