"""The rows that differences between subgroups rest on: one effect a trial and level, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...base.caution import Caution
from ...base.check import columns_exist
from ...base.frames import rows_of, to_pandas
from ...base.labels import alike, blanks, find, join_labels
from ...errors import DataError, OptionError
from ..effects.inputs import study_of
from ..effects.measures import Measure
from ..effects.zeros import has_correction
from ..numeric.mixed_model import Ints
from ..numeric.wls import Floats
from ..pooling.inverse_variance.read_studies import read_studies
from ..results.cautions import corrected, like_one
from ..results.patients import Overlap, overlaps


class Rows(NamedTuple):
    """Effects and variances (n,) of trials' levels; trials and levels as codes from 0, level 0 the reference."""

    y: Floats
    v: Floats
    trial: Ints
    level: Ints

    @property
    def sizes(self) -> Ints:
        """Number of levels that each trial reports."""
        return np.bincount(self.trial)

    def members(self) -> list[Ints]:
        """Return the rows of each trial."""
        return [np.flatnonzero(self.trial == code) for code in range(len(self.sizes))]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reports:
    """What trials report of the levels asked for.

    Attributes
    ----------
    rows, labels
        The effects as numbers, and the names of the trials.
    levels
        Names of the levels, the reference first.
    frame
        The rows themselves, with columns for `trial`, `by`, `yi`, `vi`.
    columns
        Keywords of ``pool`` by which the frame is read.
    by, measure
        Column of the levels; code of the measure.
    rows_in
        Rows of the table that was given.
    dropped
        A sentence for each row or kind of row that is left out.
    joined
        A sentence for each label that is written in two ways.
    unnamed
        A sentence that says which level is compared with which, where nobody named them.
    like
        Level -> the one of `levels` that it looks one with, whether it is one of them too or left out.
    """

    rows: Rows
    labels: tuple[str, ...]
    levels: tuple[str, ...]
    frame: pd.DataFrame = field(repr=False)
    columns: dict[str, Any]
    by: str
    measure: str
    rows_in: int
    dropped: tuple[str, ...]
    joined: tuple[str, ...]
    unnamed: tuple[str, ...] = ()
    like: dict[str, str] = field(default_factory=dict)

    def cautions(self) -> list[Caution]:
        """Return the cautions of levels left out that look like those compared; of these the pools of levels tell."""
        out = ((other, one) for other, one in self.like.items() if other not in self.levels)
        return [Caution(text=like_one(self.by, one, other, f"{other} is left out")) for other, one in out]

    def of_corrections(self, record: Measure) -> list[Caution]:
        """Return the cautions of continuity corrections: of trials with several levels, and of those with one alone.

        Differences within trials rest on the former.
        """
        changed = np.unique(self.rows.trial[has_correction(self.frame)])
        several = self.rows.sizes > 1
        alone = int((~several[changed]).sum())
        found = corrected(int(several[changed].sum()), int(several.sum()), record)
        if alone:
            who = "a trial" if alone == 1 else f"{alone} trials"
            found.append(Caution(
                text=f"{who} with one level alone entered with a continuity correction, on which the difference across "
                "trials and the effects of the levels depend, and the difference within trials does not"
            ))  # fmt: skip
        return found

    def notes(self) -> tuple[str, ...]:
        """Return what is to be said: levels that nobody named, trials of one level only, labels joined."""
        alone = [repr(self.labels[i]) for i in np.flatnonzero(self.rows.sizes == 1)]
        if not alone:
            return self.unnamed + self.joined
        what = "trial reports" if len(alone) == 1 else "trials report"
        return (
            *self.unnamed,
            f"{len(alone)} {what} one level only, informing the floating effects but not the difference within "
            f"trials: {', '.join(alone)}.",
            *self.joined,
        )


def read(
    table: Any,
    *,
    study: str | None,
    by: str,
    yi: str,
    vi: str,
    measure: str | None,
    levels: tuple[str, ...],
    option: str,
) -> Reports:
    """Return the complete rows of the levels, each trial and level there once; without levels of the two there are."""
    frame = to_pandas(table)
    frame.index = pd.Index(rows_of(table, len(frame)))  # what is said of rows are the table's numbers
    study = study_of(frame, study)
    if study is None:
        raise OptionError(
            "say which column names the trials: study=...; rows of one trial are compared with each other. "
            f"Columns: {', '.join(map(str, frame.columns))}."
        )
    columns_exist(list(frame.columns), {"study": study, "by": by, "yi": yi, "vi": vi})
    frame, joined = join_labels(frame, [study, by], rows_of(table, len(frame)))
    for column, what in ((study, "trial"), (by, by)):
        lacking = np.flatnonzero(blanks(frame[column]))
        if len(lacking):
            raise DataError(
                f"row {frame.index[lacking[0]]} has no {what} (column {column!r}); name it, or take the row out."
            )
    unnamed: tuple[str, ...] = ()
    if not levels:
        levels, unnamed = _two(frame[by], by)
    known = list(dict.fromkeys(frame[by].astype(str)))
    asked, levels = levels, tuple(find(name, known) or name for name in levels)
    for name in asked:
        if find(name, known) is None:
            raise DataError(f"{option} names {name!r}, which is not a level of {by!r}; it has {known}.")
    if len(set(levels)) < len(levels):
        raise DataError(f"{option} names {max(levels, key=levels.count)!r} twice: {asked}.")
    _once(frame, study, by, levels)
    studies, code, dropped = read_studies(frame, yi, vi, study, measure, apart=(by,))
    names = studies.data[by].astype(str)
    for name in levels:
        if not (names == name).any():
            raise DataError(f"no row of {by} {name!r} has both an effect ({yi}) and a sampling variance ({vi}).")
    here = names.isin(levels).to_numpy()
    kept = studies.data[here].reset_index(drop=True)
    labels = [label for label, keep in zip(studies.labels, here, strict=True) if keep]
    _apart(overlaps(labels, kept, by), option)
    order = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    trial = np.array([order[label] for label in labels], dtype=np.int64)
    level = np.array([levels.index(name) for name in names[here]], dtype=np.int64)
    others = names[~here].value_counts(sort=False)
    left = tuple(f"{n} row{'s' * (n > 1)} of {by} {name!r}: not in {option}" for name, n in others.items())
    return Reports(
        rows=Rows(studies.yi[here], studies.vi[here], trial, level), labels=tuple(order), levels=levels, frame=kept,
        columns={"study": study, "yi": yi, "vi": vi, "measure": code}, by=by, measure=code, rows_in=len(frame),
        dropped=left + dropped, joined=joined, unnamed=unnamed,
        like={other: one for other, one in alike([*levels, *others.index]).items() if one in levels},
    )  # fmt: skip


def _two(values: pd.Series[Any], by: str) -> tuple[tuple[str, str], tuple[str]]:
    """Return the two levels of a column, the reference first, as regress takes them, and the sentence that says so."""
    found = pd.Categorical(values).remove_unused_categories().categories
    names = [str(name) for name in found]
    if len(names) != 2:
        which = "one level" if len(names) == 1 else f"{len(names)} levels"
        raise OptionError(
            f"{by!r} has {which}, {names}: name two by contrast=(first, second), or more by levels=(reference, ...)."
        )
    reference, other = names
    order = "the categories" if isinstance(values.dtype, pd.CategoricalDtype) else "sorted order"
    said = f"{reference}, the first in {order}, is the reference; no contrast was named."
    return (reference, other), (said,)


def _apart(found: list[Overlap], option: str) -> None:
    """Refuse levels that share patients within a trial: their effects are not independent, as the difference takes."""
    if found:
        raise DataError(
            f"{found[0]}: they are no independent groups, and their difference has another variance. Name in "
            f"{option} levels of different patients, such as a level and its complement, not the whole or a part of it."
        )


def _once(frame: pd.DataFrame, study: str, by: str, levels: tuple[str, ...]) -> None:
    """Refuse a trial that reports one of the levels twice."""
    seen = set[tuple[str, str]]()
    for row, trial, level in zip(frame.index, frame[study].map(str), frame[by].map(str), strict=True):
        if level in levels and (trial, level) in seen:
            raise DataError(
                f"trial {trial!r} reports level {level!r} twice (row {row}); keep one row of the same patients."
            )
        seen.add((trial, level))
