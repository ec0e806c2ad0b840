"""What a Kaplan-Meier figure shows, as data and as texts, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._check import Floats, one_of
from ..analysis.survival import KaplanMeier
from ..errors import DataError
from .risk_table import km_table

Points = Mapping[str, tuple[ArrayLike, ArrayLike]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KmData:
    """What a Kaplan-Meier figure shows.

    Attributes
    ----------
    curves
        Steps: group, time, survival, low, high.
    censored
        Marks: group, time, survival, n_censor.
    key
        One row a group: name, events (as "112/138"), median (as "9.0 (7.3 to 10.6)"), under the headers printed.
    table
        At risk, censored and events; see `km_table`.
    """

    curves: pd.DataFrame
    censored: pd.DataFrame
    key: pd.DataFrame
    table: pd.DataFrame


def km_data(result: KaplanMeier, times: ArrayLike) -> KmData:
    """Return what the figure of a result shows, with the table at the given times."""
    steps = result.tidy().rename(columns={"estimate": "survival", "ci_low": "low", "ci_high": "high"})
    marks = steps.loc[steps["n_censor"] > 0, ["group", "time", "survival", "n_censor"]]
    return KmData(
        curves=steps[["group", "time", "survival", "low", "high"]],
        censored=marks.reset_index(drop=True),
        key=km_key(result),
        table=km_table(result, times),
    )


def km_key(result: KaplanMeier) -> pd.DataFrame:
    """Return the key: one row a group with its name, events of patients, and median with its interval."""
    medians = result.medians
    times = medians[["median", "ci_low", "ci_high"]].to_numpy(dtype=float)
    digits = _digits(times)
    level, unit = _percent(result.level), f", {result.unit}" if result.unit else ""
    columns = {
        "": [_name(group, result.by) for group in medians["group"]],
        "Events/n": [f"{row.events}/{row.n}" for row in medians.itertuples()],
        f"Median ({level} CI){unit}": [
            "{} ({} to {})".format(*("NR" if np.isnan(t) else f"{t:.{digits}f}" for t in row)) for row in times
        ],
    }
    return pd.DataFrame(columns, index=pd.Index(medians["group"], name="group"))


def km_note(result: KaplanMeier, *, marks: bool, overlay: bool, table: bool, until: float | None) -> str:
    """Return the line below the figure that says how to read it; `until` is where it cuts follow-up off."""
    last = max(float(curve.time[-1]) for curve in result.curves.values())
    unit = f" {result.unit}" if result.unit else ""
    said = {
        f"Bands: pointwise {_percent(result.level)} CI ({result.ci}).": True,
        "Vertical marks: censored.": marks,
        "Circles: points read from the published figure.": overlay,
        "Numbers: those at risk at each time, and those censored or with an event before it.": table,
        f"Cut at {until}{unit}; follow-up goes on to {last:.4g}{unit}.": until is not None and until < last,
    }
    return " ".join(text for text, holds in said.items() if holds)


def check_points(points: Points | None, result: KaplanMeier) -> dict[str, tuple[Floats, Floats]]:
    """Return the points to draw over the curves, or raise an error where they are no times and probabilities."""
    checked = {}
    for group, pair in (points or {}).items():
        one_of("group in points", group, result.curves)
        time, survival = (np.asarray(values, dtype=float) for values in pair)
        if time.shape != survival.shape or time.ndim != 1:
            raise DataError(f"points[{group!r}]: {time.shape} times and {survival.shape} values; one each is wanted.")
        if not np.all(np.isfinite(time) & (survival >= 0) & (survival <= 1)):
            raise DataError(f"points[{group!r}]: survival must lie within 0 and 1 and times be finite.")
        checked[group] = (time, survival)
    return checked


def _name(group: str, by: str | None) -> str:
    if by is None:
        return "All patients"
    return (
        f"{by} {group}" if group.replace(".", "", 1).isdigit() else group
    )  # a bare 1 or 2 would tell a reader nothing


def _percent(level: float) -> str:
    return f"{100 * level:.6g}%"


def _digits(values: Floats) -> int:
    known = values[np.isfinite(values)]
    if np.all(known == np.round(known)):
        return 0
    return 1 if known.max() >= 10 else 2
