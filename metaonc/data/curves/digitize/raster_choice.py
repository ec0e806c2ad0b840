"""Which of the lines of an image are the curves asked for, and whether they can be told apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from ....errors import DataError
from .limits import listed
from .options import Options
from .raster_axes import runs
from .raster_colours import Inks
from .raster_curves import Trace

_THIN = 2.1  # pixels: in a smeared image thinner lines have no colour of their own
_STRETCH = 2.5  # dashes with their gaps: in a shorter stretch a line is neither solid nor dashed
_DENSER = 0.12  # part of the columns by which one line is drawn in more than the other
_UNKNOWN = 0.15  # of the columns where two lines are apart that may lie in short stretches
_SOLID = 2  # gaps that a solid line may have


def chosen(traces: list[Trace], inks: Inks, options: Options) -> list[Trace]:
    """Return the lines that are the curves asked for.

    Raises
    ------
    DataError
        When a colour or the number asked for is not there, or a colour has several lines and no number was asked for.
    """
    if options.colours is not None:
        missing = [colour for k, colour in enumerate(options.colours) if all(t.colour != k for t in traces)]
        if missing:
            raise DataError(
                f"no curve of colour {listed(missing)} falls from survival 1; pick it from the middle of the line."
            )
    if not traces:
        raise DataError("no curve that falls from survival 1 was found: check y_ticks=, kind=, or give colours=.")
    # a shade that is not asked for by name may be a key's or a grid's: no colour of its own
    kinds = inks.families if options.colours is None else [[k] for k in range(len(options.colours))]
    by_kind = [found for kind in kinds if (found := [t for t in traces if t.colour in kind])]
    firsts, more = [found[0] for found in by_kind], [t for found in by_kind for t in found[1:]]
    wanted = options.n_curves
    if wanted is None and more:
        several = {inks.hexes[t.colour] for found in by_kind if len(found) > 1 for t in found}
        raise DataError(
            f"several lines of colour {listed(sorted(several))} fall from survival 1: say n_curves=, or colours= of "
            "those that are curves."
        )
    further = 0 if wanted is None else wanted - len(firsts)
    if not 0 <= further <= len(more):
        looks = listed([inks.hexes[t.colour] for t in traces])
        raise DataError(f"n_curves={wanted} was asked for, and {len(traces)} were found ({looks}); give colours=.")
    return _in_order(firsts + sorted(more, key=lambda t: -int(t.edges.seen.sum()))[:further])


def check_apart(traces: list[Trace], inks: Inks) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """Return pairs of lines of one colour, with the columns in which their dashes do not tell which is which.

    Raises
    ------
    DataError
        When lines can be told from each other neither by their colour nor by their dashes.
    """
    coloured = not inks.grey[[t.colour for t in traces]].all()
    if len(traces) > 1 and inks.blurred and coloured and min(t.edges.width for t in traces) < _THIN:
        raise DataError(
            "its lines are hardly two pixels thick and their colours smeared, as JPEG stores them, so that several "
            "cannot be told apart: take a larger picture, a PNG, or the vector file."
        )
    unsure = []
    for (i, one), (k, other) in combinations(enumerate(traces), 2):
        stretches = _alike(one, other) if one.colour == other.colour else []
        if stretches is None:
            raise DataError(
                f"two curves of colour {inks.hexes[one.colour]} come close to each other, and which goes on as "
                "which cannot be told by their dashes: give seeds=, the vector file, or a figure in colours."
            )
        if stretches:
            unsure.append((i, k, stretches))
    return unsure


def _alike(one: Trace, other: Trace) -> list[tuple[int, int]] | None:
    """Return where two lines of a colour are apart for too few columns to tell their dashes, None if they are alike."""
    stop = min(len(one.path), len(other.path))
    gap = np.abs(one.path[:stop] - other.path[:stop])
    reach = one.edges.width + other.edges.width
    parted = np.flatnonzero(gap > 2 * reach)
    if not len(parted):
        return None
    dashes = max(_period(one), _period(other))
    near = gap <= (2 * reach if dashes else reach / 2 + 1)  # a path jumps from dashes to others that are near
    if not near[parted[0] :].any():
        return []
    starts, ends = runs(~near)
    long = ends - starts >= _STRETCH * dashes
    more = [_drawn(one, a, b) - _drawn(other, a, b) for a, b in zip(starts[long], ends[long], strict=True)]
    short = [(int(a), int(b)) for a, b in zip(starts[~long], ends[~long], strict=True)]
    if sum(b - a for a, b in short) > _UNKNOWN * (~near).sum():
        return None
    return short if min(more, default=0) > _DENSER or max(more, default=0) < -_DENSER else None


def _drawn(trace: Trace, start: int, stop: int) -> float:
    """Return the part of the columns in which a line is drawn."""
    return float((trace.edges.bottom >= trace.edges.top)[start:stop].mean())


def _period(trace: Trace) -> float:
    """Return the columns from one gap of a line to the next, on average; 0 of a solid one."""
    drawn = trace.edges.bottom >= trace.edges.top
    gaps = int((drawn[:-1] & ~drawn[1:]).sum())
    return len(drawn) / gaps if gaps > _SOLID else 0.0


def _in_order(traces: list[Trace]) -> list[Trace]:
    """Return lines by their level over the time that all share, the highest first."""
    stop = min(t.stop for t in traces)
    return sorted(traces, key=lambda t: float(np.mean(t.path[: max(stop - t.start, 1)])))
