"""Effects of the same trials by several measures, on one scale."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ....base.check import one_of
from ....errors import ColumnError, MetaoncWarning, OptionError
from ...effects.compute import MADE, effect_sizes
from ...effects.measures import MEASURES
from ...numeric.wls import Floats
from ...results.studies import Studies


class Effects(NamedTuple):
    """Effects and variances by a measure, (k,), NaN where a row has none."""

    measure: str
    yi: Floats
    vi: Floats


def effects_by(studies: Studies, own: str, asked: Sequence[str] | None) -> list[Effects]:
    """Return the effects by the pool's own measure, and by those asked for, from the counts of the trials."""
    if isinstance(asked, str):
        raise OptionError(f"measures={asked!r} must be a list of codes, such as measures=['OR', 'RR'].")
    found = [Effects(own, studies.yi, studies.vi)]
    for code in dict.fromkeys(asked or ()):
        one_of("measures", code, MEASURES)
        if code != own:
            refuse_other_scale(own, code)
            found.append(_made(studies, code))
    return found


def refuse_other_scale(own: str, code: str) -> None:
    """Raise an OptionError where two measures have no common axis."""
    mine, other = MEASURES[own], MEASURES[code]
    if mine.scale != other.scale or (mine.null is None) != (other.null is None) or other.inverse_needs:
        fit = [
            m.code for m in MEASURES.values() if m.roles == mine.roles and m.scale == mine.scale and not m.inverse_needs
        ]
        raise OptionError(
            f"measures: {code!r} is not on the scale of {own!r}, so that their estimates have no common axis; choose "
            f"among {fit}."
        )


def _made(studies: Studies, code: str) -> Effects:
    record = MEASURES[code]
    columns: Any = {role: studies.roles.get(role) for role in record.roles}
    lacking = [role for role, column in columns.items() if column is None]
    if lacking or not columns:
        raise ColumnError(
            f"measures: {code!r} needs {', '.join(record.roles) or 'effects of its own'}, which this pool does not "
            "know; make its effects by effect_sizes of these columns."
        )
    table = studies.data.drop(columns=[c for c in MADE if c in studies.data.columns])
    with warnings.catch_warnings():  # they were said of the pool
        warnings.simplefilter("ignore", MetaoncWarning)
        made = effect_sizes(table, measure=code, **columns)
    y, v = (np.asarray(made[name], dtype=float) for name in ("yi", "vi"))
    there = np.isfinite(y) & np.isfinite(v) & (v > 0)
    return Effects(code, np.where(there, y, np.nan), np.where(there, v, np.nan))
