"""What the unit of a measure says its numbers are: times, percentages, proportions or counts of people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

PEOPLE = (
    r"(?:participants?|patients?|subjects?|persons?|people|individuals?|women|men|children|partcipants|responders?)"
)
_TIME = re.compile(r"\b(day|week|month|year|mo|wk|yr)s?\b", re.I)
_NO_TIME = re.compile(
    rf"[/*^]|\bper\b|percent|proportion|probability|%|\b{PEOPLE}\b|events?|units?|scores?|cells?|dose|rate\b|ratio"
    r"|person"
    r"|flash|metric|steps|hours?|minutes?",
    re.I,
)
_PERCENT = re.compile(r"percent|%|\bpct\b", re.I)
_PROPORTION = re.compile(r"\b(?:proportion|probability|fraction)\b", re.I)
_OTHERS = re.compile(
    r"\bchanges?\b|\bcells?\b|\btumou?rs?\b|\blesions?\b|\bdoses?\b|\bvolume|\bbmd\b|\bevents? per\b|\bvisits?\b"
    r"|\beyes?\b"
    r"|\bsamples?\b|\bdifference|\breduction\b|\bscore|\bresponses?\b(?!\s*rate)|\bnodes?\b|\bcycles?\b|\bbaseline\b"
    r"|\bcumulative incidence\b|\bhazard\b|\bdensity\b|\bexpression\b|\bscale\b|\bcourses?\b|\binfusions?\b|\btests?\b"
    r"|\bper(?:son)?[- ](?:year|month)|\bclearance\b|\bpositiv",
    re.I,
)
_COUNT = re.compile(rf"\b{PEOPLE}\b|^(?:number|count|n|responders|deaths?)$|^(?:number of )?(?:\w+ )?events?\b", re.I)
_INTERVAL = re.compile(r"[(\[]?\s*(?:with )?\d+(?:\.\d+)?\s*%\s*(?:confidence intervals?|C\.?I\.?)\s*[)\]]?", re.I)
_NAMES = {"mo": "months", "wk": "weeks", "yr": "years"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its kind ("time", "percent", "proportion", "count" or "other"), and of a time its name."""

    kind: str
    name: str = ""


@lru_cache(maxsize=1024)
def unit_of(text: str) -> Unit:
    """Return what a unit of measure says the numbers are.

    Examples
    --------
    >>> unit_of("Median survival and CI in months"), unit_of("probability of DFS at 5 years")
    (Unit(kind='time', name='months'), Unit(kind='proportion', name=''))
    >>> unit_of("percentage of cells").kind, unit_of("day*ug/mL").kind, unit_of("Participants").kind
    ('other', 'other', 'count')
    """
    plain = _INTERVAL.sub(" ", " ".join(text.split())[:200])
    if _OTHERS.search(plain):
        return Unit("other")
    if _PERCENT.search(plain):
        return Unit("percent")
    if _PROPORTION.search(plain):
        return Unit("proportion")
    times = {_NAMES.get(word, f"{word}s") for word in (w.lower() for w in _TIME.findall(plain))}
    if len(times) == 1 and not _NO_TIME.search(plain):
        return Unit("time", times.pop())
    return Unit("count") if not times and _COUNT.search(plain) else Unit("other")
