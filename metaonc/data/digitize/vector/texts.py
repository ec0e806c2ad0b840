"""What a figure says in words: the names of its curves."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..options import apart
from ..primitives import Box, Drawing, Stroke, Word
from ..scale.axes import Panel
from .strands import Look, Strand

_SAMPLE = (5.0, 80.0)  # points: length of the line in a key
_REACH = 3.0  # of the font: from the line in a key to its text
_SPACE = 0.15  # of the font: parts of a phrase further apart have a space between them
APART = 1.0  # of the font: parts of a string further apart are different phrases
LINE = 0.45  # of the font: words whose middles differ by less stand on one line
_GREYISH = 30  # colours whose channels differ by less name no curve


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that belong together, and the box around them."""

    text: str
    box: Box
    size: float
    colour: str

    @property
    def y(self) -> float:
        """Middle of the line."""
        return (self.box[1] + self.box[3]) / 2


def phrases(words: Sequence[Word]) -> list[Phrase]:
    """Return the phrases of level text."""
    groups: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        if word.rotation == 0:
            groups[word.phrase].append(word)
    return [joined(part) for group in groups.values() for part in _parted(group)]


def _parted(words: list[Word]) -> list[list[Word]]:
    """Return the words of one string in parts between which there is a gap."""
    parts = [[words[0]]]
    for before, word in pairwise(words):
        gap = word.box[0] - before.box[2]
        if gap > APART * word.size or gap < -word.size or abs(word.y - before.y) > LINE * word.size:
            parts.append([])
        parts[-1].append(word)
    return parts


def joined(words: list[Word]) -> Phrase:
    """Return the words of a phrase as one text."""
    text, last = "", None
    for word in words:
        apart_ = last is not None and (word.box[0] - last.box[2] > _SPACE * word.size or word.box[0] < last.box[0])
        text += (" " if apart_ else "") + word.text
        last = word
    boxes = np.array([w.box for w in words])
    box = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())
    return Phrase(text, (box[0], box[1], box[2], box[3]), words[0].size, words[0].colour)


def name_curves(drawing: Drawing, panel: Panel, curves: Sequence[Strand]) -> list[str | None]:
    """Return the name of each curve by the line of its look beside it in the key, else by text of its colour."""
    texts = [p for p in phrases(drawing.words) if re.search(r"[^\W_]", p.text)]
    samples = [s for s in drawing.strokes if _is_sample(s) and not _is_tick(s, panel)]
    looks_of_key = defaultdict[Look, list[Stroke]](list)
    for sample in samples:
        looks_of_key[sample.colour, sample.width, sample.dash].append(sample)
    near = {look: _nearest(of_look, texts) for look, of_look in looks_of_key.items()}
    names = [_beside([near[look] for look, (s, *_) in looks_of_key.items() if _alike(s, c.stroke)]) for c in curves]
    looks = [(c.stroke.colour, c.stroke.dash) for c in curves]
    for k, curve in enumerate(curves):
        if looks.count(looks[k]) > 1:
            names[k] = None
        elif names[k] is None:
            names[k] = _own_colour(curve, curves, texts)
    return [n if n is not None and names.count(n) == 1 else None for n in names]


def _is_sample(stroke: Stroke) -> bool:
    x0, y0, x1, y1 = stroke.box
    return stroke.colour is not None and y1 - y0 < 0.3 and _SAMPLE[0] <= x1 - x0 <= _SAMPLE[1]


def _is_tick(stroke: Stroke, panel: Panel) -> bool:
    x0, _, x1, _ = stroke.box
    return min(abs(x0 - panel.y.outer), abs(x1 - panel.y.outer)) < 0.5


def _alike(sample: Stroke, curve: Stroke) -> bool:
    if sample.colour != curve.colour or bool(sample.dash) != bool(curve.dash):
        return False
    scale = curve.width / sample.width if sample.width else 1.0
    return len(sample.dash) == len(curve.dash) and bool(
        np.allclose(np.array(sample.dash) * (scale if abs(scale - 1) > 0.05 else 1.0), curve.dash, atol=0.6)
        or np.allclose(sample.dash, curve.dash, atol=0.6)
    )


def _nearest(samples: Sequence[Stroke], texts: Sequence[Phrase]) -> tuple[float, str] | None:
    """Return the text nearest to the lines of one look in a key, and how far it is from its line."""
    best: tuple[float, str] | None = None
    left, top, right, bottom = np.array([t.box for t in texts], dtype=float).reshape(-1, 4).T
    size = np.array([t.size for t in texts])
    for sample in samples:
        x0, y, x1, _ = sample.box
        level = (top - 0.1 * size <= y) & (y <= bottom + 0.1 * size)
        behind, before = left - x1, x0 - right
        gaps = np.where(behind > -1, behind, np.inf)
        gaps = np.minimum(gaps, np.where(before + 0.5 * size > -1, before + 0.5 * size, np.inf))
        gaps[~level | ~((behind > -1) | (before > -1)) | ~(gaps <= _REACH * size)] = np.inf
        i = int(np.argmin(gaps)) if len(gaps) else 0
        if len(gaps) and gaps[i] < (np.inf if best is None else best[0]):
            best = (float(gaps[i]), texts[i].text)
    return best


def _beside(found: Sequence[tuple[float, str] | None]) -> str | None:
    return min((one for one in found if one is not None), key=lambda one: one[0], default=(0.0, None))[1]


def _own_colour(curve: Strand, curves: Sequence[Strand], texts: Sequence[Phrase]) -> str | None:
    colour = curve.stroke.colour or "#000000"
    if not tells(colour) or sum(c.stroke.colour == colour for c in curves) > 1:
        return None
    own = [t.text for t in texts if apart(t.colour, colour) < 6 and not re.fullmatch(r"[\d.,%+|×() ]*", t.text)]
    return own[0] if len(set(own)) == 1 else None


def tells(colour: str) -> bool:
    """Return whether a colour names a curve: no grey does."""
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return max(channels) - min(channels) >= _GREYISH
