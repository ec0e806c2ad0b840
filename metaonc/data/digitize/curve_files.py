"""Digitised curves as the files that ``mo.read_curves`` reads, one row a curve and its coordinates beside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...base.check import time_unit
from ...base.messages.advice import option
from ...base.output.csv import csv_text
from ...base.output.writing import write_files
from ...base.result import Provenance
from ...errors import DataError, OptionError
from .curve import DigitizedCurve

ABOUT = (
    "data_cut",
    "figure",
    "page",
    "source",
    "digitized_by",
    "note",
)  # columns that only a reader of the paper knows


def write_curve_files(
    curves: Sequence[DigitizedCurve],
    provenance: Provenance,
    path: Path,
    *,
    trial: str,
    outcome: str,
    unit: str,
    arms: Mapping[str, str],
    numbers: Mapping[str, Mapping[str, float]],
    about: Mapping[str, Any],
) -> Path:
    """Write the tables of curves; see ``Digitized.to_curves``."""
    time_unit(unit, ())
    labels = [c.label for c in curves]
    for name, given in (("arms", arms), *numbers.items()):
        if unknown := sorted(set(given) - set(labels)):
            raise OptionError(
                f"{name}= names {unknown[0]!r}, which is no curve; they are {', '.join(map(repr, labels))}."
            )
    if unknown := sorted(set(about) - set(ABOUT)):
        raise OptionError(f"{unknown[0]}= is no column of the table; others are {', '.join(ABOUT)}.")
    rows: list[dict[str, Any]] = []
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in ("points", "at_risk", "censor_marks")}
    for curve in curves:
        arm = arms.get(curve.label, curve.label)
        own = {name: given[curve.label] for name, given in numbers.items() if curve.label in given}
        curve_id = _slug(f"{trial} {arm} {outcome}")
        rows.append(
            {"curve_id": curve_id, "trial": trial, "arm": arm, "outcome": outcome, "unit": unit,
             "points": curve.points, **own, **_read_with(provenance), **about}
        )  # fmt: skip
        for name, table in _coordinates(curve).items():
            parts[name].append(table.assign(curve_id=curve_id)[["curve_id", *table.columns]])
    ids = [row["curve_id"] for row in rows]
    if len(set(ids)) < len(ids):
        raise DataError(f"two curves have the same trial, arm and outcome: name their arms apart by {option('arms')}.")
    tables = {"": pd.DataFrame(rows), **{f"_{name}": pd.concat(found) for name, found in parts.items()}}
    write_files({path.with_name(f"{path.stem}{name}{path.suffix}"): csv_text(table) for name, table in tables.items()})
    return path


def _coordinates(curve: DigitizedCurve) -> dict[str, pd.DataFrame]:
    at_risk = pd.DataFrame({"time": [], "n_risk": []}) if curve.at_risk is None else curve.at_risk[["time", "n_risk"]]
    return {
        "points": pd.DataFrame({"time": curve.time, "survival": curve.survival}),
        "at_risk": at_risk,
        "censor_marks": pd.DataFrame({"time": curve.censor_times}),
    }


def _read_with(p: Provenance) -> dict[str, str]:
    file = p.settings["file"]
    return {"digitized_with": f"metaonc {p.versions['metaonc']}, {p.verb}" + (f" of {Path(file).name}" if file else "")}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
