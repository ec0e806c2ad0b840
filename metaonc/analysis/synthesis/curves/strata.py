"""Whether strata of trials have one survival curve. Arrays in, arrays out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...numeric.distributions import chi2_p
from .conditional import Shares, between, cochran, pooled


class Test(NamedTuple):
    """A chi-square test."""

    statistic: float
    df: int
    p_value: float


def random_effects(strata: list[Shares]) -> Test:
    """Return Wald's test that means agree, with one covariance between trials, by moments about the strata's means.

    Of one time it is the test of moderators of a meta-regression on the strata with the estimator of DerSimonian and
    Laird.
    """
    psi = between(strata)
    found = [pooled(s, random=True, psi=psi) for s in strata]
    weights = [np.linalg.inv(f.cov) for f in found]
    mean = np.linalg.solve(
        np.sum(weights, axis=0), np.sum([w @ f.beta for w, f in zip(weights, found, strict=True)], 0)
    )
    q = sum(float((f.beta - mean) @ w @ (f.beta - mean)) for w, f in zip(weights, found, strict=True))
    return _test(q, (len(strata) - 1) * len(mean))


def common_effect(whole: Shares, strata: list[Shares]) -> Test:
    """Return the part of Cochran's Q that is between strata: too often significant where trials differ."""
    return _test(cochran(whole) - sum(map(cochran, strata)), (len(strata) - 1) * whole.y.shape[1])


def _test(q: float, df: int) -> Test:
    return Test(q, df, float(chi2_p(q, df)))
