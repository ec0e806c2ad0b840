"""Words of a record that are not the outcome: who judged, whether responses were confirmed, times and dates."""

from __future__ import annotations

import re
from functools import lru_cache

from ....schema.fields import MONTHS
from .pattern import words_of

_REVIEW = words_of(
    r"\bBICR\b|\bIRC\b|\bIRF\b|\bIRRC\b|\bICR\b|\bBIRC\b|\bIRR\b|\bindependent(?:ly)?[^.;]{0,40}?(?:review|radiolog"
    r"|reader"
    r"|panel|committee|facility|assess)|\bcentral(?:ly|i[sz]ed)?\b(?! nervous)[^.;]{0,40}?(?:review|assess|radiolog"
    r"|read)"
    r"|\bblinded[^.;]{0,40}?review|\bcore radiolog"
)
_INVESTIGATOR = words_of(r"\binvestigators?\b(?!['’]?s?['’]? choice)|\blocal(?:ly)?[- ](?:assess|review|radiolog"
                           r"|read)")  # fmt: skip
_CONFIRMED = words_of(
    r"(?<!un)(?<!not )\bconfirmed (?:\w+[ /-]+){0,4}(?:respon|CR\b|PR\b|ORR\b|BOR\b|complete|partial|objective|tumou?r)"
    r"|(?:respon\w+|\bCR\b|\bPR\b|\bORR\b)[^.;]{0,60}(?<!un)(?<!not )\bconfirmed\b(?! (?:progress|PD|disease))"
)
_UNCONFIRMED = words_of(r"\bunconfirmed\b|\b(?:not|without)\b[^.;]{0,20}\bconfirm")
_EITHER = words_of(r"\bconfirmed (?:and|or|and/or|/|\+) unconfirmed|unconfirmed (?:and|or|and/or|/|\+) confirmed")
_NUMBERS = {
    w: i for i, w in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1)
} | {"eighteen": 18, "twenty-four": 24}  # fmt: skip
_N = rf"(?:\d{{1,4}}(?:\.\d{{1,3}})?|{'|'.join(_NUMBERS)})"
_U = r"(?:days?|weeks?|wks?|months?|mos?|years?|yrs?)"
_ONE = r"(?:day|week|wk|month|mo|year|yr)"
_T = rf"(?:(?P<n>{_N})[\s-]*(?P<u>{_U})|(?P<u2>{_ONE})s?\s*(?P<n2>\d{{1,4}}(?:\.\d{{1,3}})?))"
_NEVER = re.compile(r"(?:up to|every|within|minimum of|maximum of|>|<|≥|≤|=|until|least every|aged?|first|past"
                    r"|last)\s*$",
                    re.I)  # fmt: skip
_IN_TITLE = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:\bat|\bby|\bafter|\bsurviv\w+)\s+(?:the end of\s+|at least\s+|about\s+)?{_T}\b(?!\s+(?:or more|of age"
        r"|old))",
        rf"(?<![\d.-])\b(?P<n>{_N})[\s-](?P<u>{_ONE})\b(?!\s+(?:of age|old))(?P<u2>)(?P<n2>)",
        rf"(?:[(,:-]|^)\s*{_T}\s*(?:\)|$)",
        r"\b(?P<u>week|month|year|day)\s(?P<n>\d{1,4})\b(?P<u2>)(?P<n2>)",
    )
)
_START = r"(?:enrol\w*|randomi[sz]\w*|registration|treatment|therapy|baseline|study|first|start|initiation|day 1|entry)"
_FRAME = re.compile(
    rf"(?:at|by|assessed at|measured at)?\s*(?:the end of\s+)?{_T}"
    rf"(?:,?\s*(?:post|from|after|following|since)[\s-]+(?:the\s+|time of\s+|date of\s+)*{_START}[^.;]{{0,60}})?\.?",
    re.I,
)
_TO = re.compile(
    rf"(?:from\s+)?(?:the\s+|time of\s+|date of\s+)*{_START}[^.;]{{0,40}}?\s+(?:to|through)\s+{_T}\.?", re.I
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = words_of(
    r"(?:cut[- ]?off|cut|data ?lock)\b(?: date)?(?: of| on| was| is|,|:|=|\s|\(|date)*"
    r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s-]*(?P<m>[A-Za-z]{3,9})[\s,-]*(?P<y>\d{4})"
    r"|(?P<m2>[A-Za-z]{3,9})\s+(?P<d2>\d{1,2}),?\s+(?P<y2>\d{4})|(?P<iso>\d{4}-\d{2}-\d{2}))"
)


def assessor_in(text: str) -> str:
    """Return who judged by the words of one text: BICR, investigator, "both", or nothing."""
    review, investigator = _REVIEW.fits(text), _INVESTIGATOR.fits(text)
    return "both" if review and investigator else "BICR" if review else "investigator" if investigator else ""


def assessor(*texts: str) -> str:
    """Return who judged by the first text that says it; a text that names both does not say which."""
    said = next((found for text in texts if (found := assessor_in(text))), "")
    return said if said in ("BICR", "investigator") else "not stated"


def confirmed(title: str, description: str) -> str:
    """Return whether responses had to be confirmed: yes, no, or not stated."""
    if _EITHER.fits(title):
        return "no"
    for words in (title, description):
        if _CONFIRMED.fits(words) and not _UNCONFIRMED.fits(words):
            return "yes"
    return "not stated"


def _in_months(found: re.Match[str]) -> float:
    n, u = (found["n"] or found["n2"]).lower(), (found["u"] or found["u2"]).lower()
    unit = next(
        name for start, name in (("d", "days"), ("w", "weeks"), ("m", "months"), ("y", "years")) if u[0] == start
    )
    return float(_NUMBERS.get(n, n)) * MONTHS[unit]


def time_alone(text: str) -> float | None:
    """Return the time in months that a text is, and nothing else: "Month 12", "at 24 weeks"."""
    found = re.fullmatch(rf"(?:at\s+)?{_T}\.?", text.strip(), re.I)
    return _in_months(found) if found else None


@lru_cache(maxsize=1024)
def time_in_title(title: str) -> float | None:
    """Return the one time in months that a title names for a rate; None where it names none, or several.

    Examples
    --------
    >>> time_in_title("Six-month PFS Rate at 6 Months"), time_in_title("OS in Patients 12-18 Months of Age")
    (6.0, None)
    """
    times = {
        round(_in_months(found), 9)
        for pattern in _IN_TITLE
        for found in pattern.finditer(title)
        if not _NEVER.search(title[: found.start()])
    }
    return times.pop() if len(times) == 1 else None


def time_of_frame(frame: str) -> float | None:
    """Return the time in months that a time frame is, not the longest follow-up: "4 years after enrollment".

    Examples
    --------
    >>> time_of_frame("From registration to 1 year"), time_of_frame("Up to 3 years")
    (12.0, None)
    """
    found = _FRAME.fullmatch(frame.strip()) or _TO.fullmatch(frame.strip())
    return _in_months(found) if found and not re.search(r"\bup to\b", frame, re.I) else None


def date_of_cut(*texts: str) -> str | None:
    """Return the date of the data cut that a text names, in the ISO form; None where none does."""
    for text in texts:
        found = _DATE.search(text)
        if found is None:
            continue
        if found["iso"]:
            return found["iso"]
        name, day, year = (found[k] or found[f"{k}2"] for k in "mdy")
        month = next((i for i, m in enumerate(_MONTH_NAMES, start=1) if name.lower().startswith(m)), None)
        if month is not None and 1 <= int(day) <= 31:
            return f"{year}-{month:02}-{int(day):02}"
    return None
