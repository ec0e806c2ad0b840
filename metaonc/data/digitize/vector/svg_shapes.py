"""The outlines of an SVG's shapes, in their own coordinates: of curves the ends only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import numpy as np

from ....base.check import Floats
from .svg_style import length

SHAPES = ("path", "line", "polyline", "polygon", "rect", "circle", "ellipse")
Shape = list[tuple[Floats, bool, bool]]  # points, closed, curved
# possessive: a run of digits without end is one number at once, or none
_NUMBER = r"[-+]?+(?:\d++\.?+\d*+|\.\d++)(?:[eE][-+]?+\d++)?+"
_APART = r"[\s,]*+"
_COMMAND = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*+)")
_ARC = re.compile(rf"{_APART}({_NUMBER}){_APART}({_NUMBER}){_APART}({_NUMBER}){_APART}([01]){_APART}([01])"
                  rf"{_APART}({_NUMBER}){_APART}({_NUMBER}){_APART}")  # fmt: skip
_NUMBERS = re.compile(_NUMBER)
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


def numbers_of(text: str) -> Floats:
    """Return the numbers of a text of nothing else; ValueError where it holds more."""
    if _NUMBERS.sub("", text).strip(" ,\t\r\n\f"):
        raise ValueError(f"{text[:40]!r} is more than numbers")
    return np.array(_NUMBERS.findall(text), dtype=float)


def outlines(element: Element, name: str, size: tuple[float, float]) -> Shape:
    """Return the outlines of a shape; ValueError where it is damaged."""
    if name == "path":
        return path(element.get("d") or "")
    if name == "line":
        ends = [[length(element.get(x + i), size[k]) for k, x in enumerate("xy")] for i in "12"]
        return [(np.array(ends), False, False)]
    if name in ("polyline", "polygon"):
        values = numbers_of(element.get("points", ""))
        points = values[: len(values) // 2 * 2].reshape(-1, 2)
        return [(np.vstack([points, points[:1]]) if name == "polygon" else points, name == "polygon", False)]
    if name == "rect":
        return [(rectangle(element, size), True, False)]
    if name in ("circle", "ellipse"):
        x, y = length(element.get("cx"), size[0]), length(element.get("cy"), size[1])
        r = length(element.get("r"), size[0])
        rx, ry = length(element.get("rx"), size[0], r), length(element.get("ry"), size[1], r)
        return [(np.array([[x + rx, y], [x, y + ry], [x - rx, y], [x, y - ry], [x + rx, y]]), True, True)]
    return []


def rectangle(element: Element, size: tuple[float, float]) -> Floats:
    """Return the corners of a rectangle."""
    x, y = length(element.get("x"), size[0]), length(element.get("y"), size[1])
    w, h = length(element.get("width"), size[0]), length(element.get("height"), size[1])
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]])


def path(d: str) -> Shape:
    """Return the subpaths of path data (SVG 2, 9.3): their points, whether closed, whether with curves."""
    out: list[tuple[list[Floats], list[bool]]] = []
    at = start = np.zeros(2)
    for command, numbers in _commands(d):
        kind = command.upper()
        if kind == "M":
            out.append(([], [False, False]))
        elif not out:
            raise ValueError("it does not begin with a move")
        pieces, flags = out[-1]
        points = start[None] if kind == "Z" else _ends(numbers, kind, command.islower(), at)
        at = points[-1]
        start = points[0] if kind == "M" else start
        pieces.append(points)
        flags[0] |= kind == "Z"
        flags[1] |= kind in "CSQTA"
    return [(np.concatenate(pieces), flags[0], flags[1]) for pieces, flags in out]


def commands(d: str) -> int:
    """Return how many commands path data have."""
    return sum(map(d.count, "MmLlHhVvCcSsQqTtAaZz"))


def _commands(d: str) -> Iterator[tuple[str, Floats]]:
    """Yield each command with its numbers, a row each time that it is repeated."""
    first = re.search("[MmLlHhVvCcSsQqTtAaZz]", d)
    if d[: first.start() if first else None].strip(" ,\t\r\n\f"):
        raise ValueError(f"{d[:40]!r} is no path")
    for found in _COMMAND.finditer(d):
        command, text = found.groups()
        takes = _TAKES[command.upper()]
        numbers = _arcs(text) if takes == 7 else numbers_of(text)
        if (takes == 0 and len(numbers)) or (takes and (not len(numbers) or len(numbers) % takes)):
            raise ValueError(f"{found.group()[:40]!r} has {len(numbers)} numbers")
        yield command, numbers.reshape(-1, takes) if takes else numbers


def _arcs(text: str) -> Floats:
    """Return the numbers of arcs, whose flags may stand without a blank before the next number."""
    found = list(_ARC.finditer(text))
    if sum(len(arc.group()) for arc in found) != len(text):
        raise ValueError(f"{text[:40]!r} is more than arcs")
    return np.array([arc.groups() for arc in found], dtype=float).ravel()


def _ends(numbers: Floats, kind: str, relative: bool, at: Floats) -> Floats:
    """Return the ends of the parts that a command draws from a point."""
    if kind in "HV":
        axis = "HV".index(kind)
        ends = np.zeros((len(numbers), 2)) if relative else np.tile(at, (len(numbers), 1))
        ends[:, axis] = numbers[:, 0]
    else:
        ends = numbers[:, -2:]
    return np.asarray(np.cumsum(np.vstack([at, ends]), axis=0)[1:] if relative else ends)
