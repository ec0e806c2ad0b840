"""The rows of subgroups, put together again in the order of their table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ....base.check import Labels
from ...numeric.wls import Floats
from ...results.pooled import PooledResult


def rows_of(groups: Mapping[str, PooledResult], places: Mapping[str, tuple[int, ...]]) -> pd.DataFrame:
    """Return level, label, number in the user's table, and trial (``unit``) of each row, in the order of the table."""
    found = []
    for level, r in groups.items():
        labels, place = r.studies.labels, places[level]
        numbers = list(labels.rows) if isinstance(labels, Labels) else list(place)
        columns = {"level": level, "label": list(labels), "number": numbers, "unit": list(r.row_units)}
        found.append(pd.DataFrame({**columns, "place": list(place)}))
    return pd.concat(found, ignore_index=True).sort_values("place", ignore_index=True)


def indicators(column: pd.Series, names: list[str]) -> Floats:
    """Return the design with one column a subgroup, (k, G)."""
    x: Floats = (column.astype(str).to_numpy()[:, None] == np.array(names)).astype(float)
    return x
