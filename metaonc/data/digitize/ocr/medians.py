"""Medians that a figure prints in words, each for its curve where the figure says which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..options import apart
from ..primitives import Word
from ..vector.texts import LINE, tells

_MEDIAN = re.compile(r"\b[Mm]edians?\b|\bMEDIANS?\b|\bm(?:OS|PFS|DFS|EFS|TTP)\b|\bMS\b(?=\W{0,2}\d)")  # mos are months
_OTHER = re.compile(r"follow|\bage\b|range|ratio|difference", re.IGNORECASE)  # of these it is no median of a curve
_UNREACHED = r"(?<!\w)(?:NR|NE|NA|not\s+(?:yet\s+)?(?:reached|estimable|evaluable))(?!\w)"
_TIME = re.compile(r"(?<![\w.·,])(\d{1,3}(?:[.·,]\d{1,2})?)(?![\d%])(?!\s*%)(?!-[a-z])|" + _UNREACHED, re.IGNORECASE)
_INSIDE = re.compile(
    r"[(\[][^)\]]*[)\]]?|\d{2}(?:[.·]\d+)?\s*%\s*C[I1lL][^a-z]*", re.IGNORECASE
)  # limits of an interval
_SAME, _UNLIKE = 70.0, 110.0  # distance of colours, 0 to 441, of one curve and of two
_BELOW = 14.0  # heights of type below the head of a column, in which its rows stand
_ASIDE = 1.5  # heights of type by which a number may stand beside the head of its column


@dataclass(frozen=True, slots=True)
class PrintedMedian:
    """A median as it is printed.

    Attributes
    ----------
    curve
        Number of its curve, from 0; None where the figure does not tell.
    median
        Its digits; None where it is printed as not reached.
    text
        Around it, as it was read.
    confidence
        The least of the words'.
    """

    curve: int | None
    median: str | None
    text: str
    confidence: float

    def __str__(self) -> str:
        """Return one line for a summary."""
        whose = "" if self.curve is not None else ", of which curve is not told"
        value = "not reached" if self.median is None else self.median
        return f"median {value}{whose}, read in {self.text!r} (least confidence {self.confidence:.2f})"


def printed_medians(words: Sequence[Word], labels: Sequence[str], colours: Sequence[str]) -> tuple[PrintedMedian, ...]:
    """Return the medians among words, in sentences and in tables whose head says median.

    Parameters
    ----------
    words
        Of the figure.
    labels, colours
        Of its curves: a median belongs to the one that its line names, else to that in whose colour it is printed.
    """
    level = [w for w in words if w.rotation == 0]
    lines = _lines(level)
    found = [one for line in lines for one in _of_sentence(line, labels, colours)]
    heads = [line for line in lines if _MEDIAN.search(_text(line)) and not _values(_text(line))]
    found += [one for head in heads for one in _of_column(head, lines, labels)]
    kept: dict[tuple[int | None, str | None], PrintedMedian] = {}
    for one in found:
        kept.setdefault((one.curve, one.median), one)
    of_curves = [one.curve for one in kept.values()]
    # a curve has one median: of two that are read, neither is known to be its own
    return tuple(
        one if one.curve is None or of_curves.count(one.curve) == 1 else PrintedMedian(None, *_rest(one))
        for one in kept.values()
    )


def _rest(one: PrintedMedian) -> tuple[str | None, str, float]:
    return one.median, one.text, one.confidence


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Return words by lines, each from left to right; wide gaps within a line are kept as they are."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.y, w.box[0])):
        own = next((line for line in lines[-3:] if abs(line[0].y - word.y) < LINE * line[0].size), None)
        if own is None:
            lines.append([word])
        else:
            own.append(word)
    return [sorted(line, key=lambda w: w.box[0]) for line in lines]


def _text(words: Sequence[Word]) -> str:
    return " ".join(w.text for w in words)


def _values(text: str) -> list[str | None]:
    """Return the times that a text gives, without those of intervals; None for one that is not reached."""
    plain = _INSIDE.sub(" ", text)
    return [None if m[1] is None else re.sub("[·,]", ".", m[1]) for m in _TIME.finditer(plain)]


def _of_sentence(line: list[Word], labels: Sequence[str], colours: Sequence[str]) -> list[PrintedMedian]:
    """Return the medians of a line that says median and gives times."""
    text = _text(line)
    head = _MEDIAN.search(text)
    if head is None or _OTHER.search(text):
        return []
    values = _values(text[head.end() :])
    named = _named(text, labels)
    coloured = {k for w in line for k in [_coloured(w, colours)] if k is not None}
    curve = named if named is not None else coloured.pop() if len(coloured) == 1 else None
    least = min(w.confidence for w in line)
    return [PrintedMedian(curve if len(values) == 1 else None, value, text, least) for value in values]


def _of_column(head: list[Word], lines: Sequence[list[Word]], labels: Sequence[str]) -> list[PrintedMedian]:
    """Return the medians of a column: of each line below its head that begins with the name of a curve."""
    at = next((w for w in head if _MEDIAN.search(w.text)), None)
    if at is None or _OTHER.search(_text(head)):
        return []
    reach = _ASIDE * at.size
    found = []
    for line in lines:
        if not 0 < line[0].y - at.y <= _BELOW * at.size:
            continue
        k = _named(_text(line), labels, begins=True)
        near = [w for w in line if at.box[0] - reach <= w.x <= at.box[2] + 2 * reach]
        values = _values(_text(near))
        if k is not None and values:
            least = min(w.confidence for w in [*near, at])
            found.append(PrintedMedian(k, values[0], f"{_text(head)} / {_text(line)}", least))
    return found


def _named(text: str, labels: Sequence[str], *, begins: bool = False) -> int | None:
    """Return the number of the only curve whose name stands in a text; of names within names, the longest."""
    plain = _plain(text)
    hits = [k for k, label in enumerate(labels) if _plain(label) and re.search(_edge(label, begins), plain)]
    within = [k for k in hits if not any(k != o and _plain(labels[k]) in _plain(labels[o]) for o in hits)]
    return within[0] if len(within) == 1 else None


def _edge(label: str, begins: bool) -> str:
    """Return a pattern of a name; at the beginning of a line a number of an axis may stand before it."""
    return (r"^(?:[\d ]+ )?" if begins else r"(?<!\w)") + re.escape(_plain(label)) + r"(?!\w)"


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.casefold()).strip()


def _coloured(word: Word, colours: Sequence[str]) -> int | None:
    """Return the number of the only curve in whose colour a word is printed."""
    if not tells(word.colour):
        return None
    near = [k for k, c in enumerate(colours) if apart(c, word.colour) < _SAME]
    others = [k for k, c in enumerate(colours) if k not in near and apart(c, word.colour) < _UNLIKE]
    return near[0] if len(near) == 1 and not others else None
