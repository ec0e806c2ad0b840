"""Hazard ratios that a figure prints in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..primitives import Word

_NUMBER = r"(\d+[.·,]\d+)"
_LEVEL = r"(\d{2}(?:[.·,]\d+)?)\s*%\s*C[I1lL]"
_RATIO = re.compile(
    r"\b(?:HR|hazard\s*ratio)\b(?:\W{0,3}" + _LEVEL + r")?(?:(?!\bp\b)[^\d]){0,30}?" + _NUMBER, re.IGNORECASE
)  # the level of its interval may stand before it, a p value may not
_INTERVAL = re.compile("(?:" + _LEVEL + r"\W*)?" + _NUMBER + r"\s*(?:[-–—,;]|to)\s*" + _NUMBER)
_REACH = 60  # characters after a hazard ratio in which its interval stands


@dataclass(frozen=True, slots=True)
class PrintedRatio:
    """A hazard ratio as it is printed.

    Attributes
    ----------
    hr
        On the natural scale.
    ci_low, ci_high
        Its limits, None where none were read.
    level
        Of the interval, 0 to 1; None where none was read.
    text
        Around it, as it was read.
    confidence
        The least of the words'.
    """

    hr: float
    ci_low: float | None
    ci_high: float | None
    level: float | None
    text: str
    confidence: float

    def __str__(self) -> str:
        """Return one line for a summary."""
        limits = "" if self.ci_low is None else f", interval {self.ci_low:g} to {self.ci_high:g}"
        level = "" if self.level is None else f" ({100 * self.level:g} %)"
        return (
            f"hazard ratio {self.hr:g}{limits}{level}, read in {self.text!r} (least confidence {self.confidence:.2f})"
        )


def printed_ratios(words: Sequence[Word]) -> tuple[PrintedRatio, ...]:
    """Return the hazard ratios among words, each with the interval behind it if that holds it."""
    text, owners = _whole(words)
    out = []
    for match in _RATIO.finditer(text):
        end = match.end()
        after = _INTERVAL.search(text, match.end(2), end + _REACH)
        hr, low, high, level = _value(match[2]), None, None, None
        if after is not None and _value(after[2]) <= hr <= _value(after[3]):
            low, high, end = _value(after[2]), _value(after[3]), after.end()
            stated = after[1] or match[1]
            level = None if stated is None else _value(stated) / 100
        confidence = min(owners[k] for k in range(match.start(), end))
        out.append(PrintedRatio(hr, low, high, level, text[match.start() : end], confidence))
    return tuple(out)


def _whole(words: Sequence[Word]) -> tuple[str, list[float]]:
    """Return words as one text, and the confidence of each of its characters."""
    text, owners = "", list[float]()
    for word in words:
        text += word.text + " "
        owners += [word.confidence] * (len(word.text) + 1)
    return text, owners


def _value(text: str) -> float:
    return float(text.replace("·", ".").replace(",", "."))
