"""Published numbers beside their counterparts: one comparison, and that of a median, which is made by survival."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...base.digits import plain
from ...errors import DataError
from .curve.curve import Curve

_LEVEL = 0.02  # survival at a printed median: printing to a tenth of a month moves it by less
_STEPS = 2.0  # but in a small arm one step of the curve, or two, is more than that


class Comparison(NamedTuple):
    """One published number and its counterpart; the columns of `PublishedCheck.comparison`."""

    quantity: str
    arm: str
    published: float
    reconstructed: float
    off: float
    allowed: float
    agrees: bool


def half_digit(published: float | str | None) -> float:
    """Return half of the last digit of a number that is a text."""
    return 0.5 * 10.0 ** -len(published.strip().partition(".")[2]) if isinstance(published, str) else 0.0


def compared_median(arm: str, published: float | None, half: float, found: float, curve: Curve) -> Comparison:
    """Return a published median beside that of the patients: survival there is near 0.5, where it was reached."""
    allowed = max(_LEVEL, _STEPS / curve.n)
    if published is None:
        return Comparison("median", arm, np.nan, found, np.nan, allowed, bool(np.isnan(found)))
    if not published > 0:
        raise DataError(f"medians: {published:g} of {arm!r} is no median; give a time above 0, None if not reached.")
    after = curve.survival[int(np.searchsorted(curve.time, published + half, side="right")) - 1]
    before = curve.survival[int(np.searchsorted(curve.time, published - half, side="left")) - 1]
    off = float(max(after - 0.5, 0.0) + min(before - 0.5, 0.0))
    return Comparison("median", arm, float(published), found, off, allowed, abs(off) <= allowed)


def by_survival(row: Comparison) -> str:
    """Return by what a median agrees or not, which is survival and not time: where a curve is flat, times are apart."""
    same = shown(row.published) == shown(row.reconstructed)
    if row.quantity != "median" or not np.isfinite(row.off) or (same and row.agrees):
        return ""
    within = "within" if row.agrees else "not within"
    survival, allowed = plain.of(0.5 + row.off, row.allowed)
    return f": survival at {shown(row.published)} is {survival}, {within} {allowed} of 0.5"


def shown(value: float) -> str:
    """Return a number as it is printed; what is not finite was not reached."""
    return plain(value) if np.isfinite(value) else "not reached"
