"""Curves at the times asked for: which times and which curves these leave without use, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ....base.check import Floats
from ....base.numbers import sequence
from ....errors import DataError


def given_times(times: Any) -> Floats:
    """Return the times asked for."""
    if times is None:
        raise DataError("times= is not given: the times at which curves are pooled, such as every 3 months.")
    at = sequence(times, "times")
    if not len(at) or at[0] <= 0 or (np.diff(at) <= 0).any():
        raise DataError(f"times={at.tolist()} must rise, from above 0.")
    return at


def read_off(name: str, group: str, at: Floats, time: Floats, survival: Floats, left: Any) -> pd.DataFrame:
    """Return survival of one trial at those of the times at which it is known, with patients at risk before.

    It is known up to the end of follow-up, and, once all have died, for good: the interval of the last deaths then has
    share 0, also where it ends after them; in later ones nobody is at risk.
    """
    place = np.searchsorted(time, at, side="right") - 1
    n_risk = np.asarray(left, float)
    known = ((at <= time[-1]) | (survival[-1] <= 0)) & (n_risk > 0) & (np.append(1.0, survival[place][:-1]) > 0)
    rows = {"study": name, "group": group, "time": at, "survival": survival[place], "n_risk": n_risk}
    return pd.DataFrame(pd.DataFrame(rows)[known])


def unused(rows: pd.DataFrame, ends: dict[tuple[str, str], float], at: Floats, *, by: str | None) -> tuple[str, ...]:
    """Return a sentence on each curve, (trial, group) with the end of its follow-up, that has none of the times."""
    used = set(zip(rows["study"], rows["group"], strict=True))
    return tuple(
        f"trial {study!r}: {f'{by}={group!r} ' if by else ''}is followed to {end:g} and has survival at none of "
        f"times=, the first of which is {at[0]:g}; nothing of it is pooled."
        for (study, group), end in ends.items()
        if (study, group) not in used
    )


def absent(rows: pd.DataFrame, at: Floats) -> tuple[str, ...]:
    """Return a sentence on the times that no trial has."""
    lacking = at[~np.isin(at, rows["time"])]
    if not len(lacking):
        return ()
    listed = ", ".join(f"{t:g}" for t in lacking)
    return (f"no trial has survival and patients at risk for time{'s' * (len(lacking) > 1)} {listed} of times=; the "
            f"pool is of the other {len(at) - len(lacking)}.",)  # fmt: skip
