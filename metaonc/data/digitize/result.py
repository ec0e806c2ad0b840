"""The result of digitising a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...base.check import Floats
from ...base.output.writing import write_file
from ...base.result import Provenance, Result
from ...base.text import refuse_unseen
from .curve import DigitizedCurve, Found, level_at
from .curve_files import write_curve_files
from .ocr.numbers import NO_NUMBERS, PrintedNumbers
from .ocr.text import FigureText
from .project import project_text
from .scale.calibration import Calibration

_TABLE = ("label", "time", "n_risk")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Digitized(Result):
    """Curves read from a figure.

    Attributes
    ----------
    curves
        One `DigitizedCurve` each.
    at_risk
        The table of numbers at risk that the figure prints: label, time, n_risk. No rows when it prints none.
    calibration
        The scales of both axes, with the ticks that they rest on and the residuals; None of points that came with
        their values, from another program.
    warnings
        What may make a number wrong.
    provenance
        File, checksum and options.
    text
        The text read in a picture, with places and confidence; None where none was read.
    printed
        Hazard ratios and medians that the figure prints, as far as they were found in its text; to check by.
    """

    curves: tuple[DigitizedCurve, ...]
    at_risk: pd.DataFrame
    calibration: Calibration | None
    warnings: tuple[str, ...]
    provenance: Provenance
    text: FigureText | None = None
    printed: PrintedNumbers = NO_NUMBERS

    @property
    def points(self) -> pd.DataFrame:
        """One row a point read: label, point (corner, pixel, click or censored), time, survival."""
        frames = []
        for curve in self.curves:
            level = level_at(curve, curve.censor_times)
            frames.append(_rows(curve.label, curve.points.rstrip("s"), curve.time, curve.survival))
            frames.append(_rows(curve.label, "censored", curve.censor_times, level))
        return pd.concat(frames, ignore_index=True)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return `points`; `transform` changes nothing: survival is on its own scale."""
        return self.points.rename(columns={"label": "term", "point": "type", "survival": "estimate"})

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: the file's kind, counts of what was read, residuals of the axes as parts of their length."""
        c = self.calibration
        row = {
            "file": self.provenance.settings["file"],
            "kind": "survival" if c is None else c.kind,
            "curves": len(self.curves),
            "points": sum(len(c.time) for c in self.curves),
            "censor_marks": sum(len(c.censor_times) for c in self.curves),
            "at_risk_numbers": len(self.at_risk),
            "x_residual": np.nan if c is None else c.x.residual,
            "y_residual": np.nan if c is None else c.y.residual,
            "warnings": len(self.warnings),
        }
        return self._row(**row)

    def to_project(self, path: str | Path) -> Path:
        """Write what was done as JSON: file, checksum, options and result; `replay` does it again and compares.

        Parameters
        ----------
        path
            Where to; the figure's path is kept relative to it.

        Raises
        ------
        DataError
            When the file cannot be written, or the points were given by hand.
        """
        folder = Path(path).resolve().parent
        return write_file(path, project_text(self.curves, self.warnings, self.provenance, folder))

    def to_curves(
        self,
        path: str | Path,
        *,
        trial: str,
        outcome: str,
        unit: str,
        arms: Mapping[str, str] | None = None,
        n: Mapping[str, int] | None = None,
        events: Mapping[str, int] | None = None,
        median: Mapping[str, float] | None = None,
        **about: Any,
    ) -> Path:
        """Write the curves into the files that ``mo.read_curves`` reads: to keep, to share, to reconstruct from.

        Parameters
        ----------
        path
            File with one row a curve, ending in ``.csv``; those of points, numbers at risk and censoring marks are
            written beside it, over any that are there.
        trial, outcome, unit
            Trial, endpoint such as ``pfs``, and unit of time: days, weeks, months or years.
        arms
            Label of a curve -> its arm; the label itself where it is not given.
        n, events, median
            Label of a curve -> what the paper prints.
        about
            Further columns: data_cut, figure, page, source, digitized_by, note.

        Raises
        ------
        OptionError
            A label, a column or a unit does not exist.
        DataError
            Two curves have one trial, arm and outcome, or a file cannot be written.
        """
        numbers = {name: given or {} for name, given in (("n", n), ("events", events), ("median", median))}
        return write_curve_files(
            self.curves, self.provenance, Path(path), trial=trial, outcome=outcome, unit=unit, arms=arms or {},
            numbers=numbers, about=about,
        )  # fmt: skip

    def _lines(self) -> list[str]:
        c = self.calibration
        what = f"{len(self.curves)} curves, {'clicked elsewhere' if c is None else c.kind}"
        lines = [f"Digitised {self.provenance.settings['file'] or 'by hand'}: {what}"]
        for curve in self.curves:
            drops = int(np.count_nonzero(np.diff(curve.survival) < 0))
            table = "no numbers at risk" if curve.at_risk is None else f"{len(curve.at_risk)} numbers at risk"
            lines.append(
                f"  {curve.label} ({curve.colour}): {drops} drops, time {curve.time[0]:.4g} to {curve.time[-1]:.4g}, "
                f"survival down to {curve.survival[-1]:.4g}, {len(curve.censor_times)} censoring marks, {table}"
            )
        lines += [] if c is None else [f"  {c.x}", f"  {c.y}"]
        lines += [] if self.text is None else self.text.lines()
        lines += self.printed.lines()
        return lines + [f"  Warning: {w}" for w in self.warnings]


def collected(found: Found, provenance: Provenance) -> Digitized:
    """Return the public result of what a reader found."""
    refuse_unseen([c.label for c in found.curves], "the name of a curve")
    tables = [c.at_risk.assign(label=c.label) for c in found.curves if c.at_risk is not None]
    table = pd.concat(tables, ignore_index=True)[list(_TABLE)] if tables else pd.DataFrame(columns=list(_TABLE))
    return Digitized(
        curves=found.curves,
        at_risk=table,
        calibration=found.calibration,
        warnings=found.warnings,
        provenance=provenance,
        text=found.text,
        printed=found.printed,
    )


def _rows(label: str, point: str, time: Floats, survival: Floats) -> pd.DataFrame:
    return pd.DataFrame({"label": label, "point": point, "time": time, "survival": survival})
