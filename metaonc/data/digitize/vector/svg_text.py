"""Words of an SVG's text; it has no metrics of its fonts, so that widths are estimates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np

from ....base.check import Floats
from ..primitives import Word
from .svg_style import Sheet, Style, length, name_of, number, paint, styled

_ABOVE, _BELOW = 0.86, 0.14  # of the font: box around the baseline; a digit's middle is its middle
_MIDDLE = 0.36  # of the font: from the middle of a letter to its baseline
_WIDTHS = {
    **dict.fromkeys("ijl.,:;'|!()[] ftI1", 0.32),
    **dict.fromkeys("mwMW@%", 0.88),
    **dict.fromkeys("0123456789+=<>−", 0.58),
}
_USUAL = 0.56
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(slots=True)
class _Run:
    """Characters placed one after the other from a point."""

    text: str
    x: float
    y: float
    style: Style
    fixed: float | None  # width that the file gives


def words_of(
    element: Element, matrix: Floats, style: Style, parents: Sequence[Element], sheet: Sheet, phrase: int
) -> list[Word]:
    """Return the words of a text element.

    Parameters
    ----------
    element
        The element.
    matrix
        From its coordinates to points.
    style
        Its style.
    parents
        Elements around its parts, itself the last.
    sheet
        The style sheets.
    phrase
        Number of its first phrase.
    """
    out: list[Word] = []
    end = [0.0, 0.0]
    for run in _runs(element, style, parents, sheet, end):
        out += _placed(run, matrix, phrase)
        phrase += 1
    return out


def _runs(element: Element, style: Style, parents: Sequence[Element], sheet: Sheet, end: list[float]) -> Iterator[_Run]:
    """Yield the runs; `end` is where the last one ended, and is moved on."""
    size = number(style["font-size"], 16.0)
    xs, ys = _lengths(element.get("x"), size), _lengths(element.get("y"), size)
    end[0], end[1] = (xs[0] if xs else end[0]), (ys[0] if ys else end[1])
    end[0] += sum(_lengths(element.get("dx"), size)[:1])
    end[1] += sum(_lengths(element.get("dy"), size)[:1])
    text = _spaces(element.text)
    if len(xs) > 1:
        yield from _each(text, xs, ys or [end[1]], style)
    elif text.strip():
        fixed = length(element.get("textLength"), 1.0) if element.get("textLength") else None
        yield _advanced(_Run(text, end[0], end[1], style, fixed), end)
    for child in element:
        if name_of(child) in ("tspan", "a", "textPath"):
            inner = styled(child, parents, style, sheet)
            if inner["display"] != "none":
                yield from _runs(child, inner, (*parents, child), sheet, end)
        if tail := _spaces(child.tail).strip():
            yield _advanced(_Run(tail, end[0], end[1], style, None), end)


def _each(text: str, xs: list[float], ys: list[float], style: Style) -> Iterator[_Run]:
    """Yield words of characters that each have a place of their own."""
    size = number(style["font-size"], 16.0)
    start = 0
    for i in range(1, len(text) + 1):
        k = min(i, len(xs) - 1)
        apart = i < len(xs) and (xs[k] - xs[k - 1] > _width(text[i - 1], size) + 0.35 * size or text[i].isspace())
        if i == len(text) or apart:
            a, b = min(start, len(xs) - 1), min(i - 1, len(xs) - 1)
            word = text[start:i]
            if word.strip():
                fixed = xs[b] - xs[a] + _width(text[i - 1], size)
                yield _Run(word.strip(), xs[a], ys[min(a, len(ys) - 1)], {**style, "text-anchor": "start"}, fixed)
            start = i


def _advanced(run: _Run, end: list[float]) -> _Run:
    size = number(run.style["font-size"], 16.0)
    wide = run.fixed or _width(run.text, size)
    run.x -= _ANCHORS.get(run.style["text-anchor"], 0.0) * wide
    if run.style["dominant-baseline"] in ("middle", "central"):
        run.y += _MIDDLE * size
    end[0] = run.x + wide
    run.fixed = wide
    return run


def _placed(run: _Run, matrix: Floats, phrase: int) -> Iterator[Word]:
    size = number(run.style["font-size"], 16.0)
    stretch = (run.fixed or 1.0) / max(_width(run.text, size), 1e-9)
    colour = paint(run.style, "fill")
    if colour is None or run.style["visibility"] != "visible":
        return
    turned = round(float(np.degrees(np.arctan2(-matrix[1, 0], matrix[0, 0]))) / 90) * 90 % 360
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    ends = np.cumsum([0.0, *(_WIDTHS.get(c, _USUAL) for c in run.text)]) * size
    for found in re.finditer(r"\S+", run.text):
        left, right = run.x + stretch * ends[found.start()], run.x + stretch * ends[found.end()]
        corners = np.array([[x, run.y + k * size] for x in (left, right) for k in (-_ABOVE, _BELOW)])
        seen = corners @ matrix[:2, :2].T + matrix[:2, 2]
        (x0, y0), (x1, y1) = seen.min(axis=0), seen.max(axis=0)
        box = (float(x0), float(y0), float(x1), float(y1))
        yield Word(found.group(), box, turned, size * scale, colour, phrase)


def _lengths(text: str | None, size: float) -> list[float]:
    return [length(part, size) for part in re.split(r"[\s,]+", text.strip())] if text and text.strip() else []


def _spaces(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _width(text: str, size: float) -> float:
    return size * sum(_WIDTHS.get(c, _USUAL) for c in text)
