"""Trials of responders: counts of one arm or of two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ....base.numbers import number
from ....errors import OptionError
from ...effects.measures import MEASURES
from ...effects.zeros import correct
from ...numeric.wls import Floats
from .scenario import Scenario
from .simulated import Simulated
from .sizes import check_sizes, drawn


@dataclass(frozen=True, kw_only=True)
class ResponseTrials(Scenario):
    r"""Trials of responders: binomial counts of one arm, or of two that a log odds ratio sets apart.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: x_{i0} \sim Bin(n_{i0}, expit(\alpha_i)), \quad x_{i1} \sim Bin(n_{i1}, expit(\alpha_i + \theta_i))

    Parameters
    ----------
    k : int, default 10
        Trials of a meta-analysis.
    tau : float, default 0
        Standard deviation of true log odds (one arm) or log odds ratios (two arms) between trials.
    distribution : str, default "normal"
        Of true log odds (one arm) or log odds ratios (two arms): normal, t with 5 degrees of freedom (``t``),
        or exponential with a long tail to the right (``skew``); mean and tau are the same of each.
    split : str, optional
        Subgroups of two levels: ``within`` each trial (of patients, such as KRAS status) or ``between`` trials.
    interaction, tau_interaction : float, default 0
        Effect in the second level less that in the first, on the scale of analysis, and its standard deviation
        between trials, of a split within them.
    share : float, default 0.5
        Share of the second level: of each trial's patients or events, or of trials.
    levels : (str, str), default ("wild type", "mutant")
        Names of the levels.
    rate : float
        Response rate of one arm, or of control: that of a trial whose log odds are the mean.
    odds_ratio : float, optional
        Odds ratio of two arms; None is one arm.
    n : int, tuple or list
        Patients of each arm: one number, a tuple (low, high) to draw from, or a list, one a trial. Within trials a
        level has its share of them, rounded, and one at least.
    baseline_sd : float
        Standard deviation of control's log odds between trials, normal.

    Raises
    ------
    OptionError, DataError
        Numbers that are none, or have the wrong form or sign.

    Notes
    -----
    ``yi`` and ``vi`` are log odds or log odds ratios with 1/2 added to each cell of every trial, so that all are
    finite and made alike; models of counts take the counts as they are.

    Examples
    --------
    >>> import metaonc as mo
    >>> rare = mo.simulation.ResponseTrials(k=6, rate=0.03, n=(20, 120), tau=0.5)
    >>> mo.simulate(rare, n=2, seed=1).table(0)[["trial", "events", "n"]].head(2)
         trial  events      n
    0  trial 1     2.0  102.0
    1  trial 2     1.0   53.0
    """

    rate: float = 0.3
    odds_ratio: float | None = None
    n: Any = (20, 120)
    baseline_sd: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_sizes("n", self.n, self.k, least=1, whole=True)
        if not 0 < number(self.rate, "rate") < 1:
            raise OptionError(f"rate={self.rate!r} must lie between 0 and 1.")
        if self.odds_ratio is not None and number(self.odds_ratio, "odds_ratio") <= 0:
            raise OptionError(f"odds_ratio={self.odds_ratio!r} must be above 0; 1 is no effect.")
        if number(self.baseline_sd, "baseline_sd") < 0 or (self.baseline_sd and self.odds_ratio is None):
            raise OptionError(f"baseline_sd={self.baseline_sd!r} is of two arms, from 0; of one arm give tau.")

    @property
    def measure(self) -> str:  # type: ignore[override]
        """What yi is."""
        return "PLO" if self.odds_ratio is None else "OR"

    @property
    def mean(self) -> float:
        """Log odds of one arm, log odds ratio of two."""
        return float(special.logit(self.rate) if self.odds_ratio is None else np.log(self.odds_ratio))

    @property
    def has_null(self) -> bool:
        """Whether an effect of 0 is no effect: not of one arm's log odds."""
        return self.odds_ratio is not None

    def draw(self, rng: np.random.Generator, m: int) -> Simulated:
        """Return m meta-analyses."""
        effects = self.true_effects(rng, m)
        if self.odds_ratio is None:
            n = self._patients(rng, m)
            counts = {"events": _responders(rng, n, effects), "n": n}
        else:
            base = special.logit(self.rate) + self.baseline_sd * rng.standard_normal((m, self.k))[:, self.layout()[0]]
            nt, nc = self._patients(rng, m), self._patients(rng, m)
            counts = {"events_t": _responders(rng, nt, base + effects), "n_t": nt,
                      "events_c": _responders(rng, nc, base), "n_c": nc}  # fmt: skip
        compute = MEASURES[self.measure].compute
        assert compute is not None
        flat = {role: x.ravel() for role, x in counts.items()}
        y, v = compute(correct(flat, 0.5, "all")[0])
        return self.simulated(y.reshape(effects.shape), v.reshape(effects.shape), effects, counts)

    def _patients(self, rng: np.random.Generator, m: int) -> Floats:
        whole = drawn(rng, self.n, m, self.k, whole=True)[:, self.layout()[0]]
        return np.maximum(np.round(whole * self.part()), 1.0)


def _responders(rng: np.random.Generator, n: Floats, log_odds: Floats) -> Floats:
    return rng.binomial(n.astype(int), special.expit(log_odds)).astype(float)
