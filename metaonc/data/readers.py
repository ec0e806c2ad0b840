"""A user's own table of trials, read from a CSV file and checked."""

from __future__ import annotations

import csv
import io
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import DataError
from .schema import TABLES, validate


def read_trials(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a CSV file of published results, one set of figures a row.

    The columns are those of the packaged evidence, of which a row needs `trial`, `outcome` and its figures: ``n,
    events`` for a proportion; ``hr, hr_low, hr_high`` for a comparison; ``estimate, ci_low, ci_high, unit`` for a
    percentage (unit percent) or a median time (months, weeks or days). Other columns pass through untouched.

    Parameters
    ----------
    path
        A comma-separated file in UTF-8 (with or without byte-order mark), numbers with a decimal point.

    Returns
    -------
    pandas.DataFrame
        The checked table, in the file's order: numbers as float64, blanks as NaN.

    Raises
    ------
    DataError
        The file is missing, empty or not such a file, or a value cannot be; the message says where and what to do.
    ColumnError
        A column is missing, or goes by another name here.

    Examples
    --------
    >>> import metaonc as mo
    >>> trials = mo.read_trials("trials.csv")  # doctest: +SKIP
    """
    text = _text(Path(path))
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    names = _names(rows, Path(path))
    known: dict[str, type] = {f.name: str for f in TABLES["trials"].fields}
    options: Any = {"names": names, "header": 0, "dtype": known, "keep_default_na": False, "na_values": [""]}
    frame = pd.read_csv(io.StringIO(text), **options)
    return validate(frame, "trials")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"there is no file {str(path)!r} (looked in {str(Path.cwd())!r}).") from None
    except OSError as problem:
        raise DataError(f"{str(path)!r} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError as problem:
        raise DataError(
            f"{str(path)!r} is not UTF-8 text (byte {problem.start}): save it as 'CSV UTF-8 (comma delimited)'."
        ) from None


def _names(rows: list[list[str]], path: Path) -> list[str]:
    """Return the names of the columns, once the file is known to be a table."""
    if not rows:
        raise DataError(f"{str(path)!r} is empty.")
    names = [name.strip() for name in rows[0]]
    for mark, what in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) < 3 and any(mark in name for name in names):
            raise DataError(
                f"{str(path)!r} is separated by {what}: save it with commas, and numbers with a decimal point."
            )
    if len(rows) == 1:
        raise DataError(f"{str(path)!r} has a header and no rows.")
    if "" in names:
        raise DataError(f"column {names.index('') + 1} of {str(path)!r} has no name; the header is {names}.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"column {twice!r} stands in the header of {str(path)!r} more than once; rename one of them.")
    for i, row in enumerate(rows[1:]):
        if len(row) != len(names):
            raise DataError(
                f"row {i} of {str(path)!r} has {len(row)} values for {len(names)} columns ({','.join(row)}): "
                "quote a value that holds a comma, and write numbers with a decimal point."
            )
    return names
