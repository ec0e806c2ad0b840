"""Reconstructed curves drawn on the published figure itself, with the ticks and values that its scales rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...base.check import Floats
from ...base.messages.arguments import known_arguments
from ...data.curves.arms import ReconstructedArms
from ...data.digitize.picture import picture_of
from ...data.digitize.primitives import Drawing
from ...data.digitize.raster.image import Raster
from ...errors import DataError
from ..style import LINESTYLES, MM, PAGE, PALETTE, new_axes, style
from ..typeset import family
from .disagreements import disagreements, draw_said, said_height

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...analysis.survival.published import PublishedCheck
    from ...data.curves.reconstruction import Reconstruction
    from ...data.digitize.curve import DigitizedCurve
    from ...data.digitize.result import Digitized
    from ...data.digitize.scale.calibration import AxisFit, Calibration

_PALE = 0.45  # of the figure's own strength: what is drawn on it stands out
_LINE = 7.0  # mm of height that a line of the key takes
_TICK = "#C0007F"  # of ticks and their values: a colour that few figures have
_MARGIN = 0.02  # of the page: around the figure
_TYPE = 0.75  # size of a font by the height of its letters' box
_APART = 0.4  # of the cube of red, green and blue: by which colours are told from each other
_SWATCH = 9.0  # points: side of the square in a curve's own colour


@known_arguments
def on_figure(
    digitized: Digitized,
    reconstructions: ReconstructedArms | Mapping[str, Reconstruction],
    *,
    check: PublishedCheck | None = None,
) -> Axes:
    """Draw the curves of the reconstructed patients on the figure that they were read from.

    Each curve has a number, which stands at its end and before its name in the key; the square beside it has the
    colour of the line that was read. Crosses are the ticks that the scales rest on, with the values taken for them.

    Parameters
    ----------
    digitized : Digitized
        What ``mo.curves.digitize`` returned for a file that is still there.
    reconstructions : ReconstructedArms or mapping of str to Reconstruction
        What ``mo.curves.reconstruct_arms`` returned; or label of a curve -> what ``mo.curves.reconstruct_ipd`` made of
        it.
    check : PublishedCheck, optional
        What ``mo.survival.check_published`` returned, as ``.check`` of ``mo.reconstruct_figure``: printed numbers that
        do not agree with the patients are said below the key.

    Returns
    -------
    Axes
        In the positions of the figure: pixels, or points of a page, to the right and down.

    Raises
    ------
    DataError
        When a label is not that of a curve, there is no figure, or its file has changed.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [1, 2, 2, 3, 4, 5, 6, 8] * 2, "event": [1, 1, 0, 1] * 4, "arm": ["A"] * 8 + ["B"] * 8}
    >>> curves = mo.survival.kaplan_meier(patients, by="arm", unit="months")
    >>> _ = mo.save(mo.plot.km(curves), "figure.pdf")
    >>> found = mo.reconstruct_figure("figure.pdf", None)
    >>> len(mo.plot.on_figure(found.digitized, found.patients, check=found.check).lines) >= 2
    True
    """
    by_curve = reconstructions.arms if isinstance(reconstructions, ReconstructedArms) else reconstructions
    curves = {curve.label: curve for curve in digitized.curves}
    if unknown := sorted(set(by_curve) - set(curves)):
        raise DataError(f"{unknown[0]!r} is no curve of the figure; its curves are {', '.join(map(repr, curves))}.")
    picture, scales = picture_of(digitized), digitized.calibration
    if picture is None or scales is None:
        raise DataError("these curves were clicked in another program: there is no figure to draw on; use overlay.")
    wide, high = _size(picture)
    with style():
        said = disagreements(check)
        below = said_height(said)
        key = _LINE * (len(by_curve) + 1) + below
        drawn = PAGE * (1 - 2 * _MARGIN) * high / wide
        ax = new_axes(PAGE, drawn + key)
        ax.set_position((_MARGIN, key / (drawn + key), 1 - 2 * _MARGIN, drawn / (drawn + key)))
        _draw_picture(ax, picture)
        colours = _colours([curves[label] for label in by_curve])
        for number, (label, result) in enumerate(by_curve.items()):
            _draw_curve(ax, scales, (number, colours[number]), curves[label], result)
        for fit in (scales.x, scales.y):
            _draw_ticks(ax, scales, fit)
        ax.set(xlim=(0, wide), ylim=(high, 0))
        ax.set_axis_off()
        _draw_key(ax, [curves[label] for label in by_curve], list(by_curve.values()), colours, below)
        draw_said(ax, said, drawn + key)
    return ax


def curve_places(scales: Calibration, result: Reconstruction) -> tuple[Floats, Floats]:
    """Return the corners of the curve of some patients in the positions of the figure."""
    table = result.life_table
    t = np.append(0.0, table["time"].to_numpy(dtype=float))
    s = np.append(1.0, table["survival"].to_numpy(dtype=float))
    shown = (1.0 - s if scales.kind == "event" else s) * (100.0 if scales.percent else 1.0)
    x = np.array([scales.x.place(float(v)) for v in t])
    y = np.array([scales.y.place(float(v)) for v in shown])
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]


def _size(picture: Raster | Drawing) -> tuple[float, float]:
    if isinstance(picture, Drawing):
        return picture.width, picture.height
    high, wide = picture.rgb.shape[:2]
    return float(wide * picture.unit), float(high * picture.unit)


def _draw_picture(ax: Axes, picture: Raster | Drawing) -> None:
    if isinstance(picture, Raster):
        wide, high = _size(picture)
        extent = (-0.5, wide - 0.5, high - 0.5, -0.5)  # the middle of the first pixel is at 0
        ax.imshow(picture.rgb, extent=extent, alpha=_PALE, aspect="auto", interpolation="nearest", zorder=0)
        return
    for stroke in picture.strokes:
        ax.plot(*stroke.points.T, color=stroke.colour or stroke.fill or "#000000", alpha=_PALE, linewidth=0.6, zorder=0)
    points = 72 * PAGE * MM * (1 - 2 * _MARGIN) / picture.width  # of the page a unit of the figure
    for word in picture.words:
        ax.text(
            word.x, word.y, word.text, fontsize=_TYPE * points * word.size, alpha=_PALE, rotation=word.rotation,
            ha="center", va="center", fontfamily=family(), clip_on=True, parse_math=False,
        )  # fmt: skip


def _colours(curves: Sequence[DigitizedCurve]) -> list[str]:
    """Return a colour a curve, none of them near one of the figure's own, where enough are."""
    from matplotlib.colors import to_rgb

    taken = np.array([to_rgb(curve.colour) for curve in curves])
    free = [c for c in PALETTE if np.linalg.norm(taken - to_rgb(c), axis=1).min() > _APART]
    chosen = free if len(free) >= len(curves) else list(PALETTE)
    return [chosen[i % len(chosen)] for i in range(len(curves))]


def _draw_curve(
    ax: Axes, scales: Calibration, look: tuple[int, str], curve: DigitizedCurve, result: Reconstruction
) -> None:
    from matplotlib.patheffects import Normal, Stroke

    x, y = curve_places(scales, result)
    number, colour = look
    dash = LINESTYLES[number % len(LINESTYLES)]
    halo = [Stroke(linewidth=2.4, foreground="white"), Normal()]
    ax.plot(x, y, color=colour, linestyle=dash, linewidth=1.0, zorder=3, label=curve.label, path_effects=halo)
    ax.annotate(
        str(number + 1), (x[-1], y[-1]), xytext=(5, 0), textcoords="offset points", va="center", color=colour,
        fontweight="bold", fontfamily=family(), path_effects=halo, zorder=5,
    )  # fmt: skip


def _draw_ticks(ax: Axes, scales: Calibration, fit: AxisFit) -> None:
    """Draw a cross at each tick of an axis, on the edge of the panel where the axis is, with its value."""
    left, _, _, bottom = scales.panel
    at = np.array(fit.positions)
    places = (at, np.full(len(at), bottom)) if fit.name == "x" else (np.full(len(at), left), at)
    ax.plot(*places, linestyle="none", marker="+", markersize=7, markeredgewidth=0.8, color=_TICK, zorder=4)
    offset, ha, va = ((0, 3), "center", "bottom") if fit.name == "x" else ((4, 1), "left", "bottom")
    for x, y, value in zip(*places, fit.values, strict=True):
        ax.annotate(
            f"{value:g}", (x, y), xytext=offset, textcoords="offset points", ha=ha, va=va, color=_TICK, fontsize=6,
            fontfamily=family(), zorder=4,
        )  # fmt: skip


def _draw_key(
    ax: Axes,
    curves: Sequence[DigitizedCurve],
    results: Sequence[Reconstruction],
    colours: Sequence[str],
    below: float,
) -> None:
    """Draw the key, so many mm above the foot: number, square in the line's own colour, line as drawn, name, counts."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    high = figure.get_figheight() / MM
    key = figure.add_axes((0, below / high, 1, _LINE * (len(curves) + 1) / high))
    key.set(xlim=(0, PAGE), ylim=(-(len(curves) + 1), 0))
    key.set_axis_off()
    for row, (curve, result) in enumerate(zip(curves, results, strict=True)):
        y, colour = -row - 0.6, colours[row]
        key.text(6, y, str(row + 1), va="center", color=colour, fontweight="bold", fontfamily=family())
        key.plot([12], [y], marker="s", markersize=_SWATCH, color=curve.colour, markeredgecolor="0.4")
        key.plot([17, 31], [y, y], color=colour, linestyle=LINESTYLES[row % len(LINESTYLES)], linewidth=1.2)
        found = f"{len(result.ipd)} patients, {result.quality.events_found} events"
        key.text(34, y, f"{curve.label}: {found}", va="center", fontfamily=family(), parse_math=False)
    said = "Square: the line as read in the figure; line: the reconstructed patients; crosses: ticks and their values."
    key.text(6, -len(curves) - 0.6, said, va="center", fontsize=7, color="0.3", fontfamily=family())
