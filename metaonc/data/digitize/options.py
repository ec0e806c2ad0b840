"""What a user says about a figure, checked."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ...base.check import one_of
from ...base.messages.advice import option, setting
from ...base.numbers import number_of
from ...errors import OptionError

KINDS_OF_CURVE = ("survival", "event", "percent")
Pair = tuple[float, float]
Points = tuple[Pair, ...]
Mask = tuple[float, float, float, float]
_SUCH_AS = {"x": [(57, 0), (612, 60)], "y": [(410, 0), (32, 1)]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of `digitize`, checked; see there.

    Attributes
    ----------
    page
        Counted from 1.
    panel
        Number from 1, or box: left, top, right, bottom; None where there is one panel.
    x_ticks, y_ticks
        Values of the outermost labelled ticks, or None.
    x_axis, y_axis
        Two points of an axis or more, each its position in the figure and the value there, or None.
    n_curves
        Number of curves there must be, or None.
    colours
        Colours of the curves as ``"#rrggbb"``, or None for all.
    kind
        One of `KINDS_OF_CURVE`, or None to infer it.
    masks
        Boxes of pixels that are not read: left, top, right, bottom.
    seeds
        For each curve, points (time, survival) that it passes through; empty when they are to be found.
    ocr
        Whether the text of pixels is read; None where a scale is not given.
    labels
        Name of a curve in the figure, or its colour -> its name.
    """

    page: int = 1
    panel: int | Mask | None = None
    x_ticks: Pair | None = None
    y_ticks: Pair | None = None
    x_axis: Points | None = None
    y_axis: Points | None = None
    n_curves: int | None = None
    colours: tuple[str, ...] | None = None
    kind: str | None = None
    masks: tuple[Mask, ...] = ()
    seeds: tuple[tuple[Pair, ...], ...] = ()
    ocr: bool | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the options as a dictionary of plain values."""
        return asdict(self)


def check_options(
    *,
    page: Any,
    panel: Any,
    x_ticks: Any,
    y_ticks: Any,
    x_axis: Any,
    y_axis: Any,
    n_curves: Any,
    colours: Any,
    kind: Any,
    masks: Any,
    seeds: Any,
    ocr: Any,
    labels: Any,
) -> Options:
    """Return the options checked.

    Raises
    ------
    OptionError
        Names the option, what was given and what is wanted.
    """
    return Options(
        page=_count("page", page),
        panel=_panel(panel),
        x_ticks=_pair("x_ticks", x_ticks),
        y_ticks=_pair("y_ticks", y_ticks),
        x_axis=_points("x", x_axis, x_ticks),
        y_axis=_points("y", y_axis, y_ticks),
        n_curves=None if n_curves is None else _count("n_curves", n_curves),
        colours=_colours(colours),
        kind=None if kind is None else one_of("kind", kind, KINDS_OF_CURVE),
        masks=_masks(masks),
        seeds=_seeds(seeds),
        ocr=_flag("ocr", ocr),
        labels=_labels(labels),
    )


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of ``"#rrggbb"``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def apart(a: str, b: str) -> float:
    """Return the distance of two colours, 0 to 441."""
    return math.dist(rgb(a), rgb(b))


def _count(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise OptionError(f"{name}={value!r} is not a whole number from 1.")
    return value


def _flag(name: str, value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise OptionError(f"{setting(name, value)} is not True, False or None.")
    return value


def _labels(value: Any) -> dict[str, str]:
    given = {} if value is None else value
    if not isinstance(given, Mapping) or not all(isinstance(x, str) and x.strip() for of in given.items() for x in of):
        raise OptionError(f"{setting('labels', value)} is not names by curve, such as {{'Curve 1': 'Placebo'}}.")
    return {old: new.strip() for old, new in given.items()}


def _pair(name: str, value: Any) -> Pair | None:
    if value is None:
        return None
    try:
        first, last = (number_of(v) for v in value)
    except (TypeError, ValueError):
        first = last = math.nan
    if not (math.isfinite(first) and math.isfinite(last) and first != last):
        raise OptionError(f"{name}={value!r} is not the values of the first and last labelled tick, such as (0, 60).")
    return first, last


def _panel(value: Any) -> int | Mask | None:
    if value is None or isinstance(value, int):
        return None if value is None else _count("panel", value)
    if (box := _box(value)) is None:
        raise OptionError(f"{setting('panel', value)} is neither a number from 1 nor a box (left, top, right, bottom).")
    return box


def _points(name: str, value: Any, ticks: Any) -> Points | None:
    if value is None:
        return None
    if ticks is not None:
        raise OptionError(
            f"{option(f'{name}_axis')} states the scale of the axis: leave {option(f'{name}_ticks')} out."
        )
    try:
        points = tuple((number_of(at), number_of(v)) for at, v in value)
    except (TypeError, ValueError):
        points = ()
    finite = all(math.isfinite(at + v) for at, v in points)
    apart = all(len({point[k] for point in points}) == len(points) for k in (0, 1))
    if len(points) < 2 or not (finite and apart):
        raise OptionError(
            f"{setting(f'{name}_axis', value)} is not two points of the axis or more, each its position in the figure "
            f"and the value there, such as {option(f'{name}_axis', _SUCH_AS[name])}."
        )
    return points


def _box(value: Any) -> Mask | None:
    try:
        left, top, right, bottom = (number_of(x) for x in value)
    except (TypeError, ValueError):
        return None
    sound = math.isfinite(left + top + right + bottom) and left < right and top < bottom
    return (left, top, right, bottom) if sound else None


def _masks(value: Any) -> tuple[Mask, ...]:
    boxes = tuple(_box(box) for box in value) if isinstance(value, Sequence) else (None,)
    sound = tuple(box for box in boxes if box is not None)
    if len(sound) < len(boxes):
        raise OptionError(f"{setting('masks', value)} is not a list of boxes (left, top, right, bottom) in pixels.")
    return sound


def _seeds(value: Any) -> tuple[tuple[Pair, ...], ...]:
    try:
        curves = tuple(tuple((number_of(t), number_of(s)) for t, s in points) for points in value)
    except (TypeError, ValueError):
        curves = ((),)
    if not all(points and all(t >= 0 and 0 <= s <= 1 for t, s in points) for points in curves):
        raise OptionError(
            f"{setting('seeds', value)} is not, for each curve, a list of points (time, survival), "
            "survival from 0 to 1."
        )
    return curves


def _colours(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, Sequence) or not given:
        raise OptionError(f"{setting('colours', value)} is not a list of colours such as ['#1f77b4', '#d62728'].")
    return tuple(_colour(c) for c in given)


def _colour(value: Any) -> str:
    text = str(value).lower()
    if re.fullmatch("#[0-9a-f]{3}", text):
        text = "#" + "".join(2 * c for c in text[1:])
    if not re.fullmatch("#[0-9a-f]{6}", text):
        raise OptionError(f"colours holds {value!r}; write colours as '#rrggbb', such as '#d62728'.")
    return text
