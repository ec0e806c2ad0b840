"""The engine that recognises characters (extra ``ocr``): pixels in, pieces of text with boxes and confidence out."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ....errors import OptionError
from ..primitives import Box

_LEAST = 0.5  # confidence below which the engine has seen a line or a mark rather than text


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text.

    Attributes
    ----------
    text
        As recognised.
    box
        Left, top, right and bottom, in pixels of the image.
    confidence
        Of the engine, 0 to 1.
    upright
        Whether it is read from left to right; else its letters are turned.
    """

    text: str
    box: Box
    confidence: float
    upright: bool


def is_installed() -> bool:
    """Return whether the extra is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def pieces_of(rgb: np.ndarray) -> list[Piece]:
    """Return the text in an image, from top to bottom.

    Parameters
    ----------
    rgb
        Height by width by 3, 0 to 255.

    Raises
    ------
    OptionError
        When the extra is not installed.
    """
    found = _engine()(np.ascontiguousarray(np.round(rgb).astype(np.uint8)[:, :, ::-1]), use_cls=False)
    if found.boxes is None or not len(found.boxes):
        return []
    return [_piece(*one) for one in zip(found.boxes, found.txts, found.scores, strict=True)]


def version() -> str:
    """Return what recognises the characters, with its version."""
    from importlib.metadata import version as version_of

    return f"rapidocr {version_of('rapidocr')}"


def _piece(corners: Any, text: str, score: float) -> Piece:
    at = np.asarray(corners, dtype=float)
    (left, top), (right, bottom) = at.min(axis=0).tolist(), at.max(axis=0).tolist()
    upright = right - left >= 0.7 * (bottom - top) or len(text) == 1
    return Piece(text, (left, top, right, bottom), float(score), upright)


@lru_cache(maxsize=1)
def _engine() -> Any:
    """Return the engine with the models that come in its wheel, without the classifier that turns small type over."""
    if not is_installed():
        raise OptionError('reading the text of pictures needs rapidocr and onnxruntime: pip install "metaonc[ocr]".')
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical", "Global.use_cls": False, "Global.text_score": _LEAST})
