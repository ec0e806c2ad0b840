"""Checks of one trial's report: each names the trial, the row, the value and the columns to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..._check import confidence_level, refuse

Columns = Mapping[str, "str | None"]
Arrays = Mapping[str, Any]


def counts(c: Arrays, columns: Columns, labels: Sequence[str], arms: Sequence[tuple[str, str]]) -> None:
    """Check events and sizes of each arm: whole, not negative, events not above n, n at least 1."""
    for x, n in arms:
        for role in (x, n):
            bad = (c[role] < 0) | (c[role] != np.floor(c[role])) & np.isfinite(c[role])
            bad |= np.isinf(c[role])
            refuse(bad, labels, lambda i, r=role: f"{r}={c[r][i]:g} is not a count; column {r}={columns[r]!r}.")
        refuse(c[n] == 0, labels, lambda i, n=n: f"{n}=0: no patients, no rate; column {n}={columns[n]!r}.")
        refuse(
            c[x] > c[n],
            labels,
            lambda i, x=x, n=n: (
                f"{x}={c[x][i]:g} exceeds {n}={c[n][i]:g}; columns {x}={columns[x]!r}, {n}={columns[n]!r}."
            ),
        )


def interval(c: Arrays, columns: Columns, labels: Sequence[str], what: str) -> None:
    """Check an estimate with its interval on a positive scale: positive, ordered, the estimate inside."""
    names = {"estimate": what, "ci_low": "ci_low", "ci_high": "ci_high"}
    shown = ", ".join(f"{n}={columns[n]!r}" for n in names.values())
    for key, name in names.items():
        fix = f"it must be above 0; give the {what} itself, not its logarithm; column {name}={columns[name]!r}."
        refuse(c[key] <= 0, labels, lambda i, k=key, n=name, f=fix: f"{n}={c[k][i]:g}: {f}")
        refuse(np.isinf(c[key]), labels, lambda i, n=name: f"{n} is infinite; leave a limit not reached empty.")
    refuse(
        c["ci_low"] >= c["ci_high"],
        labels,
        lambda i: f"the interval {c['ci_low'][i]:g} to {c['ci_high'][i]:g} is empty or upside down; columns {shown}.",
    )
    refuse(
        (c["estimate"] < c["ci_low"]) | (c["estimate"] > c["ci_high"]),
        labels,
        lambda i: (
            f"{what}={c['estimate'][i]:g} lies outside its interval "
            f"{c['ci_low'][i]:g} to {c['ci_high'][i]:g}; columns {shown}."
        ),
    )


def level_of(level: Any, labels: Sequence[str]) -> Any:
    """Check the level of each row's interval, one number for all or an array."""
    if np.ndim(level) == 0:
        return confidence_level(level)
    fix = "write 0.95 for 95 %."
    refuse(~((level > 0) & (level < 1)), labels, lambda i: f"level={level[i]:g} is not between 0 and 1: {fix}")
    return level


def decimals(values: Sequence[float]) -> int:
    """Return the most decimals among the numbers, as they were printed in the report (0.50 counts as one)."""
    return max((len(repr(float(v)).partition(".")[2].rstrip("0")) for v in values if np.isfinite(v)), default=0)


def not_centred(c: Arrays) -> Any:
    """Return the rows whose log estimate is off the middle of its log interval by more than rounding explains."""
    est, low, high = c["estimate"], c["ci_low"], c["ci_high"]
    digits = np.array([decimals(row) for row in zip(est, low, high, strict=True)], float)
    rounding = 0.5 * 10.0**-digits * (1 / est + 0.5 / low + 0.5 / high)
    with np.errstate(invalid="ignore"):
        return np.abs(np.log(est) - (np.log(low) + np.log(high)) / 2) > rounding + 1e-9
