"""What a Kaplan-Meier figure shows, as data and as texts, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...analysis.survival.curve.curve import Curve
from ...analysis.survival.curve.result import KaplanMeier
from ...base.check import Floats
from ...base.digits import Form, fixed, in_column, in_percent, plain, whole_percent
from ..journals import Journal, journal_of
from .options import names_of
from .risk_table import ROWS, km_table

NO_BREAK = "\u00a0"
DEFAULT = journal_of(None)
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
        One row a group: name, events (as "112/138"), median (as "9.0 (7.3 to 10.6)"), and what else was asked for,
        under the headers printed.
    table
        At risk, censored and events; see `km_table`.
    """

    curves: pd.DataFrame
    censored: pd.DataFrame
    key: pd.DataFrame
    table: pd.DataFrame


def km_data(
    result: KaplanMeier,
    times: ArrayLike,
    *,
    landmarks: Sequence[float] = (),
    rmst: float | None = None,
    rows: Sequence[str] = tuple(ROWS),
    journal: Journal = DEFAULT,
    names: Mapping[str, str] | None = None,
) -> KmData:
    """Return what the figure of a result shows, with the table at the given times; see ``km`` for the options."""
    steps = result.tidy()
    steps = steps[steps["type"] == "step"].rename(
        columns={"term": "group", "estimate": "survival", "ci_low": "low", "ci_high": "high"}
    )
    marks = steps.loc[steps["n_censor"] > 0, ["group", "time", "survival", "n_censor"]]
    return KmData(
        curves=steps[["group", "time", "survival", "low", "high"]],
        censored=marks.reset_index(drop=True),
        key=km_key(result, landmarks, rmst, journal, names=names),
        table=km_table(result, times, rows),
    )


def km_key(
    result: KaplanMeier,
    landmarks: Sequence[float] = (),
    rmst: float | None = None,
    journal: Journal = DEFAULT,
    quantiles: Sequence[float] = (),
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the key: one row a group with its name, events of patients, median, and what else was asked for."""
    names = names_of(None, result) if names is None else names
    medians = result.medians
    level, unit = _percent(result.level), f" {result.unit}" if result.unit else ""
    columns = {
        "": [names[group] for group in medians["group"]],
        "Events/n": [f"{row.events}/{row.n}" for row in medians.itertuples()],
        f"Median ({level} CI){unit and ','}{unit}": times(medians[["median", "ci_low", "ci_high"]], journal),
    }
    for q in quantiles:
        found = result.quantiles(q)[["quantile", "ci_low", "ci_high"]]
        columns[f"{100 * q:g}% by ({level} CI){unit and ','}{unit}"] = times(found, journal)
    for time in landmarks:
        at = 100 * result.at(time)[["survival", "ci_low", "ci_high"]].to_numpy(dtype=float)
        columns[f"At {time:g}{unit}, % ({level} CI)"] = [_printed(row, whole_percent, "NE", journal) for row in at]
    if rmst is not None:
        means = result.rmst(rmst)[["rmst", "ci_low", "ci_high"]]
        columns[f"RMST to {rmst:g}{unit} ({level} CI)"] = times(means, journal)
    headers = {header: journal.decimal(header) for header in columns}
    return pd.DataFrame(columns, index=pd.Index(medians["group"], name="group")).rename(columns=headers)


def fades_at(result: KaplanMeier, below: int | None) -> dict[str, float]:
    """Return, for each group, the time from which fewer than `below` patients are at risk; infinite without a bound."""
    if below is None:
        return dict.fromkeys(result.curves, np.inf)
    return {group: _fades(curve, below) for group, curve in result.curves.items()}


def _fades(curve: Curve, below: int) -> float:
    """Return the first time after which there are always fewer: with delayed entry there may be few early on."""
    last = int(np.flatnonzero(curve.n_risk >= below).max(initial=-1))
    return float(curve.time[last + 1]) if last + 1 < len(curve.time) else np.inf


def cautions(result: KaplanMeier) -> list[str]:
    """Return what a reader must know wherever the curves are shown."""
    notes = result.provenance.notes
    return [f"{note[:1].upper()}{note[1:]}" if result.by is None else note for note in notes]


def risen(data: KmData) -> KmData:
    """Return the data of curves that rise: the probability of the event instead of survival."""
    curves = data.curves.assign(survival=1 - data.curves["survival"], low=1 - data.curves["high"],
                                high=1 - data.curves["low"])  # fmt: skip
    return replace(data, curves=curves, censored=data.censored.assign(survival=1 - data.censored["survival"]))


def times(table: pd.DataFrame, journal: Journal) -> list[str]:
    """Return times with their limits as they are printed, NR where not reached."""
    values = table.to_numpy(dtype=float)
    form = in_column(
        fixed(_digits(values), ends=(0.0,)), [tuple(row[np.isfinite(row)]) for row in values if np.isfinite(row).any()]
    )
    return [_printed(row, form, "NR", journal) for row in values]


def _printed(row: Floats, form: Form, unknown: str, journal: Journal) -> str:
    estimate, low, high = (unknown if np.isnan(x) else text for x, text in zip(row, form.of(*row), strict=True))
    return journal.decimal(f"{estimate} {journal.limits.format(low=low, high=high)}")


def km_note(
    result: KaplanMeier,
    *,
    bands: bool,
    marks: bool,
    dense: bool,
    overlay: bool,
    rows: Sequence[str],
    span: tuple[float, float],
    fade_below: int | None = None,
    compared: int = 0,
) -> str:
    """Return the line below the figure that says how to read it.

    `span` is what it shows of follow-up, `compared` the number of hazard ratios against one group.
    """
    last = max(float(curve.time[-1]) for curve in result.curves.values())
    unit = f" {result.unit}" if result.unit else ""
    said = {
        f"Bands: pointwise {_percent(result.level)} CI ({result.ci}).": bands,
        "Vertical marks: censored.": marks,
        "Censoring is not marked: marks of so many patients would run together.": dense,
        "Circles: points read from the published figure.": overlay,
        "Numbers: those at risk at each time, and those censored or with an event before it.": len(rows) > 1,
        f"Pale: fewer than {plain(fade_below or 0.0)} at risk.": fade_below is not None,
        f"{compared} hazard ratios, not adjusted for their number.": compared > 1,
        "Patients are at risk from their entry on (left truncation).": result.patients is not None,
        f"Begins at {span[0]:g}{unit}, not at 0.": span[0] > 0,
        f"Cut at {span[1]:g}{unit}; follow-up goes on to {plain(last)}{unit}.": span[1] < last,
    }
    merged = [f"{c.text[:1].upper()}{c.text[1:]}." for c in result.cautions]
    return " ".join([*(text for text, holds in said.items() if holds), *merged, *cautions(result)])


def _percent(level: float) -> str:
    return f"{in_percent(level)}%"


def _digits(values: Floats) -> int:
    known = values[np.isfinite(values)]
    if np.all(known == np.round(known)):
        return 0
    return 1 if known.max() >= 10 else 2
