"""One curve of a figure, and what a reader of one kind of file finds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from ...base.check import Floats
from ...base.messages.advice import option, setting
from ...errors import OptionError
from .ocr.numbers import NO_NUMBERS, PrintedNumbers
from .ocr.text import FigureText
from .scale.calibration import Calibration


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DigitizedCurve:
    """One curve of a figure.

    Attributes
    ----------
    label
        Its name in the figure's key, or ``"Curve 1"`` and so on where none was found.
    colour
        ``"#rrggbb"``.
    dash
        Lengths drawn and left out in turn, in points; empty when solid.
    time, survival
        The points, from the curve's start to its end; survival as a proportion, whatever the axis shows.
    points
        What they are, for ``reconstruct_ipd(points=...)``: ``"corners"`` of the staircase, ``"pixels"`` or
        ``"clicks"``.
    censor_times
        Times of the censoring marks; empty when there are none. In a picture those that touch are one, and some lie on
        steep parts of the line unseen: the fewest that there were.
    at_risk
        Numbers at risk as the figure prints them, with columns `time` and `n_risk`; None when it prints none.
    """

    label: str
    colour: str
    dash: tuple[float, ...] = ()
    time: Floats
    survival: Floats
    points: Literal["corners", "pixels", "clicks"]
    censor_times: Floats
    at_risk: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What a reader of one kind of file returns.

    Attributes
    ----------
    curves
        In the order of the figure's key.
    calibration
        The scales of both axes; None where points came with their values.
    warnings
        Each a sentence on what may make a number wrong.
    notes
        Each a sentence on what was assumed or is missing.
    text
        What was read in a picture, None where nothing was.
    printed
        Hazard ratios and medians that the figure prints.
    """

    curves: tuple[DigitizedCurve, ...]
    calibration: Calibration | None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    text: FigureText | None = None
    printed: PrintedNumbers = NO_NUMBERS


def relabelled(found: Found, labels: Mapping[str, str]) -> Found:
    """Return what was found with curves named as a user names them, by their names in the figure or their colours.

    Raises
    ------
    OptionError
        When there is no such curve, or two would have one name.
    """
    curves = list(found.curves)
    there = ", ".join(f"{c.label!r} ({c.colour})" for c in curves)
    for old, new in labels.items():
        of = [i for i, c in enumerate(found.curves) if old in (c.label, c.colour)]
        if len(of) != 1:
            what = "is none of the curves" if not of else "is the colour of several curves"
            raise OptionError(f"{setting('labels', dict(labels))}: {old!r} {what}; they are {there}.")
        curves[of[0]] = replace(found.curves[of[0]], label=new)
    names = [c.label for c in curves]
    if labels and (twice := next((name for name in names if names.count(name) > 1), None)):
        raise OptionError(
            f"two curves would be named {twice!r}: give each its own by {option('labels')}; they are {there}."
        )
    return replace(found, curves=tuple(curves))


def level_at(curve: DigitizedCurve, times: Floats) -> Floats:
    """Return the curve's level at each time, after a drop at that time."""
    i = np.searchsorted(curve.time, times, side="right") - 1
    return np.asarray(curve.survival[np.maximum(i, 0)])


def named(said: str, curves: Sequence[DigitizedCurve]) -> str:
    """Return a sentence with the names of curves beside their numbers, where they have names of their own."""

    def one(number: re.Match[str]) -> str:
        place = int(number[1])
        label = curves[place - 1].label
        return number[0] if label == f"Curve {place}" else f"{number[0]} ({label!r})"

    return re.sub(r"\bcurve (\d+)\b", one, said)
