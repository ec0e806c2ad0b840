"""What a user placed on a figure and typed beside it, as a record that files and pages hold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

from ....errors import DataError
from ..options import Mask, Pair, Points

NOT_REACHED = "not reached"  # a median, as papers print it
Read = Literal["corners", "pixels", "clicks"]
READ: tuple[Read, ...] = (
    "corners",
    "pixels",
    "clicks",
)  # where the points of a curve come from, as in ``reconstruct_ipd(points=...)``
Part = Literal["axes", "curves", "names", "risk", "printed"]
PARTS: tuple[Part, ...] = (
    "axes",
    "curves",
    "names",
    "risk",
    "printed",
)  # of a record, as far as a program may have read them
AxisPoints = tuple[tuple[float, float | None], tuple[float, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandCurve:
    """One curve.

    Attributes
    ----------
    label
        Name of the arm.
    colour
        ``"#rrggbb"``.
    read
        One of `READ`: as a program found its points, or clicks.
    points
        Positions (right, down) in the figure: pixels of an image, points of a page.
    marks
        Positions of the censoring marks to the right.
    n, events
        Patients and events as printed; None where they are not.
    n_risk
        Numbers at risk at the times of the figure's table, from the first; None where one is missing.
    median
        As printed: a time, as text where its last digit is known, `NOT_REACHED`, or None.
    cautions
        What may be wrong with its points, each a sentence.
    """

    label: str
    colour: str = "#000000"
    read: Read = "clicks"
    points: tuple[Pair, ...] = ()
    marks: tuple[float, ...] = ()
    n: int | None = None
    events: int | None = None
    n_risk: tuple[int | None, ...] = ()
    median: float | str | None = None
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The hazard ratio that a paper prints, and between which arms."""

    hr: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    control: str | None = None
    treatment: str | None = None

    @property
    def waits(self) -> bool:
        """Whether there is a hazard ratio that cannot be compared yet: no control arm is chosen."""
        return self.hr is not None and self.control is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """All that was placed on a figure and typed.

    Attributes
    ----------
    page
        Of a PDF, from 1.
    x_axis, y_axis
        Two points of each axis, position and value there; a value is None until it is typed.
    kind
        What the y axis shows: ``"survival"``, ``"event"`` or ``"percent"``, or None to infer percent from its values.
    panel
        Box of the image in which lines are followed, or None.
    masks
        Boxes in which none is.
    risk_times
        Times of the columns of numbers at risk.
    curves
        In the order of the page.
    printed
        What the paper prints, to check by.
    cautions
        What may be wrong with all curves, each a sentence.
    unconfirmed
        Those of `PARTS` that are as a program read them, and that nobody has confirmed.
    """

    page: int = 1
    x_axis: AxisPoints | None = None
    y_axis: AxisPoints | None = None
    kind: str | None = None
    panel: Mask | None = None
    masks: tuple[Mask, ...] = ()
    risk_times: tuple[float, ...] = ()
    curves: tuple[HandCurve, ...] = ()
    printed: Printed = Printed()
    cautions: tuple[str, ...] = ()
    unconfirmed: tuple[Part, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return the record as a dictionary of plain values, as JSON has them."""
        return _named(self)

    def axis(self, name: str) -> Points:
        """Return the two points of an axis.

        Raises
        ------
        DataError
            When it is not stated, or not by two points that differ.
        """
        points: AxisPoints | None = getattr(self, f"{name}_axis")
        if points is None or any(value is None for _, value in points):
            raise DataError(f"the {name} axis is not stated: give the values at its two points.")
        (a, v), (b, w) = points
        assert v is not None
        assert w is not None
        if v == w:
            raise DataError(f"both points of the {name} axis have the value {v:g}.")
        if a == b:
            raise DataError(f"both points of the {name} axis lie at {a:g}.")
        return (a, v), (b, w)


def _named(record: Hand | HandCurve | Printed) -> dict[str, Any]:
    return {field.name: _listed(getattr(record, field.name)) for field in fields(record)}


def _listed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_listed(of) for of in value]
    return _named(value) if isinstance(value, (HandCurve, Printed)) else value
