"""What pooled subgroups come to: the tests between them, one tau² within them, and what is said of them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ....base.labels import alike
from ....base.result import Provenance
from ...methods.tau2 import TAU2_METHODS
from ...numeric.wls import Floats
from ...results.cautions import like_one
from ...results.patients import listed
from ...results.pooled import PooledResult
from .between import NONE, FTest, chi_square, f_test, one_tau2
from .result import SubgroupResult
from .whole import ALONE, SUMMED, TAKEN, WITHIN, made_of

PROGNOSIS = (
    "without a control arm a difference between subgroups may be prognosis as well as effect of treatment; it is not "
    "evidence that the biomarker modifies the effect"
)


def compared(
    groups: Mapping[str, PooledResult],
    overall: PooledResult,
    *,
    places: Mapping[str, tuple[int, ...]],
    pooled: Mapping[str, tuple[bool, ...]],
    model: PooledResult,
    asked: dict[str, Any],
    provenance: Provenance,
    split: bool,
    caution: str,
    independent: bool,
    joined: tuple[str, ...] = (),
) -> SubgroupResult:
    """Return pooled subgroups with the tests between them.

    Parameters
    ----------
    groups, overall
        Level -> its pool, and the pool of all.
    places, pooled
        Level -> the place of each of its rows in the table, and whether it is in the pool of all.
    model
        A pool by the model of the rows, of which F is.
    asked
        by, common_tau2 and singletons, as they were asked for.
    provenance
        Of the pool of all rows.
    split
        Whether rows of one trial stand in several subgroups.
    caution, independent
        What must be said of levels that share patients, and whether none do.
    joined
        What was said of labels.
    """
    parts = list(groups.values())
    q, df, p = chi_square(parts)
    f = f_test(one_tau2(parts, model)) if independent else NONE
    if not independent:
        q = p = np.nan
    told = dataclasses.replace(
        provenance,
        verb="pool_subgroups",
        settings={**provenance.settings, **asked},
        notes=(*_whole_notes(overall, asked["by"]), *_notes(parts, q, f, independent), *joined),
        cautions=(
            *_cautions(parts, caution, split, independent),
            *(like_one(asked["by"], a, b, "are pooled apart") for b, a in alike(groups).items()),
        ),
    )
    return SubgroupResult(
        groups=groups, overall=overall, by=asked["by"], q_between=q, q_between_df=df, q_between_p=p,
        f_between=f.f, f_between_df=f.df, f_between_p=f.p, f_between_scale=f.scale, f_floor=f.floor,
        f_floor_p=f.floor_p, common_tau2=asked["common_tau2"], places=places, pooled=pooled,
        independent=independent, provenance=told,
    )  # fmt: skip


def common_tau2_of(method: str, parts: Sequence[tuple[Floats, Floats]]) -> float | None:
    """Return the tau² of the model with one mean a subgroup; None of one row in each, which cannot show it.

    Parameters
    ----------
    method
        Code in ``TAU2_METHODS``.
    parts
        Effects and variances of each subgroup.
    """
    y, v = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    if len(y) == len(parts):
        return None
    x = np.repeat(np.eye(len(parts)), [len(own) for own, _ in parts], axis=0)
    return float(TAU2_METHODS[method].estimate(y, v, x))


def _cautions(parts: list[PooledResult], overlap: str, split: bool, independent: bool) -> tuple[str, ...]:
    """Return what a reader of the comparison must know: patients in two subgroups, no control arm, trials in both."""
    several = len(parts) > 1
    prognosis = PROGNOSIS if several and parts[0].record.null is None else ""
    trials = _alone(parts) or WITHIN * (several and independent) if split else ""
    return tuple(filter(None, [overlap, prognosis, trials]))


def _alone(parts: list[PooledResult]) -> str:
    """Return what is said of trials that stand in one subgroup while others are split over several."""
    levels = Counter(label for part in parts for label in dict.fromkeys(part.studies.labels))
    alone, split = ([label for label, count in levels.items() if (count == 1) is one] for one in (True, False))
    if not alone or not split:
        return ""
    few, many = sorted((alone, split), key=len)  # the fewer are named
    named, counted = listed(few), f"{len(many)} {'other ' * (few is alone)}trial{'s' * (len(many) != 1)}"
    who = f"{named} stand{'s' * (len(few) == 1)}" if few is alone else f"{counted} stand"
    return ALONE.format(alone=who, split=counted if few is alone else named)


def _whole_notes(overall: PooledResult, by: str) -> Iterator[str]:
    """Yield what the pool of all is made of, where trials are split over subgroups."""
    for text, trials in zip((TAKEN, SUMMED), made_of(overall, by), strict=True):
        if trials:
            yield text.format(trials=listed(trials))


def _notes(parts: list[PooledResult], q: float, f: FTest, independent: bool) -> tuple[str, ...]:
    notes = []
    if len(parts) > 1 and not parts[0].model_facts.has_test:
        notes.append(
            "no test between subgroups: posterior standard deviations are no standard errors. Read the posteriors side "
            "by side, or test with pool; within trials with interaction."
        )
    elif len(parts) > 1 and np.isnan(q) and np.isnan(f.floor) and independent:
        notes.append("no test between subgroups: one of them has an infinite or a certain estimate.")
    return tuple(notes)
