"""The table of numbers at risk that a figure prints: its lines, and to which curve each belongs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np
import pandas as pd

from ....base.check import Floats
from ..limits import listed
from ..options import apart
from ..primitives import Drawing, Word
from ..scale.axes import Panel
from ..scale.calibration import AxisFit, Calibration
from ..scale.numerals import clusters
from .strands import Strand
from .texts import APART, LINE, joined, tells

_COLUMN = 0.9  # of the font: from a number of the table to its tick
_MOST = 5  # lines whose every order is tried


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of the table: its heading and colour, and number for each tick (NaN where there is none)."""

    heading: str
    colour: str
    numbers: Floats
    y: float

    def table(self, x: AxisFit, panel: Panel) -> pd.DataFrame:
        """Return the numbers with their times, those of the ticks where they stand under some."""
        has = np.isfinite(self.numbers)
        times = x.at(panel.x.at[has])
        step = abs(x.values[-1] - x.values[0]) * 1e-3
        nearest = np.array(x.values)[np.abs(times[:, None] - np.array(x.values)).argmin(axis=1)]
        times = np.where(np.abs(times - nearest) < step, nearest, times)
        return pd.DataFrame({"time": times, "n_risk": self.numbers[has].astype(int)})


def numbers_at_risk(
    drawing: Drawing,
    panel: Panel,
    floor: float,
    curves: Sequence[Strand],
    names: Sequence[str | None],
    calibration: Calibration,
) -> tuple[list[Line | None], list[str]]:
    """Return the line of the table that belongs to each curve, and what is doubtful about it.

    Parameters
    ----------
    drawing, panel, calibration
        The figure; its panel, with the scales.
    floor
        Where the panel below begins.
    curves, names
        The curves, and their names where the key has them.
    """
    lines = risk_lines(drawing, panel, floor)
    if not lines:
        return [None] * len(curves), []
    rows = assigned(lines, [c.stroke.colour or "#000000" for c in curves], names)
    if rows is not None:
        return [None if i is None else lines[i] for i in rows], []
    if len(lines) == len(curves) == 1:
        return list(lines), []
    order = fitting(lines, [_levels(curve, calibration) for curve in curves], panel.x.at)
    headings = [line.heading or "without heading" for line in lines]
    if order is None:
        said = f"numbers at risk are printed ({listed(headings)}), but not to which curve they belong."
        return [None] * len(curves), [said]
    pairs = [f"{headings[i]!r} to {names[k] or f'Curve {k + 1}'!r}" for k, i in enumerate(order)]
    said = f"numbers at risk were given to the curves in the only way that these allow: {listed(pairs)}."
    return [lines[i] for i in order], [said]


def _levels(curve: Strand, calibration: Calibration) -> Callable[[Floats], tuple[Floats, Floats]]:
    def at(x: Floats) -> tuple[Floats, Floats]:
        ends = [calibration.survival(y) for y in curve.level(x)]
        return np.minimum(*ends), np.maximum(*ends)

    return at


def risk_lines(drawing: Drawing, panel: Panel, floor: float) -> list[Line]:
    """Return the lines below the axis whose numbers stand under its ticks and are said, or can only be, at risk.

    They end at `floor`, where the panel below begins.
    """
    below = [w for w in drawing.words if w.rotation == 0 and w.box[3] > panel.x.outer + 1.5 * w.size and w.y < floor]
    left, right = panel.x.at[0] - 0.9 * np.ptp(panel.x.at), panel.x.at[-1] + 0.2 * np.ptp(panel.x.at)
    below = [w for w in below if left <= w.x <= right]
    size = float(np.median([w.size for w in below])) if below else 1.0
    group, risky, out = "", True, []
    for rows in clusters(np.array([w.y for w in below]), LINE * size):
        words = sorted((below[i] for i in rows), key=lambda w: w.box[0])
        line = _line(words, panel)
        if line is None:
            text = joined(words).text
            if re.search(r"\brisk\b", text, re.IGNORECASE):
                risky, group = True, ""
            elif re.search(r"censor|event", text, re.IGNORECASE):
                risky = False
            else:
                group = text
        elif _counts_risk(line.heading, risky):
            named = re.sub(r"(no\.?|number|n|patients)?\s*at\s*risk", "", line.heading, flags=re.IGNORECASE)
            out.append(Line(named.strip(" :()") or group, line.colour, line.numbers, line.y))
    return out


def _counts_risk(heading: str, risky: bool) -> bool:
    if re.search(r"\brisk\b", heading, re.IGNORECASE):
        return True
    return risky and not re.match(r"(cumulative |no\. |number |n )?(of )?(censor|event|death)", heading, re.IGNORECASE)


def _line(words: list[Word], panel: Panel) -> Line | None:
    """Return the numbers of a line that stand under ticks, or None when it is no line of a table."""
    at = panel.x.at
    numbers = np.full(len(at), np.nan)
    used = []
    for word in words:
        text = word.text.replace(",", "")
        i = int(np.abs(at - word.x).argmin())
        if re.fullmatch(r"\d+", text) and abs(at[i] - word.x) <= _COLUMN * word.size and np.isnan(numbers[i]):
            numbers[i] = float(text)
            used.append(word)
    if len(used) < 2 or (np.diff(numbers[np.isfinite(numbers)]) > 0).any():
        return None
    heads = _heads([w for w in words if w.box[2] <= used[0].box[0] + 0.2 * w.size], used[0])
    heading = joined(heads).text if heads else ""
    return Line(heading, (heads or used)[0].colour, numbers, used[0].y)


def _heads(words: list[Word], first: Word) -> list[Word]:
    """Return the words before the first number of a line: not those of a table further left, which ends in a number."""
    row = [*words, first]
    gaps = [b.box[0] - a.box[2] > APART * a.size for a, b in pairwise(row)]
    ends = [i for i in range(1, len(words)) if words[i].text.isdigit() and gaps[i - 1] and gaps[i]]
    return words[ends[-1] + 1 :] if ends else words


def assigned(lines: Sequence[Line], colours: Sequence[str], names: Sequence[str | None]) -> list[int | None] | None:
    """Return for each curve its line of the table: by name, else by colour; None when neither tells all lines apart."""
    plain = [_plain(line.heading) for line in lines]
    own = [_plain(n or "") for n in names]
    by_name = [plain.index(n) if n and plain.count(n) == 1 else None for n in own]
    if any(i is not None for i in by_name):
        return by_name
    by_colour: list[int | None] = []
    for colour in colours:
        near = [i for i, line in enumerate(lines) if apart(line.colour, colour) < 6 and tells(colour)]
        by_colour.append(near[0] if len(near) == 1 else None)
    told = [i for i in by_colour if i is not None]
    return by_colour if told and len(set(told)) == len(told) else None


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def fitting(
    lines: Sequence[Line], levels: Sequence[Callable[[Floats], tuple[Floats, Floats]]], at: Floats
) -> list[int] | None:
    """Return for each curve its line when only one order of the lines is possible; None when none or several are.

    Between two times survival falls by events alone, and the number at risk by events and censoring: it falls by the
    same factor or more.

    Parameters
    ----------
    lines
        As many as curves.
    levels
        Of each curve: lowest and highest survival at positions of the x axis.
    at
        Positions of the ticks.
    """
    if len(lines) != len(levels) or len(lines) > _MOST:
        return None
    may = [[_is_possible(line.numbers, *level(at)) for line in lines] for level in levels]
    orders = [o for o in permutations(range(len(lines))) if all(may[k][i] for k, i in enumerate(o))]
    return list(orders[0]) if len(orders) == 1 else None


def _is_possible(numbers: Floats, lowest: Floats, highest: Floats) -> bool:
    has = np.isfinite(numbers) & np.isfinite(highest)
    n, low, high = numbers[has], lowest[has], highest[has]
    with np.errstate(divide="ignore", invalid="ignore"):
        most = np.where(low[:-1] > 0, n[:-1] * high[1:] / low[:-1], n[:-1])
    return bool((n[1:] <= np.minimum(most, n[:-1]) + 1).all())
