"""The scales of an image's axes: stated, through its ticks by the values given, or by its labels as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ....base.messages.advice import option, setting
from ....errors import DataError
from ..limits import Source
from ..ocr.engine import is_installed
from ..ocr.words import enlarged, read_words
from ..options import Options
from ..primitives import Word
from ..scale.calibration import AxisFit, fit_stated
from ..scale.raster_axes import find_axes, ticks_of
from ..scale.read_axes import ReadAxis, read_axes
from .image import Raster


@dataclass(frozen=True, slots=True, eq=False)
class ReadText:
    """Words of an image.

    Attributes
    ----------
    words
        In its pixels.
    axes
        Those whose labels make its scales, by name.
    """

    words: Sequence[Word]
    axes: dict[str, ReadAxis]


@dataclass(frozen=True, slots=True, eq=False)
class Scales:
    """The scales of both axes by pixels of the file, and the text that was read, if any was."""

    x: AxisFit
    y: AxisFit
    text: ReadText | None = None


def check_scales(source: Source, options: Options) -> None:
    """Refuse options that leave a scale open, or that have no meaning in an image."""
    if missing(options) and not reads(options):
        way = 'have the labels read (pip install "metaonc[ocr]"), ' if options.ocr is None else ""
        raise source.problem(
            f"holds pixels, whose numbers are not read: {way}give the values of the outermost labelled ticks, such as "
            f"{option('x_ticks', (0, 60))} and {option('y_ticks', (0, 1))}, or state two points of each axis, such as "
            f"{option('x_axis', [(57, 0), (612, 60)])} and {option('y_axis', [(410, 0), (32, 1)])}."
        )
    if isinstance(options.panel, int):
        raise source.problem(
            f"holds pixels, in which panels have no numbers: instead of {setting('panel', options.panel)} give the box "
            f"around one, such as {option('panel', (0, 0, 600, 450))}."
        )


def missing(options: Options) -> list[str]:
    """Return the axes whose scale is not given."""
    return [a for a in "xy" if not (getattr(options, f"{a}_ticks") or getattr(options, f"{a}_axis"))]


def reads(options: Options) -> bool:
    """Return whether text is read."""
    return options.ocr is True or (options.ocr is None and bool(missing(options)) and is_installed())


def scales_of(image: Raster, options: Options) -> Scales:
    """Return the scales of both axes: as stated, else through the ticks, else by the labels that were read.

    Raises
    ------
    DataError
        When an axis has none that can be trusted.
    """
    fits = {
        name: fit_stated(name, points)
        for name, points in (("x", options.x_axis), ("y", options.y_axis))
        if points is not None
    }
    small, unit = image.reduced()
    corner = (image.left, image.top)
    if options.x_ticks is not None or options.y_ticks is not None:
        ways = find_axes(small.darkness, small.ink, options.x_ticks, options.y_ticks, corner, unit * image.unit)
        fits |= {name: fit for name, fit in zip("xy", ways, strict=True) if fit is not None}
    text = None
    if reads(options):
        text = _text(image, small, unit, needed=bool(missing(options)))
        fits = {name: axis.fit for name, axis in text.axes.items()} | fits
    return Scales(fits["x"], fits["y"], text)


def _text(image: Raster, small: Raster, unit: int, *, needed: bool) -> ReadText:
    """Return the words of an image and its axes; enlarged once more where these are not found but needed."""
    words = read_words(image)
    try:
        return ReadText(words, _axes(image, small, unit, words, partial=not needed))
    except DataError:
        if not needed:
            return ReadText(words, {})
    words = read_words(image, enlarged(image) + 1.0)
    try:
        return ReadText(words, _axes(image, small, unit, words))
    except DataError as problem:
        found = ticks_of(small.darkness, small.ink, (image.left, image.top), unit * image.unit)
        raise DataError(f"{problem} {found}") from None


def _axes(
    image: Raster, small: Raster, unit: int, words: Sequence[Word], *, partial: bool = False
) -> dict[str, ReadAxis]:
    """Return the axes with their scales by pixels of the file."""
    found = read_axes(small.darkness, small.ink, words, unit, partial=partial)
    return {
        name: replace(found[name], fit=found[name].fit.moved(-first / image.unit, 1.0 / image.unit))
        for name, first in zip("xy", image.corner, strict=True)
        if name in found
    }


def rests_on(options: Options) -> tuple[str, ...]:
    """Return what is said of scales that no number of the figure was read for."""
    given = [a for a in "xy" if a not in missing(options)]
    names = [f"{a}_axis" if getattr(options, f"{a}_axis") else f"{a}_ticks" for a in given]
    said = " and ".join(setting(name, getattr(options, name)) for name in names)
    if len(given) == 2:
        return (f"no number of the figure was read: its scales rest on {said}.",)
    return (f"the labels of the {given[0]} axis were not read: its scale rests on {said}.",) if given else ()
