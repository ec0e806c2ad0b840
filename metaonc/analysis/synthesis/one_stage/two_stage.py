"""One stage beside two: the same trials, each with its own hazard ratio, pooled by inverse variance."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ....base.digits import plain
from ...pooling.inverse_variance.pool import pool
from ...survival.cox.partial_likelihood import has_maximum, maximise
from .evidence import Trials

POOLS = {"common effect": ("CE", "wald"), "ML": ("ML", "wald"), "REML": ("REML", "HKSJ")}
COLUMNS = ["model", "estimate", "se", "ci_low", "ci_high", "tau2", "interval", "k"]


def own_effects(found: Trials) -> pd.DataFrame:
    """Return one row a trial: study, patients and events by arm, its own log hazard ratio and standard error."""
    rows = []
    for t in found.trials:
        estimate, se = maximise(t.terms) if has_maximum(t.terms) else (math.nan, math.nan)
        rows.append((t.label, len(t.treatment.time), t.events[0], len(t.control.time), t.events[1], estimate, se))
    return pd.DataFrame(rows, columns=["study", "n_t", "events_t", "n_c", "events_c", "estimate", "se"])


def two_stages(own: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the pools of the trials' own hazard ratios, one row a model."""
    known = own[np.isfinite(own["estimate"])]
    if not len(known):
        return pd.DataFrame(columns=COLUMNS)
    table = pd.DataFrame({"study": known["study"], "yi": known["estimate"], "vi": known["se"] ** 2})
    rows = []
    for model, (method, ci) in POOLS.items():
        r = pool(table, study="study", measure="HR", method=method, ci=ci, level=level)
        rows.append((model, r.estimate, r.se, r.ci_low, r.ci_high, r.tau2 if model != "common effect" else 0.0, r.ci,
                     r.k))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def in_words(estimate: float, two: pd.DataFrame, *, random: bool, bayes: bool, left_out: int) -> tuple[str, ...]:
    """Return why one stage and two differ, with how much."""
    if not len(two):
        return ()
    rows = two.set_index("model")
    like = "ML" if random else "common effect"
    moved = estimate - float(rows["estimate"][like])
    said = [f"one stage less two stages ({like}), log hazard ratio: {plain(moved)}; two stages take each trial's "
            "likelihood for a normal one, one stage takes it as it is"]  # fmt: skip
    if bayes:
        said.append("the posterior also holds the prior of tau, and what is not known of tau")
    elif random:
        tau = float(rows["tau2"]["REML"]) - float(rows["tau2"]["ML"])
        if math.isfinite(tau):
            said.append(f"tau² by REML is {plain(tau)} above that by ML, as it counts the mean as estimated: the one "
                        "stage is by ML")  # fmt: skip
    if left_out:
        said.append(f"{left_out} of the trials have no hazard ratio of their own and stand in one stage only")
    return tuple(said)
