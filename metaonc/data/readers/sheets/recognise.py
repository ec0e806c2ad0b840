"""Which column is what, by its name and its neighbours; what may be two things is a question, and is not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ...schema.synonyms import NAMES, SETS, key
from .figures import OF_ALL, RATIOS, Figures, Recognised
from .forms import FIELDS, LIMITS, is_figure
from .names import Name, name_of
from .values import GENERIC

_CODES = ("ai", "bi", "xi", "event.e")  # of R: beside them ci is a count, not an interval


def recognise(names: Sequence[str], held: Callable[[str], list[Any]], asked: Mapping[str, str]) -> Recognised:
    """Return what the columns are that the caller has not named.

    Parameters
    ----------
    names
        Names of the columns.
    held
        Name of a column -> its values that are not blank.
    asked
        Name there -> name here, as the caller said; the other columns are recognised beside these.
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
    for of in ("trial", "outcome", "measure", "comparator", "data_cut", "unit"):
        skip = of in taken or of in own or (of == "outcome" and has_outcomes)
        first = _first_of(of, said, held)
        if first is not None and not skip and (of != "measure" or not has_outcomes):
            found.targets[first] = of
    figures = {n: x for n, x in said.items() if x.field not in NAMES}
    if has_outcomes or any(x.outcome for x in figures.values()):
        own, bare = _by_outcome(own, {*found.targets.values(), *own, *taken})
        figures |= bare
    _beside_ratios(names, figures, asked)
    if figures:
        Figures(found, figures, held, {**asked, **own, **found.targets}).settle()
    if "measure" in found.targets.values() and not any(t.startswith(GENERIC) for t in found.targets.values()):
        found.targets = {n: t for n, t in found.targets.items() if t != "measure"}
    both = "n_comparator" in found.targets.values() and "n" in found.targets.values()
    found.targets |= {n: "n_both" if t == "n" and both else t for n, t in own.items()}
    return found


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
    full = max(columns.values(), default=0)
    return min(columns, key=lambda n: (columns[n] < full, NAMES[field].index(key(n))), default=None)
