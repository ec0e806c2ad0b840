"""Which of the lines of an image are the curves asked for, and whether they can be told apart."""

from __future__ import annotations

import numpy as np

from ....errors import DataError
from .limits import listed
from .options import Options
from .raster_colours import Inks
from .raster_curves import Trace

_THIN = 2.2  # pixels: in a smeared image thinner lines have no colour of their own


def chosen(traces: list[Trace], inks: Inks, options: Options) -> list[Trace]:
    """Return the lines that are the curves asked for.

    Raises
    ------
    DataError
        When a colour or the number asked for is not there, or a colour has several lines and no number was asked for.
    """
    names = inks.hexes
    by_colour: dict[int, list[Trace]] = {}
    for trace in traces:
        by_colour.setdefault(trace.colour, []).append(trace)
    if options.colours is not None:
        for k, colour in enumerate(options.colours):
            if k not in by_colour:
                raise DataError(
                    f"no curve of colour {colour} falls from survival 1; pick it from the middle of the line."
                )
    if not traces:
        raise DataError("no curve that falls from survival 1 was found: check y_ticks=, kind=, or give colours=.")
    firsts = [found[0] for found in by_colour.values()]
    wanted = options.n_curves
    if wanted is None:
        several = [names[k] for k, found in by_colour.items() if len(found) > 1]
        if several:
            raise DataError(
                f"several lines of colour {listed(several)} fall from survival 1: say n_curves=, or colours= of those "
                "that are curves."
            )
        return _in_order(firsts)
    if wanted <= len(firsts):
        found = firsts if wanted == len(firsts) else None
    else:
        more = [t for found in by_colour.values() for t in found[1:]]
        more.sort(key=lambda t: -int(t.edges.seen.sum()))
        found = firsts + more[: wanted - len(firsts)] if len(firsts) + len(more) >= wanted else None
    if found is None:
        looks = listed([names[t.colour] for t in traces])
        raise DataError(f"n_curves={wanted} was asked for, and {len(traces)} were found ({looks}); give colours=.")
    return _in_order(found)


def check_apart(traces: list[Trace], inks: Inks) -> None:
    """Refuse lines that cannot be told from each other by their colour."""
    if len(traces) > 1 and inks.blurred and min(t.edges.width for t in traces) < _THIN:
        raise DataError(
            "its lines are hardly two pixels thick and their colours smeared, as JPEG stores them, so that several "
            "cannot be told apart: take a larger picture, a PNG, or the vector file."
        )
    for i, one in enumerate(traces):
        for other in traces[:i]:
            if one.colour == other.colour and _meet_again(one, other):
                raise DataError(
                    f"two curves of colour {inks.hexes[one.colour]} touch after they parted, and which goes on as "
                    "which cannot be told by colour: use the vector file, or a figure in colours."
                )


def _meet_again(one: Trace, other: Trace) -> bool:
    """Return whether two lines touch, or one of them is covered, after they have parted."""
    stop = min(len(one.path), len(other.path))
    apart = np.abs(one.path[:stop] - other.path[:stop])
    reach = one.edges.width + other.edges.width
    parted = np.flatnonzero(apart > 2 * reach)
    return not len(parted) or bool((apart[parted[0] :] <= reach / 2 + 1).any())


def _in_order(traces: list[Trace]) -> list[Trace]:
    """Return lines by their level over the time that all share, the highest first."""
    stop = min(t.stop for t in traces)
    return sorted(traces, key=lambda t: float(np.mean(t.path[: max(stop - t.start, 1)])))
