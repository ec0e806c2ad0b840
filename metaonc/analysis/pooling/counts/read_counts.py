"""From a table of counts to arrays, for the models that take counts as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....base.check import columns_exist, labels_of, unnamed, where
from ....base.frames import rows_of, to_pandas
from ....base.labels import join_labels
from ....base.messages.left_out import warned
from ....base.messages.warning import warn
from ....base.numbers import numbers
from ....errors import ColumnError, DataError, DataWarning, OptionError
from ...effects import checks
from ...effects.inputs import study_of
from ...effects.measures import MEASURES
from ...effects.outcomes import refuse_several
from ...effects.roles import COUNTS, ONE_ARM
from ...effects.zeros import SILENT, alike, arms_of, correct, is_time
from ...numeric.wls import Floats
from ...results import patients
from ...results.studies import LeftOut, Studies


class CountTable(NamedTuple):
    """The complete rows of a table of counts."""

    studies: Studies
    counts: dict[str, Floats]
    dropped: tuple[str, ...]  # one sentence a row left out
    halved: tuple[str, ...]  # trials whose own estimate needed 1/2 added; the model does not see it


def read(
    table: Any,
    measure: str,
    roles: tuple[str, ...],
    columns: Mapping[str, str | None],
    study: str | None,
) -> CountTable:
    """Check a table of counts and return its complete rows.

    Parameters
    ----------
    table, study
        As the user gave them.
    measure, roles
        The measure, and the column keywords it needs.
    columns
        Keyword -> column, as the user gave them; None where not given.
    """
    named = _named(measure, roles, columns)
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {**named, "study": study})
    study = study_of(frame, study)
    of_table = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study], of_table)
    names = frame[study].tolist() if study else None
    labels, nameless = labels_of(names, of_table), unnamed(names, of_table)
    c = {role: numbers(frame[column], role, labels, whole=role in COUNTS) for role, column in named.items()}
    checks.counts(c, named, labels, arms_of(roles))
    why = _uninformative(measure, c, _missing(c, named))
    keep = np.array([not reason for reason in why])
    dropped = tuple(f"{where(labels, i)}: {reason}" for i, reason in enumerate(why) if reason)
    if not keep.any():
        raise DataError(_nothing(named, dropped[0]))
    if dropped:
        warn(warned(dropped, len(frame)), DataWarning)
    counts = {role: x[keep] for role, x in c.items()}
    kept = labels.kept(keep)
    yi, vi, rows = _own_effects(measure, roles, counts)
    yi.flags.writeable = vi.flags.writeable = False
    unknown = np.full(len(frame), np.nan)
    left_out = LeftOut.of(labels, keep, unknown, unknown, frame)
    data = frame[keep].reset_index(drop=True)
    refuse_several(data)
    studies = Studies(labels=kept, yi=yi, vi=vi, data=data, roles=named, notes=(*joined, *nameless),
                      left_out=left_out)  # fmt: skip
    patients.refuse_overlap(studies)
    return CountTable(studies, counts, dropped, tuple(kept[i] for i in np.flatnonzero(rows)))


def part_of(studies: Studies, rows: NDArray[np.bool_], measure: str) -> CountTable:
    """Return some of the rows that a pool of counts rests on, as `read` would give them."""
    part = studies.taken(rows)
    counts = {role: part.column(column) for role, column in part.roles.items()}
    halved = np.flatnonzero(_own_effects(measure, tuple(part.roles), counts)[2])
    return CountTable(part, counts, (), tuple(part.labels[i] for i in halved))


def _nothing(named: Mapping[str, str], first: str) -> str:
    if len(named) > 2:
        return f"no row has counts that say anything of the ratio. {first}."
    (_, events), (role, size) = named.items()
    return f"no row has both responders ({events}) and {'person-time' if is_time(role) else 'patients'} ({size})."


def _named(measure: str, roles: tuple[str, ...], columns: Mapping[str, str | None]) -> dict[str, str]:
    usage = ", ".join(f"{role}=..." for role in roles)
    for role in roles:
        if columns.get(role) is None:
            raise ColumnError(f"measure {measure!r} needs {usage}; {role} is not given.")
    for role, column in columns.items():
        if column is not None and role not in roles:
            raise OptionError(f"measure {measure!r} takes {usage}; it has no use for {role}={column!r}.")
    return {role: str(columns[role]) for role in roles}


def _missing(c: Mapping[str, Floats], named: Mapping[str, str]) -> list[str]:
    """Return for each row which column lacks its number, the first one, or nothing."""
    gaps = np.array([np.isnan(c[role]) for role in named])
    return [f"missing: {list(named.values())[int(row.argmax())]}" if row.any() else "" for row in gaps.T]


def _uninformative(measure: str, c: Mapping[str, Floats], why: list[str]) -> list[str]:
    """Add the trials of two arms that say nothing of a ratio: no events in both arms, or only events.

    Of a difference all trials say something, and of a ratio of risks those with events only: that it is 1.
    """
    if len(c) == 2 or MEASURES[measure].scale != "log":
        return why
    silent = SILENT[:1] if measure == "RR" else SILENT
    nothing = [f"{text}: it says nothing of the ratio" if text in silent else "" for text in alike(c)]
    return [reason or text for reason, text in zip(why, nothing, strict=True)]


def _own_effects(measure: str, roles: tuple[str, ...], c: dict[str, Floats]) -> tuple[Floats, Floats, Any]:
    """Return each trial's own effect and variance, and which needed 1/2 added to its cells.

    Proportions stay as they are, infinite too: their intervals are exact ones, from the counts.
    """
    empty = np.zeros(len(c[roles[0]]), dtype=bool)
    if roles != ONE_ARM:
        c, empty = correct(c, 0.5, "only0")
    compute = MEASURES[measure].compute
    assert compute is not None
    with np.errstate(divide="ignore"):
        yi, vi = compute(c)
    return yi, vi, empty


def informative(measure: str, c: Mapping[str, Floats]) -> NDArray[np.bool_]:
    """Return which trials say anything of the measure."""
    silent = _uninformative(measure, c, [""] * len(next(iter(c.values()))))
    return np.array([not reason for reason in silent])


def shares(c: Mapping[str, Floats], roles: tuple[str, ...]) -> Floats:
    """Return each trial's share of all patients, or of all person-time, in percent."""
    size = np.sum([c[role] for role in roles if is_time(role) or role.startswith("n")], axis=0)
    return np.asarray(100 * size / size.sum())
