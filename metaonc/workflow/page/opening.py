"""What a page begins with: the curves, axes and numbers that can be read, else the ticks that can be seen."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...base.check import Floats
from ...data.digitize.curve import DigitizedCurve, Found
from ...data.digitize.figure import Figure
from ...data.digitize.hand.record import NOT_REACHED, AxisPoints, Hand, HandCurve, Part, Printed
from ...data.digitize.ocr.printed import PrintedRatio, printed_ratios
from ...data.digitize.options import Options
from ...data.digitize.raster.figure import uncounted
from ...data.digitize.raster.image import Raster
from ...data.digitize.raster.scales import Scales
from ...data.digitize.scale.calibration import AxisFit, Calibration
from ...data.digitize.scale.raster_axes import find_axes
from ...errors import MetaoncError
from .picture import Picture

_PLACES = 4  # decimals of a pixel
_EDGE = 0.12  # of the picture: where axis points wait when nothing of an axis is found
_LEVEL = 0.95  # of the interval that a page has fields for
_UNIT = (0.0, float(math.lcm(*range(1, 25))))  # whole from tick to tick, however many; these values are not taken over


def opened(figure: Figure, picture: Picture, page: int) -> tuple[Hand, str]:
    """Return what a page begins with, and a sentence on what was not read; empty where all was."""
    options, scales = Options(page=page), None
    try:
        if not figure.lines:
            scales = figure.image(options).scales  # known, though its curves may not be read
        found = figure.read(options)
    except MetaoncError as problem:
        hand = _empty(picture) if scales is None else _of_scales(scales)
        return replace(hand, page=page), str(problem)
    if found.calibration is None:
        return replace(_empty(picture), page=page), ""
    return replace(hand_of(found, found.calibration), page=page), ""


def _of_scales(scales: Scales) -> Hand:
    """Return a record of axes, and what is printed beside them."""
    printed = None if scales.text is None else _printed(printed_ratios(scales.text.words))
    return Hand(
        x_axis=_ends(scales.x),
        y_axis=_ends(scales.y),
        printed=printed or Printed(),
        unconfirmed=("axes", "printed") if printed else ("axes",),
    )


def _printed(ratios: Sequence[PrintedRatio]) -> Printed | None:
    """Return the hazard ratio of a figure that prints one, with its 95 % interval; without it nothing is compared."""
    if len(ratios) != 1 or ratios[0].ci_low is None or ratios[0].level not in (None, _LEVEL):
        return None
    return Printed(hr=ratios[0].hr, ci_low=ratios[0].ci_low, ci_high=ratios[0].ci_high)


def hand_of(found: Found, scale: Calibration) -> Hand:
    """Return what was read as a record to go on with by hand."""
    times = sorted({t for c in found.curves if c.at_risk is not None for t in c.at_risk["time"].tolist()})
    curves = tuple(
        hand_curve(c, scale, own_cautions(found.warnings, c, k, c.label)) for k, c in enumerate(found.curves, 1)
    )
    tables = [
        dict(c.at_risk[["time", "n_risk"]].to_numpy().tolist()) if c.at_risk is not None else {} for c in found.curves
    ]
    rows = [_row([table.get(t) for t in times]) for table in tables]
    printed = _printed(found.printed.ratios)
    medians = {one.curve: one.median or NOT_REACHED for one in found.printed.medians if one.curve is not None}
    named = any(re.fullmatch(r"Curve \d+", c.label) is None for c in found.curves)
    recognised = found.text is not None
    unsure: dict[Part, bool] = {
        "axes": recognised,
        "curves": uncounted(len(curves)) in found.warnings,
        "names": recognised and named,
        "risk": bool(times),
        "printed": bool(printed or medians),
    }
    elsewhere = {said for c in curves for said in c.cautions} | {uncounted(len(curves))}
    return Hand(
        x_axis=_ends(scale.x),
        y_axis=_ends(scale.y),
        kind=scale.kind if scale.kind == "event" else None,
        risk_times=tuple(times),
        printed=printed or Printed(),
        unconfirmed=tuple(part for part, is_so in unsure.items() if is_so),
        curves=tuple(
            replace(c, n_risk=row, median=medians.get(k)) for k, (c, row) in enumerate(zip(curves, rows, strict=True))
        ),
        cautions=tuple(said for said in found.warnings if said not in elsewhere and not _named(said)),
    )


def hand_curve(curve: DigitizedCurve, scale: Calibration, cautions: Sequence[str] = ()) -> HandCurve:
    """Return a curve by positions in the figure."""
    shown = 1.0 - curve.survival if scale.kind == "event" else curve.survival
    across = _places(scale.x, curve.time)
    down = _places(scale.y, shown * (100.0 if scale.percent else 1.0))
    if curve.points == "pixels":  # what is less is no reading
        across, down = np.round(across, _PLACES), np.round(down, _PLACES)
    return HandCurve(
        label=curve.label,
        colour=curve.colour,
        read=curve.points,
        points=tuple(zip(across.tolist(), down.tolist(), strict=True)),
        marks=tuple(_places(scale.x, curve.censor_times).tolist()),
        cautions=tuple(cautions),
    )


def _places(fit: AxisFit, values: Floats) -> Floats:
    return np.asarray((np.asarray(values, dtype=float) - fit.intercept) / fit.slope)


def _ends(fit: AxisFit) -> AxisPoints:
    """Return the outermost ticks of an axis where the fitted scale has them, so that the scale is the same."""
    first, last = min(fit.values), max(fit.values)
    return (fit.place(first), first), (fit.place(last), last)


def _row(numbers: list[float | None]) -> tuple[int | None, ...]:
    while numbers and numbers[-1] is None:
        numbers = numbers[:-1]
    return tuple(None if k is None else int(k) for k in numbers)


def _named(said: str) -> bool:
    """Return whether a sentence is on one curve, by its number."""
    return re.search(r"\bcurve \d+\b", said) is not None


def own_cautions(warnings: Sequence[str], curve: DigitizedCurve, number: int, label: str) -> tuple[str, ...]:
    """Return the sentences on one curve, with its label on the page in place of its number and the name it was read."""
    own = re.compile(rf"\bcurve {number}\b(?: \({re.escape(repr(curve.label))}\))?")
    return tuple(own.sub(lambda _: f"curve {label!r}", said) for said in warnings if own.search(said))


def _empty(picture: Picture) -> Hand:
    """Return a record without curves: axis points at the outermost ticks that are seen, or waiting at the edges."""
    x0, x1 = (picture.left + part * picture.width for part in (_EDGE, 1 - _EDGE))
    y0, y1 = (picture.top + part * picture.height for part in (1 - _EDGE, _EDGE))
    x, y = (None, None) if picture.image is None else (_ticks(picture.image, "x"), _ticks(picture.image, "y"))
    return Hand(x_axis=x or ((x0, None), (x1, None)), y_axis=y or ((y0, None), (y1, None)))


def _ticks(image: Raster, name: str) -> AxisPoints | None:
    """Return the places of the outermost labels along an axis, where ticks are seen; their values are not known."""
    small, unit = image.reduced()
    of_x, of_y = (_UNIT, None) if name == "x" else (None, _UNIT)
    try:
        x, y = find_axes(small.darkness, small.ink, of_x, of_y, (image.left, image.top), unit * image.unit)
    except MetaoncError:
        return None
    fit = x or y
    if fit is None:
        return None
    first, last = (fit.place(value) for value in _UNIT)
    return (first, None), (last, None)
