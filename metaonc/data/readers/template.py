"""The template: an empty table of trials with the meaning of its columns beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO
from os import PathLike
from os.path import lexists
from pathlib import Path
from typing import Any

from ...base.output.writing import write_files
from ...errors import DataError, OptionError
from ..schema.curve_fields import COORDINATES
from ..schema.tables import OUTCOMES, TABLES, Field
from .files.excel import SHEET, openpyxl

_FIRST = ("trial", "outcome")
_HELP = ("column", "required", "holds", "one of", "meaning")
_ROWS = 1_000  # that the drop-down lists reach over
_MOST_PROMPT = 255  # characters that Excel shows beside a cell, and of a list written into it


def write_template(path: str | PathLike[str]) -> list[Path]:
    """Write an empty table for ``read_trials``, with help for each of its columns.

    Parameters
    ----------
    path
        Where to: an Excel workbook (.xlsx; needs openpyxl) with the sheets "trials", whose cells say what belongs into
        them and list what they may hold, and "columns"; or a CSV file (.csv), beside which the help is written as
        ``..._columns.csv``.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    OptionError
        Another ending; openpyxl is not installed.
    DataError
        A file of that name is already there, or cannot be written.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise OptionError(f"{str(path)!r}: a template ends in .xlsx or .csv.")
    files = [path] if kind == ".xlsx" else [path, _beside(path, "columns")]
    _refuse_there(files)
    fields = sorted(TABLES["trials"].fields, key=lambda f: f.name not in _FIRST)
    contents = [_excel(fields)] if kind == ".xlsx" else [_csv([[f.name for f in fields]]), _csv(_help(fields))]
    write_files(dict(zip(files, contents, strict=True)))
    return files


def write_curves_template(path: str | PathLike[str]) -> list[Path]:
    """Write empty tables for ``read_curves``, with help for each of their columns.

    Parameters
    ----------
    path
        Where to: a CSV file for one row a curve, beside which ``..._points.csv``, ``..._at_risk.csv`` and
        ``..._censor_marks.csv`` are for what was read off the figures, and ``..._columns.csv`` is the help.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    OptionError
        Another ending.
    DataError
        A file of that name is already there, or cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".csv":
        raise OptionError(f"{str(path)!r}: a template of curves ends in .csv; it is of several files.")
    tables = {path: TABLES["own_curves"]} | {_beside(path, name): TABLES[name] for name in COORDINATES}
    help_file = _beside(path, "columns")
    _refuse_there([*tables, help_file])
    rows = [[file.name, *row] for file, table in tables.items() for row in _help(table.fields)[1:]]
    contents = {file: _csv([table.names()]) for file, table in tables.items()}
    write_files(contents | {help_file: _csv([["file", *_HELP], *rows])})
    return [*tables, help_file]


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.stem}_{name}{path.suffix}")


def _refuse_there(files: Iterable[Path]) -> None:
    there = next((file for file in files if lexists(file)), None)
    if there is not None:
        raise DataError(f"{str(there)!r} is already there: remove it, or give another name.")


def _help(fields: Iterable[Field]) -> list[list[str]]:
    return [list(_HELP), *([f.name, "yes" if f.required else "", _holds(f), _allowed(f), _meaning(f)] for f in fields)]


def _holds(f: Field) -> str:
    words = {"count": "a whole number", "number": "a number", "date": "a date as 2024-06-30, 2024-06 or 2024"}
    return words.get(f.kind, "text")


def _allowed(f: Field) -> str:
    return ", ".join(f"{code} ({OUTCOMES[code].title})" if f.name == "outcome" else code for code in f.allowed)


def _meaning(f: Field) -> str:
    return f"{f.description} Several with spaces between them." if f.kind == "words" else f.description


def _csv(rows: list[list[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")  # the mark tells Excel that it is UTF-8


def _excel(fields: list[Field]) -> bytes:
    library = openpyxl()
    from openpyxl.styles import Alignment, Font, PatternFill

    book = library.Workbook()
    page = book.active
    page.title = SHEET
    page.append([f.name for f in fields])
    page.freeze_panes = "C2"
    for f, cell in zip(fields, page[1], strict=True):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F4C7AB" if f.required else "E4E4E4")
        page.column_dimensions[cell.column_letter].width = max(11, len(f.name) + 3)
        if _holds(f) == "text" or f.kind == "date":
            page.column_dimensions[cell.column_letter].number_format = "@"
        page.add_data_validation(_validation(f, f"{cell.column_letter}2:{cell.column_letter}{_ROWS + 1}"))
    help_page = book.create_sheet("columns")
    for row in _help(fields):
        help_page.append(row)
    for letter, width in zip("ABCDE", (20, 9, 24, 60, 90), strict=True):
        help_page.column_dimensions[letter].width = width
        help_page[f"{letter}1"].font = Font(bold=True)
        for cell in help_page[letter]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    help_page.freeze_panes = "A2"
    pack = BytesIO()
    book.save(pack)
    return pack.getvalue()


def _validation(f: Field, cells: str) -> Any:
    """Return the rule of a column: what its cells say when they are entered, and what they take."""
    from openpyxl.worksheet.datavalidation import DataValidation

    prompt = f"{'Every row needs it. ' if f.required else ''}{_meaning(f)} Holds {_holds(f)}."
    rule = DataValidation(
        sqref=cells, allow_blank=True, showInputMessage=True, showErrorMessage=True, promptTitle=f.name[:32]
    )
    rule.prompt = prompt if len(prompt) <= _MOST_PROMPT else f"{prompt[: _MOST_PROMPT - 1]}…"
    if f.allowed and f.kind != "words":
        rule.type, rule.formula1 = "list", f'"{",".join(f.allowed)}"'
        rule.error = "Choose one of the list."
    elif f.kind in ("count", "number"):
        rule.type = "whole" if f.kind == "count" else "decimal"
        low, high = -1e9 if f.minimum is None else f.minimum, 1e9 if f.maximum is None else f.maximum
        rule.operator, rule.formula1, rule.formula2 = "between", f"{low:g}", f"{high:g}"
        rule.error = f"{_holds(f).capitalize()} is wanted here; leave the cell blank where there is none."
    return rule
