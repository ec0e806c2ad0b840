"""Log hazard ratios of trials by each kind of evidence, one row a trial and kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....base.check import columns_exist, labels_of, refuse
from ....base.frames import rows_of, to_pandas
from ....base.labels import join_labels
from ....base.numbers import numbers
from ....errors import DataError
from ...effects.inputs import study_of
from ...effects.outcomes import refuse_several
from ...effects.route import REPORTED
from ...survival.cox.partial_likelihood import event_times, has_maximum, log_rank, maximise
from ...survival.cox.result import LogHazardRatio
from ..names import study_column
from ..one_stage.evidence import read_trials

COLUMNS = ["study", "source", "route", "yi", "vi"]
COUNTS = ("events_t", "n_t", "events_c", "n_c")


class Found(NamedTuple):
    """Rows (`COLUMNS`) of a kind of evidence, with what was dropped, corrected, joined or doubtful in it."""

    rows: pd.DataFrame
    dropped: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def of_patients(table: Any, columns: Mapping[str, Any], control: Any, ties: str) -> Found:
    """Return each trial's Cox model; where its ratio is 0 or infinite, the log-rank test's one-step estimate."""
    found = read_trials(table, **columns, control=control, ties=ties)
    rows, said = [], []
    for t in found.trials:
        if has_maximum(t.terms):
            y, se = maximise(t.terms)
            route = f"patients: Cox, {ties} ties"
        else:
            test = log_rank(event_times(t.treatment, t.control))
            y, se, route = test.o_minus_e / test.v, test.v**-0.5, "patients: log-rank O - E and V"
            said.append(f"trial {t.label!r}: all events are of one arm; its effect is the log-rank test's O - E over "
                        "V, which is finite")  # fmt: skip
        rows.append((t.label, "patients", route, y, se**2))
    return Found(pd.DataFrame(rows, columns=COLUMNS), found.dropped, tuple(said), found.notes,
                 found.doubts(times=False))  # fmt: skip


def of_figures(results: Mapping[Any, Any]) -> Found:
    """Return hazard ratios that were made of figures: trial -> result."""
    rows = []
    for name, result in results.items():
        if not isinstance(result, LogHazardRatio):
            raise DataError(f"trial {name!r}: a hazard ratio is wanted, as of hazard_ratio_of_ensemble, "
                            f"hazard_ratio_from_curves or hazard_ratio, not {type(result).__name__}.")  # fmt: skip
        row = result.row(study=str(name))
        rows.append((row["study"], "figures", f"figure: {row['route']}", row["yi"], row["vi"]))
    return Found(pd.DataFrame(rows, columns=COLUMNS))


def of_reports(table: Any, study: str | None) -> Found:
    """Return what ``effect_sizes`` made of reports."""
    frame = to_pandas(table)
    study = study_column(frame.columns, study_of(frame, study))
    columns_exist(list(frame.columns), {"study": study, "yi": "yi", "vi": "vi"})
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study], rows)
    labels = labels_of(frame[study].tolist(), rows)
    if "measure" in frame.columns and set(frame["measure"].dropna()) - {"HR"}:
        raise DataError(f"reported= holds measures other than HR: {sorted(set(frame['measure'].dropna()))}.")
    y, v = numbers(frame["yi"], "yi", labels), numbers(frame["vi"], "vi", labels)
    there = np.isfinite(y) & np.isfinite(v)
    refuse(v <= 0, labels, lambda i: f"vi={v[i]:g} is not above 0.")
    refuse_several(pd.DataFrame(frame[there]))
    dropped = tuple(f"trial {labels[i]!r}: no reported hazard ratio with a variance" for i in np.flatnonzero(~there))
    route = frame["route"].astype(str) if "route" in frame.columns else pd.Series("hazard ratio", index=frame.index)
    found = pd.DataFrame({"study": list(labels), "source": "reported", "route": REPORTED + route, "yi": y, "vi": v})
    return Found(pd.DataFrame(found[there]), dropped, (), joined)


def of_counts(table: Any, study: str | None) -> Found:
    r"""Return complementary log-log differences of two arms' events.

    .. math:: y = \log\frac{-\log(1 - p_1)}{-\log(1 - p_0)}, \quad v = \sum \frac{p}{n (1 - p) \log^2(1 - p)}
    """
    frame = to_pandas(table)
    study = study_column(frame.columns, study)
    columns_exist(list(frame.columns), {"study": study, **{name: name for name in COUNTS}})
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study], rows)
    labels = labels_of(frame[study].tolist(), rows)
    refuse_several(frame)
    held = {name: numbers(frame[name], name, labels, whole=True) for name in COUNTS}
    for name, x in held.items():
        refuse(~(x >= 0) | (x != np.round(x)) | np.isinf(x), labels, lambda i, name=name, x=x: f"{name}={x[i]:g} is no "
               "count.")  # fmt: skip
    y, v, changed = np.zeros(len(frame)), np.zeros(len(frame)), np.zeros(len(frame), dtype=bool)
    for arm in ("t", "c"):
        d, n = held[f"events_{arm}"], held[f"n_{arm}"]
        refuse((d > n) | (n == 0), labels, lambda i, arm=arm, d=d, n=n: f"events_{arm}={d[i]:g} of n_{arm}={n[i]:g} "
               "patients cannot be.")  # fmt: skip
        changed |= (d == 0) | (d == n)
    for arm, sign in (("t", 1.0), ("c", -1.0)):
        d, n = (held[f"{name}_{arm}"] + np.where(changed, more, 0.0) for name, more in (("events", 0.5), ("n", 1.0)))
        p = d / n
        y += sign * np.log(-np.log1p(-p))
        v += p / (n * (1 - p) * np.log1p(-p) ** 2)
    said = tuple(f"trial {labels[i]!r}: an arm without events, or all with one; 0.5 added to each cell"
                 for i in np.flatnonzero(changed))  # fmt: skip
    found = pd.DataFrame({"study": list(labels), "source": "counts", "route": "counts: complementary log-log", "yi": y,
                          "vi": v})  # fmt: skip
    return Found(found, (), said, joined)
