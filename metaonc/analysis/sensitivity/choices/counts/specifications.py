"""All specifications of counts: each model fitted to each set of trials, and pools of effects in batches."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .....errors import MetaoncError, MetaoncWarning
from ....effects.compute import MADE, effect_sizes
from ....effects.measures import MEASURES
from ....effects.zeros import correct
from ....numeric.wls import Floats
from ....pooling.counts.read_counts import informative, part_of
from ....pooling.inverse_variance.batch import pooled_rows
from ....results.studies import Studies
from ...conclusions import conclusion_of
from ..specifications import ENDS, NUMBERS, Specifications, distinct, null_of, told
from ..trials import Sets
from .models import COUNT_MODELS, LEFT_OUT, Asked, CountModel, InverseVariance

ALONE = "all patients respond, or none does: there is the exact interval of the summed counts alone"
OWN = (*ENDS, "se")


def specifications(
    studies: Studies, sets: Sets, measures: Sequence[str], methods: Sequence[str | InverseVariance],
    cis: Sequence[str], level: float, benchmark: float | None, natural: bool, points: int | None,
) -> Specifications:  # fmt: skip
    """Return one row a specification, each set of trials and choice of methods once; `reason` tells why one has none.

    Parameters
    ----------
    studies
        The trials, with the columns of their counts.
    sets
        The trials that go together.
    measures, methods, cis
        Codes; of pools by inverse variance their records.
    level, benchmark, natural
        As of pools of effects.
    points
        Quadrature points of mixed models; None for the usual.
    """
    parts, codes = [], []
    for number, measure in enumerate(measures):
        counted = of_counts(studies, measure)
        there = informative(measure, part_of(counted, np.ones(len(studies.yi), dtype=bool), measure).counts)
        seen: list[tuple[str, Floats, Floats]] = []
        for i, method in enumerate(methods):
            if isinstance(method, str):
                asked = Asked(measure, "", level, points)
                found = _fits(COUNT_MODELS[method], counted, there, sets, cis, asked, natural,
                              benchmark)  # fmt: skip
            else:
                effects = corrected(counted, measure, method.to)
                if any(m == method.method and _alike(effects, (y, v)) for m, y, v in seen):
                    continue  # no cell is empty: corrections that correct nothing count once
                seen.append((method.method, *effects))
                found = _batches(method, effects, there, sets, cis, Asked(measure, "", level, None), natural, benchmark)
            for j, first, part in found:
                codes.append(np.column_stack([np.tile([number, i, j], (len(first), 1)), sets.codes[first]]))
                parts.append(part)
    numbers = {name: np.concatenate([part[name] for part in parts]) for name in (*NUMBERS, "reason")}
    return Specifications(np.concatenate(codes), pd.DataFrame(numbers))


def of_counts(studies: Studies, measure: str) -> Studies:
    """Return the trials with the columns that a measure is made of, and no others."""
    return replace(studies, roles={role: studies.roles[role] for role in MEASURES[measure].roles})


def corrected(studies: Studies, measure: str, to: str) -> tuple[Floats, Floats]:
    """Return each trial's effect and variance with its empty cells corrected; NaN where it has none."""
    table = studies.data.drop(columns=[name for name in MADE if name in studies.data.columns])
    roles: Any = studies.roles
    with warnings.catch_warnings():  # they were said of the pool
        warnings.simplefilter("ignore", MetaoncWarning)
        made = effect_sizes(table, measure=measure, to="only0" if to == LEFT_OUT else to, **roles)
    y, v = (np.asarray(made[name], dtype=float) for name in ("yi", "vi"))
    there = np.isfinite(y) & np.isfinite(v) & (v > 0)
    if to == LEFT_OUT and MEASURES[measure].corrected:
        there &= ~correct({role: studies.column(column) for role, column in studies.roles.items()}, 0.5, "only0")[1]
    return np.where(there, y, np.nan), np.where(there, v, np.nan)


def _alike(a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> bool:
    return all(np.array_equal(x, y, equal_nan=True) for x, y in zip(a, b, strict=True))


Part = tuple[int, NDArray[np.int64], dict[str, Any]]


def _batches(
    method: InverseVariance, effects: tuple[Floats, Floats], there: Any, sets: Sets, cis: Sequence[str], asked: Asked,
    natural: bool, benchmark: float | None,
) -> Iterator[Part]:  # fmt: skip
    yi, vi = effects
    there = there & np.isfinite(yi)
    first = distinct(sets.rows & there)
    rows = sets.rows[first] & there
    y, v = np.where(there, yi, 0.0), np.where(rows, np.where(there, vi, 1.0), np.inf)
    for j, ci in enumerate(cis):
        if method.fits(ci) and len(first):
            found = pooled_rows(y, v, method.method, ci, asked.level, None)
            numbers = told(asked.measure, found, benchmark, natural)
            yield j, first, {"set": first, "k": rows.sum(1), "reason": _none(len(first)), **numbers}


def _fits(
    model: CountModel, studies: Studies, there: Any, sets: Sets, cis: Sequence[str], asked: Asked, natural: bool,
    benchmark: float | None,
) -> Iterator[Part]:  # fmt: skip
    first = distinct(sets.rows & there)
    rows = sets.rows[first] & there
    for j, ci in enumerate(cis):
        if ci in model.intervals.get(asked.measure, ()) and len(first):
            pools = [fitted(model, studies, own, asked._replace(ci=ci)) for own in rows]
            yield j, first, {"set": first, **_columns(pools, rows, asked.measure, natural, benchmark)}


def fitted(model: CountModel, studies: Studies, rows: NDArray[np.bool_], asked: Asked) -> Any:
    """Return the pool of some trials, or why there is none."""
    with warnings.catch_warnings():  # what is said of the whole need not be said of each
        warnings.simplefilter("ignore", MetaoncWarning)
        try:
            found = model.pool(part_of(studies, rows, asked.measure), asked)
        except MetaoncError as problem:
            return str(problem)
    return found if found.ci == asked.ci else ALONE


def _columns(
    pools: list[Any], rows: NDArray[np.bool_], measure: str, natural: bool, benchmark: float | None
) -> dict[str, Any]:
    """Return the columns of numbers of pools of counts, NaN where one has none."""
    record = MEASURES[measure]
    reason = np.array([p if isinstance(p, str) else "" for p in pools], dtype=object)
    names = (*OWN, "p_value", "tau2", "i2")
    n = {name: np.array([_number(p, name) for p in pools]) for name in names}
    with np.errstate(over="ignore"):
        shown = {name: np.asarray(record.inverse(n[name]), dtype=float) for name in ENDS}
    side = conclusion_of(shown["ci_low"], shown["ci_high"], null_of(measure, benchmark))
    ends = shown if natural else {name: n[name] for name in ENDS}
    return n | ends | {
        "k": rows.sum(1), "se": np.full(len(pools), np.nan) if natural else n["se"],
        "conclusion": np.where(reason == "", side, ""), "reason": reason,
    }  # fmt: skip


def _number(p: Any, name: str) -> float:
    """Return a number of a pool; a common effect has no variance between trials, and nobody tests a rate for 50 %."""
    if isinstance(p, str) or (name == "tau2" and p.model_facts.common_effect) or (name == "p_value" and not p.tested):
        return np.nan
    return float(getattr(p, name, np.nan))


def _none(n: int) -> Any:
    return np.full(n, "", dtype=object)
