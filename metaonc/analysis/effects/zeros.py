"""Zero cells: what is added to which rows, by metafor's names, and visible in the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

# name -> rows that are corrected, from the flag "this row has an empty cell"
TO: dict[str, Any] = {
    "only0": lambda empty: empty,
    "all": lambda empty: np.ones_like(empty),
    "if0all": lambda empty: np.full_like(empty, empty.any()),
    "none": lambda empty: np.zeros_like(empty),
}


def correct(counts: Mapping[str, Any], add: float, to: str) -> tuple[dict[str, Any], Any]:
    """Add `add` to events and to non-events of the rows that `to` picks.

    Parameters
    ----------
    counts
        ``events`` and ``n``, or the same of two arms with the endings ``_t`` and ``_c``.
    add
        What is added to each cell.
    to
        A name of ``TO``.

    Returns
    -------
    tuple
        The corrected counts, and one flag a row: was it corrected.
    """
    arms = [("events" + e, "n" + e) for e in ("", "_t", "_c") if "events" + e in counts]
    empty = np.zeros(len(counts[arms[0][0]]), dtype=bool)
    for x, n in arms:
        empty |= (counts[x] == 0) | (counts[x] == counts[n])
    rows = TO[to](empty)
    out = dict(counts)
    for x, n in arms:
        out[x] = counts[x] + add * rows
        out[n] = counts[n] + 2 * add * rows
    return out, rows
