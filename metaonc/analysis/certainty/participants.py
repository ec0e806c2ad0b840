"""How many patients a pool rests on, by what its rows say of them: for the summary of findings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...base.check import Floats
from ...base.labels import blank, blanks
from ...base.numbers import count_of
from ..results.pooled import PooledResult

WITHIN = ("trial", "subgroup_level")  # rows of these that name one comparator have the same patients in it


def participants(pool: PooledResult) -> int | None:
    """Return the patients of all trials, those of a comparator once; None where the rows do not say it.

    Parameters
    ----------
    pool
        Of rows of evidence, which have the columns ``n`` (of the arm), ``n_comparator``, and ``n_both`` where patients
        are not given by arm.

    Raises
    ------
    DataError
        What stands there is no number of patients.
    """
    rows = pool.studies.data.reset_index(drop=True)
    own = _counts(rows, "n")
    if pool.record.null is not None:  # of two arms
        within = [name for name in WITHIN if name in rows]
        several = rows.duplicated(within, keep=False).to_numpy() if within else np.zeros(len(rows), dtype=bool)
        named = ~blanks(rows["comparator"]) if "comparator" in rows else np.zeros(len(rows), dtype=bool)
        one = [*within, *(["comparator"] if named.any() else [])]
        again = named & rows.duplicated(one).to_numpy() if one else named
        both = np.where(several, np.nan, _counts(rows, "n_both"))  # one comparator or two: nobody knows
        own = own + np.where(again, 0.0, np.where(named | ~several, _counts(rows, "n_comparator"), np.nan))
        own = np.where(np.isnan(both), own, both)
    return None if np.isnan(own).any() else round(own.sum())


def _counts(rows: pd.DataFrame, name: str) -> Floats:
    """Return a column of counts, missing where it has none."""
    if name not in rows:
        return np.full(len(rows), np.nan)
    cells = zip(rows.get("trial", rows.index), rows[name].tolist(), strict=True)
    return np.array([np.nan if blank(x) else count_of(x, f"trial {who!r}: {name}") for who, x in cells], dtype=float)
