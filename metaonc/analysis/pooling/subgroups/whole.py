"""The pool of all: of whole trials where rows are subgroups of the same trials, as far as they can be put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import columns_exist
from ....base.frames import to_pandas
from ....base.labels import Joined, find, folded, join_labels
from ....base.messages.warning import warn
from ....errors import DataError, DataWarning
from ...effects.compute import MADE, effect_sizes
from ...effects.roles import COUNTED
from ...effects.zeros import correct
from ...results.pooled import PooledResult
from ...results.repeats import cautions

WHOLE, REPORTED = "all, summed", "all, as reported"  # the level of a row that is a whole trial, summed or reported so
WITHIN = (
    "subgroups are of the same trials, of which the test between them makes no use; a test of interaction compares "
    "them within trials"
)
ALONE = (
    "{alone} in one subgroup alone and {split} in several: the difference between subgroups is of other trials as well "
    "as of other patients; a test of interaction takes the trials in several alone"
)
SUMMED = "for the pool of all, counts were summed over the subgroups of {trials}."
TAKEN = "the pool of all takes {trials} whole, as reported: patients of no known subgroup are among them."
MIXED = (
    "the pool of all takes {k} rows of {trials} trials, which are subgroups of them, as independent: it is no pool of "
    "{k} trials, and has no prediction interval"
)


def reported_whole(reported: Any, study: str, trials: Sequence[str]) -> Joined:
    """Return the table of whole trials with their names as the rows of subgroups write them.

    Parameters
    ----------
    reported
        Table of whole trials.
    study
        Column that names the trial, in both tables.
    trials
        Names of the trials of the rows.

    Raises
    ------
    DataError
        A trial twice, or named as in the rows but for the case of letters.
    """
    given = to_pandas(reported)
    columns_exist(list(given.columns), {"study": study})
    given, notes = join_labels(given, [study])
    labels = given[study].astype(str)
    if labels.duplicated().any():
        raise DataError(f"whole= has trial {labels[labels.duplicated()].iloc[0]!r} twice; give one row a trial.")
    named = {label: find(label, trials) or label for label in labels}
    for label, name in named.items():
        other = next((t for t in trials if folded(t) == folded(name) and name not in trials), None)
        if other is not None:
            raise DataError(
                f"whole= has trial {label!r} and the table {other!r}, which differ only by case: write them alike if "
                "they are one, or add a word to one of them if they are two."
            )
    said = [f"whole=: trial {a!r} is taken as {b!r}, the same but for blanks, dashes or Unicode form."
            for a, b in named.items() if a != b]  # fmt: skip
    if said:
        warn(said[0], DataWarning)
    return Joined(given.assign(**{study: labels.map(named)}), (*notes, *said))


def unused(reported: pd.DataFrame, study: str, rows: PooledResult, overall: PooledResult, by: str) -> tuple[str, ...]:
    """Return a sentence on the whole trials that the pool of all does not take, and why; warn of the first.

    Parameters
    ----------
    reported, study
        Whole trials, as `reported_whole` returns them, and the column of their names.
    rows, overall
        The pool of all rows, and the pool of all.
    by
        Column of the level.
    """
    there, taken = set(rows.studies.labels), set(made_of(overall, by)[0])
    left = [name for name in reported[study] if name not in taken]
    strange, known = ([name for name in left if (name in there) is wanted] for wanted in (False, True))
    said = []
    if strange:
        said.append(f"whole=: no row that is pooled is of {_named(strange)}, which the pool of all does not take.")
    if known:
        why = _why_not(rows, by, list(reported[study]))
        said.append(f"whole=: the pool of all does not take {_named(known)} as reported: {why}.")
    if said:
        warn(said[0], DataWarning)
    return tuple(said)


def _named(trials: Sequence[str]) -> str:
    return f"trial{'s' * (len(trials) > 1)} {', '.join(map(repr, trials))}"


def _why_not(rows: PooledResult, by: str, reported: Sequence[str]) -> str:
    """Say why no whole trial is taken."""
    if rows.studies.covariance is not None:
        return "their rows are pooled by their covariances"
    split = rows.studies.data.groupby(list(rows.studies.labels))[by].nunique() > 1
    if not split.any():
        return f"no trial has rows of several levels of {by}"
    lacking = [name for name in split.index[split] if name not in set(reported)]
    return f"trial {lacking[0]!r} has rows of several levels, but no row in whole= and no counts that can be summed"


def is_split(rows: PooledResult, by: str) -> bool:
    """Return whether rows of one trial stand in several subgroups."""
    cells = zip(rows.studies.labels, rows.studies.data[by].tolist(), strict=True)
    return len(set(cells)) > len(set(rows.studies.labels))


def is_mixed(rows: PooledResult, by: str) -> bool:
    """Return whether such rows are taken as independent: not where their sampling errors are known to correlate."""
    return rows.studies.covariance is None and is_split(rows, by)


def why_not_summed(overall: PooledResult, by: str) -> str:
    """Return why the counts of a mixed pool were not summed over subgroups, where one row more or less decides it."""
    s = overall.studies
    if overall.record.roles not in COUNTED or not set(overall.record.roles) <= set(s.roles):
        return ""
    cells = pd.Series(list(zip(s.labels, s.data[by].astype(str), strict=True)))
    twice = cells[cells.duplicated()]
    if twice.empty:
        return ""
    trial, level = twice.iloc[0]
    return (
        f"; counts are summed over the subgroups of a trial only where each has one row, and {trial} has several of "
        f"{level}"
    )


def whole(
    rows: PooledResult,
    by: str,
    using: Callable[..., PooledResult],
    options: Mapping[str, Any],
    reported: pd.DataFrame | None,
) -> PooledResult:
    """Return the pool of all subgroups.

    Where trials are split over subgroups, whole ones are taken as reported, else their counts are summed. Where there
    are neither, rows stay as they are, without a prediction interval: the variance between them is one of subgroups as
    well as of trials.

    Parameters
    ----------
    rows
        The pool of all rows.
    by
        Column of the level.
    using, options
        How they were pooled.
    reported
        Whole trials, as `reported_whole` returns them; None where there are none.
    """
    if not is_mixed(rows, by):
        return rows
    table = _together(rows, by, options, reported)
    if table is None:
        return without_prediction(rows)
    found = using(table, **options)
    if reported is not None and found.provenance.dropped:
        raise DataError(f"whole=: {found.provenance.dropped[0]}; complete this trial, or take it out of whole=.")
    return found


def without_prediction(rows: PooledResult) -> PooledResult:
    """Return a pool of rows of which the variance between them is one of subgroups as well as of trials."""
    p, again = rows.provenance, cautions(rows.studies, dependent=True)  # the result by subgroup says the rest
    return dataclasses.replace(
        rows, prediction=None, prediction_low=np.nan, prediction_high=np.nan,
        provenance=dataclasses.replace(p, settings={**p.settings, "prediction": None}, cautions=again),
    )  # fmt: skip


def made_of(overall: PooledResult, by: str) -> tuple[list[str], list[str]]:
    """Return the trials of the pool of all that are whole as reported, and those that are summed over subgroups."""
    trials = list(zip(overall.studies.labels, overall.studies.data[by].astype(str), strict=True))
    return [name for name, level in trials if level == REPORTED], [name for name, level in trials if level == WHOLE]


def _together(
    rows: PooledResult, by: str, options: Mapping[str, Any], reported: pd.DataFrame | None
) -> pd.DataFrame | None:
    """Return a row a trial; None where one that is split has neither a whole row nor counts to sum."""
    if reported is None:
        return summed(rows, by, options)
    study = str(options["study"])
    labels = reported[study]
    s = rows.studies
    own = s.data.assign(**{study: list(s.labels)})
    parts = {name: own[own[study] == name] for name in dict.fromkeys(s.labels)}
    lacking = [name for name, part in parts.items() if len(part) > 1 and not (labels == name).any()]
    sums = summed(rows, by, options) if lacking else None
    table = []
    for name, part in parts.items():
        there = reported[labels == name].assign(**{by: REPORTED, study: name})
        if name in lacking:
            if sums is None:
                return None
            there = sums[sums[study].astype(str) == name]
        table.append(part if there.empty else there)
    return pd.concat(table, ignore_index=True)


def summed(rows: PooledResult, by: str, options: Mapping[str, Any]) -> pd.DataFrame | None:
    """Return one row a trial with the sums of its counts, in the order of the table; None where they are not to be had.

    They are not where effects are not those of the counts, such as adjusted ones, where a trial has two rows in one
    subgroup, and where weights or dependence are of single rows.
    """
    s, roles = rows.studies, rows.record.roles
    if roles not in COUNTED:
        return None
    labels = np.array(s.labels)
    counts = {role: s.counts(role) for role in roles}
    given = {role: x for role, x in counts.items() if x is not None and np.isfinite(x).all()}
    single = rows.model_facts.models_dependence or "weights" in options  # what is of single rows has no sum
    if len(given) < len(roles) or single:
        return None
    if pd.DataFrame({"trial": labels, "level": s.data[by].astype(str)}).duplicated().any():
        return None
    compute = rows.record.compute
    if not _takes_counts(rows, options) and (compute is None or not _are_of(compute, given, s.yi, s.vi)):
        return None
    trial = pd.factorize(labels)[0]
    table = _shared(s.data, trial).assign(**{s.roles[role]: np.bincount(trial, x) for role, x in given.items()})
    one = s.data[by].groupby(trial).nunique() == 1  # a trial of one subgroup stays in it
    table = table.assign(**{by: table[by].astype(object).where(one, WHOLE)})
    return table if _takes_counts(rows, options) else _effects(table, rows, options)


def _shared(data: pd.DataFrame, trial: Any) -> pd.DataFrame:
    """Return a row a trial with what all of its rows say alike, missing where they do not."""
    first = np.unique(trial, return_index=True)[1]
    differing = np.zeros((len(first), data.shape[1]), dtype=bool)
    for i, (_, column) in enumerate(data.items()):
        cells = pd.factorize(column)[0]  # -1 where there is none
        differing[trial[cells != cells[first[trial]]], i] = True
    return data.iloc[first].mask(differing).reset_index(drop=True)


def _effects(table: pd.DataFrame, rows: PooledResult, options: Mapping[str, Any]) -> pd.DataFrame:
    """Return the effects of summed counts, in the columns of the table that was pooled."""
    roles: Any = {role: rows.studies.roles[role] for role in rows.record.roles}
    bare = table.drop(columns=[name for name in MADE if name in table])
    found: pd.DataFrame = effect_sizes(bare, measure=rows.measure, study=options["study"], **roles)
    return found.rename(columns={name: options.get(name, name) for name in ("yi", "vi")})


def _takes_counts(rows: PooledResult, options: Mapping[str, Any]) -> bool:
    return all(role in options for role in rows.record.roles)


def _are_of(compute: Callable[..., Any], counts: dict[str, Any], yi: Any, vi: Any) -> bool:
    """Return whether effects are those of the counts, with 1/2 added where a cell is empty."""
    with np.errstate(divide="ignore", invalid="ignore"):
        y, v = compute(correct(counts, 0.5, "only0")[0])
    return bool(np.allclose(y, yi, rtol=1e-9, atol=0) and np.allclose(v, vi, rtol=1e-9, atol=0))
