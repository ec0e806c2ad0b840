"""Which group of an analysis a ratio is of, over which other one: by what the record says, not by their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_OVER = re.compile(
    r"\s(?:vs\.?|v\.|versus|over|relative to|(?:as )?compared (?:with|to)|against|divided by)\s|\s?/\s?", re.I
)
_RATIO_TO = re.compile(r"\bratio (?:is |was )?(?:of|for|between)\s+(?P<a>[^.;]{1,120}?)\s+(?:to"
                       r"|and)\s+(?P<b>[^.;]{1,120})",
                       re.I)  # fmt: skip
_FAVOURS = re.compile(
    r"(?P<side><|less than|below|lower than|smaller than|under|>|greater than|above|more than|larger than"
    r"|higher than)\s*"
    r"(?:1(?:\.0+)?|one|unity)\b[^.;]{0,60}?(?:favou?r(?:s|ing|ed)?|in favou?r of|advantage (?:of|for|in)"
    r"|benefit (?:of|for|in|with)|(?:better|longer|reduced|lower|improved)[^.;]{0,30}? (?:for|in|with|on|of))\s+"
    r"(?P<who>[^.;,]{1,120})",
    re.I,
)
_REFERENCE = (
    re.compile(r"\breference (?:group|arm|category|level|treatment)?\s*(?:is|was|=|:)?\s*(?P<who>[^.;,]{1,120})", re.I),
    re.compile(r"(?P<who>[^.;,()]{1,80}?)\s*(?:\(|is (?:the )?|was (?:the )?|as (?:the )?|being (?:the )?"
               r"|=\s*)reference\b",
               re.I),
)  # fmt: skip
_STOP = frozenset(
    ("and", "the", "of", "with", "in", "arm", "group", "mg", "cohort", "plus", "a", "an", "or", "to", "for",
     "treatment", "therapy", "kg", "m2", "every", "weeks", "day", "days", "daily", "once", "twice", "participants",
     "patients")
)  # fmt: skip
_ROLES = (
    re.compile(r"\b(?:experimental|investigational|active|test|study drug|study treatment|intervention"
               r"|treatment (?:arm|group))\b",
               re.I),
    re.compile(r"\b(?:control|comparator|placebo|standard|reference|observation)\b", re.I),
)  # fmt: skip
_LABELS = re.compile(r"\b(?:arm|group|cohort|regimen|treatment)\s+([a-z]|\d{1,2}|i{1,3}v?)\b", re.I)


@dataclass(frozen=True, slots=True)
class Side:
    """A group of a contrast: its title, and whether it is the experimental arm, a comparator, or of unknown type."""

    title: str
    type: str = ""

    @property
    def is_experimental(self) -> bool:
        """Whether the protocol calls it experimental."""
        return self.type == "EXPERIMENTAL"

    @property
    def is_comparator(self) -> bool:
        """Whether the protocol calls it a comparator."""
        return self.type.endswith("COMPARATOR") or self.type == "NO_INTERVENTION"


def _tokens(text: str) -> set[str]:
    labels = {f"label {label.lower()}" for label in _LABELS.findall(text)}
    words = {w for w in re.findall(r"[a-z0-9][a-z0-9-]*", text.lower()) if len(w) > 1 and w not in _STOP}
    return words | labels


def _scores(text: str, sides: Sequence[Side]) -> tuple[int, int]:
    """Return how many words of a text are of the one group alone, and of the other alone."""
    held, own = _tokens(text), [_tokens(side.title) for side in sides]
    scores = [len(held & (own[i] - own[1 - i])) for i in (0, 1)]
    if scores == [0, 0]:
        for i in (0, 1):
            roles = [bool(pattern.search(text)) for pattern in _ROLES]
            typed = (sides[i].is_experimental, sides[i].is_comparator or bool(_ROLES[1].search(sides[i].title)))
            scores[i] += any(said and is_it for said, is_it in zip(roles, typed, strict=True))
    return scores[0], scores[1]


def _which(text: str, sides: Sequence[Side]) -> int | None:
    """Return which of two groups a text names; None where it names neither or both."""
    first, second = _scores(text, sides)
    return None if (first > 0) == (second > 0) else 0 if first else 1


def numerator(texts: Sequence[str], sides: Sequence[Side], *, lower_is_better: bool) -> int | None:
    """Return which of two groups a ratio is of, by what texts say of it; None where they do not, or disagree.

    Parameters
    ----------
    texts
        Comments of the analysis, the nearest to the estimate first; the first that says it decides.
    sides
        The two groups, in the order of the record.
    lower_is_better
        Whether a ratio below 1 favours the group that it is of, as a hazard ratio does.
    """
    for text in texts:
        said = {
            *_by_favour(text, sides, lower=lower_is_better),
            *_by_reference(text, sides),
            *_by_contrast(text, sides),
        }
        if said:
            return said.pop() if len(said) == 1 else None
    return None


def _by_favour(text: str, sides: Sequence[Side], *, lower: bool) -> list[int]:
    found = []
    for m in _FAVOURS.finditer(text):
        who = _which(m["who"], sides)
        below = m["side"].lower() in ("<", "less than", "below", "lower than", "smaller than", "under")
        if who is not None:
            found.append(who if below == lower else 1 - who)
    return found


def _by_reference(text: str, sides: Sequence[Side]) -> list[int]:
    named = [_which(m["who"], sides) for pattern in _REFERENCE for m in pattern.finditer(text)]
    return [1 - who for who in named if who is not None]


def _by_contrast(text: str, sides: Sequence[Side]) -> list[int]:
    found = []
    pairs = [(m["a"], m["b"]) for m in _RATIO_TO.finditer(text)]
    for sentence in re.split(r"[.;](?:\s|$)", re.sub(r"\bvs?\.", "vs", text)):
        for m in list(_OVER.finditer(sentence))[:6]:
            before, behind = sentence[max(0, m.start() - 90) : m.start()], sentence[m.end() : m.end() + 90]
            pairs.append((re.split(r"[,:]", before)[-1], re.split(r"[,:]", behind)[0]))
    for before, behind in pairs:
        first, second = _which(before, sides), _which(behind, sides)
        if first is not None and second is not None and first != second:
            found.append(first)
    return found
