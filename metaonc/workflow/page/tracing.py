"""The line of a colour, followed through the points that a user clicked on it."""

from __future__ import annotations

from dataclasses import replace

from ...base.messages.advice import option
from ...data.digitize.curve import Found
from ...data.digitize.figure import Figure
from ...data.digitize.hand.curves import scales
from ...data.digitize.hand.record import Hand, HandCurve
from ...data.digitize.limits import Source
from ...data.digitize.options import Options, Pair
from ...data.digitize.scale.calibration import Calibration
from ...errors import DataError
from .opening import hand_curve, own_cautions

THROUGH = (
    "its line was followed through the points clicked, since its colour alone does not tell it from others: look at it "
    "where lines meet."
)


def traced(figure: Figure, hand: Hand, place: int, at: Pair | None) -> HandCurve:
    """Return a curve of the record with the points of its line.

    Its colour alone is asked for first; where that is refused in an image, the line of that colour through the points
    clicked, with a caution.

    Parameters
    ----------
    figure
        The figure.
    hand
        The record; its axes are stated.
    place
        Number of the curve in it, from 0.
    at
        Where its line was clicked.

    Raises
    ------
    DataError
        When an axis is not stated, or no such line is found.
    """
    if not 0 <= place < len(hand.curves):
        raise DataError(f"there is no curve {place + 1}.")
    curve, scale = hand.curves[place], scales(hand)
    options = Options(
        page=hand.page,
        panel=None if figure.lines else hand.panel,
        x_axis=hand.axis("x"),
        y_axis=hand.axis("y"),
        colours=(curve.colour,),
        kind=hand.kind,
        masks=() if figure.lines else hand.masks,
    )
    clicked = ((at,) if at else ()) + (curve.points if curve.read == "clicks" else ())
    cautions: tuple[str, ...] = ()
    try:
        found = figure.read(options)
    except DataError as problem:
        seeds = tuple(sorted({_value(scale, point) for point in clicked}))
        if figure.lines or not seeds:
            raise _told(problem, curve, figure.source) from None
        found = _through(figure, replace(options, seeds=(seeds,)), curve, problem)
        cautions = (f"{curve.label!r}: {THROUGH}",)
    own = own_cautions(found.warnings, found.curves[0], 1, curve.label)
    assert found.calibration is not None
    new = hand_curve(found.curves[0], found.calibration)
    return replace(curve, read=new.read, points=new.points, marks=new.marks, cautions=(*own, *cautions))


def _through(figure: Figure, options: Options, curve: HandCurve, first: DataError) -> Found:
    try:
        return figure.read(options)
    except DataError:
        raise _told(first, curve, figure.source) from None


def _told(problem: DataError, curve: HandCurve, source: Source) -> DataError:
    said = str(problem).removeprefix(f"{str(source.path)!r} ").removeprefix("cannot be read: ")
    return DataError(
        f"the line of {curve.label!r} ({curve.colour}) was not followed: {said} Or click points along it, and "
        f"{option('seeds')}."
    )


def _value(scale: Calibration, point: Pair) -> Pair:
    """Return time and survival at a position, as far as a curve goes."""
    time, shown = (float(fit.intercept + fit.slope * at) for fit, at in zip((scale.x, scale.y), point, strict=True))
    shown = shown / 100.0 if scale.percent else shown
    survival = 1.0 - shown if scale.kind == "event" else shown
    return max(time, 0.0), min(max(survival, 0.0), 1.0)
