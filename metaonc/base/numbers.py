"""The one reader of numbers: what is a number, what is missing, and what is neither and refused."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DataError
from .check import Floats, more_like_it, where
from .labels import blank

# Python also reads 1_0, the digits of every script, inf and nan
PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_COUNT = re.compile(r"[+-]?[0-9]+(\.[0-9]{0,2})?")  # 1.234 may be a thousand and more, 1e5 a slip
_GROUPED = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
_MOST = 10**308
_DURATIONS = (datetime.timedelta, np.timedelta64)  # numpy's passes for a whole number
_DATES = (datetime.date, datetime.time, np.datetime64, pd.Period)


class NotANumber(ValueError):
    """A value that is no number; its text says what to write in its place."""


def number_of(value: Any, *, whole: bool = False, decimal: str = ".", truths: bool = False) -> float:
    """Return a value as a float; what is missing as NaN.

    Parameters
    ----------
    value
        A number of Python, numpy, pandas, ``Decimal`` or ``Fraction``; a text that is one in plain digits; or nothing.
    whole
        Whether it is a count. Of a text, which may have signs between thousands, the digits then are asked for alone.
    decimal
        Decimal mark of a text: "." or ",".
    truths
        Whether True is 1 and False is 0, as they are of the event of a patient and of nothing else.

    Raises
    ------
    NotANumber
        It is none: a date, a duration, a truth value, a complex number, a word, or digits of two meanings.
    """
    if isinstance(value, str):
        return _of_text(value, whole, decimal)
    if blank(value):
        return math.nan
    if isinstance(value, _DURATIONS):
        raise NotANumber("it is a duration; divide it by its unit, as by pd.Timedelta(days=1)")
    if isinstance(value, _DATES):
        raise NotANumber("it is a date; write a number, such as the days since another date")
    if isinstance(value, (bool, np.bool_)) and not truths:
        raise NotANumber("it is a truth value; write the number")
    if not isinstance(value, (Real, Decimal, np.bool_)):
        raise NotANumber("write one real number, or leave it empty where there is none")
    try:
        return float(value)
    except (OverflowError, ValueError):
        raise NotANumber("correct it, or leave it empty where there is none") from None


def _of_text(text: str, whole: bool, decimal: str) -> float:
    if blank(text):
        return math.nan
    plain = text.strip()
    with_point = plain if decimal == "." else plain.replace(".", " ").replace(",", ".")  # a point there is no decimal
    if (_COUNT if whole else PLAIN).fullmatch(with_point):
        value = float(with_point)
        if math.isfinite(value):
            return value
    raise NotANumber(_mend(plain, whole, decimal))


_NOT_REACHED = ("nr", "not reached")
_MINUS = ("\u2212", "\u2013", "\u2012", "\ufe63", "\uff0d")  # as papers and spreadsheets print it


def _mend(plain: str, whole: bool, decimal: str) -> str:
    if plain.casefold() in _NOT_REACHED:
        return "leave it empty where it was not reached or reported; survival.pool_medians takes medians not reached"
    if not any(c.isdigit() for c in plain):
        return "write a number, or leave it empty where there is none"
    if whole:
        return "write a count in plain digits, without a sign between thousands"
    if decimal == "," and "." in plain:
        return "with a decimal comma a point may stand between thousands; write it without"
    if PLAIN.fullmatch(plain.replace(",", ".")) and decimal == ".":
        thousands = (
            f", or as {plain.replace(',', '')} if the comma is of thousands" if _GROUPED.fullmatch(plain) else ""
        )
        return f"write it with a point, {plain.replace(',', '.')}{thousands}"
    if any(sign in plain for sign in _MINUS):
        hyphen = re.sub(f"[{''.join(_MINUS)}]", "-", plain)
        return f"its minus is a typographic sign: write it with a hyphen, {hyphen}"
    return "write plain digits, or leave it empty where there is none"


def numbers(values: Any, name: str, labels: Sequence[str], *, whole: bool = False, what: str = "trial") -> Floats:
    """Return the values of a column as floats (missing ones as NaN), or raise an error naming the first that is none.

    Parameters
    ----------
    values
        One a row: an array, a pandas Series, or a sequence.
    name
        What messages call the column.
    labels
        One a row.
    whole
        Whether they are counts; see `number_of`. That they are whole is for the caller to check.
    what
        What a row is: a trial, a patient.

    Raises
    ------
    DataError
        A value that is no number.
    """
    return floats(values, lambda i: f"{where(labels, i, what)}: {name}", whole=whole)


def sequence(values: Any, name: str, *, whole: bool = False) -> Floats:
    """Return finite numbers that a user gave as a sequence, not as a column of a table.

    Raises
    ------
    DataError
        It is no sequence, or one of them is missing, infinite or no number: names it by its place from 0.
    """
    held = values if hasattr(values, "dtype") or not isinstance(values, Iterable) else _listed(values)
    dimensions = 0 if isinstance(values, (str, bytes)) else _dimensions(held)
    if dimensions != 1:
        raise DataError(f"{name} has {dimensions} dimensions; give a 1-D array of numbers.")
    out = floats(held, lambda i: f"{name}[{i}]", whole=whole)
    bad = ~np.isfinite(out)
    if bad.any():
        i = int(np.argmax(bad))
        raise DataError(f"{name}[{i}]={out[i]:g} is not a finite number; leave the point out.")
    return out


def _dimensions(values: Any) -> int:
    try:
        return np.ndim(values)
    except ValueError:  # parts of several lengths
        return 2


def _listed(values: Iterable[Any]) -> list[Any]:
    plain: list[Any] = values.to_pylist() if hasattr(values, "to_pylist") else list(values)
    return plain


def number(value: Any, name: str, *, whole: bool = False) -> float:
    """Return a number that a user gave alone, or raise an error that names it.

    Raises
    ------
    DataError
        It is missing, infinite or no number.
    """
    try:
        found = number_of(value, whole=whole)
    except NotANumber as problem:
        raise DataError(f"{name}={value!r} is not a number: {problem}.") from None
    if not math.isfinite(found):
        raise DataError(f"{name}={value!r} is not a finite number.")
    return found


def count_of(value: Any, name: str) -> int:
    """Return a count that a user gave alone, as `number`, or raise an error where it is not whole or below 0."""
    found = number(value, name, whole=True)
    if found < 0 or found != int(found):
        raise DataError(f"{name}={value!r} is not a number of patients or events: give a whole number from 0.")
    return int(found)


def known_number(value: Any, name: str) -> float | None:
    """Return a number that a user may leave out, None where it is; see `number`."""
    return None if value is None else number(value, name)


def known_count(value: Any, name: str) -> int | None:
    """Return a count that a user may leave out, None where it is; see `count_of`."""
    return None if value is None else count_of(value, name)


def floats(values: Any, place: Callable[[int], str], *, whole: bool = False, truths: bool = False) -> Floats:
    """Return values as a new array of floats (missing ones as NaN); see `numbers`.

    Parameters
    ----------
    values
        An array, a pandas Series, or a sequence.
    place
        Row from 0 -> what an error calls the value there.
    whole, truths
        As `number_of` takes them.

    Raises
    ------
    DataError
        A value that is no number.
    """
    plain = _plain(values, "fiub" if truths else "fiu")
    plain = _of_digits(values, whole) if plain is None else plain
    if plain is not None:
        return plain
    out, wrong = np.empty(len(values)), list[str]()
    for i, value in enumerate(values):  # not tolist(), which makes whole numbers of dates
        try:
            out[i] = number_of(value, whole=whole, truths=truths)
        except NotANumber as problem:
            wrong.append(f"{place(i)}={value!r} is not a number: {problem}." if not wrong else "")
    if wrong:
        raise DataError(f"{wrong[0]}{more_like_it(len(wrong) - 1)}")
    return out


def _of_digits(values: Any, whole: bool) -> Floats | None:
    """Return texts, as files hold many, where all are plain digits; None where they must be looked at one by one."""
    try:
        text = "|".join(values)
    except TypeError:  # not all are texts
        return None
    if text.strip("0123456789-|" if whole else "0123456789.-|"):
        return None
    try:
        found = np.array(list(values), dtype=float)
    except ValueError:
        return None
    return found if np.isfinite(found).all() else None


def _held(values: Sequence[float]) -> bool:
    """Whether all whole numbers are such as a float holds."""
    return all(-_MOST < x < _MOST for x in values if type(x) is int)


def _plain(values: Any, kinds: str) -> Floats | None:
    """Return the values where their type says that all are numbers or missing; a copy, so that none is written to."""
    held: Any = values.values if isinstance(values, pd.Series) else values
    dtype = getattr(held, "dtype", None)
    kind = getattr(dtype, "kind", None)
    if kind is None:
        return np.array(values, dtype=float) if set(map(type, values)) <= {float, int} and _held(values) else None
    if kind not in kinds:
        return None
    if isinstance(held, np.ma.MaskedArray):
        return np.where(np.ma.getmaskarray(held), np.nan, held.data)
    if isinstance(dtype, np.dtype):
        return np.array(held, dtype=float)
    return np.array(held.to_numpy(dtype=float, na_value=np.nan))
