"""What scenarios of every kind have in common: the true effects, and where subgroups stand."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ....base.check import one_of
from ....base.numbers import number
from ....errors import OptionError
from ...numeric.mixed_model import Ints
from ...numeric.wls import Floats
from .heterogeneity import HETEROGENEITY
from .simulated import Simulated

SPLITS = ("within", "between")


@dataclass(frozen=True, kw_only=True)
class Scenario(ABC):
    """Trials of one kind, of which meta-analyses are simulated.

    Attributes
    ----------
    k : int
        Trials of a meta-analysis.
    tau : float
        Standard deviation of true effects between trials.
    distribution : {"normal", "t", "skew"}
        Of true effects: normal, t with 5 degrees of freedom, or exponential with a long tail to the right; mean and tau
        are the same of each.
    split : {"within", "between"}, optional
        Subgroups of two levels, in each trial (of patients, such as KRAS status) or of trials.
    interaction : float
        Effect in the second level less that in the first, on the scale of analysis.
    tau_interaction : float
        Its standard deviation between trials, of a split within them.
    share : float
        Share of the second level: of each trial's patients or events, or of trials.
    levels : tuple of str
        Names of the levels.
    """

    k: int = 10
    tau: float = 0.0
    distribution: str = "normal"
    split: str | None = None
    interaction: float = 0.0
    tau_interaction: float = 0.0
    share: float = 0.5
    levels: tuple[str, str] = ("wild type", "mutant")
    measure: ClassVar[str] = "GEN"

    def __post_init__(self) -> None:
        if isinstance(self.k, bool) or not isinstance(self.k, (int, np.integer)) or self.k < 1:
            raise OptionError(f"k={self.k!r} must be a whole number of trials from 1.")
        one_of("distribution", self.distribution, HETEROGENEITY)
        if self.split is not None:
            one_of("split", self.split, SPLITS)
        for name in ("tau", "tau_interaction"):
            if number(getattr(self, name), name) < 0:
                raise OptionError(f"{name}={getattr(self, name)!r} is a standard deviation: give it from 0.")
        number(self.interaction, "interaction")
        if not 0 < number(self.share, "share") < 1:
            raise OptionError(f"share={self.share!r} must lie between 0 and 1.")
        self._check_split()

    def _check_split(self) -> None:
        if self.split != "within" and self.tau_interaction:
            raise OptionError("tau_interaction= is of a split within trials: give split='within', or leave it out.")
        for name, unused in (("interaction", self.interaction != 0), ("share", self.share != 0.5)):
            if self.split is None and unused:
                raise OptionError(f"{name}= is of subgroups: give split='within' or split='between'.")
        if self.split is not None and len(set(map(str, self.levels))) != 2:
            raise OptionError(f"levels={self.levels!r} must be two names, such as ('wild type', 'mutant').")
        if self.split == "between" and not 0 < self._second() < self.k:
            raise OptionError(f"of k={self.k} trials share={self.share:g} leaves a level without one: change either.")

    def _second(self) -> int:
        return round(self.share * self.k)

    @property
    def mean(self) -> float:
        """Mean effect, of the first level where there are two, on the scale of analysis."""
        return 0.0

    @property
    def label(self) -> str:
        """What is not as by default, in short."""
        told = (
            f"{f.name}={getattr(self, f.name)!r}"
            for f in dataclasses.fields(self)
            if f.name == "k" or getattr(self, f.name) != f.default
        )
        return ", ".join(told)

    @property
    def has_null(self) -> bool:
        """Whether an effect of 0 is no effect, so that tests of it have a size and a power."""
        return True

    def layout(self) -> tuple[Ints, Ints]:
        """Return trial and level of each row."""
        trials = np.arange(self.k)
        if self.split == "within":
            return np.repeat(trials, 2), np.tile([0, 1], self.k)
        return trials, (trials >= self.k - self._second()).astype(int) if self.split else np.zeros(self.k, dtype=int)

    def true_effects(self, rng: np.random.Generator, m: int) -> Floats:
        """Return the true effects, (m, r)."""
        draw = HETEROGENEITY[self.distribution].draw
        own = self.mean + self.tau * draw(rng, (m, self.k))
        trial, level = self.layout()
        if self.split != "within":
            return own + self.interaction * level
        apart = self.interaction + self.tau_interaction * draw(rng, (m, self.k))
        return own[:, trial] + apart[:, trial] * level

    def part(self) -> Floats:
        """Return the share of its trial's patients that each row has, (r,)."""
        level = self.layout()[1]
        if self.split != "within":
            return np.ones(len(level))
        return np.where(level == 1, self.share, 1 - self.share)

    def simulated(self, yi: Floats, vi: Floats, effects: Floats, counts: dict[str, Any] | None = None) -> Simulated:
        """Return arrays with the layout of this scenario."""
        trial, level = self.layout()
        names = self.levels if self.split else ()
        return Simulated(yi, vi, effects, trial, level, names, counts or {}, self.measure)

    @abstractmethod
    def draw(self, rng: np.random.Generator, m: int) -> Simulated:
        """Return m meta-analyses."""
