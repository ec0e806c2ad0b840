"""The whole way of one figure: digitised, reconstructed, drawn and written into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..analysis.survival.cox.result import CoxHazardRatio
from ..analysis.survival.published import PublishedCheck, ratio_of_arms
from ..base.files import parsing
from ..base.labels import find, join_labels
from ..base.messages.advice import option
from ..base.messages.warning import warn
from ..base.output.csv import csv_text
from ..base.output.folder import write_folder
from ..data.curves.arms import ReconstructedArms, reconstruct_arms
from ..data.curves.fits.inputs import risk_table
from ..data.digitize.curve import DigitizedCurve
from ..data.digitize.digitize import digitize
from ..data.digitize.picture import picture_of
from ..data.digitize.project import project_text
from ..data.digitize.result import Digitized
from ..data.readers.files.bytes import read_text
from ..data.readers.files.delimited import read_texts
from ..errors import DataError, DataWarning
from .printed_check import compared

FIGURES = ("pdf", "svg", "png")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FigurePatients:
    """Patients behind the curves of a figure.

    Attributes
    ----------
    digitized
        The curves as read.
    patients
        What was made of them.
    check
        What the paper prints beside what the patients have: as stated, else as it was read in the figure; None where
        there is nothing to compare.
    remarks
        What was read in the figure of hazard ratio and medians, and how it was taken or why it was not compared.
    ratio
        Cox's hazard ratio of the patients themselves, where the control was named.
    """

    digitized: Digitized
    patients: ReconstructedArms
    check: PublishedCheck | None = None
    remarks: tuple[str, ...] = ()
    ratio: CoxHazardRatio | None = None

    @property
    def cautions(self) -> tuple[str, ...]:
        """What of the printed numbers does not agree with the patients, a sentence each."""
        return () if self.check is None else self.check.provenance.notes

    def __str__(self) -> str:
        """Return all that there is to say: curves, patients of each arm, and the check."""
        arms = [text for label, arm in self.patients.arms.items() for text in ("", label, str(arm))]
        ratio = [] if self.ratio is None else ["", "Of the reconstructed patients", str(self.ratio)]
        check = [] if self.check is None else ["", "Beside what is printed", str(self.check)]
        return "\n".join([str(self.digitized), *arms, *ratio, *check, *self.remarks])

    def __repr__(self) -> str:
        return str(self)


def reconstruct_figure(
    path: str | Path,
    at_risk: str | Path | None,
    published: Mapping[str, Any] | None = None,
    *,
    n: Mapping[str, int] | None = None,
    events: Mapping[str, int] | None = None,
    **options: Any,
) -> FigurePatients:
    """Digitise a figure and reconstruct the patients of each of its curves.

    Parameters
    ----------
    path : str or path
        The figure.
    at_risk : str or path or None
        CSV with columns time and n_risk (or n), and label where the figure has several curves; None takes the table
        that the figure prints.
    published : mapping of str to object, optional
        Options of `check_published`: hazard ratio and medians as the paper prints them. What is not stated here is
        taken as it was read in the figure, where it was. `control` alone gives the hazard ratio of the patients.
    n, events : mapping of str to int, optional
        Label of a curve -> its patients, where no numbers at risk are known, and its total of events.
    **options
        Of `digitize`.

    Returns
    -------
    FigurePatients
        The curves as read, the patients of each, and how both agree with what is printed.

    Raises
    ------
    DataError
        When the figure or the table cannot be read, or a curve has no numbers at risk.

    Warns
    -----
    DataWarning
        As `digitize`; and when printed numbers do not agree with the patients.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [1, 2, 2, 3, 4, 5, 6, 8] * 2, "event": [1, 1, 0, 1] * 4, "arm": ["A"] * 8 + ["B"] * 8}
    >>> curves = mo.survival.kaplan_meier(patients, by="arm", unit="months")
    >>> _ = mo.save(mo.plot.km(curves), "figure.pdf")
    >>> found = mo.reconstruct_figure("figure.pdf", None)  # with the numbers at risk that it prints
    >>> found.patients.ipd.groupby("arm")["event"].agg(["size", "sum"]).values.tolist()
    [[8, 6]]
    """
    digitized = digitize(path, **options)
    with parsing(str(at_risk)):
        table = None if at_risk is None else _read_table(Path(at_risk))
    tables = {}
    for curve in digitized.curves:
        rows = curve.at_risk if table is None else _rows_of(curve, table, digitized, str(at_risk))
        if rows is None and curve.label not in (n or {}):
            raise DataError(
                f"{str(path)!r} prints no numbers at risk for {curve.label!r} that can be read; give "
                f"{option('at_risk')}, or {option('n')} (and {option('events')} where known) of each curve by its name "
                f"here: {_curves(digitized)}."
            )
        if rows is not None:
            tables[curve.label] = rows
    patients = reconstruct_arms(digitized, n=n, at_risk=tables, events=events)
    beside = compared(digitized, patients, published)
    of = {name: (published or {}).get(name) for name in ("control", "treatment")}
    ratio = None if of["control"] is None else ratio_of_arms(patients, **of, level=0.95)
    found = FigurePatients(
        digitized=digitized, patients=patients, check=beside.check, remarks=beside.remarks, ratio=ratio
    )
    if found.cautions:
        warn(f"{str(path)!r}: {' '.join(found.cautions)}", DataWarning)
    return found


def write_reconstruction(found: FigurePatients, out: str | Path, stem: str, *, force: bool = False) -> list[Path]:
    """Write patients, points, numbers at risk, quality, check, project and overlays into a folder; return the files.

    The overlay shows the points over the curves of the patients, with what lies between them; ``on_figure`` shows these
    curves on the figure itself, where there is one.

    Parameters
    ----------
    found
        What `reconstruct_figure` returned.
    out
        Folder, made when it is not there; all files come into it or none.
    stem
        Beginning of the files' names.
    force
        Whether the files of another run in this folder are removed; else it is refused.

    Raises
    ------
    DataError
        When the folder holds another run or files of those names, or cannot be made or written to.
    """
    from ..report.km.on_figure import on_figure
    from ..report.km.overlay import overlay
    from ..report.save import figure_bytes
    from ..report.screen import hidden

    digitized = found.digitized
    tables = {
        "ipd": found.patients.ipd,
        "points": digitized.points,
        "at_risk": digitized.at_risk,
        "quality": found.patients.quality,
    }
    if found.check is not None:
        tables["published"] = found.check.comparison
    if found.ratio is not None:
        tables["hazard_ratio"] = found.ratio.tidy(transform=True)
    drawn = {"overlay": overlay} | ({} if picture_of(digitized) is None else {"on_figure": on_figure})
    files: dict[str, str | bytes] = {}
    for name, draw in drawn.items():
        with hidden():
            ax = draw(digitized, found.patients.arms, check=found.check)
        files |= {f"{stem}_{name}.{kind}": figure_bytes(ax, kind) for kind in FIGURES}
    files |= {f"{stem}_{name}.csv": csv_text(table) for name, table in tables.items()}
    project = project_text(digitized.curves, digitized.warnings, digitized.provenance, Path(out))
    files[f"{stem}_project.json"] = project
    return write_folder(out, files, run=f"reconstruct, {stem}", force=force)


def _curves(digitized: Digitized) -> str:
    return ", ".join(f"{c.label!r} ({c.colour})" for c in digitized.curves)


def _read_table(path: Path) -> pd.DataFrame:
    table = risk_table(read_texts(read_text(path), str(path), skipinitialspace=True))
    if missing := [c for c in ("time", "n_risk") if c not in table.columns]:
        raise DataError(
            f"{str(path)!r} has no column {missing[0]!r} but {list(table.columns)}; it needs label, time, n_risk."
        )
    return join_labels(table, ["label"]).frame


def _rows_of(curve: DigitizedCurve, table: pd.DataFrame, digitized: Digitized, path: str) -> pd.DataFrame:
    if "label" not in table.columns:
        if len(digitized.curves) > 1:
            raise DataError(f"{path!r} has no column 'label', and the figure has {len(digitized.curves)} curves.")
        return table[["time", "n_risk"]]
    labels = table["label"]
    known = list(labels.dropna().unique())
    own = find(curve.label, known)
    if own is None:
        named = ", ".join(map(repr, known))
        raise DataError(
            f"{path!r} has no rows for the curve {curve.label!r} but for {named}; the curves are {_curves(digitized)}."
        )
    return table.loc[labels == own, ["time", "n_risk"]]
