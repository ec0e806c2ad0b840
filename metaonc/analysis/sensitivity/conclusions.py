"""What an interval concludes, of no effect or of a benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import optimize

from ...errors import OptionError
from ..results.pooled import PooledResult

CONCLUSIONS = ("below", "includes", "above")
REACH = 60.0  # on the scale of analysis, within which a benchmark is looked for


def conclusion_of(low: Any, high: Any, null: float | None) -> Any:
    """Return for each interval which of ``CONCLUSIONS`` it draws; empty where there is nothing to compare with."""
    if null is None:
        return np.full(len(low), "", dtype=object)
    return np.select([high < null, low > null], [CONCLUSIONS[0], CONCLUSIONS[2]], CONCLUSIONS[1]).astype(object)


def null_on_analysis(result: PooledResult, benchmark: float | None, name: str = "benchmark") -> float | None:
    """Return no effect, or the benchmark of the natural scale, on the scale of analysis; None where there is neither.

    Messages call the benchmark `name`.

    Raises
    ------
    OptionError
        A benchmark that no effect of this measure has.
    """
    record = result.record
    if benchmark is None:
        return record.null
    if record.inverse_needs:
        raise OptionError(f"{name}: a {record.label} has no single back-transform; use measure PLO.")
    if isinstance(benchmark, bool) or not isinstance(benchmark, (int, float)) or not np.isfinite(benchmark):
        raise OptionError(f"{name}={benchmark!r} must be a number on the natural scale ({record.natural}).")

    def gap(x: float) -> float:
        return float(record.inverse(x)) - float(benchmark)

    if not gap(-REACH) < 0 < gap(REACH):
        percent = record.scale == "percent" and 1 < benchmark <= 100
        raise OptionError(
            f"{name}={benchmark!r} is no {record.natural} strictly within its limits."
            f"{f' It looks like percent: write {name}={benchmark / 100:g}.' if percent else ''}"
        )
    return float(optimize.brentq(gap, -REACH, REACH, xtol=1e-15, rtol=1e-15))
