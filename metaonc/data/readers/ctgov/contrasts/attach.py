"""Contrasts put beside the rows that they are of: the right class, the right arm, one ratio each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..record import Measure
from ..rows import RESPONSES, Left, Row
from ..words.classes import Context
from ..words.phrases import assessor_in, time_in_title
from .analysis import Contrast, against_order, contrast_of
from .direction import Side

_TOKENS = re.compile(r"(?:[<>≥≤]=?)\s*\d+(?:\.\d+)?|[a-z0-9]+(?:\.\d+)?|\+", re.I)
_FITTING = {"hr": ("pfs", "dfs", "os", "dor", "pfs_rate", "dfs_rate", "os_rate"), "or": RESPONSES}
_SAME = {
    "mutation": "mutant", "mutated": "mutant", "wt": "wild type", "+": "positive",
    **dict.fromkeys(("tumors", "tumours", "patients", "participants", "years", "year", "old", "of", "age", "aged"), ""),
}  # fmt: skip
_SIGNS = (
    (re.compile(r"greater than or equal to|at least|≥"), ">="), (re.compile(r"less than or equal to|at most|≤"), "<="),
    (re.compile(r"greater than|more than|older than|above"), ">"), (re.compile(r"less than|younger than|below"), "<"),
)  # fmt: skip
_NO_LESS = 0.05  # of a log ratio, and of an estimate: what differs by less contradicts nothing


def attach(measure: Measure, rows: Sequence[Row], types: dict[str, str]) -> list[Left]:
    """Fill the contrasts of a measure into its rows; return the analyses that were not read, and why.

    Parameters
    ----------
    measure
        The measure, with its analyses.
    rows
        Its rows, which are filled.
    types
        Type of the arm of each group, by its id, where the protocol gives it.
    """
    sides = {group.id: Side(group.title, types.get(group.id, "")) for group in measure.groups}
    left, placed = list[Left](), dict[tuple[Context, str, str], list[Contrast]]()
    for number, analysis in enumerate(measure.analyses, start=1):
        made = contrast_of(analysis, sides)
        where = _context(made, rows) if isinstance(made, Contrast) else None
        if isinstance(made, str):
            left.append(Left(f"analysis {number}", made))
        elif isinstance(where, str):
            left.append(Left(f"analysis {number}", where))
        elif where is not None:
            pair = tuple(sorted((made.arm, made.comparator)))
            placed.setdefault((where, pair[0], pair[1]), []).append(made)
    for (context, *_), contrasts in placed.items():
        left += _fill(contrasts, [row for row in rows if row.context == context], sides)
    return left


def _context(contrast: Contrast, rows: Sequence[Row]) -> Context | str:
    """Return the class that a contrast is of, or why that is not known."""
    wanted = [row for row in rows if row.group in (contrast.arm, contrast.comparator)]
    contexts = list(dict.fromkeys(row.context for row in wanted))
    if not contexts:
        return "its groups have no row that was read"
    if len(contexts) == 1:
        return contexts[0]
    named = [context for context in contexts if _names(contrast.about, context)]
    if len(named) > 1:  # non-squamous names squamous too: the one that says more
        most = max(named, key=lambda context: len(_tokens(context.words)))
        named = [most] if all(_tokens(c.words) < _tokens(most.words) for c in named if c != most) else named
    if len(named) == 1:
        return named[0]
    plain = [context for context in contexts if context == replace(Context(), n=context.n)]
    if not named and len(plain) == 1 and re.search(r"\b(?:all|overall|itt|intent)\b", contrast.about, re.I):
        return plain[0]
    return f"which of {len(contexts)} classes it is of is not said"


def _names(text: str, context: Context) -> bool:
    """Tell whether a text names a class: its level, its assessor, its time, its cut."""
    said: list[bool] = []
    if context.subgroup:
        said.append(_tokens(context.subgroup[1]) <= _tokens(text) and bool(_tokens(context.subgroup[1])))
    if context.assessor:
        said.append(assessor_in(text) == context.assessor)
    if context.time is not None:
        time = time_in_title(text)
        said.append(time is not None and math.isclose(time, context.time, rel_tol=1e-6))
    if context.cut:
        said.append(_tokens(context.cut) <= _tokens(text))
    return bool(said) and all(said)


def _tokens(text: str) -> set[str]:
    plain = text.casefold().replace("wildtype", "wild type")
    for words, sign in _SIGNS:
        plain = words.sub(sign, plain)
    found = (re.sub(r"\s", "", word) for word in _TOKENS.findall(plain.replace("-", " ")))
    return {part for word in found for part in _SAME.get(word, word).split()}


def _fill(contrasts: Sequence[Contrast], rows: Sequence[Row], sides: dict[str, Side]) -> Iterable[Left]:
    """Fill the contrast of two groups into the row of the first; return why where it is not."""
    ratios = [c for c in contrasts if c.measure]
    tests = [c for c in contrasts if not c.measure]
    chosen = _chosen(ratios) if ratios else _chosen(tests)
    if isinstance(chosen, str):
        return [Left("analyses", chosen)]
    alone = _chosen(tests) if ratios and tests else None
    if isinstance(alone, Contrast) and not {"p_value", "p_bound"} & set(chosen.values):
        chosen = replace(chosen, values={**chosen.values, **alone.values}, notes=(*chosen.notes, *alone.notes))
    left = [Left("analyses", f"{len(contrasts)} analyses of one contrast: one is read")] if len(contrasts) > 1 else []
    homes = [row for row in rows if not chosen.measure or row.outcome in _FITTING[chosen.measure]]
    outcomes = list(dict.fromkeys(row.outcome for row in homes))
    if len(outcomes) > 1:  # the complete responses beside the objective ones
        homes = [row for row in homes if row.outcome == outcomes[0]]
    why = _put(chosen, homes, sides)
    return [*left, Left("analysis", why)] if why else left


def _chosen(contrasts: Sequence[Contrast]) -> Contrast | str:
    """Return the one that is not secondary; the first where all give the same ratio; else why none."""
    first = [c for c in contrasts if not c.secondary] or list(contrasts)
    ratios = {str([c.values.get(k) for k in ("hr", "odds_ratio", "p_value", "p_bound")][: 2 if c.measure else 4])
              for c in first}  # fmt: skip
    return (
        first[0]
        if len(ratios) == 1
        else f"{len(first)} analyses of one contrast differ, and which is primary is not said"
    )


def _put(contrast: Contrast, rows: Sequence[Row], sides: dict[str, Side]) -> str:
    """Fill one contrast in; return why where it is not."""
    held = {row.group: row for row in rows}
    if contrast.arm not in held or contrast.comparator not in held:
        return "its ratio does not go with the outcome, or one of its groups has no row"
    notes = list(contrast.notes)
    if contrast.measure and not contrast.said:
        data = _agrees(contrast, held[contrast.arm], held[contrast.comparator])
        if against_order(contrast, sides) and data is not True:
            if data is None:
                return "direction not stated: the protocol's types of arms speak against the order of its groups"
            contrast = replace(contrast, arm=contrast.comparator, comparator=contrast.arm)
            notes.append("direction not stated: by the types of the arms and the figures of both")
        elif data is False:
            return "direction not stated, and the figures of the arms speak against the order of its groups"
        else:
            notes.append("direction not stated: first group over second")
    row, other = held[contrast.arm], held[contrast.comparator]
    if "comparator" in row.cells:
        return "the arm is compared with another group already: one row holds one comparison"
    row.cells |= {k: v for k, v in contrast.values.items() if v is not None}
    row.cells |= {"comparator": contrast.comparator, "n_comparator": other.cells.get("n")}
    if "events" in other.cells:
        row.cells["events_comparator"] = other.cells["events"]
    row.notes += notes
    return ""


def _agrees(contrast: Contrast, row: Row, other: Row) -> bool | None:
    """Tell whether the figures of both arms agree with a ratio of the first over the second; None where alike."""
    ratio = contrast.values.get("hr" if contrast.measure == "hr" else "odds_ratio")
    a, b = _figure(row), _figure(other)
    if not isinstance(ratio, float) or a is None or b is None or a <= 0 or b <= 0:
        return None
    effect, gain = math.log(ratio), math.log(a / b)
    if abs(effect) < _NO_LESS or abs(gain) < _NO_LESS:
        return None
    return (effect < 0) == (gain > 0) if contrast.measure == "hr" else (effect > 0) == (gain > 0)


def _figure(row: Row) -> float | None:
    """Return the median, the percentage or the share of responders of a row; of events of survival there is none."""
    if row.cells.get("estimate") is not None:
        return float(row.cells["estimate"])
    if row.outcome in RESPONSES and row.cells.get("events") is not None and row.cells.get("n"):
        return float(row.cells["events"]) / float(row.cells["n"])
    return None
