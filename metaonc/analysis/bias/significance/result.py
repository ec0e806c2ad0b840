"""What is returned on the significance of trials, and on what would undo that of a pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import p_said, plain
from ....base.result import Provenance, Result, Text
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..cautions import few, heterogeneous
from . import rcode

DIRECTIONS = {"two-sided": "", "less": " below no effect", "greater": " above no effect"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ExcessResult(Result):
    """A test of excess significance.

    Attributes
    ----------
    observed, expected
        Number of significant trials, and that which their power lets expect.
    statistic
        Chi-square of the test that has one; else NaN.
    p_value
        Of so many or more.
    test, alternative, alpha
        Codes of the test and of what counts as significant, and the level of the trials' tests.
    theta, tau2
        Effect that the power is of, on the scale of analysis, and the variance between trials that it is averaged over.
    power, significant
        Of each trial, (k,): its power, and 1 where it is significant.
    k, measure
        Of the pool.
    result
        The pool.
    """

    observed: int
    expected: float
    statistic: float
    p_value: float
    test: str
    alternative: str
    alpha: float
    theta: float
    tau2: float
    power: Floats
    significant: Floats
    k: int
    measure: str
    result: MetaResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("observed", "expected", "test", "alternative", "alpha", "theta")

    @property
    def ratio(self) -> float:
        """Observed over expected."""
        return self.observed / self.expected

    def _cautions(self) -> list[Caution]:
        told = few(self.k)
        if self.tau2 == 0 and heterogeneous(self.result):
            told.append(
                "trials differ by more than chance (I² 50 % or more), and power at one common effect is then not theirs"
            )
        return [Caution(text=text) for text in told] + list(self.result.cautions)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a trial (type ``study``) with its power, and the test (``test``)."""
        rows = pd.DataFrame({"term": list(self.result.studies.labels), "type": "study", "power": self.power,
                             "significant": self.significant})  # fmt: skip
        rows["p_value"] = np.nan
        rows.loc[len(rows)] = {"term": "excess", "type": "test", "power": self.expected, "significant": self.observed,
                               "p_value": self.p_value}  # fmt: skip
        return rows

    def r_code(self) -> Text:
        """Return the R script, data inline, of metafor's test."""
        return Text(rcode.excess(self))

    def _lines(self) -> list[str]:
        where = DIRECTIONS[self.alternative]
        found = f"{self.observed} significant, {plain(self.expected)} expected, {p_said(self.p_value)} ({self.test})"
        return [f"Test of excess significance: {self.k} trials, each tested at {plain(self.alpha)}{where}", found]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FailSafeResult(Result):
    """A fail-safe N: how many trials without an effect it would take to overturn a result.

    Attributes
    ----------
    n
        That number; 0 where nothing is to be overturned.
    method
        Rosenthal, Orwin, Rosenberg or General.
    alpha, target
        Level of the test, or the effect that would not matter, on the scale of analysis; NaN of the other.
    p_value
        Without these trials; NaN of Orwin.
    k, measure
        Of the pool.
    result
        The pool.
    """

    n: int
    method: str
    alpha: float
    target: float
    p_value: float
    k: int
    measure: str
    result: MetaResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("n", "alpha", "target")

    def _cautions(self) -> list[Caution]:
        return list(self.result.cautions)

    def _glance(self) -> list[dict[str, Any]]:
        return self._row()

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row: the number of trials, in the column ``n``."""
        return pd.DataFrame({"term": ["fail-safe N"], "type": ["number"], "p_value": [self.p_value], "n": [self.n]})

    def r_code(self) -> Text:
        """Return the R script, data inline, by which R arrives at this number."""
        return Text(rcode.fail_safe(self))

    @property
    def asks(self) -> str:
        """What the trials would have to bring about, in print."""
        from .fail_safe import METHODS

        record = METHODS[self.method]
        if np.isnan(self.alpha):
            return f"{record.asks_target} {plain(self.target)}"
        return f"{record.asks} {plain(self.alpha)}"

    def _lines(self) -> list[str]:
        return [f"Fail-safe N ({self.method}): {self.k} trials",
                f"{self.n} trial{'s' * (self.n != 1)} without an effect would be needed {self.asks}"]  # fmt: skip
