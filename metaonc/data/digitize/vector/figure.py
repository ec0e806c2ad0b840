"""Figures made of lines: from strokes and words to curves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option, setting
from ....errors import DataError, OptionError
from ..curve import DigitizedCurve, Found
from ..limits import Source, listed
from ..ocr.numbers import printed_numbers
from ..ocr.outlines import doubt, is_read, way_out, with_words
from ..ocr.text import figure_text
from ..options import Options, apart
from ..primitives import Drawing
from ..scale.axes import Panel, fitted, panels, stated_panel
from ..scale.calibration import AxisFit, Calibration
from .frame import without_axes
from .marks import find_marks
from .pdf import read_page
from .risk_lines import numbers_at_risk
from .strands import Strand, level_strands, slanted, strands, without_limits
from .svg import read_drawing
from .texts import name_curves

_START = 5e-3  # of the axis: a curve begins no further from 1 (or 0, where events are shown)
_ORIGIN = 0.02  # of the axis: a curve begins no further from time 0
_END = 1e-4  # survival below this is 0: no figure shows one of 10 000 patients
_ALIKE = 60.0  # of 441: colours further apart are not the one asked for


def read_pdf(source: Source, options: Options) -> Found:
    """Read the curves of a page of a PDF."""
    return trace(source, read_page(source, options.page), options)


def read_svg(source: Source, options: Options) -> Found:
    """Read the curves of an SVG."""
    return trace(source, read_drawing(source), options)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A panel with its staircases, before anything is known of its scales; `floor` is the top of the panel below."""

    panel: Panel
    strands: list[Strand]
    floor: float = np.inf


def trace(source: Source, drawing: Drawing, options: Options) -> Found:
    """Read the curves of a drawing.

    Raises
    ------
    DataError
        When there is no panel with curves, or several and none was chosen, or no scale or curve that can be trusted.
    OptionError
        When masks or seeds are given.
    """
    for name in ("masks", "seeds"):
        if getattr(options, name):
            raise OptionError(
                f"{option(name)} has no use for a figure made of lines: choose its curves by {option('colours')}."
            )
    try:
        if not is_read(drawing, options):
            return _traced(source, drawing, options)
        drawing, words = with_words(drawing)
        found = _traced(source, drawing, options)
        return found if not words else replace(found, warnings=(doubt(words), *found.warnings), text=figure_text(words))
    except DataError as problem:
        raise source.named(problem) from None


def drawn(source: Source, drawing: Drawing, options: Options) -> Drawing:
    """Return a drawing as its curves were read from it: turned where only so it has a panel."""
    return (_stated(drawing, options) or _chosen(source, drawing, options))[0]


def _traced(source: Source, drawing: Drawing, options: Options) -> Found:
    drawing, seen = _stated(drawing, options) or _chosen(source, drawing, options)
    if options.x_axis is None or options.y_axis is None:
        _check_multiple(drawing, seen.panel)
    try:
        x = fitted(seen.panel.x, options.x_ticks, options.x_axis)
        y = fitted(seen.panel.y, options.y_ticks, options.y_axis)
    except DataError as problem:
        raise DataError(f"{problem}{way_out(drawing, options)}") from None
    calibration = _calibration(seen, x, y, options)
    begun = [s for s in seen.strands if _begins(s, calibration)]
    kept, limits = without_limits(begun)
    kept = [*kept, *_without_events(drawing, seen, kept, calibration)]
    kept = _asked(source, kept, options)
    said = [] if not limits else [f"{limits} confidence limits were left out."]
    curves, more = _curves(drawing, seen, calibration, kept)
    printed = printed_numbers(drawing.words, [c.label for c in curves], [c.colour for c in curves], seen.panel.box)
    warnings = (*x.doubts, *y.doubts, *more)
    return Found(curves=tuple(curves), calibration=calibration, warnings=warnings, notes=tuple(said), printed=printed)


def _stated(drawing: Drawing, options: Options) -> tuple[Drawing, _Seen] | None:
    """Return the drawing with the panel that both axes state; None unless they do."""
    if options.x_axis is None or options.y_axis is None:
        return None
    panel = stated_panel(drawing, panels(drawing), options.x_axis, options.y_axis)
    return drawing, _Seen(panel, strands(without_axes(drawing.strokes, panel), panel.box))


def _chosen(source: Source, drawing: Drawing, options: Options) -> tuple[Drawing, _Seen]:
    """Return the panel to read, and the drawing, turned when only so it has one."""
    found, seen = _seen(drawing)
    if not seen and (turned := drawing.upright()) is not drawing:
        drawing = turned
        found, seen = _seen(drawing)
    if not seen:
        raise source.problem(_nothing(drawing, found))
    if isinstance(options.panel, tuple):
        raise source.problem(f"holds lines, whose panels have numbers: {setting('panel', options.panel)} is none.")
    if options.panel is None and len(seen) > 1:
        places = [f"{k} at {_place(s.panel)}" for k, s in enumerate(seen, 1)]
        raise source.problem(
            f"has {len(seen)} panels with curves; choose one with {option('panel')}: {listed(places)}."
        )
    if (options.panel or 1) > len(seen):
        raise source.problem(f"has {len(seen)} panels with curves: {setting('panel', options.panel)} is none of them.")
    return drawing, seen[(options.panel or 1) - 1]


def _seen(drawing: Drawing) -> tuple[list[Panel], list[_Seen]]:
    found = panels(drawing)
    seen = [_Seen(p, s) for p in found if (s := strands(without_axes(drawing.strokes, p), p.box))]
    return found, [replace(one, floor=_floor(one.panel, [other.panel for other in seen])) for one in seen]


def _floor(panel: Panel, others: Sequence[Panel]) -> float:
    left, _, right, bottom = panel.box
    below = [p.box[1] for p in others if p.box[1] > bottom and p.box[0] < right and p.box[2] > left]
    return min(below, default=np.inf)


def _place(panel: Panel) -> str:
    left, top, right, bottom = panel.box
    return f"({left:.0f}, {top:.0f}) to ({right:.0f}, {bottom:.0f})"


def _nothing(drawing: Drawing, found: list[Panel]) -> str:
    """Return why there is nothing to read."""
    if leaning := sum(slanted(drawing.strokes, p.box) for p in found):
        return f"has no staircases, but {leaning} lines that lean: they are no Kaplan-Meier curves, or were smoothed."
    if found:
        return "has axes but no curve that falls or rises in steps from one end of them."
    if drawing.images:
        return f"holds its figure as pixels ({len(drawing.images)} pictures), not as lines; give the picture itself."
    if not drawing.strokes:
        return "draws no lines, only text." if drawing.words else "draws nothing."
    return "has no two axes with ticks that belong to each other; is the figure on another page?"


def _check_multiple(drawing: Drawing, panel: Panel) -> None:
    """Refuse axes whose numbers are to be multiplied by a power printed at their end."""
    left, top, right, bottom = panel.box
    for word in drawing.words:
        near = left - 60 < word.x < right + 60 and top - 40 < word.y < bottom + 60
        if near and re.fullmatch(r"[×x]?1e[-−+]?\d+|×10.*", word.text):
            raise DataError(f"the numbers of an axis are to be multiplied by {word.text!r}; such axes are not read.")


def _calibration(seen: _Seen, x: AxisFit, y: AxisFit, options: Options) -> Calibration:
    """Return the scales, with what the y axis shows: told by the user, else by where the curves begin."""
    shown = [c for c in (options.kind, None) if c is not None]
    percent = "percent" in shown or max(abs(v) for v in y.values) > 1.5
    top = 100.0 if percent else 1.0
    starts = np.array([y.at(s.corners[:1, 1])[0] for s in seen.strands]) / top
    falls = np.array([s.falls for s in seen.strands]) == (y.slope < 0)
    down = int((falls & (np.abs(starts - 1) < _START)).sum())
    up = int((~falls & (np.abs(starts) < _START)).sum())
    kinds = {"survival": down, "event": up}
    kind = "event" if (up > down if options.kind in (None, "percent") else options.kind == "event") else "survival"
    if not kinds[kind]:
        nearest = starts[np.abs(starts - (kind == "survival")).argmin()] * top
        where = f"1 (or {top:g})" if kind == "survival" else "0"
        raise DataError(
            f"no curve begins at {where} on the y axis; the nearest begins at {nearest:.4g}, so that the scale "
            f"or the curves are wrong ({y}). Give {option('y_ticks')}, {option('kind')}, or another panel."
        )
    return Calibration(x=x, y=y, panel=seen.panel.box, kind=kind, percent=percent)


def _begins(strand: Strand, calibration: Calibration) -> bool:
    start = calibration.survival(strand.corners[:1, 1])[0]
    x = calibration.x
    late = abs(float(x.at(strand.corners[:1, 0])[0])) > 0.5 * abs(x.values[-1] - x.values[0])
    survival = calibration.survival(strand.corners[[0, -1], 1])
    return bool(abs(start - 1) < _START and survival[1] < survival[0] and not late)


def _without_events(drawing: Drawing, seen: _Seen, found: Sequence[Strand], calibration: Calibration) -> list[Strand]:
    """Return the level lines from time 0 at survival 1 that the key names: curves on which nothing has happened."""
    x = calibration.x
    span, out = abs(x.values[-1] - x.values[0]), []
    for strand in level_strands(drawing.strokes, seen.panel.box, found):
        start = strand.corners[:1]
        at_one = abs(calibration.survival(start[:, 1])[0] - 1) < _START
        if (
            at_one
            and abs(x.at(start[:, 0])[0]) < _ORIGIN * span
            and name_curves(drawing, seen.panel, [*found, strand])[-1]
        ):
            out.append(strand)
    return out


def _asked(source: Source, found: Sequence[Strand], options: Options) -> list[Strand]:
    """Return the strands that were asked for, by colour and number."""
    looks = listed([_look(s) for s in found]) or "none"
    chosen = list(found)
    if options.colours is not None:
        chosen = []
        for colour in options.colours:
            near = sorted(found, key=lambda s: apart(s.stroke.colour or "#000000", colour))
            if not near or apart(near[0].stroke.colour or "#000000", colour) > _ALIKE:
                raise source.problem(f"has no curve of colour {colour}; it has {looks}.")
            chosen += [s for s in near if s.stroke.colour == near[0].stroke.colour and s not in chosen]
    if options.n_curves is not None and len(chosen) != options.n_curves:
        raise source.problem(
            f"has {len(chosen)} curves ({looks}), and {setting('n_curves', options.n_curves)} was asked for; name "
            f"them by {option('colours')}."
        )
    if not chosen:
        raise source.problem("has no curve that begins at survival 1.")
    return chosen


def _look(strand: Strand) -> str:
    return f"{strand.stroke.colour}{' dashed' if strand.stroke.dash else ''}"


def _curves(
    drawing: Drawing, seen: _Seen, calibration: Calibration, found: Sequence[Strand]
) -> tuple[list[DigitizedCurve], list[str]]:
    """Return the curves with names, marks and numbers at risk, and what is doubtful."""
    panel = seen.panel
    names = name_curves(drawing, panel, found)
    marks = find_marks(drawing, panel.box, found)
    lines, warnings = numbers_at_risk(drawing, panel, seen.floor, found, names, calibration)
    if marks.unclear:
        warnings.append(f"{marks.unclear} censoring marks lie where curves meet and were given to none.")
    curves = []
    for k, strand in enumerate(found):
        line = lines[k]
        table = None if line is None else line.table(calibration.x, panel)
        name = names[k] or (None if line is None else line.heading) or f"Curve {k + 1}"
        curve, doubts = _curve(strand, calibration, name, calibration.x.at(marks.of[k]))
        warnings += doubts
        curves.append(replace(curve, at_risk=table))
    return curves, warnings


def _curve(
    strand: Strand, calibration: Calibration, name: str, censor_times: Floats
) -> tuple[DigitizedCurve, list[str]]:
    """Return a curve on the scales of the figure; it begins at survival 1, and at time 0 where it is near."""
    x = calibration.x
    time, survival = x.at(strand.corners[:, 0]), calibration.survival(strand.corners[:, 1])
    doubts = []
    span = abs(x.values[-1] - x.values[0])
    inside = (strand.corners[:, 0] >= x.valid[0] - 0.5) & (strand.corners[:, 0] <= x.valid[1] + 0.5)
    inside &= (strand.corners[:, 1] >= calibration.y.valid[0] - 0.5) & (
        strand.corners[:, 1] <= calibration.y.valid[1] + 0.5
    )
    time, survival = time[inside], survival[inside]
    if abs(time[0]) > _ORIGIN * span:
        doubts.append(f"curve {name!r} begins at time {time[0]:.4g}, not 0: check the x axis.")
    elif abs(time[0]) < 2e-3 * span:
        time = np.where(time <= time[0], 0.0, np.maximum(time, 0.0))
    if strand.cut:
        doubts.append(f"curve {name!r} goes on outside what the figure shows.")
    first = survival == survival[0]
    survival = np.where(first, 1.0, np.clip(survival, 0.0, 1.0))
    survival = np.where(survival < _END, 0.0, survival)
    marks = censor_times[(censor_times >= time[0] - 1e-6 * span) & (censor_times <= time[-1] + 1e-3 * span)]
    return (
        DigitizedCurve(
            label=name,
            colour=strand.stroke.colour or "#000000",
            dash=strand.stroke.dash,
            time=time,
            survival=survival,
            points="corners",
            censor_times=np.clip(marks, time[0], time[-1]),
        ),
        doubts,
    )
