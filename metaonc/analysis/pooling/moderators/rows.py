"""The rows of a model with moderators, read: complete ones, with the design matrix that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....base.check import labels_of, where
from ....base.frames import rows_of, to_pandas
from ....base.labels import join_labels
from ....base.messages.left_out import warned
from ....base.messages.warning import warn
from ....base.numbers import numbers
from ....errors import DataError, DataWarning
from ...effects.inputs import study_of
from ...results.studies import LeftOut, Studies
from ..inverse_variance.read_studies import read_studies
from .coefficients import INTERCEPT
from .columns import read_moderators
from .design import Design, design
from .formula import variables


class Rows(NamedTuple):
    """Rows with effect, variance and moderators, their design, the measure's code, and why others were left out."""

    studies: Studies
    design: Design
    measure: str
    dropped: tuple[str, ...]


def read_rows(
    table: Any, formula: str, *, yi: str, vi: str, study: str | None, measure: str | None, units: Sequence[str] = ()
) -> Rows:
    """Return the rows of a table that a model with moderators rests on, with a warning of those left out.

    Parameters
    ----------
    table, formula, yi, vi, study, measure
        As ``regress`` takes them.
    units
        Columns of units, whose labels are joined as those of trials are.
    """
    frame = to_pandas(table)
    study = study_of(frame, study)
    names, rows = variables(formula, frame), rows_of(table, len(frame))
    frame, joined = read_moderators(frame, names, rows)
    frame, of_trials = join_labels(frame, [study], rows)
    frame.index = pd.Index(rows)  # what is said of rows are the table's numbers
    there = frame[names].notna().to_numpy().all(axis=1)
    if not there.any():
        raise DataError("no row has all moderators.")
    own = study or (units[0] if units else None)
    studies, code, dropped = read_studies(frame[there], yi, vi, own, measure, units=units, apart=[*names, *units])
    if not there.all():
        labels = labels_of(frame[own].tolist() if own else None, frame.index.tolist())
        lacking = tuple(f"{where(labels, int(i))}: a moderator is missing" for i in np.flatnonzero(~there))
        warn(warned(lacking, len(frame)), DataWarning)
        dropped = (*lacking, *dropped)
        y, v = (numbers(frame[column], column, labels) for column in (yi, vi))
        left_out = LeftOut.of(labels, there & np.isfinite(y) & np.isfinite(v), y, v, frame)
        studies = replace(studies, left_out=left_out)
    studies = replace(studies, notes=(*joined, *of_trials, *studies.notes))
    return Rows(studies, design(formula, studies.data), code, dropped)


def few_rows(k: int, d: Design) -> tuple[str, ...]:
    """Return the note of fewer than ten rows a moderator."""
    moderators = sum(name != INTERCEPT for name in d.names)
    if k >= 10 * moderators:
        return ()
    terms = f"{moderators} term{'s' * (moderators > 1)} of moderators"
    return (f"{k} rows for {terms}: fewer than ten each; read it as exploration.",)
