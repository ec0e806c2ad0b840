"""What effects are regressed on to see whether small trials differ: one record each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ....errors import OptionError
from ...numeric.wls import Floats
from ...results.studies import Studies
from ..checks import role_of, sizes


@dataclass(frozen=True, slots=True)
class Predictor:
    """A predictor of effects.

    Attributes
    ----------
    code, label
        Name in calls, as metafor has it, and in print.
    compute
        (variances, sizes) -> its values.
    sized
        Whether it needs the sizes of trials.
    of_precision
        Whether it is made of the variances, which depend on the effects themselves for some measures.
    limit
        Whether it goes to 0 in trials without end, so that the intercept is the effect there.
    r
        R expression of it, by vi and ni.
    """

    code: str
    label: str
    compute: Callable[[Floats, Floats], Floats]
    sized: bool
    limit: bool
    r: str

    @property
    def of_precision(self) -> bool:
        """Whether it is made of the variances."""
        return not self.sized

    @property
    def small(self) -> int:
        """The sign of its change from large trials to small ones."""
        return 1 if self.limit else -1


PREDICTORS = {
    p.code: p
    for p in (
        Predictor("sei", "standard error", lambda v, n: np.sqrt(v), False, True, "sqrt(vi)"),
        Predictor("vi", "sampling variance", lambda v, n: v, False, True, "vi"),
        Predictor("ni", "sample size", lambda v, n: n, True, False, "ni"),
        Predictor("ninv", "inverse of the sample size", lambda v, n: 1 / n, True, True, "1/ni"),
        Predictor("sqrtni", "square root of the sample size", lambda v, n: np.sqrt(n), True, False, "sqrt(ni)"),
        Predictor("sqrtninv", "inverse square root of the sample size", lambda v, n: 1 / np.sqrt(n), True, True,
                  "1/sqrt(ni)"),
    )
}  # fmt: skip
"""What a regression test of asymmetry takes for the size of a trial, by its code in ``predictor=``."""


def harmonic_size(studies: Studies, n: str | None, verb: str) -> Floats:
    """Return the size by which 1/n is the sum of the inverse sizes of both arms."""
    if n is not None:
        raise OptionError(f"n= has no use for {verb}, which takes the sizes of both arms, n_t and n_c.")
    n_t, n_c = role_of(studies, "n_t", verb), role_of(studies, "n_c", verb)
    return n_t * n_c / (n_t + n_c)


def whole_size(studies: Studies, n: str | None, verb: str) -> Floats:
    """Return the size of a trial, all arms together."""
    return sizes(studies, n, verb)
