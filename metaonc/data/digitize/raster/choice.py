"""Which of the lines of an image are the curves asked for, and whether they can be told apart."""

from __future__ import annotations

import numpy as np

from ....base.messages.advice import option, setting
from ....errors import DataError
from ..limits import listed
from ..options import Options
from .colours import Inks
from .curves import Trace
from .dashes import Ambiguity, by_dashes
from .doubts.shared import beside

_THIN, _REST = 2.1, 0.05  # pixels: lines that are thinner, and smeared, have hardly a colour of their own; part of a
# line's length that is left over where it ends: one that was lost to another
_OWN, _SPARSE = 0.4, 0.6  # of a line's columns: it is apart from others in as many; seen in fewer, it may be marks
_LEFT = 0.2  # of the columns of a line: as much of its colour is left over by marks, and more by lines that were mixed
_TOLD = 0.002  # root mean square of survival, as below, from which a warning is given
_WRONG = 0.012  # root mean square of survival by which a line may be off if each open question is answered wrongly


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
        raise DataError(
            "no curve that falls from survival 1 was found: check "
            f"{option('y_ticks')}, {option('kind')}, or give {option('colours')}."
        )
    traces = without_marks(traces, inks, options.n_curves if options.colours is None else len(traces))
    # a shade that is not asked for by name may be a key's or a grid's: no colour of its own
    kinds = inks.families if options.colours is None else [[k] for k in range(len(options.colours))]
    best_first = sorted(traces, key=lambda t: -_seen(t))  # the black of characters is a shade of a grey line's colour
    by_kind = [found for kind in kinds if (found := [t for t in best_first if t.colour in kind])]
    firsts, more = [found[0] for found in by_kind], [t for found in by_kind for t in found[1:]]
    wanted = options.n_curves
    many = [found for found in by_kind if any(_seen(t) > _LEFT * _seen(found[0]) for t in found[1:])]
    if wanted is None and many:
        several = {inks.hexes[t.colour] for found in many for t in found}
        raise DataError(
            f"several lines of colour {listed(sorted(several))} fall from survival 1: say {option('n_curves')}, or "
            f"{option('colours')} of those that are curves."
        )
    further = 0 if wanted is None else wanted - len(firsts)
    if not 0 <= further <= len(more):
        looks = listed([inks.hexes[t.colour] for t in traces])
        raise DataError(
            f"{setting('n_curves', wanted)} was asked for, and {len(traces)} were found ({looks}); give "
            f"{option('colours')}."
        )
    more.sort(key=lambda t: -_seen(t))
    _check_left_over(more[further:], firsts + more[:further], inks)
    return firsts + more[:further]


def without_marks(traces: list[Trace], inks: Inks, wanted: int | None) -> list[Trace]:
    """Return lines without those that only go along others: marks in another colour, shades under a band, rims.

    Two arms may run together for long: as many lines as are wanted are kept, whatever they do, the most apart first;
    where none is asked for, only what is drawn in black along colours, here and there, is taken for marks.
    """
    grey = inks.grey
    coloured = bool((~grey[[t.colour for t in traces]]).any())
    order = sorted(traces, key=lambda t: (coloured and bool(grey[t.colour]), -_seen(t)))
    share: dict[int, float] = {}
    kept: list[Trace] = []
    for trace in order:
        share[id(trace)] = _apart(trace, kept)
        sparse = trace.edges.seen.mean() < _SPARSE and coloured and bool(grey[trace.colour])
        if share[id(trace)] >= (_OWN if wanted is not None or sparse else 0.0):
            kept.append(trace)
    bright = [t for t in kept if not grey[t.colour]]
    if wanted is not None and len({t.colour for t in kept}) > wanted and len({t.colour for t in bright}) == wanted:
        kept = [t for t in kept if not grey[t.colour] or min(t.edges.seen.mean(), share[id(t)]) >= _SPARSE]
    if wanted is not None and len(kept) < wanted:
        left = sorted((t for t in traces if not _among(t, kept)), key=lambda t: -share[id(t)])
        kept += left[: wanted - len(kept)]
    return [t for t in traces if _among(t, kept)]


def _seen(trace: Trace) -> int:
    return int(trace.edges.seen.sum())


def _among(trace: Trace, traces: list[Trace]) -> bool:
    return any(trace is one for one in traces)


def _apart(trace: Trace, others: list[Trace]) -> float:
    """Return the part of a line's columns that lies beside no other line of another colour."""
    seen = trace.edges.seen
    near = [beside(trace, other) for other in others if other.colour != trace.colour]
    return float((seen & ~np.any([np.zeros(len(seen), bool), *near], axis=0)).sum() / max(int(seen.sum()), 1))


def _check_left_over(left: list[Trace], kept: list[Trace], inks: Inks) -> None:
    """Raise where lines of one colour leave so much of it over that they must have gone from one to the other."""
    for trace in left:
        beside = [_seen(t) for t in kept if t.colour == trace.colour]
        if len(beside) > 1 and trace.edges.seen.sum() > _LEFT * min(beside):
            raise DataError(
                f"{len(beside)} curves of colour {inks.hexes[trace.colour]} leave parts of lines over: if "
                f"{option('n_curves')} is right, they were mixed where they meet; give {option('seeds')}, the vector "
                "file, or a figure in colours."
            )


def told_apart(
    traces: list[Trace], inks: Inks, span: float, zoom: float, *, counted: bool = False
) -> tuple[list[Trace], list[Ambiguity]]:
    """Return lines with parts exchanged where their dashes say so, and for each where it may be another of its colour.

    Raises
    ------
    DataError
        When lines can be told from each other neither by their colour nor by their dashes.
    """
    grey = inks.grey[[t.colour for t in traces]]
    lost = any(t.rest > _REST * len(t.path) for t in traces) and not grey.all()
    sparse = any(g and t.edges.seen.mean() < _SPARSE for g, t in zip(grey, traces, strict=True))  # marks, or dashes
    thin = min(t.edges.width for t in traces) / zoom < _THIN
    if (lost or sparse) and len(traces) > 1 and inks.blurred and thin:
        few = f"if some are no curves, give {option('n_curves')} or {option('colours')}; else "
        few = "" if counted else few  # which lines are curves was said
        raise DataError(
            "its lines are hardly two pixels thick and their colours smeared, as JPEG stores them, so that several "
            f"cannot be told apart: {few}take "
            "a larger picture, a PNG or the vector file, or follow the lines on the page (mo.page, metaonc page)."
        )
    found = [
        line for k in sorted({t.colour for t in traces}) for line in by_dashes([t for t in traces if t.colour == k])
    ]
    doubtful = next((trace for trace, unsure in found if unsure.error > _WRONG * span), None)
    if doubtful is not None:
        raise DataError(
            f"two curves of colour {inks.hexes[doubtful.colour]} come close to each other, and which goes on as "
            f"which cannot be told by their dashes: give {option('seeds')}, the vector file, or a figure in colours."
        )
    ordered = _in_order([trace for trace, _ in found])
    where = [next(unsure for trace, unsure in found if trace is one) for one in ordered]
    return ordered, [u if u.error > _TOLD * span else Ambiguity([], u.error) for u in where]


def _in_order(traces: list[Trace]) -> list[Trace]:
    """Return lines by their level over the time that all share, the highest first."""
    stop = min(t.stop for t in traces)
    return sorted(traces, key=lambda t: float(np.mean(t.path[: max(stop - t.start, 1)])))
