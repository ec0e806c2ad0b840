"""Many figures in one go: each into a folder of its own, and one table of what became of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..base.output.folder import refuse_other_run
from ..base.words import counted
from ..errors import DataError, MetaoncError
from .reconstruct_figure import FigurePatients, reconstruct_figure, write_reconstruction

COLUMNS = ("figure", "status", "label", "n", "events", "median", "printed", "check", "warnings", "message")


def stem_of(path: str | Path) -> str:
    """Return what the names of a figure's files begin with."""
    return re.sub(r"[^\w.-]+", "-", Path(path).stem)


def reconstruct_figures(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    force: bool = False,
    tell: Callable[[str], None] = lambda _: None,
    **options: Any,
) -> pd.DataFrame:
    """Reconstruct the patients of figures, each into its folder; one that cannot be read does not stop the others.

    Parameters
    ----------
    paths
        The figures.
    out
        Folder, in which each figure has one of its own name.
    force
        Whether the files of another run in these are removed.
    tell
        Is called with one line a figure, when it is done.
    options
        Of `digitize`, for all figures.

    Returns
    -------
    DataFrame
        A row a curve: figure, status (``"done"`` or ``"failed"``), label, n, events and median of its patients, the
        median that the figure prints, whether what it prints of this curve and its hazard ratio agrees with the
        patients (check; empty where nothing was read), number of warnings, message. A figure that failed has one row,
        with the error as message.

    Raises
    ------
    DataError
        When two figures have one name.
    """
    stems = [stem_of(path) for path in paths]
    if twice := sorted({s for s in stems if stems.count(s) > 1}):
        raise DataError(f"two figures are named {twice[0]!r}, and would be written into one folder: rename one.")
    rows: list[dict[str, Any]] = []
    for number, (path, stem) in enumerate(zip(paths, stems, strict=True), 1):
        try:
            refuse_other_run(Path(out) / stem, force=force)  # before any work
            found = reconstruct_figure(path, None, **options)
            write_reconstruction(found, Path(out) / stem, stem, force=force)
            mine = _rows(path, found)
            said = f"{counted(len(mine), 'curve')}, {sum(row['n'] for row in mine)} patients, "
            said += counted(mine[0]["warnings"], "warning")
        except MetaoncError as problem:
            said = " ".join(str(problem).split())
            mine = [{"figure": str(path), "status": "failed", "message": said}]
        rows += mine
        tell(f"[{number}/{len(paths)}] {path}: {said}")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(("n", "events", "warnings"), "Int64"))


def _rows(path: str | Path, found: FigurePatients) -> list[dict[str, Any]]:
    said = (*found.digitized.warnings, *found.cautions)
    about = {"figure": str(path), "status": "done", "warnings": len(said), "message": " ".join(said)}
    names = ("n", "events", "median")
    return [
        {**about, "label": label, **{name: arm.numbers[name] for name in names}, **_check(found, label)}
        for label, arm in found.patients.arms.items()
    ]


def _check(found: FigurePatients, label: str) -> dict[str, Any]:
    """Return the median that is printed of a curve, and whether that and the hazard ratio agree."""
    if found.check is None:
        return {}
    table = found.check.comparison
    median = table[(table["quantity"] == "median") & (table["arm"] == label)]
    own = table[(table["quantity"] != "median") | (table["arm"] == label)]
    printed = ["not reached" if np.isnan(v) else f"{v:g}" for v in median["published"]]
    agrees = "" if own.empty else "agrees" if own["agrees"].all() else "does not agree"
    return {"printed": "".join(printed), "check": agrees}
