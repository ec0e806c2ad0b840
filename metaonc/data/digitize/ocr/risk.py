"""Numbers at risk below a picture's axis, from the words read there: rows, columns at the labels of x, and doubts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....base.check import Floats
from ..primitives import Word
from ..scale.numerals import clusters
from ..vector.risk_lines import Line
from ..vector.texts import joined

_ROW = 0.5  # of the height of type: by which words of one line may be out of line
_COLUMN = 0.35  # of the distance of labels: by which a number may be off its column
_SURE = 0.85  # confidence below which a number is asked for
_FEWEST = 3  # numbers of a row, where there are as many labels
_RISK, _OTHER = re.compile(r"risk", re.IGNORECASE), re.compile(r"censor|event|death", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class RiskRow:
    """A row of the table.

    Attributes
    ----------
    line
        Its heading and numbers, one a column, NaN where none is sure.
    times
        Of the columns.
    words
        Those that its numbers rest on.
    doubts
        Each what is doubtful, in words.
    """

    line: Line
    times: Floats
    words: tuple[Word, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RiskTable:
    """What is printed below an axis: rows of numbers at risk, and whether the figure says that it has some."""

    rows: tuple[RiskRow, ...]
    said: bool


def risk_table(words: Sequence[Word], again: Sequence[Word], at: Floats, times: Floats, floor: float) -> RiskTable:
    """Return the rows of numbers at risk.

    Parameters
    ----------
    words, again
        What was read below the axis at two sizes: a number that differs is doubtful.
    at, times
        Columns and values of the labels of x.
    floor
        Row below the labels of x.
    """
    below = [w for w in words if w.rotation == 0 and w.box[1] > floor]
    twice = [w for w in again if w.rotation == 0 and w.box[1] > floor]
    out, risky, said = list[RiskRow](), True, False
    size = float(np.median([w.size for w in below])) if below else 1.0
    group = ""
    for rows in clusters(np.array([w.y for w in below]), _ROW * size):
        row = sorted((below[i] for i in rows), key=lambda w: w.box[0])
        cells, heading = _cells(row, at)
        text = joined(heading).text if heading else ""
        if _OTHER.search(text) and not _RISK.search(text):
            risky = False
        elif _RISK.search(text):
            risky = said = True
            group = "" if len(cells) < _FEWEST else group
        if len(cells) >= min(_FEWEST, len(at)) and risky and not _is_scale(cells, times):
            named = re.sub(r"(no\.?|number|n|patients)?\s*(of\s*patients\s*)?at\s*risk", "", text, flags=re.IGNORECASE)
            y = float(np.median([w.y for w in row]))
            other = _cells([w for w in twice if abs(w.y - y) < _ROW * size], at)[0]
            out.append(_row(named.strip(" :()") or group, cells, other, times, y, (heading or row)[0].colour))
        elif len(cells) < _FEWEST and heading and not _RISK.search(text) and heading[0].box[0] < float(at.min()):
            group = text  # further right stands the title of the axis
    return RiskTable(tuple(out), said)


def _cells(row: Sequence[Word], at: Floats) -> tuple[dict[int, Word], list[Word]]:
    """Return the number in each column, and the words before the first; counts in brackets belong to their number."""
    if not row:
        return {}, []
    row = sorted(row, key=lambda w: w.box[0])
    step = float(np.median(np.abs(np.diff(np.sort(at)))))
    best: dict[int, Word] = {}
    least = np.inf
    for whole in (False, True):
        cells, off = dict[int, Word](), list[float]()
        for k, word in enumerate(row):
            if not re.fullmatch(r"\d{1,3}(,?\d{3})*", word.text):
                continue
            right = row[k + 1].box[2] if whole and k + 1 < len(row) and row[k + 1].text.startswith("(") else word.box[2]
            away = np.abs((word.box[0] + right) / 2 - at)
            i = int(np.argmin(away))
            if away[i] <= _COLUMN * step and i not in cells:
                cells[i] = word
                off.append(float(away[i]))
        worth = float(np.mean(off)) if off else np.inf
        if (len(cells), -worth) > (len(best), -least):
            best, least = cells, worth
    first = min((w.box[0] for w in best.values()), default=np.inf)
    return best, [w for w in row if w.box[2] < first]


def _is_scale(cells: dict[int, Word], times: Floats) -> bool:
    """Return whether a row repeats the labels of the axis."""
    same = [_number(w) == times[i] for i, w in cells.items()]
    return bool(sum(same) >= 0.7 * len(same))


def _row(heading: str, cells: dict[int, Word], other: dict[int, Word], times: Floats, y: float, colour: str) -> RiskRow:
    numbers = np.full(len(times), np.nan)
    doubts, used, cut = [], [], dict[int, tuple[Word, Word]]()
    last = max((*cells, *other))
    for i in range(last + 1):
        one, two = cells.get(i), other.get(i)
        word = one or two
        if word is None:
            doubts.append(f"none at time {times[i]:g}")
        elif one and two and one.text != two.text and (part := _part(one, two)):
            cut[i] = part
        elif one and two and one.text != two.text:
            doubts.append(f"{one.text} or {two.text} at time {times[i]:g}")
        elif word.confidence < _SURE:
            doubts.append(f"{word.text} at time {times[i]:g} (confidence {word.confidence:.2f})")
        else:
            numbers[i] = _number(word)
            used.append(word)
    for i in _rising(numbers):
        doubts.append(f"{numbers[i]:g} at time {times[i]:g}, out of order")
        numbers[i] = np.nan
    for i, (short, whole) in cut.items():
        if _in_order(numbers, i, _number(whole)) and not _in_order(numbers, i, _number(short)):
            numbers[i] = _number(whole)
            used.append(whole)
        else:
            doubts.append(f"{short.text} or {whole.text} at time {times[i]:g}")
    return RiskRow(Line(heading, colour, numbers, y), times, tuple(used), tuple(doubts))


def _number(word: Word) -> float:
    return float(word.text.replace(",", ""))


def _part(one: Word, two: Word) -> tuple[Word, Word] | None:
    """Return two readings of one number, where the first is a part of the second, which is sure: its box was cut."""
    short, whole = sorted((one, two), key=lambda w: len(w.text))
    a, b = short.text.replace(",", ""), whole.text.replace(",", "")
    is_part = a != b and (b.startswith(a) or b.endswith(a))
    return (short, whole) if is_part and whole.confidence >= _SURE else None


def _in_order(numbers: Floats, i: int, number: float) -> bool:
    """Return whether a number lies between sure ones on both sides, as numbers at risk only fall."""
    before, after = numbers[:i][np.isfinite(numbers[:i])], numbers[i + 1 :][np.isfinite(numbers[i + 1 :])]
    return bool(len(before) and len(after) and after.max() <= number <= before.min())


def _rising(numbers: Floats) -> list[int]:
    """Return which numbers break the order of the others: those outside of the longest falling part."""
    has = np.flatnonzero(np.isfinite(numbers))
    best: list[list[int]] = []
    for k in has:
        before = [b for b in best if numbers[b[-1]] >= numbers[k]]
        best.append([*max(before, key=len, default=[]), int(k)])
    kept = max(best, key=len, default=[])
    return [int(k) for k in has if int(k) not in kept]
