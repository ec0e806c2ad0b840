"""What is said of curves that may be wrong, each with its times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .....base.check import Floats
from .....base.messages.advice import option
from .....errors import DataError
from ...limits import listed
from ...scale.calibration import AxisFit
from ..curves import Trace
from ..levels import open_parts
from .left_over import LeftOver, left_over
from .off_ink import off_ink
from .routes import doubtful, undrawn_drops
from .shared import ends_along, one_line
from .ways import beside, far

_FULL = 0.9  # survival below which a beginning is told of, though what is drawn leads down to it
_TALL, _JUMP = 4.0, 0.07  # widths of a line, and part of survival, of a drop that is told of if it is not drawn
_LOST = 0.05  # of the panel: where more is left of lines, and two curves share one, another one is lost
_OFF, _HALF = 0.01, 0.5  # of survival, from which a last level is told of; of a drop, at which it stands
_LATE = 0.02  # of the time axis: a curve that begins later is told of


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A curve as it was read.

    Attributes
    ----------
    trace
        Its line.
    rows, time, survival
        Of each column.
    covered
        Level of the nearest other line, NaN where there is none near.
    high, low
        Rows between which it may run.
    above
        By how much of survival it comes from above 1.
    hung
        Row of its last level where the drop to 0 may be a mark, None where it is none or there is none.
    """

    trace: Trace
    rows: Floats
    time: Floats
    survival: Floats
    covered: Floats
    high: Floats
    low: Floats
    above: float
    hung: float | None


def of_curve(number: int, read: Read, x: AxisFit, span: float, zoom: float) -> list[str]:
    """Return what may be wrong with one curve.

    `span` are the rows between survival 1 and 0, `zoom` is how much larger they are than in the file.
    """
    trace, time = read.trace, read.time
    said = []
    if time[0] > _LATE * abs(x.values[-1] - x.values[0]):
        said.append(f"curve {number} begins at time {time[0]:.4g}, not 0: check x_ticks.")
    if read.survival[0] < _FULL:
        said.append(f"curve {number} begins at survival {read.survival[0]:.3f}, not 1: check {option('y_ticks')}.")
    if read.above:
        said.append(
            f"curve {number} comes down from at least {read.above:.2g} above survival 1, as no curve does: another "
            f"level was taken for 1; check {option('y_ticks')} or {option('y_axis')}."
        )
    open_ones = open_parts(trace.edges, read.rows, read.covered, span)
    if open_ones:
        said.append(f"curve {number} is hidden by marks, or not seen, and {_off_by(read, open_ones)}.")
    ways = far(read.rows, read.high, read.low, span, beside(trace.edges, zoom))
    if ways:
        said.append(
            f"curve {number} may run elsewhere, as marks or other lines hide it or look like it; in the mean "
            f"{_off_by(read, ways)}."
        )
    off = 0.0 if read.hung is None else (read.rows[-1] - read.hung) / span
    if off > _OFF:
        since = time[int(np.argmax(read.rows > read.rows[-1] - _HALF * off * span))]
        said.append(
            f"curve {number} ends with a stroke down to survival 0, which may be a drop or a censoring mark: its "
            f"survival may be off by {off:.2g} from time {since:.4g} on."
        )
    two = [(a, b, off / span) for a, b, off in doubtful(trace.routes, len(time), span)]
    if two:
        said.append(
            f"curve {number} might go another way, as more of its colour leaves it and comes back to it, like a "
            f"sample in a key that it crosses, or a large mark; {_off_by(read, two)}."
        )
    jumps = undrawn_drops(trace.along, read.covered, max(_TALL * trace.edges.width, _JUMP * span))
    if jumps:
        falls = [f"at {time[column]:.4g} by {rows / span:.2g}" for column, rows in jumps]
        said.append(
            f"curve {number} falls where no line of its colour does, and may have been read as another from there: "
            f"{listed(falls)}."
        )
    return said


def _off_by(read: Read, parts: Sequence[tuple[int, int, float]]) -> str:
    """Return by how much a curve may be off, and when; parts by first and last column."""
    time, last = read.time, len(read.time) - 1
    told = [f"{off:.2g} from time {time[a]:.4g} to {time[min(b, last)]:.4g}" for a, b, off in parts]
    return f"its survival may be off by {listed(told)}"


def of_ink(reads: Sequence[Read], drawn: np.ndarray, asked: np.ndarray, x: AxisFit, span: float) -> list[str]:
    """Return what may be wrong with curves by the panel's ink: what is left of it, where they lie off it or share it.

    `drawn` are the pixels as dark as curves are, `asked` is where lines may lie that are asked for: what is left
    elsewhere is no matter of theirs.

    Raises
    ------
    DataError
        When a line was read as two curves, and another one as none.
    """
    traces = [read.trace for read in reads]
    left = left_over(drawn & asked, traces, span)
    shared = one_line(traces)
    if shared and sum(one.stop - one.start for one in left) > _LOST * drawn.shape[1]:
        raise DataError(
            f"one line was read as two curves, and another one as none, which falls from time "
            f"{listed([_times(one, x) for one in left])}: their colours are hardly told apart; give "
            f"{option('colours')}, {option('seeds')} or the vector file."
        )
    said = [
        f"curve {i + 1} runs along curve {k + 1} for {part:.0%} of its length, and may have been read as another."
        for i, k, part in shared
    ]
    for i, read in enumerate(reads):
        off = off_ink(drawn, read.trace, read.rows, span)
        if off:
            said.append(f"curve {i + 1} lies beside what is drawn, and {_off_by(read, off)}.")
        mine = [f"{_times(one, x)} by {one.fall / span:.2g}" for one in left if i in one.curves]
        if mine:
            said.append(
                f"curve {i + 1} may have been read as another: a line leaves it that is of no curve and falls from "
                f"time {listed(mine)}."
            )
    for i, k, column in ends_along(traces):
        since = float(x.at(np.array(column)))
        said.append(
            f"curve {i + 1} goes on from time {since:.4g} along the end of curve {k + 1}: it may have ended there."
        )
    return said


def _times(left: LeftOver, x: AxisFit) -> str:
    return f"{float(x.at(np.array(left.start))):.4g} to {float(x.at(np.array(left.stop))):.4g}"
