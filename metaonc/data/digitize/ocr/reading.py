"""What the text of a picture adds to its curves: names, numbers at risk that can be trusted, and what is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ....base.check import Floats
from ....base.messages.advice import option
from ..curve import DigitizedCurve, Found, level_at, named
from ..limits import listed
from ..primitives import Word
from ..raster.image import Raster
from ..scale.calibration import AxisFit
from ..scale.read_axes import ReadAxis
from ..vector.risk_lines import assigned, fitting
from .names import names_of, phrases_of
from .numbers import printed_numbers
from .risk import RiskRow, RiskTable, risk_table
from .text import figure_text, table_of
from .words import enlarged, read_words

_AROUND = 0.02  # of the time axis: by which a level read may be late or early
_SLACK = 1.0  # patients by which a number may be above what survival allows, as it is rounded


def with_text(found: Found, image: Raster, words: Sequence[Word], axes: Mapping[str, ReadAxis]) -> Found:
    """Return what was found with names, numbers at risk and the text that was read.

    Parameters
    ----------
    found
        Curves and scales.
    image
        The image, or the part that was read.
    words
        Its words.
    axes
        Those whose labels were read.
    """
    assert found.calibration is not None
    x, floor = found.calibration.x, (found.calibration.panel[3] - image.top) / image.unit
    phrases = phrases_of(words)
    near = names_of(image.rgb, [p for p, _ in phrases], [c.colour for c in found.curves], floor)
    names = [None if one is None else one[1].text for one in near]
    table = _table(image, words, axes, x)
    rows, said = _given(table, found.curves, names)
    uses = {id(w): f"{name} axis" for name, axis in axes.items() for w in axis.labels.words}
    uses |= {id(w): "name" for one in near if one is not None for w in phrases[one[0]][1]}
    curves, more = list[DigitizedCurve](), list[Word]()
    for k, (curve, row) in enumerate(zip(found.curves, rows, strict=True)):
        name = names[k] or (row.line.heading if row else None) or curve.label
        at_risk, doubts = (None, []) if row is None else _checked(row, curve, x)
        if row is not None:
            uses |= {id(w): "number at risk" for w in row.words}
            more += [w for w in row.words if not any(w is one for one in words)]
        if doubts:
            said.append(
                f"numbers at risk of {name!r} that are doubtful were left out: {listed(doubts, 20)}; look at the "
                f"figure and give {option('at_risk')}."
            )
        curves.append(replace(curve, label=name, at_risk=at_risk))
    text = replace(figure_text(words), words=table_of([*words, *more], uses, image.corner, image.unit))
    unlike = _unlike(curves, found.curves)
    printed = printed_numbers(words, [c.label for c in unlike], [c.colour for c in unlike])
    warnings = (*(named(one, unlike) for one in found.warnings), *said)
    return replace(found, curves=unlike, warnings=warnings, notes=(), text=text, printed=printed)


def _unlike(curves: Sequence[DigitizedCurve], before: Sequence[DigitizedCurve]) -> tuple[DigitizedCurve, ...]:
    """Return curves without the names that two of them have."""
    labels = [c.label for c in curves]
    return tuple(
        c if labels.count(c.label) == 1 else replace(c, label=b.label) for c, b in zip(curves, before, strict=True)
    )


def _table(image: Raster, words: Sequence[Word], axes: Mapping[str, ReadAxis], x: AxisFit) -> RiskTable:
    """Return the numbers at risk below the labels of x, read once more at another size."""
    if "x" not in axes:
        return RiskTable((), False)
    labels = axes["x"].labels
    floor = max(w.box[3] for w in labels.words)
    if not any(w.box[1] > floor and w.text[:1].isdigit() for w in words):
        return RiskTable((), any("risk" in w.text.lower() for w in words if w.box[1] > floor))
    top = min(int(floor) + 1, len(image.rgb) - 2)
    again = read_words(Raster(image.rgb[top:], image.blurred), enlarged(image) + 1.0)
    again = [replace(w, box=(w.box[0], w.box[1] + top, w.box[2], w.box[3] + top)) for w in again]
    times = labels.columns
    at = np.array([(x.place(float(v)) - image.corner[0]) / image.unit for v in times])
    return risk_table(words, again, at, times, floor)


def _given(
    table: RiskTable, curves: Sequence[DigitizedCurve], names: Sequence[str | None]
) -> tuple[list[RiskRow | None], list[str]]:
    """Return for each curve its row: by name, by colour, or in the only order that is possible; and what to say."""
    none: list[RiskRow | None] = [None] * len(curves)
    if not table.rows:
        said = "the figure says that it prints numbers at risk, and none were read: give " + option("at_risk") + "."
        return none, [said] if table.said else []
    rows, lines = table.rows, [row.line for row in table.rows]
    way = assigned(lines, [c.colour for c in curves], names)
    if way is None and len(rows) == len(curves) == 1:
        way = [0]
    if way is None:
        levels = [lambda at, c=c: _levels(c, at) for c in curves]
        order = fitting(lines, levels, rows[0].times)
        way = None if order is None else list(order)
    if way is None:
        heads = listed([line.heading or "without heading" for line in lines])
        said = f"numbers at risk are printed ({heads}), but not to which curve they belong: give {option('at_risk')}."
        return none, [said]
    if way.count(None) == 1 and len(rows) == len(curves):  # the last row is that of the last curve
        way = [k if k is not None else next(i for i in range(len(rows)) if i not in way) for k in way]
    left = [repr(line.heading) for i, line in enumerate(lines) if i not in way]
    said = f"numbers at risk of {listed(left)} were given to no curve: give {option('at_risk')}."
    return [None if i is None else rows[i] for i in way], [said] if left else []


def _levels(curve: DigitizedCurve, at: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and highest survival that a curve may have at times; NaN after its end."""
    around = _AROUND * float(curve.time[-1])
    within = at <= curve.time[-1] + around
    low, high = level_at(curve, at + around), np.where(at - around < curve.time[0], 1.0, level_at(curve, at - around))
    return np.where(within, low, np.nan), np.where(within, high, np.nan)


def _checked(row: RiskRow, curve: DigitizedCurve, x: AxisFit) -> tuple[pd.DataFrame | None, list[str]]:
    """Return the numbers that the curve allows, and what is doubtful: none where the first is not known.

    No more can be at risk than survive of those at the beginning, since censoring only takes patients away.
    """
    numbers, doubts = row.line.numbers.copy(), list(row.doubts)
    if not np.isfinite(numbers[0]) or abs(row.times[0]) > 1e-6 * abs(x.values[-1]):
        return None, [*doubts, "the number at time 0, without which the others tell nothing"]
    _, high = _levels(curve, row.times)
    for i in np.flatnonzero(numbers > numbers[0] * high + _SLACK):
        most = f"{high[i]:.2f} of {numbers[0]:g}"
        doubts.append(f"{numbers[i]:g} at time {row.times[i]:g}, above what survival leaves ({most})")
        numbers[i] = np.nan
    has = np.isfinite(numbers)
    return pd.DataFrame({"time": row.times[has], "n_risk": numbers[has].astype(int)}), doubts
