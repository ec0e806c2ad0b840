"""The optimal information size: what one adequate trial would need, beside what the pool has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...base.digits import plain
from ..bias.cautions import events_of
from ..numeric.distributions import critical
from ..results.pooled import PooledResult
from ..sensitivity.overturning.added_trial import PER_EVENT, control_risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """Information.

    Attributes
    ----------
    needed, there
        What a trial needs to show the minimal difference, and what the trials of the pool have together.
    unit
        Of both: events or patients.
    told
        How both were worked out, in words.
    """

    needed: float
    there: float
    unit: str
    told: str

    @property
    def suffices(self) -> bool:
        """Whether there is as much as is needed."""
        return self.there >= self.needed


def events_needed(log_ratio: float, level: float, power: float) -> float:
    """Return the events that a trial with arms of one size needs to show a log hazard ratio (Schoenfeld 1983).

    >>> round(events_needed(math.log(0.7), 0.95, 0.8))
    247
    """
    return PER_EVENT * (float(critical(level, np.inf)) + _quantile(power)) ** 2 / log_ratio**2


def patients_needed(p0: float, p1: float, level: float, power: float) -> float:
    """Return the patients of both arms, of one size, that a trial needs to tell two shares apart.

    As R's ``power.prop.test`` has it.

    >>> round(patients_needed(0.5, 0.75, 0.95, 0.9) / 2, 2)
    76.71
    """
    middle = (p0 + p1) / 2
    pooled = float(critical(level, np.inf)) * math.sqrt(2 * middle * (1 - middle))
    own = _quantile(power) * math.sqrt(p0 * (1 - p0) + p1 * (1 - p1))
    return 2 * ((pooled + own) / (p1 - p0)) ** 2


def _quantile(power: float) -> float:
    return float(critical(2 * power - 1, np.inf)) if power > 0.5 else -float(critical(1 - 2 * power, np.inf))


def information(r: PooledResult, effect: float, power: float, risk: float | None) -> tuple[Information | None, str]:
    """Return the information for a minimal difference on the scale of analysis, or None and why it cannot be told.

    Parameters
    ----------
    r
        A pool of two arms.
    effect
        The minimal difference, in the direction of the pool.
    power
        Of the trial.
    risk
        Of the event without treatment; that of all control arms together when None.
    """
    if r.measure == "HR":
        events = events_of(r.studies)
        known = events is not None and np.isfinite(events).all()
        there = float(events.sum()) if known and events is not None else float((PER_EVENT / r.studies.vi).sum())
        how = "counted" if known else "told from the variances, 4/v, of arms of one size"
        return Information(needed=events_needed(effect, r.level, power), there=there, unit="events", told=how), ""
    if r.record.response is None or r.record.roles is None or "n_t" not in r.studies.roles:
        return None, f"the optimal information size of {r.record.label}s asks for the patients of both arms"
    sizes: Any = r.studies.sizes
    if not np.isfinite(sizes).all():
        return None, "the number of patients is not known of all trials"
    p0 = control_risk(r) if risk is None else risk
    p1 = float(r.record.response(p0, effect))
    if not 0 < p1 < 1:
        return None, f"the minimal difference does not fit a baseline risk of {plain(100 * p0)} %"
    told = f"baseline risk {plain(100 * p0)} %{'' if risk is not None else ', that of all control arms'}"
    needed = patients_needed(p0, p1, r.level, power)
    return Information(needed=needed, there=float(sizes.sum()), unit="patients", told=told), ""
