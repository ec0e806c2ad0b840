"""How effects were obtained that did not come from ``effect_sizes``: routes that verbs on survival record, in words."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...analysis.effects.route import REPORTED


class Way(NamedTuple):
    """A route as rows record it, and its words, each with places in braces."""

    label: str
    words: str


WAYS = (
    Way("survival and {level} % interval", "taken as published, with the error by their {level}% interval on the "
        "complementary log-log scale"),
    Way("survival and standard error", "taken as published with their standard error"),
    Way("survival and patients at risk", "taken as published, with the error by Peto's formula from the patients at "
        "risk"),
    Way("patients: Cox, {ties} ties", "computed from patients by Cox's model ({ties} method for tied events)"),
    Way("patients: log-rank O - E and V", "computed from patients as observed minus expected events over their "
        "variance, by the log-rank test"),
    Way("{sets} sets of reconstructed patients: Cox, {ties} ties, Rubin's rules", "computed from {sets} sets of "
        "reconstructed patients by Cox's model ({ties} method for tied events), combined by Rubin's rules"),
    Way("curves and {what}", "computed from published survival curves and {what}"),
    Way("one-stage model of {k} trials", "computed from patients by a one-stage model of {k} trials"),
    Way("counts: complementary log-log", "computed from events and patients of both arms, as differences of "
        "complementary log-log proportions"),
    Way("report: hazard ratio", "taken from reports without a record of how they were obtained"),
)  # fmt: skip
OF_SOURCE = ("figure: ", REPORTED)  # stand before the route of another verb
TIES = {"efron": "Efron's", "breslow": "Breslow's"}


def way(text: str) -> str:
    """Return the words of a route; empty where it is none of these.

    >>> way("patients: Cox, efron ties")
    "computed from patients by Cox's model (Efron's method for tied events)"
    """
    for label, words in WAYS:
        found = re.fullmatch(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(label)), text)
        if found:
            places = found.groupdict()
            return words.format(**places | {"ties": TIES.get(places.get("ties", ""), places.get("ties"))})
    return ""


def bare(text: str) -> str:
    """Return a route without the source that `pool_mixed` sets before it."""
    for source in OF_SOURCE:
        if text.startswith(source) and not way(text):
            return text.removeprefix(source)
    return text
