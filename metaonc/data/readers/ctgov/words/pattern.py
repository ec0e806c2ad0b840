"""Patterns of words that are tried only on texts that hold a stem of them: the reader asks thousands of texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHORTEST = 2  # letters of a stem that is worth looking for
_OPTIONAL = re.compile(r"[?*]|\{(?:0|,)")
_QUANTIFIER = re.compile(r"(?:[?*+]|\{\d*,?\d*\})[?+]?")
_GROUP = re.compile(r"\((?:\?(?:P<\w+>|<?[=!]|[a-zA-Z-]*:))?")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.S)
Stems = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Words:
    """A pattern, case ignored, and what texts that fit it hold; made by `words_of`.

    Attributes
    ----------
    pattern
        The pattern.
    plain
        Its alternatives that are letters alone, in lower case: what holds one fits.
    stems
        Letters in lower case, of which what fits another alternative holds one; None where they are not known.
    rest
        The other alternatives; None where there are none.
    """

    pattern: re.Pattern[str]
    plain: tuple[str, ...]
    stems: tuple[str, ...] | None
    rest: re.Pattern[str] | None

    def fits(self, text: str) -> bool:
        """Tell whether the pattern is in the text."""
        if not text.isascii():  # where other letters fold to these
            return self.pattern.search(text) is not None
        low = text.lower()
        for letters in self.plain:
            if letters in low:
                return True
        return self.rest is not None and _may(self.stems, low) and self.rest.search(text) is not None

    def sub(self, to: str, text: str) -> str:
        """Return the text with what fits replaced."""
        return self.pattern.sub(to, text) if self.may_fit(text) else text

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place in the text where the pattern fits."""
        return self.pattern.search(text) if self.may_fit(text) else None

    def may_fit(self, text: str) -> bool:
        """Tell whether a text holds the letters without which nothing in it fits."""
        return not text.isascii() or _may(self.plain, low := text.lower()) or _may(self.stems, low)


def _may(stems: tuple[str, ...] | None, low: str) -> bool:
    if stems is None:
        return True
    for letters in stems:  # noqa: SIM110 - a third of the time of any()
        if letters in low:
            return True
    return False


def words_of(pattern: str) -> Words:
    r"""Return a pattern with the letters that texts which fit it hold.

    Examples
    --------
    >>> words = words_of(r"adverse|toxicit|\bDLTs?\b|pain(?:ful)? (?:stimulus|relief)")
    >>> words.plain, words.stems
    (('adverse', 'toxicit'), ('dlt', 'relief', 'stimulus'))
    >>> words.fits("Dose-Limiting TOXICITY"), words.fits("DLT"), words.fits("Adlt"), words.fits("Survival")
    (True, True, False, False)
    """
    each = _Reader(pattern).alternatives()
    plain = [text.lower() for text, stems in each if stems == frozenset((text.lower(),))]
    rest = [(text, stems) for text, stems in each if stems != frozenset((text.lower(),))]
    known = [stems for _, stems in rest if stems is not None]
    return Words(
        pattern=re.compile(pattern, re.I),
        plain=tuple(plain),
        stems=tuple(sorted(frozenset().union(*known))) if len(known) == len(rest) else None,
        rest=re.compile("|".join(text for text, _ in rest), re.I) if rest else None,
    )


class _Reader:
    """The letters that a pattern cannot do without; what is not sure of them is left out."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def alternatives(self) -> list[tuple[str, Stems]]:
        """Return each alternative up to the end of its group, with its stems."""
        found = []
        while True:
            start = self.at
            stems = self._sequence()
            found.append((self.pattern[start : self.at], stems))
            if self.pattern[self.at : self.at + 1] != "|":
                return found
            self.at += 1

    def _sequence(self) -> Stems:
        """Return the stems of one alternative: those of the part whose shortest is the longest."""
        parts: list[frozenset[str]] = []
        run = ""
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            letter, group = self._atom()
            quantifier = _QUANTIFIER.match(self.pattern, self.at)
            if quantifier:
                self.at = quantifier.end()
            needed = not (quantifier and _OPTIONAL.match(quantifier[0]))
            if group is not None and needed:
                parts.append(group)
            run += letter if needed else ""
            if quantifier or not letter:
                parts, run = [*parts, frozenset((run,))], ""
        parts = [part for part in (*parts, frozenset((run,))) if min(map(len, part)) >= _SHORTEST]
        return max(parts, key=lambda part: min(map(len, part)), default=None)

    def _atom(self) -> tuple[str, Stems]:
        """Return the letter that comes next in lower case, or the stems of a group, or neither."""
        if group := _GROUP.match(self.pattern, self.at):
            self.at = group.end()
            each = [stems for _, stems in self.alternatives()]
            self.at += 1
            known = [stems for stems in each if stems is not None]
            needed = len(known) == len(each) and not group[0].endswith("!")
            return "", frozenset().union(*known) if needed else None
        if held := _CLASS.match(self.pattern, self.at):
            self.at = held.end()
            return "", None
        sign = self.pattern[self.at]
        self.at += 1 + (sign == "\\")
        if sign == "\\":
            escaped = self.pattern[self.at - 1]
            return ("" if escaped.isalnum() else escaped), None
        return ("" if sign in ".^$" else sign.lower()), None
