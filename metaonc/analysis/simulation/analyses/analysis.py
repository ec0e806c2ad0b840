"""What analyses of simulated meta-analyses have in common."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ....errors import OptionError
from ...numeric.wls import Floats
from ..scenarios.scenario import Scenario
from ..scenarios.simulated import Simulated


class Outcomes(NamedTuple):
    """What an analysis found, one number a meta-analysis, (m,); NaN where there is none. An estimate of NaN failed."""

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    p: Floats
    prediction_low: Floats
    prediction_high: Floats


@dataclass(frozen=True, kw_only=True)
class Analysis(ABC):
    """A method of analysis, whose performance is to be known."""

    is_fast: ClassVar[bool] = True

    @property
    def label(self) -> str:
        """What it is, in short: the options that are not as by default."""
        told = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self))
        return f"{type(self).__name__}({', '.join(told)})"

    def truth(self, scenario: Scenario) -> float:
        """Return what its estimate is of."""
        return scenario.mean

    def check(self, scenario: Scenario) -> None:
        """Refuse a scenario that it is not for."""
        if scenario.split == "within" or scenario.interaction:
            raise OptionError(
                f"{self.label} pools trials of one effect, and the scenario {scenario.label!r} has subgroups: take "
                "WithinTrials, BetweenSubgroups, or a scenario without split."
            )

    @abstractmethod
    def run(self, s: Simulated, level: float) -> Outcomes:
        """Analyse all meta-analyses."""


def present(y: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Return effects and variances in which rows without an effect have a variance that is infinite."""
    there = np.isfinite(y) & np.isfinite(v)
    return np.where(there, y, 0.0), np.where(there, v, np.inf)


def one_by_one(m: int, found: Callable[[int], Any]) -> Outcomes:
    """Return the outcomes of results, each with the fields of a pool; None is one that failed."""
    out = np.full((7, m), np.nan)
    for i in range(m):
        r = found(i)
        if r is not None:
            out[:, i] = (r.estimate, r.se, r.ci_low, r.ci_high, r.p_value, r.prediction_low, r.prediction_high)
    return Outcomes(*out)
