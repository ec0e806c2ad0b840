"""Best responses by category: complete, partial, stable, progressive, and what they add up to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

_RESP = r"(?:re?s?ponse|reponse|respose|responses?|responders?|remission)"
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("orr", re.compile(rf"\b(?:objective|overall) (?:tumou?r )?{_RESP}|\bORR\b|\bCR ?(?:\+|or|and|/) ?PR\b"
                       rf"|complete (?:{_RESP} )?(?:\(CR\) )?(?:\+|or|and) partial", re.I)),
    ("sd", re.compile(r"^(?:long |prolonged )?(?:stable disease|SD)\b", re.I)),
    ("other", re.compile(rf"unconfirmed|mixed|minor|non-?CR|\bMR\b|\bclinical benefit|\bDCR\b|disease control|\bCBR\b"
                         rf"|near[- ]complete|pathol|\bcCR\b|partial {_RESP} or|CRi\b|incomplete", re.I)),
    ("ne", re.compile(r"\bno[nt]?[- ]?(?:evaluable|estimable|evaluated|assess\w+|done|available|applicable|determined)"
                      r"|\bNE\b"
                      r"|\bin-?evaluable|unknown|missing|\bunable|undetermined|indeterminate|\bNA\b|un-?evaluable"
                      r"|\bdeath|\bUNK?\b|\bnot \w+", re.I)),
    ("cr", re.compile(rf"(?:stringent )?complete (?:tumou?r |objective |overall )?{_RESP}|(?-i:\bs?CR\b)", re.I)),
    ("pr", re.compile(rf"(?:very good )?partial (?:tumou?r |objective |overall )?{_RESP}|(?-i:\b(?:VG)?PR\b)", re.I)),
    ("sd", re.compile(r"stable|(?-i:\bSD\b)|no change", re.I)),
    ("pd", re.compile(r"progress|(?-i:\bPD\b)|relapse", re.I)),
)  # fmt: skip
_NO_RESPONSE = re.compile(rf"^no(?:n|t)?[- ]?(?:\w+ )?{_RESP}|^non-?responders?", re.I)
_SUM = {"percent": 100.0, "proportion": 1.0}


@lru_cache(maxsize=4096)
def kind_of(title: str) -> str:
    """Return which response a category is: cr, pr, sd, pd, ne, orr (a sum), no, other; "" where it is none."""
    if _NO_RESPONSE.search(title):
        return "no"
    return next((kind for kind, pattern in _KINDS if pattern.search(title)), "")


def are_responses(titles: Sequence[str]) -> bool:
    """Tell whether titles are categories of response: a complete and a partial one, and nothing that is none."""
    kinds = [kind_of(title) for title in titles]
    return "cr" in kinds and "pr" in kinds and "" not in kinds and "other" not in kinds


def sums(titles: Sequence[str], values: Sequence[float | None], n: int | None, unit: str) -> Mapping[str, float] | str:
    """Return the objective and the complete responses that categories add up to, or why they cannot be told.

    Parameters
    ----------
    titles, values
        The categories of one group, and their numbers.
    n
        Patients of the group.
    unit
        "count", "percent" or "proportion".
    """
    kinds = [kind_of(title) for title in titles]
    held = {kind: [v for k, v in zip(kinds, values, strict=True) if k == kind] for kind in set(kinds)}
    wanted = [v for kind in ("cr", "pr", "orr") for v in held.get(kind, [])]
    if any(v is None or v < 0 for v in wanted):
        return "a category of response has no number"
    complete, partial = (sum(v or 0.0 for v in held.get(kind, [])) for kind in ("cr", "pr"))
    total = sum(v or 0.0 for k, v in zip(kinds, values, strict=True) if k != "orr")
    most = _SUM.get(unit, n)
    slack = 0.0 if unit == "count" else 0.02 * _SUM[unit]
    if most is not None and total > most + slack:
        return f"the categories add to {total:g}, more than {most:g}"
    objective = round(complete + partial, 10)
    printed = held.get("orr")
    if printed and abs((printed[0] or 0.0) - objective) > slack / 4:
        return f"complete and partial responses add to {objective:g}, not to the {printed[0]:g} that is printed"
    return {"orr": printed[0] or 0.0 if printed else objective, "cr": complete}
