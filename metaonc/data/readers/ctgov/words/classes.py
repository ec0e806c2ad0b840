"""What the titles of classes say: subgroups, times, assessors, data cuts, numbers of patients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .phrases import assessor_in, time_alone, time_of_frame
from .subgroups import Subgroup, is_all, subgroup_of

_N = re.compile(r"[\[(;,]?\s*\bn\s*=\s*(\d+(?:\s*[,;/]\s*(?:n\s*=\s*)?\d+)*)\s*[\])]?", re.I)
_CUT = re.compile(
    r"\b(?:primary|final|interim|planned|first|second|updated?|initial|exploratory|follow[- ]?up|main)\s+"
    r"(?:\w+\s+)?(?:analysis|data ?cut\w*|cut[- ]?off|PFS|OS)\b|\bdata ?cut|\bcut[- ]?off|\bend of (?:the )?study"
    r"|^(?:final|interim|updated|follow[- ]?up|main study)$",
    re.I,
)
_OUTCOME_WORDS = re.compile(
    r"(?:progression|disease|relapse|recurrence)[- ]free(?: survival)?|overall survival|survival|\b(?:PFS|OS|DFS"
    r"|RFS|ORR|BOR"
    r"|DOR|DoR|DCR|iDFS|control|rates?|probability|estimates?|estimated|kaplan[- ]meier|KM|median|percent(?:age)?|of"
    r"|being|participants"
    r"|patients"
    r"|proportion|at|the|objective|overall|best|tumou?r|response|assessed|assessment|per|by|based on|analysis|months?"
    r"|evaluable|population|duration|number)\b|[()%]",
    re.I,
)
_UNIT = re.compile(r"^\s*\(?\s*(?:months|weeks|days|years|%)\s*\)?\s*$", re.I)
_EVENT = re.compile(
    r"^(?:number of |participants? with |patients? with |with )*(?:an? )?(?:PFS |OS |DFS )?events?$"
    r"|^(?:progress(?:ed|ion)|relapsed?|recurrence) (?:or|/|and) (?:death|died)$",
    re.I,
)
_NO_EVENT = re.compile(r"\bcensored\b|\bno event|\bwithout (?:an )?event|\bevent[- ]free", re.I)
_RECIST = re.compile(r"RECIST\W*(?:version|v)?\.?\s*1\.[01]|RECIST", re.I)
_TIMED = ("age", "line of therapy", "metastases", "risk")  # variables whose levels may hold a time
_TIME = re.compile(r"\d[\s-]*(?:day|week|month|year)|(?:day|week|month|year)s?\s*\d", re.I)
_SEPARATORS = re.compile(r"\s*[:;]\s+|\s+[-–—|]\s+|,\s+(?=[A-Za-z]|\d+[\s-]*(?:day|week|month|year))")


@dataclass(frozen=True, slots=True)
class Context:
    """What a class says its numbers are of.

    Attributes
    ----------
    subgroup
        Variable and level; None for all patients.
    time
        Time in months of a rate.
    assessor
        BICR, investigator, or nothing.
    cut
        Name of the data cut.
    n
        Numbers of patients by group, in the order of the groups, that the title prints.
    role
        "rows", "event" for a number of events, "skip" for those without.
    unknown
        Words that are not understood.
    """

    subgroup: Subgroup | None = None
    time: float | None = None
    assessor: str = ""
    cut: str = ""
    n: tuple[int, ...] = ()
    role: str = "rows"
    unknown: str = ""

    @property
    def words(self) -> str:
        """The words by which an analysis names the class."""
        return " ".join((*(self.subgroup or ()), self.cut, self.assessor))


def context_of(title: str, same: Sequence[str], *, timed: bool) -> Context:
    """Return what the title of a class says.

    Parameters
    ----------
    title
        Title of the class.
    same
        Titles that say nothing new: those of the measure, its groups, its unit.
    timed
        Whether the measure is a rate or a response, of which a time may be told; of a median it is a data cut.
    """
    found = _N.search(title)
    sizes = tuple(int(n[:9]) for n in re.findall(r"\d+", found[1])) if found else ()
    plain = _N.sub(" ", title).strip() if found else title.strip()
    pieces = [_read(piece, same, timed=timed) for piece in _SEPARATORS.split(plain)]
    together = _together(pieces) if len(pieces) > 1 else None
    return replace(together or _read(plain, same, timed=timed), n=sizes)


def _read(words: str, same: Sequence[str], *, timed: bool) -> Context:
    folded = words.casefold()
    if not words or is_all(words) or any(folded == text.casefold() for text in same):
        return Context()
    if _NO_EVENT.search(words):
        return Context(role="skip")
    if _EVENT.search(words):
        return Context(role="event")
    left = _OUTCOME_WORDS.sub(" ", words)
    time = time_alone(words) or time_alone(left) or _time_in(words) or time_of_frame(words)
    if time is not None:
        return Context(time=time) if timed else Context(cut=words)
    judge = assessor_in(words)
    if judge in ("BICR", "investigator") and not subgroup_of(left) and not re.search(r"\d", _RECIST.sub("", words)):
        return Context(assessor=judge)
    if _CUT.search(words):
        return Context(cut=words)
    subgroup = subgroup_of(words)
    if subgroup and (subgroup[0] in _TIMED or not _TIME.search(words)):
        return Context(subgroup=subgroup)
    nothing_new = not re.search(r"\w", left) or _UNIT.match(left)
    return Context() if nothing_new else Context(unknown=words)


def _time_in(words: str) -> float | None:
    """Return the time of words that are a time and the name of an outcome: "6-month PFS rate"."""
    found = re.fullmatch(
        r"(?P<a>.*?)(?P<t>(?:\d{1,4}(?:\.\d+)?|one|two|three|four|five|six)[\s-]*(?:day|week|month|year)s?"
        r"|(?:week|month|year|day)\s\d{1,4})(?P<b>.*)",
        words,
        re.I,
    )
    if found is None or re.search(r"[\w<>=≥≤]", _OUTCOME_WORDS.sub(" ", f"{found['a']} {found['b']}")):
        return None
    return time_alone(found["t"])


def _together(pieces: Sequence[Context]) -> Context | None:
    """Return what the pieces of a title say together; None where one is not understood, or two say the same thing."""
    if any(piece.unknown for piece in pieces):
        return None
    whole = Context()
    for piece in pieces:
        for name in ("subgroup", "time", "assessor", "cut"):
            value = getattr(piece, name)
            if value and getattr(whole, name):
                return None
            if value:
                whole = replace(whole, **{name: value})
        whole = replace(whole, role=piece.role) if piece.role != "rows" else whole
    return whole
