"""Curves of survival models over Kaplan-Meier estimates, and what they say beyond the follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....analysis.fits.fitted_arms import FittedArms
from ....analysis.survival.models.comparison import ModelComparison
from ....analysis.survival.models.result import SurvivalModelResult
from ....base.digits import in_percent
from ....errors import OptionError
from ...checks import checked
from ...km.time_ticks import tick_times
from ...slot import EDGE, Slot
from ...style import COLUMN, MM, PALETTE, style
from ...texts.cautions import cautions
from ...ticks import Chosen, Scale
from ..curves.looks import DASHES, WIDTH, band, draw_band, draw_line, line
from ..curves.numbers_below import NumbersBelow
from ..key import Key
from ..panel import GREY, INK, Panel, in_mm, open_panel
from .model_data import Fits, Shown, frame_of, panels_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TICKS = 9  # at most; fewer where the numbers below have no room
THINNER = 1.0  # pt, of curves of several models
STEP = 0.7  # pt, of Kaplan-Meier estimates
BEYOND: dict[str, Any] = {"facecolor": "0.94", "linewidth": 0}


@checked()
def model_curves(
    fits: Fits | ModelComparison, *, ax: Axes | None = None, width: float | str = COLUMN, until: float | None = None,
    models: int = 3,
) -> Axes:  # fmt: skip
    """Draw modelled survival of two arms over the Kaplan-Meier estimates, patients at risk below.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    One model has a band and the colours of the arms; several have a colour each. Beyond the last time of an arm, where
    the model alone speaks, lines are dashed; beyond that of both the ground is grey.

    Parameters
    ----------
    fits : SurvivalModelResult, ModelComparison or FlexibleResult, or several
        What ``survival.parametric``, ``royston_parmar`` or ``cure_model`` returned, a list of up to four of the same
        patients, or what ``survival.compare_models`` returned of one trial. Of lifelines a mapping of two arms,
        treatment first, to parametric models of one arm (``WeibullFitter`` and so on), which have no band.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 85
        Width of the figure made: in mm, ``column`` or ``page``.
    until : float, optional
        Where the axis ends, in the unit of the data; at the last time of the patients when not given.
    models : int, default 3
        How many of the best models of a comparison, 1 to 4.

    Returns
    -------
    Axes
        The panel.

    Raises
    ------
    DataError
        When `fits` is of another kind, or models are of different patients.
    OptionError
        When there are too many models or trials, or the place is too small.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> mo.plot.model_curves(mo.survival.parametric(patients, control="b", unit="months")).get_xlabel()
    'Time, months'
    """
    shown = panels_of(fits, until, models)
    if len(shown) > 1:
        raise OptionError(f"{len(shown)} trials have a panel each: draw them by plot.model_grid.")
    colours = colours_of(shown)
    with style():
        return draw_models(
            shown[0], colours, ax=ax, width=width, key=key_of(shown, colours), notes=notes_of(fits, shown)
        ).ax


def notes_of(fits: Any, panels: Sequence[Shown]) -> list[str]:
    """Return what stands below: cautions of the comparison and of the models, each once."""
    said = list(cautions(fits, short=True)) if isinstance(fits, ModelComparison) else []
    ours = (m for shown in panels for m in shown.models if isinstance(m, SurvivalModelResult))
    return list(dict.fromkeys([*said, *(text for model in ours for text in cautions(model, short=True))]))


def draw_models(
    shown: Shown, colours: Mapping[str, str] | None, *, ax: Axes | None, width: float | str, key: Sequence[Key] = (),
    notes: Sequence[str] = (),
) -> Panel:  # fmt: skip
    """Draw a panel of models: in the `colours` of the models by label, or of the arms where these are None."""
    data, unit, ends = frame_of([shown]), shown.km.unit, shown.ends()
    times = tuple(tick_times(shown.until, unit, TICKS).tolist())
    across = Chosen(label=f"Time, {unit}" if unit else "Time", low=0.0, high=shown.until, at=times)
    room = in_mm(width) * MM * 72 - 2 * EDGE if ax is None else Slot(ax).width
    below = NumbersBelow(list(shown.groups), _at_risk(shown, times), room)
    panel = open_panel(
        ax, across, Scale(label="Survival", low=0.0, high=1.0), width=width, key=key, notes=notes,
        below=below.height, beside=below.beside,
    )  # fmt: skip
    if shown.until > max(ends.values()):
        panel.ax.axvspan(max(ends.values()), shown.until, zorder=0, **BEYOND)
    for look, group in zip(_observed(colours is None), shown.groups, strict=True):
        own = data[(data["type"] == "kaplan-meier") & (data["group"] == group)]
        time = np.append(own["time"], min(ends[group], shown.until))
        panel.ax.step(time, np.append(own["survival"], own["survival"].iloc[-1]), where="post", zorder=4, **look)
    for (label, arm), curve in data[data["type"] == "model"].groupby(["model", "group"], sort=False):
        colour = PALETTE[shown.groups.index(str(arm))] if colours is None else colours[str(label)]
        if len(shown.models) == 1 and curve["ci_low"].notna().any():
            draw_band(panel.ax, curve["time"], curve["ci_low"], curve["ci_high"], band("", colour))
        _draw_curve(panel.ax, curve, colour, WIDTH if colours is None else THINNER)
    below.draw(panel, across)
    return panel


def _draw_curve(ax: Axes, curve: pd.DataFrame, colour: str, width: float) -> None:
    beyond = curve["extrapolated"].to_numpy()
    own = curve[~beyond]
    draw_line(ax, own["time"], own["survival"], line("", colour, linewidth=width, solid_capstyle="butt"))
    if beyond.any():
        on = curve[beyond | (curve["time"] == own["time"].max())]
        draw_line(ax, on["time"], on["survival"], line("", colour, linewidth=width, linestyle=DASHES))


def _at_risk(shown: Shown, times: Sequence[float]) -> list[pd.Series]:
    """Return the patients at risk of each arm at times up to its last."""
    table, ends = shown.km.at(list(times)), shown.ends()
    own = [table[(table["group"] == group) & (table["time"] <= ends[group])] for group in shown.groups]
    return [rows.set_index("time")["n_risk"] for rows in own]


def _observed(by_arm: bool) -> list[dict[str, Any]]:
    """Return the looks of the Kaplan-Meier estimates of both arms."""
    colours = PALETTE[:2] if by_arm else (INK, INK)
    styles: tuple[Any, ...] = ("-", "-") if by_arm else ("-", (0, (1.5, 1)))
    return [{"color": c, "linewidth": STEP, "linestyle": s} for c, s in zip(colours, styles, strict=True)]


def colours_of(panels: Sequence[Shown]) -> dict[str, str] | None:
    """Return the colour of each model; None where every panel has one, so that colours tell the arms.

    Raises
    ------
    OptionError
        When there are more models than colours.
    """
    if all(len(shown.models) == 1 for shown in panels):
        return None
    labels = list(dict.fromkeys(model.label for shown in panels for model in shown.models))
    if len(labels) > len(PALETTE) - 1:  # black is of the estimates
        raise OptionError(f"{len(labels)} different models cannot be told apart: show {len(PALETTE) - 1} or fewer.")
    return dict(zip(labels, PALETTE, strict=False))


def key_of(panels: Sequence[Shown], colours: Mapping[str, str] | None) -> list[Key]:
    """Return the key of panels: arms, estimates, models, and what stands for extrapolation where there is any."""
    first = panels[0]
    if colours is None:
        labels = {shown.models[0].label for shown in panels}
        name = labels.pop() if len(labels) == 1 else "model"
        key = [line(group, colour) for group, colour in zip(first.groups, PALETTE, strict=False)]
        key += [Key(text="Kaplan-Meier", look={"color": GREY, "linewidth": STEP}), line(name, GREY)]
        ours = not all(isinstance(shown.models[0], FittedArms) for shown in panels)
        key += [band(f"{in_percent(first.models[0].level)}% confidence", GREY)] * ours
    else:
        looks = zip(first.groups, _observed(False), strict=True)
        key = [Key(text=f"{group}, Kaplan-Meier", look=look) for group, look in looks]
        key += [line(label, colour, linewidth=THINNER) for label, colour in colours.items()]
    beyond = any(end < shown.until for shown in panels for end in shown.ends().values())
    return [*key, *[line("extrapolated", GREY, linestyle=DASHES)] * beyond]
