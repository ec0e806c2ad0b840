"""What a multilevel model leaves out: rows of one unit that differ, where it has no level for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.labels import blanks
from ....base.messages.advice import option
from ...numeric.distributions import chi2_p
from ...numeric.mixed_model import Ints
from ...numeric.wls import Floats
from ...results.patients import NO_LEVELS
from ...results.studies import Studies

SIGNIFICANT = 0.05
SO = "the model takes that for sampling error, so that intervals and p-values can be far too small"


def of_rows(
    studies: Studies, levels: Sequence[str], crossed: Sequence[str], effects: Floats | None = None
) -> list[Caution]:
    """Return the caution of rows of one unit that differ by more than their errors, which no level takes up.

    `effects` are those of the rows, or what a regression leaves of them, (k,).
    """
    if not _differ(studies, levels, crossed, effects):
        return []
    missing = missing_level(studies, levels, crossed)
    what = f"a level of {missing}" if missing else "a level of its rows"
    text = f"effects within a unit of {levels[-1]} differ by more than their errors, and there is no level for that"
    return [Caution(text=text, more=f"{SO}; {what} within {levels[-1]} takes it up")]


def advice(studies: Studies, levels: Sequence[str], crossed: Sequence[str], effects: Floats | None = None) -> list[str]:
    """Return the levels that take up what `of_rows` cautions of."""
    if not _differ(studies, levels, crossed, effects):
        return []
    missing = missing_level(studies, levels, crossed)
    number = "" if missing else ", of a column 'row' that numbers the rows,"
    return [f"{option('levels', [*levels, missing or 'row'])}{number} has effects of rows within {levels[-1]} vary."]


def missing_level(studies: Studies, levels: Sequence[str], crossed: Sequence[str]) -> str:
    """Return a column that tells the rows of each unit apart by words or by numbers from 1; empty where none does."""
    taken = {*levels, *crossed, *NO_LEVELS, *studies.roles.values()}
    units = _units(studies.data, [*levels, *crossed])
    for name, column in studies.data.items():
        if name in taken or column.dtype.kind == "f" or blanks(column).any():
            continue
        by = column.groupby(units)
        if (by.nunique() == by.size()).all() and (column.dtype.kind not in "iu" or (by.max() == by.size()).all()):
            return str(name)
    return ""


def _differ(studies: Studies, levels: Sequence[str], crossed: Sequence[str], effects: Floats | None) -> bool:
    """Return whether Cochran's Q within units says that their rows have not one effect."""
    units = _units(studies.data, [*levels, *crossed])
    df = len(units) - len(np.unique(units))
    return (
        df > 0
        and float(chi2_p(_q_within(studies.yi if effects is None else effects, studies.vi, units), df)) < SIGNIFICANT
    )


def _q_within(y: Floats, v: Floats, units: Ints) -> float:
    w = 1 / v
    means = np.bincount(units, w * y) / np.bincount(units, w)
    return float((w * (y - means[units]) ** 2).sum())


def _units(data: pd.DataFrame, columns: Sequence[str]) -> Ints:
    """Return the number of the unit of each row, units being named within those that hold them."""
    return np.asarray(data.groupby(list(columns), sort=False, observed=True).ngroup())
