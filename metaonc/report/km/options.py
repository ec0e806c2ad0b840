"""What a user may set of a Kaplan-Meier figure, checked and settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import is_color_like, to_rgb

from ...analysis.survival.curve.result import KaplanMeier, shares
from ...base.check import Floats, one_of
from ...base.digits import plain
from ...base.messages.advice import option
from ...base.numbers import sequence
from ...errors import DataError, OptionError
from ..checks import names, said, sizes
from ..journals import BLUE, Journal
from ..style import LINESTYLES, PALETTE
from .risk_table import ROWS

SIZE = 7.0  # pt: type of key and table
LARGEST = 24.0
SHORTEST = 1e-9  # of an axis of time, in the unit of the data
MUCH = 1e3  # times the follow-up, that an axis may last
MANY = 60  # ticks, more than any axis has room for
FEW = 3  # groups, whose bands can be told apart
DENSE = 500  # times of censoring of a group, as many as a page has points across
ALIKE = 0.35  # distance in red, green and blue below which two colours are not told apart
Looks = dict[str, dict[str, Any]]
Named = Mapping[str, str] | Sequence[str] | None


def are_dense(result: KaplanMeier) -> bool:
    """Return whether marks of censoring would run together into a line."""
    return any(int((curve.n_censor > 0).sum()) > DENSE for curve in result.curves.values())


def of_groups(name: str, value: Any) -> Named:
    """Return what is given by group, as a mapping or as one for each in their order."""
    if value is None or isinstance(value, (Mapping, list, tuple, str)):
        return value
    raise OptionError(f"{said(name, value)} is neither a list with one for each group nor a dict by group.")


def names_of(labels: Named, result: KaplanMeier) -> dict[str, str]:
    """Return what each group is called in the figure."""
    names = {group: _name(group, result.by) for group in result.curves}
    names |= _by_group(labels, "labels", result)
    for group, name in names.items():
        if not isinstance(name, str) or not name.strip():
            raise OptionError(f"labels: the name of group {group!r} is {name!r}; a text is wanted.")
    twice = [name for name in names.values() if list(names.values()).count(name) > 1]
    if twice:
        raise OptionError(f"labels: {twice[0]!r} names two groups, which nobody could tell apart.")
    return names


def looks_of(colours: Named, result: KaplanMeier, journal: Journal) -> Looks:
    """Return how the curve of each group is drawn."""
    palette = _palette(journal)
    given = _by_group(colours, "colours", result)
    for group, colour in given.items():
        if not is_color_like(colour):
            raise OptionError(f"colours: {colour!r} of group {group!r} is no colour; write it as '#0072B2' or 'navy'.")
    return {
        group: {"color": given.get(group, palette[i % len(palette)]), "linestyle": LINESTYLES[i % len(LINESTYLES)]}
        for i, group in enumerate(result.curves)
    }


def _palette(journal: Journal) -> tuple[str, ...]:
    """Return the colours of curves: where a journal has a colour of its own for trials, that one instead of ours."""
    own = journal.squares["generic"]
    if own == BLUE:
        return PALETTE
    return (own, *(c for c in PALETTE[1:] if np.hypot.reduce(np.subtract(to_rgb(c), to_rgb(own))) > ALIKE))


def _by_group(values: Named, option: str, result: KaplanMeier) -> dict[str, str]:
    """Return values by group; a sequence has one for each, in the order of the groups."""
    groups = list(result.curves)
    if values is None:
        return {}
    if isinstance(values, Mapping):
        return {one_of(f"group in {option}", group, groups): value for group, value in values.items()}
    if isinstance(values, str) or len(values) != len(groups):
        count = "a text" if isinstance(values, str) else f"{len(values)} values"
        raise OptionError(f"{option}= is {count}; there are {len(groups)} groups: {', '.join(map(repr, groups))}.")
    return dict(zip(groups, values, strict=True))


def window(result: KaplanMeier, until: float | None, xlim: tuple[float, float] | None) -> tuple[float, float]:
    """Return the first and the last time shown."""
    if until is not None and xlim is not None:
        raise OptionError("until= is the end of xlim=: give one of them.")
    if until is not None and not until > 0:
        raise OptionError(f"until={until!r} is not a time after 0.")
    last = max(float(curve.time[-1]) for curve in result.curves.values())
    if xlim is None:
        # a little room after the last patient, whose mark would else be cut
        return _seen(0.0, float(until or 1.02 * last or 1.0), last or 1.0)
    ends = sequence(xlim, "xlim")
    if len(ends) != 2 or not np.isfinite(ends).all() or not 0 <= ends[0] < ends[1]:
        raise OptionError(f"xlim={xlim!r}: two times are wanted, from 0 on, the first before the second.")
    if ends[0] >= last:
        raise OptionError(f"xlim={xlim!r} begins after the last patient, at {plain(last)}.")
    return _seen(float(ends[0]), float(ends[1]), last)


def _seen(first: float, end: float, last: float) -> tuple[float, float]:
    """Return two ends of the time axis between which curves that last so long can be seen."""
    if end - first < SHORTEST or end > MUCH * max(last, SHORTEST):
        raise OptionError(
            f"an axis of time from {plain(first)} to {plain(end)} shows nothing of curves that go to {plain(last)}: "
            f"end it nearer to that with {option('until')} or {option('xlim')}, or give the times in another unit."
        )
    return first, end


def asked_ticks(ticks: float | Sequence[float] | None, span: tuple[float, float]) -> Floats | None:
    """Return the ticks that were asked for, or by a step; None where the figure chooses."""
    if ticks is None:
        return None
    low, high = span
    if np.ndim(ticks) == 0:
        step = float(sequence([ticks], "ticks")[0])
        if not step > 0 or (high - low) / step > MANY:
            raise OptionError(f"ticks={ticks!r} is no step between ticks from {plain(low)} to {plain(high)}.")
        first = np.ceil(low / step - 1e-9)
        at: Floats = (first + np.arange(int((high - first * step) / step * (1 + 1e-9)) + 1)) * step
        at = at.round(12)
    else:
        at = np.unique(sequence(ticks, "ticks"))
    wrong = at[~((at >= low) & (at <= high))]  # NaN is wrong
    if len(wrong):
        raise OptionError(f"ticks: {wrong[0]:g} is not on the axis, which goes from {plain(low)} to {plain(high)}.")
    if len(at) < 2:
        raise OptionError(f"ticks={ticks!r}: two ticks or more are wanted, by which a reader sees the scale.")
    return at


def type_size(font_size: float | None, journal: Journal) -> float:
    """Return the size of type in points."""
    if font_size is None:
        return max(SIZE, journal.smallest_type)
    if isinstance(font_size, bool) or not isinstance(font_size, (int, float, np.number)):
        raise OptionError(f"font_size={font_size!r} is no size in points.")
    if not journal.smallest_type <= font_size <= LARGEST:
        raise OptionError(
            f"font_size={font_size!r} is not between {journal.smallest_type:g}, the least of {journal.title}, and "
            f"{LARGEST:g} points."
        )
    return float(font_size)


def lines_at(quantile_lines: bool | Sequence[float], result: KaplanMeier) -> tuple[float, ...]:
    """Return the shares of patients whose times are marked by lines."""
    if isinstance(quantile_lines, (bool, np.bool_)):
        return tuple(dict.fromkeys((0.5, *result.asked))) if quantile_lines else ()
    return shares(sizes("quantile_lines", quantile_lines))


def table_rows(table: bool | Sequence[str]) -> Sequence[str]:
    """Return the rows of the table."""
    if isinstance(table, (bool, np.bool_)):
        return tuple(ROWS) if table else ()
    if isinstance(table, str) or not isinstance(table, Sequence):
        example = table if isinstance(table, str) and table in ROWS else "At risk"
        raise OptionError(f"{said('table', table)}: give True, False or a list of rows, such as [{example!r}].")
    return tuple(one_of("row of the table", row, ROWS) for row in names("table", table) or ())


def check_points(points: Any, result: KaplanMeier) -> dict[str, tuple[Floats, Floats]]:
    """Return the points to draw over the curves, or raise an error where they are no times and probabilities."""
    if points is not None and not isinstance(points, Mapping):
        raise OptionError(f"{said('points', points)} is no dict of groups with their times and survival.")
    checked = {}
    for group, pair in (points or {}).items():
        one_of("group in points", group, result.curves)
        if not isinstance(pair, (Sequence, np.ndarray)) or isinstance(pair, str) or len(pair) != 2:
            raise OptionError(f"points[{group!r}] is not a pair: give its times and its survival.")
        time, survival = (sequence(values, f"points[{group!r}]") for values in pair)
        if time.shape != survival.shape:
            raise DataError(f"points[{group!r}]: {time.shape} times and {survival.shape} values; one each is wanted.")
        if not np.all((survival >= 0) & (survival <= 1)):
            raise DataError(f"points[{group!r}]: survival must lie within 0 and 1.")
        checked[group] = (time, survival)
    return checked


def _name(group: str, by: str | None) -> str:
    if by is None:
        return "All patients"
    # a bare 1 or 2 would tell a reader nothing
    return f"{by} {group}" if group.replace(".", "", 1).isdigit() else group
