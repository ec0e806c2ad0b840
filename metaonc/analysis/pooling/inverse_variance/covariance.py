"""Sampling covariances of rows that share patients: given as a matrix, or by the control arm that rows share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import columns_exist, refuse, where
from ....base.labels import find, repeated
from ....base.numbers import floats
from ....errors import DataError, OptionError
from ...effects.measures import MEASURES, Measure
from ...effects.zeros import correct
from ...numeric.wls import Floats
from ...results.patients import listed
from ...results.repeats import control_arms
from ...results.studies import Studies

DIAGONAL = 1e-6  # relative: how far a variance may be from that of vi, as both may have been printed
SINGULAR = 1e-10  # of a correlation matrix: the least eigenvalue at which its inverse still means something
GIVEN = "give pool the sampling covariances by covariance=, a matrix with a row and a column for each row of the table"


def with_covariance(studies: Studies, positions: Sequence[int], rows_in: int, covariance: Any) -> Studies:
    """Return trials with their sampling covariances.

    Parameters
    ----------
    studies
        The complete rows.
    positions, rows_in
        Their places in the table that was given, and how many rows it has.
    covariance
        Of all rows of the table, (rows_in, rows_in), as an array or a DataFrame, which may name its rows as the trials
        are named, in any order.

    Raises
    ------
    DataError
        It is no covariance matrix of these rows: names the trial.
    """
    matrix = _matrix(covariance, studies, positions, rows_in)[np.ix_(positions, positions)]
    labels, v = studies.labels, studies.vi
    gaps = ~np.isfinite(matrix)
    refuse(np.asarray(gaps.any(axis=1)), labels, lambda i: "covariance= has a missing or infinite number in its row.")
    near = 1e-9 * np.abs(matrix) + 1e-12 * v.max()
    off = np.abs(matrix - matrix.T) > near
    refuse(np.asarray(off.any(axis=1)), labels, lambda i: "covariance= is not symmetric in its row.")
    wrong = np.asarray(np.abs(np.diag(matrix) - v) > DIAGONAL * v)
    refuse(wrong, labels, lambda i: f"covariance= has the variance {matrix[i, i]:g} on its diagonal, vi is {v[i]:g}; "
           "both must be the sampling variance of the row.")  # fmt: skip
    matrix = (matrix + matrix.T) / 2
    np.fill_diagonal(matrix, v)
    return _checked(studies, matrix)


def _matrix(covariance: Any, studies: Studies, positions: Sequence[int], k: int) -> Floats:
    values = covariance
    if isinstance(covariance, pd.DataFrame):
        names = list(map(str, covariance.index))
        if names != list(map(str, covariance.columns)):
            raise DataError(
                "covariance= has other names of rows than of columns; name both as the trials, in one order."
            )
        if not isinstance(covariance.index, pd.RangeIndex):
            return _by_name(covariance, names, studies, positions, k)
        values = covariance.to_numpy()
    return _numbers(values, k)


def _numbers(values: Any, k: int) -> Floats:
    """Return a square of k rows as numbers, NaN where one is missing."""
    try:
        shape = np.shape(values)
    except ValueError:
        raise DataError(f"covariance= has rows of several lengths; it must be ({k}, {k}).") from None
    if shape != (k, k):
        raise DataError(f"covariance= has the shape {shape}; the table has {k} rows, so it must be ({k}, {k}).")
    flat = values.ravel() if isinstance(values, np.ndarray) else [x for row in values for x in row]
    return floats(flat, lambda i: f"covariance[{i // k}, {i % k}]").reshape(k, k)


def _by_name(covariance: pd.DataFrame, names: list[str], studies: Studies, positions: Sequence[int], k: int) -> Floats:
    labels = studies.labels
    if repeated(names).any() or len(set(labels)) < len(labels):
        raise DataError(
            "covariance= names rows, and a name stands for several; give an array in the order of the table."
        )
    for i, label in enumerate(labels):
        if find(label, names) is None:
            raise DataError(f"{where(labels, i)}: covariance= has no row of this name; it has {names}.")
    out = np.full((k, k), np.nan)
    places = [names.index(str(find(label, names))) for label in labels]
    out[np.ix_(positions, positions)] = _numbers(covariance.to_numpy(), len(names))[np.ix_(places, places)]
    return out


def with_shared(studies: Studies, measure: str, column: str) -> tuple[Studies, tuple[str, ...]]:
    """Return trials whose rows of one control arm are correlated by its part in their variances, and what was done.

    Parameters
    ----------
    studies
        The complete rows, whose counts are known.
    measure
        Code of the measure.
    column
        Names the control arm that a row shares with others; blank where it has its own.

    Raises
    ------
    OptionError
        A measure whose variance has no part of the control arm alone, or counts that are not known.
    DataError
        Rows of one control arm that differ in it, or a variance that is not that of the counts: names trial and row.
    """
    columns_exist(list(studies.data.columns), {"shared": column})
    record = MEASURES[measure]
    if record.control is None:
        fit = ", ".join(m.code for m in MEASURES.values() if m.control is not None)
        raise OptionError(f"shared= has no formula for measure {measure!r}, but for {fit}; {GIVEN}.")
    groups = [rows for rows in _groups(studies, column) if len(rows) > 1]
    if not groups:
        return studies, (
            "no two of these rows are said to share a control arm; they are taken as independent of each other.",
        )
    root = np.sqrt(_parts(studies, record, [i for rows in groups for i in rows]))
    matrix = np.diag(studies.vi)
    said = []
    for rows in groups:
        matrix[np.ix_(rows, rows)] = np.outer(root[rows], root[rows])
        low, high = (f(root[i] * root[j] for i in rows for j in rows if i < j) for f in (min, max))
        spread = f"{low:.4g}" if np.isclose(low, high) else f"{low:.4g} to {high:.4g}"
        said.append(f"{_told(studies, rows, column)}; their sampling covariance is {spread}.")
    np.fill_diagonal(matrix, studies.vi)
    return _checked(studies, matrix), tuple(said)


def sharing(studies: Studies, column: str) -> list[str]:
    """Return a sentence, without capital and end, on the rows of each control arm that several share."""
    return [_told(studies, rows, column) for rows in _groups(studies, column) if len(rows) > 1]


def _told(studies: Studies, rows: list[int], column: str) -> str:
    trials = list(dict.fromkeys(studies.labels[i] for i in rows))
    return f"{len(rows)} rows of {listed(trials)} share the control arm {studies.data[column].iloc[rows[0]]}"


def _groups(studies: Studies, column: str) -> list[list[int]]:
    """Return the rows of each control arm."""
    found = defaultdict(list)
    for i, name in enumerate(control_arms(studies.labels, studies.data[column])):
        if name:
            found[name].append(i)
    for rows in found.values():
        _one_arm(studies, rows, column)
    return list(found.values())


def _one_arm(studies: Studies, rows: list[int], column: str) -> None:
    """Refuse rows of one control arm that report different figures of it."""
    for role in ("events_c", "n_c", "time_c", "mean_c", "sd_c"):
        x = studies.counts(role)
        other = [i for i in rows if x is not None and x[i] != x[rows[0]]]
        if x is not None and other:
            name = studies.data[column].iloc[rows[0]]
            raise DataError(
                f"{where(studies.labels, other[0])}: {role}={x[other[0]]:g}, but {where(studies.labels, rows[0])} has "
                f"{x[rows[0]]:g}, of the same control arm {name!r}; name each control arm by its trial in {column!r}."
            )


def _parts(studies: Studies, record: Measure, rows: list[int]) -> Floats:
    """Return the part of the control arm in each variance; 0.5 is added to counts where the variance has it too."""
    assert record.control is not None
    counts = _known(studies, record)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = record.control(counts)
        own = record.compute(counts)[1] if record.code != "HR" and record.compute is not None else studies.vi
        if record.corrected:
            more = correct(counts, 0.5, "all")[0]
            as_corrected = np.isclose(record.compute(more)[1], studies.vi, rtol=DIAGONAL)  # type: ignore[misc]
            part, own = np.where(as_corrected, record.control(more), part), np.where(as_corrected, studies.vi, own)
    asked = np.isin(np.arange(len(part)), rows)
    unlike = asked & ~np.isclose(own, studies.vi, rtol=DIAGONAL)
    refuse(unlike, studies.labels, lambda i: f"its variance {studies.vi[i]:g} is not that of its counts "
           f"({own[i]:.6g}); {GIVEN}.")  # fmt: skip
    too_large = asked & ~(part < studies.vi)
    refuse(too_large, studies.labels, lambda i: f"the control arm's part of the variance, {part[i]:.4g}, is not below "
           f"the variance {studies.vi[i]:g}; look up its events, or {GIVEN}.")  # fmt: skip
    return np.where(asked, part, 0.0)


def _known(studies: Studies, record: Measure) -> Mapping[str, Floats]:
    needed = ("events_c",) if record.code == "HR" else record.roles
    found = {role: studies.counts(role) for role in needed}
    lacking = [role for role, x in found.items() if x is None]
    if lacking:
        raise OptionError(
            f"shared= needs {', '.join(needed)} of {record.natural}s, and {lacking[0]} is not known of the table, or "
            f"its counts do not give the effects: let effect_sizes make it with {lacking[0]}=, or {GIVEN}."
        )
    return {role: x for role, x in found.items() if x is not None}


def _checked(studies: Studies, matrix: Floats) -> Studies:
    scale = np.sqrt(np.diag(matrix))
    correlation = matrix / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(correlation)
    if values[0] < SINGULAR:
        i = int(np.abs(vectors[:, 0]).argmax())
        raise DataError(
            f"{where(studies.labels, i)}: the sampling covariances are too large for the variances, or a row repeats "
            "others: they are no covariance matrix with an inverse. A correlation must lie between -1 and 1."
        )
    matrix.flags.writeable = False
    return replace(studies, covariance=matrix)
