"""One stage beside two: the same trials, each with its own hazard ratio, pooled by inverse variance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.caution import Beside, Caution
from ....base.check import Floats
from ....base.digits import plain
from ...effects.measures import MEASURES
from ...methods.narrower import is_narrower
from ...methods.tau2 import TAU2_METHODS, is_common
from ...numeric import wls
from ...numeric.distributions import critical, two_sided_p
from ...numeric.normal_likelihood import weights
from ...pooling.inverse_variance.estimate import spread
from ...results.cautions import narrower
from .evidence import Trial
from .likelihoods.partial import maxima

POOLS = {"common effect": ("CE", "wald"), "ML": ("ML", "wald"), "REML": ("REML", "HKSJ")}
COLUMNS = ["model", "estimate", "se", "ci_low", "ci_high", "tau2", "interval", "k"]


def own_effects(trials: Sequence[Trial]) -> dict[str, Any]:
    """Return columns, a row a trial: study, patients and events by arm, its own log hazard ratio and standard error."""
    events_t, events_c = zip(*(t.events for t in trials), strict=True)
    estimate, se = maxima([t.terms for t in trials])
    return {
        "study": [t.label for t in trials],
        "n_t": [len(t.treatment.time) for t in trials], "events_t": list(events_t),
        "n_c": [len(t.control.time) for t in trials], "events_c": list(events_c), "estimate": estimate, "se": se,
    }  # fmt: skip


def two_stages(own: Mapping[str, Any], level: float) -> pd.DataFrame:
    """Return the pools of the trials' own hazard ratios, one row a model; none of one trial."""
    known = np.isfinite(own["estimate"])
    y, v = own["estimate"][known], own["se"][known] ** 2
    if len(own["study"]) < 2 or not len(y):
        return pd.DataFrame(columns=COLUMNS)
    rows = [(model, *_pooled(y, v, method, ci, level), ci if len(y) > 1 else "wald", len(y))
            for model, (method, ci) in POOLS.items()]  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)))


def _pooled(y: Floats, v: Floats, method: str, ci: str, level: float) -> tuple[float, float, float, float, float]:
    """Return a pool of effects by inverse variance: estimate, se, limits and tau², which one trial does not show."""
    tau2 = math.nan if len(y) == 1 and not is_common(method) else float(TAU2_METHODS[method].estimate(y, v, None))
    found = wls.fit(weights(v, 0.0 if math.isnan(tau2) else tau2), y)
    se, df = spread(found, ci, len(y))
    mean, half = found.beta.item(), float(critical(level, df)) * se
    return mean, se, mean - half, mean + half, tau2


def narrow(two: pd.DataFrame, errors: Floats, level: float) -> list[Caution]:
    """Return the caution of a two-stage interval that is narrower than the one by the variances as they are.

    Parameters
    ----------
    two
        What `two_stages` returned.
    errors
        Standard errors of the trials' own log hazard ratios, NaN where a trial has none.
    level
        Of the interval.
    """
    found = []
    for row in two[two["k"] > 1].to_dict("records"):
        tau2, df, v = row["tau2"], row["k"] - 1.0, errors[np.isfinite(errors)] ** 2
        wald = float(np.sum(1 / (v + tau2)) ** -0.5)
        if is_narrower(row["interval"], row["se"], df, wald, level):
            of = f"two stages, {row['model']}"
            found.append(narrower(row["interval"], tau2, row["estimate"], wald, df, level, MEASURES["HR"],
                                  scaled=row["se"], of=of))  # fmt: skip
    return found


def in_words(pooled: float, two: pd.DataFrame, *, random: bool, bayes: bool, left_out: int) -> tuple[str, ...]:
    """Return why one stage and two differ, with how much."""
    if not len(two):
        return ()
    means = dict(zip(two["model"], two["estimate"], strict=True))
    like = "ML" if random else "common effect"
    moved = pooled - float(means[like])
    said = [f"one stage less two stages ({like}), log hazard ratio: {plain(moved)}; two stages take each trial's "
            "likelihood for a normal one, one stage takes it as it is"]  # fmt: skip
    if bayes:
        said.append("the posterior also holds the prior of tau, and what is not known of tau")
    elif random:
        tau2 = dict(zip(two["model"], two["tau2"], strict=True))
        tau = float(tau2["REML"]) - float(tau2["ML"])
        if math.isfinite(tau):
            said.append(f"tau² by REML is {plain(tau)} above that by ML, as it counts the mean as estimated: the one "
                        "stage is by ML")  # fmt: skip
    if left_out:
        said.append(f"{left_out} of the trials have no hazard ratio of their own and stand in one stage only")
    return tuple(said)


def disagreeing(two: pd.DataFrame, limits: tuple[float, float], level: float) -> list[Caution]:
    """Return the caution of a one-stage interval with another conclusion about no effect than two stages by REML.

    Parameters
    ----------
    two
        What `two_stages` returned.
    limits
        Of the one-stage log hazard ratio.
    level
        Of both intervals.
    """
    found = []
    for row in two[(two["model"] == "REML") & (two["k"] > 1)].to_dict("records"):
        analysed, df = (row["estimate"], row["ci_low"], row["ci_high"]), row["k"] - 1.0
        if not np.isfinite([*analysed, *limits]).all() or _without_0(limits) == _without_0(analysed[1:]):
            continue
        hr, low, high = np.exp(analysed).tolist()
        found.append(Caution(
            text="one stage and two stages do not come to one conclusion about no effect; likelihood takes no account "
            "of how little few trials tell of τ², REML with Student's t does",
            beside=Beside(
                name="two-stage interval (REML, Hartung-Knapp)", estimate=hr, low=low, high=high, analysed=analysed,
                p=float(two_sided_p(row["estimate"] / row["se"], df)), level=level, record=MEASURES["HR"],
            ),
        ))  # fmt: skip
    return found


def _without_0(limits: tuple[float, float]) -> bool:
    return limits[0] > 0 or limits[1] < 0
