"""Tables of pools without each trial in turn, or of ever more: what they are of, and their numbers as printed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...analysis.effects.measures import MEASURES, Measure
from ...analysis.interaction.wording import LIMITS
from ...analysis.results.back_transform import difference_record
from ...errors import DataError


def about(table: pd.DataFrame) -> dict[str, Any]:
    """Return the verb, measure and methods of a table.

    Raises
    ------
    DataError
        When it is no table of ``sensitivity.leave_one_out`` or ``sensitivity.cumulative`` as it was returned.
    """
    found: dict[str, Any] = table.attrs.get("metaonc", {})
    if found.get("verb") not in ("leave_one_out", "cumulative"):
        raise DataError(
            "of tables only those of sensitivity.leave_one_out and sensitivity.cumulative have words and figures, as "
            "they were returned: give the table itself, or a result."
        )
    return found


def record_of(told: dict[str, Any]) -> Measure:
    """Return the measure of a table, from what ``about`` tells.

    Raises
    ------
    DataError
        When it has no back-transform.
    """
    record = difference_record(told["measure"]) if told["of"] == "interaction" else MEASURES[told["measure"]]
    if record.inverse_needs is not None:
        raise DataError(f"measure {record.code!r} has no back-transform without sample sizes; use PLO, of rates IRLN.")
    return record


def natural(table: pd.DataFrame, record: Measure) -> pd.DataFrame:
    """Return estimates and limits on the scale that is printed, percent of proportions."""
    factor = 100 if record.scale == "percent" else 1
    return pd.DataFrame({name: factor * record.inverse(table[name].to_numpy()) for name in LIMITS})
