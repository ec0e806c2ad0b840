"""Figures made of pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option
from ....errors import DataError
from ..curve import DigitizedCurve, Found
from ..limits import Source, listed
from ..ocr.reading import with_text
from ..options import Options, Pair, rgb
from .choice import chosen, told_apart
from .colours import Inks, given
from .curves import Trace, find_traces, seeded_traces
from .dashes import Ambiguity
from .doubts.above import from_above
from .doubts.left_over import lines_of
from .doubts.said import Read, of_curve, of_ink
from .doubts.ways import around, between
from .ends import hangs_to_zero
from .image import most
from .levels import level, under_marks
from .marks import marks, without_holes
from .panel import Panel
from .prepared import Prepared, prepared
from .scales import rests_on

_ON = 0.5  # covered part of a pixel that is of a line
_MARGIN = 4  # pixels of an axis line, on which a curve may begin
_FRAME = 4  # pixels that the frame to the right of a panel takes, and its soft edge
_DARKEST = 0.5  # of the pixels along a line: those that show its colour
_DRAWN, _AS_STRONG = 20.0, 0.4  # ink by which a line stands out, and part of its own ink where it goes on
_REST = 0.05  # of the panel: where so much of a line's colour follows after its end, it may be cut short


def read_raster(source: Source, options: Options) -> Found:
    """Read the curves of a raster figure, on the scales that are stated, that its ticks make or that its labels say.

    Raises
    ------
    DataError
        When the image cannot be read, its axes or ticks are not found, a scale is not given, or no curve, too many or
        too few are found.
    """
    return read_prepared(prepared(source, options), options)


def read_prepared(image: Prepared, options: Options) -> Found:
    """Read the curves that are asked for of an image that was prepared by the same options.

    Raises
    ------
    DataError
        When no curve, too many or too few are found.
    """
    text = image.scales.text
    try:
        found = _read_best(image, options)
        return found if text is None else with_text(found, image.part, text.words, text.axes)
    except DataError as problem:
        raise image.source.problem(f"cannot be read: {problem}") from None


def _read_best(image: Prepared, options: Options) -> Found:
    """Return the curves of an image, read as one that is not smeared where that alone gives each a colour of its own.

    Many shades are no sure sign of a JPEG: a screen shot has them too, and its pale colours are not towards grey.
    """
    try:
        return _read(image, options)
    except DataError:
        if not image.panel.blurred or options.n_curves is None:
            raise
        try:
            found = _read(replace(image, panel=replace(image.panel, blurred=False)), options)
        except DataError:
            found = None
        if found is None or not _in_colours(found.curves):
            raise
        return found


def _in_colours(curves: Sequence[DigitizedCurve]) -> bool:
    """Return whether each curve has a colour, and none that of another."""
    inks = Inks(np.array([255.0 - np.array(rgb(curve.colour)) for curve in curves]), blurred=False)
    return len(inks.families) == len(inks) and not inks.grey.any()


def _read(image: Prepared, options: Options) -> Found:
    panel = image.panel
    inks = image.lines if options.colours is None else given(options.colours, image.lines)
    cover = without_holes(panel.covered(inks))
    best: tuple[Panel, list[Trace]] | None = None
    kinds = ("survival", "event") if options.kind != "event" else ("event",)
    for kind in kinds:
        way = replace(panel, calibration=replace(panel.calibration, kind=kind))
        traces = _traces(way, inks, cover, options.seeds)
        if best is None or _seen(traces) > _seen(best[1]):
            best = way, traces
    assert best is not None
    panel, traces = best
    if options.seeds and not traces:
        raise DataError(
            f"no line of one colour goes through each of {option('seeds')} from survival 1: look at their coordinates."
        )
    found, unsure = traces, list[Ambiguity]()
    if not options.seeds:
        one, none = _rows(panel)
        counted = options.n_curves is not None or options.colours is not None
        found, unsure = told_apart(chosen(traces, inks, options), inks, abs(none - one), panel.zoom, counted=counted)
    curves, doubts = _curves(panel, found, cover, panel.covered_over(inks), _asked(cover, inks, options))
    for number, where in enumerate(unsure, 1):
        if where.columns:
            columns = np.array(where.columns) + found[number - 1].start
            times = [f"{a:.4g} to {b:.4g}" for a, b in panel.x.at(columns)]
            doubts.append(
                f"curve {number} shares its colour and is told from others by its dashes, but for {listed(times)}, "
                "where it may have been read as another."
            )
    if options.n_curves is None and options.colours is None and not options.seeds:
        doubts.append(uncounted(len(curves)))
    return Found(
        curves=curves,
        calibration=panel.calibration,
        warnings=(*rests_on(options), *panel.x.doubts, *panel.y.doubts, *doubts),
        notes=("Text was not read: no numbers at risk, and no names.",),
    )


def uncounted(curves: int) -> str:
    """Return what is said of curves whose number nobody has stated."""
    return f"{curves} curves were found by their colours: give {option('n_curves')} to have their number checked."


def _traces(panel: Panel, inks: Inks, cover: Floats, seeds: Sequence[Sequence[Pair]]) -> list[Trace]:
    """Return the lines that fall from survival 1, in an image that is turned over where survival grows downwards.

    `cover` is which part of each pixel lines of each colour cover.
    """
    inner, event = panel.rgb, panel.calibration.kind == "event"
    one, none = _rows(panel)
    start = int(np.clip(np.ceil(panel.x.place(0.0)), 0, inner.shape[1] - 2))
    if not -_MARGIN <= one < len(inner) + _MARGIN:
        if event:
            return []
        raise DataError(
            f"survival 1 lies {'above' if one < 0 else 'below'} the panel by "
            f"{option('y_ticks')}: check its values, and {option('kind')}."
        )
    turned = cover[:, ::-1] if event else cover
    if not seeds:
        return find_traces(turned, inks, one, abs(none - one), start)
    places = [[(round(panel.x.place(t)), one + (1 - s) * (none - one)) for t, s in points] for points in seeds]
    found = seeded_traces(turned, one, abs(none - one), start, places)
    return [t for t in found if t is not None] if all(t is not None for t in found) else []


def _rows(panel: Panel) -> tuple[float, float]:
    """Return the rows of survival 1 and 0 within the panel, as it is turned."""
    unit, high = 100.0 if panel.calibration.percent else 1.0, len(panel.rgb)
    if panel.calibration.kind == "event":
        return high - 1 - panel.y.place(0.0), high - 1 - panel.y.place(unit)
    return panel.y.place(unit), panel.y.place(0.0)


def _seen(traces: list[Trace]) -> int:
    return sum(int(t.edges.seen.sum()) for t in traces)


def _asked(cover: Floats, inks: Inks, options: Options) -> np.ndarray | None:
    """Return where lines may lie that are asked for; None where all are, as neither colours nor seeds say which."""
    if options.colours is None and not options.seeds:
        return None
    mine = cover[: len(inks) - inks.beside] if options.seeds == () else cover[:0]
    return np.asarray(mine.max(axis=0, initial=0.0) > _ON)


def _curves(
    panel: Panel, traces: list[Trace], cover: Floats, over: Floats, asked: np.ndarray | None
) -> tuple[tuple[DigitizedCurve, ...], list[str]]:
    curves, doubts, reads = list[DigitizedCurve](), list[str](), list[Read]()
    inner, event = panel.rgb, panel.calibration.kind == "event"
    one, none = _rows(panel)
    turned = cover[:, ::-1] if event else cover
    marked = np.max(np.delete(turned, [t.colour for t in traces], axis=0), axis=0, initial=0.0)
    whole = [under_marks(t, marked, [o for o in traces if o is not t]) for t in traces]
    traces = [trace for trace, _ in whole]
    ink = most(255.0 - panel.flat)[::-1] if event else most(255.0 - panel.flat)
    drawn = lines_of(ink, traces)
    for number, (trace, under) in enumerate(whole, 1):
        covered = _covered(trace, traces)
        covered = np.where(np.isnan(covered), under, covered)
        read = _read_along(panel, trace, covered, around(turned, drawn, traces, trace), over[trace.colour])
        reads.append(read)
        time = read.time
        if trace.rest > len(trace.path):
            raise DataError(
                f"the line of colour {_colour(inner, trace, event)} could be followed to time {time[-1]:.4g} only, and "
                f"more of its colour follows: areas or other lines hide it; give {option('seeds')} or the vector file."
            )
        doubts += of_curve(number, read, panel.x, abs(none - one), panel.zoom)
        if _is_cut_short(panel, trace):
            doubts.append(
                f"curve {number} is read to time {time[-1]:.4g}, and something goes on from "
                "there: it may be cut short where another line or an area covers it."
            )
        alike = [t for t in traces if t.colour == trace.colour and t is not trace]
        on = [column for column in marks(trace.edges) if not _is_beside(trace, round(column), alike)]
        at = panel.x.at(np.array(on) + trace.start)
        curves.append(
            DigitizedCurve(
                label=f"Curve {number}",
                colour=_colour(inner, trace, event),
                time=np.maximum(time, 0.0),
                survival=np.minimum.accumulate(np.clip(read.survival, 0.0, 1.0)),
                points="pixels",
                censor_times=at[(at > 0) & (at <= time[-1])],
            )
        )
    where = np.ones(drawn.shape, dtype=bool) if asked is None else asked[::-1] if event else asked
    return tuple(curves), doubts + of_ink(reads, drawn, where, panel.x, abs(none - one))


def _read_along(panel: Panel, trace: Trace, covered: Floats, ink: tuple[Floats, Floats], over: Floats) -> Read:
    """Return a line by its scales."""
    one, none = _rows(panel)
    last = min(none, len(panel.rgb) - 1.0)
    rows = level(trace.edges, trace.along, covered, one, last)
    time = panel.x.at(np.arange(len(rows), dtype=float) + trace.start)
    above = from_above(over, ink[0], trace, one, abs(none - one))
    high, low = between(*ink, trace, rows, one)
    hung = hangs_to_zero(trace.edges, last)
    return Read(trace, rows, time, (rows - none) / (one - none), covered, high, low, above, hung)


def _is_cut_short(panel: Panel, trace: Trace) -> bool:
    """Return whether more of a line's colour follows, or its last level goes on in any colour as strong as its own.

    That may lie lower by the line's width: another line hides this one from where it falls under it.
    """
    inner, event = panel.rgb, panel.calibration.kind == "event"
    last = int(np.flatnonzero(trace.edges.bottom >= trace.edges.top)[-1])
    row = int(trace.edges.bottom[last] - trace.edges.width / 2)
    reach = int(np.ceil(trace.edges.width)) + 2
    if row + 2 * reach >= len(inner):  # on the axis, or below what the panel shows
        return False
    if trace.rest > _REST * inner.shape[1]:
        return True
    row = len(inner) - 1 - row if event else row
    end = trace.stop - 1
    after = inner[:, end + reach : end + 3 * reach]
    ahead = 255.0 - (after if after.shape[1] else panel.beyond[:, _FRAME:]).mean(axis=-1)
    if not ahead.shape[1]:  # the image ends
        return False
    seen = np.flatnonzero(trace.edges.bottom >= trace.edges.top)
    rows = (trace.edges.top[seen] + trace.edges.bottom[seen]) // 2
    own = np.median(255.0 - inner[len(inner) - 1 - rows if event else rows, trace.start + seen].mean(axis=-1))
    around = np.quantile(ahead[max(row - 4 * reach, 0) : row + 4 * reach], 0.25, axis=0)
    under = round(trace.edges.width)
    high, low = (row - 2 - under, row + 2) if event else (row - 2, row + 2 + under)
    goes_on = ahead[max(high, 0) : low + 1].max(axis=0) - around > max(_AS_STRONG * own, _DRAWN)
    return bool(goes_on.mean() > 0.5)


def _is_beside(trace: Trace, column: int, others: Sequence[Trace]) -> bool:
    """Return whether one of other lines comes so close in a column that what juts out may be a part of it."""
    reach = int(2 * trace.edges.width) + 2
    around = [t.path[max(column - reach, 0) : column + reach + 1] for t in others]
    return any(len(p) and p.min() - reach <= trace.path[column] <= p.max() + reach for p in around)


def _colour(inner: Floats, trace: Trace, event: bool) -> str:
    """Return the colour of a line where it is darkest: along its middle, as a JPEG pales its rims."""
    seen = np.flatnonzero(trace.edges.bottom >= trace.edges.top)
    rows = (trace.edges.top[seen] + trace.edges.bottom[seen]) // 2
    rows = len(inner) - 1 - rows if event else rows
    pixels = inner[rows, trace.start + seen]
    dark = pixels[pixels.sum(axis=1) <= np.quantile(pixels.sum(axis=1), _DARKEST)]
    return "#" + "".join(f"{round(float(x)):02x}" for x in np.median(dark, axis=0))


def _covered(trace: Trace, traces: list[Trace]) -> Floats:
    """Return the level of the nearest other line in each column, NaN where there is none near."""
    nearest = np.full(len(trace.path), np.nan)
    for other in traces:
        if other is trace:
            continue
        stop = min(trace.stop, other.stop) - trace.start
        theirs = np.where(np.isnan(other.edges.lower), other.edges.upper, other.edges.lower)[:stop]
        closer = np.abs(theirs - trace.path[:stop]) < np.abs(np.nan_to_num(nearest[:stop], nan=1e9) - trace.path[:stop])
        near = np.abs(theirs - trace.path[:stop]) <= trace.edges.width + other.edges.width + 2
        nearest[:stop] = np.where(closer & near, theirs, nearest[:stop])
    return nearest
