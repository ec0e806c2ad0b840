"""Zero cells: what is added to which rows, by metafor's names, and visible in the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# name -> rows that are corrected, from the flag "this row has an empty cell"
TO: dict[str, Any] = {
    "only0": lambda empty: empty,
    "all": lambda empty: np.ones_like(empty),
    "if0all": lambda empty: np.full_like(empty, empty.any()),
    "none": lambda empty: np.zeros_like(empty),
}


def arms_of(roles: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs (events, patients) or (events, time) of the arms."""
    return list(zip(roles[::2], roles[1::2], strict=True))


def is_time(role: str) -> bool:
    """Whether the denominator is person-time, where events have no complement."""
    return role.startswith("time")


SILENT = ("no events in either arm", "only events in both arms")


def alike(c: Mapping[str, Any]) -> list[str]:
    """Return for each trial of two arms why it says nothing of a ratio: nobody, or everybody, has the event; or ""."""
    events = c["events_t"] + c["events_c"]
    everybody = c["n_t"] + c["n_c"] if "n_t" in c else np.inf
    why = np.where(events == everybody, SILENT[1], "")
    return [str(text) for text in np.where(events == 0, SILENT[0], why)]


def has_correction(rows: pd.DataFrame) -> Any:
    """Return which rows of effects entered with something added to cells, as their column ``route`` says, (k,)."""
    if "route" not in rows.columns:
        return np.zeros(len(rows), dtype=bool)
    return np.array(["added" in str(route) for route in rows["route"]], dtype=bool)


def correct(counts: Mapping[str, Any], add: float | NDArray[np.float64], to: str) -> tuple[dict[str, Any], Any]:
    """Add `add` to each cell of the rows that `to` picks: to events and non-events, or to the events of a rate.

    Parameters
    ----------
    counts
        ``events`` with ``n`` or ``time``, or the same of two arms with the endings ``_t`` and ``_c``.
    add
        What is added to each cell, one number or one a row.
    to
        A name of ``TO``.

    Returns
    -------
    tuple
        The corrected counts, and one flag a row: was it corrected.
    """
    arms = [("events" + e, d + e) for e in ("", "_t", "_c") for d in ("n", "time") if d + e in counts]
    empty = np.zeros(len(counts[arms[0][0]]), dtype=bool)
    for x, n in arms:
        empty |= (counts[x] == 0) | (not is_time(n)) & (counts[x] == counts[n])
    rows = TO[to](empty)
    out = dict(counts)
    for x, n in arms:
        out[x] = counts[x] + add * rows
        out[n] = counts[n] + 2 * add * rows * (not is_time(n))
    return out, rows
