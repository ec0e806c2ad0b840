"""Two arms of each trial as counts: read for a pool that needs no correction, and what such a pool returns."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..._check import columns_exist, labels_of, numbers, where
from ..._frames import to_pandas
from ..._result import Provenance
from ...errors import ColumnError, DataError, DataWarning, OptionError
from ..distributions import chi2_p, critical, two_sided_p
from ..effects import checks
from ..effects.measures import MEASURES
from ..effects.zeros import arms_of, correct, is_time
from . import rcode
from .results import PooledResult, Studies, pooled_lines
from .wls import Floats

Counts = Mapping[str, Any]
R_COLUMNS = ("x1", "n1", "x2", "n2")


class Arms(NamedTuple):
    """Counts of the complete rows by role, the trials with their own effects, and a sentence for each row left out."""

    counts: dict[str, Floats]
    studies: Studies
    dropped: tuple[str, ...]


class Pooled(NamedTuple):
    """A pooled effect with its variance, each trial's weight (in any unit), and Q with its degrees of freedom."""

    estimate: float
    variance: float
    weights: Floats
    q: float
    q_df: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CommonEffectResult(PooledResult):
    """A pool of counts with one effect common to all trials: tau² is 0 by the model, not by estimate.

    A trial without events in both arms, or with events in all patients, has no effect of its own: its yi and vi are
    missing.

    Attributes
    ----------
    q, q_df, q_p
        Test that trials have one effect.
    i2, h2
        100 (Q - df)/Q, not below 0, and Q/df; NaN with fewer than two effects.
    """

    q: float
    q_df: int
    q_p: float
    i2: float
    h2: float

    def glance(self) -> pd.DataFrame:
        """Return one row: sizes, heterogeneity."""
        names = ("k", "tau2", "i2", "h2", "q", "q_df", "q_p", "method", "ci", "level", "measure")
        return pd.DataFrame({name: [getattr(self, name)] for name in names})

    def _lines(self) -> list[str]:
        if not self.q_df:
            return pooled_lines(self)
        return [*pooled_lines(self), f"I² {self.i2:.1f} %, Q {self.q:.4g} ({self.q_df} df), p {self.q_p:.3g}"]

    def _r_data(self) -> str:
        """Return the R statement that makes the data frame ``dat``."""
        s = self.studies
        columns = dict(zip(R_COLUMNS, (s.data[column] for column in s.roles.values()), strict=True))
        return rcode.data_frame("dat", {"study": s.labels, **columns})


def read_arms(
    table: Any, measure: str, columns: Mapping[str, str | None], study: str | None, to: str = "only0"
) -> Arms:
    """Check a table of counts of two arms; `to` picks the rows whose own effect is corrected, by 0.5 a cell."""
    record = MEASURES[measure]
    roles = _roles(measure, columns)
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {**roles, "study": study})
    labels = labels_of(frame[study].tolist() if study else None, len(frame))
    c = {role: numbers(frame[column].tolist(), role, labels) for role, column in roles.items()}
    checks.counts(c, roles, labels, arms_of(record.roles))
    there: NDArray[np.bool_] = np.isfinite(np.array(list(c.values()))).all(axis=0)
    if not there.any():
        raise DataError(f"no row has all of {', '.join(roles.values())}.")
    dropped = tuple(_left_out(c, roles, labels, int(i)) for i in np.flatnonzero(~there))
    if dropped:
        warnings.warn(f"{len(dropped)} of {len(frame)} rows left out. {dropped[0]}", DataWarning, stacklevel=3)
    frame = frame[there].reset_index(drop=True)
    c = {role: x[there] for role, x in c.items()}
    yi, vi = own_effects(measure, c, to)
    yi.flags.writeable = vi.flags.writeable = False
    studies = Studies(
        labels=tuple(label for label, keep in zip(labels, there, strict=True) if keep),
        yi=yi, vi=vi, data=frame, roles=roles,
    )  # fmt: skip
    return Arms(c, studies, dropped)


def _roles(measure: str, columns: Mapping[str, str | None]) -> dict[str, str]:
    needed = MEASURES[measure].roles
    for role, column in columns.items():
        if column is None and role in needed:
            raise ColumnError(f"measure {measure!r} needs {', '.join(needed)}; {role} is not given.")
        if column is not None and role not in needed:
            raise OptionError(f"measure {measure!r} takes {', '.join(needed)}; it has no use for {role}={column!r}.")
    return {role: str(columns[role]) for role in needed}


def _left_out(c: Counts, roles: Mapping[str, str], labels: list[str], row: int) -> str:
    lack = next(column for role, column in roles.items() if np.isnan(c[role][row]))
    return f"{where(labels, row)}: missing: {lack}"


def own_effects(measure: str, c: Counts, to: str) -> tuple[Floats, Floats]:
    """Return each trial's own effect and variance, as metafor shows them.

    They are missing where both arms have no events, or have them in all patients.
    """
    record = MEASURES[measure]
    assert record.compute is not None
    arms = arms_of(record.roles)
    alike = np.all([c[x] == 0 for x, _ in arms], axis=0)
    if not is_time(arms[0][1]):
        alike |= np.all([c[x] == c[n] for x, n in arms], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = record.compute(correct(c, 0.5, to)[0])
    return np.where(alike, np.nan, yi), np.where(alike, np.nan, vi)


def common_effect(
    arms: Arms, pooled: Pooled, *, verb: str, measure: str, method: str, level: float, notes: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the fields of a ``CommonEffectResult``.

    Raises
    ------
    DataError
        When the effect is infinite or has no variance: an arm without events in all trials together.
    """
    k, record = len(arms.studies.yi), MEASURES[measure]
    if not (np.isfinite(pooled.estimate) and pooled.variance > 0):
        sums = ", ".join(f"{role} {x.sum():g}" for role, x in arms.counts.items())
        raise DataError(
            f"over all {k} trial{'s' * (k != 1)} ({sums}) the {record.natural} is 0, infinite or without variance; "
            "no pool of these counts has an interval: report them as they are."
        )
    se = float(np.sqrt(pooled.variance))
    half = float(critical(level)) * se
    several = pooled.q_df > 0
    weights = 100 * pooled.weights / pooled.weights.sum()
    weights.flags.writeable = False
    return {
        "estimate": pooled.estimate, "se": se, "ci_low": pooled.estimate - half, "ci_high": pooled.estimate + half,
        "statistic": pooled.estimate / se, "df": np.inf, "p_value": float(two_sided_p(pooled.estimate / se)),
        "tau2": 0.0, "prediction_low": np.nan, "prediction_high": np.nan, "k": k, "level": level,
        "measure": measure, "method": method, "ci": "wald", "prediction": None, "weights": weights,
        "studies": arms.studies, "q": pooled.q, "q_df": pooled.q_df, "q_p": float(chi2_p(pooled.q, pooled.q_df)),
        "i2": _i2(pooled),
        "h2": pooled.q / pooled.q_df if several else np.nan,
        "provenance": Provenance(
            verb=verb,
            settings={"measure": measure, "method": method, "ci": "wald", "level": level},
            rows_in=k + len(arms.dropped),
            rows_used=k,
            dropped=arms.dropped,
            notes=(*notes, *_notes(arms)),
        ),
    }  # fmt: skip


def _i2(pooled: Pooled) -> float:
    if pooled.q_df < 1:
        return np.nan
    return 100 * max(pooled.q - pooled.q_df, 0.0) / pooled.q if pooled.q > 0 else 0.0


def _notes(arms: Arms) -> list[str]:
    notes = []
    none = [label for label, y in zip(arms.studies.labels, arms.studies.yi, strict=True) if np.isnan(y)]
    if none:
        notes.append(f"no effect of its own, both arms being without events or all events: {', '.join(none)}.")
    if len(set(arms.studies.labels)) < len(arms.studies.labels):
        notes.append("a trial that gives more than one row is taken as independent patients.")
    return notes
