"""What was read in a picture: every word with its place, its confidence and what it was used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..primitives import Word
from .engine import version

USES = ("x axis", "y axis", "number at risk", "name", "")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FigureText:
    """The text of a picture.

    Attributes
    ----------
    words
        One row a word: text, confidence (0 to 1, of the engine), left, top, right, bottom (pixels of the file, or
        points of a page) and use: ``"x axis"``, ``"y axis"``, ``"number at risk"``, ``"name"``, or empty where nothing
        rests on it.
    engine
        What read it, with its version.
    """

    words: pd.DataFrame
    engine: str

    def lines(self) -> list[str]:
        """Return what was read, for a summary."""
        out = []
        for use in USES[:-1]:
            own = self.words[self.words["use"] == use]
            if len(own):
                out.append(
                    f"  Read as {use}: {', '.join(own['text'])} (least confidence {own['confidence'].min():.2f})"
                )
        return out


def figure_text(words: Sequence[Word]) -> FigureText:
    """Return words as the text of a figure, without what they were used for."""
    return FigureText(words=table_of(words, {}, (0.0, 0.0), 1), engine=version())


def table_of(words: Sequence[Word], uses: Mapping[int, str], corner: tuple[float, float], unit: int) -> pd.DataFrame:
    """Return words as a table, by pixels of the file.

    Parameters
    ----------
    words
        As read, in pixels of the image.
    uses
        ``id`` of a word -> what it was used for.
    corner, unit
        Where its first pixel lies in the file, and the side of one in pixels of the file.
    """
    rows = [
        (
            w.text,
            round(w.confidence, 3),
            *(v * unit + c for v, c in zip(w.box, 2 * corner, strict=True)),
            uses.get(id(w), ""),
        )
        for w in words
    ]
    return pd.DataFrame(rows, columns=["text", "confidence", "left", "top", "right", "bottom", "use"])
