"""SVG figures as strokes and words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from ....base.check import Floats
from ....base.files import xml_of
from ..limits import CHARACTERS, COMMANDS, DEPTH, OBJECTS, POINTS, SVG_BYTES, Source
from ..primitives import Box, Drawing, Stroke, Word
from .pdf import need
from .svg_shapes import SHAPES, Shape, commands, numbers_of, outlines, rectangle
from .svg_style import PX, Sheet, Style, dashes, length, name_of, paint, styled
from .svg_text import words_of

_HREF = "{http://www.w3.org/1999/xlink}href"
_HIDDEN = {"defs", "symbol", "clipPath", "mask", "marker", "pattern", "linearGradient", "radialGradient", "style"}
_HIDDEN |= {"metadata", "title", "desc", "script", "foreignObject", "filter"}
_MOST_VALUE = 1_000  # characters of a transform
_READ_AGAIN = 2  # times the size of a file: what its symbols may give to read, drawn again and again


@dataclass(frozen=True, slots=True)
class State:
    """What holds where an element is drawn."""

    matrix: Floats
    style: Style | None = None
    clip: Box | None = None
    parents: tuple[Element, ...] = ()


def read_drawing(source: Source) -> Drawing:
    """Return what an SVG draws.

    Raises
    ------
    DataError
        When it is no well-formed XML, declares entities, or asks for more than a figure needs.
    """
    need("svgelements")
    if len(source.data) > SVG_BYTES:
        raise source.problem(f"is larger than the {SVG_BYTES // 1_000_000} MB that an SVG may have.")
    root = xml_of(source.data, str(source.path))
    if name_of(root) != "svg":
        raise source.problem(f"is XML, but its outermost element is <{name_of(root)}>, not <svg>.")
    size, matrix = _viewport(root, source)
    walker = Walker(source, root, size)
    walker.draw(root, State(matrix), 0)
    return Drawing(size[0] * PX, size[1] * PX, tuple(walker.strokes), tuple(walker.words), tuple(walker.images))


def _viewport(root: Element, source: Source) -> tuple[tuple[float, float], Floats]:
    """Return the size in pixels, and the matrix from its own coordinates to points."""
    try:
        box = numbers_of(root.get("viewBox", "")).tolist()
    except ValueError as problem:
        raise source.problem(f"has a damaged viewBox ({problem}).") from None
    left, top, wide, high = box if len(box) == 4 and box[2] > 0 and box[3] > 0 else (0.0, 0.0, 0.0, 0.0)
    width = length(root.get("width"), wide, wide) or wide or 300.0
    height = length(root.get("height"), high, high) or high or 150.0
    sx, sy = (width / wide, height / high) if wide else (1.0, 1.0)
    if root.get("preserveAspectRatio", "") != "none":
        sx = sy = min(sx, sy)
    return (width, height), np.array([[sx, 0.0, -left * sx], [0.0, sy, -top * sy], [0.0, 0.0, 1.0]]) * [[PX], [PX], [1]]


class Walker:
    """Draws the elements one after the other, within the limits."""

    def __init__(self, source: Source, root: Element, size: tuple[float, float]) -> None:
        self.source, self.size = source, size
        self.ids = {i: e for e in root.iter() if (i := e.get("id"))}
        self.sheet = Sheet(source, [e.text or "" for e in root.iter() if name_of(e) == "style"])
        self.room = _READ_AGAIN * SVG_BYTES
        self.strokes: list[Stroke] = []
        self.words: list[Word] = []
        self.images: list[Box] = []
        self.clips: dict[Element, Floats] = {}
        self.objects = self.points = self.commands = self.characters = self.phrases = 0

    def draw(self, element: Element, state: State, depth: int) -> None:
        """Draw an element and what is within."""
        name = name_of(element)
        if not name or (name in _HIDDEN and not (name == "symbol" and _is_used(state))):
            return
        self.objects += 1
        if self.objects > OBJECTS or depth > DEPTH:
            what = "draws more objects" if self.objects > OBJECTS else "nests its elements more deeply"
            raise self.source.problem(f"{what} than any figure needs.")
        self._spend(sum(map(len, element.attrib.values())))
        inside = self._entered(element, state)
        assert inside.style is not None
        if inside.style["display"] == "none":
            return
        if name == "use":
            self._use(element, inside, depth)
        elif name == "text":
            self._text(element, inside)
        elif name == "image":
            self.images.append(_around(_moved(rectangle(element, self.size), inside.matrix)))
        elif name in SHAPES:
            self._shape(element, name, inside)
        else:
            for child in element:
                self.draw(child, inside, depth + 1)

    def _spend(self, characters: int) -> None:
        """Count what is read of the file, each time that it is."""
        self.room -= characters
        if self.room < 0:
            raise self.source.problem("draws its symbols again more often than any figure needs.")

    def _entered(self, element: Element, state: State) -> State:
        text = element.get("transform")
        matrix = state.matrix @ _transform(text, self.source) if text else state.matrix
        if name_of(element) == "svg" and state.parents:
            _, own = _viewport(element, self.source)
            shift = np.array([length(element.get(k), 1.0) for k in ("x", "y")])
            matrix = np.asarray(matrix @ (_shift(*shift) @ (own / [[PX], [PX], [1]])), dtype=float)
        clip = state.clip
        if found := re.match(r"url\([\"']?#([^\"')]+)", element.get("clip-path", "")):
            clip = self._clip(self.ids.get(found.group(1)), matrix, clip)
        style = styled(element, state.parents, state.style, self.sheet)
        return State(matrix, style, clip, (*state.parents, element))

    def _clip(self, target: Element | None, matrix: Floats, clip: Box | None) -> Box | None:
        if target is None:
            return clip
        if target not in self.clips:
            shapes = [s for e in target for s in self._outline(e, name_of(e))]
            self.clips[target] = np.concatenate([np.empty((0, 2)), *(points for points, _, _ in shapes)])
        points = self.clips[target]
        self.points += len(points)
        if not len(points):
            return clip
        box = _around(_moved(points, matrix))
        if clip is None:
            return box
        return max(box[0], clip[0]), max(box[1], clip[1]), min(box[2], clip[2]), min(box[3], clip[3])

    def _use(self, element: Element, state: State, depth: int) -> None:
        target = self.ids.get((element.get(_HREF) or element.get("href") or "").removeprefix("#"))
        if target is not None:
            shift = _shift(length(element.get("x"), self.size[0]), length(element.get("y"), self.size[1]))
            self.draw(target, replace(state, matrix=state.matrix @ shift), depth + 1)

    def _text(self, element: Element, state: State) -> None:
        inner = list(element.iter())
        self._spend(sum(len(e.text or "") + len(e.tail or "") + sum(map(len, e.attrib.values())) for e in inner))
        words = words_of(element, state.matrix, state.style or {}, state.parents, self.sheet, self.phrases)
        self.characters += sum(len(w.text) for w in words)
        if self.characters > CHARACTERS:
            raise self.source.problem("has more text than any figure needs.")
        self.words += words
        self.phrases = max([self.phrases, *(w.phrase + 1 for w in words)])

    def _shape(self, element: Element, name: str, state: State) -> None:
        style = state.style or {}
        colour, fill = paint(style, "stroke"), paint(style, "fill")
        width = length(style["stroke-width"], self.size[0])
        scale = float(np.sqrt(abs(np.linalg.det(state.matrix[:2, :2]))))
        if style["visibility"] != "visible" or ((colour is None or width <= 0) and fill is None):
            return
        try:
            dash = tuple(scale * d for d in dashes(style["stroke-dasharray"]))
        except ValueError as problem:
            raise self.source.problem(f"has a damaged stroke-dasharray ({problem}).") from None
        for points, closed, curved in self._outline(element, name):
            self.strokes.append(
                Stroke(
                    points=_moved(points, state.matrix),
                    colour=colour if width > 0 else None,
                    fill=fill if name not in ("line", "polyline") or closed or len(points) > 2 else None,
                    width=width * scale,
                    dash=dash if any(dash) else (),
                    closed=closed,
                    curved=curved,
                    clip=state.clip,
                )
            )

    def _outline(self, element: Element, name: str) -> Shape:
        self.commands += commands(element.get("d", ""))
        if self.commands > COMMANDS:
            raise self.source.problem("draws more lines than any figure needs.")
        try:
            shape = outlines(element, name, self.size)
        except ValueError as problem:
            raise self.source.problem(f"has a damaged <{name}> ({problem}).") from None
        self.points += sum(len(points) for points, _, _ in shape)
        if self.points > POINTS:
            raise self.source.problem("draws more points than any figure needs.")
        return [s for s in shape if len(s[0]) > 1 and np.isfinite(s[0]).all()]


def _is_used(state: State) -> bool:
    return bool(state.parents) and name_of(state.parents[-1]) == "use"


def _transform(text: str, source: Source) -> Floats:
    from svgelements import Matrix

    if len(text) > _MOST_VALUE:
        raise source.problem(f"has a transform of {len(text):,} characters, which no figure needs.")
    try:
        m: Any = Matrix(text)
        return np.array([[m.a, m.c, m.e], [m.b, m.d, m.f], [0.0, 0.0, 1.0]], dtype=float)
    except (ValueError, TypeError, IndexError, AttributeError) as problem:
        raise source.problem(f"has a damaged transform {text[:40]!r} ({problem}).") from None


def _shift(x: float, y: float) -> Floats:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _moved(points: Floats, matrix: Floats) -> Floats:
    return np.asarray(points @ matrix[:2, :2].T + matrix[:2, 2])


def _around(points: Floats) -> Box:
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)
