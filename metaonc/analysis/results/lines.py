"""The lines of a summary that all pooled results share."""

from __future__ import annotations

import numpy as np

from ...base.digits import NO_ERROR, UNKNOWN, in_percent, p_said, plain
from ...errors import DataError
from .pooled import PooledResult


def pooled_lines(r: PooledResult) -> list[str]:
    """Return the lines of a summary that all pooled results share."""
    unit = 100.0 if r.record.scale == "percent" else 1.0
    sign = " %" if unit == 100 else ""
    try:
        estimate, low, high, first, last = (
            unit * float(r.natural(x)) for x in (r.estimate, r.ci_low, r.ci_high, r.prediction_low, r.prediction_high)
        )
        name = r.record.natural
    except DataError:  # no back-transform: say it on the scale of analysis
        estimate, low, high, first, last = r.estimate, r.ci_low, r.ci_high, r.prediction_low, r.prediction_high
        name, sign = r.record.label, ""
    percent = f"{in_percent(r.level)} %"
    test = f", {p_said(r.p_value)}" if r.tested and np.isfinite(r.p_value) else ""
    if r.tested and r.is_certain:
        test = f", no p: {NO_ERROR}"
    rows = f"{r.trials} trial{'s' * (r.trials != 1)}" + (f" ({r.k} rows)" if r.trials < r.k else "")
    title = f"Pooled {name}: {rows}, {r.method}, {r.ci} interval"
    if r.is_single:
        kind = r.ci
        if name == r.record.natural:  # its own interval, as it was reported where it was
            *values, kind = r.own
            estimate, low, high = (unit * x for x in values)
        title = f"{name[:1].upper()}{name[1:]} of one trial, nothing pooled: {kind} interval"
    shown = plain.of(estimate, low, high)
    lines = [
        title,
        f"{shown[0]}{sign} ({percent} CI {shown[1]} to {shown[2]}){test}",
    ]
    if r.predicts:
        between = " to ".join(plain.of(first, last))
        lines.append(f"{percent} prediction interval {between} ({r.prediction})")
    elif r.lacks_width:
        lines.append(f"{percent} prediction interval {UNKNOWN}: {NO_ERROR}")
    return lines
