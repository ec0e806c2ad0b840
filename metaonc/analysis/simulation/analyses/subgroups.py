"""Differences between two subgroups: of trials, or of patients within trials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....base.check import one_of
from ....errors import OptionError
from ...methods.intervals import from_covariance
from ...methods.tau2 import TAU2_METHODS
from ...numeric import wls
from ...numeric.distributions import critical, two_sided_p
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...pooling.inverse_variance.batch import pooled_rows
from ...pooling.inverse_variance.options import check_options
from ..scenarios.scenario import Scenario
from ..scenarios.simulated import Simulated
from .analysis import Analysis, Outcomes, present
from .effects import Pool

Mask = NDArray[np.bool_]
TESTS = ("F", "F-floor", "chi-square")


@dataclass(frozen=True, kw_only=True)
class BetweenSubgroups(Analysis):
    """The test between two subgroups of trials, as ``pool_subgroups`` makes it.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    test : {"F", "F-floor", "chi-square"}
        F of Knapp and Hartung with one tau², the same with a scale of at least 1, or chi-square of the subgroups' pools
        by their standard errors, a tau² each.
    method : str
        Estimator of tau².
    ci : str
        Whose standard errors chi-square takes; of F of no use.

    Raises
    ------
    OptionError
        A method that does not exist, or is not fitted in batches.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.simulation.BetweenSubgroups(test="chi-square").label
    'between, chi-square HKSJ, REML'
    """

    test: str = "F"
    method: str = "REML"
    ci: str = "HKSJ"

    def __post_init__(self) -> None:
        one_of("test", self.test, TESTS)
        one_of("method", self.method, TAU2_METHODS)
        one_of("ci", self.ci, from_covariance())
        check_options(self.method, self.ci, None, None, None)

    @property
    def label(self) -> str:
        """Test and estimator."""
        return f"between, {self.test}" + (f" {self.ci}" if self.test == "chi-square" else "") + f", {self.method}"

    def truth(self, scenario: Scenario) -> float:
        """Return the difference between the levels."""
        return scenario.interaction

    def check(self, scenario: Scenario) -> None:
        """Refuse trials that are in no subgroup."""
        if scenario.split != "between":
            raise OptionError(f"{self.label} compares subgroups of trials: give split='between' to {scenario.label!r}.")
        if self.test != "chi-square" and scenario.k < 3:
            raise OptionError(f"{self.label} needs three trials or more; {scenario.label!r} has {scenario.k}.")

    def run(self, s: Simulated, level: float) -> Outcomes:
        """Test all meta-analyses."""
        y, v = present(s.yi, s.vi)
        out = np.full((7, len(y)), np.nan)
        some = np.stack([np.isfinite(v[:, s.level == g]).any(1) for g in (0, 1)]).all(0)
        found = self._chi_square if self.test == "chi-square" else self._one_tau2
        estimate, se, df = found(y[some], v[some], s.level == 1)
        half = critical(level, df) * se
        with np.errstate(divide="ignore", invalid="ignore"):
            p = two_sided_p(estimate / se, df)
        out[:5, some] = estimate, se, estimate - half, estimate + half, p
        return Outcomes(*out)

    def _chi_square(self, y: Floats, v: Floats, second: Mask) -> tuple[Floats, Floats, Floats]:
        sides = (~second, second)
        parts = [pooled_rows(y[:, rows], v[:, rows], self.method, self.ci, 0.95, None) for rows in sides]
        difference = parts[1].estimate - parts[0].estimate
        return difference, np.hypot(parts[0].se, parts[1].se), np.full(len(y), np.inf)

    def _one_tau2(self, y: Floats, v: Floats, second: Mask) -> tuple[Floats, Floats, Floats]:
        x = np.stack([~second, second], axis=1).astype(float)
        f = wls.fit(weights(v, TAU2_METHODS[self.method].estimate(y, v, x)), y, x)
        df = np.isfinite(v).sum(1) - 2.0
        scale = wls.q(f) / df
        if self.test == "F-floor":
            scale = np.maximum(scale, 1.0)
        variance = np.diagonal(f.cov, axis1=-2, axis2=-1).sum(-1)
        return f.beta[:, 1] - f.beta[:, 0], np.sqrt(scale * variance), df


@dataclass(frozen=True, kw_only=True)
class WithinTrials(Analysis):
    """The interaction within trials, as ``interaction`` pools it: differences of each trial's levels.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    method : str
        Estimator of tau², of the differences.
    ci : str
        Confidence interval.

    Raises
    ------
    OptionError
        A method that does not exist, or an interval that is not made for the estimator.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.simulation.WithinTrials().label
    'within, REML, HKSJ'
    """

    method: str = "REML"
    ci: str = "HKSJ"

    def __post_init__(self) -> None:
        self._pool()

    def _pool(self) -> Pool:
        return Pool(method=self.method, ci=self.ci)

    @property
    def label(self) -> str:
        """Estimator and interval."""
        return f"within, {self._pool().label}"

    def truth(self, scenario: Scenario) -> float:
        """Return the difference between the levels."""
        return scenario.interaction

    def check(self, scenario: Scenario) -> None:
        """Refuse trials without subgroups in each."""
        if scenario.split != "within":
            raise OptionError(f"{self.label} compares levels within trials: give split='within' to {scenario.label!r}.")

    def run(self, s: Simulated, level: float) -> Outcomes:
        """Pool the differences of all meta-analyses."""
        first, second = s.level == 0, s.level == 1
        y, v = s.yi[:, second] - s.yi[:, first], s.vi[:, second] + s.vi[:, first]
        return self._pool().pooled(*present(y, v), level)
