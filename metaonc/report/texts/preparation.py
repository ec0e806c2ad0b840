"""What was measured, how trials' effects were obtained, and which rows are missing (PRISMA 2020, items 12, 13b, 16)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pandas as pd

from ...analysis.effects.measures import Measure
from ...analysis.effects.route import recorded
from ...analysis.effects.zeros import is_time
from ...base.check import named_in
from ...base.messages.left_out import read_rows, when_read
from ...base.numbers import NotANumber, number_of
from ...base.result import Provenance
from ...base.words import plural, some
from .printer import Printer, capital, listed, several, trial
from .ways import bare, way

_NONE = SimpleNamespace(labels=(), roles=MappingProxyType({}))
ARMS = {"_t": " in the treatment arm", "_c": " in the control arm"}
HELD = {
    "events": "number of events", "n": "number of patients", "time": "person-time", "mean": "mean",
    "sd": "standard deviation", "hr": "hazard ratio", "se": "standard error", "p": "p-value", "median": "median",
    "o_minus_e": "observed minus expected events", "v": "its variance", "observed": "observed events",
    "expected": "expected events", "surv": "survival", "se_surv": "standard error of survival", "yi": "effect",
    "vi": "sampling variance", "sign": "direction of the effect", "the numbers of every route": "the numbers needed",
}  # fmt: skip
_PLACE = re.compile(r"^[^':]*\d[^':]*: ")  # of what was read, in its file
_RATIO = re.compile(r"\b((?:hr|or|rr)_(?:low|high|level)|hr|odds_ratio|risk_ratio):? (\d+(?:\.\d+)?)(?=,|$)")
_YEAR = re.compile(r"\b(19|20)\d\d\b")
MEASURED = "The effect measure was the"
MOST = 20  # of what readers left out
FEW = 3  # trials obtained otherwise than the others are named up to this number


def measured(record: Measure, what: str = "") -> str:
    """Return the sentence on the effect measure; `what` follows its name."""
    own = "" if record.label == record.natural else f", analysed as {record.label}"
    return f"{MEASURED} {record.natural}{what}{own}."


def obtained(record: Measure, data: pd.DataFrame, labels: Sequence[str], printer: Printer, cited: list[str]) -> str:
    """Return how the effects came from what trials reported, and what of the reports agreed with them.

    Parameters
    ----------
    record
        The measure.
    data
        The trials' rows; ``effect_sizes`` wrote in their column ``route`` how each was obtained.
    labels
        Of the rows.
    printer, cited
        How numbers stand, and references to add to.
    """
    name = plural(record.natural)
    if "route" not in data.columns:
        return f"{capital(plural(record.label))} and their sampling variances were analysed as given."
    routes = [str(text) for text in data["route"].fillna("")]
    unit = "trial" if len(set(labels)) == len(labels) else "row"
    ways: dict[str, list[str]] = {}
    for label, text in zip(labels, routes, strict=True):
        way, source = _way(record, text.split("; ")[0])
        ways.setdefault(way, []).append(label)
        cited += [one for one in source.split("; ") if _YEAR.search(one) and one not in cited]
    ranked = sorted(ways.items(), key=lambda way: -len(way[1]))
    if len(ranked) == 1:
        way = ranked[0][0]
        one = len(labels) == 1
        said = f"The {record.natural} was {way.replace('their', 'its')}" if one else f"{capital(name)} were {way}"
    else:
        counts = [
            f"{way}{',' * (',' in way)} in {several(len(who), unit)}{_named(way, who, unit)}" for way, who in ranked
        ]
        said = f"{capital(name)} were {listed(counts)}"
    checks = [*_checked(labels, routes, unit), *_changed(data, labels)]
    return " ".join([printer.journal.decimal(f"{said}."), *checks])


def _way(record: Measure, text: str) -> tuple[str, str]:
    """Return the words for a route that a row records, and where it was published."""
    text = bare(text)
    found = recorded(record.routes, text)
    if found is not None:
        return found.words, found.route.source
    if not record.routes and record.roles and text.startswith(record.roles[0]):
        size = "person-time" if is_time(record.roles[1]) else "patients"
        change = text.partition(", ")[2]
        return f"computed from events and {size}" + (f", {change}" if change else ""), ""
    other = f"obtained by another way ({text})" if text else "given without a record of how they were obtained"
    return way(text) or other, ""


def _named(way: str, who: Sequence[str], unit: str) -> str:
    """Return who they are, as far as they are few; of what was changed, all."""
    changed = " added to " in way
    if not (changed or (unit == "trial" and len(who) <= FEW)):
        return ""
    return f" ({some(list(map(trial, who)), 20)})" if len(who) > FEW else f" ({listed(map(trial, who))})"


def _checked(labels: Sequence[str], routes: Sequence[str], unit: str) -> list[str]:
    """Return what other numbers of the reports said of the effects."""
    parts = [text.split("; ")[1:] for text in routes]
    agreed = sum(any(part.startswith("as by ") for part in row) for row in parts)
    off = [
        f"{trial(label)}: {listed(remarks)}"
        for label, row in zip(labels, parts, strict=True)
        if (remarks := [_remark(part) for part in row if not part.startswith("as by ")])
    ]
    said = [f"Other numbers of the same report agreed with the effect in {several(agreed, unit)}."] if agreed else []
    return said + ([f"Remarks on single {unit}s: {'; '.join(off)}."] if off else [])


def _changed(data: pd.DataFrame, labels: Sequence[str]) -> list[str]:
    """Say of which rows ratios are no longer those that were read, as where a user has inverted one."""
    if "read_as" not in data.columns:
        return []
    who = []
    for label, row in zip(labels, data.to_dict("records"), strict=True):
        said = [(m[1], m[2]) for text in str(row["read_as"] or "").split("; ") for m in _figures_read(text)]
        if any(name in row and _is_another(row[name], float(was)) for name, was in said):
            who.append(trial(label))
    return [f"Figures of {listed(dict.fromkeys(who))} were changed after they were read."] if who else []


def _is_another(value: Any, was: float) -> bool:
    """Return whether a cell holds another number than was read, or none."""
    try:
        return not math.isclose(number_of(value), was, rel_tol=1e-6)
    except NotANumber:
        return True


def _figures_read(text: str) -> Iterator[re.Match[str]]:
    """Yield the ratios, their limits and levels that a row says were read of a cell, each with its number."""
    read = text.rpartition(" read as ")[2] if " read as " in text else text.partition(", of the column")[0]
    return _RATIO.finditer(read)


def _remark(text: str) -> str:
    """Return a remark that a row records, in words."""
    words = text.replace("not as by ", "another effect by ").replace(" - ", " − ")
    return re.sub(r"\bhr\b", "hazard ratio", words)


def corrected(p: Provenance) -> str:
    """Return which rows of patients were changed, each with its reason; nothing where none was."""
    return f"Corrected: {'; '.join(p.corrected)}." if p.corrected else ""


def left_out(r: Any, unit: str = "row") -> str:
    """Return what a result does not rest on, with the reasons; nothing where it rests on all.

    As in ``1 of 4 trials was left out: OPUS (interval not reported).``; rows are called trials where each is one, else
    by `unit`.
    """
    p = getattr(r, "provenance", None)  # what is taught to yield rows need not be a Result
    if p is None or not p.dropped:
        return ""
    unit, roles = _unit(r, unit), getattr(getattr(r, "overall", r), "studies", _NONE).roles
    held = {str(column): role for role, column in roles.items()}
    who: dict[str, list[str]] = {}
    for name, why in map(named_in, p.dropped):
        who.setdefault(_reason(why, held), []).append(trial(name))
    said = "; ".join(f"{some(names, 20)} ({why})" if names[0] else why for why, names in who.items())
    out = p.rows_in - p.rows_used
    return f"{out} of {several(p.rows_in, unit)} {'was' if out == 1 else 'were'} left out: {said}."


def selected(r: Any, listed_out: int = 0) -> str:
    """Return what was left out of a result of trials and why, or that nothing of its table was; and what readers left.

    What was taken from the table before it came here is known to a document alone that lists `listed_out` such rows.
    """
    if not _labels(r):
        return ""
    studies = _studies(r)
    read, lost = ([], "") if studies is None else (_when_read(studies.data.attrs), _fewer(r, studies.data, listed_out))
    before = [*dict.fromkeys(_PLACE.sub("", text) for text in read)]
    more = f"; and {len(before) - MOST} more" if len(before) > MOST else ""
    said = [f"When the table was read, left out: {'; '.join(before[:MOST])}{more}."] if before else []
    if listed_out:
        was = "was" if listed_out == 1 else "were"
        said.append(f"{several(listed_out, 'row')} {was} not taken, each listed with its reason under Evidence.")
    unit = _unit(r, "row")
    if lost:
        return " ".join([*said, lost, left_out(r)]).strip()
    rest = f"Of the {unit}s that remained, none was left out." if said else f"No {unit} of the table was left out."
    return " ".join([*said, left_out(r) or rest])


def _when_read(attrs: Mapping[Any, Any]) -> list[str]:
    """Return what readers left out, without lines that hold no data of a trial."""
    lines = set(attrs.get("reading", {}).get("no_data", ()))
    return [text for text in when_read(attrs) if text not in lines]


def _fewer(r: Any, data: pd.DataFrame, listed_out: int) -> str:
    """Say how many of the rows that a reader returned are in a result, where rows were taken out in between."""
    found = read_rows(data)
    if found is None or found[0] - listed_out == r.provenance.rows_in:
        return ""
    read, more = found
    used = r.provenance.rows_used
    rows, of = several(read, "row"), " on this outcome" * more
    was, left = "was" if read == 1 else "were", "is" if used == 1 else "are"
    return f"{rows}{of} {was} read, of which {used} {left} in this analysis."


def _studies(r: Any) -> Any:
    whole = getattr(r, "result", r)  # of a permutation test
    return getattr(getattr(whole, "overall", whole), "studies", None)


def _labels(r: Any) -> Sequence[str]:
    """Return the label of each row of a result of trials."""
    studies = _studies(r)
    labels: Sequence[str] = getattr(getattr(r, "result", r), "labels", ()) if studies is None else studies.labels
    return labels


def _unit(r: Any, unit: str) -> str:
    return "trial" if len(set(_labels(r))) == r.provenance.rows_used else unit


def _reason(why: str, held: Mapping[str, str]) -> str:
    """Return a reason in plain words; `held` says what a column holds."""
    missing = re.fullmatch(r"missing: (an? )?(?P<what>.*?)(, for .*)?", why)
    if not missing:
        return why.removeprefix("left out: ")
    what = listed(_held(held.get(name, name)) for name in missing["what"].split(", "))
    return f"{what} not reported"


def _held(role: str) -> str:
    """Return what a column keyword stands for, such as ``number of patients in the control arm`` for ``n_c``."""
    name, _, arm = role.rpartition("_") if role.endswith(tuple(ARMS)) else (role, "", "")
    return f"{HELD[name]}{ARMS.get(f'_{arm}', '')}" if name in HELD else role


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
