"""Which column is what, by its name and its neighbours; what may be two things is a question, and is not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ....base.messages.advice import option
from ...schema.synonyms import MEASURES, NAMES, SETS, WEAK, key
from .figures import Figures
from .forms import FIELDS, LIMITS, is_figure
from .names import Name, name_of
from .ratios import OF_ALL, RATIOS, Recognised
from .values import GENERIC

_TRIALS = ("trial", "study", "studyname", "trialname", "studyauthor", "authoryear", "firstauthor", "author", "autor")
_CODES = ("ai", "bi", "xi", "event.e")  # of R: beside them ci is a count, not an interval


def recognise(
    names: Sequence[str], held: Callable[[str], list[Any]], asked: Mapping[str, str], *, has_unit: bool = False
) -> Recognised:
    """Return what the columns are that the caller has not named.

    Parameters
    ----------
    names
        Names of the columns.
    held
        Name of a column -> its values that are not blank.
    asked
        Name there -> name here, as the caller said; the other columns are recognised beside these.
    has_unit
        Whether the caller said the unit of all rows.
    """
    found, taken = Recognised(), set(asked.values())
    has_outcomes = any("." in target for target in taken)
    own = {n: n for n in names if n not in asked and (n in FIELDS or n in LIMITS) and n not in taken}
    if "estimate" not in {*own, *(target.rpartition(".")[2] for target in taken)}:  # they are of something else
        own = {n: t for n, t in own.items() if n not in ("ci_low", "ci_high", "ci")}
    if "se" in own and "estimate" not in own:
        del own["se"]
    if "ci" in own and any(code in names for code in _CODES):
        del own["ci"]
    together = _sets(names, taken)
    found.targets |= {n: t for n, t in together.items() if n not in asked}
    said = {n: name for n in names if n not in asked and n not in own and n not in together and (name := name_of(n))}
    if "measure" not in {*taken, *own, *(name.field for name in said.values())}:
        said |= _measure(names, held, asked, said)
    _described(found, said, held, taken | {*own})
    figures = {n: x for n, x in said.items() if x.field not in NAMES}
    if has_outcomes or any(x.outcome for x in figures.values()):
        own, bare = _by_outcome(own, {*found.targets.values(), *own, *taken})
        figures |= bare
    _beside_ratios(names, figures, asked)
    if figures:
        Figures(found, figures, held, {**asked, **own, **found.targets}, has_unit=has_unit).settle()
    if "measure" in found.targets.values() and not any(t.startswith(GENERIC) for t in found.targets.values()):
        found.targets = {n: t for n, t in found.targets.items() if t != "measure"}
    both = "n_comparator" in found.targets.values() and "n" in found.targets.values()
    found.targets |= {n: "n_both" if t == "n" and both else t for n, t in own.items()}
    return found


def _described(found: Recognised, said: Mapping[str, Name], held: Callable[[str], list[Any]], known: set[str]) -> None:
    """Settle the columns that say of what the figures are."""
    has_outcomes = any("." in target for target in known)
    for of in ("trial", "outcome", "measure", "comparator", "data_cut", "unit"):
        first = _first_of(of, said, held)
        if first is None or of in known or (has_outcomes and of in ("outcome", "measure")):
            continue
        other = _finer(first, said, held) if of == "trial" else None
        if other is None:
            found.targets[first] = of
        else:
            say = option("columns", {other: "trial"})
            found.no_trials = f"{first!r}, {other!r}: which names the trials? if {other!r}, say {say}"


def _beside_ratios(names: Sequence[str], figures: dict[str, Name], asked: Mapping[str, str]) -> None:
    """Take intervals of nothing named, right of a ratio that has no limits, for its own."""
    for left, n in pairwise(names):
        x = figures.get(n)
        outcome, _, field = asked.get(left, "").rpartition(".")
        of = figures.get(left) or Name(field, outcome)
        if x is None or x.field != "interval" or x.outcome or of.field not in RATIOS:
            continue
        ends = [f"{RATIOS[of.field]}_{end}" for end in ("low", "high", "ci")]
        own = {(y.outcome, y.field) for y in figures.values()} | {tuple(t.rpartition(".")[::2]) for t in asked.values()}
        if not own & {(o, end) for o in (of.outcome, "") for end in ends}:
            figures[n] = replace(x, field=ends[-1], outcome=of.outcome)


def _by_outcome(own: dict[str, str], known: set[str]) -> tuple[dict[str, str], dict[str, Name]]:
    """Return the columns under names of the schema that are of all outcomes, and those of which one is to be found."""
    if "outcome" in known:
        return own, {}
    bare = {n: Name(n) for n in own if is_figure(n) and n not in OF_ALL}
    return {n: t for n, t in own.items() if n not in bare}, bare


def _sets(names: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Return the columns that are known together: name there -> name here, of the first set that is whole."""
    keys = {key(n): n for n in names}
    for known, fields in SETS:
        if all(k in keys for k in known) and not taken & set(fields) and not {*fields} & {*names}:
            return {keys[k]: field for k, field in zip(known, fields, strict=True)}
    return {}


def _first_of(field: str, said: Mapping[str, Name], held: Callable[[str], list[Any]]) -> str | None:
    """Return the column that is surest to be one, of those with the fewest blanks."""
    columns = {n: len(held(n)) for n in said if said[n].field == field}
    columns = {n: count for n, count in columns.items() if key(n) not in WEAK} or columns
    full = max(columns.values(), default=0)
    return min(columns, key=lambda n: (columns[n] < full, _place(field, n)), default=None)


def _place(field: str, column: str) -> int:
    known = NAMES[field]
    return known.index(key(column)) if key(column) in known else len(known)


def _finer(first: str, said: Mapping[str, Name], held: Callable[[str], list[Any]]) -> str | None:
    """Return the column that tells many trials where the first says a few for all rows, such as those of reviews."""
    values = held(first)
    few = len(set(map(str, values)))
    if key(first) not in _TRIALS or few > len(values) / 3:
        return None
    others = (n for n in said if n != first and said[n].field == "trial" and key(n) in _TRIALS)
    return next((n for n in others if len(set(map(str, held(n)))) >= max(2 * few, 3)), None)


def _measure(
    names: Sequence[str], held: Callable[[str], list[Any]], asked: Mapping[str, str], said: Mapping[str, Name]
) -> dict[str, Name]:
    """Return the one column all of whose values are measures, where another holds an effect that waits for one."""
    effects = [n for n, name in said.items() if name.field in ("effect", "log_effect")]
    found = [n for n in names if n not in asked and (values := held(n)) and all(map(_is_measure, values))]
    return {found[0]: Name("measure")} if len(found) == 1 and {*effects} - {*found} else {}


def _is_measure(value: Any) -> bool:
    return str(value).strip().casefold() in MEASURES
