"""A panel a trial: survival models over Kaplan-Meier estimates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ....analysis.survival.models.comparison import ModelComparison
from ....analysis.synthesis.flexible.result import FlexibleResult
from ....errors import OptionError
from ...checks import checked
from ...screen import ScreenAxes
from ...slot import EDGE, Slot
from ...style import MM, PAGE, drawing, new_axes, style
from ...typeset import LINE, wrap
from ..key import SIZE, draw_key, key_rows
from ..panel import GREY, SMALL, in_mm
from .model_curves import colours_of, draw_models, key_of, notes_of
from .model_data import Fits, Shown, panels_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NARROWEST = 56.0  # mm, of a panel with its axis and numbers
ASPECT = 0.72  # height of a panel over the width of its cell
FURTHER = 24.0  # pt, for the rows of patients at risk
HEAD = SIZE * LINE + 2  # pt, for the name of a panel
BETWEEN = 6.0  # pt, between panels
MOST_HIGH = 240.0  # mm: higher does not stand on a page


@checked()
def model_grid(
    fits: Mapping[str, Fits] | ModelComparison | FlexibleResult, *, width: float | str = PAGE,
    until: float | None = None, models: int = 1, columns: int | None = None, patients: Any = None,
) -> Figure:  # fmt: skip
    """Draw a panel a trial: modelled survival of both arms over the Kaplan-Meier estimates.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Panels are as ``plot.model_curves`` draws them, with one key above and the patients at risk below each.

    Parameters
    ----------
    fits : SurvivalModelResult, ModelComparison or FlexibleResult, or several
        Name of a panel -> a model or up to four of the same patients, or what ``survival.compare_models(study=...)``
        returned; or what ``survival.pool_flexible`` returned, with `patients`: then the models of the trials are
        drawn whose effects were pooled.
    width : float or str, default 176
        Width of the figure made: in mm, ``column`` or ``page``.
    until : float, optional
        Where the axes of all panels end, in the unit of the data; the last time of any patient when not given. Beyond
        the patients of a panel its models are dashed on grey.
    models : int, default 1
        How many of the best models of a comparison, 1 to 4.
    columns : int, optional
        Panels side by side; as many as have room when not given, and at most three.
    patients : dataframe, optional
        The patients that ``survival.pool_flexible`` has pooled.

    Returns
    -------
    Figure
        Its axes are the panels, in order.

    Raises
    ------
    DataError
        When `fits` is of another kind, or models of a panel are of different patients.
    OptionError
        When there are too many models or panels, or these have too little room.

    Examples
    --------
    >>> import metaonc as mo
    >>> times, events = [3, 5, 7, 9, 2, 4, 5, 6], [1, 1, 0, 1, 1, 1, 1, 0]
    >>> patients = {"trial": ["A"] * 8 + ["B"] * 8, "time": times * 2, "event": events * 2, "arm": list("aaaabbbb") * 2}
    >>> r = mo.survival.compare_models(patients, study="trial", control="b", distributions=["weibull"], knots=[])
    >>> len(mo.plot.model_grid(r).axes)
    2
    """
    panels, mm = panels_of(fits, until, models, patients), in_mm(width)
    if len({shown.groups for shown in panels}) > 1:
        raise OptionError("the arms of the panels have different names, and one key is to tell them: name them alike.")
    across, side = mm * MM * 72 - 2 * EDGE, _columns(len(panels), mm, columns)
    wide = (across - (side - 1) * BETWEEN) / side
    high, colours, names = ASPECT * wide + FURTHER, colours_of(panels), _names(panels)
    key = key_rows(key_of(panels, colours), across)
    notes = [part for text in notes_of(fits, panels) for part in wrap(text, across, SMALL)]
    top, rows = len(key) * SIZE * LINE + 4, math.ceil(len(panels) / side)
    whole = top + rows * (HEAD + high + BETWEEN) - BETWEEN + len(notes) * SMALL * LINE + 3 * bool(notes)
    if whole / 72 / MM > MOST_HIGH:
        raise OptionError(
            f"{len(panels)} panels are {whole / 72 / MM:.0f} mm high, more than a page: give fewer, or more columns."
        )
    places = [((i % side) * (wide + BETWEEN), top + HEAD + i // side * (HEAD + high + BETWEEN))
              for i in range(len(panels))]  # fmt: skip
    with style():
        first = new_axes(mm, (whole + 2 * EDGE) / 72 / MM)
        slot = Slot.of_figure(first)
        cells = _cells(first, slot, places, wide, high)
        for shown, cell, (x, y) in zip(panels, cells, places, strict=True):
            panel = draw_models(shown, colours, ax=cell, width=width)
            _name(slot, names[shown.name], x + panel.edges[0], y, wide - panel.edges[0])
        draw_key(slot, key)
        for i, note in enumerate(notes):
            slot.text(0, whole - (len(notes) - 1 - i + 0.3) * SMALL * LINE, note, size=SMALL, color=GREY)
    figure: Figure = slot.host
    return figure


def _columns(count: int, mm: float, asked: int | None) -> int:
    """Return how many panels stand side by side."""
    most = max(1, int(mm // NARROWEST))
    if asked is None:
        side = min(count, most, 3)
        return 2 if count == 4 and side == 3 else side
    if isinstance(asked, bool) or not isinstance(asked, int) or not 1 <= asked <= most:
        raise OptionError(f"columns={asked!r}: {mm:.0f} mm have room for 1 to {most}; make the figure wider.")
    return asked


def _cells(first: Axes, slot: Slot, places: Sequence[tuple[float, float]], wide: float, high: float) -> list[Axes]:
    """Return the axes of all panels, the first that of the figure, each the size of a cell."""
    cells = [first, *(slot.host.add_axes((0, 0, 1, 1), axes_class=ScreenAxes, label=str(i))
                      for i in range(1, len(places)))]  # fmt: skip
    for cell, (x, y) in zip(cells, places, strict=True):
        drawing().enter(cell, own=True)
        (x0, y0), (x1, y1) = slot.place(x - EDGE, y + high + EDGE), slot.place(x + wide + EDGE, y - EDGE)
        cell.set_position((x0, y0, x1 - x0, y1 - y0))
    return cells


def _names(panels: Sequence[Shown]) -> dict[str, str]:
    """Return panel -> its heading: its name, with that of its model where each has one, and these differ."""
    labels = {shown.name: shown.models[0].label for shown in panels}
    if len(set(labels.values())) == 1 or any(len(shown.models) > 1 for shown in panels):
        return {name: name for name in labels}
    return {name: f"{name}: {label}" for name, label in labels.items()}


def _name(slot: Slot, text: str, x: float, y: float, wide: float) -> None:
    lines = wrap(text, wide, SIZE, "bold")
    said = lines[0] if len(lines) == 1 else f"{lines[0]} ..."
    slot.text(x, y - 4, said, size=SIZE, fontweight="bold")
