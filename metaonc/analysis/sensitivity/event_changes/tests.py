"""Tests of two arms of a trial, in batches: (events, patients) of treatment and control -> p-values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ...effects.formulas import two_arms
from ...effects.zeros import correct
from ...numeric.distributions import chi2_p, two_sided_p
from ...numeric.wls import Floats

SAME = 1 + 1e-7  # probabilities that differ by less are alike, as R's fisher.test has it
COMPUTE = {"OR": two_arms.log_odds_ratio, "RR": two_arms.log_risk_ratio, "RD": two_arms.risk_difference}


def effects_of(measure: str) -> Callable[[Floats, Floats, Floats, Floats], tuple[Any, Any]]:
    """Return the function of counts that gives effects of a measure; 0.5 is added to all cells of a trial with a 0."""

    def effects(a: Floats, n: Floats, b: Floats, m: Floats) -> tuple[Any, Any]:
        names = ("events_t", "n_t", "events_c", "n_c")
        flat = dict(zip(names, (np.ravel(x).astype(float) for x in (a, n, b, m)), strict=True))
        y, v = COMPUTE[measure](correct(flat, 0.5, "only0")[0])
        return np.reshape(y, np.shape(a)), np.reshape(v, np.shape(a))

    return effects


def _fisher(a: Floats, n: Floats, b: Floats, m: Floats) -> Floats:
    events, x = (a + b)[:, None], np.arange(int(n.max()) + 1.0)
    low, high = np.maximum(0, events - m[:, None]), np.minimum(n[:, None], events)
    inside = (x >= low) & (x <= high)
    rest = np.where(inside, x, low)
    log = _choose(n[:, None], rest) + _choose(m[:, None], events - rest)
    p = np.where(inside, np.exp(log - log.max(1, keepdims=True)), 0.0)
    own = np.take_along_axis(p, a.astype(np.int64)[:, None], 1)
    found: Floats = np.where(p <= own * SAME, p, 0.0).sum(1) / p.sum(1)
    return np.minimum(found, 1.0)


def _choose(n: Floats, x: Floats) -> Any:
    return special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1)


def _chisq(a: Floats, n: Floats, b: Floats, m: Floats) -> Floats:
    expected = n * (a + b) / (n + m)
    off = np.abs(a - expected)
    share = (a + b) / (n + m)
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody, or everybody, has the event
        z2 = (off - np.minimum(0.5, off)) ** 2 / (n * m / (n + m) * share * (1 - share))
    return np.where(share * (1 - share) > 0, chi2_p(np.nan_to_num(z2), 1), 1.0)


def _wald(measure: str) -> Callable[[Floats, Floats, Floats, Floats], Floats]:
    def p(a: Floats, n: Floats, b: Floats, m: Floats) -> Floats:
        y, v = effects_of(measure)(a, n, b, m)
        return np.asarray(two_sided_p(y / np.sqrt(v)), dtype=float)

    return p


@dataclass(frozen=True, slots=True)
class TrialTest:
    """A test of two arms.

    Attributes
    ----------
    code, label
        Its name in calls, and in a methods section.
    p
        (events, patients of the treatment, events, patients of the control), (m,) each -> p-values.
    r
        R expression of its p-value, of a, n, b and m.
    """

    code: str
    label: str
    p: Callable[[Floats, Floats, Floats, Floats], Floats]
    r: str


_TABLE = "matrix(c(a, n - a, b, m - b), 2)"
_ESCALC = 'with(escalc("{}", ai = a, n1i = n, ci = b, n2i = m), 2 * pnorm(-abs(yi / sqrt(vi))))[1]'
TRIAL_TESTS = {
    t.code: t
    for t in (
        TrialTest("fisher", "Fisher's exact test", _fisher, f"fisher.test({_TABLE})$p.value"),
        TrialTest("chisq", "the chi-square test with Yates' correction", _chisq,
                  f"suppressWarnings(chisq.test({_TABLE})$p.value)"),
        *(TrialTest(code, f"Wald's test of the {name}", _wald(code), _ESCALC.format(code))
          for code, name in (("OR", "log odds ratio"), ("RR", "log risk ratio"), ("RD", "risk difference"))),
    )
}  # fmt: skip
"""Tests of a single trial's counts whose fragility is asked for, by their code in ``test=``."""
