"""Arms of a record: titles of groups joined over measures by their words, never by their ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .record import Arm, Measure, Record

_PARENTHESES = re.compile(r"\s*\([^()]*\)\s*$")
_PART = re.compile(
    r"\b(?:cohort|sub-?group|population|set|part|phase|extension|open[- ]label|stage|dose|crossover|positive"
    r"|negative|mutant"
    r"|wild|china|chinese|japan\w*|asia\w*|europe\w*|non-?random\w*|random\w*|period|only|itt|fas|safety)\b|[<>≥≤=+]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Joined:
    """An arm as the results name it, the arm of the protocol that it is, and other titles of it."""

    title: str
    label: str
    type: str
    others: tuple[str, ...] = ()


_NONE = Arm("", "")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a title in a form in which the same words are equal."""
    return re.sub(r"[^a-z0-9<>=≥≤+/.]+", " ", text.casefold()).strip()


def joined(record: Record, measures: Iterable[Measure]) -> dict[str, Joined]:
    """Return the arm of each title of a group in these measures.

    Two titles are one arm where they are the same but for case and signs, or one is the other with words in
    parentheses that name no part of the patients, the two never stand in one measure, and only one title fits.
    """
    beside = [[group.title for group in measure.groups] for measure in measures]
    titles = list(dict.fromkeys(title for held in beside for title in held))
    first: dict[str, str] = {}
    for title in titles:
        first.setdefault(plain(title), title)
    homes = {title: _home(title, titles, beside) or first[plain(title)] for title in titles}
    arms = {home: _label(home, record.arms) or _NONE for home in set(homes.values())}
    return {
        title: Joined(
            home, arms[home].label, arms[home].type,
            tuple(t for t in titles if homes[t] == home and t != home),
        )
        for title, home in homes.items()
    }  # fmt: skip


def _home(title: str, titles: Iterable[str], beside: Iterable[Iterable[str]]) -> str | None:
    """Return the shorter title that this one is with an explanation in parentheses; None where it is none."""
    found = _PARENTHESES.search(title)
    if found is None or _PART.search(found[0]):
        return None
    base = plain(title[: found.start()])
    alike = {plain(t): t for t in titles if plain(t) != plain(title) and plain(_PARENTHESES.sub("", t)) == base}
    if set(alike) != {base}:
        return None
    together = any(alike[base] in held and title in held for held in map(list, beside))
    return None if together else alike[base]


def _label(title: str, arms: Iterable[Arm]) -> Arm | None:
    """Return the arm of the protocol that a title equals, or the only one that it contains or that contains it."""
    named = plain(title)
    equal = [arm for arm in arms if plain(arm.label) == named]
    if equal:
        return equal[0]
    held = [
        arm
        for arm in arms
        if (label := plain(arm.label)) and (f" {label} " in f" {named} " or f" {named} " in f" {label} ")
    ]
    return held[0] if len(held) == 1 else None


def types_of(measure: Measure, arms: Mapping[str, Joined]) -> dict[str, str]:
    """Return the type of the protocol's arm of each group of a measure, by its id."""
    return {group.id: arms[group.title].type for group in measure.groups if group.title in arms}
