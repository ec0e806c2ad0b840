"""What a vector figure consists of: strokes and words, in points (1/72 inch), x to the right and y down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ...base.check import Floats

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One subpath.

    Attributes
    ----------
    points
        Shape (k, 2); of Bezier curves the ends only.
    colour, fill
        ``"#rrggbb"``, or None where it is not stroked, or not filled.
    width
        Of the line.
    dash
        Lengths drawn and left out in turn; empty when solid.
    closed
        Whether its end is joined to its start.
    curved
        Whether it has Bezier curves.
    clip
        Box outside which nothing of it shows, or None.
    box
        Smallest box around the points.
    """

    points: Floats
    colour: str | None
    fill: str | None
    width: float
    dash: tuple[float, ...] = ()
    closed: bool = False
    curved: bool = False
    clip: Box | None = None
    box: Box = field(init=False)

    def __post_init__(self) -> None:
        box = *self.points.min(axis=0).tolist(), *self.points.max(axis=0).tolist()
        object.__setattr__(self, "box", box)

    @property
    def look(self) -> tuple[str | None, float, tuple[float, ...]]:
        """What makes two strokes look like parts of one line."""
        return self.colour, round(self.width, 2), tuple(round(d, 1) for d in self.dash)


@dataclass(frozen=True, slots=True)
class Word:
    """Characters between two spaces.

    Attributes
    ----------
    text
        The characters.
    box
        Around them, with the height of the font.
    rotation
        Degrees counter-clockwise of the direction of reading: 0, or 90 when it goes up.
    size
        Height of the font.
    colour
        ``"#rrggbb"``.
    phrase
        Number of the string that it was drawn with.
    confidence
        With which it was recognised in a picture, 0 to 1; 1 of text that is stored as such.
    """

    text: str
    box: Box
    rotation: int
    size: float
    colour: str
    phrase: int
    confidence: float = 1.0

    @property
    def x(self) -> float:
        """Centre from the left."""
        return (self.box[0] + self.box[2]) / 2

    @property
    def y(self) -> float:
        """Centre from the top."""
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A page or figure.

    Attributes
    ----------
    width, height
        Its size.
    strokes
        In the order of drawing.
    words
        In the order of drawing.
    images
        Boxes of the pictures in it.
    """

    width: float
    height: float
    strokes: tuple[Stroke, ...]
    words: tuple[Word, ...]
    images: tuple[Box, ...] = ()

    def upright(self) -> Drawing:
        """Return the drawing turned so that most of its characters are read from left to right."""
        turns = [0, 0, 0, 0]
        for word in self.words:
            turns[word.rotation // 90 % 4] += len(word.text)
        most = int(np.argmax(turns))
        return self._turned(most) if most else self

    def _turned(self, quarters: int) -> Drawing:
        """Return it turned clockwise by quarters."""
        out = self
        for _ in range(quarters):
            h = out.height
            strokes = tuple(
                replace(s, points=np.column_stack([h - s.points[:, 1], s.points[:, 0]]), clip=_turned_box(s.clip, h))
                for s in out.strokes
            )
            words = tuple(
                replace(w, box=_turned_box(w.box, h) or w.box, rotation=(w.rotation - 90) % 360) for w in out.words
            )
            out = Drawing(h, out.width, strokes, words, tuple(_turned_box(b, h) or b for b in out.images))
        return out


def _turned_box(box: Box | None, height: float) -> Box | None:
    return None if box is None else (height - box[3], box[0], height - box[1], box[2])
