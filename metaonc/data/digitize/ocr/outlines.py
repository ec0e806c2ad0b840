"""Text that a vector figure draws as shapes: its small filled shapes drawn as pixels, and the words read there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ....base.messages.advice import setting
from ..options import Options
from ..primitives import Drawing, Stroke, Word
from ..raster.image import Pixels, Raster
from ..raster.scales import missing
from .engine import is_installed
from .words import read_words

_TALL = 30.0  # points: no letter is taller
_SCALE, _LARGEST = 4.0, 3000.0  # pixels a point, and pixels of the longer side at most
_LETTERS = 4  # small filled shapes: with fewer there is no text
_RIM = 6  # pixels around the page


def is_read(drawing: Drawing, options: Options) -> bool:
    """Return whether text drawn as shapes is recognised: asked for, or a scale is not given and no word is stored."""
    if options.ocr is not None:
        return options.ocr
    return not any(c.isdigit() for w in drawing.words for c in w.text) and bool(missing(options)) and is_installed()


def way_out(drawing: Drawing, options: Options) -> str:
    """Return what to do where a scale is not given and text is drawn as shapes that were not read, else nothing."""
    numbers = any(c.isdigit() for w in drawing.words for c in w.text)
    if numbers or is_read(drawing, options) or sum(map(_is_letter, drawing.strokes)) < _LETTERS:
        return ""
    how = f"leave {setting('ocr', False)} out" if options.ocr is False else "install it"
    extra = "" if is_installed() else ' (pip install "metaonc[ocr]")'
    return f" Its text is drawn as shapes, which the recognition of characters reads: {how}{extra}."


def with_words(drawing: Drawing) -> tuple[Drawing, tuple[Word, ...]]:
    """Return a drawing with the words that its shapes make, and these words."""
    scale = min(_SCALE, _LARGEST / max(drawing.width, drawing.height))
    words = read_words(Raster(_pixels(drawing, scale), False), 1.0)
    first = max((w.phrase for w in drawing.words), default=0) + 1
    found = tuple(_in_points(w, scale, first) for w in words)
    return replace(drawing, words=(*drawing.words, *found)), found


def _in_points(word: Word, scale: float, first: int) -> Word:
    left, top, right, bottom = ((v - _RIM) / scale for v in word.box)
    box = (left, top, right, bottom)
    return replace(word, box=box, size=max(bottom - top, 1.0), phrase=word.phrase + first)


def _pixels(drawing: Drawing, scale: float) -> Pixels:
    """Return the small filled shapes of a drawing, black on white; one within another is a hole in it."""
    from PIL import Image, ImageChops, ImageDraw

    size = round(drawing.width * scale) + 2 * _RIM, round(drawing.height * scale) + 2 * _RIM
    page = Image.new("1", size)
    for stroke in drawing.strokes:
        if not _is_letter(stroke):
            continue
        corners = stroke.points * scale + _RIM
        (left, top), (right, bottom) = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0)) + 1
        box = (int(left), int(top), int(right), int(bottom))
        part = Image.new("1", (box[2] - box[0], box[3] - box[1]))
        ImageDraw.Draw(part).polygon([tuple(p) for p in (corners - (left, top)).tolist()], fill=1)
        page.paste(ImageChops.logical_xor(page.crop(box), part), box)
    return np.repeat(np.where(np.asarray(page), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _is_letter(stroke: Stroke) -> bool:
    left, top, right, bottom = stroke.box
    return stroke.fill is not None and len(stroke.points) > 2 and max(bottom - top, right - left) <= _TALL


def doubt(words: Sequence[Word]) -> str:
    """Return what is said of a figure whose text was recognised."""
    least = min((w.confidence for w in words if any(c.isdigit() for c in w.text)), default=0.0)
    return (
        f"the figure's text is drawn as shapes and was recognised (numbers with a confidence of {least:.2f} or more): "
        "compare the ticks, and numbers at risk if there are any, with the figure."
    )
