"""From the ticks and labels along a line of an image, and the values of the outermost, to the scale of an axis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option, setting
from ....errors import DataError
from ..limits import listed
from ..options import Pair
from .calibration import AxisFit
from .raster_labels import Labels
from .raster_lines import Line
from .steps import check_linear, is_round, is_usual, usual_ticks

_OFF = 0.34  # of the ticks of an axis: how many may be off its scale
_FEWEST = 3  # ticks that a scale rests on, unless there are two in all


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What stands along one line.

    Attributes
    ----------
    line
        The line, with its labels below it.
    labels
        Those at even distances.
    ticks
        Their places along the line: steps, counted as those of the labels, and positions.
    beyond
        Steps outside of the labelled ones where a tick stands as well.
    kind
        What the ticks are: "ticks", "grid lines" or "labels" where there are neither.
    tolerance
        Pixels by which a tick may be off its place.
    off
        How many that stand beside labels are off it by more.
    """

    line: Line
    labels: Labels
    steps: np.ndarray
    at: Floats
    beyond: tuple[int, ...]
    kind: str
    tolerance: float
    off: int = 0

    @property
    def worth(self) -> float:
        """How well it is attested that this is an axis."""
        empty = int(np.ptp(self.steps)) + 1 - len(self.steps) if len(self.steps) else 0
        return len(self.labels) + (len(self.steps) - 0.5 * empty) * (self.kind != "labels")


def fitted_side(name: str, side: Side | None, values: Pair, start: int) -> AxisFit:
    """Return the scale of an axis."""
    if side is None or len(side.at) < 2:
        raise DataError(f"no ticks of the {name} axis were found.")
    if len(side.labels) > 1 and len(side.at) < min(_FEWEST, int(side.labels.step[-1]) + 1):
        raise DataError(f"{len(side.at)} ticks of the {name} axis were found, too few to check its scale.")
    steps, at = side.steps, side.at
    given = values if name == "x" else values[::-1]  # from the top
    doubts: tuple[str, ...] = ()
    check_linear(name, values, len(at) if len(side.labels) < 2 else int(side.labels.step[-1]) + 1)
    if len(side.labels) < 2:
        first, last = _unlabelled(name, side, given)
    else:
        first, last, doubt = _ends(name, side, given, int(side.labels.step[-1]))
        if side.off > _OFF * len(at):
            raise DataError(f"the ticks of the {name} axis are not evenly spaced: it is logarithmic or broken.")
        if side.off:
            doubt = f"{side.off} of {side.off + len(at)} ticks of the {name} axis are off an even scale: check it."
        elif side.kind == "labels":
            doubt = f"the {name} axis has no ticks: its scale rests on the middles of its labels."
        elif len(at) < _FEWEST:
            doubt = f"the {name} axis has two labelled ticks only: its scale cannot be checked."
        doubts = (doubt,) if doubt else ()
    numbers = given[0] + (given[1] - given[0]) * (steps - first) / (last - first)
    slope, intercept = np.polyfit(at + start, numbers, 1)
    residual = float(np.abs((numbers - intercept) / slope - at - start).max() / abs(np.ptp(at)))
    positions = tuple((at + start).tolist())
    return AxisFit(
        name, positions, tuple(numbers.tolist()), float(slope), float(intercept), residual, "given", doubts=doubts
    )


def _ends(name: str, side: Side, given: Pair, last: int) -> tuple[int, int, str]:
    """Return the steps of the values given, those of the outermost labels, and a doubt or nothing.

    A label at the corner may belong to neither axis, and one may be lost where a tick stands: only where values so make
    a round step that they do not make otherwise, others are taken.
    """
    span = abs(given[1] - given[0])
    inner = side.steps if side.kind != "labels" else np.array([0, last])
    before, after = {0, int(inner[0]), *side.beyond}, {last, int(inner[-1]), *side.beyond}
    ways = {(a, b) for a in before for b in after if a < b and is_round(span / (b - a))}
    if is_usual(span / last):
        lost = [way for way in ways if side.beyond and way != (0, last)]
        place = _at(side, side.beyond[0]) if lost else 0.0
        return (
            0,
            last,
            f"the {name} axis has a tick at pixel {place:.0f} whose label was not found: check its scale."
            if lost
            else "",
        )
    if len(ways) == 1:
        return *ways.pop(), ""
    raise DataError(
        f"{setting(f'{name}_ticks', _in_order(name, given))} makes {span / last:.6g} from label to label "
        f"({last + 1} were found on the {name} axis), which no one would print."
    )


def _at(side: Side, step: int) -> float:
    slope, start = np.polyfit(side.steps, side.at, 1)
    return float(start + slope * step)


def _unlabelled(name: str, side: Side, given: Pair) -> Pair:
    """Return the first and last step of an axis whose labels were not found."""
    if len(side.at) < 3:
        raise DataError(
            f"the {name} axis has {len(side.at)} ticks that could be found, and no labels; three at least are needed."
        )
    even = np.linspace(side.at[0], side.at[-1], len(side.at))
    if np.abs(side.at - even).max() > side.tolerance:
        raise DataError(
            f"the ticks of the {name} axis are not evenly spaced: it is logarithmic or broken, or some are no ticks."
        )
    if not is_usual(abs(given[1] - given[0]) / (len(side.at) - 1)):
        raise DataError(f"{setting(f'{name}_ticks', _in_order(name, given))} makes {usual_ticks(given, len(side.at))}.")
    return 0, len(side.at) - 1


def _in_order(name: str, given: Pair) -> Pair:
    return given if name == "x" else (given[1], given[0])


def stated_by(found: tuple[tuple[str, Side | None, Pair | None, int], ...]) -> str:
    """Return where ticks were found, and the options that state the axes by them."""
    said, paste = [], []
    for name, side, values, start in found:
        at = [] if side is None else [round(float(p) + start, 1) for p in side.at]
        said.append(f"{name}: {listed(at, 20) if at else 'none'}")
        low, high = values or ("its value", "its value")
        if len(at) < 2:
            paste.append(f"{option(f'{name}_axis')} by two pixels of the figure with their values")
            continue
        points = [(at[0], low), (at[-1], high)] if name == "x" else [(at[-1], low), (at[0], high)]
        paste.append(option(f"{name}_axis", points))
    return (
        f"Ticks found, in pixels: {'; '.join(said)}. Look at them in the figure and state the axes: {', '.join(paste)}."
    )
