"""Models of plausible sets of the same patients, one a set, combined by Rubin's rules."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import columns_exist
from ....base.digits import plain
from ....base.frames import to_pandas
from ....base.labels import blanks
from ....base.result import Text
from ....errors import DataError, MetaoncError
from ...numeric.distributions import two_sided_p
from ...survival.ensembles.combine import Combined, combine
from ...survival.patients import read_patients

NAN = math.nan
EVENTS = ("events", "events_t", "events_c")
MEANS = ("tau2", "baseline_variance", "effect", "factor", *EVENTS)


def each_set(table: Any, draw: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the sets of a table of patients by name; their rows keep the numbers that they have in the whole.

    Raises
    ------
    ColumnError
        When there is no column `draw`.
    DataError
        When a patient is of no set, or there are fewer than two.
    """
    frame = to_pandas(table).reset_index(drop=True)
    columns_exist(list(frame.columns), {"draw": draw})
    empty = np.flatnonzero(blanks(frame[draw]))
    if len(empty):
        raise DataError(f"patient in row {empty[0]}: {draw} is missing; name the set.")
    groups = list(frame.groupby(draw, sort=True))
    if len(groups) < 2:
        raise DataError(f"{draw!r} has one value; the spread between sets needs two or more. Leave draw= out of one.")
    yield from ((str(name), part) for name, part in groups)


def results_of(table: Any, draw: str, columns: dict[str, Any], model: Callable[[pd.DataFrame], Any]) -> list[Any]:
    """Return the model of each set, of the same trials in all; `columns` are those that `read_patients` checks.

    Raises
    ------
    DataError
        When a set has no such model, or other trials than the first.
    """
    found: list[Any] = []
    parts = list(each_set(table, draw))
    read_patients(to_pandas(table).drop(columns=draw), **columns, group="arm")  # errors name rows of the whole table
    for name, part in parts:
        try:
            found.append(model(part))
        except MetaoncError as problem:
            raise type(problem)(f"set {name}: {problem}") from None
        trials, first = (set(r.trials["study"]) for r in (found[-1], found[0]))
        if trials != first:
            raise DataError(f"set {name}: trials {sorted(trials ^ first)} tell of the effect in some sets only; give "
                            "each set the same trials, or take these out of all.")  # fmt: skip
    return found


def rubin(rows: Sequence[Any], level: float, *, df: float = np.inf) -> Combined:
    """Return the combined estimate of rows (or results) with estimate and se, one a set."""
    values, errors = (np.array([float(x) for x in column]) for column in zip(*map(_pair, rows), strict=True))
    return combine(values, errors**2, df=df, level=level)


def _pair(row: Any) -> tuple[float, float]:
    return (row["estimate"], row["se"]) if isinstance(row, pd.Series) else (row.estimate, row.se)


def combined_rows(tables: Sequence[pd.DataFrame], key: str, level: float, *, of_means: bool = False) -> pd.DataFrame:
    """Return a table of estimates over the tables of sets, matched by `key`: the first's with what Rubin's rules give.

    Counts, variances between trials and what a model has of a trial are means; df are Student's degrees of freedom. A
    row that has no estimate in a set has none. Of `of_means`, Student's t of a set has as many degrees of freedom as
    trials less one.
    """
    aligned = [t.set_index(key).loc[tables[0][key]].reset_index() for t in tables]
    found: pd.DataFrame = tables[0].copy()
    for name in MEANS:
        if name in found:
            mean = np.mean([t[name].to_numpy(float) for t in aligned], axis=0)
            found[name] = whole(mean) if name in EVENTS else mean
    columns = [name for name in ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value") if name in found]
    columns.append("df")
    values: list[dict[str, float]] = []
    for i in range(len(found)):
        rows = [t.iloc[i] for t in aligned]
        if not all(np.isfinite(row["estimate"]) and row["se"] > 0 for row in rows):
            values.append(dict.fromkeys(columns, NAN))
            continue
        left = float(rows[0]["k"] - 1) if of_means and rows[0]["interval"] == "HKSJ" else np.inf
        values.append(told(rubin(rows, level, df=left)))
    found[columns] = pd.DataFrame(values, columns=columns).to_numpy(float)
    return found


def told(c: Combined) -> dict[str, Any]:
    """Return estimate, error, limits, test and degrees of freedom of a combined estimate."""
    z = c.estimate / c.se
    return {"estimate": c.estimate, "se": c.se, "ci_low": c.ci_low, "ci_high": c.ci_high, "statistic": z,
            "p_value": float(two_sided_p(z, c.df)), "df": c.df}  # fmt: skip


def whole(values: Any) -> Any:
    """Return counts, or their means over sets, as whole numbers where all are."""
    found = np.asarray(values)
    return found.astype(int) if np.isfinite(found).all() and (found == np.round(found)).all() else found


def patients_of(results: Sequence[Any]) -> pd.DataFrame:
    """Return the patients of all sets, numbered by ``draw``."""
    found: pd.DataFrame = pd.concat([r.patients.assign(draw=i) for i, r in enumerate(results)], ignore_index=True)
    return found


def provenance_of(results: Sequence[Any], draw: str) -> Any:
    """Return how a result of sets came about: what is told of any set, once."""
    first = results[0].provenance
    texts = {name: tuple(dict.fromkeys(x for r in results for x in getattr(r.provenance, name)))
             for name in ("dropped", "notes", "cautions", "corrected")}  # fmt: skip
    return replace(first, settings={**first.settings, "draw": draw}, **texts,
                   rows_in=sum(r.provenance.rows_in for r in results),
                   rows_used=sum(r.provenance.rows_used for r in results))  # fmt: skip


def one_by_one(r: Any) -> list[Any]:
    """Return the result of each set that a combined one holds, to be made anew from its patients."""
    return [replace(r, patients=own.drop(columns="draw").reset_index(drop=True), sets=None)
            for _, own in r.patients.groupby("draw", sort=True)]  # fmt: skip


def left_out_of(tables: Sequence[pd.DataFrame], level: float) -> pd.DataFrame:
    """Return a model without each trial over the tables of sets: means, and errors by Rubin's rules."""
    found: pd.DataFrame = combined_rows(tables, "left_out", level)
    del found["df"]
    for name in ("reason", "caution"):
        if name in found:
            found[name] = ["; ".join(dict.fromkeys(filter(None, texts)))
                           for texts in zip(*(t[name] for t in tables), strict=True)]  # fmt: skip
    return found


def in_words(c: Combined) -> str:
    """Return what the sets differ by."""
    return (f"{c.k} sets of patients, by Rubin's rules: variance within {plain(c.within)}, between {plain(c.between)}; "
            f"fraction of missing information {c.missing:.3f}")  # fmt: skip


def count(events: float) -> str:
    """Return events as printed: a mean over sets with one digit."""
    return f"{events:.0f}" if events == round(events) else f"{events:.1f}"


def r_code(c: Combined, what: str) -> Text:
    """Return a script of R that combines the estimates of the sets."""
    return Text(f"# {what} of {c.k} sets of patients, each by the model of all its trials\n{c.r_code()}")
