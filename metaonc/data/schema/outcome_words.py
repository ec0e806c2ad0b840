"""Words people use for outcomes and for who judged, and what they are called here."""

from __future__ import annotations

import re
from functools import lru_cache

from .fields import OUTCOMES

_WORDS = {
    "objective response": "orr", "overall response rate": "orr", "overall response": "orr", "response rate": "orr",
    "response": "orr", "complete response": "cr", "complete responses": "cr", "crr": "cr",
    "disease control": "dcr", "clinical benefit rate": "dcr", "clinical benefit": "dcr", "cbr": "dcr",
    "mpfs": "pfs", "median pfs": "pfs", "median progression-free survival": "pfs", "mos": "os", "median os": "os",
    "median overall survival": "os", "survival": "os", "mdor": "dor", "median dor": "dor",
    "progression free survival": "pfs", "mdfs": "dfs",
    **{o.title: o.code for o in OUTCOMES.values()},
}  # fmt: skip
_JUDGES = {
    "bicr": "BICR", "irc": "BICR", "irrc": "BICR", "icr": "BICR", "central": "BICR", "central review": "BICR",
    "independent": "BICR", "independent review": "BICR", "blinded independent central review": "BICR",
    "blinded central review": "BICR", "independent central review": "BICR", "independent review committee": "BICR",
    "investigator": "investigator", "investigators": "investigator", "inv": "investigator", "local": "investigator",
    "investigator-assessed": "investigator", "not stated": "not stated", "not applicable": "not applicable",
}  # fmt: skip
_AT_A_TIME = re.compile(r"(\d+(?:\.\d+)?)[\s-]*(week|month|year|mo|wk)s?[\s-]*(pfs|dfs|os)\b")
_RATE = re.compile(r"\b(pfs|dfs|os)[\s-]*(?:rate)?\s*(?:at)?\s*(\d+(?:\.\d+)?)\s*[\s-]*(week|month|year|mo|wk)s?")


def judge_name(text: str) -> str:
    """Return who judged, in the schema's words; as written where it is not known."""
    return _JUDGES.get(" ".join(text.casefold().split()), text)


@lru_cache(maxsize=1024)
def outcome_code(text: str) -> tuple[str, float | None]:
    """Return the code of an outcome, and the time in months that its words name; as written where it is not known."""
    plain = " ".join(re.sub(r"\b(un)?confirmed\b", "", text.casefold()).split())
    if plain in OUTCOMES:
        return plain, None
    if plain in _WORDS:
        return _WORDS[plain], None
    for pattern, time, unit, code in ((_AT_A_TIME, 1, 2, 3), (_RATE, 2, 3, 1)):
        if found := pattern.search(plain):
            return f"{found[code]}_rate", float(found[time]) * _in_months(found[unit])
    return plain, None


def _in_months(unit: str) -> float:
    return {"w": 7 / 30.4375, "m": 1.0, "y": 12.0}[unit[0]]
