"""How a forest plot is drawn, whatever it shows: width, axis, ticks, title, size of type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...base.numbers import number, sequence
from ...errors import DataError, OptionError
from ..journals import Journal
from .content import ForestRows

LARGEST_TYPE = 16.0  # pt


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestStyle:
    """What is asked of a drawing; the fields are parameters of ``forest``."""

    favours: tuple[str, str] | None = None
    xlim: tuple[float, float] | None = None
    ticks: tuple[float, ...] | None = None
    title: str = ""
    font_size: float | None = None


PLAIN = ForestStyle()


def forest_style(
    content: ForestRows,
    *,
    favours: tuple[str, str] | None,
    xlim: Sequence[float] | None,
    ticks: Sequence[float] | None,
    title: str,
    font_size: float | None,
) -> ForestStyle:
    """Return what is asked of a drawing of these rows.

    Raises
    ------
    OptionError
        When an option does not fit what is drawn; names it and says what would.
    """
    if favours is not None and content.null is None:
        raise OptionError("favours= needs an effect with a line of no effect, such as a ratio.")
    limits = None if xlim is None else _limits(xlim, content)
    return ForestStyle(
        favours=favours,
        xlim=limits,
        ticks=None if ticks is None else _ticks(ticks, limits, content),
        title=title,
        font_size=None if font_size is None else _font_size(font_size, content.journal),
    )


def _number(name: str, value: float) -> float:
    try:
        return number(value, name)
    except DataError as problem:
        raise OptionError(str(problem)) from None


def _limits(xlim: Sequence[float], content: ForestRows) -> tuple[float, float]:
    ends = _numbers("xlim", xlim)
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise OptionError(f"xlim={xlim!r} must be two numbers, the smaller first, such as {_example(content)}.")
    low, high = ends
    if content.scale == "log" and low <= 0:
        raise OptionError(f"xlim={xlim!r}: {low:g} has no place on a log axis; begin above 0, as {_example(content)}.")
    if content.scale == "percent" and not 0 <= low < high <= 100:
        raise OptionError(f"xlim={xlim!r} is in percent, from 0 to 100, such as {_example(content)}.")
    if content.scale == "percent" and high <= 1 and not content.rows["estimate"].between(low, high).any():
        raise OptionError(
            f"xlim={xlim!r} ends at {high:g} %, and no estimate lies there: the axis is in percent, "
            f"xlim=({100 * low:g}, {100 * high:g})."
        )
    if content.null is not None and not low <= content.null <= high:
        raise OptionError(f"xlim={xlim!r} leaves out the line of no effect at {content.null:g}: widen it to hold that.")
    return low, high


def _ticks(ticks: Sequence[float], limits: tuple[float, float] | None, content: ForestRows) -> tuple[float, ...]:
    places = sorted(set(_numbers("ticks", ticks)))
    if not places:
        raise OptionError("ticks= is empty: give numbers, or leave it out.")
    for x in places:
        if content.scale == "log" and x <= 0:
            raise OptionError(f"ticks: {x:g} has no place on a log axis; give numbers above 0.")
        if content.scale == "percent" and not 0 <= x <= 100:
            raise OptionError(f"ticks: {x:g} is no percentage; give numbers from 0 to 100.")
        if limits is not None and not limits[0] <= x <= limits[1]:
            raise OptionError(f"ticks: {x:g} lies beyond xlim={limits}: leave it out, or widen xlim.")
    return tuple(places)


def _numbers(name: str, values: Sequence[float]) -> list[float]:
    try:
        return list(map(float, sequence(values, name)))
    except DataError as problem:
        raise OptionError(str(problem)) from None


def _example(content: ForestRows) -> str:
    return {"log": "(0.2, 5)", "percent": "(0, 50)"}.get(content.scale, "(-1, 1)")


def _font_size(size: float, journal: Journal) -> float:
    points = _number("font_size", size)
    if not journal.smallest_type <= points <= LARGEST_TYPE:
        raise OptionError(
            f"font_size={size!r} must lie between {journal.smallest_type:g} pt, the smallest that {journal.title} "
            f"prints, and {LARGEST_TYPE:g} pt."
        )
    return points
