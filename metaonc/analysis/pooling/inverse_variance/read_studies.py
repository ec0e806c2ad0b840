"""Tables of effects and their variances, read for every verb that pools them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import LARGEST, Labels, columns_exist, labels_of, one_of, refuse, refuse_beyond, unnamed, where
from ....base.frames import rows_of, to_pandas
from ....base.labels import join_labels
from ....base.messages.advice import option, setting
from ....base.messages.left_out import warned
from ....base.messages.warning import warn
from ....base.numbers import numbers
from ....base.words import some
from ....errors import DataError, DataWarning, OptionError
from ...effects import inputs
from ...effects.by_count import not_of_counts
from ...effects.measures import MEASURES, Measure
from ...effects.outcomes import refuse_several
from ...effects.ranges import refuse_outside
from ...effects.roles import COUNTED, COUNTS
from ...numeric.wls import Floats
from ...results.studies import LeftOut, Studies

GENERIC = "GEN"  # of an effect of which nothing is known, and so contradicted by nothing
STANDARD_ERRORS = ("se", "sei", "sete", "se_yi", "stderr", "std_err", "std_error", "standard_error", "se_loghr")


def read_studies(
    table: Any,
    yi: str,
    vi: str,
    study: str | None,
    measure: str | None,
    *,
    units: Sequence[str] = (),
    apart: Sequence[str] = (),
) -> tuple[Studies, str, tuple[str, ...]]:
    """Check a table of effects; return its complete rows, the measure, and a sentence for each row left out.

    Labels in the columns of the study and of other `units` are joined where only their writing differs. Rows are of one
    outcome, unless that is among the columns `apart` that the model tells apart.
    """
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {"yi": yi, "vi": vi, "study": study})
    if vi.lower() in STANDARD_ERRORS:
        raise OptionError(f"vi={vi!r} names standard errors; square them into a column of sampling variances.")
    study = inputs.study_of(frame, study)
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study, *units], rows)
    names = frame[study].tolist() if study else None
    labels, nameless = labels_of(names, rows), unnamed(names, rows)
    y, v = numbers(frame[yi], yi, labels), numbers(frame[vi], vi, labels)
    there = (np.abs(y) <= LARGEST) & (v <= LARGEST) & (v >= 1 / LARGEST)
    if not there.all():
        _refuse_values(y, v, yi, vi, labels)
        there = np.isfinite(y) & np.isfinite(v)
    code = _measure_of(frame, measure)
    refuse_outside(y, yi, MEASURES[code], labels)
    if not there.any():
        raise DataError(f"no row has both an effect ({yi}) and a sampling variance ({vi}).")
    dropped = tuple(f"{where(labels, int(i))}: {_why(frame, int(i), yi, vi)}" for i in np.flatnonzero(~there))
    left_out = LeftOut.of(labels, there, y, v, frame)
    if dropped:
        warn(warned(dropped, len(frame)), DataWarning)
        frame, y, v = frame[there].reset_index(drop=True), y[there], v[there]
        labels = labels.kept(there)
    refuse_several(frame, apart)
    y.flags.writeable = v.flags.writeable = False
    roles, level, notes = inputs.read(frame, MEASURES[code], study)
    if lost := _changed(frame, MEASURES[code], roles, labels, y, v):
        roles, notes = {}, (lost, *notes)
    studies = Studies(
        labels=labels, yi=y, vi=v, data=frame, roles=roles, reported_level=level, notes=(*joined, *nameless, *notes),
        left_out=left_out,
    )  # fmt: skip
    return studies, code, dropped


def _refuse_values(y: Floats, v: Floats, yi: str, vi: str, labels: Labels) -> None:
    """Refuse effects and variances that are no such thing; those that are missing are left to the caller."""
    refuse(np.isinf(y), labels, lambda i: f"{yi}={y[i]} is infinite; if a cell of its counts is empty, correct it "
           "(effect_sizes with add=) or use pool_glmm; else leave the row out.")  # fmt: skip
    refuse(v <= 0, labels, lambda i: f"{vi}={v[i]:g} is not above 0; a sampling variance is a squared standard error.")
    refuse(np.isinf(v), labels, lambda i: f"{vi} is infinite: the trial says nothing; leave it out.")
    refuse_beyond(y, yi, labels)
    refuse_beyond(v, vi, labels, 1 / LARGEST)


def _why(frame: pd.DataFrame, row: int, yi: str, vi: str) -> str:
    """Say why a row has no effect: the route says what lacks or why it was left out, where there is one."""
    route = str(frame["route"].iloc[row]) if "route" in frame.columns else ""
    return (
        route if route.startswith(("missing", "left out")) else f"missing: {yi if pd.isna(frame[yi].iloc[row]) else vi}"
    )


def _changed(
    frame: pd.DataFrame, record: Measure, roles: Mapping[str, str], labels: Labels, y: Floats, v: Floats
) -> str:
    """Return why the counts of a table are left out: its effects are not those of its counts; empty where they are."""
    if record.roles not in COUNTED or not set(record.roles) <= set(roles) or "route" not in frame.columns:
        return ""
    counts = {role: numbers(frame[roles[role]], roles[role], labels, whole=role in COUNTS) for role in record.roles}
    bad = np.flatnonzero(not_of_counts(record, counts, frame["route"].tolist(), y, v))
    if not len(bad):
        return ""
    whose = some([labels[i] for i in bad])
    return (f"the counts of the table are left out: those of {whose} do not give the effect; they were changed after "
            "it, or it after them. Make effects of them anew with effect_sizes.")  # fmt: skip


def _measure_of(frame: pd.DataFrame, measure: str | None) -> str:
    """Return the code that the caller gives, or the one that the table's column ``measure`` holds in every row."""
    if measure is not None:
        return _not_contradicted(frame, one_of("measure", measure, MEASURES))
    if "measure" not in frame.columns:
        return GENERIC
    codes = frame["measure"].unique()
    if len(codes) > 1:
        raise DataError(f"the table mixes the measures {', '.join(map(str, codes))}; pool one at a time.")
    return one_of("measure", codes[0], MEASURES)


def _not_contradicted(frame: pd.DataFrame, measure: str) -> str:
    """Return the code that the caller gives, or raise a DataError where the table says that yi is another measure."""
    codes = map(str, frame["measure"].unique() if "measure" in frame.columns else ())
    others = [code for code in codes if code in MEASURES and code not in (measure, GENERIC)]
    if others and measure != GENERIC:
        raise DataError(
            f"{setting('measure', measure)}, and the column measure says {', '.join(others)}: values of one are not of "
            f"the other. Leave {option('measure')} out, or drop the column if it is wrong."
        )
    return measure
