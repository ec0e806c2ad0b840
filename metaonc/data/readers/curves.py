"""A user's own published curves, read from their files and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...base.files import parsing
from ...base.messages.arguments import known_arguments
from ...base.messages.warning import warn
from ...base.numbers import NotANumber, number_of
from ...errors import ColumnError, DataError, DataWarning
from ..collections.published_curves import CURVE, Curves
from ..schema.curve_fields import COORDINATES, CURVE_TABLES, NOISE
from ..schema.tables import TABLES, validate
from .files.bytes import read_text
from .files.grid import Cell, Grid
from .files.layout import NoRows
from .files.source import grid_from, held_value

_NEEDED = "points"


@known_arguments
def read_curves(
    path: str | PathLike[str],
    *,
    sheet: str | None = None,
    header: int | Sequence[int] | None = None,
    skip: Sequence[int] = (),
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
) -> Curves:
    r"""Read published curves and what is printed beside them from the files that the template is made of.

    ``metaonc template --curves mine.csv`` writes them empty: ``mine.csv`` has one row a curve, ``mine_points.csv`` the
    coordinates (curve_id, time, survival), ``mine_at_risk.csv`` the numbers at risk (curve_id, time, n_risk) and
    ``mine_censor_marks.csv`` the censoring marks (curve_id, time); the last two may be missing or empty.

    Parameters
    ----------
    path : str or path
        The file with one row a curve: CSV, or an Excel workbook (needs openpyxl) beside ``mine_points.xlsx`` and so on.
    sheet : str, optional
        Of this file, as in ``read_trials``.
    header : int or sequence of int, optional
        Of this file, as in ``read_trials``.
    skip : sequence of int, optional
        Of this file, as in ``read_trials``.
    sep, decimal, encoding : str, optional
        Of all the files, as in ``read_trials``.

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
        `sep`, `decimal` or `encoding` is none that exists, or for another kind of file.

    Warns
    -----
    DataWarning
        Cells or numbers are not separated or written in the usual way; says how they were read.

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
    alike = {"sep": sep, "decimal": decimal, "encoding": encoding}
    with parsing(str(path)):
        curves, form = _read(Path(path), {"sheet": sheet, "header": header, "skip": skip}, alike)
    if form:
        warn(f"{path}: read with {form}.", DataWarning)
    return curves


def _read(home: Path, own: Mapping[str, Any], alike: Mapping[str, Any]) -> tuple[Curves, str]:
    """Return the curves, and how their file was read where that is not the usual way."""
    grid = grid_from(home, **own, **alike)
    table = _checked(grid, "own_curves", {})
    known = {"curves": table}
    parts = {}
    for name in COORDINATES:
        rows = _rows_beside(_beside(home, name), alike, needed=name == _NEEDED)
        if rows is None:
            parts[name] = pd.DataFrame({f.name: pd.Series(dtype=float) for f in CURVE_TABLES[name].fields})
        else:
            parts[name] = _checked(rows, name, known)
    lonely = set(table["curve_id"]) - set(parts["points"]["curve_id"])
    if lonely:
        raise DataError(f"curve {min(lonely)!r} of {str(home)!r} has no points in {_beside(home, _NEEDED).name}.")
    columns = dict.fromkeys([*TABLES["own_curves"].names(), *table.columns])
    return Curves(table=table.reindex(columns=list(columns)).assign(kind=CURVE), **parts), grid.form


def is_curves(path: str | PathLike[str]) -> bool:
    """Tell whether a file is one that `read_curves` reads: CSV with a column curve_id, and points in a file beside."""
    file = Path(path)
    if file.suffix.lower() != ".csv" or not _beside(file, _NEEDED).exists() or not file.exists():
        return False
    return "curve_id" in re.split("[,;\t\r\n]", read_text(file).partition("\n")[0])


def _beside(home: Path, name: str) -> Path:
    return home.with_name(f"{home.stem}_{name}{home.suffix}")


def _rows_beside(file: Path, alike: Mapping[str, Any], *, needed: bool) -> Grid | None:
    """Return what a file beside the curves holds; None where it may hold nothing, and does."""
    if not needed and not file.exists():
        return None
    try:
        return grid_from(file, **alike)
    except NoRows:
        if needed:
            raise
        return None


def _checked(grid: Grid, name: str, known: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one table as `validate` leaves it; its errors name the file and the line."""
    fields = {f.name: f for f in TABLES[name].fields}
    numeric = {n for n, f in fields.items() if f.kind in ("number", "count")}
    columns = {
        column: [_plain(row[j], grid.decimal if column in numeric else ".") for row in grid.rows]
        for j, column in enumerate(grid.names)
    }
    frame = pd.DataFrame(columns, dtype=object)
    lines = [row[0].place.partition(",")[0] for row in grid.rows]
    try:
        if "survival" in frame:
            _refuse_percent(frame)
        return validate(frame, name, others=known)
    except ColumnError as problem:
        raise ColumnError(f"{grid.source!r}: {problem}") from None
    except DataError as problem:
        raise DataError(_placed(str(problem), grid.source, lines)) from None


def _plain(cell: Cell, decimal: str) -> Any:
    value = held_value(cell.value, cell.place)
    return value.replace(decimal, ".") if isinstance(value, str) and decimal != "." else value


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
