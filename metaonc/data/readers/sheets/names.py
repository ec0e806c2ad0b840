"""What one column is by the words of its name; what it depends on its neighbours for is left to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ...schema.synonyms import NAMES, RESPONSES, WORDS, key, parts

_ONE_LETTER = re.compile(r"[erx][12]")  # e1: events of the first arm; X.1 is a name that R made
_LEVELS = ("80", "90", "95", "99")  # of intervals, without a sign of percent too
_LEVEL = re.compile(r"(?<![\d.,])(\d{2}(?:[.,]\d+)?)(?:\s?%|(?=\s?-?(?:ci\b|confidence)))", re.I)
_LOWEST, _HIGHEST = 50.0, 99.9  # percent, of what is taken for the level of an interval
_ARMS = {"1": "t", "2": "c"}
_ENDS = {"l": "low", "u": "high", "h": "high", "min": "low", "max": "high"}
_LETTERS = {"l": "low", "u": "high"}  # HR_L and HR_U: each needs the other
_O_MINUS_E = re.compile(
    r"o(\s*[-\u2010-\u2015\u2212.]\s*|m|\s*minus\s*)e(\s*\((exp|experimental|t|trt|treatment)\))?"
)  # of the treated arm
_QUANTILE = re.compile(r"x?(2\.5|97\.5)\s*(%|\.{1,2}|pct)", re.I)  # R makes X2.5.. of 2.5 %
_OF_ARMS = ("events", "n", "median", "median_low", "median_high", "value", "arm")
_ONLY_BESIDE_COUNTS = ("e", "c", "t", "ex", "co", "con", "int", "comp", "active")


@dataclass(frozen=True, slots=True)
class Name:
    """What the name of a column says.

    Attributes
    ----------
    field
        Column of the schema; "effect", "low", "high", "se", "variance", "arm" and "value" wait for their neighbours.
    outcome, judge
        Outcome and assessor, where it names them.
    arm
        "t" or "c", where it names an arm; `numbered` where by a number, which needs its twin.
    strange
        The word that is not known, of an arm that is told from the comparator by it.
    responds
        Whether what it counts are responses.
    lettered
        Whether a letter says which limit it is, which needs its twin.
    """

    field: str
    outcome: str = ""
    judge: str = ""
    arm: str = ""
    numbered: bool = False
    strange: str = ""
    responds: bool = False
    lettered: bool = False


def level_in(column: str) -> float | None:
    """Return the level of an interval that the name of a column says, in percent: 97.5 of "OS HR (97.5% CI)"."""
    words = parts(column)
    is_interval = any(WORDS[w].kind in ("ci", "side") for w in words if w in WORDS)
    found = [float(m[1].replace(",", ".")) for m in _LEVEL.finditer(column)] if is_interval else []
    return found[0] if len(found) == 1 and _LOWEST <= found[0] <= _HIGHEST else None


def name_of(column: str) -> Name | None:
    """Return what the name of a column says; None where a word of it is not known, or it may mean several things."""
    whole = _whole(column)
    if whole is not None:
        return Name(whole)
    words = parts(column if level_in(column) is None else _LEVEL.sub(" % ", column))
    said: dict[str, list[str]] = {}
    strange, numbers, letters = [], [], []
    of_a_ratio = any(WORDS[w].kind in ("measure", "outcome") for w in words if w in WORDS)
    for word in words:
        known = WORDS.get(word)
        if word.isdigit():
            numbers.append(word)
        elif known and not (word in _ONLY_BESIDE_COUNTS and not _of_an_arm(words)):
            said.setdefault(known.kind, []).append(known.value)
        elif word in _ENDS and ("ci" in words or any(n in _LEVELS for n in words)):
            said.setdefault("side", []).append(_ENDS[word])
        elif word in _LETTERS and of_a_ratio:
            letters.append(word)
            said.setdefault("side", []).append(_LETTERS[word])
        elif len(words) == 2 and _ONE_LETTER.fullmatch(column.strip().casefold()):
            said.setdefault("count", []).append("events")
        else:
            strange.append(word)
    found = _resolved(said, strange, numbers, named_arm="arm" in words)
    if found is None:
        return None
    return replace(found, responds=bool(RESPONSES.intersection(words)), lettered=bool(letters))


def _whole(column: str) -> str | None:
    """Return what a name says that is known as a whole."""
    said = next((field for field, names in NAMES.items() if key(column) in names), None)
    if said is None and _O_MINUS_E.fullmatch(column.strip().casefold()):
        return "o_minus_e"
    if said is None and (quantile := _QUANTILE.fullmatch(column.strip())):
        return "low" if quantile[1] == "2.5" else "high"
    return "v" if column.strip() == "V" else said


def _of_an_arm(words: list[str]) -> bool:
    return any(WORDS[w].kind in ("count", "dead", "median") for w in words if w in WORDS)


def _resolved(said: dict[str, list[str]], strange: list[str], numbers: list[str], *, named_arm: bool) -> Name | None:
    counts = set(said.get("count", ()))
    is_interval = "side" in said or "ci" in said
    arms = set(said.get("arm", ())) | {_ARMS[n] for n in numbers if n in _ARMS and counts}
    outcomes = set(said.get("outcome", ())) | set(said.get("dead", ()))
    of_level = is_interval and sum(n in _LEVELS for n in numbers) == 1  # not both numbers of 99.99
    unexplained = [n for n in numbers if not (n in _LEVELS and of_level) and not (n in _ARMS and counts)]
    one = all(len(held) <= 1 for held in (set(said.get("side", ())), set(said.get("measure", ())), outcomes, arms))
    if named_arm and len(arms) == 1 and len(strange) == 1 and len(strange[0]) == 1:
        strange = []  # of "arm A (treatment)" the letter says no more
    other_arm = counts and len(strange) == 1 and not arms and named_arm
    if unexplained or not one or (strange and not other_arm):
        return None
    field = _field(said, counts)
    if field is None or (arms and field not in _OF_ARMS):
        return None
    judge = next(iter(said.get("judge", ())), "")
    arm = next(iter(arms), "")
    return Name(field, next(iter(outcomes), ""), judge, arm, any(n in _ARMS for n in numbers), next(iter(strange), ""))


def _field(said: dict[str, list[str]], counts: set[str]) -> str | None:
    """Return the field that the words make, or None where they make none."""
    measure = next(iter(said.get("measure", ())), "")
    side = next(iter(said.get("side", ())), "")
    prefix = {"odds_ratio": "or", "risk_ratio": "rr"}.get(measure, measure)
    if counts or "dead" in said:
        mixed = measure or side or said.keys() & {"se", "log", "median", "p"}
        n_percent = "rate" in said  # "n (%)" heads responders
        return None if mixed else "events" if "events" in counts or not counts or n_percent else "n"
    if said.keys() & {"p", "variance", "logged", "log", "se"}:
        return _statistic(said, side, prefix)
    if "median" in said:
        return f"median_{side}" if side else "median"
    if measure:
        return side if side and measure == "effect" else f"{prefix}_{side}" if side else measure
    if side or "ci" in said:
        return side or "interval"
    if said.keys() & {"outcome", "rate"}:
        return "value"
    return "arm" if said.keys() and not said.keys() - {"arm", "noise"} else None


def _statistic(said: dict[str, list[str]], side: str, prefix: str) -> str | None:
    """Return the field of a p-value, a logarithm, a standard error or a variance, or None where the words make none."""
    if "p" in said:
        return None if said.keys() & {"side", "se", "log", "median"} else "p_value"
    if "variance" in said:
        return None if side else "variance"
    if "logged" in said:
        return None if said.keys() - {"logged", "se"} else "log_effect" + "_se" * ("se" in said)
    if "log" in said:
        return None if side or prefix in ("", "effect") else f"log_{prefix}" + "_se" * ("se" in said)
    return "se" if not said.keys() - {"se", "unit"} else None
