"""Differences between levels across trials: in the model with one mean a level and one tau², t with k - G df."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from ...base.caution import Beside, Caution, named
from ..effects.measures import Measure
from ..numeric.distributions import critical, to_error, two_sided_p
from ..numeric.wls import Floats
from ..pooling.subgroups.between import one_tau2
from ..pooling.subgroups.result import SubgroupResult
from ..pooling.subgroups.whole import SUMMED, WITHIN

FRAGILE = (
    "effects of a level agree far better across trials than their variances allow, so that the difference across "
    "trials may look certain by chance"
)


class Across(NamedTuple):
    """Differences from the first of the levels, (m,): estimate, standard error, that with the scale at least 1; df."""

    estimate: Floats
    se: Floats
    floor: Floats
    df: float

    @property
    def p(self) -> Floats:
        """p-values of t; NaN where effects within levels are equal, so that there is no standard error."""
        return _p(self.estimate, self.se, self.df)


def across(r: SubgroupResult, levels: tuple[str, ...]) -> Across:
    """Return the differences of the other levels from the first.

    Chi-square or normal intervals of levels pooled apart reject too often with few trials (docs/test_sizes.md). They
    stay where effects are common and intervals normal, and where each level has one row, as nothing is left to tell
    how trials differ.
    """
    m = one_tau2(r.groups.values(), r.overall)
    if m is None:
        mean = np.array([part.estimate for part in r.groups.values()])
        variance, scale, df = np.array([part.se**2 for part in r.groups.values()]), 1.0, np.inf
    else:
        mean, variance, scale, df = m.mean, m.variance, m.scale, float(m.df)
    names = list(r.groups)
    at = [names.index(level) for level in levels]
    plain = np.sqrt(variance[at[1:]] + variance[at[0]])
    se = np.sqrt(scale) * plain
    return Across(mean[at[1:]] - mean[at[0]], se, np.sqrt(max(scale, 1.0)) * plain, df)


def notes_of(r: SubgroupResult) -> tuple[str, ...]:
    """Return what is to be known of the levels pooled apart, but for what is of their pool of all."""
    return tuple(text for text in r.provenance.notes if not text.startswith(SUMMED.partition("{")[0]))


def cautions_of(r: SubgroupResult) -> tuple[str, ...]:
    """Return the cautions of the levels pooled apart, but for that of their test."""
    return tuple(text for text in r.provenance.cautions if text != WITHIN)


def cautions(r: SubgroupResult, found: Across, names: tuple[str, ...], record: Measure, level: float) -> list[Caution]:
    """Return those of levels pooled apart, and differences with the scale at least 1 where their test is fragile."""
    parts = [c for key, part in r.groups.items() for c in named(f"{key} by itself", part.cautions) if c.beside]
    apart = [c for c in r.overall.cautions if c.of_effects] + [dataclasses.replace(c, of_summary=True) for c in parts]
    if not r.is_fragile and r.stated_test != "F floor":
        return apart
    half, p = float(critical(level, found.df)) * found.floor, _p(found.estimate, found.floor, found.df)
    each = zip(names, found.estimate, half, p, strict=True)
    return apart + [
        Caution(text=FRAGILE, of=name, beside=Beside(
            name="difference (scale at least 1)", analysed=(y, y - h, y + h),
            estimate=float(record.inverse(y)), low=float(record.inverse(y - h)), high=float(record.inverse(y + h)),
            p=float(test), level=level, record=record,
        ))
        for name, y, h, test in each
    ]  # fmt: skip


def _p(estimate: Floats, se: Floats, df: float) -> Floats:
    return np.asarray(two_sided_p(to_error(estimate, se), df))
