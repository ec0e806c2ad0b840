"""Subgroups of some of the rows, by the models and options of a result."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....data.schema.levels import overlapping
from ....errors import DataError, MetaoncError, OptionError
from ...results.pooled import PooledResult
from .comparison import common_tau2_of, compared
from .result import SubgroupResult
from .whole import is_mixed, without_prediction


def refit(r: SubgroupResult, rows: NDArray[np.bool_]) -> SubgroupResult:
    """Return the subgroups of some of the rows, those that are left, by the same models and options.

    Raises
    ------
    OptionError
        When levels share patients.
    DataError
        When nothing is left; or what pools raise.
    """
    refuse_shared(r)
    table = r.rows
    levels = table["level"].to_numpy()
    left = pd.Series(levels).where(rows).value_counts()
    if r.provenance.settings["singletons"] == "leave out":
        rows = rows & np.isin(levels, left.index[left > 1])
    names = [name for name in r.groups if (rows & (levels == name)).any()]
    if not names:
        raise DataError(f"each level of {r.by} has one row left: with singletons='leave out' nothing remains.")
    there = {name: rows[levels == name] for name in names}
    overall = refit_overall(r, rows)
    shared = {"tau2": _common_tau2(r, there)} if r.common_tau2 else {}
    groups: dict[str, PooledResult] = {}
    for name in names:
        try:
            groups[name] = r.groups[name].refit(there[name], **shared)
        except MetaoncError as problem:
            raise type(problem)(f"{r.by} {name!r}: {problem}") from problem
    places = {
        name: tuple(n for n, kept in zip(r.places[name], own, strict=True) if kept) for name, own in there.items()
    }
    used, cautions = int(rows.sum()), r.provenance.cautions
    return compared(
        groups,
        overall,
        places=places,
        pooled={name: (True,) * len(own) for name, own in places.items()},
        model=overall if overall.k > 1 else r.overall,
        asked={name: r.provenance.settings[name] for name in ("by", "common_tau2", "singletons")},
        provenance=dataclasses.replace(
            overall.provenance, settings=r.provenance.settings, rows_in=used, rows_used=used, dropped=()
        ),
        split=bool((table[rows].groupby("label")["level"].nunique() > 1).any()),
        caution=cautions[0] if cautions and any(overlapping(*pair) for pair in combinations(names, 2)) else "",
        independent=True,
    )


def refit_overall(r: SubgroupResult, rows: NDArray[np.bool_]) -> PooledResult:
    """Return the pool of all of some of the rows: of whole trials, where that of all rows has them.

    Raises
    ------
    OptionError
        When a trial whose counts were summed is to lose some of its rows.
    """
    reported, summed = r.whole_trials
    if not reported and not summed:
        found = r.overall.refit(rows)
        return without_prediction(found) if is_mixed(found, r.by) else found
    labels = r.rows["label"].to_numpy()
    left = set(labels[rows])
    torn = next((name for name in summed if name in left and not rows[labels == name].all()), None)
    if torn is not None:
        raise OptionError(
            f"the pool of all sums the counts of trial {torn!r} over its subgroups, whose rows can only leave together."
        )
    return r.overall.refit(np.isin(list(r.overall.studies.labels), list(left)))


def refuse_shared(r: SubgroupResult) -> None:
    """Raise an OptionError where levels of a result share patients."""
    if not r.independent:
        raise OptionError(
            f"levels of {r.by!r} share patients, so that a trial is no one thing to take out: leave out the rows that "
            "share patients, or take the pool of one level, as groups[level]."
        )


def _common_tau2(r: SubgroupResult, there: dict[str, NDArray[np.bool_]]) -> float | None:
    parts = [(r.groups[name].studies, own) for name, own in there.items()]
    return common_tau2_of(r.overall.method, [(s.yi[own], s.vi[own]) for s, own in parts])
