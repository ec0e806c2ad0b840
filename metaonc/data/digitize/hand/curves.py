"""The curves that a user's points make on the axes that he states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ....base.result import Provenance
from ....errors import DataError
from ..curve import DigitizedCurve, Found
from ..imports.series import Series, found
from ..limits import Source
from ..options import Options
from ..result import Digitized, collected
from ..scale.calibration import AxisFit, Calibration, fit_stated
from .record import Hand, HandCurve, Part

_PERCENT = 1.5  # on the y axis: proportions do not go so far
_RISE = 1e-6  # of survival: a program's points fall but for rounding
UNCONFIRMED: Mapping[Part, str] = {
    "axes": "the values of the axes are as a program read them, and nobody has confirmed them.",
    "curves": "the number of curves is as a program found them by their colours, and nobody has confirmed it.",
    "names": "the names of the curves are as a program read them, and nobody has confirmed them.",
    "risk": "the numbers at risk are as a program read them, and nobody has confirmed them.",
    "printed": "the printed hazard ratio and medians are as a program read them, and nobody has confirmed them.",
}

WAITS = "the printed hazard ratio was not compared with the patients: choose its control arm on the page."


def scales(hand: Hand) -> Calibration:
    """Return the scales that the stated points make.

    Raises
    ------
    DataError
        When an axis is not stated.
    """
    x, y = fit_stated("x", hand.axis("x")), fit_stated("y", hand.axis("y"))
    box = (min(x.positions), min(y.positions), max(x.positions), max(y.positions))
    percent = hand.kind == "percent" or max(abs(v) for v in y.values) > _PERCENT
    return Calibration(x=x, y=y, panel=box, kind="event" if hand.kind == "event" else "survival", percent=percent)


def by_hand(hand: Hand, source: Source) -> Digitized:
    """Return the curves of a figure read by hand.

    Parameters
    ----------
    hand
        What was placed and typed.
    source
        The figure.

    Raises
    ------
    DataError
        When an axis is not stated, there is no curve, or the points of one cannot be of a survival curve.
    """
    scale = scales(hand)
    series = [_series(curve, scale) for curve in hand.curves]
    read = found(source, series, Options(kind="event" if scale.kind == "event" else None), "a page beside the figure")
    curves = tuple(_curve(made, hand, own, scale.x) for made, own in zip(read.curves, hand.curves, strict=True))
    complete = Found(curves=curves, calibration=scale, warnings=cautions_of(hand), notes=read.notes)
    points = sum(len(curve.time) for curve in curves)
    options = Options(
        page=hand.page, panel=hand.panel, x_axis=hand.axis("x"), y_axis=hand.axis("y"), kind=hand.kind, masks=hand.masks
    )
    settings = {
        "file": str(source.path),
        "sha256": source.sha256,
        "options": options.plain(),
        "by_hand": hand.plain(),
    }
    return collected(
        complete, Provenance(verb="page", settings=settings, rows_in=points, rows_used=points, notes=complete.notes)
    )


def cautions_of(hand: Hand) -> tuple[str, ...]:
    """Return what is said of a record: what may be wrong, and what nobody has confirmed."""
    said = [*hand.cautions, *(UNCONFIRMED[part] for part in hand.unconfirmed), *([WAITS] if hand.printed.waits else [])]
    return tuple(dict.fromkeys([*said, *(one for curve in hand.curves for one in curve.cautions)]))


def _series(curve: HandCurve, scale: Calibration) -> Series:
    at = np.array(curve.points, dtype=float).reshape(-1, 2)
    unit = 100.0 if scale.percent else 1.0
    return Series(curve.label, scale.x.at(at[:, 0]), scale.y.at(at[:, 1]) / unit, curve.colour)


def _curve(made: DigitizedCurve, hand: Hand, own: HandCurve, x: AxisFit) -> DigitizedCurve:
    survival = made.survival
    if own.read != "clicks":
        rise = np.diff(survival)
        if len(rise) and rise.max() > _RISE:
            raise DataError(
                f"the curve {own.label!r} rises at its point {int(rise.argmax()) + 2}: points of a program fall; "
                "write read as clicks."
            )
        survival = np.minimum.accumulate(survival)
    marks = x.at(np.sort(np.array(own.marks, dtype=float)))
    return replace(
        made,
        points=own.read,
        survival=survival,
        censor_times=marks[(marks > 0) & (marks <= made.time.max())],
        at_risk=_table(hand, own),
    )


def _table(hand: Hand, own: HandCurve) -> pd.DataFrame | None:
    rows = [(t, k) for t, k in zip(hand.risk_times, own.n_risk, strict=False) if k is not None]
    return pd.DataFrame(rows, columns=["time", "n_risk"]) if rows else None
