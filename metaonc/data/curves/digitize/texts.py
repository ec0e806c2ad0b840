"""What a figure says in words: the names of its curves, and the table of numbers at risk."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...._check import Floats
from .axes import Panel
from .numerals import clusters
from .options import apart
from .primitives import Box, Drawing, Stroke, Word
from .strands import Strand

_SAMPLE = (5.0, 80.0)  # points: length of the line in a key
_REACH = 3.0  # of the font: from the line in a key to its text
_SPACE = 0.15  # of the font: parts of a phrase further apart have a space between them
_APART = 1.0  # of the font: parts of a string further apart are different phrases
_LINE = 0.45  # of the font: words whose middles differ by less stand on one line
_COLUMN = 0.9  # of the font: from a number of the table to its tick
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


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of the table: its heading and colour, and number for each tick (NaN where there is none)."""

    heading: str
    colour: str
    numbers: Floats
    y: float


def phrases(words: Sequence[Word]) -> list[Phrase]:
    """Return the phrases of level text."""
    groups: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        if word.rotation == 0:
            groups[word.phrase].append(word)
    return [_joined(part) for group in groups.values() for part in _parted(group)]


def _parted(words: list[Word]) -> list[list[Word]]:
    """Return the words of one string in parts between which there is a gap."""
    parts = [[words[0]]]
    for before, word in pairwise(words):
        gap = word.box[0] - before.box[2]
        if gap > _APART * word.size or gap < -word.size or abs(word.y - before.y) > _LINE * word.size:
            parts.append([])
        parts[-1].append(word)
    return parts


def _joined(words: list[Word]) -> Phrase:
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
    names = [_beside([s for s in samples if _alike(s, c.stroke)], texts) for c in curves]
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


def _beside(samples: Sequence[Stroke], texts: Sequence[Phrase]) -> str | None:
    best: tuple[float, str] | None = None
    for sample in samples:
        x0, y, x1, _ = sample.box
        for text in texts:
            level = text.box[1] - 0.1 * text.size <= y <= text.box[3] + 0.1 * text.size
            gap = (
                min(g for g in (text.box[0] - x1, x0 - text.box[2] + 0.5 * text.size) if g > -1)
                if level and (text.box[0] - x1 > -1 or x0 - text.box[2] > -1)
                else np.inf
            )
            if gap <= _REACH * text.size and (best is None or gap < best[0]):
                best = (gap, text.text)
    return None if best is None else best[1]


def _own_colour(curve: Strand, curves: Sequence[Strand], texts: Sequence[Phrase]) -> str | None:
    colour = curve.stroke.colour or "#000000"
    if not _tells(colour) or sum(c.stroke.colour == colour for c in curves) > 1:
        return None
    own = [t.text for t in texts if apart(t.colour, colour) < 6 and not re.fullmatch(r"[\d.,%+|×() ]*", t.text)]
    return own[0] if len(set(own)) == 1 else None


def _tells(colour: str) -> bool:
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return max(channels) - min(channels) >= _GREYISH


def risk_lines(drawing: Drawing, panel: Panel) -> list[Line]:
    """Return the lines below the axis whose numbers stand under its ticks and are said, or can only be, at risk."""
    below = [w for w in drawing.words if w.rotation == 0 and w.box[3] > panel.x.outer + 1.5 * w.size]
    left, right = panel.x.at[0] - 0.9 * np.ptp(panel.x.at), panel.x.at[-1] + 0.2 * np.ptp(panel.x.at)
    below = [w for w in below if left <= w.x <= right]
    size = float(np.median([w.size for w in below])) if below else 1.0
    group, risky, out = "", True, []
    for rows in clusters(np.array([w.y for w in below]), _LINE * size):
        words = sorted((below[i] for i in rows), key=lambda w: w.box[0])
        line = _line(words, panel)
        if line is None:
            text = _joined(words).text
            if re.search(r"\brisk\b", text, re.IGNORECASE):
                risky, group = True, ""
            elif re.search(r"censor|event", text, re.IGNORECASE):
                risky = False
            else:
                group = text
        elif _counts_risk(line.heading, risky):
            named = re.sub(r"(no\.?|number|n|patients)?\s*at\s*risk", "", line.heading, flags=re.IGNORECASE)
            out.append(Line(named.strip(" :()") or group, line.colour, line.numbers, line.y))
    return out


def _counts_risk(heading: str, risky: bool) -> bool:
    if re.search(r"\brisk\b", heading, re.IGNORECASE):
        return True
    return risky and not re.match(r"(cumulative |no\. |number |n )?(of )?(censor|event|death)", heading, re.IGNORECASE)


def _line(words: list[Word], panel: Panel) -> Line | None:
    """Return the numbers of a line that stand under ticks, or None when it is no line of a table."""
    at = panel.x.at
    numbers = np.full(len(at), np.nan)
    used = []
    for word in words:
        text = word.text.replace(",", "")
        i = int(np.abs(at - word.x).argmin())
        if re.fullmatch(r"\d+", text) and abs(at[i] - word.x) <= _COLUMN * word.size and np.isnan(numbers[i]):
            numbers[i] = float(text)
            used.append(word)
    if len(used) < 2 or (np.diff(numbers[np.isfinite(numbers)]) > 0).any():
        return None
    heads = [w for w in words if w.box[2] <= used[0].box[0] + 0.2 * w.size]
    heading = _joined(heads).text if heads else ""
    return Line(heading, (heads or used)[0].colour, numbers, used[0].y)


def assigned(lines: Sequence[Line], curves: Sequence[Strand], names: Sequence[str | None]) -> list[int | None] | None:
    """Return for each curve its line of the table: by name, else by colour; None when neither tells all lines apart."""
    plain = [_plain(line.heading) for line in lines]
    own = [_plain(n or "") for n in names]
    by_name = [plain.index(n) if n and plain.count(n) == 1 else None for n in own]
    if any(i is not None for i in by_name):
        return by_name
    by_colour: list[int | None] = []
    for curve in curves:
        colour = curve.stroke.colour or "#000000"
        near = [i for i, line in enumerate(lines) if apart(line.colour, colour) < 6 and _tells(colour)]
        by_colour.append(near[0] if len(near) == 1 else None)
    told = [i for i in by_colour if i is not None]
    return by_colour if told and len(set(told)) == len(told) else None


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()
