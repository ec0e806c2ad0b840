"""Trials of survival: log hazard ratios from events, or from patients whose times are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.numbers import number
from ....errors import OptionError
from ...numeric.wls import Floats
from .scenario import Scenario
from .simulated import Simulated
from .sizes import check_sizes, drawn
from .two_arm_cox import log_hazard_ratio


@dataclass(frozen=True, kw_only=True)
class PatientTimes:
    r"""Times of patients: Weibull, with proportional hazards and administrative censoring.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: S_0(t) = 2^{-(t/median)^{shape}}, \quad S_1(t) = S_0(t)^{HR}

    Parameters
    ----------
    median : float
        Median of control.
    shape : float
        Of Weibull's distribution; 1 is exponential.
    accrual, follow_up : float
        Patients enter evenly over `accrual`, and are followed for `follow_up` after it.

    Examples
    --------
    >>> import metaonc as mo
    >>> times = mo.simulation.PatientTimes(median=9, accrual=12, follow_up=6)
    >>> trials = mo.simulation.SurvivalTrials(k=3, hr=0.7, n=200, times=times)
    >>> mo.simulate(trials, n=1, seed=1).table(0)["vi"].round(4).tolist()  # 4 / events, nearly
    [0.0389, 0.0371, 0.0368]
    """

    median: float = 12.0
    shape: float = 1.0
    accrual: float = 18.0
    follow_up: float = 12.0

    def __post_init__(self) -> None:
        for name in ("median", "shape", "follow_up"):
            if number(getattr(self, name), name) <= 0:
                raise OptionError(f"{name}={getattr(self, name)!r} must be above 0.")
        if number(self.accrual, "accrual") < 0:
            raise OptionError(f"accrual={self.accrual!r} must be from 0.")

    def draw(self, rng: np.random.Generator, log_hr: Any) -> tuple[Floats, Floats]:
        """Return times and events of patients whose log hazard ratios to control these are."""
        hazards = rng.standard_exponential(np.shape(log_hr)) / (np.log(2) * np.exp(log_hr))
        time = self.median * hazards ** (1 / self.shape)
        censored = self.follow_up + self.accrual * rng.uniform(size=np.shape(log_hr))
        return np.minimum(time, censored), (time <= censored).astype(float)


@dataclass(frozen=True, kw_only=True)
class SurvivalTrials(Scenario):
    r"""Trials of survival, of two arms.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Without `times` the log hazard ratio is drawn from the events of a trial, e, of which a share a is allocated to the
    treatment arm:

    .. math:: y_i \sim N(\theta_i, v_i), \quad v_i = \frac{1}{e_i a (1 - a)}

    which is 4/e for arms of one size. With `times` each patient's time is drawn, and y and v are Cox's.

    Parameters
    ----------
    k : int, default 10
        Trials of a meta-analysis.
    tau : float, default 0
        Standard deviation of true log hazard ratios between trials.
    distribution : str, default "normal"
        Of true log hazard ratios: normal, t with 5 degrees of freedom (``t``), or exponential with a long tail
        to the right (``skew``); mean and tau are the same of each.
    split : str, optional
        Subgroups of two levels: ``within`` each trial (of patients, such as KRAS status) or ``between`` trials.
    interaction, tau_interaction : float, default 0
        Effect in the second level less that in the first, on the scale of analysis, and its standard deviation
        between trials, of a split within them.
    share : float, default 0.5
        Share of the second level: of each trial's patients or events, or of trials.
    levels : (str, str), default ("wild type", "mutant")
        Names of the levels.
    hr : float
        Hazard ratio, of the first level where there are two.
    events : int, tuple or list
        Events of a trial: one number, a tuple (low, high) to draw from, or a list, one a trial. Of no use with `times`.
    allocation : float
        Share of patients in the treatment arm.
    n : int, tuple or list
        Patients of a trial, with `times`.
    times : PatientTimes, optional
        Distribution of patients' times.

    Raises
    ------
    OptionError, DataError
        Numbers that are none, or have the wrong form or sign.

    Examples
    --------
    >>> import metaonc as mo
    >>> kras = mo.simulation.SurvivalTrials(k=3, hr=0.7, events=200, split="within", interaction=0.3, share=0.4)
    >>> mo.simulate(kras, n=1, seed=1).table(0)[["trial", "subgroup", "vi"]].head(2)
         trial   subgroup        vi
    0  trial 1  wild type  0.033333
    1  trial 1     mutant  0.050000
    """

    hr: float = 0.8
    events: Any = (60, 300)
    allocation: float = 0.5
    n: Any = (100, 400)
    times: PatientTimes | None = None
    measure: ClassVar[str] = "HR"

    def __post_init__(self) -> None:
        super().__post_init__()
        if number(self.hr, "hr") <= 0:
            raise OptionError(f"hr={self.hr!r} must be above 0; 1 is no effect.")
        if not 0 < number(self.allocation, "allocation") < 1:
            raise OptionError(f"allocation={self.allocation!r} must lie between 0 and 1.")
        check_sizes("events", self.events, self.k, least=1)
        check_sizes("n", self.n, self.k, least=4, whole=True)

    @property
    def mean(self) -> float:
        """Log hazard ratio, of the first level where there are two."""
        return float(np.log(self.hr))

    def draw(self, rng: np.random.Generator, m: int) -> Simulated:
        """Return m meta-analyses."""
        effects = self.true_effects(rng, m)
        if self.times is not None:
            return self.simulated(*self._of_patients(rng, effects), effects)
        events = drawn(rng, self.events, m, self.k)[:, self.layout()[0]] * self.part()
        v = 1 / (events * self.allocation * (1 - self.allocation))
        return self.simulated(rng.normal(effects, np.sqrt(v)), v, effects)

    def _of_patients(self, rng: np.random.Generator, effects: Floats) -> tuple[Floats, Floats]:
        """Return Cox's log hazard ratios and variances, a row of the layout at a time, so that memory stays bounded."""
        m, rows = effects.shape
        sizes = drawn(rng, self.n, m, self.k, whole=True)[:, self.layout()[0]] * self.part()
        y, v = np.empty((m, rows)), np.empty((m, rows))
        for row in range(rows):
            time, event, treated = self._patients(rng, sizes[:, row], effects[:, row])
            y[:, row], v[:, row] = log_hazard_ratio(time, event, treated)
        return y, v

    def _patients(self, rng: np.random.Generator, n: Floats, effect: Floats) -> tuple[Floats, Floats, Floats]:
        """Return times, events and arms, (m, largest n); patients that are not there are censored at 0."""
        assert self.times is not None
        number_of = np.round(n).astype(int)
        place = np.arange(int(number_of.max()))
        treated = (place < np.round(number_of * self.allocation)[:, None]).astype(float)
        time, event = self.times.draw(rng, effect[:, None] * treated)
        there = place < number_of[:, None]
        return np.where(there, time, 0.0), event * there, treated

    def patients(self, seed: int | None = None) -> pd.DataFrame:
        """Return the patients of one meta-analysis, as files of trials have them.

        Parameters
        ----------
        seed : int, optional
            Of the draws.

        Returns
        -------
        pandas.DataFrame
            One row a patient: ``trial``, ``subgroup`` (where there are levels), ``arm``, ``time`` and ``event``.

        Raises
        ------
        OptionError
            Of a scenario without `times`.
        """
        if self.times is None:
            raise OptionError("patients have times: give times=PatientTimes(...) to the scenario.")
        rng = np.random.default_rng(seed)
        effects = self.true_effects(rng, 1)
        trial, level = self.layout()
        sizes = drawn(rng, self.n, 1, self.k, whole=True)[:, trial] * self.part()
        parts = []
        for row in range(len(trial)):
            time, event, treated = (x[0] for x in self._patients(rng, sizes[:, row], effects[:, row]))
            part = {"trial": f"trial {trial[row] + 1}"} | ({"subgroup": self.levels[level[row]]} if self.split else {})
            arm = np.where(treated > 0, "treatment", "control")
            parts.append(pd.DataFrame({**part, "arm": arm, "time": time, "event": event.astype(int)}))
        return pd.concat(parts, ignore_index=True)
