"""Trials whose effects are normal with known variances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....base.numbers import number
from .scenario import Scenario
from .simulated import Simulated
from .sizes import check_sizes, drawn


@dataclass(frozen=True, kw_only=True)
class EffectTrials(Scenario):
    r"""Trials whose effects are normal around the true ones, with known sampling variances.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: y_i \sim N(\theta_i, v_i), \quad \theta_i = \mu + \tau u_i

    Parameters
    ----------
    k : int, default 10
        Trials of a meta-analysis.
    tau : float, default 0
        Standard deviation of true effects between trials.
    distribution : str, default "normal"
        Of true effects: normal, t with 5 degrees of freedom (``t``), or exponential with a long tail to the
        right (``skew``); mean and tau are the same of each.
    split : str, optional
        Subgroups of two levels: ``within`` each trial (of patients, such as KRAS status) or ``between`` trials.
    interaction, tau_interaction : float, default 0
        Effect in the second level less that in the first, on the scale of analysis, and its standard deviation
        between trials, of a split within them.
    share : float, default 0.5
        Share of the second level: of each trial's patients or events, or of trials.
    levels : (str, str), default ("wild type", "mutant")
        Names of the levels.
    mu : float
        Mean effect.
    variances : float, tuple or list
        Sampling variances: one number; a tuple (low, high) to draw from evenly; or a list, one a trial. Within trials
        a level has the variance over its share.

    Raises
    ------
    OptionError, DataError
        Numbers that are none, or have the wrong form or sign.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.simulate(mo.simulation.EffectTrials(k=5, mu=-0.3, tau=0.2), n=100, seed=1)
    Simulated: 100 meta-analyses of 5 trials, 5 rows, GEN
    """

    mu: float = 0.0
    variances: Any = (0.01, 0.12)

    def __post_init__(self) -> None:
        super().__post_init__()
        number(self.mu, "mu")
        check_sizes("variances", self.variances, self.k, least=1e-12)

    @property
    def mean(self) -> float:
        """Mean effect, of the first level where there are two."""
        return float(self.mu)

    def draw(self, rng: np.random.Generator, m: int) -> Simulated:
        """Return m meta-analyses."""
        v = drawn(rng, self.variances, m, self.k)[:, self.layout()[0]] / self.part()
        effects = self.true_effects(rng, m)
        return self.simulated(rng.normal(effects, np.sqrt(v)), v, effects)
