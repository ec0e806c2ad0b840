"""A user's own published curves, read from their files and checked."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...base.files import parsing
from ...base.messages.arguments import known_arguments
from ...base.numbers import NotANumber, number_of
from ...errors import ColumnError, DataError
from ..collections.published_curves import CURVE, Curves
from ..schema.curve_fields import COORDINATES, CURVE_TABLES, NOISE
from ..schema.tables import TABLES, validate
from .files.bytes import read_text
from .files.delimited import read_csv
from .files.source import check_marks

_NEEDED = "points"


@known_arguments
def read_curves(
    path: str | PathLike[str], *, sep: str = ",", decimal: str = ".", encoding: str | None = None
) -> Curves:
    r"""Read published curves and what is printed beside them from the files that the template is made of.

    ``metaonc template --curves mine.csv`` writes them empty: ``mine.csv`` has one row a curve, ``mine_points.csv`` the
    coordinates (curve_id, time, survival), ``mine_at_risk.csv`` the numbers at risk (curve_id, time, n_risk) and
    ``mine_censor_marks.csv`` the censoring marks (curve_id, time); the last two may be missing or empty.

    Parameters
    ----------
    path
        The file with one row a curve.
    sep, decimal
        What separates the cells, and the decimal mark: "." or ",".
    encoding
        Encoding of the files, such as "cp1252"; UTF-8 when not given.

    Returns
    -------
    Curves
        With all columns of the table; ``.ipd()`` are the patients behind the curves. Shapes that cannot be, such as a
        curve that rises, are found by ``mo.audit``, and refused when patients are reconstructed.

    Raises
    ------
    DataError
        A file is missing, too large or no such file; a value that cannot be; a curve without points. The message names
        file, line, value and what to do.
    ColumnError
        A column is missing, or goes by another name here.
    OptionError
        `sep`, `decimal` or `encoding` is none that exists.

    Examples
    --------
    >>> import metaonc as mo
    >>> from pathlib import Path
    >>> head = "curve_id,trial,arm,outcome,unit,points,n,events"
    >>> _ = Path("mine.csv").write_text(f"{head}\nA-1,A,drug,os,months,corners,4,2\n")
    >>> _ = Path("mine_points.csv").write_text("curve_id,time,survival\nA-1,0,1\nA-1,2,0.75\nA-1,5,0.375\n")
    >>> _ = Path("mine_at_risk.csv").write_text("curve_id,time,n_risk\nA-1,0,4\nA-1,4,2\n")
    >>> mo.read_curves("mine.csv").ipd()[["arm", "time", "event"]].values.tolist()[0]
    ['drug', 2.0, 1]
    """
    check_marks(decimal, sep)
    with parsing(str(path)):
        return _read(Path(path), sep, decimal, encoding)


def _read(home: Path, sep: str, decimal: str, encoding: str | None) -> Curves:
    table = _checked(home, "own_curves", {}, sep, decimal, encoding)
    known = {"curves": table}
    parts = {}
    for name in COORDINATES:
        file = _beside(home, name)
        if name == _NEEDED or (file.exists() and _filled(file, encoding)):
            parts[name] = _checked(file, name, known, sep, decimal, encoding)
        else:
            parts[name] = pd.DataFrame({f.name: pd.Series(dtype=float) for f in CURVE_TABLES[name].fields})
    lonely = set(table["curve_id"]) - set(parts["points"]["curve_id"])
    if lonely:
        raise DataError(f"curve {min(lonely)!r} of {str(home)!r} has no points in {_beside(home, _NEEDED).name}.")
    columns = dict.fromkeys([*TABLES["own_curves"].names(), *table.columns])
    return Curves(table=table.reindex(columns=list(columns)).assign(kind=CURVE), **parts)


def is_curves(path: str | PathLike[str]) -> bool:
    """Tell whether a file is one that `read_curves` reads: CSV with a column curve_id, and points in a file beside."""
    file = Path(path)
    if file.suffix.lower() != ".csv" or not _beside(file, _NEEDED).exists() or not file.exists():
        return False
    return "curve_id" in re.split("[,;\t\r\n]", read_text(file).partition("\n")[0])


def read_as_written(path: str | PathLike[str]) -> Curves:
    """Return the curves of files as spreadsheets write them: with commas, or with semicolons and decimal commas.

    Raises
    ------
    DataError, ColumnError
        As `read_curves`.
    """
    head = read_text(Path(path)).partition("\n")[0]
    sep = max(",;\t", key=head.count)
    return read_curves(path, sep=sep, decimal="." if sep == "," else ",")


def _beside(home: Path, name: str) -> Path:
    return home.with_name(f"{home.stem}_{name}{home.suffix}")


def _filled(file: Path, encoding: str | None) -> bool:
    """Tell whether a file holds anything below its header."""
    return sum(bool(line.strip(" ,;\t")) for line in read_text(file, encoding).splitlines()) > 1


def _checked(
    file: Path, name: str, known: dict[str, pd.DataFrame], sep: str, decimal: str, encoding: str | None
) -> pd.DataFrame:
    """Return one table as `validate` leaves it; its errors name the file and the line."""
    grid = read_csv(file, sep, encoding)
    fields = {f.name: f for f in TABLES[name].fields}
    numeric = {n for n, f in fields.items() if f.kind in ("number", "count")}
    columns = {
        column: [_plain(row[j].value, decimal if column in numeric else ".") for row in grid.rows]
        for j, column in enumerate(grid.names)
    }
    frame = pd.DataFrame(columns, dtype=object)
    lines = [row[0].place.partition(",")[0] for row in grid.rows]
    try:
        if "survival" in frame:
            _refuse_percent(frame)
        return validate(frame, name, others=known)
    except ColumnError as problem:
        raise ColumnError(f"{str(file)!r}: {problem}") from None
    except DataError as problem:
        raise DataError(_placed(str(problem), str(file), lines)) from None


def _plain(value: str | None, decimal: str) -> str | None:
    return value if value is None or decimal == "." else value.replace(decimal, ".")


def _refuse_percent(points: pd.DataFrame) -> None:
    """Refuse survival in percent: a curve that goes up to 100 and not to 1."""
    survival = np.array([_proportion(x) for x in points["survival"]])
    bad = (survival > 1 + NOISE) & (survival <= 100 * (1 + NOISE))
    whole = bad.any() and np.nanmax(survival) > 1.5
    if whole:
        i = int(np.argmax(bad))
        name = points["curve_id"].iloc[i] if "curve_id" in points else i
        raise DataError(f"trial {str(name)!r} (row {i}): survival={survival[i]:g} is read as percent: divide by 100.")


def _proportion(text: Any) -> float:
    """Return a number; NaN of what is none, which `validate` refuses with its line."""
    try:
        return number_of(text)
    except NotANumber:
        return np.nan


def _placed(problem: str, file: str, lines: list[str]) -> str:
    found = re.match(r"trial ('.*?') \(row (\d+)\): ", problem)
    if found is None:
        return f"{file!r}: {problem}"
    return f"{file!r}, {lines[int(found[2])]}, curve {found[1]}: {problem[found.end() :]}"
