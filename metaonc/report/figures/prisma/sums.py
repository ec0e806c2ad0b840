"""Whether the counts of a flow diagram add up, box by box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .boxes import COUNTS, OTHER, PREVIOUS, SUMS, Sum, stream_of, words_of
from .reading import Given

_EQUAL = {rule.name: rule for rule in SUMS if not rule.most}
Terms = list[tuple[int, str]]


class Finding(NamedTuple):
    """A count that does not go with others: its name, what these make it, and a sentence with both numbers."""

    name: str
    expected: int
    message: str


def findings(given: Given) -> list[Finding]:
    """Return what does not add up; of a count that is missing, what makes it up is taken."""
    found = [_parts(given, name) for name in given.parts] + [_asked(given, rule) for rule in SUMS]
    order = list(COUNTS)
    return sorted((one for one in found if one), key=lambda one: order.index(one.name))


def _parts(given: Given, name: str) -> Finding | None:
    parts = given.parts[name]
    total = sum(n for _, n in parts)
    if total == given.counts[name]:
        return None
    said = " + ".join(f"{n:,} ({part})" for part, n in parts)
    return Finding(name, total, f"{_said(given, name)}: n = {given.counts[name]:,}, but {_equals(said, total)}.")


def _asked(given: Given, rule: Sum) -> Finding | None:
    if rule.name not in given.counts or (terms := _terms_of(given.counts, rule)) is None:
        return None
    n, expected = given.counts[rule.name], sum(sign * given.counts[term] for sign, term in terms)
    if n == expected or (rule.most and n < expected):
        return None
    said = f"{given.counts[terms[0][1]]:,} ({_said(given, terms[0][1])})"
    for sign, term in terms[1:]:
        said += f" {'+' if sign > 0 else chr(0x2212)} {given.counts[term]:,} ({_said(given, term)})"
    asked = () if rule.most else rule.minus if rule.whole or len(rule.plus) == 1 else (*rule.plus, *rule.minus)
    lacks = [name for name in asked if name not in given.counts and _drawn(given, name)]
    end = f"; not given: {', '.join(_said(given, name) for name in lacks)}" if lacks else ""
    than = "is more than" if rule.most else "is not"
    return Finding(rule.name, expected, f"{_said(given, rule.name)}: n = {n:,} {than} {_equals(said, expected)}{end}.")


def _equals(said: str, total: int) -> str:
    text = f"{total:,}".replace("-", "\u2212")
    return said if " + " not in said and " \u2212 " not in said else f"{said} = {text}"


def _terms(counts: Mapping[str, int], name: str) -> Terms | None:
    """Return the counts given that make up another: itself, or those that add up to it; None where they are unknown."""
    if name in counts:
        return [(1, name)]
    return _terms_of(counts, _EQUAL[name]) if name in _EQUAL else None


def _terms_of(counts: Mapping[str, int], rule: Sum) -> Terms | None:
    out = Terms()
    for name in rule.plus:
        terms = _terms(counts, name)
        if terms is None and rule.whole and any(stream_of(other) == stream_of(name) for other in counts):
            return None
        out += terms or []
    return out + [(-1, name) for name in rule.minus if name in counts] if out else None


def _drawn(given: Given, name: str) -> bool:
    return any(stream_of(other) == stream_of(name) for other in given.counts)


def _said(given: Given, name: str) -> str:
    words = given.words.get(name) or words_of(name, update=is_update(given))
    shared = sum(count.label == COUNTS[name].label for count in COUNTS.values()) > 1
    return f"{words}, other methods" if shared and stream_of(name) == OTHER else words


def is_update(given: Given) -> bool:
    """Whether the review has a previous version."""
    return any(stream_of(name) == PREVIOUS or COUNTS[name].box == "total" for name in given.counts)
