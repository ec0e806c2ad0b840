"""The patients behind published curves as files: derived from the coordinates, so that none is kept by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..base.output.csv import csv_text
from ..base.output.folder import write_folder
from ..data.collections.published_curves import Curves, quality_row
from ..data.schema.tables import TABLES

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
    from ..data.collections.collection import load, names
    from ..data.readers.curves import read_curves

    return read_curves(source) if Path(source).exists() or source not in names() else load(source).curves


def listing(reconstructions: pd.DataFrame) -> str:
    """Return the table `reconstructions` as text: a line a curve, and below it what it leaves open or contradicts."""
    lines = []
    for row in reconstructions.to_dict("records"):
        median = "not reached" if pd.isna(row["median"]) else f"{row['median']:.4g}"
        printed = "" if pd.isna(row["median_published"]) else f" (printed {row['median_published']:g})"
        lines.append(
            f"{row['curve_id']}: {row['n']} patients, {row['events']} events, median {median}{printed}, error at the "
            f"points {row['rmse']:.2g} (rmse), {row['max_abs']:.2g} (largest)"
        )
        lines += [] if pd.isna(row["flags"]) else [f"    {row['flags']}"]
    return "\n".join(lines)


def write_derived(
    tables: Mapping[str, pd.DataFrame], out: str | Path, source: str = "", *, force: bool = False
) -> list[Path]:
    """Write ``patients.csv`` and ``reconstructions.csv`` into a folder of their own, both or none; return the files.

    Parameters
    ----------
    tables
        What `derived` returned.
    out
        Folder, made when it is not there.
    source
        What the curves are of, for the reader of the manifest.
    force
        Whether the files of another run in this folder are removed; else it is refused.

    Raises
    ------
    DataError
        The folder holds another run or files of those names, or cannot be made or written to.
    """
    files = {f"{name}.csv": csv_text(table, float_format=_DIGITS) for name, table in tables.items()}
    return write_folder(out, files, run=f"patients, {source}", force=force)
