"""Regression tests of asymmetry: one record each, from which the verb, the R script and the page of methods follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...numeric.wls import Floats
from ...results.studies import Studies
from ..checks import tables
from .predictors import harmonic_size, whole_size

MODELS = {
    "ols": "weighted least squares with a common factor of all variances",
    "random": "a mixed model with a variance between trials",
}


class Effects(NamedTuple):
    """What is regressed: effects and the variances whose inverses weigh them, each (k,)."""

    y: Floats
    v: Floats


@dataclass(frozen=True, slots=True)
class RegressionTest:
    """A regression test.

    Attributes
    ----------
    code, label, reference
        Name in calls, in print, and its source.
    predictor, model
        Codes in ``PREDICTORS`` and ``MODELS``.
    effects
        (trials, name of the test) -> what is regressed.
    size
        (trials, column, name of the test) -> sizes of trials that the predictor takes.
    measures
        Codes of the measures that it is for; empty where it is for all.
    on
        What the predictor is in print, where it is made of other effects than the pool's; else empty.
    any_predictor
        Whether another predictor or model may be asked for.
    ci
        Code of the interval that it takes instead of the pool's, in a mixed model.
    r_effects
        R statements that make ``yi``, ``vi`` and ``ni`` of the data anew, by metafor's names of counts; empty where
        they are those of the pool.
    r_counts
        Roles whose columns the R script needs.
    """

    code: str
    label: str
    reference: str
    predictor: str = "sei"
    model: str = "ols"
    effects: Callable[[Studies, str], Effects] = lambda studies, _: Effects(studies.yi, studies.vi)
    size: Callable[[Studies, str | None, str], Floats] = whole_size
    measures: tuple[str, ...] = ()
    on: str = ""
    any_predictor: bool = False
    ci: str = ""
    r_effects: str = ""
    r_counts: tuple[str, ...] = ()


def _scores(studies: Studies, verb: str) -> Effects:
    """Return the efficient score over its variance, and the inverse of that (as Peto's)."""
    c = tables(studies, verb)
    n, m = c["n_t"] + c["n_c"], c["events_t"] + c["events_c"]
    v = c["n_t"] * c["n_c"] * m * (n - m) / (n**2 * (n - 1))
    return Effects((c["events_t"] - m * c["n_t"] / n) / v, 1 / v)


def _average_events(studies: Studies, verb: str) -> Effects:
    """Return the effects, with the variance of the average probability of an event."""
    c = tables(studies, verb)
    m = c["events_t"] + c["events_c"]
    return Effects(studies.yi, 1 / m + 1 / (c["n_t"] + c["n_c"] - m))


def _effective_size(studies: Studies, verb: str) -> Effects:
    """Return the effects, weighted by the effective sample size."""
    c = tables(studies, verb)
    return Effects(studies.yi, (c["n_t"] + c["n_c"]) / (4 * c["n_t"] * c["n_c"]))


_ODDS = ("OR",)
_FOUR = ("events_t", "n_t", "events_c", "n_c")

REGRESSION_TESTS = {
    t.code: t
    for t in (
        RegressionTest("egger", "Egger's test", "Egger et al. 1997, doi:10.1136/bmj.315.7109.629", any_predictor=True),
        RegressionTest("thompson", "Thompson and Sharp's test", "Thompson and Sharp 1999", model="random", ci="t"),
        RegressionTest("pustejovsky", "Pustejovsky and Rodgers's test", "Pustejovsky and Rodgers 2019",
                       predictor="sqrtninv", size=harmonic_size,
                       on="square root of the sum of the inverse sizes of both arms",
                       measures=("SMD", "MD", "GEN"), r_counts=("n_t", "n_c"),
                       r_effects="ni <- n1i * n2i / (n1i + n2i)"),
        RegressionTest("macaskill", "Macaskill's test", "Macaskill et al. 2001, doi:10.1002/sim.698", predictor="ni"),
        RegressionTest("peters", "Peters's test", "Peters et al. 2006, doi:10.1001/jama.295.6.676", predictor="ninv",
                       effects=_average_events, measures=_ODDS, r_counts=_FOUR,
                       r_effects="vi <- 1 / (ai + ci) + 1 / (n1i + n2i - ai - ci); ni <- n1i + n2i"),
        RegressionTest("harbord", "Harbord's test", "Harbord et al. 2006, doi:10.1002/sim.2380", effects=_scores,
                       on="inverse square root of the variance of the score", measures=_ODDS, r_counts=_FOUR,
                       r_effects="n <- n1i + n2i; m <- ai + ci; vi <- n^2 * (n - 1) / (n1i * n2i * m * (n - m)); "
                       "yi <- (ai - m * n1i / n) * vi"),
        RegressionTest("deeks", "Deeks's test", "Deeks et al. 2005", effects=_effective_size, measures=_ODDS,
                       on="inverse square root of the effective sample size", r_counts=_FOUR,
                       r_effects="vi <- (n1i + n2i) / (4 * n1i * n2i)"),
    )
}  # fmt: skip
"""Regression tests of a funnel's asymmetry, by their code in ``test=``."""


def is_finite(effects: Effects) -> np.ndarray:
    """Return which rows have an effect and a variance that is above 0, (k,)."""
    return np.isfinite(effects.y) & np.isfinite(effects.v) & (effects.v > 0)
