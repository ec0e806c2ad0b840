"""A CSV file as it is printed, for an audit: every cell as text, and the line that each row starts on."""

from __future__ import annotations

import csv
import io
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ...errors import DataError

_SEPARATORS = ",;\t"


class Printed(NamedTuple):
    """The cells of a file as text, and the number, from 1, of the line that each row starts on."""

    frame: pd.DataFrame
    lines: list[int]


def read_printed(path: str | PathLike[str]) -> Printed:
    """Return the cells of a CSV file as text; commas, semicolons or tabs between them, whichever the header has most.

    Raises
    ------
    DataError
        The file is missing, no UTF-8 text or empty, or a row has more cells than the header.
    """
    text, name = _text(Path(path)), repr(str(path))
    header_line = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(_SEPARATORS, key=header_line.count))
    header: list[str] = []
    rows, lines, next_line = [], [], 1
    for cells in reader:
        line, next_line = next_line, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [cell.strip() for cell in cells]
            continue
        if len(cells) > len(header):
            raise DataError(
                f"line {line} of {name} has {len(cells)} cells for {len(header)} columns ({' | '.join(cells)}): "
                "quote a cell that holds the separator."
            )
        rows.append(cells + [""] * (len(header) - len(cells)))
        lines.append(line)
    if not rows:
        raise DataError(f"{name} {'has a header and no rows' if header else 'is empty'}.")
    return Printed(pd.DataFrame(rows, columns=header, dtype=object), lines)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise DataError(f"there is no file {str(path)!r} (looked in {str(Path.cwd())!r}).") from None
    except OSError as problem:
        raise DataError(f"{str(path)!r} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError as problem:
        what = "a spreadsheet" if path.suffix.lower() in (".xlsx", ".xls", ".ods") else "no UTF-8 text"
        raise DataError(
            f"{str(path)!r} is {what} (byte {problem.start}): save it as 'CSV UTF-8 (comma delimited)'."
        ) from None
