"""Rows of a table of events, with what is done about empty cells and what each row records of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...base.check import where
from ...errors import DataError
from . import checks
from .measures import Measure
from .zeros import alike, arms_of, correct, is_time

ROUNDED = 5e-3  # what is left where effects were written with two digits after the point


class ZeroCells(NamedTuple):
    """What is done about empty cells: the options of ``effect_sizes``."""

    add: float
    to: str
    drop00: bool


def obtain(
    record: Measure, c: Mapping[str, Any], columns: Mapping[str, str], labels: Sequence[str], zeros: ZeroCells
) -> tuple[Any, Any, list[str]]:
    """Return each row's effect and variance from its counts, and how the row was obtained.

    Parameters
    ----------
    record
        A measure of counts.
    c
        Role -> numbers, (k,).
    columns
        Role -> column, as the user gave them.
    labels
        One a row.
    zeros
        What is done about empty cells.

    Raises
    ------
    DataError
        Counts that cannot be true; an empty cell that makes the effect infinite or certain.
    """
    arms = arms_of(record.roles)
    checks.counts(c, columns, labels, arms)
    left_out = alike(c) if zeros.drop00 else [""] * len(labels)
    # before any correction: a trial left out is no reason to correct the others
    counts = {role: np.where([bool(reason) for reason in left_out], np.nan, x) for role, x in c.items()}
    corrected = np.zeros(len(labels), dtype=bool)
    if record.corrected:
        counts, corrected = correct(counts, zeros.add, zeros.to)
    assert record.compute is not None
    with np.errstate(divide="ignore", invalid="ignore"):  # missing rows, and boundaries that are refused next
        yi, vi = record.compute(counts)
    _refuse_boundary(record, yi, vi, labels)
    route = " and ".join("/".join(arm) for arm in arms)
    what = "the events" if is_time(record.roles[1]) else "each cell"
    texts = [route + (f", {zeros.add:g} added to {what}" if changed else "") for changed in corrected]
    texts = [f"left out: {why}" if why else text for why, text in zip(left_out, texts, strict=True)]
    return yi, np.where(np.isnan(yi), np.nan, vi), _missing(texts, c, columns)


def not_of_counts(record: Measure, c: Mapping[str, Any], routes: Sequence[Any], yi: Any, vi: Any) -> NDArray[np.bool_]:
    """Return the rows whose effect and variance are not those of their counts, but for rounding.

    Rows without all counts, and those whose route is none of counts, are not asked.

    Parameters
    ----------
    record
        A measure of counts.
    c
        Role -> numbers, (k,).
    routes
        How each row was obtained, as `obtain` writes it: what was added stands there.
    yi, vi
        Effects and variances, (k,).
    """
    assert record.compute is not None
    start = " and ".join("/".join(arm) for arm in arms_of(record.roles))
    told = [str(route).removeprefix(start) if str(route).startswith(start) else None for route in routes]
    added = [re.search(r"([\d.e-]+) added to", rest or "") for rest in told]
    more = np.array([float(found[1]) if found else 0.0 for found in added])
    with np.errstate(divide="ignore", invalid="ignore"):  # empty cells of rows that are not asked
        y, v = record.compute(correct(c, more, "all")[0])
    asked = np.isfinite([*c.values(), yi, vi]).all(axis=0) & np.array([rest is not None for rest in told])
    same = np.isclose(y, yi, rtol=ROUNDED, atol=ROUNDED) & np.isclose(v, vi, rtol=ROUNDED, atol=ROUNDED)
    return np.asarray(asked & ~same)


def _refuse_boundary(record: Measure, yi: Any, vi: Any, labels: Sequence[str]) -> None:
    bad = np.isinf(yi) | np.isinf(vi) | (vi == 0)
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"{where(labels, row)}: an empty cell makes measure {record.code!r} infinite or certain; "
            "use to='only0', or a model that needs no correction (pool_glmm)."
        )


def _missing(texts: Sequence[str], c: Mapping[str, Any], columns: Mapping[str, str]) -> list[str]:
    """Replace the text of rows that lack a number by what lacks."""
    out = list(texts)
    for role in reversed(list(columns)):
        for row in np.flatnonzero(np.isnan(c[role])):
            out[int(row)] = f"missing: {columns[role]}"
    return out
