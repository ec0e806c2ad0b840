"""What a forest plot of a pool says in words: how much trials differ, the test, the model, the intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from ....analysis.methods.intervals import PREDICTION_METHODS
from ....analysis.results.pooled import PooledResult
from ....base.caution import Beside
from ....base.digits import NO_ERROR, in_percent, plain, statistic
from ...forest.content import ForestSpec, Note, note
from ...forest.notes import INTERVALS, OWN_INTERVALS, tied
from ...journals import Journal
from .words import words_of


def heterogeneity(r: PooledResult, journal: Journal) -> str:
    """Return how much the trials of a pool differ, in one line."""
    line = words_of(r).heterogeneity_line(r, journal)
    return tied(journal.before + line) if line else "Heterogeneity not estimable"


def overall_test(r: PooledResult, journal: Journal) -> str | None:
    """Return the line of the test of no effect; None where there is no such test or the journal does not have it."""
    if not journal.overall_test or r.record.null is None or (math.isnan(r.p_value) and not r.is_certain):
        return None
    name, df = ("z", "") if math.isinf(r.df) else ("t", f" (df {plain(r.df)})")
    if r.is_certain:
        return f"Test for overall effect: no {name}, as {NO_ERROR}"
    return tied(f"Test for overall effect: {name} = {statistic(r.statistic)}{df}, {journal.p(r.p_value)}")


def footnotes(
    r: PooledResult, spec: ForestSpec, own: str, groups: Iterable[PooledResult] = (), shared: bool = False
) -> list[Note]:
    """Return the lines below the figure or the table: the model, and the intervals of single trials.

    Parameters
    ----------
    r
        The pool of all trials.
    spec
        What is asked of the figure.
    own
        What the intervals of single trials are.
    groups, shared
        Pools of subgroups, and whether they share one τ².
    """
    lines: list[Note] = []
    pools = [p for p in groups if not p.is_single] + ([r] if r.is_shown else [])
    if pools:
        said = replace(r, prediction=None) if spec.prediction is False else r
        model = note(words_of(r).model_note(said, pools, shared), needed=True)
        lines.append(replace(model, shorter=(_in_short(model.figure),)))
    wider = list(dict.fromkeys(wider_name(p) for p in pools if wider_intervals(p, spec)))
    if wider and not spec.common:
        lines.append(Note(f"Open diamonds: {' or '.join(wider)}, where the interval above is narrower.", ""))
    if spec.common:
        wald = f"Wald {in_percent(r.level)}% confidence interval."
        lines.append(
            Note(f"Open diamonds: common effect (inverse variance); {wald}", f"Common effect: inverse variance; {wald}")
        )
    if spec.shrinkage:
        shrunken = f"Open circles: trials shrunken towards the pool; median, {in_percent(r.level)}% credible interval."
        lines.append(Note(shrunken, ""))
    own = f"Intervals of single trials: {own}"
    return [*lines, note(f"{own}.")]


def _in_short(model: str) -> str:
    """Return of the line that says the model no more than its name and its interval."""
    name, *parts = model.rstrip(".").split("; ")
    interval = next((f"; {part}" for part in parts if part.endswith("% confidence interval")), "")
    return f"{name}{interval}."


def wider_intervals(r: PooledResult, spec: ForestSpec) -> list[Beside]:
    """Return the intervals of a pool that are drawn beside its own because that is narrower, on the scale drawn."""
    if spec.common and r.tau2 == 0:  # it stands there already
        return []
    return [c.beside for c in r.cautions if c.beside is not None and c.beside.record is r.record]


def wider_name(r: PooledResult) -> str:
    """Return what such an interval is, as the caution on it calls it."""
    return "common effect" if r.tau2 == 0 else "Wald interval"


def own_intervals(table: pd.DataFrame) -> str:
    """Return what the intervals of single trials are, of their table."""
    return ", ".join(OWN_INTERVALS[kind] for kind in table["interval"].unique())


def model_note(name: str, r: PooledResult, pools: Sequence[PooledResult], shared: bool) -> str:
    """Return the line that says the model, by this name, and the intervals of its pools."""
    percent = f"{in_percent(r.level)}%"
    kinds = [INTERVALS[kind] for kind in dict.fromkeys(p.ci for p in reversed(pools))]
    interval = kinds[0] + "".join(f" (where all respond or none: {kind})" for kind in kinds[1:])
    parts = [name, *["one τ² for all subgroups"] * shared, f"{interval} {percent} confidence interval"]
    if r.prediction and r.predicts:
        # a robust result has no rule of its own: t with the degrees of freedom of its interval
        kind = PREDICTION_METHODS[r.prediction].label if r.prediction in PREDICTION_METHODS else INTERVALS[r.prediction]
        rows = ", k counting rows" if "k - " in kind and r.trials < r.k else ""
        kind = kind.replace("k - ", "k\u00a0−\u00a0") + rows
        parts.append(f"{percent} prediction interval: {kind}")
    return "; ".join(parts) + "."
