"""Figures made of pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option, setting
from ....errors import DataError
from ..curve import DigitizedCurve, Found
from ..limits import Source, listed
from ..options import Options, Pair
from ..scale.calibration import Calibration
from ..scale.raster_axes import Panel, find_axes
from .choice import chosen, told_apart
from .colours import Inks, given, lines
from .curves import Trace, find_traces, seeded_traces
from .dashes import Ambiguity
from .edges import level, marks
from .image import Raster, load

_MARGIN = 4  # pixels of an axis line, on which a curve may begin
_DARKEST = 0.5  # of the pixels along a line: those that show its colour
_FULL = 0.98  # survival below which no curve begins
_DRAWN = 20.0  # ink by which a line stands out
_REST = 0.05  # of the panel: where so much of a line's colour follows after its end, it may be cut short
_LIGHT = 190.0  # of 255: a background
_LATE = 0.02  # of the time axis: a curve that begins later is told of


def read_raster(source: Source, options: Options) -> Found:
    """Read the curves of a raster figure, on the scale of the ticks given.

    Raises
    ------
    DataError
        When the image cannot be read, its axes or ticks are not found, a scale is not given, or no curve, too many or
        too few are found.
    """
    if options.x_ticks is None or options.y_ticks is None:
        raise source.problem(
            "holds pixels, whose numbers are not read: give the values of the outermost labelled ticks, "
            f"such as {option('x_ticks', (0, 60))} and {option('y_ticks', (0, 1))}."
        )
    if options.panel is not None:
        raise source.problem(
            f"holds pixels, in which one panel is read: crop it to that, and leave {option('panel')} out."
        )
    image = load(source, options.masks)
    try:
        panel = find_axes(image.darkness, image.ink, options.x_ticks, options.y_ticks, options.kind)
        return _read(image, panel, options)
    except DataError as problem:
        raise source.problem(f"cannot be read: {problem}") from None


def _read(image: Raster, panel: Panel, options: Options) -> Found:
    (top, bottom), (left, right) = panel.rows, panel.columns
    inner = _on_white(image.rgb[top : bottom + 1, left : right + 1])
    inks = lines(inner, image.blurred) if options.colours is None else given(options.colours, inner, image.blurred)
    best: tuple[Calibration, list[Trace]] | None = None
    kinds = ("survival", "event") if options.kind != "event" else ("event",)
    for kind in kinds:
        calibration = Calibration(
            x=panel.calibration.x, y=panel.calibration.y, panel=panel.calibration.panel, kind=kind,
            percent=panel.calibration.percent,
        )  # fmt: skip
        traces = _traces(inner, inks, calibration, (top, left), options.seeds)
        if best is None or _seen(traces) > _seen(best[1]):
            best = calibration, traces
    assert best is not None
    calibration, traces = best
    if options.seeds and not traces:
        raise DataError("no line of one colour goes through each of seeds= from survival 1: look at their coordinates.")
    found, unsure = traces, list[Ambiguity]()
    if not options.seeds:
        one, none = _rows(calibration, top, len(inner))
        found, unsure = told_apart(chosen(traces, inks, options), inks, abs(none - one))
    curves, doubts = _curves(inner, found, calibration, (top, left))
    for number, where in enumerate(unsure, 1):
        if where.columns:
            columns = np.array(where.columns) + found[number - 1].start + left
            times = [f"{a:.4g} to {b:.4g}" for a, b in calibration.x.at(columns)]
            doubts.append(
                f"curve {number} shares its colour and is told from others by its dashes, but for {listed(times)}, "
                "where it may have been read as another."
            )
    said = (
        f"no number of the figure was read: its scales rest on "
        f"{setting('x_ticks', options.x_ticks)} and {setting('y_ticks', options.y_ticks)}."
    )
    notes = ("Numbers at risk are not read from pixels.",)
    if options.n_curves is None and options.colours is None and not options.seeds:
        doubts.append(
            f"{len(curves)} curves were found by their colours: give {option('n_curves')} to have their number checked."
        )
    return Found(
        curves=curves,
        calibration=calibration,
        warnings=(said, *calibration.x.doubts, *calibration.y.doubts, *doubts),
        notes=notes,
    )


def _on_white(inner: Floats) -> Floats:
    """Return a panel with its background, which most of its pixels show, made white."""
    background = np.median(inner[:: max(len(inner) // 100, 1)].reshape(-1, 3), axis=0)
    return inner if background.min() < _LIGHT else np.minimum(inner * (255.0 / background), 255.0)


def _traces(
    inner: Floats, inks: Inks, calibration: Calibration, corner: tuple[int, int], seeds: Sequence[Sequence[Pair]]
) -> list[Trace]:
    """Return the lines that fall from survival 1, in an image that is turned over where survival grows downwards."""
    one, none = _rows(calibration, corner[0], len(inner))
    start = int(np.clip(np.ceil(calibration.x.place(0.0) - corner[1]), 0, inner.shape[1] - 2))
    if not -_MARGIN <= one < len(inner) + _MARGIN:
        if calibration.kind == "event":
            return []
        raise DataError(
            f"survival 1 lies {'above' if one < 0 else 'below'} the panel by "
            f"{option('y_ticks')}: check its values, and {option('kind')}."
        )
    turned = inner[::-1] if calibration.kind == "event" else inner
    if not seeds:
        return find_traces(turned, inks, one, abs(none - one), start)
    places = [
        [(round(calibration.x.place(t) - corner[1]), one + (1 - s) * (none - one)) for t, s in points]
        for points in seeds
    ]
    found = seeded_traces(turned, inks, one, abs(none - one), start, places)
    return [t for t in found if t is not None] if all(t is not None for t in found) else []


def _rows(calibration: Calibration, top: int, high: int) -> tuple[float, float]:
    """Return the rows of survival 1 and 0 within the panel, as it is turned."""
    unit = 100.0 if calibration.percent else 1.0
    one, none = (
        calibration.y.place(v * unit) - top for v in ((0.0, 1.0) if calibration.kind == "event" else (1.0, 0.0))
    )
    return (high - 1 - one, high - 1 - none) if calibration.kind == "event" else (one, none)


def _seen(traces: list[Trace]) -> int:
    return sum(int(t.edges.seen.sum()) for t in traces)


def _curves(
    inner: Floats, traces: list[Trace], calibration: Calibration, corner: tuple[int, int]
) -> tuple[tuple[DigitizedCurve, ...], list[str]]:
    curves, doubts = [], []
    one, _ = _rows(calibration, corner[0], len(inner))
    for number, trace in enumerate(traces, 1):
        rows = level(trace.edges, trace.along, _covered(trace, traces), one)
        rows = len(inner) - 1 - rows if calibration.kind == "event" else rows
        survival = calibration.survival(rows + corner[0])
        time = calibration.x.at(np.arange(len(rows), dtype=float) + trace.start + corner[1])
        span = abs(calibration.x.values[-1] - calibration.x.values[0])
        if time[0] > _LATE * span:
            doubts.append(f"curve {number} begins at time {time[0]:.4g}, not 0: check x_ticks.")
        if survival[0] < _FULL:
            doubts.append(f"curve {number} begins at survival {survival[0]:.3f}, not 1: check {option('y_ticks')}.")
        if _is_cut_short(inner, trace, calibration):
            doubts.append(
                f"curve {number} is read to time {time[-1]:.4g}, and something goes on from "
                "there: it may be cut short where another line or an area covers it."
            )
        alike = [t for t in traces if t.colour == trace.colour and t is not trace]
        on = [column for column in marks(trace.edges) if not _is_beside(trace, round(column), alike)]
        at = calibration.x.at(np.array(on) + trace.start + corner[1])
        curves.append(
            DigitizedCurve(
                label=f"Curve {number}",
                colour=_colour(inner, trace, calibration),
                time=np.maximum(time, 0.0),
                survival=np.minimum.accumulate(np.clip(survival, 0.0, 1.0)),
                points="pixels",
                censor_times=at[(at > 0) & (at <= time[-1])],
            )
        )
    return tuple(curves), doubts


def _is_cut_short(inner: Floats, trace: Trace, calibration: Calibration) -> bool:
    """Return whether more of a line's colour follows, or its last level goes on in any colour that stands out."""
    last = int(np.flatnonzero(trace.edges.bottom >= trace.edges.top)[-1])
    row = int(trace.edges.bottom[last] - trace.edges.width / 2)
    reach = int(np.ceil(trace.edges.width)) + 2
    if row + 2 * reach >= len(inner):  # on the axis, or below what the panel shows
        return False
    if trace.rest > _REST * inner.shape[1]:
        return True
    row = len(inner) - 1 - row if calibration.kind == "event" else row
    end = trace.start + last
    ahead = 255.0 - inner[:, end + reach : end + 3 * reach].mean(axis=-1)
    if not ahead.shape[1]:
        return False
    around = np.quantile(ahead[max(row - 4 * reach, 0) : row + 4 * reach], 0.25, axis=0)
    return bool((ahead[max(row - 2, 0) : row + 3].max(axis=0) - around > _DRAWN).mean() > 0.5)


def _is_beside(trace: Trace, column: int, others: Sequence[Trace]) -> bool:
    """Return whether one of other lines comes so close in a column that what juts out may be a part of it."""
    reach = int(2 * trace.edges.width) + 2
    around = [t.path[max(column - reach, 0) : column + reach + 1] for t in others]
    return any(len(p) and p.min() - reach <= trace.path[column] <= p.max() + reach for p in around)


def _colour(inner: Floats, trace: Trace, calibration: Calibration) -> str:
    """Return the colour of a line where it is darkest: along its middle, as a JPEG pales its rims."""
    seen = np.flatnonzero(trace.edges.bottom >= trace.edges.top)
    rows = (trace.edges.top[seen] + trace.edges.bottom[seen]) // 2
    rows = len(inner) - 1 - rows if calibration.kind == "event" else rows
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
