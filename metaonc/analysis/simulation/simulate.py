"""simulate: meta-analyses of trials, drawn at random."""

from __future__ import annotations

import numpy as np

from ...base.check import seed_of
from ...base.messages.arguments import known_arguments
from ...errors import OptionError
from .scenarios.scenario import Scenario
from .scenarios.simulated import Simulated

MOST = 200_000_000  # effects at a time


@known_arguments
def simulate(scenario: Scenario, *, n: int = 1000, seed: int | None = None) -> Simulated:
    """Simulate meta-analyses of trials.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    scenario : EffectTrials, ResponseTrials or SurvivalTrials
        What the trials are, how they differ, and their subgroups: classes of ``mo.simulation``.
    n : int, default 1000
        Number of meta-analyses.
    seed : int, optional
        Of the random draws.

    Returns
    -------
    Simulated
        Effects ``yi`` and sampling variances ``vi`` as arrays (n, rows), on the scale of analysis, such as
        ``pool_many`` takes; counts; the true effects; and all as a table.

    Raises
    ------
    OptionError
        A scenario that is none; a number of meta-analyses below 1, or of more than 200 million effects; a seed that is
        no whole number from 0.

    Examples
    --------
    >>> import metaonc as mo
    >>> trials = mo.simulation.SurvivalTrials(k=8, hr=0.8, tau=0.15, events=(60, 300))
    >>> s = mo.simulate(trials, n=2000, seed=1)
    >>> many = mo.pool_many(s.yi, s.vi)
    >>> power = (many["p_value"] < 0.05).mean()
    >>> bool(0.6 < power < 0.9)
    True
    """
    check_scenario(scenario)
    check_number(n)
    rows = n * len(scenario.layout()[0])
    if rows > MOST:
        raise OptionError(
            f"n={n} meta-analyses have {rows} effects, more than memory may hold ({MOST}): simulate them in parts, "
            "each with a seed of its own, or take mo.simulation.study, which does."
        )
    return scenario.draw(np.random.default_rng(seed_of(seed)), n)


def check_scenario(scenario: object) -> None:
    """Refuse what is no scenario."""
    if not isinstance(scenario, Scenario):
        raise OptionError(
            f"{scenario!r} is no scenario: give EffectTrials, ResponseTrials or SurvivalTrials of mo.simulation."
        )


def check_number(n: object, name: str = "n") -> None:
    """Refuse what is no whole number from 1."""
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 1:
        raise OptionError(f"{name}={n!r} must be a whole number from 1.")
