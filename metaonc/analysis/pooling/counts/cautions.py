"""What must be said with pools of counts: few events, variances at the edge of what is possible, approximations."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....base.caution import Caution
from ...results.cautions import FLAT, SO_FLAT

SIMULATED = "in simulations of 3 to 10 trials of one arm that differ, 95 % intervals held the mean in 85 to 92 %"
FEW_EVENTS = 10  # our own bound, as nothing sharp is known: a normal interval of a logit of fewer is rough
FEW_TRIALS = 5
# Of mixed models: up to which Wald's interval falls below its level where trials differ (study of docs/coverage.md).
FEW_OF_MIXED = 20


def of(r: Any) -> list[Caution]:
    """Return the cautions of a ``CountResult``."""
    if r.ci == "exact":
        return [] if np.isfinite(r.estimate) else [Caution(text=_all_alike(r))]
    found = [] if r.k == 1 else [*_flat(r), *_known(r)]
    return found + _few(r)


def takes_tau2_as_known(r: Any) -> bool:
    """Whether an interval is a normal one of so few rows that it falls below its level where they differ."""
    few = r.k <= FEW_OF_MIXED if r.method == "GLMM" else r.k < FEW_TRIALS
    return bool(few and r.k > 1 and r.ci == "wald")


def _all_alike(r: Any) -> str:
    which = "there was no event"
    if r.record.is_proportion:
        which = "nobody responds" if r.estimate < 0 else "all patients respond"
    return f"{which}: the interval is the exact one of the summed counts, as if trials had one rate"


def _flat(r: Any) -> list[Caution]:
    """Return the caution of a variance, or a correlation, at its lower bound."""
    symbol, value = r.spread
    if value != 0:
        return []
    what = "the summed counts, as if trials had one rate" if r.record.null is None else "a common effect"
    text = FLAT if symbol == "τ²" else FLAT.replace("the variance between trials (τ²)", "the correlation (ρ)")
    return [Caution(text=text, more=f"the result is that of {what}" + f", and {SO_FLAT}" * r.predicts)]


def _known(r: Any) -> list[Caution]:
    """Return the cautions of how the model was fitted to few trials."""
    found = []
    if takes_tau2_as_known(r):
        found.append(Caution(text="the normal interval of few rows takes τ² as known and may be too narrow",
                             more=SIMULATED if r.method == "GLMM" and not r.model else ""))  # fmt: skip
    if getattr(r, "points", 0) == 1:
        found.append(Caution(text="the likelihood is Laplace's approximation, as in R's metafor, which is rough with "
                                  "few events"))  # fmt: skip
    return found


def _few(r: Any) -> list[Caution]:
    """Return the caution of a normal interval of few events, or few that had none."""
    events, patients = (_sum(r, first) for first in ("events", "n"))
    few, what = events, "event" if events == 1 else "events"
    if 0 < patients < 2 * events:
        few = patients - events
        what = "patient without an event" if few == 1 else "patients without an event"
    if few >= FEW_EVENTS or r.ci == "profile":
        return []
    return [Caution(text=f"the interval rests on {few:g} {what}, of which a normal approximation is rough")]


def _sum(r: Any, first: str) -> float:
    """Return the sum of the counts whose roles begin so, 0 where there are none."""
    counts = (r.studies.counts(role) for role in r.record.roles if role.startswith(first))
    return sum(float(np.nansum(x)) for x in counts if x is not None)
