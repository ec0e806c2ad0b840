"""Two pools of the same question compared: what moved the one to the other."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from ...base.labels import folded
from ...data.changes.result import EvidenceChanges
from ...errors import DataError
from ..pooling.multivariate.result import MultivariateResult
from ..pooling.regression.result import RegressionResult
from ..pooling.subgroups.result import SubgroupResult
from ..results.inside import NotOfEffects, pool_in
from ..results.pooled import PooledResult
from .moves import COLUMNS, MODEL, moves
from .result import UpdateResult, parts_of

KEPT = ("prediction", "level", "study", "measure")  # settings that move no estimate
THING = "a result of a pooling function or of pool_subgroups"
INSTEAD: dict[type, str] = {
    RegressionResult: "its coefficients share one model: compare the pools of its trials (pool), or of their subgroups "
    "(pool_subgroups), and set the coefficients of both side by side (.tidy())",
    MultivariateResult: "its outcomes share one model: compare a pool of each alone (pool of its own column), and "
    "set the estimates of both side by side (.tidy())",
    NotOfEffects: "it rests on no pool of effects: compare pools of the effects of its trials (pool)",
}


def compare_pools(
    before: Any, after: Any, *, trial: str | None = None, changes: EvidenceChanges | None = None
) -> UpdateResult:
    """Return what moved one pool to another, by trial; see ``metaonc.compare``.

    Parameters
    ----------
    before, after
        Results of a pooling function, or both of ``pool_subgroups`` by the same variable; of one measure.
    trial
        Column of both tables that names the trial of a row; the labels of rows when None.
    changes
        What changed in the tables of evidence, where it is known.

    Raises
    ------
    DataError
        Results of other kinds, which says what to compare instead; other measures or subgroup variables; pools without
        a trial in common.
    """
    before, after = (_comparable(r) for r in (before, after))
    _check(before, after)
    old, new = parts_of(before), parts_of(after)
    tables, lacking, orders = [], {}, 0
    for name in new:
        if name not in old:
            lacking[name] = "there was no such subgroup before"
            continue
        try:
            found = moves(old[name], new[name], (_units(old[name], trial), _units(new[name], trial)))
        except DataError as problem:
            if not name:
                raise
            lacking[name] = str(problem)
            continue
        orders = max(orders, found.orders)
        if found.reason:
            lacking[name] = f"a mixture of trials before and after cannot be fitted: {found.reason}"
        tables.append(found.table.assign(subgroup=name) if name else found.table)
    lacking |= {name: "there is no such subgroup after" for name in old if name not in new}
    columns = list(COLUMNS) if "" in new else ["subgroup", *COLUMNS]
    table = pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    told = bool((table["trial"] == MODEL).any()) or type(before) is not type(after)
    return UpdateResult(
        table=table, before=before, after=after, orders=orders, lacking=lacking, changes=changes,
        options=tuple(_differing(before, after)) if told else (),
        provenance=dataclasses.replace(
            after.provenance, verb="compare",
            notes=tuple(dict.fromkeys((*before.provenance.notes, *after.provenance.notes))),
        ),
    )  # fmt: skip


def _comparable(r: Any) -> Any:
    """Return a pool, that within a result, or pools of subgroups; refuse what is none with what to compare instead."""
    found = r if isinstance(r, NotOfEffects) else pool_in(r)
    if isinstance(found, (PooledResult, SubgroupResult)):
        return found
    way = next((f": {way}" for kind, way in INSTEAD.items() if isinstance(r, kind)), "")
    raise DataError(f"{THING} is wanted, not {type(r).__name__}{way}.")


def _check(before: Any, after: Any) -> None:
    if isinstance(before, SubgroupResult) != isinstance(after, SubgroupResult):
        raise DataError(
            "one result is by subgroup and the other is not: compare .overall of the one, or pool the other by "
            "subgroup."
        )
    if isinstance(before, SubgroupResult) and folded(before.by) != folded(after.by):
        raise DataError(f"the pools are by {before.by!r} before and by {after.by!r} after: pool both by the same.")
    one, other = (next(iter(parts_of(r).values())).record for r in (before, after))
    if one.code != other.code:
        raise DataError(
            f"the pools are of different measures, {one.natural} ({one.code}) before and {other.natural} "
            f"({other.code}) after: pool both by one measure."
        )


def _units(r: PooledResult, trial: str | None) -> tuple[str, ...]:
    data = r.studies.data
    if trial is None or trial not in data or data[trial].isna().any():
        return r.row_units
    return tuple(map(str, data[trial]))


def _differing(before: Any, after: Any) -> list[str]:
    """Return what of model and options differs, in words."""
    old, new = before.provenance.settings, after.provenance.settings
    found = []
    if before.provenance.verb != after.provenance.verb:
        found.append(f"made by {after.provenance.verb}, before by {before.provenance.verb}")
    parts = zip(parts_of(before).values(), parts_of(after).values(), strict=False)
    a, b = next(parts)
    for name in ("method", "ci"):
        if getattr(a, name) != getattr(b, name):
            found.append(f"{name} {getattr(b, name)}, before {getattr(a, name)}")
    for name in new:
        if name in old and name not in (*KEPT, "method", "ci", "using") and str(old[name]) != str(new[name]):
            found.append(f"{name} {new[name]}, before {old[name]}")
    return found
