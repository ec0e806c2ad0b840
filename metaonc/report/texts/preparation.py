"""What was measured, how trials' effects were obtained, and which rows are missing (PRISMA 2020, items 12, 13b, 16)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pandas as pd

from ...analysis.effects.measures import Measure
from ...analysis.effects.zeros import is_time
from ...base.check import named_in
from ...base.result import Provenance
from ...base.words import plural, some
from .printer import Printer, capital, listed, several, trial

_NONE = SimpleNamespace(labels=())
FEW = 3  # trials obtained otherwise than the others are named up to this number


def measured(record: Measure, what: str = "") -> str:
    """Return the sentence on the effect measure; `what` follows its name."""
    own = "" if record.label == record.natural else f", analysed as {record.label}"
    return f"The effect measure was the {record.natural}{what}{own}."


def obtained(record: Measure, data: pd.DataFrame, labels: Sequence[str], printer: Printer) -> str:
    """Return how the effects came from what trials reported, and what of the reports agreed with them.

    Parameters
    ----------
    record
        The measure.
    data
        The trials' rows; ``effect_sizes`` wrote in their column ``route`` how each was obtained.
    labels
        Of the rows.
    """
    name = plural(record.natural)
    if "route" not in data.columns:
        return f"{capital(plural(record.label))} and their sampling variances were analysed as given."
    routes = [str(text) for text in data["route"].fillna("")]
    unit = "trial" if len(set(labels)) == len(labels) else "row"
    ways: dict[str, list[str]] = {}
    for label, text in zip(labels, routes, strict=True):
        ways.setdefault(_way(record, text.split("; ")[0]), []).append(label)
    ranked = sorted(ways.items(), key=lambda way: -len(way[1]))
    if len(ranked) == 1:
        way = ranked[0][0]
        one = len(labels) == 1
        said = f"The {record.natural} was {way.replace('their', 'its')}" if one else f"{capital(name)} were {way}"
    else:
        counts = [f"{way}{',' * (',' in way)} in {several(len(who), unit)}{_named(who, unit)}" for way, who in ranked]
        said = f"{capital(name)} were {listed(counts)}"
    checks = _checked(labels, routes, unit)
    return " ".join([printer.journal.decimal(f"{said}."), *checks])


def _way(record: Measure, text: str) -> str:
    """Return the words for a route that a row records."""
    for route in record.routes:
        for label, words in ((route.label, route.words), (route.label_open, route.words_open)):
            pattern = re.escape(label).replace(r"\{level\}", "(?P<level>[0-9.]+)")
            found = re.fullmatch(pattern, text) if label else None
            if found:
                return words.format(**found.groupdict())
    if not record.routes and record.roles and text.startswith(record.roles[0]):
        size = "person-time" if is_time(record.roles[1]) else "patients"
        change = text.partition(", ")[2]
        return f"computed from events and {size}" + (f", {change}" if change else "")
    return f"obtained by another way ({text})" if text else "given without a record of how they were obtained"


def _named(who: Sequence[str], unit: str) -> str:
    return f" ({listed(map(trial, who))})" if unit == "trial" and len(who) <= FEW else ""


def _checked(labels: Sequence[str], routes: Sequence[str], unit: str) -> list[str]:
    """Return what other numbers of the reports said of the effects."""
    parts = [text.split("; ")[1:] for text in routes]
    agreed = sum(any(part.startswith("as by ") for part in row) for row in parts)
    off = [
        f"{trial(label)}: {part}"
        for label, row in zip(labels, parts, strict=True)
        for part in row
        if not part.startswith("as by ")
    ]
    said = [f"Other numbers of the same report agreed with the effect in {several(agreed, unit)}."] if agreed else []
    return said + ([f"Remarks on single {unit}s: {'; '.join(off)}."] if off else [])


def corrected(p: Provenance) -> str:
    """Return which rows were changed, each with its reason; nothing where none was."""
    return f"Corrected: {'; '.join(p.corrected)}." if p.corrected else ""


def left_out(r: Any, unit: str = "row") -> str:
    """Return what a result does not rest on, with the reasons; nothing where it rests on all.

    As in ``1 of 4 trials left out: OPUS (no interval).``; rows are called trials where each is one, else by `unit`.
    """
    p = getattr(r, "provenance", None)  # what is taught to yield rows need not be a Result
    if p is None or not p.dropped:
        return ""
    labels = getattr(getattr(r, "overall", r), "studies", _NONE).labels
    unit = "trial" if len(set(labels)) == p.rows_used else unit
    who: dict[str, list[str]] = {}
    for name, why in map(named_in, p.dropped):
        who.setdefault(_reason(why), []).append(trial(name))
    said = "; ".join(f"{some(names, 20)} ({why})" if names[0] else why for why, names in who.items())
    return f"{p.rows_in - p.rows_used} of {several(p.rows_in, unit)} left out: {said}."


def _reason(why: str) -> str:
    return re.sub(r"^missing: (an? )?", "no ", why.removeprefix("left out: "))


def dependent(rows: int, trials: int) -> str:
    """Say that rows of one trial were taken as independent, where they were."""
    if rows == trials:
        return ""
    return f"The {rows} rows come from {several(trials)}; rows of one trial were taken as independent."


def software(versions: Mapping[str, str]) -> str:
    """Return the sentence that names metaonc, what it runs on, and their versions."""
    parts = {"Python": "python", "numpy": "numpy", "lifelines": "lifelines", "statsmodels": "statsmodels"}
    under = ", ".join(f"{name} {versions[key]}" for name, key in parts.items() if key in versions)
    return f"Analyses were made with metaonc {versions['metaonc']} ({under})."
