"""The patients behind published curves as files: derived from the coordinates, so that none is kept by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..errors import DataError
from .published_curves import Curves, quality_row
from .schema import TABLES

_DIGITS = "%.10g"  # more than any figure holds, and the same on every machine


def derived(curves: Curves) -> dict[str, pd.DataFrame]:
    """Return the tables `patients` and `reconstructions` of the digitised curves.

    Raises
    ------
    DataError
        No curve was digitised, or one cannot be reconstructed.
    """
    found = curves.reconstruct()
    patients = [r.ipd.assign(curve_id=name) for name, r in found.items()]
    quality = pd.DataFrame([quality_row(curves[name], r) for name, r in found.items()])
    tables = {"patients": pd.concat(patients, ignore_index=True), "reconstructions": quality}
    return {name: table[TABLES[name].names()] for name, table in tables.items()}


def curves_of(source: str) -> Curves:
    """Return the curves of a packaged collection, or of a user's file when there is one of that name.

    Raises
    ------
    DataError
        It is neither, or cannot be read.
    """
    from .collections import datasets, load
    from .readers.curves import read_curves

    return read_curves(source) if Path(source).exists() or source not in datasets().index else load(source).curves


def write_derived(curves: Curves, out: str | Path) -> list[Path]:
    """Write ``patients.csv`` and ``reconstructions.csv`` into a folder, over those that are there; return them.

    Raises
    ------
    DataError
        The folder cannot be made or written to; see also `derived`.
    """
    folder, tables = Path(out), derived(curves)
    written = [folder / f"{name}.csv" for name in tables]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, table in zip(written, tables.values(), strict=True):
            path.write_bytes(table.to_csv(index=False, float_format=_DIGITS, lineterminator="\n").encode())
    except OSError as problem:
        raise DataError(f"the folder {str(folder)!r} cannot be written to: {problem.strerror}.") from None
    return written
