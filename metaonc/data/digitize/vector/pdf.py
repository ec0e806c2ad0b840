"""PDF pages as strokes and words, or as pictures, by pdfium in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ....errors import DataError
from ..limits import CHARACTERS, CLOCK_SECONDS, DEPTH, MEMORY_BYTES, OBJECTS, POINTS, SECONDS, Source
from ..primitives import Box, Drawing, Stroke, Word

_OUT_OF_TIME = -signal.SIGXCPU if hasattr(signal, "SIGXCPU") else None  # of a worker that the system ends
_WORKER = Path(__file__).with_name("pdf_worker.py")
_SCALE = 2.5  # pixels a point of a page as a picture: 180 dots an inch
_PIXELS = 6_000_000  # of it at most
_GAP, _PHRASE = 0.35, 1.0  # of the font: characters further apart are different words, different phrases
_LEVEL = 0.12  # of the font: characters higher or lower, or larger or smaller, are another word (an exponent)


def need(module: str) -> None:
    """Check that an optional library is there.

    Raises
    ------
    DataError
        Says how to install it.
    """
    if find_spec(module) is None:
        raise DataError(f'reading figures needs the library {module}: pip install "metaonc[digitize]".')


def read_page(source: Source, page: int) -> Drawing:
    """Return what a page draws.

    Raises
    ------
    DataError
        When the file is encrypted, damaged or asks for too much, or has no such page.
    """
    answer = _ask(source, page, limits=(OBJECTS, POINTS, CHARACTERS, DEPTH))
    strokes = tuple(stroke for path in answer["paths"] for stroke in _strokes(path))
    width, height = answer["size"]
    words = tuple(_words(answer["characters"], answer["quarters"]))
    return Drawing(width, height, strokes, words, tuple(_box(b) for b in answer["images"]))


def page_image(source: Source, page: int) -> bytes:
    """Return a page as PNG.

    Raises
    ------
    DataError
        As `read_page`.
    """
    return bytes.fromhex(_ask(source, page, image=(_SCALE, _PIXELS))["png"])


def _ask(source: Source, page: int, **what: Any) -> dict[str, Any]:
    """Return the worker's answer, of bounded time and memory."""
    need("pypdfium2")
    asked = {"page": page, "memory": MEMORY_BYTES, "seconds": SECONDS} | what
    command = [sys.executable, "-P", str(_WORKER), json.dumps(asked)]
    try:
        done = subprocess.run(command, input=source.data, capture_output=True, timeout=CLOCK_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise source.problem(f"takes more than {CLOCK_SECONDS} s to read, which no figure needs.") from None
    if done.returncode == _OUT_OF_TIME:
        raise source.problem(f"takes more than {SECONDS} s of a processor to read, which no figure needs.")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        last = said[-1] if said else f"the reader stopped with code {done.returncode}"
        raise source.problem(f"cannot be read: {last}.") from None
    assert isinstance(answer, dict)
    if "refused" in answer:
        raise source.problem(answer["refused"])
    return answer


def _strokes(path: dict[str, Any]) -> list[Stroke]:
    clip = None if path["clip"] is None else _box(path["clip"])
    return [
        Stroke(
            points=np.array(piece["points"], dtype=float),
            colour=path["colour"],
            fill=path["fill"],
            width=path["width"],
            dash=tuple(path["dash"]),
            closed=piece["closed"],
            curved=piece["curved"],
            clip=clip,
        )
        for piece in path["pieces"]
    ]


def _box(values: list[float]) -> Box:
    left, top, right, bottom = values
    return left, top, right, bottom


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    box: Box
    rotation: int
    colour: str

    @property
    def span(self) -> tuple[float, float]:
        """Where it lies along the direction of reading."""
        return (self.box[0], self.box[2]) if self.rotation % 180 == 0 else (self.box[1], self.box[3])

    @property
    def level(self) -> tuple[float, float]:
        """Where it lies across the direction of reading."""
        return (self.box[1], self.box[3]) if self.rotation % 180 == 0 else (self.box[0], self.box[2])


def _words(characters: list[list[Any]], quarters: int) -> Iterator[Word]:
    """Yield the words: characters side by side, at one height and of one size; crosses in a row are marks, no word."""
    word: list[_Character] = []
    phrase = 0
    for text, *rest in characters:
        new = _character(text, *rest, quarters=quarters) if text and rest[2] else None
        if word and (new is None or _far(word[-1], new, _GAP)):
            yield _word(word, phrase)
            phrase += 1 if (rest[0] if new is None else _far(word[-1], new, _PHRASE)) else 0
            word = []
        word += [new] if new else []
    if word:
        yield _word(word, phrase)


def _character(text: str, box: list[float], angle: float, colour: str, *, quarters: int) -> _Character:
    return _Character(text, _box(box), -(round(angle / 90) + quarters) * 90 % 360, colour)


def _far(a: _Character, b: _Character, gap: float) -> bool:
    size = a.level[1] - a.level[0]
    between = max(b.span[0] - a.span[1], a.span[0] - b.span[1])
    level = max(abs(a.level[0] - b.level[0]), abs(a.level[1] - b.level[1]))
    apart = a.rotation != b.rotation or between > gap * size or level > _LEVEL * size
    return apart or (gap == _GAP and a.text == b.text == "+")


def _word(characters: list[_Character], phrase: int) -> Word:
    boxes = np.array([c.box for c in characters])
    box = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())
    first = characters[0]
    text = "".join(c.text for c in characters)
    return Word(text, _box(list(box)), first.rotation, first.level[1] - first.level[0], first.colour, phrase)
